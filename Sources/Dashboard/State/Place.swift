import EngineAPI
import Terminal

/// Where one was before one went to something related, to come back to.
struct Place: Sendable {
    /// More steps than so many are not gone back.
    static let most = 50

    let engine: EngineID
    let pane: PaneKind
    let focus: Focus
    let tab: DetailTab
    let zoomed: Bool
    /// The list that was left, and the one that was gone to, as they were.
    let left: ListState
    let target: PaneKind
    let targetList: ListState
}

extension State {
    /// Goes to rows of a pane: to one by selecting it, to several by showing nothing else.
    mutating func go(to rows: [ResourceID], in target: PaneKind, showing relation: Relation?) {
        guard let first = rows.first else { return }
        notePlace(before: target)
        show(target)
        self[list: target].awaited = nil
        self[list: target].follows = false
        if rows.count > 1 {
            self[list: target].relation = relation
            self[list: target].filter = ""
            self[list: target].onlyTrouble = false
        }
        settleRows()
        if rows.count == 1, !self.rows(target).contains(first) { showAll(target, because: first) }
        self[list: target].selected = first
        // In the middle of what is shown: one may want to see what it stands among.
        if rows.count > 1 { self[list: target].offset = 0 }
        keepSelectionVisible(target)
    }

    /// Goes to the events of a resource, and to those that come.
    mutating func showEvents(of id: ResourceID) {
        notePlace(before: .events)
        self[list: .events].relation = .of(id)
        self[list: .events].filter = ""
        self[list: .events].follows = true
        show(.events)
    }

    /// The same for rows that were looked up before: some may be gone.
    mutating func go(toThoseLeftOf rows: [ResourceID], in target: PaneKind, showing relation: Relation?) {
        let listed = Set(Pane.of(target).rows(engine))
        let left = rows.filter { listed.contains($0) }
        guard !left.isEmpty else { return tell(.note, rows.count == 1 ? "it is gone" : "they are gone") }
        go(to: left, in: target, showing: relation)
    }

    /// Takes away what hides a row.
    private mutating func showAll(_ kind: PaneKind, because row: ResourceID) {
        self[list: kind].filter = ""
        self[list: kind].relation = nil
        self[list: kind].onlyTrouble = false
        tell(.note, "\(Pane.of(kind).name(row, engine)) was hidden: all rows are shown")
        settleRows()
    }

    private mutating func notePlace(before target: PaneKind) {
        places.append(
            Place(
                engine: current, pane: pane, focus: focus, tab: tab, zoomed: zoomed, left: self[list: pane],
                target: target, targetList: self[list: target]))
        if places.count > Place.most { places.removeFirst() }
    }

    /// Goes back to where one came from; what is gone since hands over to its neighbour.
    mutating func goBack() {
        guard let place = places.popLast() else { return }
        current = place.engine
        self[list: place.target] = place.targetList
        self[list: place.pane] = place.left
        pane = place.pane
        tab = place.tab
        focus = place.focus
        zoomed = place.zoomed
        settleRows()
        for kind in Set([place.pane, place.target]) { keepSelectionVisible(kind) }
    }

    /// Shows the list of containers with one of them selected.
    mutating func go(to container: ContainerID) {
        guard engine.containers[container] != nil else { return tell(.note, "it is gone") }
        go(to: [.container(container)], in: .containers, showing: nil)
    }
}
