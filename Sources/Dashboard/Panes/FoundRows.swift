import EngineAPI
import FoundationEssentials
import Terminal

/// The rows of a pane, and what they were found from: while that is the same, so are they.
struct FoundRows: Sendable {
    struct Source: Sendable, Hashable {
        let engine: EngineID
        let version: Int
        let filter: String
        let onlyTrouble: Bool
        let relation: Relation?
        /// Changes when what a relation is found from does; 0 without one.
        let relations: Int
        /// Whether events are shown that say little.
        let showsChatter: Bool
        /// Changes when what the filter asks for besides the list does; 0 where it asks for nothing else.
        let needs: Int
        let sort: RowSort?
    }

    var source: Source
    var rows: [ResourceID]
    /// The rows whose figures are as the filter wants them, and as of which time; nil when it wants none.
    var byFigures: (turn: Int, rows: Set<ResourceID>)?
    /// Which events were looked through, of the events' pane.
    var events: Range<Int>?
}

extension State {
    /// The rows of a pane as they stand, filter applied.
    func rows(_ kind: PaneKind) -> [ResourceID] {
        if let found = foundRows[kind.rawValue], found.source == source(of: kind) { return found.rows }
        if kind == .events { return eventRows(from: engine.events.first, engine.events, source(of: .events)) }
        return find(kind).rows
    }

    /// Finds the rows of every pane once, where they may be others than before: everybody else only reads them.
    mutating func settleRows() {
        // Once for all that ask who uses something: lists, their details, what lies over them, filters.
        let kinds: [PaneKind] = [.images, .volumes, .networks]
        let asks =
            kinds.contains(pane) || pane == .system || !layers.isEmpty
            || layout.panes.contains { kinds.contains($0.kind) && $0.rows.height > 0 }
            || lists.contains { $0.value.needs.contains(.users) }
            || remembered.sorts.contains { $0.value.column == "users" }
        if asks { engine.findUsers() }
        for kind in PaneKind.allCases {
            guard kind != .events else {
                settleEvents()
                continue
            }
            guard foundRows[kind.rawValue]?.source != source(of: kind) else { continue }
            foundRows[kind.rawValue] = find(kind)
        }
        settleMarked()
    }

    func source(of kind: PaneKind) -> FoundRows.Source {
        let list = self[list: kind]
        return FoundRows.Source(
            engine: current, version: Pane.of(kind).rowsVersion(engine), filter: list.filter,
            onlyTrouble: kind == .containers && list.onlyTrouble, relation: list.relation,
            // Who uses something, and what it takes, may be what the rows are sorted by.
            relations: kind == .events || list.relation == nil && remembered.sorts[kind] == nil
                ? 0 : engine.relationsVersion &+ engine.disk.answers,
            showsChatter: kind == .events && showsChatter, needs: stamp(of: list.needs), sort: remembered.sorts[kind])
    }

    private func stamp(of needs: FilterField.Needs) -> Int {
        guard !needs.isEmpty else { return 0 }
        return (needs.contains(.figures) ? filterTurn.number : 0) &+ (needs.contains(.users) ? engine.rowsVersion : 0)
            &+ (needs.contains(.disk) ? engine.disk.answers : 0)
    }

    /// What a filter looks at rows with.
    var filterLook: FilterField.Look {
        FilterField.Look(engine: engine, at: engine.engineTime(now), cpuOfHost: settings.cpuOfHost)
    }

    private func find(_ kind: PaneKind) -> FoundRows {
        let pane = Pane.of(kind)
        let list = self[list: kind]
        let look = filterLook
        let engine = look.engine
        let all = sorted(pane.rows(engine), of: kind)
        var found = FoundRows(source: source(of: kind), rows: all)
        if kind == .containers && list.onlyTrouble { found.rows = all.filter { engine.isTroubled($0) } }
        if let relation = list.relation {
            let related = engine.rows(relation, in: kind)
            found.rows = found.rows.filter { related.contains($0) }
        }
        guard !list.filter.isEmpty else { return found }
        var filter = RowFilter(list.filter, kind)
        guard filter.hasFigures else {
            found.rows = found.rows.filter { filter.lets($0, look) }
            return found
        }
        let turn = filterTurn.number
        let before = foundRows[kind.rawValue]
        let wanted: Set<ResourceID>
        if let known = before?.byFigures, known.turn == turn, before?.source.filter == list.filter {
            wanted = known.rows
        } else {
            wanted = Set(all.filter { filter.lets($0, look, figures: true) })
        }
        found.byFigures = (turn, wanted)
        found.rows = found.rows.filter { wanted.contains($0) && filter.lets($0, look, figures: false) }
        return found
    }

    /// Looks at figures anew for the filters that ask for them, when it is time.
    /// - Returns: whether rows may have come or gone.
    mutating func turnFilters() -> Bool {
        guard now.timeIntervalSince(filterTurn.at) >= ContainerSort.interval,
            lists.contains(where: { $0.value.needs.contains(.figures) })
        else { return false }
        filterTurn = (filterTurn.number + 1, now)
        return true
    }

    /// The selected row's index, or nil when nothing is selected.
    func selectedIndex(_ kind: PaneKind, in rows: [ResourceID]) -> Int? {
        guard let selected = self[list: kind].selected else { return nil }
        let guess = self[list: kind].index
        if guess < rows.count, rows[guess] == selected { return guess }
        return rows.firstIndex(of: selected)
    }
}

extension Listing {
    /// What is said where there are none, with what makes one.
    func empty(_ what: String, _ makes: String) -> String {
        if let error { return "The \(what) could not be listed: \(error.message)" }
        return loaded ? "No \(what). \(makes)." : "Listing \(what) …"
    }
}
