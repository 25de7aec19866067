import Terminal

/// One of several, to be chosen.
enum MenuLayer {
    static func rect(_ menu: Menu, _ size: Size) -> Rect {
        let height = min(menu.items.count, max(1, size.height - 6))
        let width = min(size.width - 2, menu.isAside ? 34 : 72)
        return Rect(
            x: menu.isAside ? size.width - width - 1 : (size.width - width) / 2,
            y: max(0, (size.height - height - 2) / 2), width: width, height: height + 2)
    }

    private static func start(_ menu: Menu, _ height: Int) -> Int {
        max(0, min(menu.index - height / 2, menu.items.count - height))
    }

    static func draw(_ menu: Menu, _ frame: inout Frame, _ state: State) {
        let theme = state.theme
        let rect = rect(menu, state.size)
        let height = rect.height - 2
        LayerBox.clear(&frame, rect, theme, title: menu.title)
        let start = start(menu, height)
        for row in 0..<height {
            let item = menu.items[start + row]
            let isChosen = start + row == menu.index
            let base = theme[isChosen ? .choiceSelected : .layer]
            let line = Rect(x: rect.x + 1, y: rect.y + 1 + row, width: rect.width - 2, height: 1)
            frame.fill(line, " ", style: base)
            let key = item.key.map { "\($0)  " } ?? ""
            let title = Sanitiser.clean(item.title)
            // What is noted of it may be long: the title has room first.
            let note = min(TextWidth.of(item.note), max(0, line.width - TextWidth.of(key + title) - 6))
            frame.put(
                "\(isChosen ? "▸" : " ") \(key)\(title)", x: line.x, y: line.y,
                width: line.width - note - 2, style: base)
            if let key = item.key {
                frame.put(
                    String(key), x: line.x + 2, y: line.y, width: 1, style: isChosen ? base : theme[.key, over: base])
            }
            frame.put(item.note, x: line.maxX - note - 1, y: line.y, width: note, style: base)
            frame.spot(line, .item(start + row))
        }
    }
}
