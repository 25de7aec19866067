extension Router {
    /// `POST /images/create`: from a registry, or from a tar.
    static func createImage(_ request: DemoRequest, _ host: inout DemoHost) throws -> DemoReply {
        if let source = request["fromSrc"], !source.isEmpty { return try importImage(request, &host) }
        guard let name = request["fromImage"], !name.isEmpty else {
            throw DemoHost.Refusal.bad("invalid reference format: no image is named")
        }
        return .stream(try pull(name, tag: request["tag"] ?? "", host), type: "application/json")
    }

    static func pull(_ name: String, tag: String, _ host: DemoHost) throws -> PlannedStream {
        var reference = DemoReference(name)
        if tag.hasPrefix("sha256:") { reference.digest = tag } else if !tag.isEmpty { reference.tag = tag }
        guard reference.isValid else { throw DemoHost.Refusal.bad("invalid reference format") }
        let repository = try DemoRegistry.find(reference)
        let image = DemoRegistry.image(reference, repository, seed: host.seed, epoch: host.epoch)
        let plan = pulling(image, reference, host)
        let (name, repositoryName) = (reference.name, reference.repository)
        return PlannedStream(plan.messages, start: host.now) { host in
            // A digest that was asked for is what it is known by.
            do throws(DemoHost.Refusal) { try host.add(image) } catch { return [ProgressJSON.error(error.message)] }
            host.tell("image", "pull", actor: name, ["name": repositoryName])
            return [
                ProgressJSON.status("Digest: \(image.digests.first?.split(separator: "@").last ?? "")"),
                ProgressJSON.status(
                    "Status: \(plan.isNew ? "Downloaded newer image" : "Image is up to date") for \(name)"),
            ]
        }
    }

    /// What is told of an image that is brought, layer by layer, over some seconds.
    static func pulling(
        _ image: DemoImage, _ reference: DemoReference, _ host: DemoHost
    ) -> (messages: [PlannedStream.Message], time: Nanoseconds, isNew: Bool) {
        var messages: [PlannedStream.Message] = []
        func say(_ at: Nanoseconds, _ json: JSON) { messages.append(.init(at: at, json: json)) }
        let shown = reference.registry == "docker.io" && !reference.repository.contains("/") ? "library/" : ""
        let tag = reference.tag.isEmpty ? "latest" : reference.tag
        var time: Nanoseconds = 150 * .millisecond
        say(time, ProgressJSON.status("Pulling from \(shown)\(reference.repository)", id: tag))
        let isNew = host.images.first { $0.id == image.id }.map { !$0.tags.contains(reference.name) } ?? true
        guard host.images.allSatisfy({ $0.id != image.id }) else { return (messages, time, isNew) }
        let known = Set(host.images.flatMap { $0.files.map(\.digest) })
        let layers = image.files.map {
            (id: String($0.digest.prefix(12)), size: max(1, $0.size / 2), isKnown: known.contains($0.digest))
        }
        for layer in layers {
            say(time, ProgressJSON.layer(layer.isKnown ? "Already exists" : "Pulling fs layer", layer.id))
        }
        // Three at a time come down; they are unpacked one after the other.
        var random = SplitMix(host.seed, DemoImage.number(image.id))
        var lanes = [Nanoseconds](repeating: time + 200 * .millisecond, count: 3)
        var arrived: [Nanoseconds] = []
        for (number, layer) in layers.enumerated() where !layer.isKnown {
            if number >= lanes.count { say(time, ProgressJSON.layer("Waiting", layer.id)) }
            let lane = lanes.indices.min { lanes[$0] < lanes[$1] } ?? 0
            let lasts =
                (300 + Nanoseconds(min(layer.size / 100_000, 1400)) + Nanoseconds(random.below(300))) * .millisecond
            for step in 1...8 {
                say(
                    lanes[lane] + lasts * Nanoseconds(step) / 9,
                    ProgressJSON.layer("Downloading", layer.id, layer.size * step / 9, of: layer.size))
            }
            lanes[lane] += lasts
            say(lanes[lane], ProgressJSON.layer("Verifying Checksum", layer.id))
            say(lanes[lane] + 10 * .millisecond, ProgressJSON.layer("Download complete", layer.id))
            arrived.append(lanes[lane] + 10 * .millisecond)
        }
        for (layer, arrival) in zip(layers.filter { !$0.isKnown }, arrived) {
            time = max(time, arrival)
            let lasts = (60 + Nanoseconds(min(layer.size / 400_000, 400))) * .millisecond
            for step in 1...4 {
                say(
                    time + lasts * Nanoseconds(step) / 5,
                    ProgressJSON.layer("Extracting", layer.id, layer.size * step / 4, of: layer.size))
            }
            time += lasts
            say(time, ProgressJSON.layer("Pull complete", layer.id))
        }
        let order = messages.enumerated().sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }
        return (order.map(\.element), time, isNew)
    }

    /// `POST /images/{name}/push`.
    static func push(_ name: String, _ request: DemoRequest, _ host: DemoHost) throws -> DemoReply {
        var reference = DemoReference(name)
        if let tag = request["tag"], !tag.isEmpty { reference.tag = tag }
        let wanted = reference
        guard let image = host.images.first(where: { $0.tags.contains(wanted.name) }) else {
            throw DemoHost.Refusal.notFound("An image does not exist locally with the tag: \(reference.repository)")
        }
        var messages: [PlannedStream.Message] = []
        func say(_ at: Nanoseconds, _ json: JSON) { messages.append(.init(at: at, json: json)) }
        let host_ = reference.registry
        let shown = host_ == "docker.io" ? "docker.io/\(reference.repository.contains("/") ? "" : "library/")" : ""
        say(0, ProgressJSON.status("The push refers to repository [\(shown)\(reference.repository)]"))
        guard [DemoRegistry.shop, "docker.io"].contains(host_) else {
            let words = DemoRegistry.unreachable(host_).message
            return .stream(
                PlannedStream(messages, start: host.now) { _ in [ProgressJSON.error(words)] },
                type: "application/json")
        }
        let layers = image.files.reversed().map { (id: String($0.digest.prefix(12)), size: max(1, $0.size)) }
        for layer in layers { say(100 * .millisecond, ProgressJSON.layer("Preparing", layer.id)) }
        guard host_ == DemoRegistry.shop else {
            return .stream(
                PlannedStream(messages, start: host.now) { _ in
                    [ProgressJSON.error("denied: requested access to the resource is denied")]
                }, type: "application/json")
        }
        var time: Nanoseconds = 200 * .millisecond
        for layer in layers {
            let lasts = (200 + Nanoseconds(min(layer.size / 300_000, 700))) * .millisecond
            for step in 1...6 {
                say(
                    time + lasts * Nanoseconds(step) / 7,
                    ProgressJSON.layer("Pushing", layer.id, layer.size * step / 6, of: layer.size))
            }
            time += lasts
            say(time, ProgressJSON.layer("Pushed", layer.id))
        }
        let digest = "sha256:" + String(image.id.dropFirst(7).reversed())
        let id = image.id
        return .stream(
            PlannedStream(messages, start: host.now) { host in
                if let index = host.images.firstIndex(where: { $0.id == id }) {
                    let known = "\(wanted.repository)@\(digest)"
                    if !host.images[index].digests.contains(known) { host.images[index].digests.append(known) }
                }
                host.tell("image", "push", actor: wanted.name, ["name": wanted.repository])
                let size = 500 + 180 * layers.count
                return [
                    ProgressJSON.status(
                        "\(wanted.tag.isEmpty ? "latest" : wanted.tag): digest: \(digest) size: \(size)"),
                    [
                        "progressDetail": [:],
                        "aux": [
                            "Tag": .string(wanted.tag.isEmpty ? "latest" : wanted.tag), "Digest": .string(digest),
                            "Size": .int(size),
                        ],
                    ],
                ]
            }, type: "application/json")
    }

    /// `GET /images/search`.
    static func search(_ request: DemoRequest) throws -> DemoReply {
        guard let term = request["term"]?.lowercased(), !term.isEmpty else {
            throw DemoHost.Refusal.bad("Search term is required")
        }
        let filters = try request.filters(allowing: ["is-automated", "is-official", "stars"])
        let limit = try request.number("limit").flatMap { $0 > 0 ? min($0, 100) : nil } ?? 25
        let found = DemoRegistry.hub.filter { repository in
            (repository.name.contains(term) || repository.about.lowercased().contains(term))
                && filters["stars"]?.first.flatMap { Int($0) }.map { repository.stars >= $0 } ?? true
                && filters["is-official"]?.first.map { repository.isOfficial == ($0 == "true") } ?? true
                && filters["is-automated"]?.first.map { $0 != "true" } ?? true
        }
        let order = found.sorted { ($0.name == term ? 1 : 0, $0.stars) > ($1.name == term ? 1 : 0, $1.stars) }
        return .json(
            .array(
                order.prefix(limit).map {
                    [
                        "star_count": .int($0.stars), "is_official": .bool($0.isOfficial), "name": .string($0.name),
                        "is_automated": false, "description": .string($0.about),
                    ]
                }))
    }

    /// `POST /auth`: any password but an empty one and `wrong`.
    static func login(_ request: DemoRequest) throws -> DemoReply {
        let body = try JSON.read(request.body)
        let server = body["serveraddress"]?.text.flatMap { $0.isEmpty ? nil : $0 } ?? "https://index.docker.io/v1/"
        let isToken = body["identitytoken"]?.text?.isEmpty == false
        let password = body["password"]?.text ?? ""
        guard isToken || !password.isEmpty && password != "wrong" else {
            let bare = server.replacing("https://", with: "").split(separator: "/").first ?? ""
            throw DemoHost.Refusal(
                status: 401, message: "Get \"https://\(bare)/v2/\": unauthorized: incorrect username or password")
        }
        return .json(["Status": "Login Succeeded", "IdentityToken": ""])
    }
}
