import Terminal

/// A list to choose from by typing: keys, titles, what is to be known of them, and what docker would be told.
enum ChoiceLayer {
    /// The box, for a list of some length on a screen of some size.
    static func rect(_ list: ChoiceList, _ size: Size) -> Rect {
        let width = min(size.width - 2, 100)
        // The line below says why something is not done.
        let height = min(size.height - 3, max(1, list.tallest) + 4)
        return Rect(
            x: (size.width - width) / 2, y: max(0, (size.height - height) / 2), width: width, height: height)
    }

    /// Where the items stand: below the line that says what was typed, above the one that says docker's words.
    static func rows(_ list: ChoiceList, _ size: Size) -> Rect {
        let box = rect(list, size)
        return Rect(x: box.x + 1, y: box.y + 2, width: box.width - 2, height: max(1, box.height - 4))
    }

    /// The first item that is shown.
    static func start(_ list: ChoiceList, _ size: Size) -> Int {
        let height = rows(list, size).height
        return max(0, min(list.index - height / 2, list.items.count - height))
    }

    static func draw(_ layer: Layer, _ frame: inout Frame, _ state: State) {
        switch layer {
        case .actions(let menu):
            draw(menu.list, title: title(menu, state), head: head(menu), &frame, state)
            let inside = rect(menu.list, state.size).inset(by: 1)
            var x = inside.x + 1
            for (number, reach) in menu.reaches.enumerated() {
                let width = text(reach).count
                frame.spot(Rect(x: x, y: inside.y, width: width, height: 1), .item(number, part: 1))
                x += width + 1
            }
        case .palette(let list): draw(list, title: "Palette", head: typed(list, before: ": "), &frame, state)
        case .help(let list): draw(list, title: "Keys", head: typed(list, before: "/ "), &frame, state)
        default: break
        }
    }

    private static func draw(
        _ list: ChoiceList, title: String, head: [Span], _ frame: inout Frame, _ state: State
    ) {
        let theme = state.theme
        let box = rect(list, state.size)
        LayerBox.clear(&frame, box, theme, title: title)
        let inside = box.inset(by: 1)
        frame.put(
            spans: head, x: inside.x + 1, y: inside.y, width: inside.width - 2, theme: theme, base: theme[.layer])
        let rows = rows(list, state.size)
        let start = start(list, state.size)
        for (row, item) in list.items[start...].prefix(rows.height).enumerated() {
            let line = Rect(x: rows.x, y: rows.y + row, width: rows.width, height: 1)
            draw(item, list, &frame, line, theme)
            frame.spot(line, .item(start + row))
        }
        if list.items.isEmpty {
            frame.put(
                "Nothing has “\(Sanitiser.clean(list.typed))”. Esc shows all.", x: rows.x + 2, y: rows.y,
                width: rows.width - 3, style: theme[.choice])
        } else {
            LayerBox.place(
                start..<start + rows.height, of: list.items.count, &frame, before: box.maxX - 2, y: box.maxY - 1, theme)
        }
        let foot = list.item.map { item in
            item.refusal.map { Span($0, .note) } ?? Span(list.docker ?? "", .docker)
        }
        frame.put(
            Sanitiser.clean(foot?.text ?? ""), x: inside.x + 1, y: inside.maxY - 1, width: inside.width - 2,
            style: theme[foot?.role ?? .docker, over: theme[.layer]], cut: .end)
    }

    private static func draw(
        _ item: ChoiceList.Item, _ list: ChoiceList, _ frame: inout Frame, _ line: Rect, _ theme: Theme
    ) {
        let isChosen = item.id == list.chosen && !item.isText
        let base = theme[isChosen ? .choiceSelected : .layer]
        frame.fill(line, " ", style: base)
        frame.put(isChosen ? "▸" : " ", x: line.x, y: line.y, width: 1, style: base)
        let dim = theme[.dim, over: base]
        if item.isText, item.key.isEmpty {
            frame.put(
                item.title, x: line.x + 1, y: line.y, width: line.width - 2,
                style: theme[item.role ?? .text, over: base]
            )
            return
        }
        let keyStyle =
            item.refusal != nil
            ? dim : item.role.map { theme[$0, over: base] } ?? (isChosen ? base : theme[.key, over: base])
        frame.put(item.key, x: line.x + 2, y: line.y, width: list.keyWidth - 1, style: keyStyle)
        let left = line.x + 2 + list.keyWidth
        let room = line.maxX - left - 1
        let style =
            item.refusal != nil ? dim : item.command?.kind == .destroys ? theme[.failure, over: base] : base
        let title = Sanitiser.clean(item.title)
        let used = frame.put(title, x: left, y: line.y, width: room, style: style)
        let note = Sanitiser.clean(item.refusal ?? item.note)
        guard !note.isEmpty, room - used > 12 else { return }
        frame.put(note, x: left + used + 2, y: line.y, width: room - used - 2, style: dim)
    }

    // MARK: What stands above

    private static func title(_ menu: ActionMenu, _ state: State) -> String {
        let pane = Pane.of(menu.pane).title.lowercased()
        if menu.isBulk { return "Several \(pane)" }
        if menu.targets.count > 1 { return "\(menu.targets.count) marked \(pane)" }
        return menu.targets.first.map { state.name(of: $0) } ?? Pane.of(menu.pane).title
    }

    private static func text(_ reach: (reach: ActionMenu.Reach, count: Int)) -> String {
        " \(reach.reach.title) \(Units.count(reach.count)) "
    }

    /// To how many, and what was typed.
    private static func head(_ menu: ActionMenu) -> [Span] {
        var spans: [Span] = []
        for reach in menu.reaches {
            spans += [Span(text(reach), reach.reach == menu.reach ? .choiceSelected : .choice), Span(" ")]
        }
        return spans + typed(menu.list, before: "/ ")
    }

    private static func typed(_ list: ChoiceList, before sign: String) -> [Span] {
        if list.typed.isEmpty { return [Span("type to find", .dim)] }
        return [Span(sign, .note), Span(Sanitiser.clean(list.typed), .strong)]
    }
}

extension ActionMenu.Reach {
    var title: String {
        switch self {
        case .row: "this"
        case .marked: "marked"
        case .listed: "listed"
        case .all: "all"
        }
    }
}
