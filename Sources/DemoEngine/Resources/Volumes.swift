extension Router {
    static func volumes(_ request: DemoRequest, _ host: DemoHost) throws -> DemoReply {
        let filters = try request.filters(allowing: ["dangling", "driver", "label", "name"])
        let used = host.volumeUsers
        let list = host.volumes.filter { volume in
            filters.allSatisfy { name, values in
                switch name {
                case "name": values.contains { volume.name.contains($0) }
                case "driver": values.contains("local")
                case "dangling": (used[volume.name] != nil) == ["0", "false"].contains(values[0])
                case "label": values.allSatisfy { matches(volume.labels, label: $0) }
                default: true
                }
            }
        }
        return .json(["Volumes": .array(list.map(json)), "Warnings": nil])
    }

    static func mountpoint(_ volume: String) -> String { "/var/lib/docker/volumes/\(volume)/_data" }

    static func json(_ volume: DemoHost.Volume) -> JSON {
        [
            "CreatedAt": .string(volume.created.rfc3339), "Driver": "local", "Labels": .map(volume.labels),
            "Mountpoint": .string(mountpoint(volume.name)), "Name": .string(volume.name),
            "Options": volume.options.isEmpty ? nil : .map(volume.options),
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
