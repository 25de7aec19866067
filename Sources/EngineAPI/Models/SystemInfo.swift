import FoundationEssentials

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
    /// `systemd` or `cgroupfs`.
    public var cgroupDriver = ""
    /// `overlay2`, `btrfs`, …
    public var storageDriver = ""
    /// What that says of itself, in pairs.
    public var storageStatus: [[String]] = []
    /// Where logs go unless a container says otherwise.
    public var loggingDriver = ""
    /// Where the Engine keeps its data.
    public var rootDirectory = ""
    /// `inactive`, `active`, `pending`, `locked`, `error`.
    public var swarm = ""
    /// Whether it decides in its swarm.
    public var isSwarmManager = false
    /// What the Engine complains about.
    public var warnings: [String] = []
    /// The drivers there are, by kind: `Volume`, `Network`, `Log`, `Authorization`.
    public var plugins: [String: [String]] = [:]
    /// What makes volumes: `local`, and plug-ins.
    public var volumeDrivers: [String] {
        get { plugins["Volume"] ?? [] }
        set { plugins["Volume"] = newValue }
    }
    /// The drivers that networks can have; empty when the Engine does not say.
    public var networkDrivers: [String] {
        get { plugins["Network"] ?? [] }
        set { plugins["Network"] = newValue }
    }
    /// The runtimes there are, and the one that is used unless a container says otherwise.
    public var runtimes: [String] = []
    /// See `runtimes`.
    public var defaultRuntime = ""
    /// What shields containers: `name=seccomp,profile=default`.
    public var securityOptions: [String] = []
    /// Where images of Docker Hub are looked for first.
    public var registryMirrors: [String] = []
    /// The registries, and ranges of addresses of registries, that are talked to without TLS.
    public var insecureRegistries: [String] = []
    /// The Engine's own labels.
    public var labels: [String] = []
    /// Whether containers go on while the Engine does not run.
    public var liveRestore = false
    /// The proxies that pulls go through.
    public var proxies: [String] = []

    /// Nothing known.
    public init() {}
}

extension SystemInfo: Decodable {
    private struct Nothing: Decodable {
        init(from decoder: any Decoder) {}
    }
    private struct Answer: Decodable {
        struct SwarmInfo: Decodable {
            var LocalNodeState: String?
            var ControlAvailable: Bool?
        }
        struct Plugins: Decodable { var Volume, Network, Log, Authorization: [String]? }
        struct Registries: Decodable {
            struct Index: Decodable { var Secure: Bool? }
            var InsecureRegistryCIDRs, Mirrors: [String]?
            var IndexConfigs: [String: Index]?
        }
        var Name, ServerVersion, OperatingSystem, OSType, Architecture, KernelVersion, SystemTime: String?
        var CgroupVersion, CgroupDriver, Driver, LoggingDriver, DockerRootDir, DefaultRuntime: String?
        var HttpProxy, HttpsProxy, NoProxy: String?
        var NCPU, MemTotal, Containers, ContainersRunning, ContainersPaused, ContainersStopped, Images: Int?
        var Swarm: SwarmInfo?
        var Warnings, SecurityOptions, Labels: [String]?
        var DriverStatus: [[String]]?
        var Plugins: Plugins?
        var Runtimes: [String: Nothing]?
        var RegistryConfig: Registries?
        var LiveRestoreEnabled: Bool?
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
        cgroupDriver = answer.CgroupDriver ?? ""
        storageDriver = answer.Driver ?? ""
        storageStatus = answer.DriverStatus ?? []
        loggingDriver = answer.LoggingDriver ?? ""
        rootDirectory = answer.DockerRootDir ?? ""
        swarm = answer.Swarm?.LocalNodeState ?? ""
        isSwarmManager = answer.Swarm?.ControlAvailable ?? false
        warnings = answer.Warnings ?? []
        let kinds = [
            ("Volume", answer.Plugins?.Volume), ("Network", answer.Plugins?.Network), ("Log", answer.Plugins?.Log),
            ("Authorization", answer.Plugins?.Authorization),
        ]
        for (kind, names) in kinds { plugins[kind] = names.flatMap { $0.isEmpty ? nil : $0 } }
        runtimes = (answer.Runtimes ?? [:]).keys.sorted()
        defaultRuntime = answer.DefaultRuntime ?? ""
        securityOptions = answer.SecurityOptions ?? []
        registryMirrors = answer.RegistryConfig?.Mirrors ?? []
        let plain = (answer.RegistryConfig?.IndexConfigs ?? [:]).filter { $0.value.Secure == false }.keys.sorted()
        insecureRegistries = plain + (answer.RegistryConfig?.InsecureRegistryCIDRs ?? [])
        labels = answer.Labels ?? []
        liveRestore = answer.LiveRestoreEnabled ?? false
        proxies = [("http", answer.HttpProxy), ("https", answer.HttpsProxy), ("none for", answer.NoProxy)]
            .compactMap { kind, value in value.flatMap { $0.isEmpty ? nil : "\(kind) \($0)" } }
    }
}
