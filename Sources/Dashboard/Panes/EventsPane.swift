import EngineAPI
import Terminal

extension Pane {
    static let events = Pane(
        kind: .events, title: "Events", key: "5", tabs: [.inspect],
        columns: [
            Column(title: "CREATED", minimum: 8, maximum: 16, keep: 0) { id, state, width in
                [Span(state.age(state.engine.event(id)?.time, width))]
            },
            Column(title: "TYPE", minimum: 9, maximum: 9, keep: 1) { id, state, _ in
                [Span(state.engine.event(id)?.type ?? "")]
            },
            Column(title: "ACTION", minimum: 8, maximum: 24, keep: 2) { id, state, _ in
                [Span(state.engine.event(id)?.action ?? "")]
            },
            Column(title: "NAME", minimum: 12, maximum: 64, keep: 3) { id, state, _ in
                [Span(state.engine.event(id)?.name ?? "")]
            },
        ],
        count: { $0.events.entries.count },
        rows: { engine in engine.events.entries.reversed().map { .event($0.id) } },
        rowsVersion: { $0.events.version },
        searchText: { id, engine in engine.event(id).map { "\($0.type) \($0.action) \($0.name)" } ?? "" },
        name: { id, engine in engine.event(id).map { Sanitiser.clean("\($0.type) \($0.action) \($0.name)") } ?? "" },
        summary: { _ in "" },
        mark: { _, _ in Span(" ") },
        empty: { _ in "Nothing has happened yet." })
}

extension EngineEvent {
    /// The name of what it happened to, or what is known of it instead.
    var name: String { attributes["name"] ?? shortID(actorID) }
}

extension EngineState {
    func event(_ id: ResourceID) -> EngineEvent? {
        guard case .event(let number) = id else { return nil }
        return events[number]
    }
}
