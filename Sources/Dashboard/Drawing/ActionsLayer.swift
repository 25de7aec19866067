import Terminal

/// What can be done: keys, titles, and what docker would be told.
enum ActionsLayer {
    private static let keyWidth = 9

    /// The box, for a list of some length on a screen of some size.
    static func rect(_ menu: ActionMenu, _ size: Size) -> Rect {
        let width = min(size.width - 2, 100)
        let height = min(size.height - 2, max(1, menu.items.count) + 4)
        return Rect(
            x: (size.width - width) / 2, y: max(0, (size.height - height) / 2), width: width, height: height)
    }

    /// Where the commands stand: below the line that says to what, above the one that says docker's words.
    static func rows(_ menu: ActionMenu, _ size: Size) -> Rect {
        let box = rect(menu, size)
        return Rect(x: box.x + 1, y: box.y + 2, width: box.width - 2, height: max(1, box.height - 4))
    }

    /// The first command that is shown.
    static func start(_ menu: ActionMenu, _ size: Size) -> Int {
        let height = rows(menu, size).height
        return max(0, min(menu.index - height / 2, menu.items.count - height))
    }

    static func draw(_ menu: ActionMenu, _ frame: inout Frame, _ state: State) {
        let theme = state.theme
        let box = rect(menu, state.size)
        LayerBox.clear(&frame, box, theme, title: title(menu, state))
        let inside = box.inset(by: 1)
        frame.put(
            spans: head(menu), x: inside.x + 1, y: inside.y, width: inside.width - 2, theme: theme, base: theme[.layer])
        let rows = rows(menu, state.size)
        let start = start(menu, state.size)
        for (row, item) in menu.items[start...].prefix(rows.height).enumerated() {
            draw(item, isChosen: start + row == menu.index, &frame, rows, rows.y + row, theme)
        }
        if menu.items.isEmpty {
            frame.put(
                "Nothing has “\(Sanitiser.clean(menu.filter))”. Esc shows all.", x: rows.x + 2, y: rows.y,
                width: rows.width - 3, style: theme[.choice])
        } else if menu.items.count > rows.height {
            let place = " \(start + 1)–\(start + rows.height) of \(menu.items.count) "
            frame.put(
                place, x: box.maxX - place.count - 2, y: box.maxY - 1, width: place.count, style: theme[.layerBorder])
        }
        let foot = foot(menu)
        frame.put(
            Sanitiser.clean(foot.text), x: inside.x + 1, y: inside.maxY - 1, width: inside.width - 2,
            style: theme[foot.role ?? .docker, over: theme[.layer]], cut: .end)
    }

    private static func title(_ menu: ActionMenu, _ state: State) -> String {
        let pane = Pane.of(menu.pane).title.lowercased()
        if menu.isBulk { return "Several \(pane)" }
        if menu.targets.count > 1 { return "\(menu.targets.count) marked \(pane)" }
        return menu.targets.first.map { state.name(of: $0) } ?? Pane.of(menu.pane).title
    }

    /// To how many, and what was typed.
    private static func head(_ menu: ActionMenu) -> [Span] {
        var spans: [Span] = []
        for (reach, count) in menu.reaches {
            let text = " \(reach.title) \(Units.count(count)) "
            spans += [Span(text, reach == menu.reach ? .choiceSelected : .choice), Span(" ")]
        }
        if menu.filter.isEmpty {
            spans.append(Span("type to find", .dim))
        } else {
            spans += [Span("/ ", .note), Span(Sanitiser.clean(menu.filter), .strong)]
        }
        return spans
    }

    private static func draw(
        _ item: ActionMenu.Item, isChosen: Bool, _ frame: inout Frame, _ rows: Rect, _ y: Int, _ theme: Theme
    ) {
        let command = item.command
        let base = theme[isChosen ? .choiceSelected : .layer]
        frame.fill(Rect(x: rows.x, y: y, width: rows.width, height: 1), " ", style: base)
        frame.put(isChosen ? "▸" : " ", x: rows.x, y: y, width: 1, style: base)
        let dim = theme[.dim, over: base]
        let key = command.keys.first.map(\.description) ?? ""
        frame.put(
            key, x: rows.x + 2, y: y, width: keyWidth - 1,
            style: item.refusal == nil && !isChosen ? theme[.key, over: base] : item.refusal == nil ? base : dim)
        let left = rows.x + 2 + keyWidth
        let room = rows.maxX - left - 1
        let style = item.refusal != nil ? dim : command.kind == .destroys ? theme[.failure, over: base] : base
        let used = frame.put(command.title, x: left, y: y, width: room, style: style)
        guard let refusal = item.refusal, room - used > 12 else { return }
        frame.put(
            Sanitiser.clean(refusal), x: left + used + 2, y: y, width: room - used - 2, style: dim)
    }

    private static func foot(_ menu: ActionMenu) -> Span {
        guard let item = menu.items.first(where: { $0.command.id == menu.chosen }) else { return Span("", .dim) }
        if let refusal = item.refusal { return Span(refusal, .note) }
        if let docker = menu.docker { return Span(docker, .docker) }
        return Span("", .dim)
    }

    /// The command at a place of the screen.
    static func item(_ menu: ActionMenu, x: Int, y: Int, _ size: Size) -> Int? {
        let rows = rows(menu, size)
        guard rows.contains(x: x, y: y) else { return nil }
        let index = start(menu, size) + y - rows.y
        return index < menu.items.count ? index : nil
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
