// What a container is made of: the same shapes that its inspection has, so that one can be made like another.
// What is nil is not sent, and left to the Engine and the image.

/// An empty object, as the API has it for sets.
public struct EmptyObject: Hashable, Sendable, Codable {
    /// `{}`.
    public init() {}
}

/// What runs in a container, whatever the host: `Config`.
public struct ContainerConfiguration: Hashable, Sendable, Codable {
    /// The image by name or identity.
    public var image: String?
    /// The command, or the arguments of the entry point.
    public var command: [String]?
    /// The entry point; `[""]` takes the image's away.
    public var entrypoint: [String]?
    /// `KEY=value`.
    public var environment: [String]?
    /// `name|uid[:group|gid]`.
    public var user: String?
    /// Where it starts in its file system.
    public var workingDirectory: String?
    /// Its host name.
    public var hostname: String?
    /// Its labels.
    public var labels: [String: String]?
    /// `80/tcp`.
    public var exposedPorts: [String: EmptyObject]?
    /// Places of anonymous volumes.
    public var volumes: [String: EmptyObject]?
    /// Whether it has a terminal.
    public var tty: Bool?
    /// Whether its standard input is open.
    public var openStdin: Bool?
    /// Whether its standard input is closed when the first who is attached leaves.
    public var stdinOnce: Bool?
    /// Whether the caller is going to attach to it.
    public var attachStdin: Bool?
    /// Whether the caller is going to attach to it.
    public var attachStdout: Bool?
    /// Whether the caller is going to attach to it.
    public var attachStderr: Bool?
    /// What stop sends.
    public var stopSignal: String?
    /// Seconds between stop's signal and SIGKILL.
    public var stopTimeout: Int?

    private enum CodingKeys: String, CodingKey {
        case image = "Image"
        case command = "Cmd"
        case entrypoint = "Entrypoint"
        case environment = "Env"
        case user = "User"
        case workingDirectory = "WorkingDir"
        case hostname = "Hostname"
        case labels = "Labels"
        case exposedPorts = "ExposedPorts"
        case volumes = "Volumes"
        case tty = "Tty"
        case openStdin = "OpenStdin"
        case stdinOnce = "StdinOnce"
        case attachStdin = "AttachStdin"
        case attachStdout = "AttachStdout"
        case attachStderr = "AttachStderr"
        case stopSignal = "StopSignal"
        case stopTimeout = "StopTimeout"
    }

    /// All left to the Engine.
    public init() {}
}

/// How a container stands on its host: `HostConfig`.
public struct HostConfiguration: Hashable, Sendable, Codable {
    /// One address and port of the host; both may be empty.
    public struct PortBinding: Hashable, Sendable, Codable {
        /// Empty is all addresses.
        public var hostIP: String?
        /// A port, a range to choose from, or empty for any.
        public var hostPort: String?

        private enum CodingKeys: String, CodingKey {
            case hostIP = "HostIp"
            case hostPort = "HostPort"
        }

        /// A binding to a port of an address.
        public init(hostIP: String? = nil, hostPort: String? = nil) {
            self.hostIP = hostIP
            self.hostPort = hostPort
        }
    }

    /// A mount as `--mount` makes it.
    public struct Mount: Hashable, Sendable, Codable {
        /// Of a bind mount.
        public struct BindOptions: Hashable, Sendable, Codable {
            /// `rprivate` and so on.
            public var propagation: String?
            private enum CodingKeys: String, CodingKey { case propagation = "Propagation" }
            /// All left to the Engine.
            public init(propagation: String? = nil) { self.propagation = propagation }
        }

        /// Of a volume.
        public struct VolumeOptions: Hashable, Sendable, Codable {
            /// Whether a new volume stays empty instead of getting what the image has there.
            public var noCopy: Bool?
            private enum CodingKeys: String, CodingKey { case noCopy = "NoCopy" }
            /// All left to the Engine.
            public init(noCopy: Bool? = nil) { self.noCopy = noCopy }
        }

        /// Of a tmpfs.
        public struct TmpfsOptions: Hashable, Sendable, Codable {
            /// Bytes.
            public var size: Int?
            /// As for chmod.
            public var mode: Int?
            private enum CodingKeys: String, CodingKey {
                case size = "SizeBytes"
                case mode = "Mode"
            }
            /// All left to the Engine.
            public init(size: Int? = nil, mode: Int? = nil) {
                self.size = size
                self.mode = mode
            }
        }

        /// `bind`, `volume`, `tmpfs`.
        public var type: String
        /// A path on the host, or a volume's name.
        public var source: String?
        /// The path in the container.
        public var target: String
        /// Whether it cannot be written to.
        public var readOnly: Bool?
        /// For a bind mount.
        public var bind: BindOptions?
        /// For a volume.
        public var volume: VolumeOptions?
        /// For a tmpfs.
        public var tmpfs: TmpfsOptions?

        private enum CodingKeys: String, CodingKey {
            case type = "Type"
            case source = "Source"
            case target = "Target"
            case readOnly = "ReadOnly"
            case bind = "BindOptions"
            case volume = "VolumeOptions"
            case tmpfs = "TmpfsOptions"
        }

        /// Makes one; what else there is to say is set afterwards.
        public init(type: String, source: String? = nil, target: String) {
            self.type = type
            self.source = source
            self.target = target
        }
    }

    /// Whether the Engine starts it again.
    public struct RestartPolicy: Hashable, Sendable, Codable {
        /// `no`, `always`, `unless-stopped`, `on-failure`; empty is `no`.
        public var name: String?
        /// How often at most, for `on-failure`.
        public var maximumRetryCount: Int?
        private enum CodingKeys: String, CodingKey {
            case name = "Name"
            case maximumRetryCount = "MaximumRetryCount"
        }
        /// A policy.
        public init(name: String, maximumRetryCount: Int? = nil) {
            self.name = name
            self.maximumRetryCount = maximumRetryCount
        }
    }

    /// Where logs go.
    public struct LogConfiguration: Hashable, Sendable, Codable {
        /// `json-file`, `local`, …
        public var type: String?
        /// The driver's options.
        public var options: [String: String]?
        private enum CodingKeys: String, CodingKey {
            case type = "Type"
            case options = "Config"
        }
        /// A driver with its options.
        public init(type: String? = nil, options: [String: String]? = nil) {
            self.type = type
            self.options = options
        }
    }

    /// A device of the host.
    public struct Device: Hashable, Sendable, Codable {
        /// On the host.
        public var onHost: String?
        /// In the container.
        public var inContainer: String?
        /// `rwm`.
        public var permissions: String?
        private enum CodingKeys: String, CodingKey {
            case onHost = "PathOnHost"
            case inContainer = "PathInContainer"
            case permissions = "CgroupPermissions"
        }
        /// A device.
        public init(onHost: String, inContainer: String, permissions: String) {
            self.onHost = onHost
            self.inContainer = inContainer
            self.permissions = permissions
        }
    }

    /// `source:target:options`.
    public var binds: [String]?
    /// What `--mount` makes.
    public var mounts: [Mount]?
    /// Places of tmpfs, with their options.
    public var tmpfs: [String: String]?
    /// `80/tcp` to the host's ports.
    public var portBindings: [String: [PortBinding]?]?
    /// Whether all exposed ports are published.
    public var publishAllPorts: Bool?
    /// Whether the Engine starts it again.
    public var restartPolicy: RestartPolicy?
    /// Bytes; 0 is no limit.
    public var memory: Int?
    /// Billionths of a processor; 0 is no limit.
    public var nanoCPUs: Int?
    /// Whether it is removed when it ends.
    public var autoRemove: Bool?
    /// `bridge`, `host`, `none`, `container:…` or a network's name.
    public var networkMode: String?
    /// Whether it may do all that the host may.
    public var privileged: Bool?
    /// Whether its own file system is read-only.
    public var readonlyRootFS: Bool?
    /// Whether the Engine's own init is its first process.
    public var runsInit: Bool?
    /// Capabilities that it gets.
    public var capAdd: [String]?
    /// Capabilities that are taken from it.
    public var capDrop: [String]?
    /// `host:address`.
    public var extraHosts: [String]?
    /// Its name servers.
    public var dns: [String]?
    /// More groups of its user.
    public var groupAdd: [String]?
    /// `no-new-privileges` and so on.
    public var securityOptions: [String]?
    /// Where its logs go.
    public var logConfiguration: LogConfiguration?
    /// Bytes of `/dev/shm`.
    public var shmSize: Int?
    /// Processes at most.
    public var pidsLimit: Int?
    /// `host` or `container:…`.
    public var pidMode: String?
    /// `host`, `private`, `shareable`, `container:…`.
    public var ipcMode: String?
    /// Devices of the host.
    public var devices: [Device]?

    private enum CodingKeys: String, CodingKey {
        case binds = "Binds"
        case mounts = "Mounts"
        case tmpfs = "Tmpfs"
        case portBindings = "PortBindings"
        case publishAllPorts = "PublishAllPorts"
        case restartPolicy = "RestartPolicy"
        case memory = "Memory"
        case nanoCPUs = "NanoCpus"
        case autoRemove = "AutoRemove"
        case networkMode = "NetworkMode"
        case privileged = "Privileged"
        case readonlyRootFS = "ReadonlyRootfs"
        case runsInit = "Init"
        case capAdd = "CapAdd"
        case capDrop = "CapDrop"
        case extraHosts = "ExtraHosts"
        case dns = "Dns"
        case groupAdd = "GroupAdd"
        case securityOptions = "SecurityOpt"
        case logConfiguration = "LogConfig"
        case shmSize = "ShmSize"
        case pidsLimit = "PidsLimit"
        case pidMode = "PidMode"
        case ipcMode = "IpcMode"
        case devices = "Devices"
    }

    /// All left to the Engine.
    public init() {}
}

/// Everything that a new container is made of, but its name.
public struct ContainerCreation: Hashable, Sendable, Encodable {
    /// How it is attached to a network.
    public struct Endpoint: Hashable, Sendable, Codable {
        /// The names that others on the network know it by.
        public var aliases: [String]?
        private enum CodingKeys: String, CodingKey { case aliases = "Aliases" }
        /// An attachment.
        public init(aliases: [String]? = nil) { self.aliases = aliases }
    }

    /// What runs in it.
    public var configuration = ContainerConfiguration()
    /// How it stands on its host.
    public var host = HostConfiguration()
    /// Networks by name. Engines before API 1.44 take one at most.
    public var endpoints: [String: Endpoint] = [:]

    private enum Key: String, CodingKey { case HostConfig, NetworkingConfig }
    private struct Networking: Encodable { let EndpointsConfig: [String: Endpoint] }

    /// All left to the Engine.
    public init() {}

    /// Writes the body of `POST /containers/create`: the configuration's fields, and the two others among them.
    public func encode(to encoder: any Encoder) throws {
        try configuration.encode(to: encoder)
        var fields = encoder.container(keyedBy: Key.self)
        try fields.encode(host, forKey: .HostConfig)
        if !endpoints.isEmpty { try fields.encode(Networking(EndpointsConfig: endpoints), forKey: .NetworkingConfig) }
    }
}

/// What the Engine says when it has made a container.
public struct CreatedContainer: Hashable, Sendable, Decodable {
    /// The new container's identity.
    public var id: ContainerID
    /// What the Engine could not do as it was asked.
    public var warnings: [String]

    private enum Key: String, CodingKey { case Id, Warnings }

    /// Reads the answer of `POST /containers/create`.
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: Key.self)
        id = try fields.decode(ContainerID.self, forKey: .Id)
        warnings = try fields.decodeIfPresent([String].self, forKey: .Warnings) ?? []
    }
}

/// What a container was made of, from its inspection; and an image's own part of it, from the image's.
public struct ContainerOrigin: Hashable, Sendable, Decodable {
    /// Its name, without the slash; empty for an image.
    public var name: String
    /// The image's identity.
    public var imageID: String
    /// What runs in it.
    public var configuration: ContainerConfiguration
    /// How it stands on its host.
    public var host: HostConfiguration
    /// The names by which others know it, by network.
    public var aliases: [String: [String]]
    /// Its identity.
    public var id: String

    private enum Key: String, CodingKey { case Id, Name, Image, Config, HostConfig, NetworkSettings }
    private struct Networking: Decodable { var Networks: [String: ContainerCreation.Endpoint?]? }

    /// Reads the answer of `GET /containers/{id}/json` or `GET /images/{name}/json`.
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: Key.self)
        id = try fields.decodeIfPresent(String.self, forKey: .Id) ?? ""
        let name = try fields.decodeIfPresent(String.self, forKey: .Name) ?? ""
        self.name = name.hasPrefix("/") ? String(name.dropFirst()) : name
        imageID = try fields.decodeIfPresent(String.self, forKey: .Image) ?? ""
        configuration = try fields.decodeIfPresent(ContainerConfiguration.self, forKey: .Config) ?? .init()
        host = try fields.decodeIfPresent(HostConfiguration.self, forKey: .HostConfig) ?? .init()
        let networking = try fields.decodeIfPresent(Networking.self, forKey: .NetworkSettings)
        aliases = (networking?.Networks ?? [:]).mapValues { $0?.aliases ?? [] }
    }
}
