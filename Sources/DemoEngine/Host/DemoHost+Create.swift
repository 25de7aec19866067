import EngineAPI

extension DemoHost {
    /// The image that a name, or the beginning of an identity, means.
    func findImage(_ reference: String) throws(Refusal) -> Image {
        let bare = reference.hasPrefix("sha256:") ? String(reference.dropFirst(7)) : reference
        let named = images.first { !$0.name.isEmpty && ($0.name == reference || $0.name == reference + ":latest") }
        guard !bare.isEmpty, let image = named ?? images.first(where: { $0.id.dropFirst(7).hasPrefix(bare) }) else {
            throw .notFound("No such image: \(reference)")
        }
        return image
    }

    /// Makes a container as a request describes it. It behaves as those of the same image do.
    /// - Returns: its identity.
    mutating func create(
        _ config: ContainerConfiguration, _ host: HostConfiguration, name: String?
    ) throws(Refusal) -> String {
        let reference = config.image ?? ""
        guard !reference.isEmpty else { throw .bad("Config cannot be empty in order to create a container") }
        let image: Image
        do { image = try findImage(reference) } catch {
            let last = reference.split(separator: "/").last ?? ""
            throw .notFound("No such image: \(reference)\(last.contains(":") || last.contains("@") ? "" : ":latest")")
        }
        if let name { try check(name: name) }
        let network = host.networkMode.flatMap { ["", "default"].contains($0) ? nil : $0 } ?? "bridge"
        guard networks.contains(where: { $0.name == network || $0.id == network }) else {
            throw .notFound("network \(network) not found")
        }
        let kind = (Shop.specs + Shop.fleet).first { $0.image == image.name }
        let name = name ?? madeUpName()
        let command = (config.entrypoint ?? []).filter { !$0.isEmpty } + (config.command ?? kind?.command ?? [])
        let spec = Spec(
            name, image: reference, command: command,
            environment: (kind?.environment.prefix(1) ?? []) + (config.environment ?? []), user: config.user ?? "",
            ports: try ports(host), mounts: try mounts(host), networks: [network],
            memoryLimit: host.memory ?? 0, processors: Double(host.nanoCPUs ?? 0) / 1e9,
            restartPolicy: host.restartPolicy?.name.flatMap { $0.isEmpty ? nil : $0 } ?? "no",
            tty: config.tty ?? false, fate: kind?.fate ?? .runs, beginning: .created, use: kind?.use ?? .init(),
            writing: kind?.writing ?? .logfmt, perSecond: kind.map { 1e9 / Double($0.period) } ?? 1)
        return add(spec, name: name, labels: config.labels ?? [:])
    }

    private func check(name: String) throws(Refusal) {
        let isName =
            name.utf8.count > 1
            && name.utf8.allSatisfy {
                (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
                    || "_.-".utf8.contains($0)
            } && !"_.-".contains(name.first ?? "_")
        guard isName else {
            throw .bad("Invalid container name (\(name)), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed")
        }
        if let owner = try? find("/" + name), owner.name == name {
            throw .conflict(
                "Conflict. The container name \"/\(name)\" is already in use by container \"\(owner.id)\". "
                    + "You have to remove (or rename) that container to be able to reuse that name.")
        }
    }

    private func madeUpName() -> String {
        var random = SplitMix(seed, 0x4E, UInt64(containers.count))
        let left = ["brave", "calm", "eager", "gentle", "happy", "keen", "quiet", "silly", "tender", "wizardly"]
        let right = ["archimedes", "curie", "darwin", "euler", "hopper", "lovelace", "noether", "ritchie", "turing"]
        return "\(left[random.below(left.count)])_\(right[random.below(right.count)])\(containers.count)"
    }

    private func ports(_ host: HostConfiguration) throws(Refusal) -> [Spec.Port] {
        var ports: [Spec.Port] = []
        for (key, bindings) in (host.portBindings ?? [:]).sorted(by: { $0.key < $1.key }) {
            guard let inside = Int(key.prefix { $0 != "/" }), (1...65_535).contains(inside) else {
                throw .bad("invalid port specification: \"\(key)\"")
            }
            let wanted = bindings?.first?.hostPort ?? ""
            if wanted.isEmpty {
                ports.append(.init(inside: inside, outside: 32_768 + containers.count))
            } else if let outside = Int(wanted.prefix { $0 != "-" }), (1...65_535).contains(outside) {
                ports.append(.init(inside: inside, outside: outside))
            } else {
                throw .bad("invalid port specification: \"\(wanted)\"")
            }
        }
        return ports
    }

    private func mounts(_ host: HostConfiguration) throws(Refusal) -> [Spec.Mount] {
        var mounts: [Spec.Mount] = []
        for bind in host.binds ?? [] {
            let parts = bind.split(separator: ":").map(String.init)
            guard parts.count > 1, parts[1].hasPrefix("/") else {
                throw .bad("invalid volume specification: '\(bind)'")
            }
            // What is on the host's disk is nothing that a simulated host has.
            if !parts[0].hasPrefix("/") { mounts.append(.init(volume: parts[0], destination: parts[1])) }
        }
        for mount in host.mounts ?? [] where mount.type == "volume" {
            guard let source = mount.source, !source.isEmpty else { continue }
            mounts.append(.init(volume: source, destination: mount.target))
        }
        return mounts
    }

    /// A port of a new container that one of those that run has already.
    func portConflict(of container: DemoContainer) -> Refusal? {
        guard container.ownLabels != nil else { return nil }
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
