import EngineAPI
import Terminal

extension Pane {
    static let events = Pane(
        kind: .events, title: "Events", key: "5", tabs: [.inspect],
        columns: [
            Column(
                id: "time", title: "TIME", otherTitle: { $0.eventTimes == .utc ? "UTC" : nil }, minimum: 9, maximum: 13,
                keep: 0
            ) {
                id, state, width in
                guard let entry = state.engine.event(id) else { return [] }
                switch entry.what {
                case .event(let event): return [Span(EventWords.time(event.time, state, width: width), .dim)]
                case .gap(let since, _): return [Span(EventWords.time(since, state, width: width), .failure)]
                }
            },
            Column(id: "type", title: "TYPE", minimum: 9, maximum: 9, keep: 4) { id, state, _ in
                [Span(state.engine.event(id)?.event?.type ?? "", .dim)]
            },
            Column(id: "action", title: "ACTION", minimum: 10, maximum: 14, keep: 2) { id, state, _ in
                guard let entry = state.engine.event(id) else { return [] }
                return entry.event.map { [Span(EventWords.action($0))] } ?? [Span("away", .failure)]
            },
            Column(id: "who", title: "WHO", minimum: 14, maximum: 30, keep: 1, cut: .middle) { id, state, _ in
                guard let entry = state.engine.event(id) else { return [] }
                return entry.event.map { [Span($0.name)] } ?? [Span("the Engine", .failure)]
            },
            Column(id: "details", title: "DETAILS", minimum: 16, maximum: 120, keep: 3) { id, state, _ in
                guard let entry = state.engine.event(id) else { return [] }
                if case .gap(let since, let until) = entry.what {
                    let time = Units.shortDuration(until.timeIntervalSince(since))
                    return [Span("\(time): may miss some", .failure)]
                }
                return [Span(EventWords.details(of: entry), .dim)]
            },
        ],
        count: { $0.events.entries.count },
        rows: { engine in engine.events.entries.map { .event($0.id) } },
        rowsVersion: { $0.events.version },
        searchText: { id, engine in
            guard let entry = engine.event(id), let event = entry.event else { return "" }
            return "\(event.type) \(event.action) \(event.name) \(EventWords.details(of: entry))"
        },
        name: { id, engine in
            guard let entry = engine.event(id) else { return "" }
            return entry.event.map { Sanitiser.clean("\(EventWords.action($0)) \($0.name)") } ?? "away"
        },
        summary: { _ in "" },
        mark: { id, engine in engine.event(id).map { EventWords.mark(of: $0) } ?? Span(" ") },
        empty: { state in
            state.engine.events.entries.isEmpty
                ? "Nothing has happened yet that the Engine remembers. What starts, ends or changes from now on stands here."
                : "Nothing but exec, top and health checks has happened: \(state.key(of: "events.chatter")) shows them."
        })
}
