import EngineAPI
import Terminal

extension Command {
    static let movementCommands: [Command] = [
        move("move.down", "down", .named("j", "down")) { $0.step(1) },
        move("move.up", "up", .named("k", "up")) { $0.step(-1) },
        move("move.pageDown", "a page down", .named("pgdn", "ctrl-f")) { $0.step($0.page) },
        move("move.pageUp", "a page up", .named("pgup", "ctrl-b")) { $0.step(-$0.page) },
        move("move.halfDown", "half a page down", .named("ctrl-d")) { $0.step(max(1, $0.page / 2)) },
        move("move.halfUp", "half a page up", .named("ctrl-u")) { $0.step(-max(1, $0.page / 2)) },
        move("move.first", "to the first row, or line", .named("g", "home")) { $0.step(-1_000_000_000) },
        move("move.last", "to the last row; in a log, follow", .named("G", "end")) { $0.step(1_000_000_000) },
        Command(
            id: "move.left", title: "scroll to the left", keys: .named("left", "h"), scope: .detail,
            run: { state in
                state.scrollSideways(-8)
                return []
            }),
        Command(
            id: "move.right", title: "scroll to the right", keys: .named("right", "l"), scope: .detail,
            run: { state in
                state.scrollSideways(8)
                return []
            }),
    ]

    private static func move(
        _ id: String, _ title: String, _ keys: [Key], _ body: @escaping @Sendable (inout State) -> Void
    ) -> Command {
        Command(
            id: id, title: title, keys: keys, scope: .everywhere,
            run: { state in
                body(&state)
                return []
            })
    }
}

extension State {
    /// Rows of what has the focus.
    var page: Int {
        let layout = layout
        let height = focus == .list ? layout.area(of: pane)?.rows.height ?? 1 : layout.body.height
        return max(1, height - 1)
    }

    /// Moves the selection, or scrolls the detail, whichever has the focus.
    mutating func step(_ rows: Int) {
        focus == .list ? moveSelection(rows) : scrollDetail(rows)
    }

    mutating func moveSelection(_ step: Int) { moveSelection(step, in: pane) }

    mutating func moveSelection(_ step: Int, in pane: PaneKind) {
        let rows = rows(pane)
        guard !rows.isEmpty else { return }
        let index = min(max((selectedIndex(pane, in: rows) ?? 0) + step, 0), rows.count - 1)
        self[list: pane].selected = rows[index]
        self[list: pane].index = index
        self[list: pane].awaited = nil
        self[list: pane].follows = index == rows.count - 1
        keepSelectionVisible(pane)
    }

    /// Keeps the selection on its resource while the list changes; one that has gone hands over to its neighbour.
    mutating func keepSelectionVisible(_ kind: PaneKind) {
        let rows = rows(kind)
        var list = self[list: kind]
        let awaited = waitsForNamesake(list) ? engine.log?.origins.last?.name : list.awaited
        if kind == .containers, let name = awaited, let id = container(named: name) {
            list.selected = .container(id)
            list.awaited = nil
        }
        if kind == .events, list.follows, let last = rows.last {
            list.selected = last
            list.index = rows.count - 1
        } else if let index = selectedIndex(kind, in: rows) {
            list.index = index
        } else if kind == .containers, waitsForNamesake(list) {
            // Its log is being read: one does not find oneself in another's, but in that of one that gets its name.
            list.awaited = engine.log?.origins.last?.name
        } else if rows.isEmpty {
            // With a filter that hides all, the selection waits for the filter to go.
            list.selected = list.hidesRows ? list.selected : nil
        } else {
            if kind == .containers, case .container(let id)? = list.selected, engine.containers[id] == nil,
                engine.log?.subject == .container(id),
                let name = engine.log?.origins.last?.name
            {
                list.awaited = name
            }
            list.index = min(list.index, rows.count - 1)
            list.selected = rows[list.index]
        }
        let height = max(1, layout.area(of: kind)?.rows.height ?? 1)
        if list.index < list.offset { list.offset = list.index }
        if list.index >= list.offset + height { list.offset = list.index - height + 1 }
        list.offset = min(max(0, list.offset), max(0, rows.count - height))
        if list != self[list: kind] { self[list: kind] = list }
    }

    /// The container of a name.
    private func container(named name: String) -> ContainerID? {
        engine.order.first { engine.containers[$0]?.name == name }
    }

    /// Whether the selected container is gone, while somebody reads its log.
    private func waitsForNamesake(_ list: ListState) -> Bool {
        guard pane == .containers, focus == .detail, tab == .logs, merged == nil,
            case .container(let id)? = list.selected, engine.containers[id] == nil
        else { return false }
        return engine.log?.subject == .container(id) && engine.log?.origins.isEmpty == false
    }

    mutating func scrollDetail(_ rows: Int) {
        switch tab {
        case .logs: scrollLog(rows)
        case .inspect, .history, .changes, .members:
            let count = engine.inspected?.lines.count ?? 0
            inspectScroll.row = min(max(0, inspectScroll.row + rows), max(0, count - layout.body.height))
        case .users:
            let count = UsersDetail.lines(self).count
            inspectScroll.row = min(max(0, inspectScroll.row + rows), max(0, count - layout.body.height))
        case .top:
            moveProcess(rows)
        case .stats: break
        }
    }

    /// Scrolls the log; scrolling up stops following, arriving at the newest line follows again.
    mutating func scrollLog(_ rows: Int) {
        guard let log = engine.log, !log.store.isEmpty else { return }
        guard log.selection == nil else { return moveLogSelection(rows) }
        if let position = LogWindow(log, logView, in: layout.body).scrolled(by: rows) {
            engine.log?.stand(at: position)
        } else {
            engine.log?.follow()
        }
    }

    mutating func scrollSideways(_ columns: Int) {
        // Not beyond the longest line on the screen.
        func moved(_ column: Int, longest: Int) -> Int {
            max(0, min(column + columns, max(column, longest - 1), columns < 0 ? column : .max))
        }
        let height = layout.body.height
        switch tab {
        case .logs:
            // JSON that is folded out does not wrap, whatever the other lines do.
            guard let log = engine.log, !logView.wraps || logView.json == .folded else { return }
            let texts = LogWindow(log, logView, in: layout.body).lines.compactMap { log.store[$0]?.text }
            let longest = texts.filter { !logView.wraps || LogJSON($0) != nil }.map(\.count).max() ?? 0
            engine.log?.column = moved(log.column, longest: longest)
        case .inspect, .history, .changes, .members:
            let lines = engine.inspected?.lines.dropFirst(inspectScroll.row).prefix(height) ?? []
            let longest = lines.map { $0.indent + $0.spans.reduce(0) { $0 + $1.text.count } }.max() ?? 0
            inspectScroll.column = moved(inspectScroll.column, longest: longest)
        case .users:
            let longest = UsersDetail.lines(self).map { $0.reduce(0) { $0 + TextWidth.of($1.text) } }.max() ?? 0
            inspectScroll.column = moved(inspectScroll.column, longest: longest)
        case .top:
            let longest = engine.top?.list?.processes.map { $0.reduce(0) { $0 + $1.count + 12 } }.max() ?? 0
            topScroll.column = moved(topScroll.column, longest: longest)
        case .stats: moveChartCursor(columns)
        }
    }
}
