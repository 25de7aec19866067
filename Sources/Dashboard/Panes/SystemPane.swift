import EngineAPI
import Terminal

/// What the system's pane has a row for.
enum SystemPart: Int, CaseIterable, Sendable {
    case engine, images, containers, volumes, buildCache, registries

    var title: String {
        switch self {
        case .engine: "Engine"
        case .images: "Images"
        case .containers: "Containers"
        case .volumes: "Volumes"
        case .buildCache: "Build cache"
        case .registries: "Registries"
        }
    }
}

extension Pane {
    static let system = Pane(
        kind: .system, title: "System", key: "6", tabs: [.inspect],
        columns: [
            Column(id: "part", title: "PART", minimum: 11, maximum: 14, keep: 0) { id, _, _ in
                guard case .system(let part) = id else { return [] }
                return [Span(part.title)]
            },
            Column(id: "total", title: "TOTAL", minimum: 5, maximum: 6, keep: 3, alignment: .right) { id, state, _ in
                state.diskCell(id) { Units.quantity($0.total) }
            },
            Column(id: "active", title: "ACTIVE", minimum: 6, maximum: 6, keep: 4, alignment: .right) { id, state, _ in
                state.diskCell(id) { Units.quantity($0.active) }
            },
            Column(id: "size", title: "SIZE", minimum: 6, maximum: 6, keep: 1, alignment: .right) { id, state, _ in
                state.diskCell(id) { Units.bytes(Double($0.size)) }
            },
            Column(id: "reclaimable", title: "RECLAIMABLE", minimum: 12, maximum: 13, keep: 2, alignment: .right) {
                id, state, _ in
                state.diskCell(id) { figure in
                    let percent = figure.percent.map { "\($0) %" } ?? ""
                    let bytes = Units.bytes(Double(figure.reclaimable))
                    return percent.isEmpty
                        ? bytes : "\(bytes) \(String(repeating: " ", count: 5 - percent.count))\(percent)"
                }
            },
            Column(id: "state", title: "STATE", minimum: 9, maximum: 60, keep: 5) { id, state, width in
                guard case .system(let part) = id else { return [] }
                return [state.systemState(part)]
            },
        ],
        count: { _ in SystemPart.allCases.count },
        rows: { _ in SystemPart.allCases.map { .system($0) } },
        rowsVersion: { _ in 0 },
        searchText: { id, _ in
            guard case .system(let part) = id else { return "" }
            return part.title
        },
        name: { id, _ in
            guard case .system(let part) = id else { return "" }
            return part.title
        },
        summary: { engine in engine.disk.total.map { Units.bytes(Double($0)) } ?? "" },
        mark: { id, state in
            guard case .system(.engine) = id else { return Span(" ") }
            return state.info?.warnings.isEmpty ?? true ? Span(" ") : Span("!", .note)
        },
        empty: { _ in "" })
}

extension State {
    fileprivate func diskCell(_ id: ResourceID, _ words: (DiskFigure) -> String) -> [Span] {
        guard case .system(let part) = id, part != .engine, part != .registries else { return [] }
        if let figure = engine.disk.figures[part] { return [Span(words(figure))] }
        return [engine.disk.askedSince == nil ? Span(Units.none) : Span("…", .dim)]
    }

    /// How a part stands, or how old its figures are.
    fileprivate func systemState(_ part: SystemPart) -> Span {
        switch part {
        case .engine:
            guard let info = engine.info else { return Span("") }
            var words = [info.serverVersion, info.storageDriver].filter { !$0.isEmpty }
            if info.swarm == "active" { words.append("swarm") }
            if !info.warnings.isEmpty {
                words.append("\(info.warnings.count) warning\(info.warnings.count == 1 ? "" : "s")")
            }
            return Span(Sanitiser.clean(words.joined(separator: " · ")), info.warnings.isEmpty ? nil : .note)
        case .registries:
            if let since = registries.askedSince {
                return Span("asked for \(Units.shortDuration(now.timeIntervalSince(since)))", .acting)
            }
            guard registries.at != nil else { return Span("looked up when chosen", .dim) }
            if registries.error != nil { return Span("not known", .failure) }
            let count = registries.logins.count { if case .loggedIn = $0.outcome { true } else { false } }
            let failed = registries.logins.contains { if case .failed = $0.outcome { true } else { false } }
            return Span(count == 0 ? "not logged in" : "\(count) logged in", failed ? .failure : nil)
        default:
            if let since = engine.disk.askedSince {
                return Span("asked for \(Units.shortDuration(now.timeIntervalSince(since)))", .acting)
            }
            if engine.disk.error != nil { return Span("could not be read", .failure) }
            return Span(engine.disk.at.map { Units.shortDuration(now.timeIntervalSince($0)) + " ago" } ?? "", .dim)
        }
    }
}
