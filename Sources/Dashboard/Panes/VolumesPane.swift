import EngineAPI
import FoundationEssentials
import Terminal

extension Pane {
    static let volumes = Pane(
        kind: .volumes, title: "Volumes", key: "3", tabs: [.inspect],
        columns: [
            Column(
                title: "NAME", minimum: 16, maximum: 64, keep: 0, cut: .middle, content: { $0.volumes.nameWidth }
            ) { id, state, _ in
                [Span(state.engine.volume(id)?.name ?? "")]
            },
            Column(title: "DRIVER", minimum: 6, maximum: 12, keep: 1) { id, state, _ in
                [Span(state.engine.volume(id)?.driver ?? "")]
            },
            Column(title: "USED BY", minimum: 10, maximum: 24, keep: 2) { id, state, _ in
                guard let volume = state.engine.volume(id) else { return [] }
                let names = state.engine.containersUsing(volume: volume.name)
                return [names.isEmpty ? Span("unused", .dim) : Span(names.joined(separator: " "))]
            },
            Column(title: "CREATED", minimum: 8, maximum: 16, keep: 3) { id, state, width in
                [Span(state.age(state.engine.volume(id)?.created, width))]
            },
            Column(title: "MOUNTPOINT", minimum: 16, maximum: 60, keep: 4, cut: .middle) { id, state, _ in
                [Span(state.engine.volume(id)?.mountpoint ?? "", .dim)]
            },
        ],
        count: { $0.volumes.items.count },
        rows: { engine in engine.volumes.items.map { .volume($0.name) } },
        rowsVersion: { $0.volumes.version },
        searchText: { id, engine in engine.volume(id).map { "\($0.name) \($0.driver)" } ?? "" },
        name: { id, engine in engine.volume(id).map { Sanitiser.clean($0.name) } ?? "" },
        summary: { _ in "" },
        mark: { id, engine in
            guard let volume = engine.volume(id) else { return Span(" ") }
            return engine.containersUsing(volume: volume.name).isEmpty ? Span("○", .endedWell) : Span("●", .running)
        },
        empty: { $0.volumes.empty("volumes") })
}

extension EngineState {
    func volume(_ id: ResourceID) -> VolumeSummary? {
        guard case .volume(let name) = id else { return nil }
        return volumes[name]
    }
}
