import Terminal

/// A form over the panes: fields that scroll, the docker command that they are, and the buttons.
enum FormLayer {
    /// One row of the fields.
    enum Row: Hashable {
        case value(field: Int, line: Int)
        case error(field: Int)
        case note(field: Int)
        case suggestion(Int)
    }

    static let labelWidth = 13

    /// Where a form's parts stand on a screen of some size.
    struct Place {
        let box: Rect
        let fields: Rect
        let command: [String]
        let message: [String]
        let remark: [String]

        init(_ form: Form, rows: Int, _ size: Size) {
            let width = LayerBox.boxWidth(size)
            let inside = max(1, width - 4)
            // The two last lines stay: what went wrong, and the keys.
            let room = max(4, size.height - 2)
            let most = max(1, room / 5)
            var command = Sanitiser.clean(form.behaviour.command(form)).wrapped(inside)
            if command.count > most {
                command = Array(command.prefix(most))
                command[most - 1] = String(command[most - 1].prefix(max(0, inside - 2))) + " …"
            }
            self.command = command
            message = form.message.map { Array(Sanitiser.clean($0).wrapped(inside).prefix(2)) } ?? []
            remark = form.remark.map { Array(Sanitiser.clean($0).wrapped(inside).prefix(2)) } ?? []
            let around = 4 + command.count + message.count + remark.count
            let height = min(room, rows + around)
            box = Rect(x: (size.width - width) / 2, y: max(0, (room - height) / 2), width: width, height: height)
            fields = Rect(x: box.x + 2, y: box.y + 1, width: inside, height: max(1, height - around))
        }
    }

    static func rows(_ form: Form, suggestions: [String]) -> [Row] {
        var rows: [Row] = []
        for (index, field) in form.fields.enumerated() {
            for line in field.lines.indices {
                rows.append(.value(field: index, line: line))
                if let error = field.error, error.line == line { rows.append(.error(field: index)) }
                if index == form.focus, line == form.line { rows += suggestions.indices.map { .suggestion($0) } }
            }
            if let error = field.error, error.line >= field.lines.count { rows.append(.error(field: index)) }
            if field.note != nil, field.error == nil { rows.append(.note(field: index)) }
        }
        return rows
    }

    static func draw(_ form: Form, _ frame: inout Frame, _ state: State) {
        let theme = state.theme
        let suggestions = form.suggestions(state)
        let rows = rows(form, suggestions: suggestions)
        let place = Place(form, rows: rows.count, state.size)
        let box = place.box
        LayerBox.clear(&frame, box, theme, title: form.title)
        let start = min(form.scroll, max(0, rows.count - place.fields.height))
        for (row, content) in rows.dropFirst(start).prefix(place.fields.height).enumerated() {
            let line = Rect(x: place.fields.x, y: place.fields.y + row, width: place.fields.width, height: 1)
            frame.spot(line, .item(start + row))
            draw(content, form, suggestions, &frame, line, start + row, theme)
        }
        LayerBox.place(
            start..<min(rows.count, start + place.fields.height), of: rows.count, &frame, before: box.maxX - 2,
            y: box.y,
            theme)
        // What is wrong may stand beyond what is shown.
        let problems = form.fields.filter { $0.error != nil }.map(\.label)
        if !problems.isEmpty {
            let text = " to be mended: \(problems.joined(separator: ", ")) "
            let width = min(TextWidth.of(text), box.width - 4)
            frame.put(
                text, x: box.maxX - width - 2, y: box.maxY - 1, width: width,
                style: theme[.failure, over: theme[.layer]]
            )
        }
        var y = place.fields.maxY
        frame.fill(
            Rect(x: box.x + 1, y: y, width: box.width - 2, height: 1), theme.borders.scalars.across,
            style: theme[.layerBorder])
        y += 1
        for (lines, role) in [(place.remark, Role.note), (place.message, .failure), (place.command, .docker)] {
            for text in lines {
                frame.put(text, x: box.x + 2, y: y, width: place.fields.width, style: theme[role, over: theme[.layer]])
                y += 1
            }
        }
        buttons(form, &frame, Rect(x: box.x + 2, y: y, width: place.fields.width, height: 1), state)
    }

    private static func draw(
        _ row: Row, _ form: Form, _ suggestions: [String], _ frame: inout Frame, _ line: Rect, _ place: Int,
        _ theme: Theme
    ) {
        let base = theme[.layer]
        let x = line.x + labelWidth
        let width = max(1, line.maxX - x)
        func said(_ mark: String, _ text: String, _ role: Role) {
            frame.put("\(mark) \(Sanitiser.clean(text))", x: x, y: line.y, width: width, style: theme[role, over: base])
        }
        switch row {
        case .error(let index): said("✕", form.fields[index].error?.message ?? "", .failure)
        case .note(let index): said("·", form.fields[index].note ?? "", .note)
        case .suggestion(let index):
            let isChosen = form.suggestion == index
            frame.put(
                "\(isChosen ? "▸" : " ") \(Sanitiser.clean(suggestions[index])) ", x: x, y: line.y, width: width,
                style: theme[isChosen ? .choiceSelected : .choice, over: base])
        case .value(let index, let number):
            let field = form.fields[index]
            let isFocused = index == form.focus && number == form.line
            if number == 0 {
                let role: Role = field.error != nil ? .failure : index == form.focus ? .key : .choice
                frame.put(field.label, x: line.x, y: line.y, width: labelWidth - 1, style: theme[role, over: base])
            }
            value(field, number, isFocused, &frame, Rect(x: x, y: line.y, width: width, height: 1), place, theme)
        }
    }

    private static func value(
        _ field: Form.Field, _ number: Int, _ isFocused: Bool, _ frame: inout Frame, _ area: Rect, _ row: Int,
        _ theme: Theme
    ) {
        let base = theme[.layer]
        switch field.kind {
        case .check:
            let style = isFocused ? theme[.choiceSelected] : base
            let used = frame.put(field.isOn ? "[x]" : "[ ]", x: area.x, y: area.y, width: area.width, style: style)
            frame.put(
                " \(field.hint)", x: area.x + used, y: area.y, width: area.width - used,
                style: theme[.choice, over: base])
        case .choice(let choices):
            var x = area.x
            for (index, choice) in choices.enumerated() {
                let isChosen = index == field.choice
                let style =
                    isChosen ? theme[isFocused ? .choiceSelected : .strong, over: base] : theme[.choice, over: base]
                let text = isChosen ? "‹\(choice)›" : " \(choice) "
                let used = frame.put(text, x: x, y: area.y, width: area.maxX - x, style: style)
                frame.spot(Rect(x: x, y: area.y, width: used, height: 1), .item(row, part: index + 1))
                x += used
            }
        case .text, .lines:
            let line = field.lines[number]
            if line.isEmpty, number == 0 || isFocused {
                frame.put(field.hint, x: area.x, y: area.y, width: area.width, style: theme[.dim, over: base])
            }
            guard isFocused else {
                // What is secret is seen where it is typed, and nowhere else.
                let isValue = field.kind == .lines
                let shown = isValue ? Secrets.masked(line.text) : Secrets.masked(text: line.text)
                frame.put(Sanitiser.clean(shown), x: area.x, y: area.y, width: area.width, style: base)
                return
            }
            let window = line.window(area.width)
            frame.put(
                window.text, x: area.x, y: area.y, width: area.width, style: theme[.strong, over: base], cut: .end)
            let under = Rect(x: area.x + window.cursor, y: area.y, width: 1, height: 1)
            let cursor = theme[.choiceSelected]
            if line.isAtEnd, !line.isEmpty {
                frame.fill(under, " ", style: cursor)
            } else {
                frame.restyle(under) { _ in cursor }
            }
        }
    }

    private static func buttons(_ form: Form, _ frame: inout Frame, _ area: Rect, _ state: State) {
        let theme = state.theme
        var spans: [Span] = []
        var x = area.x
        if let number = form.working, let entry = state.journal.entries.last(where: { $0.id == number }) {
            spans = [Span("\(entry.title) … \(Units.shortDuration(state.now.timeIntervalSince(entry.at)))", .acting)]
        } else {
            for (index, button) in form.buttons.enumerated() {
                let isFocused = form.focus == form.fields.count && form.button == index
                spans.append(Span(" \(button.key) ", isFocused ? .choiceSelected : .key))
                spans.append(Span("\(button.title)   ", isFocused ? .choiceSelected : nil))
                let used = spans.suffix(2).reduce(0) { $0 + TextWidth.of($1.text) }
                frame.spot(Rect(x: x, y: area.y, width: used - 2, height: 1), .key(button.key))
                x += used
            }
        }
        frame.put(spans: spans, x: area.x, y: area.y, width: area.width, theme: theme, base: theme[.layer])
    }
}

extension Form {
    /// Scrolls its fields, wherever the cursor is.
    mutating func scrollRows(_ step: Int, _ state: State) {
        let rows = FormLayer.rows(self, suggestions: suggestions(state)).count
        let height = FormLayer.Place(self, rows: rows, state.size).fields.height
        scroll = min(max(0, scroll + step), max(0, rows - height))
    }

    /// Scrolls so far that the line with the cursor is on the screen, with what is said about it.
    mutating func keepVisible(_ state: State) {
        let rows = FormLayer.rows(self, suggestions: suggestions(state))
        let height = FormLayer.Place(self, rows: rows.count, state.size).fields.height
        var first = rows.count - 1
        var last = rows.count - 1
        if focus < fields.count {
            first = rows.firstIndex(of: .value(field: focus, line: line)) ?? 0
            last = first
            while last + 1 < rows.count {
                if case .value = rows[last + 1] { break }
                last += 1
            }
        }
        if last >= scroll + height { scroll = last - height + 1 }
        if first < scroll { scroll = first }
        scroll = min(max(0, scroll), max(0, rows.count - height))
    }

    /// The keys that work in it, the last two always shown.
    var hints: [(key: String, title: String)] {
        var hints: [(String, String)] = []
        switch focused?.kind {
        case .lines: hints.append(("Enter", "one more"))
        case .choice: hints.append(("←→", "choose"))
        case .check: hints.append(("Space", "on or off"))
        default: break
        }
        if focused?.completes != nil { hints.append(("Ctrl-n", "complete")) }
        hints += [("Tab ↑↓", "fields"), ("Ctrl-x", "empty")]
        hints += buttons.dropFirst().map { ($0.key.description, $0.title) }
        if let first = buttons.first { hints.append((first.key.description, first.title)) }
        return hints + [("Esc", "leave")]
    }
}
