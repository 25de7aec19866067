extension Router {
    static func volumes(_ request: DemoRequest, _ host: DemoHost) throws -> DemoReply {
        let filters = try request.filters(allowing: ["dangling", "driver", "label", "name"])
        var used: Set<String> = []
        for case let container? in host.containers { used.formUnion(host.mounts(of: container).map(\.volume)) }
        let list = host.volumes.filter { volume in
            filters.allSatisfy { name, values in
                switch name {
                case "name": values.contains { volume.name.contains($0) }
                case "driver": values.contains("local")
                case "dangling": used.contains(volume.name) == ["0", "false"].contains(values[0])
                case "label": values.allSatisfy { matches(labels(of: volume), label: $0) }
                default: true
                }
            }
        }
        return .json(["Volumes": .array(list.map(json)), "Warnings": nil])
    }

    static func mountpoint(_ volume: String) -> String { "/var/lib/docker/volumes/\(volume)/_data" }

    private static func labels(of volume: DemoHost.Volume) -> [String: String] {
        guard volume.name.hasPrefix("shop_") else { return ["com.docker.volume.anonymous": ""] }
        return [
            "com.docker.compose.project": Shop.project, "com.docker.compose.volume": String(volume.name.dropFirst(5)),
        ]
    }

    private static func json(_ volume: DemoHost.Volume) -> JSON {
        [
            "CreatedAt": .string(volume.created.rfc3339), "Driver": "local", "Labels": .map(labels(of: volume)),
            "Mountpoint": .string(mountpoint(volume.name)), "Name": .string(volume.name), "Options": nil,
            "Scope": "local",
        ]
    }

    static func inspectVolume(_ name: String, _ host: DemoHost) throws -> DemoReply {
        guard let volume = host.volumes.first(where: { $0.name == name }) else {
            throw DemoHost.Refusal.notFound("get \(name): no such volume")
        }
        return .json(json(volume))
    }
}
