// What nobody uses, removed; and how much of the disk what there is takes.
extension Router {
    /// `POST /{kind}/prune`.
    static func prune(_ kind: String, _ request: DemoRequest, _ host: inout DemoHost) throws -> DemoReply {
        let filters = try request.filters(allowing: ["all", "dangling", "label", "label!", "until", "unused-for", "id"])
        var filter = DemoHost.PruneFilter(labels: filters["label"] ?? [], labelsNot: filters["label!"] ?? [])
        if let until = filters["until"]?.first { filter.until = try moment(until, host) }
        func isSet(_ name: String) -> Bool? { filters[name]?.first.map { !["0", "false"].contains($0) } }
        switch kind {
        case "containers":
            let gone = host.pruneContainers(filter)
            return .json(["ContainersDeleted": .strings(gone.ids), "SpaceReclaimed": .int(gone.bytes)])
        case "images":
            let gone = host.pruneImages(filter, all: isSet("dangling") == false)
            return .json([
                "ImagesDeleted": gone.done.isEmpty ? nil : removed(gone.done), "SpaceReclaimed": .int(gone.bytes),
            ])
        case "volumes":
            // Before 1.42 those with a name went as well.
            let isOld = request.version.map { $0 < .init(1, 42) } ?? false
            let gone = host.pruneVolumes(filter, all: isSet("all") ?? isOld)
            return .json(["VolumesDeleted": .strings(gone.names), "SpaceReclaimed": .int(gone.bytes)])
        case "networks": return .json(["NetworksDeleted": .strings(host.pruneNetworks(filter))])
        default:
            let gone = host.pruneBuildCache(id: filters["id"]?.first)
            return .json(["CachesDeleted": .strings(gone.ids), "SpaceReclaimed": .int(gone.bytes)])
        }
    }

    /// `24h`, or seconds since 1970.
    private static func moment(_ text: String, _ host: DemoHost) throws -> Nanoseconds {
        if let time = Nanoseconds(timestamp: text) { return time }
        let units: [Character: Nanoseconds] = ["s": .second, "m": .minute, "h": .hour]
        guard let unit = text.last.flatMap({ units[$0] }), let count = Int64(text.dropLast()), count < 1_000_000 else {
            throw DemoHost.Refusal.bad("invalid filter 'until=\(text)'")
        }
        return host.now - count * unit
    }

    static func removed(_ done: [(String, String)]) -> JSON { .array(done.map { .object([($0.0, .string($0.1))]) }) }

    /// `GET /system/df`.
    static func diskUse(_ request: DemoRequest, _ host: DemoHost) -> DemoReply {
        let kinds = Set(request.values("type"))
        func wants(_ kind: String) -> Bool { kinds.isEmpty || kinds.contains(kind) }
        var members: [(String, JSON)] = []
        if wants("image") {
            let users = host.layerUsers
            var used: [String: Int] = [:]
            for case let container? in host.containers { used[container.imageID, default: 0] += 1 }
            members.append(("LayersSize", .int(host.layerBytes)))
            members.append(
                (
                    "Images",
                    .array(
                        host.images.map { image in
                            summary(
                                of: image, containers: used[image.id] ?? 0, shared: host.sharedBytes(of: image, users))
                        })
                ))
        }
        if wants("container") {
            members.append(("Containers", .array(host.containers.compactMap { $0 }.map { sized($0, host) })))
        }
        if wants("volume") {
            let users = host.volumeUsers
            members.append(
                (
                    "Volumes",
                    .array(
                        host.volumes.map { volume in
                            json(volume).merged(with: [
                                "UsageData": [
                                    "Size": .int(host.size(of: volume)), "RefCount": .int(users[volume.name] ?? 0),
                                ]
                            ])
                        })
                ))
        }
        if wants("build-cache") {
            let share = host.buildCacheBytes / max(1, host.buildCache.count)
            members.append(
                (
                    "BuildCache",
                    .array(
                        host.buildCache.keys.sorted().map { key in
                            [
                                "ID": .string(String(key, radix: 16)), "Type": "regular",
                                "Description": "a step of a build",
                                "InUse": false, "Shared": false, "Size": .int(share),
                                "CreatedAt": .string(host.epoch.rfc3339), "LastUsedAt": .string(host.now.rfc3339),
                                "UsageCount": 1,
                            ]
                        })
                ))
        }
        return .json(.object(members))
    }

    /// A container's row with the sizes that a list has only when it is asked for them.
    static func sized(_ container: DemoContainer, _ host: DemoHost) -> JSON {
        let written = host.sizeWritten(by: container)
        return summary(of: container, host).merged(with: [
            "SizeRw": .int(written), "SizeRootFs": .int(written + (host.image(of: container)?.size ?? 0)),
        ])
    }
}
