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

    /// The name of what is selected, and the tabs as far as there is room, the shown one in any case; each can be clicked.
    static func drawTabs(_ frame: inout Frame, _ layout: Layout, _ state: State, before limit: Int) {
        let theme = state.theme
        for item in tabs(state, layout, before: limit) where item.x < limit {
            frame.put(
                spans: item.spans, x: item.x, y: layout.tabs.y, width: limit - item.x, theme: theme,
                base: theme[.tab])
            guard let number = item.value else { continue }
            let width = min(item.width, limit - item.x)
            frame.spot(Rect(x: item.x, y: layout.tabs.y, width: width, height: 1), .item(number, part: tabPart))
        }
    }

    /// What tells the spot of a tab from that of a row below it.
    static let tabPart = 1

    private static func tabs(_ state: State, _ layout: Layout, before limit: Int) -> [Item<Int?>] {
        let pane = Pane.of(state.pane)
        let isMerged = state.pane == .containers && state.tab == .logs
        let name =
            (isMerged ? state.merged?.title : nil) ?? state.selected.map { pane.name($0, state.engine) } ?? ""
        var x = layout.tabs.x + 2
        var items: [Item<Int?>] = []
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
        let selected = pane.tabs.firstIndex(of: state.tab) ?? 0
        func spans(_ index: Int, first: Int) -> [Span] {
            let isFirst = index == first
            let rule = isFirst || isTight ? "" : "\(state.theme.borders.scalars.down)"
            let front = Span(isTight && !isFirst ? "" : " ")
            let title = Span(pane.tabs[index].title, index == selected ? .tabSelected : .tab)
            return (isFirst && first > 0 ? [Span("…", .tab)] : []) + [Span(rule, .border), front, title, Span(" ")]
        }
        func width(_ spans: [Span]) -> Int { spans.reduce(0) { $0 + TextWidth.of($1.text) } }
        // What has no room gives way, on the left as far as the shown one needs it.
        var first = 0
        while first < selected,
            (first...selected).reduce(x, { $0 + width(spans($1, first: first)) }) + 1 > limit
        { first += 1 }
        for index in first..<pane.tabs.count {
            let spans = spans(index, first: first)
            let isLast = index == pane.tabs.count - 1
            if index > selected, x + width(spans) + (isLast ? 0 : 1) > limit {
                items.append(Item(value: nil, spans: [Span("…", .tab)], x: min(x, limit - 1), width: 1))
                break
            }
            items.append(Item(value: index, spans: spans, x: x, width: width(spans)))
            x += width(spans)
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
