import FoundationEssentials

// Images and containers as tars.
extension Router {
    /// `GET /images/get` and `GET /images/{name}/get`: a small tar that `load` understands.
    static func save(_ names: [String], _ host: inout DemoHost) throws -> DemoReply {
        guard !names.isEmpty else { throw DemoHost.Refusal.bad("no image is named") }
        var entries: [(name: String, file: DemoFile)] = []
        var manifest: [JSON] = []
        func put(_ name: String, _ json: JSON) { entries.append((name, DemoFile(json.bytes, time: host.now))) }
        var images: [(image: DemoImage, tags: [String])] = []
        for name in names.prefix(100) {
            let image = try host.findImage(name)
            // A name brings itself along, an identity all names.
            let reference = DemoReference(name)
            let tags = image.tags.contains(reference.name) ? [reference.name] : []
            if let known = images.firstIndex(where: { $0.image.id == image.id }) {
                images[known].tags += tags
            } else {
                images.append((image, tags))
            }
        }
        for (image, tags) in images {
            let hex = String(image.id.dropFirst(7))
            put("\(hex).json", config(of: image))
            entries.append((hex, .folder(host.now)))
            let layer = DemoTar.entry("etc/demo", "\(image.name)\n".utf8, at: image.created) + DemoTar.end
            entries.append(("\(hex)/layer.tar", DemoFile(layer, time: image.created)))
            manifest.append([
                "Config": .string("\(hex).json"), "RepoTags": tags.isEmpty ? nil : .strings(tags),
                "Layers": [.string("\(hex)/layer.tar")],
            ])
            host.tell("image", "save", actor: image.id, ["name": image.id])
        }
        put("manifest.json", .array(manifest))
        return .stream(TarStream(entries), type: "application/x-tar")
    }

    /// An image's own file, with what the demo needs to make the same one of it again.
    private static func config(of image: DemoImage) -> JSON {
        [
            "architecture": "amd64", "os": "linux", "created": .string(image.created.rfc3339),
            "config": settings(of: image),
            "rootfs": ["type": "layers", "diff_ids": .strings(image.files.map { "sha256:" + $0.digest })],
            "history": .array(
                image.layers.map {
                    [
                        "created": .string($0.created.rfc3339), "created_by": .string($0.instruction),
                        "empty_layer": .bool($0.digest.isEmpty), "demo_size": .int($0.size),
                    ]
                }),
        ]
    }

    static func settings(of image: DemoImage) -> JSON {
        let settings = image.settings
        return [
            "Hostname": "", "User": .string(settings.user), "Env": .strings(settings.environment),
            "Cmd": settings.command.isEmpty ? nil : .strings(settings.command),
            "Entrypoint": settings.entrypoint.isEmpty ? nil : .strings(settings.entrypoint),
            "WorkingDir": .string(settings.directory), "Labels": settings.labels.isEmpty ? nil : .map(settings.labels),
            "ExposedPorts": settings.ports.isEmpty ? nil : .object(settings.ports.map { ($0, [:]) }),
            "Volumes": settings.volumes.isEmpty ? nil : .object(settings.volumes.map { ($0, [:]) }),
        ]
    }

    /// `POST /images/load`.
    static func load(_ request: DemoRequest, _ host: inout DemoHost) throws -> DemoReply {
        guard let tar = request.tar, tar.isTar, !tar.entries.isEmpty else {
            throw DemoHost.Refusal(status: 500, message: "archive/tar: invalid tar header")
        }
        guard let bytes = tar.entry("manifest.json")?.data, let manifest = try? JSON.read(bytes, limit: 1 << 20),
            !manifest.elements.isEmpty
        else {
            throw DemoHost.Refusal(
                status: 500, message: "open /var/lib/docker/tmp/docker-import/repositories: no such file or directory")
        }
        var messages: [PlannedStream.Message] = []
        var images: [DemoImage] = []
        var time: Nanoseconds = 0
        for entry in manifest.elements.prefix(100) {
            let name = entry["Config"]?.text ?? ""
            let hex = name.split(separator: "/").last?.prefix { $0 != "." } ?? ""
            guard hex.utf8.count == 64 else {
                throw DemoHost.Refusal(status: 500, message: "invalid image: no identity")
            }
            let config = tar.entry(TarScanner.plain(name))?.data.flatMap { try? JSON.read($0, limit: 1 << 20) }
            images.append(image(String(hex), entry, config ?? .object([]), tar, host))
            for layer in 0..<min(3, max(1, entry["Layers"]?.elements.count ?? 1)) {
                let id = String(hex.dropFirst(layer * 12).prefix(12))
                for step in 1...4 {
                    time += 60 * .millisecond
                    let total = max(4, tar.total / 3)
                    messages.append(
                        .init(at: time, json: ProgressJSON.layer("Loading layer", id, total * step / 4, of: total)))
                }
            }
        }
        if request.flag("quiet") { messages = [] }
        let loaded = images
        return .stream(
            PlannedStream(messages, start: host.now) { host in
                do {
                    var told: [JSON] = []
                    for image in loaded {
                        try host.add(image)
                        host.tell("image", "load", actor: image.id, ["name": image.tags.first ?? image.id])
                        told += image.tags.map { ProgressJSON.output("Loaded image: \($0)\n") }
                        if image.tags.isEmpty { told.append(ProgressJSON.output("Loaded image ID: \(image.id)\n")) }
                    }
                    return told
                } catch { return [ProgressJSON.error((error as? DemoHost.Refusal)?.message ?? "\(error)")] }
            }, type: "application/json")
    }

    private static func image(
        _ hex: String, _ entry: JSON, _ config: JSON, _ tar: TarScanner, _ host: DemoHost
    ) -> DemoImage {
        var settings = DemoImage.Settings()
        let own = config["config"] ?? .object([])
        settings.command = own["Cmd"]?.texts ?? []
        settings.entrypoint = own["Entrypoint"]?.texts ?? []
        settings.environment = own["Env"]?.texts ?? []
        settings.user = own["User"]?.text ?? ""
        settings.directory = own["WorkingDir"]?.text ?? ""
        settings.labels = own["Labels"]?.textMap ?? [:]
        settings.ports = own["ExposedPorts"]?.members.map(\.0) ?? []
        var digests = (config["rootfs"]?["diff_ids"]?.texts ?? [])[...]
        let history = config["history"]?.elements.prefix(200) ?? []
        let share = tar.contents / max(1, digests.count)
        let layers = history.map { step -> DemoImage.Layer in
            let isEmpty = step["empty_layer"]?.isTrue ?? false
            return .init(
                digest: isEmpty ? "" : String(digests.popFirst()?.dropFirst(7) ?? ""),
                instruction: step["created_by"]?.text ?? "",
                size: step["demo_size"]?.number.map { max(0, min($0, 1 << 40)) } ?? (isEmpty ? 0 : share),
                created: host.now)
        }
        let whole = DemoImage.Layer(digest: hex, instruction: "loaded", size: tar.contents, created: host.now)
        return DemoImage(
            id: "sha256:" + hex, tags: (entry["RepoTags"]?.texts ?? []).map { DemoReference($0).name },
            layers: layers.isEmpty ? [whole] : layers,
            created: config["created"]?.text.flatMap { Nanoseconds(rfc3339: $0) } ?? host.now, settings: settings)
    }

    /// `POST /images/create?fromSrc=-`.
    static func importImage(_ request: DemoRequest, _ host: inout DemoHost) throws -> DemoReply {
        guard request["fromSrc"] == "-" else {
            throw DemoHost.Refusal(
                status: 500, message: "the demo takes no image from an address: it has no way out")
        }
        guard let tar = request.tar, tar.total > 0, tar.isTar else {
            throw DemoHost.Refusal(status: 500, message: "archive/tar: invalid tar header")
        }
        var reference: DemoReference?
        if let repository = request["repo"], !repository.isEmpty {
            var named = DemoReference(repository)
            if let tag = request["tag"], !tag.isEmpty { named.tag = tag }
            guard named.isValid else { throw DemoHost.Refusal.bad("invalid reference format") }
            reference = named
        }
        var settings = DemoImage.Settings()
        for change in request.values("changes") { try settings.change(by: change) }
        let id = host.newImageID(UInt64(tar.total))
        let comment = request["message"] ?? "Imported from -"
        var random = SplitMix(DemoImage.number(id))
        var image = DemoImage(
            id: id, tags: reference.map { [$0.name] } ?? [],
            layers: [
                .init(
                    digest: random.hex(64), instruction: "", size: max(1, tar.contents), created: host.now,
                    comment: comment)
            ],
            created: host.now, settings: settings)
        image.comment = comment
        try host.add(image)
        host.tell("image", "import", actor: id, ["name": reference?.name ?? id])
        return .stream(
            PlannedStream([], start: host.now) { _ in [ProgressJSON.status(id)] }, type: "application/json")
    }

    /// `GET /containers/{id}/export`.
    static func export(_ reference: String, _ host: inout DemoHost) throws -> DemoReply {
        let container = try host.find(reference)
        let files = host.files(of: container)
        host.tell("export", container.index)
        let entries = files.keys.sorted().filter { !$0.isEmpty }.map { (String($0.dropFirst()), files[$0]!) }
        return .stream(TarStream(entries), type: "application/octet-stream")
    }
}
