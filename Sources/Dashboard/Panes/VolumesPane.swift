import EngineAPI
import FoundationEssentials
import Terminal

extension Pane {
    static let volumes = Pane(
        kind: .volumes, title: "Volumes", key: "3", tabs: [.inspect, .users],
        columns: VolumeColumns.all,
        count: { $0.volumes.items.count },
        rows: { engine in engine.volumes.items.map { .volume($0.name) } },
        rowsVersion: { $0.volumes.version },
        searchText: { id, engine in
            guard let volume = engine.volume(id) else { return "" }
            return "\(volume.name) \(volume.driver)\(volume.isAnonymous ? " anonymous" : "")"
        },
        name: { id, engine in engine.volume(id).map { Sanitiser.clean($0.shownName) } ?? "" },
        summary: { engine in engine.volumesSize.map { Units.bytes(Double($0)) } ?? "" },
        mark: { id, engine in
            guard let volume = engine.volume(id) else { return Span(" ") }
            return engine.use(ofVolume: volume.name).mark
        },
        empty: { $0.engine.volumes.empty("volumes", "\($0.key(of: "volume.create")) creates one") })
}

extension VolumeUse {
    /// A shape before a colour: used by what runs, only by what is stopped, by nobody.
    var mark: Span {
        isEmpty ? Span("○", .endedWell) : running.isEmpty ? Span("◌", .created) : Span("●", .running)
    }
}

extension VolumeSummary {
    /// As much of its name as a person wants to read: one that the Engine made up is known by its beginning.
    var shownName: String { isAnonymous ? String(name.prefix(12)) : name }

    /// What its row says.
    var listedName: String { isAnonymous ? "\(shownName) anonymous" : name }
}

/// The columns of the volumes pane.
enum VolumeColumns {
    static let all = [name, driver, size, users, created, mountpoint, scope, project]

    static let name = Column(
        id: "name", title: "NAME", minimum: 22, maximum: 64, keep: 0, cut: .middle,
        order: { id, engine in .text(engine.volume(id)?.listedName ?? "") }, content: { $0.volumes.nameWidth }
    ) { id, state, _ in
        guard let volume = state.engine.volume(id) else { return [] }
        return [Span(volume.listedName, volume.isAnonymous ? .dim : nil)]
    }

    static let driver = Column(
        id: "driver", title: "DRIVER", minimum: 6, maximum: 12, keep: 4, order: { .text($1.volume($0)?.driver ?? "") }
    ) { id, state, _ in
        [Span(state.engine.volume(id)?.driver ?? "")]
    }

    static let size = Column(
        id: "size", title: "SIZE", minimum: 6, maximum: 6, keep: 2, alignment: .right,
        order: { id, engine in
            if let volume = engine.volume(id), case .bytes(let bytes) = engine.size(of: volume) {
                return .number(Double(bytes))
            }
            return .none
        }
    ) { id, state, _ in
        guard let volume = state.engine.volume(id) else { return [] }
        switch state.engine.size(of: volume) {
        case .asked: return [Span("…", .dim)]
        case .unknown: return [Span(Units.none, .dim)]
        case .bytes(let bytes): return [Span(Units.bytes(Double(bytes)))]
        }
    }

    /// Those that run first; a name with how many more where there is no room for all.
    static let users = Column(
        id: "users", title: "USED BY", minimum: 12, maximum: 40, keep: 1,
        order: { id, engine in
            SortValue(engine.volume(id).map { Double(engine.use(ofVolume: $0.name).all.count) })
        }
    ) { id, state, width in
        guard let volume = state.engine.volume(id) else { return [] }
        let use = state.engine.use(ofVolume: volume.name)
        guard !use.isEmpty else { return [Span("unused", .dim)] }
        return spans(of: use, state.engine, width)
    }

    static func spans(of use: VolumeUse, _ engine: EngineState, _ width: Int) -> [Span] {
        let count = use.running.count + use.stopped.count
        var spans: [Span] = []
        var used = 0
        var shown = 0
        for id in use.all.prefix(ResourceUsers.mostNames) {
            let isRunning = shown < use.running.count
            let name = Sanitiser.clean(engine.containers[id]?.name ?? id.short)
            // What does not run has its mark, and is dim.
            let text = (shown > 0 ? " " : "") + (isRunning ? name : "○ \(name)")
            let rest = count - shown - 1
            let more = rest > 0 ? " +\(rest)" : ""
            if shown > 0, used + TextWidth.of(text) + more.utf8.count > width { break }
            // The first one is cut rather than left out.
            let room = width - used - more.utf8.count
            spans.append(Span(TextWidth.of(text) > room ? cut(text, room) : text, isRunning ? nil : .dim))
            used += min(TextWidth.of(text), room)
            shown += 1
        }
        if count > shown { spans.append(Span(" +\(count - shown)", .dim)) }
        return spans
    }

    private static func cut(_ text: String, _ width: Int) -> String {
        var text = text[...]
        while !text.isEmpty, TextWidth.of(text) >= width { text.removeLast() }
        return text + "…"
    }

    static let created = Column(
        id: "created", title: "CREATED", minimum: 8, maximum: 16, keep: 3,
        order: { SortValue($1.volume($0)?.created?.timeIntervalSince1970) }
    ) { id, state, width in
        [Span(state.age(state.engine.volume(id)?.created, width))]
    }

    static let mountpoint = Column(
        id: "mountpoint", title: "MOUNTPOINT", minimum: 16, maximum: 60, keep: 5, cut: .middle
    ) {
        id, state, _ in
        [Span(state.engine.volume(id)?.mountpoint ?? "", .dim)]
    }

    static let scope = Column(
        id: "scope", title: "SCOPE", minimum: 6, maximum: 6, keep: 6, isExtra: true
    ) { id, state, _ in
        [Span(state.engine.volume(id)?.scope ?? "", .dim)]
    }

    static let project = Column(
        id: "project", title: "PROJECT", minimum: 10, maximum: 20, keep: 7, isExtra: true, cut: .middle
    ) { id, state, _ in
        [Span(state.engine.volume(id)?.labels[LogSubject.projectLabel] ?? "", .dim)]
    }
}

extension EngineState {
    func volume(_ id: ResourceID) -> VolumeSummary? {
        guard case .volume(let name) = id else { return nil }
        return volumes[name]
    }
}
