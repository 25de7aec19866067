import FoundationEssentials

/// What a container is doing.
public enum ContainerState: Hashable, Sendable {
    /// Made, never started.
    case created
    /// Its main process runs.
    case running
    /// Its processes are frozen.
    case paused
    /// Ended, and waiting to be started again by its restart policy.
    case restarting
    /// On its way out.
    case removing
    /// Its main process ended.
    case exited
    /// Could not be removed entirely.
    case dead
    /// A word that we do not know.
    case unknown(String)

    /// Reads the Engine's word, in any case.
    public init(_ word: String) {
        self =
            switch word.lowercased() {
            case "created": .created
            case "running": .running
            case "paused": .paused
            case "restarting": .restarting
            case "removing": .removing
            case "exited": .exited
            case "dead": .dead
            default: .unknown(word)
            }
    }

    /// The Engine's word.
    public var name: String {
        switch self {
        case .created: "created"
        case .running: "running"
        case .paused: "paused"
        case .restarting: "restarting"
        case .removing: "removing"
        case .exited: "exited"
        case .dead: "dead"
        case .unknown(let word): word
        }
    }

    /// Whether it has processes: running, paused or restarting.
    public var isAlive: Bool { self == .running || self == .paused || self == .restarting }
}

/// A port of a container, and where it is published.
public struct PortMapping: Hashable, Sendable {
    /// The address on the host; nil when not published.
    public var hostIP: String?
    /// The port on the host; nil when not published.
    public var publicPort: Int?
    /// The port in the container.
    public var privatePort: Int
    /// `tcp`, `udp` or `sctp`.
    public var proto: String

    /// Makes a mapping.
    public init(hostIP: String? = nil, publicPort: Int? = nil, privatePort: Int, proto: String = "tcp") {
        self.hostIP = hostIP
        self.publicPort = publicPort
        self.privatePort = privatePort
        self.proto = proto
    }
}

/// Something mounted into a container.
public struct ContainerMount: Hashable, Sendable {
    /// `bind`, `volume`, `tmpfs`, …
    public var type: String
    /// The volume's name; empty unless it is a volume.
    public var name: String
    /// Where it comes from on the host.
    public var source: String
    /// Where it is in the container.
    public var destination: String
    /// Whether the container can write there.
    public var writable: Bool

    /// Makes a mount.
    public init(
        type: String = "volume", name: String = "", source: String = "", destination: String, writable: Bool = true
    ) {
        self.type = type
        self.name = name
        self.source = source
        self.destination = destination
        self.writable = writable
    }
}

/// A container as the list has it.
public struct ContainerSummary: Hashable, Sendable {
    /// Its identity.
    public var id: ContainerID
    /// Its own name, without the slash before it; the short id when it has none.
    public var name: String
    /// The image as it was named when the container was made.
    public var image = ""
    /// The image's identity, `sha256:…`.
    public var imageID = ""
    /// The command line, as one text.
    public var command = ""
    /// When it was made.
    public var created = Date(timeIntervalSince1970: 0)
    /// Its ports, published or only exposed.
    public var ports: [PortMapping] = []
    /// Its labels.
    public var labels: [String: String] = [:]
    /// What it is doing.
    public var state = ContainerState.created
    /// The Engine's words about it: `Up 2 hours (healthy)`, `Exited (137) 3 minutes ago`.
    public var status = ""
    /// What its health check says. Engines before API 1.52 say it in `status` only; it is taken from there then.
    public var health = ContainerDetails.Health.Status.none
    /// The names of its networks, sorted.
    public var networks: [String] = []
    /// What is mounted into it.
    public var mounts: [ContainerMount] = []
    /// The container whose network it shares (`--network container:…`), by the identity or name that it was given.
    public var networkOf: ContainerID?

    /// Makes one; all but identity and name are set afterwards.
    public init(id: ContainerID, name: String) {
        self.id = id
        self.name = name
    }

    /// The container's own name of all its names: links of others stand there as `/other/alias`.
    static func name(of names: [String], id: ContainerID) -> String {
        for name in names {
            let bare = name.hasPrefix("/") ? name.dropFirst() : name[...]
            if !bare.isEmpty, !bare.contains("/") { return String(bare) }
        }
        return id.short
    }
}

extension PortMapping: Decodable {
    private enum Key: String, CodingKey { case IP, PrivatePort, PublicPort, `Type` }

    /// Reads an entry of `Ports`.
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: Key.self)
        hostIP = try fields.decodeIfPresent(String.self, forKey: .IP)
        publicPort = try fields.decodeIfPresent(Int.self, forKey: .PublicPort)
        privatePort = try fields.decode(Int.self, forKey: .PrivatePort)
        proto = try fields.decodeIfPresent(String.self, forKey: .Type) ?? "tcp"
    }
}

extension ContainerMount: Decodable {
    private enum Key: String, CodingKey { case `Type`, Name, Source, Destination, RW }

    /// Reads an entry of `Mounts`.
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: Key.self)
        type = try fields.decodeIfPresent(String.self, forKey: .Type) ?? ""
        name = try fields.decodeIfPresent(String.self, forKey: .Name) ?? ""
        source = try fields.decodeIfPresent(String.self, forKey: .Source) ?? ""
        destination = try fields.decodeIfPresent(String.self, forKey: .Destination) ?? ""
        writable = try fields.decodeIfPresent(Bool.self, forKey: .RW) ?? true
    }
}

extension ContainerSummary: Decodable {
    private enum Key: String, CodingKey {
        case Id, Names, Image, ImageID, Command, Created, Ports, Labels, State, Status, NetworkSettings, Mounts, Health
        case HostConfig
    }
    private struct Host: Decodable { var NetworkMode: String? }
    private struct HealthSummary: Decodable { var Status: String? }
    private struct Settings: Decodable {
        struct Nothing: Decodable {
            init(from decoder: any Decoder) {}
        }
        var Networks: [String: Nothing]?
    }

    /// Reads an entry of `GET /containers/json`.
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: Key.self)
        let id = try fields.decode(ContainerID.self, forKey: .Id)
        let names = try fields.decodeIfPresent([String].self, forKey: .Names) ?? []
        self.init(id: id, name: Self.name(of: names, id: id))
        image = try fields.decodeIfPresent(String.self, forKey: .Image) ?? ""
        imageID = try fields.decodeIfPresent(String.self, forKey: .ImageID) ?? ""
        command = try fields.decodeIfPresent(String.self, forKey: .Command) ?? ""
        created = Date(timeIntervalSince1970: try fields.decodeIfPresent(Double.self, forKey: .Created) ?? 0)
        ports = try fields.decodeIfPresent([PortMapping].self, forKey: .Ports) ?? []
        labels = try fields.decodeIfPresent([String: String].self, forKey: .Labels) ?? [:]
        state = ContainerState(try fields.decodeIfPresent(String.self, forKey: .State) ?? "")
        status = try fields.decodeIfPresent(String.self, forKey: .Status) ?? ""
        let health = try fields.decodeIfPresent(HealthSummary.self, forKey: .Health)
        self.health = health?.Status.map { .init($0) } ?? .init(inStatus: status)
        let settings = try fields.decodeIfPresent(Settings.self, forKey: .NetworkSettings)
        networks = (settings?.Networks ?? [:]).keys.sorted()
        mounts = try fields.decodeIfPresent([ContainerMount].self, forKey: .Mounts) ?? []
        let mode = try fields.decodeIfPresent(Host.self, forKey: .HostConfig)?.NetworkMode ?? ""
        if mode.hasPrefix("container:") { networkOf = ContainerID(String(mode.dropFirst(10))) }
    }
}
