import Terminal

/// The columns of a pane with what is chosen of them, beside the list that shows them.
enum ColumnsLayer {
    private static let width = 38

    private static func rect(_ count: Int, _ size: Size) -> Rect {
        let width = min(size.width - 2, width)
        let height = min(count + 2, max(3, size.height - 4))
        return Rect(x: size.width - width - 1, y: max(0, (size.height - height) / 2), width: width, height: height)
    }

    static func draw(_ view: ColumnsView, _ frame: inout Frame, _ state: State) {
        let theme = state.theme
        let items = view.items(state)
        let rect = rect(items.count, state.size)
        LayerBox.clear(&frame, rect, theme, title: "Columns of \(Pane.of(view.kind).title.lowercased())")
        let height = rect.height - 2
        let start = max(0, min(view.index - height / 2, items.count - height))
        let shown = PaneList.shownColumns(view.kind, state)
        for (row, item) in items.dropFirst(start).prefix(height).enumerated() {
            let isHere = start + row == view.index
            let base = theme[isHere ? .choiceSelected : .layer]
            let line = Rect(x: rect.x + 1, y: rect.y + 1 + row, width: rect.width - 2, height: 1)
            frame.fill(line, " ", style: base)
            frame.put(
                spans: [
                    Span(isHere ? "▸" : " "), Span(item.isOn ? "[x] " : "[ ] "),
                    Span(item.title, item.isOn && !isHere ? .strong : nil),
                ], x: line.x, y: line.y, width: 20, theme: theme, base: base)
            // What is wanted may find no room; else it says what the settings call it.
            let hasRoom = shown.map { $0.contains(item.id) } ?? true
            let note = item.isOn && !hasRoom ? "no room" : item.id
            frame.put(
                note, x: line.x + 21, y: line.y, width: line.width - 22,
                style: isHere ? base : theme[item.isOn && !hasRoom ? .note : .dim, over: base])
            frame.spot(line, .item(start + row))
        }
        LayerBox.place(start..<start + height, of: items.count, &frame, before: rect.maxX - 2, y: rect.maxY - 1, theme)
    }
}
