import EngineAPI

/// The marked rows of the shown pane, as far as they are listed, found once an event: many commands ask at every frame
/// what they are about, and there may be ten thousand.
struct MarkedRows: Sendable {
    fileprivate struct Source: Hashable, Sendable {
        let pane: PaneKind
        let rows: FoundRows.Source
        let marks: Int
        let actions: Int
    }

    fileprivate let source: Source
    let rows: [ResourceID]
    /// What the marked containers are doing that nothing is being done to.
    let idleStates: Set<ContainerState>

    fileprivate init(_ source: Source, _ state: State) {
        self.source = source
        rows = state.rows(source.pane).filter { state.marked.contains($0) }
        idleStates = source.pane == .containers ? Self.idleStates(rows, state.engine.containers) : []
    }

    private static func idleStates(
        _ rows: [ResourceID], _ containers: [ContainerID: Container]
    ) -> Set<ContainerState> {
        var states: Set<ContainerState> = []
        for case .container(let id) in rows {
            guard let container = containers[id], container.action == nil else { continue }
            states.insert(container.state)
        }
        return states
    }
}

extension State {
    private var markedSource: MarkedRows.Source {
        MarkedRows.Source(pane: pane, rows: source(of: pane), marks: marks, actions: engine.actions)
    }

    /// Finds the marked rows of the shown pane, where they may be others than before.
    mutating func settleMarked() {
        guard !marked.isEmpty else { return foundMarked = nil }
        let source = markedSource
        if foundMarked?.source != source { foundMarked = MarkedRows(source, self) }
    }

    /// The marked rows of the shown pane; nil when none of them are listed.
    var shownMarked: MarkedRows? {
        guard !marked.isEmpty else { return nil }
        let source = markedSource
        let found = foundMarked.flatMap { $0.source == source ? $0 : nil } ?? MarkedRows(source, self)
        return found.rows.isEmpty ? nil : found
    }

    /// The marked rows of a pane, as far as they are listed: nobody acts on what he does not see.
    func markedRows(_ kind: PaneKind) -> [ResourceID] {
        if kind == pane { return shownMarked?.rows ?? [] }
        return marked.isEmpty ? [] : rows(kind).filter { marked.contains($0) }
    }

    /// The rows that a command is about: the marked ones that are listed, or the selected one.
    var aimedRows: [ResourceID] { shownMarked?.rows ?? selected.map { [$0] } ?? [] }
}
