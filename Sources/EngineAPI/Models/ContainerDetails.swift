import FoundationEssentials

/// A container as its inspection has it.
public struct ContainerDetails: Hashable, Sendable {
    /// What the container is doing, and how it ended.
    public struct State: Hashable, Sendable {
        /// What it is doing.
        public var state = ContainerState.created
        /// The main process on the Engine's host; 0 when there is none.
        public var pid = 0
        /// How the main process ended: 137 is SIGKILL, 143 SIGTERM.
        public var exitCode = 0
        /// Why it could not be started; empty when it could.
        public var error = ""
        /// Whether the kernel killed it for its memory.
        public var oomKilled = false
        /// When it was last started; nil when never.
        public var startedAt: Date?
        /// When it last ended; nil when never.
        public var finishedAt: Date?
        /// What its health check says; nil when it has none.
        public var health: Health?

        /// A container that was only made.
        public init() {}
    }

    /// What a health check says.
    public struct Health: Hashable, Sendable {
        /// The outcome so far.
        public enum Status: Hashable, Sendable {
            /// No check has ended yet.
            case starting
            /// The last check went well.
            case healthy
            /// Too many checks in a row failed.
            case unhealthy
            /// There is no check.
            case none

            /// Reads the Engine's word.
            init(_ word: String) {
                self =
                    switch word {
                    case "starting": .starting
                    case "healthy": .healthy
                    case "unhealthy": .unhealthy
                    default: .none
                    }
            }

            /// Reads what stands in a list's status: `Up 2 hours (healthy)`, `Up 3 seconds (health: starting)`.
            init(inStatus status: String) {
                guard status.utf8.last == UInt8(ascii: ")"), let open = status.lastIndex(of: "(") else {
                    self = .none
                    return
                }
                let word = status[status.index(after: open)...].dropLast()
                self.init(word.hasPrefix("health: ") ? String(word.dropFirst(8)) : String(word))
            }
        }

        /// One run of the check.
        public struct Probe: Hashable, Sendable {
            /// When it began.
            public var start: Date?
            /// When it ended.
            public var end: Date?
            /// 0 when all is well.
            public var exitCode = 0
            /// What it printed.
            public var output = ""

            /// An empty run.
            public init() {}
        }

        /// The outcome so far.
        public var status = Status.none
        /// How many checks in a row failed.
        public var failingStreak = 0
        /// The last runs (the Engine keeps five), the oldest first.
        public var log: [Probe] = []

        /// No health.
        public init() {}
    }

    /// Whether the Engine starts it again when it ends.
    public struct RestartPolicy: Hashable, Sendable {
        /// `no`, `always`, `unless-stopped`, `on-failure`.
        public var name = "no"
        /// How often at most, for `on-failure`; 0 is without end.
        public var maximumRetryCount = 0

        /// No restarts.
        public init() {}
    }

    /// A network that it is attached to.
    public struct Attachment: Hashable, Sendable {
        /// The network's name.
        public var name = ""
        /// The network's identity.
        public var networkID = ""
        /// Its IPv4 address; empty when it does not run.
        public var ipAddress = ""
        /// The IPv4 gateway.
        public var gateway = ""
        /// Its IPv6 address; empty when it has none.
        public var ipv6Address = ""
        /// Its hardware address.
        public var macAddress = ""
        /// The names that others on the network know it by.
        public var aliases: [String] = []

        /// An empty attachment.
        public init() {}
    }

    /// Its identity.
    public var id: ContainerID
    /// Its name, without the slash.
    public var name: String
    /// When it was made.
    public var created: Date?
    /// The image as it was named when the container was made.
    public var image = ""
    /// The image's identity, `sha256:…`.
    public var imageID = ""
    /// What it is doing.
    public var state = State()
    /// How often the Engine started it again.
    public var restartCount = 0
    /// Whether it has a terminal: its logs are then raw.
    public var tty = false
    /// Whether its standard input is open.
    public var openStdin = false
    /// Seconds between stop's signal and SIGKILL; nil is the Engine's own (10).
    public var stopTimeout: Int?
    /// The signal that stop sends; nil is SIGTERM.
    public var stopSignal: String?
    /// Where its logs go: `json-file`, `local`, `journald`, `none`, …
    public var logDriver = ""
    /// Bytes of memory it may use; 0 is no limit.
    public var memoryLimit = 0
    /// Bytes of memory and swap together; 0 is not set, -1 is no limit.
    public var memorySwap = 0
    /// Processors it may use, in billionths; 0 is no limit.
    public var nanoCPUs = 0
    /// Whether the Engine starts it again.
    public var restartPolicy = RestartPolicy()
    /// The program that runs.
    public var path = ""
    /// The program's arguments.
    public var arguments: [String] = []
    /// The image's or the user's entry point.
    public var entrypoint: [String] = []
    /// The image's or the user's command.
    public var command: [String] = []
    /// `KEY=value`, as the container has them. May hold secrets.
    public var environment: [String] = []
    /// Its labels.
    public var labels: [String: String] = [:]
    /// Where it starts in its file system.
    public var workingDirectory = ""
    /// The user it runs as; empty is root.
    public var user = ""
    /// Its host name.
    public var hostname = ""
    /// `bridge`, `host`, `none`, `container:…` or a network's name.
    public var networkMode = ""
    /// Whether it may do all that the host may.
    public var privileged = false
    /// Whether it is removed when it ends.
    public var autoRemove = false
    /// Whether its own file system is read-only.
    public var readOnly = false
    /// `linux`.
    public var platform = ""
    /// What is mounted into it.
    public var mounts: [ContainerMount] = []
    /// Its ports, published or only exposed, sorted by the container's port.
    public var ports: [PortMapping] = []
    /// Its networks, sorted by name.
    public var networks: [Attachment] = []

    /// Makes one; all but identity and name are set afterwards.
    public init(id: ContainerID, name: String) {
        self.id = id
        self.name = name
    }
}

/// The processes of a container.
public struct ProcessList: Hashable, Sendable {
    /// The columns, as `ps` names them.
    public var titles: [String]
    /// One row per process, one text per column.
    public var processes: [[String]]

    /// Makes a list.
    public init(titles: [String] = [], processes: [[String]] = []) {
        self.titles = titles
        self.processes = processes
    }
}

extension ProcessList: Decodable {
    private enum Key: String, CodingKey { case Titles, Processes }

    /// Reads the answer of `GET /containers/{id}/top`.
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: Key.self)
        titles = try fields.decodeIfPresent([String].self, forKey: .Titles) ?? []
        processes = try fields.decodeIfPresent([[String]].self, forKey: .Processes) ?? []
    }
}

extension ContainerDetails: Decodable {
    // The names are the API's, so that the two can be laid side by side.
    fileprivate struct Answer: Decodable {
        struct State: Decodable {
            struct Health: Decodable {
                struct Probe: Decodable {
                    var Start, End: String?
                    var ExitCode: Int?
                    var Output: String?
                }
                var Status: String?
                var FailingStreak: Int?
                var Log: [Probe]?
            }
            var Status: String?
            var OOMKilled: Bool?
            var Pid, ExitCode: Int?
            var Error, StartedAt, FinishedAt: String?
            var Health: Health?
        }
        struct Config: Decodable {
            var Hostname, User, Image, WorkingDir, StopSignal: String?
            var Tty, OpenStdin: Bool?
            var Env, Cmd, Entrypoint: [String]?
            var Labels: [String: String]?
            var StopTimeout: Int?
        }
        struct HostConfig: Decodable {
            struct LogConfig: Decodable { var `Type`: String? }
            struct RestartPolicy: Decodable {
                var Name: String?
                var MaximumRetryCount: Int?
            }
            var LogConfig: LogConfig?
            var NetworkMode: String?
            var RestartPolicy: RestartPolicy?
            var AutoRemove, Privileged, ReadonlyRootfs: Bool?
            var Memory, MemorySwap, NanoCpus: Int?
        }
        struct Binding: Decodable { var HostIp, HostPort: String? }
        struct Endpoint: Decodable {
            var NetworkID, IPAddress, Gateway, GlobalIPv6Address, MacAddress: String?
            var Aliases: [String]?
        }
        struct NetworkSettings: Decodable {
            var Ports: [String: [Binding]?]?
            var Networks: [String: Endpoint?]?
        }
        var Id: ContainerID
        var Name, Created, Path, Image, Platform: String?
        var Args: [String]?
        var State: State?
        var RestartCount: Int?
        var Config: Config?
        var HostConfig: HostConfig?
        var Mounts: [ContainerMount]?
        var NetworkSettings: NetworkSettings?
    }

    /// Reads the answer of `GET /containers/{id}/json`.
    public init(from decoder: any Decoder) throws {
        let answer = try Answer(from: decoder)
        let config = answer.Config
        let host = answer.HostConfig
        self.init(
            id: answer.Id, name: ContainerSummary.name(of: [answer.Name].compactMap { $0 }, id: answer.Id))
        created = answer.Created.flatMap(Date.init(engineTime:))
        image = config?.Image ?? ""
        imageID = answer.Image ?? ""
        state = answer.State.map(State.init) ?? State()
        restartCount = answer.RestartCount ?? 0
        tty = config?.Tty ?? false
        openStdin = config?.OpenStdin ?? false
        stopTimeout = config?.StopTimeout
        stopSignal = config?.StopSignal
        logDriver = host?.LogConfig?.Type ?? ""
        memoryLimit = host?.Memory ?? 0
        memorySwap = host?.MemorySwap ?? 0
        nanoCPUs = host?.NanoCpus ?? 0
        restartPolicy.name = host?.RestartPolicy?.Name.flatMap { $0.isEmpty ? nil : $0 } ?? "no"
        restartPolicy.maximumRetryCount = host?.RestartPolicy?.MaximumRetryCount ?? 0
        path = answer.Path ?? ""
        arguments = answer.Args ?? []
        entrypoint = config?.Entrypoint ?? []
        command = config?.Cmd ?? []
        environment = config?.Env ?? []
        labels = config?.Labels ?? [:]
        workingDirectory = config?.WorkingDir ?? ""
        user = config?.User ?? ""
        hostname = config?.Hostname ?? ""
        networkMode = host?.NetworkMode ?? ""
        privileged = host?.Privileged ?? false
        autoRemove = host?.AutoRemove ?? false
        readOnly = host?.ReadonlyRootfs ?? false
        platform = answer.Platform ?? ""
        mounts = answer.Mounts ?? []
        ports = Self.ports(of: answer.NetworkSettings?.Ports ?? [:])
        networks = (answer.NetworkSettings?.Networks ?? [:])
            .map { Attachment(name: $0.key, endpoint: $0.value) }
            .sorted { $0.name < $1.name }
    }

    /// `"80/tcp": [{HostIp, HostPort}]`; null where a port is only exposed.
    private static func ports(of bindings: [String: [Answer.Binding]?]) -> [PortMapping] {
        bindings.flatMap { key, bindings -> [PortMapping] in
            let parts = key.split(separator: "/")
            guard let first = parts.first, let port = Int(first) else { return [] }
            let exposed = PortMapping(privatePort: port, proto: parts.count > 1 ? String(parts[1]) : "tcp")
            guard let bindings, !bindings.isEmpty else { return [exposed] }
            return bindings.map { binding in
                var mapping = exposed
                mapping.hostIP = binding.HostIp
                mapping.publicPort = binding.HostPort.flatMap { Int($0) }
                return mapping
            }
        }
        .sorted {
            ($0.privatePort, $0.proto, $0.hostIP ?? "", $0.publicPort ?? 0)
                < ($1.privatePort, $1.proto, $1.hostIP ?? "", $1.publicPort ?? 0)
        }
    }
}

extension ContainerDetails.Attachment {
    fileprivate init(name: String, endpoint: ContainerDetails.Answer.Endpoint?) {
        self.name = name
        networkID = endpoint?.NetworkID ?? ""
        ipAddress = endpoint?.IPAddress ?? ""
        gateway = endpoint?.Gateway ?? ""
        ipv6Address = endpoint?.GlobalIPv6Address ?? ""
        macAddress = endpoint?.MacAddress ?? ""
        aliases = endpoint?.Aliases ?? []
    }
}

extension ContainerDetails.State {
    fileprivate init(_ answer: ContainerDetails.Answer.State) {
        state = ContainerState(answer.Status ?? "")
        pid = answer.Pid ?? 0
        exitCode = answer.ExitCode ?? 0
        error = answer.Error ?? ""
        oomKilled = answer.OOMKilled ?? false
        startedAt = answer.StartedAt.flatMap(Date.init(engineTime:))
        finishedAt = answer.FinishedAt.flatMap(Date.init(engineTime:))
        health = answer.Health.map(ContainerDetails.Health.init)
    }
}

extension ContainerDetails.Health {
    fileprivate init(_ answer: ContainerDetails.Answer.State.Health) {
        status = Status(answer.Status ?? "")
        failingStreak = answer.FailingStreak ?? 0
        log = (answer.Log ?? []).map {
            var probe = Probe()
            probe.start = $0.Start.flatMap(Date.init(engineTime:))
            probe.end = $0.End.flatMap(Date.init(engineTime:))
            probe.exitCode = $0.ExitCode ?? 0
            probe.output = $0.Output ?? ""
            return probe
        }
    }
}
