import EngineAPI
import FoundationEssentials

/// What several containers use together.
///
/// Of those that have not been asked for a while nothing is known: a sum says how many it is of.
struct Totals: Hashable, Sendable {
    /// The containers that have processes, and so use anything.
    private(set) var containers = 0
    /// Those whose figures are fresh, and so are in the sums.
    private(set) var fresh = 0
    /// Percent of one core; nil, as all others, while nobody has such a figure.
    private(set) var cpu: Double?
    /// Bytes.
    private(set) var memory: Double?
    /// Bytes per second.
    private(set) var received: Double?
    private(set) var sent: Double?
    private(set) var read: Double?
    private(set) var written: Double?
    private(set) var pids: Double?

    /// Adds a container, as of a moment of the Engine's clock; its figures count for `freshness` seconds.
    mutating func add(_ container: Container, at now: Date, freshness: Double) {
        guard container.hasProcesses else { return }
        containers += 1
        // Without a rate it has only just been asked for the first time.
        guard let usage = container.freshUsage(at: now, freshness: freshness), usage.cpu != nil else { return }
        fresh += 1
        func add(_ value: Double?, _ sum: inout Double?) {
            if let value { sum = (sum ?? 0) + value }
        }
        add(usage.cpu, &cpu)
        add(usage.memory, &memory)
        add(usage.received, &received)
        add(usage.sent, &sent)
        add(usage.read, &read)
        add(usage.written, &written)
        add(usage.pids, &pids)
    }
}

extension Container {
    /// One that waits for its next start uses nothing.
    fileprivate var hasProcesses: Bool { state == .running || state == .paused }

    /// The newest figures, unless they are too old to tell how it is.
    func freshUsage(at now: Date, freshness: Double) -> Usage? {
        guard hasProcesses, let usage = usage.latest, now.timeIntervalSince(usage.at) < freshness else { return nil }
        return usage
    }
}

/// What containers use up, as far as the largest consumers of it are listed.
enum Consumption: Int, CaseIterable, Sendable {
    case cpu, memory, network, disk

    var title: String {
        switch self {
        case .cpu: "CPU"
        case .memory: "Memory"
        case .network: "Network, both ways"
        case .disk: "Disk, both ways"
        }
    }

    func value(_ usage: Usage) -> Double? {
        switch self {
        case .cpu: usage.cpu
        case .memory: usage.memory
        case .network: usage.received.map { $0 + (usage.sent ?? 0) }
        case .disk: usage.read.map { $0 + (usage.written ?? 0) }
        }
    }

    func value(_ totals: Totals) -> Double? {
        switch self {
        case .cpu: totals.cpu
        case .memory: totals.memory
        case .network: totals.received.map { $0 + (totals.sent ?? 0) }
        case .disk: totals.read.map { $0 + (totals.written ?? 0) }
        }
    }

    /// What is less than this is shown as zero, and makes nobody a consumer.
    fileprivate var least: Double { self == .cpu ? 0.05 : 1 }
}

/// Totals and top consumers, as the layer shows them.
struct TotalsView: Sendable {
    /// One container among the top consumers of something.
    struct Row: Hashable, Sendable {
        let of: Consumption
        let container: ContainerID
    }

    static let most = 5
    /// Rows move at most this often, in seconds.
    static let interval = 2.0

    /// Of the containers that are marked; nil when none is.
    private(set) var marked: Totals?
    /// Of the compose project of the selected container; nil when it is in none.
    private(set) var project: (name: String, totals: Totals)?
    /// The largest consumers, by consumption, the largest first.
    private(set) var rows: [Row] = []
    private var taken: Date = .distantPast
    /// Where the selection is: on its container, wherever that one stands.
    private(set) var chosen: Row?
    /// Where it stood, so that a row that goes hands over to its neighbour.
    private var index = 0

    /// Sums up anew, and finds the top consumers when it is time.
    mutating func take(_ state: State) {
        let engine = state.engine
        let now = engine.engineTime(state.now)
        let freshness = engine.sampling.freshness
        func sum(_ containers: some Sequence<Container>) -> Totals {
            var totals = Totals()
            for container in containers { totals.add(container, at: now, freshness: freshness) }
            return totals
        }
        let chosen = state.markedContainers
        marked = chosen.isEmpty ? nil : sum(chosen.lazy.compactMap { engine.containers[$0] })
        project = nil
        let label = LogSubject.projectLabel
        if let name = state.selectedContainer?.summary.labels[label] {
            project = (name, sum(engine.containers.values.lazy.filter { $0.summary.labels[label] == name }))
        }
        let isDue = state.now.timeIntervalSince(taken) >= Self.interval
        let gone = rows.contains { engine.containers[$0.container]?.freshUsage(at: now, freshness: freshness) == nil }
        guard isDue || gone else { return }
        taken = state.now
        let figures = engine.containers.values.compactMap { container in
            container.freshUsage(at: now, freshness: freshness).map { (container.id, container.name, $0) }
        }
        rows = []
        for of in Consumption.allCases {
            var users: [(value: Double, name: String, id: ContainerID)] = []
            for (id, name, usage) in figures {
                if let value = of.value(usage), value >= of.least { users.append((value, name, id)) }
            }
            users.sort { $0.value == $1.value ? $0.name < $1.name : $0.value > $1.value }
            rows += users.prefix(Self.most).map { Row(of: of, container: $0.id) }
        }
        settle()
    }

    /// Moves the selection to a row.
    mutating func choose(_ number: Int) {
        if rows.indices.contains(number) { move(number - (chosen.flatMap { rows.firstIndex(of: $0) } ?? 0)) }
    }

    /// Moves the selection by rows, from one consumption into the next.
    mutating func move(_ step: Int) {
        guard !rows.isEmpty else { return }
        index = min(max(0, index + step), rows.count - 1)
        chosen = rows[index]
    }

    /// Moves the selection to the first row of the consumption before or after that has any.
    mutating func turn(_ step: Int) {
        guard let here = chosen?.of else { return }
        let there = rows.filter { step > 0 ? $0.of.rawValue > here.rawValue : $0.of.rawValue < here.rawValue }
        guard let of = step > 0 ? there.first?.of : there.last?.of, let first = rows.firstIndex(where: { $0.of == of })
        else { return }
        index = first
        chosen = rows[first]
    }

    private mutating func settle() {
        if let chosen, let there = rows.firstIndex(of: chosen) {
            index = there
        } else {
            index = min(index, max(0, rows.count - 1))
            chosen = rows.isEmpty ? nil : rows[index]
        }
    }
}

extension State {
    /// Sums up what all containers use, once a second; the rest only while somebody looks at it.
    mutating func sumUp() {
        let now = engine.engineTime(now)
        let freshness = engine.sampling.freshness
        var totals = Totals()
        for container in engine.containers.values { totals.add(container, at: now, freshness: freshness) }
        engine.totals = totals
        for index in layers.indices {
            guard case .totals(var view) = layers[index] else { continue }
            view.take(self)
            layers[index] = .totals(view)
        }
    }

    /// Opens the layer with totals and top consumers.
    mutating func showTotals() {
        layers.append(.totals(TotalsView()))
        sumUp()
    }
}
