import FoundationEssentials

/// An image as the list has it.
public struct ImageSummary: Hashable, Sendable {
    /// Its identity, `sha256:…`.
    public var id: String
    /// Its names, `repository:tag`; empty when it has none.
    public var tags: [String] = []
    /// Its names by content, `repository@sha256:…`.
    public var digests: [String] = []
    /// When it was made.
    public var created = Date(timeIntervalSince1970: 0)
    /// Bytes, all layers together.
    public var size = 0
    /// The identity of the image that it was made from here, by a build or a commit; empty for one that was pulled.
    public var parentID = ""
    /// Its labels.
    public var labels: [String: String] = [:]

    /// Makes one; all but the identity is set afterwards.
    public init(id: String) { self.id = id }

    /// Whether no name leads to it.
    public var dangling: Bool { tags.isEmpty }

    /// The first 12 characters of the digest, as the docker client shows them.
    public var shortID: String { String((id.split(separator: ":").last ?? "").prefix(12)) }
}

extension ImageSummary: Decodable {
    private enum Key: String, CodingKey { case Id, ParentId, RepoTags, RepoDigests, Created, Size, Labels }

    /// Reads an entry of `GET /images/json`.
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: Key.self)
        self.init(id: try fields.decode(String.self, forKey: .Id))
        // Engines before 1.43 write <none> for what has no name.
        tags = (try fields.decodeIfPresent([String].self, forKey: .RepoTags) ?? []).filter { $0 != "<none>:<none>" }
        digests = (try fields.decodeIfPresent([String].self, forKey: .RepoDigests) ?? [])
            .filter { $0 != "<none>@<none>" }
        created = Date(timeIntervalSince1970: try fields.decodeIfPresent(Double.self, forKey: .Created) ?? 0)
        size = try fields.decodeIfPresent(Int.self, forKey: .Size) ?? 0
        parentID = try fields.decodeIfPresent(String.self, forKey: .ParentId) ?? ""
        labels = try fields.decodeIfPresent([String: String].self, forKey: .Labels) ?? [:]
    }
}

/// A volume as the list has it.
public struct VolumeSummary: Hashable, Sendable {
    /// Its name, which is its identity.
    public var name: String
    /// `local` or a plug-in.
    public var driver = ""
    /// Where it is on the Engine's host.
    public var mountpoint = ""
    /// When it was made; not every driver knows.
    public var created: Date?
    /// Its labels.
    public var labels: [String: String] = [:]
    /// `local` or `global`.
    public var scope = ""

    /// Makes one; all but the name is set afterwards.
    public init(name: String) { self.name = name }

    /// Whether the Engine made up the name: 64 hexadecimal digits.
    public var isAnonymous: Bool {
        name.utf8.count == 64 && name.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }
}

extension VolumeSummary: Decodable {
    private enum Key: String, CodingKey { case Name, Driver, Mountpoint, CreatedAt, Labels, Scope }

    /// Reads an entry of `GET /volumes`.
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: Key.self)
        self.init(name: try fields.decode(String.self, forKey: .Name))
        driver = try fields.decodeIfPresent(String.self, forKey: .Driver) ?? ""
        mountpoint = try fields.decodeIfPresent(String.self, forKey: .Mountpoint) ?? ""
        created = try fields.decodeIfPresent(String.self, forKey: .CreatedAt).flatMap(Date.init(engineTime:))
        labels = try fields.decodeIfPresent([String: String].self, forKey: .Labels) ?? [:]
        scope = try fields.decodeIfPresent(String.self, forKey: .Scope) ?? ""
    }
}

/// What the Engine says about itself and its host.
public struct SystemInfo: Hashable, Sendable {
    /// The host's name.
    public var name = ""
    /// The Engine's version.
    public var serverVersion = ""
    /// Processors of the host.
    public var cpus = 0
    /// Bytes of memory of the host.
    public var memory = 0
    /// Containers in all.
    public var containers = 0
    /// Containers that run.
    public var running = 0
    /// Containers that are paused.
    public var paused = 0
    /// Containers that do not run.
    public var stopped = 0
    /// Images.
    public var images = 0
    /// `Debian GNU/Linux 12 (bookworm)`.
    public var os = ""
    /// `linux`.
    public var osType = ""
    /// `x86_64`.
    public var architecture = ""
    /// The kernel's version.
    public var kernel = ""
    /// What time it is on the host: tells how far its clock is from ours.
    public var systemTime: Date?
    /// `1` or `2`.
    public var cgroupVersion = ""
    /// `overlay2`, `btrfs`, …
    public var storageDriver = ""
    /// Where logs go unless a container says otherwise.
    public var loggingDriver = ""
    /// Where the Engine keeps its data.
    public var rootDirectory = ""
    /// What makes volumes: `local`, and plug-ins.
    public var volumeDrivers: [String] = []
    /// `inactive`, `active`, `pending`, `locked`, `error`.
    public var swarm = ""
    /// The drivers that networks can have; empty when the Engine does not say.
    public var networkDrivers: [String] = []
    /// What the Engine complains about.
    public var warnings: [String] = []

    /// Nothing known.
    public init() {}
}

extension SystemInfo: Decodable {
    private struct Answer: Decodable {
        struct SwarmInfo: Decodable { var LocalNodeState: String? }
        struct PluginNames: Decodable { var Volume, Network: [String]? }
        var Name, ServerVersion, OperatingSystem, OSType, Architecture, KernelVersion, SystemTime: String?
        var CgroupVersion, Driver, LoggingDriver, DockerRootDir: String?
        var NCPU, MemTotal, Containers, ContainersRunning, ContainersPaused, ContainersStopped, Images: Int?
        var Swarm: SwarmInfo?
        var Plugins: PluginNames?
        var Warnings: [String]?
    }

    /// Reads the answer of `GET /info`.
    public init(from decoder: any Decoder) throws {
        let answer = try Answer(from: decoder)
        name = answer.Name ?? ""
        serverVersion = answer.ServerVersion ?? ""
        cpus = answer.NCPU ?? 0
        memory = answer.MemTotal ?? 0
        containers = answer.Containers ?? 0
        running = answer.ContainersRunning ?? 0
        paused = answer.ContainersPaused ?? 0
        stopped = answer.ContainersStopped ?? 0
        images = answer.Images ?? 0
        os = answer.OperatingSystem ?? ""
        osType = answer.OSType ?? ""
        architecture = answer.Architecture ?? ""
        kernel = answer.KernelVersion ?? ""
        systemTime = answer.SystemTime.flatMap(Date.init(engineTime:))
        cgroupVersion = answer.CgroupVersion ?? "1"
        storageDriver = answer.Driver ?? ""
        loggingDriver = answer.LoggingDriver ?? ""
        rootDirectory = answer.DockerRootDir ?? ""
        volumeDrivers = answer.Plugins?.Volume ?? []
        swarm = answer.Swarm?.LocalNodeState ?? ""
        networkDrivers = answer.Plugins?.Network ?? []
        warnings = answer.Warnings ?? []
    }
}
