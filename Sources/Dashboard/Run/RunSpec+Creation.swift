import EngineAPI

extension RunSpec {
    /// What is sent to the Engine.
    /// - Parameter environment: the variables with their values, those of this machine filled in.
    func creation(environment: [String]) -> ContainerCreation {
        var creation = ContainerCreation()
        var config = ContainerConfiguration()
        var host = HostConfiguration()
        config.image = image
        if !command.isEmpty { config.command = command }
        if let entrypoint { config.entrypoint = [entrypoint] }
        if !environment.isEmpty { config.environment = environment }
        if !user.isEmpty { config.user = user }
        if !workdir.isEmpty { config.workingDirectory = workdir }
        if !hostname.isEmpty { config.hostname = hostname }
        if !labels.isEmpty {
            config.labels = Dictionary(labels.map(Self.pair), uniquingKeysWith: { $1 })
        }
        if tty { config.tty = true }
        if interactive { config.openStdin = true }
        config.attachStdin = false
        config.attachStdout = false
        config.attachStderr = false

        var exposed: [String: EmptyObject] = [:]
        var bindings: [String: [HostConfiguration.PortBinding]] = [:]
        for port in ports { port.bind(&exposed, &bindings) }
        if publishAll { host.publishAllPorts = true }
        for mount in mounts {
            if mount.isLong {
                host.mounts = (host.mounts ?? []) + [mount.long]
            } else if mount.source.isEmpty {
                config.volumes = (config.volumes ?? [:]).merging([mount.target: EmptyObject()]) { $1 }
            } else {
                host.binds = (host.binds ?? []) + [mount.text]
            }
        }
        if !network.isEmpty { host.networkMode = network }
        if !aliases.isEmpty { creation.endpoints[network] = .init(aliases: aliases) }
        if !restart.name.isEmpty {
            host.restartPolicy = .init(name: restart.name, maximumRetryCount: restart.retries ?? 0)
        }
        host.memory = memory
        host.nanoCPUs = nanoCPUs
        if autoRemove { host.autoRemove = true }
        for option in options { option.apply(&config, &host, &exposed) }
        if !exposed.isEmpty { config.exposedPorts = exposed }
        if !bindings.isEmpty { host.portBindings = bindings }
        creation.configuration = config
        creation.host = host
        return creation
    }

    /// `key=value`, or `key` with nothing.
    static func pair(_ text: String) -> (String, String) {
        let sides = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        return (sides[0], sides.count > 1 ? sides[1] : "")
    }
}

extension RunSpec.Port {
    /// A range becomes one binding for each port; a range of the host for one port is the Engine's to choose from.
    fileprivate func bind(
        _ exposed: inout [String: EmptyObject], _ bindings: inout [String: [HostConfiguration.PortBinding]]
    ) {
        for (index, inside) in container.enumerated() {
            let key = "\(inside)/\(proto)"
            exposed[key] = EmptyObject()
            let outside: String =
                if let host {
                    host.count == container.count
                        ? "\(host.lowerBound + index)" : "\(host.lowerBound)-\(host.upperBound)"
                } else {
                    ""
                }
            bindings[key, default: []].append(.init(hostIP: address, hostPort: outside))
        }
    }
}

extension RunSpec.Mount {
    fileprivate var long: HostConfiguration.Mount {
        var mount = HostConfiguration.Mount(
            type: kind.rawValue, source: source.isEmpty ? nil : source, target: target)
        if isReadOnly { mount.readOnly = true }
        for option in options {
            let (key, value) = RunSpec.pair(option)
            switch key {
            case "bind-propagation": mount.bind = .init(propagation: value)
            case "volume-nocopy": mount.volume = .init(noCopy: RunFlag.isOn(value))
            case "tmpfs-size":
                mount.tmpfs = .init(size: RunText.bytes(value), mode: mount.tmpfs?.mode)
            case "tmpfs-mode": mount.tmpfs = .init(size: mount.tmpfs?.size, mode: Int(value, radix: 8))
            default: break
            }
        }
        return mount
    }
}

extension RunSpec.Option {
    fileprivate func apply(
        _ config: inout ContainerConfiguration, _ host: inout HostConfiguration, _ exposed: inout [String: EmptyObject]
    ) {
        func added(_ list: [String]?) -> [String] { (list ?? []) + [value] }
        switch flag {
        case "privileged": host.privileged = true
        case "read-only": host.readonlyRootFS = true
        case "init": host.runsInit = true
        case "cap-add": host.capAdd = added(host.capAdd)
        case "cap-drop": host.capDrop = added(host.capDrop)
        case "add-host":
            let sides = value.split(maxSplits: 1, omittingEmptySubsequences: false) { $0 == ":" || $0 == "=" }
            host.extraHosts = (host.extraHosts ?? []) + [sides.joined(separator: ":")]
        case "dns": host.dns = added(host.dns)
        case "expose":
            guard let (ports, proto) = RunText.exposed(value) else { return }
            for port in ports { exposed["\(port)/\(proto)"] = EmptyObject() }
        case "tmpfs":
            let sides = value.split(separator: ":", maxSplits: 1).map(String.init)
            host.tmpfs = (host.tmpfs ?? [:]).merging([sides[0]: sides.count > 1 ? sides[1] : ""]) { $1 }
        case "stop-signal": config.stopSignal = value
        case "stop-timeout": config.stopTimeout = Int(value)
        case "shm-size": host.shmSize = RunText.bytes(value)
        case "pids-limit": host.pidsLimit = Int(value)
        case "group-add": host.groupAdd = added(host.groupAdd)
        case "security-opt": host.securityOptions = added(host.securityOptions)
        case "log-driver": host.logConfiguration = .init(type: value, options: host.logConfiguration?.options)
        case "log-opt":
            let (key, value) = RunSpec.pair(value)
            host.logConfiguration = .init(
                type: host.logConfiguration?.type,
                options: (host.logConfiguration?.options ?? [:]).merging([key: value]) { $1 })
        case "pid": host.pidMode = value
        case "ipc": host.ipcMode = value
        case "device":
            let parts = value.split(separator: ":").map(String.init)
            let isPath = parts.count > 1 && parts[1].hasPrefix("/")
            host.devices =
                (host.devices ?? []) + [
                    .init(
                        onHost: parts[0], inContainer: isPath ? parts[1] : parts[0],
                        permissions: parts.count > 2 ? parts[2] : parts.count > 1 && !isPath ? parts[1] : "rwm")
                ]
        default: break
        }
    }
}
