import EngineAPI

extension RunSpec {
    /// What another container was made of, without what its image gives it anyway.
    init(_ origin: ContainerOrigin, image: ContainerConfiguration) {
        let config = origin.configuration
        let host = origin.host
        self.image = config.image ?? origin.imageID
        let (entrypoint, command) = (config.entrypoint ?? [], config.command ?? [])
        if entrypoint != image.entrypoint ?? [] {
            // The command line has one word for the entry point: its arguments come before the command's.
            self.entrypoint = entrypoint.first ?? ""
            self.command = entrypoint.dropFirst() + command
        } else if command != image.command ?? [] {
            self.command = command
        }
        user = config.user == image.user ? "" : config.user ?? ""
        workdir = config.workingDirectory == image.workingDirectory ? "" : config.workingDirectory ?? ""
        let known = Set(image.environment ?? [])
        environment = (config.environment ?? []).filter { !known.contains($0) }
        // Labels of compose would make compose believe that the new one is its own.
        labels = (config.labels ?? [:])
            .filter { image.labels?[$0.key] != $0.value && !$0.key.hasPrefix("com.docker.compose.") }
            .map { $0.value.isEmpty ? $0.key : "\($0.key)=\($0.value)" }.sorted()
        let mode = host.networkMode ?? ""
        network = ["", "default", "bridge"].contains(mode) ? "" : mode
        let isOwnName = config.hostname == String(origin.id.prefix(12))
        hostname = isOwnName || network == "host" || network.hasPrefix("container:") ? "" : config.hostname ?? ""
        if !network.isEmpty, !["host", "none"].contains(network), !network.hasPrefix("container:") {
            // The Engine itself adds the beginning of the identity, and newer ones the name.
            aliases = (origin.aliases[network] ?? []).filter { $0 != origin.id.prefix(12) && $0 != origin.name }
        }
        tty = config.tty ?? false
        interactive = config.openStdin ?? false
        autoRemove = host.autoRemove ?? false
        publishAll = host.publishAllPorts ?? false
        memory = host.memory.flatMap { $0 > 0 ? $0 : nil }
        nanoCPUs = host.nanoCPUs.flatMap { $0 > 0 ? $0 : nil }
        if let policy = host.restartPolicy, let name = policy.name, !["", "no"].contains(name) {
            restart = Restart(
                name: name, retries: name == "on-failure" ? policy.maximumRetryCount.flatMap { $0 > 0 ? $0 : nil } : nil
            )
        }
        ports = Self.ports(host.portBindings ?? [:])
        mounts = Self.mounts(config, host, image)
        options = Self.options(config, host, image)
        var problems: Problems = [:]
        // Whatever the fields cannot hold is not offered.
        self = RunSpec(draft, &problems)
    }

    private static func ports(_ bindings: [String: [HostConfiguration.PortBinding]?]) -> [Port] {
        bindings.flatMap { key, bindings -> [Port] in
            guard let exposed = RunText.exposed(key) else { return [] }
            return (bindings ?? []).map { binding in
                Port(
                    address: binding.hostIP ?? "", host: RunText.range(binding.hostPort ?? ""),
                    container: exposed.ports, proto: exposed.proto)
            }
        }
        .sorted { ($0.container.lowerBound, $0.proto, $0.text) < ($1.container.lowerBound, $1.proto, $1.text) }
    }

    private static func mounts(
        _ config: ContainerConfiguration, _ host: HostConfiguration, _ image: ContainerConfiguration
    ) -> [Mount] {
        var mounts = (host.binds ?? []).compactMap { try? Mount(parsing: $0) }
        for mount in host.mounts ?? [] {
            guard let kind = Mount.Kind(rawValue: mount.type) else { continue }
            var options: [String] = []
            if kind == .bind, let propagation = mount.bind?.propagation {
                options = ["bind-propagation=\(propagation)"]
            }
            if kind == .volume, mount.volume?.noCopy == true { options = ["volume-nocopy=true"] }
            if kind == .tmpfs {
                if let size = mount.tmpfs?.size, size > 0 { options.append("tmpfs-size=\(size)") }
                if let mode = mount.tmpfs?.mode, mode > 0 { options.append("tmpfs-mode=\(String(mode, radix: 8))") }
            }
            mounts.append(
                Mount(
                    isLong: true, kind: kind, source: mount.source ?? "", target: mount.target,
                    isReadOnly: mount.readOnly ?? false, options: options))
        }
        let named = Set(mounts.map(\.target))
        for place in (config.volumes ?? [:]).keys.sorted()
        where image.volumes?[place] == nil && !named.contains(place) {
            mounts.append(Mount(kind: .volume, target: place))
        }
        return mounts
    }

    private static func options(
        _ config: ContainerConfiguration, _ host: HostConfiguration, _ image: ContainerConfiguration
    ) -> [Option] {
        var options: [Option] = []
        func add(_ flag: String, _ value: String?) {
            if let value, !value.isEmpty { options.append(Option(flag: flag, value: value)) }
        }
        func add(_ flag: String, if isOn: Bool?) { if isOn == true { options.append(Option(flag: flag)) } }
        add("privileged", if: host.privileged)
        add("read-only", if: host.readonlyRootFS)
        add("init", if: host.runsInit)
        for (flag, values) in [
            ("cap-add", host.capAdd), ("cap-drop", host.capDrop), ("add-host", host.extraHosts), ("dns", host.dns),
            ("group-add", host.groupAdd), ("security-opt", host.securityOptions),
        ] {
            for value in values ?? [] { add(flag, value) }
        }
        let bound = Set((host.portBindings ?? [:]).keys)
        for port in (config.exposedPorts ?? [:]).keys.sorted()
        where image.exposedPorts?[port] == nil && !bound.contains(port) {
            add("expose", port)
        }
        for (place, how) in (host.tmpfs ?? [:]).sorted(by: { $0.key < $1.key }) {
            add("tmpfs", how.isEmpty ? place : "\(place):\(how)")
        }
        if config.stopSignal != image.stopSignal { add("stop-signal", config.stopSignal) }
        add("stop-timeout", config.stopTimeout.map(String.init))
        // 64 MB is what every container gets.
        if let size = host.shmSize, size > 0, size != 64 << 20 { add("shm-size", RunText.text(bytes: size)) }
        if let limit = host.pidsLimit, limit > 0 { add("pids-limit", String(limit)) }
        if let log = host.logConfiguration, let type = log.type, type != "json-file" || log.options?.isEmpty == false {
            add("log-driver", type)
            for (key, value) in (log.options ?? [:]).sorted(by: { $0.key < $1.key }) {
                add("log-opt", "\(key)=\(value)")
            }
        }
        add("pid", host.pidMode)
        if let mode = host.ipcMode, !["private", "shareable"].contains(mode) { add("ipc", mode) }
        for device in host.devices ?? [] {
            add("device", "\(device.onHost ?? ""):\(device.inContainer ?? ""):\(device.permissions ?? "rwm")")
        }
        return options
    }
}
