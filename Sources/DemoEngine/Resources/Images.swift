extension Router {
    static func images(_ request: DemoRequest, _ host: DemoHost) throws -> DemoReply {
        let filters = try request.filters(allowing: ["before", "dangling", "label", "reference", "since", "until"])
        var list = host.images
        if let dangling = filters["dangling"]?.first {
            list = list.filter { $0.tags.isEmpty == !["0", "false"].contains(dangling) }
        }
        if let references = filters["reference"] {
            list = list.filter { image in
                references.contains { wanted in
                    image.tags.contains { $0 == wanted || $0.hasPrefix(wanted + ":") || Self.fits($0, wanted) }
                }
            }
        }
        if let labels = filters["label"] {
            list = list.filter { image in labels.allSatisfy { matches(image.settings.labels, label: $0) } }
        }
        if let before = filters["before"]?.first {
            let moment = try host.findImage(before).created
            list = list.filter { $0.created < moment }
        }
        if let since = filters["since"]?.first {
            let moment = try host.findImage(since).created
            list = list.filter { $0.created > moment }
        }
        var used: [String: Int] = [:]
        for case let container? in host.containers { used[container.imageID, default: 0] += 1 }
        return .json(.array(list.map { summary(of: $0, containers: used[$0.id] ?? 0, shared: -1) }))
    }

    /// `shop/*` for a part of a name.
    private static func fits(_ name: String, _ pattern: String) -> Bool {
        guard let star = pattern.firstIndex(of: "*") else { return false }
        return name.hasPrefix(pattern[..<star]) && name.hasSuffix(pattern[pattern.index(after: star)...])
    }

    static func summary(of image: DemoImage, containers: Int, shared: Int) -> JSON {
        [
            "Id": .string(image.id), "ParentId": .string(image.parent), "RepoTags": .strings(image.tags),
            "RepoDigests": .strings(image.digests), "Created": .int(Int(image.created / .second)),
            "Size": .int(image.size), "SharedSize": .int(shared),
            "Labels": image.settings.labels.isEmpty ? nil : .map(image.settings.labels),
            "Containers": .int(containers),
        ]
    }

    static func inspectImage(_ reference: String, _ host: DemoHost) throws -> DemoReply {
        let image = try host.findImage(reference)
        return .json([
            "Id": .string(image.id), "RepoTags": .strings(image.tags), "RepoDigests": .strings(image.digests),
            "Parent": .string(image.parent), "Comment": .string(image.comment),
            "Created": .string(image.created.rfc3339), "DockerVersion": "", "Author": .string(image.author),
            "Config": settings(of: image), "Architecture": "amd64", "Os": "linux", "Size": .int(image.size),
            "GraphDriver": ["Name": "overlay2", "Data": [:]],
            "RootFS": ["Type": "layers", "Layers": .strings(image.files.map { "sha256:" + $0.digest })],
            "Metadata": ["LastTagTime": .string(image.tagged.rfc3339)],
        ])
    }

    /// `GET /images/{name}/history`: the newest layer first.
    static func history(_ reference: String, _ host: DemoHost) throws -> DemoReply {
        let image = try host.findImage(reference)
        return .json(
            .array(
                image.layers.enumerated().reversed().map { number, layer in
                    let isTop = number == image.layers.count - 1
                    let known = isTop ? image.id : layer.image.isEmpty ? "<missing>" : layer.image
                    return [
                        "Id": .string(known), "Created": .int(Int(layer.created / .second)),
                        "CreatedBy": .string(layer.instruction),
                        "Tags": isTop && !image.tags.isEmpty ? .strings(image.tags) : nil, "Size": .int(layer.size),
                        "Comment": .string(layer.comment),
                    ]
                }))
    }

    /// `POST /images/{name}/tag`.
    static func tag(_ reference: String, _ request: DemoRequest, _ host: inout DemoHost) throws -> DemoReply {
        var name = DemoReference(request["repo"] ?? "")
        if let tag = request["tag"], !tag.isEmpty { name.tag = tag }
        try host.tag(reference, as: name)
        return .status(201)
    }

    /// `POST /commit`.
    static func commit(_ request: DemoRequest, _ host: inout DemoHost) throws -> DemoReply {
        guard let container = request["container"], !container.isEmpty else {
            throw DemoHost.Refusal.notFound("No such container: ")
        }
        var name: DemoReference?
        if let repository = request["repo"], !repository.isEmpty {
            var wanted = DemoReference(repository)
            if let tag = request["tag"], !tag.isEmpty { wanted.tag = tag }
            name = wanted
        }
        let id = try host.commit(
            container, as: name, comment: request["comment"] ?? "", author: request["author"] ?? "",
            config: try JSON.read(request.body), changes: request.values("changes"))
        return .made(["Id": .string(id)])
    }
}
