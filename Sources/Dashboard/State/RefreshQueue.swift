import EngineAPI
import FoundationEssentials

/// Lists that events have made untrue, waiting to be asked for: at most five requests a second.
struct RefreshQueue: Sendable {
    static let interval = 0.2
    /// An Engine that was silent for so long is asked whether it is still there.
    static let silence = 15.0
    /// Above so many single containers, and a quarter of all, the whole list is cheaper.
    static let bulk = 50
    /// No request asks for more single containers: their ids stand in its first line.
    static let most = 100

    var containers: Set<ContainerID> = []
    var panes: Set<PaneKind> = []
    /// What an event said of a container that its list has to say too.
    enum Told: Sendable {
        case ended, paused, unpaused

        init?(action: String) {
            switch action {
            case "die": self = .ended
            case "pause": self = .paused
            case "unpause": self = .unpaused
            default: return nil
            }
        }

        /// Whether a list with this state was made before it happened.
        func contradicts(_ state: ContainerState?) -> Bool {
            switch self {
            // Not one that is restarting: it ended, and the list knows.
            case .ended: state == .running || state == .paused
            case .paused: state == .running
            case .unpaused: state == .paused
            }
        }
    }

    /// What was told last of containers, and when: Engine 20.10 sends the event a moment before its list knows, a busy
    /// one seconds.
    var told: [ContainerID: (what: Told, since: Date)] = [:]
    /// For so many seconds a list that says something else is asked again, ever more rarely.
    static let doubt = 10.0
    /// When a list was last asked for, and when each kind was.
    var last: Date = .distantPast
    private var asked: [PaneKind: Date] = [:]
    /// When the list of all containers was asked for whose answer has not come: of ten thousand that takes its time.
    var wholeAsked: Date?
    static let netInterval = 60.0
    /// The answer to a list of all containers is waited for so long before it is asked for again.
    private static let patience = 30.0

    /// When the last full list arrived, or was asked for.
    var net: Date = .distantPast
    /// Whether a timer is already set.
    var scheduled = false

    var isEmpty: Bool { containers.isEmpty && panes.isEmpty }

    /// Takes out what is to be asked for next: one kind at a time, the one that was asked for longest ago.
    /// - Returns: the request; nil when there is none, or its turn has not come.
    mutating func takeNext(_ engine: EngineID, of all: Int, _ now: Date) -> Effect? {
        let waiting = PaneKind.listed.filter { panes.contains($0) || $0 == .containers && !containers.isEmpty }
        let isLate = wholeAsked.map { now.timeIntervalSince($0) < Self.patience } ?? false
        let wantsAll = panes.contains(.containers) || containers.count > max(Self.bulk, all / 4)
        let ready = waiting.filter { $0 != .containers || !(wantsAll && isLate) }
        guard let kind = ready.min(by: { asked[$0] ?? .distantPast < asked[$1] ?? .distantPast }) else { return nil }
        last = now
        asked[kind] = now
        panes.remove(kind)
        guard kind == .containers else { return .list(engine, kind) }
        if wantsAll {
            wholeAsked = now
            containers = []
            return .list(engine, .containers)
        }
        let some = Set(containers.prefix(Self.most))
        containers.subtract(some)
        return .listContainers(engine, some)
    }
}
