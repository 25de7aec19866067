import EngineAPI

// Containers that are made by a request.
extension DemoHost {
    /// Containers at most that requests may make.
    static let containersKept = 120_000

    /// Makes a container as a request describes it. It behaves as those of the same image do, or as its command says.
    /// - Returns: its identity.
    mutating func create(_ request: JSON, name: String?) throws(Refusal) -> String {
        let wanted = Creation(request)
        guard !wanted.image.isEmpty else { throw .bad("Config cannot be empty in order to create a container") }
        guard let image = image(wanted.image) else {
            throw .notFound("No such image: \(DemoReference(wanted.image).name)")
        }
        if let name { try check(name: name) }
        guard containers.count < Self.containersKept else {
            throw Refusal(status: 500, message: "no space left on device: the demo has made enough containers")
        }
        let networks = try networks(of: wanted)
        let mounts = try Creation.mounts(wanted.host)
        let kind = (Shop.specs + Shop.fleet).first { $0.image == image.name && wanted.says("Cmd", "Entrypoint") == nil }
        let name = name ?? madeUpName()
        let index = containers.count
        var random = SplitMix(seed, 0xC1, UInt64(index))
        let id = random.hex(64)
        let own = random.next()
        let command = wanted.command(image.settings)
        guard !command.isEmpty else { throw .bad("no command specified") }
        let environment = wanted.environment(image.settings)
        let isTTY = wanted.config["Tty"]?.isTrue ?? false
        let readsInput = wanted.config["OpenStdin"]?.isTrue ?? false
        let labels = image.settings.labels.merging(wanted.config["Labels"]?.textMap ?? [:]) { $1 }
        let spec = Spec(
            name, image: wanted.image, command: command, environment: environment,
            user: wanted.says("User")?.text ?? image.settings.user,
            ports: try wanted.ports(image.settings, free: 32_768 + index), mounts: mounts.volumes,
            networks: networks.names,
            memoryLimit: wanted.host["Memory"]?.number ?? 0,
            processors: Double(wanted.host["NanoCpus"]?.number ?? 0) / 1e9,
            restartPolicy: wanted.host["RestartPolicy"]?["Name"]?.text.flatMap { $0.isEmpty ? nil : $0 } ?? "no",
            tty: isTTY, health: wanted.healthPlan, fate: kind?.fate ?? .runs, beginning: .created,
            use: kind?.use ?? .init(), writing: kind?.writing ?? .words(first: [], again: []),
            perSecond: kind.map { 1e9 / Double($0.period) } ?? 1)
        let anonymous = mounts.volumes.contains { $0.volume == nil } ? random.hex(64) : nil
        let made = Own(
            labels: labels, config: wanted.config, host: wanted.host, binds: mounts.binds,
            removesItself: wanted.host["AutoRemove"]?.isTrue ?? false,
            retries: wanted.host["RestartPolicy"]?["MaximumRetryCount"]?.number ?? 0, readsInput: readsInput)
        var container = DemoContainer(
            index: index, id: id, name: name, spec: spec, imageID: image.id, seed: own, created: now,
            anonymousVolume: anonymous, own: made)
        container.endpoints = networks.endpoints
        addVolumes(of: spec, anonymous)
        fillVolumes(of: container)
        byID[id] = index
        byName[name] = index
        containers.append(container)
        if kind == nil { behave(index) }
        tell("create", index)
        return id
    }

    /// The volumes that come with a container.
    private mutating func addVolumes(of spec: Spec, _ anonymous: String?) {
        for volume in spec.mounts.compactMap(\.volume) where !volumes.contains(where: { $0.name == volume }) {
            volumes.append(Volume(name: volume, created: now))
            tell("volume", "create", actor: volume, ["driver": "local"])
        }
        guard let anonymous else { return }
        volumes.append(Volume(name: anonymous, created: now, labels: ["com.docker.volume.anonymous": ""]))
        tell("volume", "create", actor: anonymous, ["driver": "local"])
    }

    /// What an image has where an empty volume is mounted goes into it.
    private mutating func fillVolumes(of container: DemoContainer) {
        for mount in container.spec.mounts where mount.copies {
            guard let name = mount.volume ?? container.anonymousVolume,
                let index = volumes.firstIndex(where: { $0.name == name }), isEmpty(volumes[index])
            else { continue }
            volumes[index].first = Content(image: container.spec.image, place: mount.destination)
        }
    }

    private func networks(of wanted: Creation) throws(Refusal) -> (names: [String], endpoints: [String: DemoEndpoint]) {
        var names: [String] = []
        let mode = wanted.host["NetworkMode"]?.text.flatMap { ["", "default"].contains($0) ? nil : $0 } ?? "bridge"
        if mode.hasPrefix("container:") {
            _ = try find(String(mode.dropFirst(10)))
        } else {
            guard let network = network(mode) else { throw .notFound("network \(mode) not found") }
            names.append(network.name)
        }
        var endpoints: [String: DemoEndpoint] = [:]
        for (reference, endpoint) in wanted.endpoints {
            // `default` is the client's word for the network that the mode names.
            guard let network = network(reference == "default" ? mode : reference) else {
                throw .notFound("network \(reference) not found")
            }
            if !names.contains(network.name) { names.append(network.name) }
            endpoints[network.name] = DemoEndpoint(endpoint)
        }
        return (names, endpoints)
    }

    func check(name: String) throws(Refusal) {
        guard name.utf8.count > 1, Self.isName(name) else {
            throw .bad("Invalid container name (\(name)), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed")
        }
        if let owner = try? find("/" + name), owner.name == name {
            throw .conflict(
                "Conflict. The container name \"/\(name)\" is already in use by container \"\(owner.id)\". "
                    + "You have to remove (or rename) that container to be able to reuse that name.")
        }
    }

    /// Whether it is a name of containers, volumes and networks.
    static func isName(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.count <= 255
            && name.utf8.allSatisfy {
                (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
                    || "_.-".utf8.contains($0)
            } && !"_.-".contains(name.first ?? "_")
    }

    private func madeUpName() -> String {
        var random = SplitMix(seed, 0x4E, UInt64(containers.count))
        let left = ["brave", "calm", "eager", "gentle", "happy", "keen", "quiet", "silly", "tender", "wizardly"]
        let right = ["archimedes", "curie", "darwin", "euler", "hopper", "lovelace", "noether", "ritchie", "turing"]
        return "\(left[random.below(left.count)])_\(right[random.below(right.count)])\(containers.count)"
    }

    /// A port of a new container that one of those that run has already.
    func portConflict(of container: DemoContainer) -> Refusal? {
        guard container.own != nil else { return nil }
        let wanted = Set(container.spec.ports.compactMap(\.outside))
        for case let other? in containers where other.isRunning && other.id != container.id && other.publishes {
            guard let port = other.spec.ports.compactMap(\.outside).first(where: wanted.contains) else { continue }
            return Refusal(
                status: 500,
                message: "driver failed programming external connectivity on endpoint \(container.name) "
                    + "(\(container.id)): Bind for 0.0.0.0:\(port) failed: port is already allocated")
        }
        return nil
    }
}
