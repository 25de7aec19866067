import Terminal

/// Names in a row: the panes, where they have no boxes, and the tabs of the details.
enum Strip {
    /// What stands where: text, role, and the columns it takes.
    private struct Item<Value> {
        let value: Value
        let spans: [Span]
        let x: Int
        let width: Int
    }

    static func drawPanes(_ frame: inout Frame, _ layout: Layout, _ state: State) {
        guard !layout.paneStrip.isEmpty else { return }
        for item in panes(state) {
            frame.put(
                spans: item.spans, x: item.x, y: layout.paneStrip.y, width: layout.paneStrip.width - item.x,
                theme: state.theme, base: state.theme[.tab])
        }
    }

    static func pane(at x: Int, _ state: State) -> PaneKind? {
        panes(state).first { ($0.x..<$0.x + $0.width).contains(x) }?.value
    }

    /// How much is said of the panes that are not shown.
    private enum Detail: CaseIterable { case counts, names, keys }

    private static func panes(_ state: State) -> [Item<PaneKind>] {
        var items: [Item<PaneKind>] = []
        for detail in Detail.allCases {
            items = panes(state, detail)
            if let last = items.last, last.x + last.width < state.size.width { break }
        }
        return items
    }

    private static func panes(_ state: State, _ detail: Detail) -> [Item<PaneKind>] {
        var x = 1
        return PaneKind.allCases.map { kind in
            let pane = Pane.of(kind)
            let shown = kind == state.pane
            let role: Role = shown ? .tabSelected : .tab
            let name = detail == .keys && !shown ? "" : " \(pane.title)"
            var spans = [Span(state.keymap.keys(of: pane.command).first?.description ?? "", .key), Span(name, role)]
            if kind != .system, shown || detail == .counts && PaneKind.listed.contains(kind) {
                spans.append(Span(" \(pane.count(state))", .dim))
            }
            let width = spans.reduce(0) { $0 + TextWidth.of($1.text) }
            defer { x += width + (detail == .keys ? 2 : 3) }
            return Item(value: kind, spans: spans, x: x, width: width)
        }
    }

    static func drawTabs(_ frame: inout Frame, _ layout: Layout, _ state: State, before limit: Int) {
        let theme = state.theme
        for item in tabs(state, layout) where item.x < limit {
            frame.put(
                spans: item.spans, x: item.x, y: layout.tabs.y, width: limit - item.x, theme: theme,
                base: theme[.tab])
        }
    }

    static func tab(at x: Int, _ state: State, _ layout: Layout) -> DetailTab? {
        tabs(state, layout).first { ($0.x..<$0.x + $0.width).contains(x) }?.value ?? nil
    }

    /// The name of what is selected, and the tabs.
    private static func tabs(_ state: State, _ layout: Layout) -> [Item<DetailTab?>] {
        let pane = Pane.of(state.pane)
        let isMerged = state.pane == .containers && state.tab == .logs
        let name =
            (isMerged ? state.merged?.title : nil) ?? state.selected.map { pane.name($0, state.engine) } ?? ""
        var x = layout.tabs.x + 2
        var items: [Item<DetailTab?>] = []
        // In a box nothing else stands in that line; else a note does, at the right.
        let rest = layout.mode == .wide ? 4 : 22
        func tabsWidth(_ between: Int) -> Int { pane.tabs.reduce(0) { $0 + $1.title.count + between } }
        let isTight = min(TextWidth.of(name), 8) + tabsWidth(3) + 4 > layout.tabs.width
        let room = max(8, layout.tabs.width - tabsWidth(isTight ? 1 : 3) - rest)
        var shortFrame = Frame(size: Size(width: room, height: 1))
        let nameWidth = shortFrame.put(name, x: 0, y: 0, width: room, style: .plain, cut: .middle)
        let short = shortFrame.lines[0]
        items.append(
            Item(value: nil, spans: [Span(" "), Span(short, .strong), Span(" ")], x: x, width: nameWidth + 2))
        x += nameWidth + 2
        for (index, tab) in pane.tabs.enumerated() {
            let selected = tab == state.tab
            let title = Span(tab.title, selected ? .tabSelected : .tab)
            let rule = index == 0 || isTight ? "" : "\(state.theme.borders.scalars.down)"
            let spans = [Span(rule, .border), Span(isTight && index > 0 ? "" : " "), title, Span(" ")]
            let width = spans.reduce(0) { $0 + TextWidth.of($1.text) }
            items.append(Item(value: tab, spans: spans, x: x, width: width))
            x += width
        }
        return items
    }
}

extension Pane {
    /// How many there are: `12`, or `3 of 12` under a filter.
    func count(_ state: State) -> String {
        // Which events are shown is found while they are looked at; how many are hidden stands elsewhere.
        if kind == .events { return state.pane == .events ? String(state.rows(.events).count) : "" }
        // How many parts a system has is no news.
        if kind == .system { return "" }
        let all = count(state.engine)
        guard state[list: kind].hidesRows else { return String(all) }
        return "\(state.rows(kind).count) of \(all)"
    }
}
