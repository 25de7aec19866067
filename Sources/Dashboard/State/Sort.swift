import EngineAPI
import FoundationEssentials

/// What the containers are sorted by.
enum SortKey: String, CaseIterable, Sendable {
    case name, state, cpu, memory, network, disk, logLines, created, image

    var title: String {
        switch self {
        case .name: "name"
        case .state: "state, trouble first"
        case .cpu: "CPU"
        case .memory: "memory"
        case .network: "network, both ways"
        case .disk: "disk, both ways"
        case .logLines: "log lines a second"
        case .created: "creation, newest first"
        case .image: "image"
        }
    }

    /// Whether its values change by themselves: then rows move only now and then.
    var isFigure: Bool { [.cpu, .memory, .network, .disk, .logLines].contains(self) }

    /// The value of a container, the largest first; nil stands last.
    fileprivate func value(_ container: Container, _ now: Date, _ freshness: Double) -> Double? {
        switch self {
        case .name, .image: return nil
        case .state:
            return container.troubles(at: now, freshness: freshness).isEmpty ? (container.isRunning ? 1 : 0) : 2
        case .created: return container.summary.created.timeIntervalSince1970
        case .logLines: return container.lineRate.latest.map(Double.init)
        case .cpu, .memory, .network, .disk:
            guard container.isRunning, let usage = container.usage.latest else { return nil }
            switch self {
            case .cpu: return usage.cpu
            case .memory: return usage.memory
            case .network: return usage.received.map { $0 + (usage.sent ?? 0) }
            default: return usage.read.map { $0 + (usage.written ?? 0) }
            }
        }
    }
}

/// How the containers are sorted, by the values they had a moment ago.
struct ContainerSort: Sendable {
    /// Rows move at most this often, in seconds, because figures change.
    static let interval = 2.0

    var key = SortKey.name
    var isReversed = false
    /// The values that the rows stand by, and when they were taken.
    private var values: [ContainerID: Double] = [:]
    private var taken: Date = .distantPast

    /// Whether it is time to take values again.
    func isDue(_ now: Date) -> Bool {
        (key.isFigure || key == .state) && now.timeIntervalSince(taken) >= Self.interval
    }

    /// Takes the values of this moment.
    mutating func take(_ containers: [ContainerID: Container], _ now: Date, freshness: Double) {
        taken = now
        values = containers.compactMapValues { key.value($0, now, freshness) }
    }

    /// The containers' ids in order.
    func sorted(_ containers: [ContainerID: Container]) -> [ContainerID] {
        struct Row {
            let id: ContainerID
            let name: String
            let text: String
            let value: Double?
        }
        let rows = containers.values.map { container in
            Row(
                id: container.id, name: container.name, text: key == .image ? container.summary.image : "",
                value: values[container.id])
        }
        // What has no value stands last whichever way it is sorted; what is alike, by name.
        return rows.sorted { a, b in
            if a.text != b.text { return (a.text < b.text) != isReversed }
            switch (a.value, b.value) {
            case (let x?, let y?) where x != y: return (x > y) != isReversed
            case (.some, nil): return true
            case (nil, .some): return false
            default:
                let byName = (a.name, a.id.rawValue) < (b.name, b.id.rawValue)
                return key == .name ? byName != isReversed : byName
            }
        }
        .map(\.id)
    }
}

extension EngineState {
    /// Orders the containers: by what was taken a moment ago, so that those that are known keep their places.
    mutating func reorder() { order = sort.sorted(containers) }

    /// Takes the figures of this moment and orders the containers by them.
    mutating func resort(_ now: Date) {
        sort.take(containers, now, freshness: sampling.freshness)
        reorder()
    }
}
