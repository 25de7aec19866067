import Collections
import EngineAPI

/// What happened at an Engine, the newest last, as far as it is kept.
struct EventHistory: Sendable {
    /// One thing that happened.
    struct Entry: Sendable, Identifiable {
        /// Counts from 0 as they arrive.
        let id: Int
        let event: EngineEvent
    }

    static let bound = 5_000
    private(set) var entries: Deque<Entry> = []
    private var next = 0
    /// How many made room for newer ones.
    var dropped: Int { next - entries.count }
    /// Changes when anything does.
    var version: Int { next }

    mutating func add(_ event: EngineEvent) {
        if entries.count == Self.bound { entries.removeFirst() }
        entries.append(Entry(id: next, event: event))
        next += 1
    }

    subscript(id: Int) -> EngineEvent? {
        guard let first = entries.first?.id, id >= first, id < next else { return nil }
        return entries[id - first].event
    }
}
