import EngineAPI

/// What a container is made of and how it behaves. Shared by all containers that are alike.
final class Spec: Sendable {
    /// How a container's main process ends when nobody ends it.
    enum Fate: Sendable {
        case runs
        /// Ends after a while with an exit code, every time.
        case ends(after: Nanoseconds, code: Int, outOfMemory: Bool)
    }

    /// What its health check finds.
    enum HealthPlan: Sendable {
        case none, well
        /// Well at first, then not any more: a restart helps for a minute.
        case failing
    }

    /// What it does when the demo begins.
    enum Beginning: Sendable {
        case running(since: Nanoseconds)
        case paused(since: Nanoseconds)
        case exited(ago: Nanoseconds)
        case created
    }

    /// What it uses, on average.
    struct Use: Sendable {
        /// Percent of a processor.
        var cpu = 1.0
        var memory = 64.0 * 1024 * 1024
        /// How far it swings around the average, from 0 to 1.
        var swing = 0.5
        /// Bytes a second.
        var received = 2000.0
        var sent = 2000.0
        var read = 0.0
        var written = 0.0
        var pids = 8
    }

    struct Port: Sendable {
        var inside: Int
        var outside: Int?
        var kind = "tcp"
    }

    struct Mount: Sendable {
        /// The volume's name; nil for one that the Engine named.
        var volume: String?
        var destination: String
        var isReadOnly = false
        /// Whether a volume that is empty gets what the image has there.
        var copies = true
    }

    let service: String
    let image: String
    let command: [String]
    let environment: [String]
    let user: String
    let ports: [Port]
    let mounts: [Mount]
    let networks: [String]
    let memoryLimit: Int
    let processors: Double
    let restartPolicy: String
    let tty: Bool
    let health: HealthPlan
    let fate: Fate
    let beginning: Beginning
    let use: Use
    let writing: Writing
    /// Between two places in its log where it may write.
    let period: Nanoseconds
    /// How long it takes to end when asked to; nil when it does not listen.
    let goodbye: Nanoseconds?
    /// The exit code after having been asked to end.
    let goodbyeCode: Int

    init(
        _ service: String, image: String, command: [String], environment: [String] = [], user: String = "",
        ports: [Port] = [], mounts: [Mount] = [], networks: [String] = ["shop_back"], memoryLimit: Int = 0,
        processors: Double = 0, restartPolicy: String = "unless-stopped", tty: Bool = false,
        health: HealthPlan = .none, fate: Fate = .runs, beginning: Beginning = .running(since: 3 * .day),
        use: Use = Use(), writing: Writing, perSecond: Double, goodbye: Nanoseconds? = 300 * .millisecond,
        goodbyeCode: Int = 0
    ) {
        self.service = service
        self.image = image
        self.command = command
        self.environment = environment
        self.user = user
        self.ports = ports
        self.mounts = mounts
        self.networks = networks
        self.memoryLimit = memoryLimit
        self.processors = processors
        self.restartPolicy = restartPolicy
        self.tty = tty
        self.health = health
        self.fate = fate
        self.beginning = beginning
        self.use = use
        self.writing = writing
        period = Nanoseconds(1e9 / perSecond)
        self.goodbye = goodbye
        self.goodbyeCode = goodbyeCode
    }

    /// The same with another way to behave.
    func behaving(_ writing: Writing, perSecond: Double, fate: Fate, goodbyeCode: Int) -> Spec {
        Spec(
            service, image: image, command: command, environment: environment, user: user, ports: ports,
            mounts: mounts, networks: networks, memoryLimit: memoryLimit, processors: processors,
            restartPolicy: restartPolicy, tty: tty, health: health, fate: fate, beginning: beginning,
            use: .init(cpu: 0.3, memory: 3 * 1024 * 1024, received: 40, sent: 20, pids: 1), writing: writing,
            perSecond: perSecond, goodbye: goodbye, goodbyeCode: goodbyeCode)
    }

    /// The same with other limits.
    func changed(memoryLimit: Int?, processors: Double?, restartPolicy: String?) -> Spec {
        Spec(
            service, image: image, command: command, environment: environment, user: user, ports: ports,
            mounts: mounts, networks: networks, memoryLimit: memoryLimit ?? self.memoryLimit,
            processors: processors ?? self.processors, restartPolicy: restartPolicy ?? self.restartPolicy, tty: tty,
            health: health, fate: fate, beginning: beginning, use: use, writing: writing,
            perSecond: 1e9 / Double(period), goodbye: goodbye, goodbyeCode: goodbyeCode)
    }

    /// Whether the Engine starts it again after it ended by itself.
    func startsAgain(after code: Int) -> Bool {
        switch restartPolicy {
        case "always", "unless-stopped": true
        case "on-failure": code != 0
        default: false
        }
    }
}
