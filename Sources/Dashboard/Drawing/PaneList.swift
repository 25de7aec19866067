import Terminal

/// The list of one pane.
enum PaneList {
    /// Columns in front of the first one: the selection bar, the mark and a space.
    private static let gutter = 4

    static func draw(_ frame: inout Frame, _ area: Layout.PaneArea, _ layout: Layout, _ state: State) {
        let pane = Pane.of(area.kind)
        let theme = state.theme
        let focused = state.focus == .list && state.pane == area.kind
        if layout.mode == .wide { drawBox(&frame, area, pane, focused, state) }
        guard area.rows.height > 0 else { return }
        let columns = columns(in: area, state)
        drawTitles(&frame, area, columns, state)
        let visible = state.visibleRows(area.kind)
        guard !visible.isEmpty else {
            drawEmpty(&frame, area, pane, state)
            return
        }
        let stale = !state.engine.isConnected
        for (row, id) in visible.enumerated() {
            let y = area.rows.y + row
            let selected = area.kind == state.pane && id == state[list: area.kind].selected
            var base = theme[stale ? .stale : .text]
            if selected {
                base = theme[focused ? .selected : .selectedUnfocused, over: base]
                frame.fill(Rect(x: area.rows.x, y: y, width: area.rows.width, height: 1), " ", style: base)
                frame.put("▌", x: area.rows.x, y: y, width: 1, style: theme[.selectionBar, over: base])
            }
            if state.marked.contains(id) {
                frame.put("+", x: area.rows.x + 1, y: y, width: 1, style: theme[.key, over: base])
            }
            let mark = pane.mark(id, state.engine)
            frame.put(
                spans: [stale ? Span(mark.text) : mark], x: area.rows.x + 2, y: y, width: 1, theme: theme, base: base)
            for (column, x, width) in columns {
                drawCell(&frame, column, column.cell(id, state, width), x, y, width, stale, theme, base)
            }
        }
    }

    /// Which columns stand where in a list.
    private static func columns(in area: Layout.PaneArea, _ state: State) -> [(column: Column, x: Int, width: Int)] {
        var x = area.rows.x + gutter
        let width = area.rows.width - gutter
        let isTable = state.zoomed && state.focus == .list
        let columns = isTable ? state.tableColumns(of: area.kind, width) : state.columns(of: area.kind)
        return fitting(columns, width, state.engine).map { column, width in
            defer { x += width + 1 }
            return (column, x, width)
        }
    }

    /// The column whose title stands at a place of the screen.
    static func title(at x: Int, _ y: Int, _ area: Layout.PaneArea, _ state: State) -> Column? {
        guard area.columns.contains(x: x, y: y) else { return nil }
        return columns(in: area, state).first { ($0.x...$0.x + $0.width).contains(x) }?.column
    }

    /// The ids of the columns that there is room for; nil when the list is not on the screen.
    static func shownColumns(_ kind: PaneKind, _ state: State) -> Set<String>? {
        state.layout.area(of: kind).map { Set(columns(in: $0, state).map(\.column.id)) }
    }

    private static func drawCell(
        _ frame: inout Frame, _ column: Column, _ spans: [Span], _ x: Int, _ y: Int, _ width: Int, _ stale: Bool,
        _ theme: Theme, _ base: Style
    ) {
        // Colours of what was true once would mislead.
        let spans = stale ? spans.map { Span($0.text) } : spans
        let used = spans.reduce(0) { $0 + TextWidth.of($1.text) }
        let shift = column.alignment == .right ? max(0, width - used) : 0
        frame.put(spans: spans, x: x + shift, y: y, width: width - shift, theme: theme, base: base, cut: column.cut)
    }

    private static func drawBox(
        _ frame: inout Frame, _ area: Layout.PaneArea, _ pane: Pane, _ focused: Bool, _ state: State
    ) {
        let theme = state.theme
        let shown = state.pane == area.kind
        var title = [
            Span(state.keymap.keys(of: pane.command).first?.description ?? "", .key), Span(" "),
            Span(pane.title, focused ? .titleFocused : .title),
        ]
        let count = pane.count(state)
        if !count.isEmpty { title.append(Span(" \(count)", .dim)) }
        let summary = area.kind == .events && shown ? state.eventsNote : pane.summary(state.engine)
        if !summary.isEmpty { title.append(Span(" · \(summary)", .dim)) }
        let filter = state[list: area.kind].filter
        if area.kind == .containers, state[list: .containers].onlyTrouble {
            title.append(Span("  in trouble", .failure))
        }
        if let relation = state[list: area.kind].relation {
            title.append(Span("  \(relation.title(state.engine))", .note))
        }
        if !filter.isEmpty { title.append(Span("  / \(Sanitiser.clean(filter))", .note)) }
        frame.box(area.frame, border: theme[focused ? .borderFocused : .border], title: title, theme: theme)
        guard shown, area.rows.height > 0 else { return }
        let all = state.rows(area.kind).count
        guard all > state.visibleRows(area.kind).count else { return }
        let place = " \(Units.count(min(all, state[list: area.kind].index + 1))) of \(Units.count(all)) "
        frame.put(
            place, x: area.frame.maxX - place.count - 2, y: area.frame.maxY - 1, width: place.count,
            style: theme[.dim])
    }

    private static func drawTitles(
        _ frame: inout Frame, _ area: Layout.PaneArea, _ columns: [(column: Column, x: Int, width: Int)],
        _ state: State
    ) {
        guard !area.columns.isEmpty else { return }
        for (column, x, width) in columns {
            let title = column.otherTitle(state) ?? column.title
            let mark = sortMark(column, area.kind, state) ?? ""
            let name = title.prefix(max(0, width - mark.count)) + mark
            let shown = column.alignment == .right ? String(name).leftPadded(width) : String(name)
            frame.put(shown, x: x, y: area.columns.y, width: width, style: state.theme[.column])
        }
    }

    /// What stands behind the title of the column that the rows are sorted by; the order of names is nothing special.
    private static func sortMark(_ column: Column, _ kind: PaneKind, _ state: State) -> String? {
        guard kind != .containers else {
            let sort = state.engine.sort
            guard column.sort == sort.key, sort.key != .name || sort.isReversed else { return nil }
            return sort.isReversed ? "▴" : "▾"
        }
        guard let sort = state.remembered.sorts[kind], sort.column == column.id else { return nil }
        return sort.isReversed ? "▴" : "▾"
    }

    private static func drawEmpty(_ frame: inout Frame, _ area: Layout.PaneArea, _ pane: Pane, _ state: State) {
        let filter = state[list: area.kind].filter
        let all = pane.count(state.engine)
        let text =
            all > 0 && area.kind == .containers && state[list: .containers].onlyTrouble && filter.isEmpty
            ? "Nothing is in trouble. \(state.key(of: "list.trouble")) shows all \(all).\(state.unreadLogs)"
            : all > 0 && !filter.isEmpty
                ? "The filter “\(Sanitiser.clean(filter))” hides all \(all). \(state.key(of: "view.unfilter")) shows them."
                : state[list: area.kind].relation.map {
                    "None \($0.title(state.engine)). \(state.key(of: "view.unfilter")) shows all \(all)."
                }
                    ?? pane.empty(state)
        let inside = Rect(
            x: area.rows.x + gutter, y: area.rows.y, width: area.rows.width - gutter - 1, height: area.rows.height)
        frame.put(wrapped: Sanitiser.clean(text), in: inside, style: state.theme[.dim])
    }

    /// What a column needs at least, and what it may grow to.
    static func bounds(_ column: Column, _ engine: EngineState) -> ClosedRange<Int> {
        guard let content = column.content(engine) else { return column.minimum...column.maximum }
        let wanted = max(content, column.title.count)
        return min(column.minimum, wanted)...min(column.maximum, max(wanted, column.minimum))
    }

    /// The columns that fit, in their order, with their widths: those that matter least go first.
    static func fitting(_ columns: [Column], _ width: Int, _ engine: EngineState) -> [(Column, Int)] {
        var kept = columns.indices.sorted { columns[$0].keep < columns[$1].keep }
        let bounds = columns.map { Self.bounds($0, engine) }
        func need() -> Int { kept.reduce(kept.count - 1) { $0 + bounds[$1].lowerBound } }
        while kept.count > 1, need() > width { kept.removeLast() }
        var widths = Dictionary(uniqueKeysWithValues: kept.map { ($0, bounds[$0].lowerBound) })
        var spare = width - need()
        // What it is called is read whole before anything else grows, as long as that leaves the others half.
        for index in kept where columns[index].keep == 0 {
            let (have, all) = (bounds[index].lowerBound, bounds[index].upperBound)
            let more = min(spare / 2, max(0, min(columns[index].content(engine) ?? have, all) - have))
            guard more > 0 else { continue }
            widths[index] = have + more
            spare -= more
        }
        // What is left goes to those that matter most, each up to half of what it asks for, then all of it.
        for share in [2, 1] {
            for index in kept where spare > 0 {
                let have = widths[index] ?? 0
                let more = min(spare, (bounds[index].upperBound - have + share - 1) / share)
                guard have + more >= columns[index].next else { continue }
                widths[index] = have + more
                spare -= more
            }
        }
        let stretching = kept.filter { columns[$0].stretches }
        for (place, index) in stretching.enumerated() where spare > 0 {
            let have = widths[index] ?? 0
            let more = min(spare / (stretching.count - place), max(0, (columns[index].widest ?? have) - have))
            widths[index] = have + more
            spare -= more
        }
        if kept.count == 1, let only = kept.first { widths[only] = min(widths[only] ?? 0, max(0, width)) }
        return kept.sorted().map { (columns[$0], widths[$0] ?? 0) }
    }
}

extension State {
    /// That bursts of error lines are seen only in logs that are read, where not all on the screen are.
    fileprivate var unreadLogs: String {
        countsLogLines ? "" : " Error lines are seen in the shown log only; \(key(of: "log.rates")) reads them all."
    }
}
