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
    fileprivate func value(_ container: Container, _ now: Date, _ freshness: Double, _ hostMemory: Int?) -> Double? {
        switch self {
        case .name, .image: return nil
        case .state:
            let isTroubled = container.isTroubled(at: now, freshness: freshness, hostMemory: hostMemory)
            return isTroubled ? 2 : container.isRunning ? 1 : 0
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
    mutating func take(_ containers: [ContainerID: Container], _ now: Date, freshness: Double, hostMemory: Int?) {
        taken = now
        values = [:]
        guard key.isFigure || key == .state || key == .created else { return }
        for container in containers.values {
            if let value = key.value(container, now, freshness, hostMemory) { values[container.id] = value }
        }
    }

    /// What decides where a container stands.
    fileprivate struct Row {
        let id: ContainerID
        let name: String
        let text: String
        let value: Double?
    }

    fileprivate func row(_ container: Container) -> Row {
        Row(
            id: container.id, name: container.name, text: key == .image ? container.summary.image : "",
            value: values.isEmpty ? nil : values[container.id])
    }

    /// What has no value stands last whichever way it is sorted; what is alike, by name.
    fileprivate func precedes(_ a: Row, _ b: Row) -> Bool {
        if a.text != b.text { return (a.text < b.text) != isReversed }
        switch (a.value, b.value) {
        case (let x?, let y?) where x != y: return (x > y) != isReversed
        case (.some, nil): return true
        case (nil, .some): return false
        default:
            if a.name == b.name { return a.id.rawValue < b.id.rawValue }
            return (a.name < b.name) != (isReversed && key == .name)
        }
    }

    /// The containers' ids in order.
    func sorted(_ containers: [ContainerID: Container]) -> [ContainerID] {
        containers.values.map { row($0) }.sorted { precedes($0, $1) }.map(\.id)
    }
}

extension EngineState {
    /// More new ones than this, and all are sorted anew.
    private static let fewAdded = 50

    /// Orders the containers: by what was taken a moment ago, so that those that are known keep their places.
    mutating func reorder() {
        let sorted = sort.sorted(containers)
        if sorted != order { order = sorted }
    }

    /// Puts new containers in their places and takes out those that have gone: all others stand where they stood.
    mutating func reorder(added: [ContainerID], gone: Set<ContainerID>) {
        guard added.count <= Self.fewAdded else { return reorder() }
        if !gone.isEmpty { order.removeAll { gone.contains($0) } }
        for id in added {
            guard let new = containers[id].map({ sort.row($0) }) else { continue }
            var places = order.startIndex..<order.endIndex
            while let middle = places.isEmpty ? nil : (places.lowerBound + places.upperBound) / 2 {
                guard let other = containers[order[middle]].map({ sort.row($0) }) else { return reorder() }
                places = sort.precedes(new, other) ? places.lowerBound..<middle : middle + 1..<places.upperBound
            }
            order.insert(id, at: places.lowerBound)
        }
    }

    /// Takes the figures of this moment and orders the containers by them.
    mutating func resort(_ now: Date) {
        sort.take(containers, now, freshness: sampling.freshness, hostMemory: info?.memory)
        reorder()
    }
}
