import EngineAPI
import FoundationEssentials
import Terminal

extension Pane {
    static let networks = Pane(
        kind: .networks, title: "Networks", key: "4", tabs: [.members, .inspect],
        columns: [
            Column(
                id: "name", title: "NAME", minimum: 14, maximum: 48, keep: 0, cut: .middle,
                order: { .text($1.network($0)?.name ?? "") }, content: { $0.networks.nameWidth }
            ) { id, state, _ in
                [Span(state.engine.network(id)?.name ?? "")]
            },
            Column(
                id: "driver", title: "DRIVER", minimum: 7, maximum: 12, keep: 1,
                order: { .text($1.network($0)?.driver ?? "") }, content: { widest($0, \.driver) }
            ) { id, state, _ in
                [Span(state.engine.network(id)?.driver ?? "")]
            },
            Column(
                id: "subnet", title: "SUBNET", minimum: 16, maximum: 40, keep: 2,
                order: { .text($1.network($0)?.subnets.first ?? "~") },
                content: { widest($0) { $0.subnets.joined(separator: " ") } }
            ) { id, state, _ in
                [Span(state.engine.network(id)?.subnets.joined(separator: " ") ?? "")]
            },
            Column(
                id: "users", title: "USED BY", minimum: 10, maximum: 24, keep: 3,
                order: { id, engine in
                    SortValue(engine.network(id).map { Double(engine.containersUsing(network: $0.name).count) })
                }
            ) { id, state, _ in
                guard let network = state.engine.network(id) else { return [] }
                let names = state.engine.containersUsing(network: network.name)
                return [names.isEmpty ? Span("unused", .dim) : Span(names.joined(separator: " "))]
            },
            Column(
                id: "flags", title: "FLAGS", minimum: 11, maximum: 24, keep: 4,
                content: { widest($0) { $0.flags.joined(separator: " ") } }
            ) { id, state, width in
                let flags = state.engine.network(id)?.flags ?? []
                let all = flags.joined(separator: " ")
                // The first, and how many more there are, rather than a part of a word.
                let short = flags.count > 1 ? "\(flags[0]) +\(flags.count - 1)" : all
                return [Span(TextWidth.of(all) > width ? short : all, .dim)]
            },
            Column(
                id: "gateway", title: "GATEWAY", minimum: 11, maximum: 40, keep: 5,
                content: { widest($0) { $0.gateways.joined(separator: " ") } }
            ) { id, state, _ in
                [Span(state.engine.network(id)?.gateways.joined(separator: " ") ?? "", .dim)]
            },
            Column(
                id: "scope", title: "SCOPE", minimum: 6, maximum: 6, keep: 6,
                order: { .text($1.network($0)?.scope ?? "") }
            ) { id, state, _ in
                [Span(state.engine.network(id)?.scope ?? "", .dim)]
            },
            Column(id: "id", title: "ID", minimum: 12, maximum: 12, keep: 7) { id, state, _ in
                [Span(state.engine.network(id).map { shortID($0.id) } ?? "", .dim)]
            },
            Column(
                id: "created", title: "CREATED", minimum: 8, maximum: 16, keep: 8, isExtra: true,
                order: { SortValue($1.network($0)?.created?.timeIntervalSince1970) }
            ) { id, state, width in
                [Span(state.age(state.engine.network(id)?.created, width), .dim)]
            },
            Column(
                id: "project", title: "PROJECT", minimum: 10, maximum: 20, keep: 9, isExtra: true, cut: .middle
            ) { id, state, _ in
                [Span(state.engine.network(id)?.labels[LogSubject.projectLabel] ?? "", .dim)]
            },
        ],
        count: { $0.networks.items.count },
        rows: { engine in engine.networks.items.map { .network($0.id) } },
        rowsVersion: { $0.networks.version },
        searchText: { id, engine in
            engine.network(id).map { "\($0.name) \($0.driver) \($0.subnets.joined(separator: " ")) \($0.id)" } ?? ""
        },
        name: { id, engine in engine.network(id).map { Sanitiser.clean($0.name) } ?? "" },
        summary: { _ in "" },
        mark: { id, engine in
            guard let network = engine.network(id) else { return Span(" ") }
            return engine.containersUsing(network: network.name).isEmpty ? Span("○", .endedWell) : Span("●", .running)
        },
        empty: { $0.engine.networks.empty("networks", "\($0.key(of: "network.create")) creates one") })

    private static func widest(_ engine: EngineState, _ text: (NetworkSummary) -> String) -> Int {
        engine.networks.items.reduce(0) { max($0, TextWidth.of(text($1))) }
    }
}

extension EngineState {
    func network(_ id: ResourceID) -> NetworkSummary? {
        guard case .network(let id) = id else { return nil }
        return networks[id]
    }
}
