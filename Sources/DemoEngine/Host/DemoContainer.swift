import EngineAPI

/// A container of the simulated host: what changes about it. What it is like is its ``Spec``.
struct DemoContainer: Sendable {
    /// From a start to an end.
    struct Run: Sendable {
        let start: Nanoseconds
        /// When the main process ended.
        var end: Nanoseconds?
        /// When it was asked to end.
        var askedToEnd: Nanoseconds?
        /// When it was killed outright: it ends a moment later.
        var doomed: Nanoseconds?
        /// When it is going to end by itself.
        var fate: Nanoseconds?
        var pauses: [Pause] = []
        /// Nanoseconds in which it was frozen, without the pauses that are still listed.
        var forgotten: Nanoseconds = 0

        init(start: Nanoseconds) { self.start = start }

        /// Whether it was told to end, and will.
        var isEnding: Bool { askedToEnd != nil || doomed != nil }

        /// Nothing but a last word is written after this.
        var quiet: Nanoseconds {
            min(askedToEnd ?? .max, doomed ?? .max, (fate ?? .max) - 2 * .millisecond, end ?? .max)
        }

        func wasPaused(at time: Nanoseconds) -> Bool { pauses.contains { $0.from <= time && time < $0.until } }
    }

    struct Pause: Sendable {
        var from: Nanoseconds
        var until: Nanoseconds = .max
    }

    /// An end that was asked for through the API.
    struct Stopping: Sendable {
        var startsAgain: Bool
    }

    /// A container that starts and ends for years must not grow: what is older is forgotten, as a rotated log is.
    static let runsKept = 24
    static let pausesKept = 32

    let index: Int
    let id: String
    var name: String
    var spec: Spec
    /// The identity of its image, whatever its name means by now.
    let imageID: String
    let seed: UInt64
    let created: Nanoseconds
    let project: String?
    /// Which of a service's containers it is, from 1.
    let number: Int
    /// The name of the volume that the Engine named for it, if any.
    let anonymousVolume: String?

    /// What one has that was made by a request; nil for those of the beginning.
    var own: Own?
    /// The names of its networks.
    var networks: [String]
    /// What it has in those of them where that was said, or where it has an address of its own choice.
    var endpoints: [String: DemoEndpoint] = [:]
    /// Why it could not be started.
    var error = ""
    /// How often it has ended.
    var ends = 0
    var state = ContainerState.created
    var exitCode = 0
    var outOfMemory = false
    var restartCount = 0
    var health = ContainerDetails.Health.Status.none
    var runs: [Run] = []
    /// How often it was started in all: runs are told apart by it.
    var starts = 0
    var stopping: Stopping?
    /// Whether its restart policy is out of force, because a person ended it.
    var heldDown = false
    /// What was planned for an older generation does not happen.
    var generation = 0

    init(
        index: Int, id: String, name: String, spec: Spec, imageID: String, seed: UInt64, created: Nanoseconds,
        project: String? = nil, number: Int = 1, anonymousVolume: String?, own: Own? = nil
    ) {
        self.index = index
        self.id = id
        self.name = name
        self.spec = spec
        self.imageID = imageID
        self.seed = seed
        self.created = created
        self.project = project
        self.number = number
        self.anonymousVolume = anonymousVolume
        self.own = own
        networks = spec.networks
    }

    var startedAt: Nanoseconds? { runs.last?.start }
    var finishedAt: Nanoseconds? { runs.last(where: { $0.end != nil })?.end }
    var isRunning: Bool { state == .running || state == .paused }

    /// Whether its ports are the host's as well.
    var publishes: Bool { project != nil || own != nil }

    /// The name that it has for itself.
    var hostname: String {
        own?.config["Hostname"]?.text.flatMap { $0.isEmpty ? nil : $0 } ?? String(id.prefix(12))
    }
    var binds: [Own.Bind] { own?.binds ?? [] }
    /// Where its programs begin.
    var directory: String {
        own?.config["WorkingDir"]?.text.flatMap { $0.isEmpty ? nil : $0 } ?? (own == nil ? "/app" : "/")
    }

    /// The number of the main process on the host.
    var pid: Int { isRunning ? 2000 + Int((seed &+ UInt64(starts) &* 7919) % 60_000) : 0 }

    /// Its labels as the list has them.
    var labels: [String: String] {
        if let own { return own.labels }
        var labels = [
            "org.opencontainers.image.title": spec.service,
            "org.opencontainers.image.version": String(spec.image.split(separator: ":").last ?? "latest"),
        ]
        if let project {
            labels["com.docker.compose.project"] = project
            labels["com.docker.compose.service"] = spec.service
            labels["com.docker.compose.container-number"] = String(number)
            labels["com.docker.compose.oneoff"] = "False"
            labels["com.docker.compose.version"] = "2.32.1"
            labels["com.docker.compose.project.working_dir"] = "/srv/\(project)"
            labels["com.docker.compose.project.config_files"] = "/srv/\(project)/compose.yaml"
        } else {
            labels["com.example.team"] = ["platform", "search", "data"][index % 3]
        }
        return labels
    }

    /// The words of the list: `Up 2 hours (healthy)`.
    func status(at now: Nanoseconds) -> String {
        let since = startedAt.map { (now - $0).inWords } ?? ""
        let ago = finishedAt.map { (now - $0).inWords } ?? ""
        return switch state {
        case .running:
            switch health {
            case .starting: "Up \(since) (health: starting)"
            case .healthy: "Up \(since) (healthy)"
            case .unhealthy: "Up \(since) (unhealthy)"
            case .none: "Up \(since)"
            }
        case .paused: "Up \(since) (Paused)"
        case .restarting: "Restarting (\(exitCode)) \(ago) ago"
        case .exited: "Exited (\(exitCode)) \(ago) ago"
        default: "Created"
        }
    }
}

extension DemoContainer {
    static let probeInterval: Nanoseconds = 10 * .second
    static let firstProbe: Nanoseconds = 5 * .second
    /// A failing one fails from here on; the third failure in a row makes it unhealthy.
    static let firstFailure: Nanoseconds = 45 * .second

    /// When its health changes after a start, and to what.
    static func healthChanges(_ plan: Spec.HealthPlan) -> [(after: Nanoseconds, ContainerDetails.Health.Status)] {
        switch plan {
        case .none: []
        case .well: [(firstProbe, .healthy)]
        case .failing: [(firstProbe, .healthy), (firstFailure + 2 * probeInterval, .unhealthy)]
        }
    }

    /// The last five health checks up to a moment, the oldest first, and how many in a row failed.
    func probes(at now: Nanoseconds) -> (log: [(start: Nanoseconds, fails: Bool)], streak: Int) {
        guard spec.health != .none, let run = runs.last else { return ([], 0) }
        let until = min(now, run.end ?? now)
        let last = Int((until - run.start - Self.firstProbe) / Self.probeInterval)
        guard until >= run.start + Self.firstProbe else { return ([], 0) }
        let firstFailing = Int((Self.firstFailure - Self.firstProbe) / Self.probeInterval)
        let log = (max(0, last - 4)...last).map { number in
            (
                run.start + Self.firstProbe + Nanoseconds(number) * Self.probeInterval,
                spec.health == .failing && number >= firstFailing
            )
        }
        return (log, spec.health == .failing ? max(0, last - firstFailing + 1) : 0)
    }
}
