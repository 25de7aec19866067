extension Router {
    static func images(_ request: DemoRequest, _ host: DemoHost) throws -> DemoReply {
        let filters = try request.filters(allowing: ["before", "dangling", "label", "reference", "since", "until"])
        var list = host.images
        if let dangling = filters["dangling"]?.first {
            list = list.filter { $0.name.isEmpty == !["0", "false"].contains(dangling) }
        }
        if let references = filters["reference"] {
            list = list.filter { image in
                references.contains { image.name == $0 || image.name.hasPrefix($0 + ":") }
            }
        }
        var used: [String: Int] = [:]
        for case let container? in host.containers { used[container.spec.image, default: 0] += 1 }
        return .json(
            .array(
                list.map { image in
                    [
                        "Id": .string(image.id), "ParentId": "",
                        "RepoTags": image.name.isEmpty ? [] : [.string(image.name)], "RepoDigests": digests(of: image),
                        "Created": .int(Int(image.created / .second)), "Size": .int(image.size), "SharedSize": -1,
                        "Labels": nil, "Containers": .int(used[image.name] ?? 0),
                    ]
                }))
    }

    private static func digests(of image: DemoHost.Image) -> JSON {
        guard let repository = repository(image.name) else { return [] }
        // A digest of its own: the same bytes under another hash.
        return [.string("\(repository)@sha256:\(String(image.id.dropFirst(7).reversed()))")]
    }

    private static func repository(_ name: String) -> String? {
        guard let colon = name.lastIndex(of: ":") else { return nil }
        return String(name[..<colon])
    }

    static func inspectImage(_ reference: String, _ host: DemoHost) throws -> DemoReply {
        let image = try host.findImage(reference)
        let spec = Shop.specs.first { $0.image == image.name }
        return .json([
            "Id": .string(image.id), "RepoTags": image.name.isEmpty ? [] : [.string(image.name)],
            "RepoDigests": digests(of: image), "Parent": "", "Comment": "buildkit.dockerfile.v0",
            "Created": .string(image.created.rfc3339), "DockerVersion": "", "Author": "",
            "Config": [
                "User": .string(spec?.user ?? ""), "Env": .strings(spec?.environment.prefix(1) ?? []),
                "Cmd": .strings(spec?.command ?? []), "WorkingDir": "/app", "Entrypoint": nil, "Labels": nil,
            ],
            "Architecture": "amd64", "Os": "linux", "Size": .int(image.size),
            "GraphDriver": ["Name": "overlay2", "Data": [:]],
            "RootFS": ["Type": "layers", "Layers": [.string(image.id)]],
            "Metadata": ["LastTagTime": .string(image.created.rfc3339)],
        ])
    }
}
