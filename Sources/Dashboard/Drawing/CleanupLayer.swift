import EngineAPI
import Terminal

/// The choice of what is cleaned up: the kinds with what would go of each, what it all is together, the docker commands.
enum CleanupLayer {
    private static let width = 100

    static func draw(_ view: CleanupView, _ frame: inout Frame, _ state: State) {
        let theme = state.theme
        let width = min(state.size.width - 2, width)
        let foot = foot(view, state, width - 4)
        let list = listHeight(view, state)
        let height = list + foot.count + 3
        let rect = Rect(
            x: (state.size.width - width) / 2,
            y: max(0, min((state.size.height - height) / 2, state.size.height - height - 2)), width: width,
            height: height
        )
        let host = state.engines[view.engine]?.info?.name ?? ""
        LayerBox.clear(&frame, rect, theme, title: "Clean up\(host.isEmpty ? "" : " \(Sanitiser.clean(host))")?")
        for row in 0..<list where view.offset + row < view.rows.count {
            let index = view.offset + row
            let line = Rect(x: rect.x + 1, y: rect.y + 1 + row, width: rect.width - 2, height: 1)
            let base = theme[index == view.cursor ? .choiceSelected : .layer]
            frame.fill(line, " ", style: base)
            draw(view.rows[index], view, &frame, line, base, state, isHere: index == view.cursor)
            frame.spot(line, .item(index))
        }
        let rule = Rect(x: rect.x + 1, y: rect.y + 1 + list, width: rect.width - 2, height: 1)
        frame.fill(rule, theme.borders.scalars.across, style: theme[.layerBorder])
        LayerBox.place(
            view.offset..<view.offset + list, of: view.rows.count, &frame, before: rule.maxX - 1, y: rule.y, theme)
        for (row, line) in foot.enumerated() {
            frame.put(
                spans: line, x: rect.x + 2, y: rule.y + 1 + row, width: rect.width - 4, theme: theme,
                base: theme[.layer], cut: .middle)
        }
        if let buttons = foot.last {
            LayerBox.spots(
                &frame, of: buttons, .character("y"), .character("n"), x: rect.x + 2, y: rule.y + foot.count)
        }
    }

    /// How many lines of the list there is room for.
    static func listHeight(_ view: CleanupView, _ state: State) -> Int {
        let width = min(state.size.width - 2, width) - 4
        return min(
            view.rows.count,
            max(1, state.size.height - foot(view, state, width).count - (state.size.height < 16 ? 5 : 6)))
    }

    private static func draw(
        _ row: CleanupView.Row, _ view: CleanupView, _ frame: inout Frame, _ line: Rect, _ base: Style, _ state: State,
        isHere: Bool
    ) {
        let theme = state.theme
        switch row {
        case .kind(let kind):
            let isChosen = view.chosen.contains(kind)
            let right = figure(of: kind, view, state)
            let place = line.maxX - 1 - TextWidth.of(right.text)
            let spans = [
                Span(isHere ? "▸" : " "), Span(isChosen ? "[x] " : "[ ] "), Span("\(kind.key) ", isHere ? nil : .key),
                Span(kind.title, isChosen && !isHere ? .strong : nil),
            ]
            frame.put(
                spans: spans, x: line.x, y: line.y, width: max(0, place - line.x - 1), theme: theme, base: base)
            frame.put(
                right.text, x: place, y: line.y, width: line.maxX - place,
                style: isHere ? base : right.role.map { theme[$0, over: base] } ?? base)
        case .item(let kind, let number):
            guard let item = view.plan?.items[kind]?[number] else { return }
            let size = kind == .networks ? "" : Units.bytes(item.size.map(Double.init))
            let about = Sanitiser.clean(item.about)
            let room = line.width - 8 - 8
            let name = Sanitiser.clean(item.name)
            // The name first; what there is to know of it where there is room.
            let nameWidth = min(TextWidth.of(name), max(room / 2, room - TextWidth.of(about) - 2))
            frame.put(isHere ? "▸" : " ", x: line.x, y: line.y, width: 1, style: base)
            let x = line.x + 7
            frame.put(name, x: x, y: line.y, width: nameWidth, style: base, cut: .middle)
            if room - nameWidth > 8 {
                frame.put(
                    about, x: x + nameWidth + 2, y: line.y, width: room - nameWidth - 2,
                    style: isHere ? base : theme[.choice, over: base])
            }
            frame.put(
                size, x: line.maxX - 1 - TextWidth.of(size), y: line.y, width: TextWidth.of(size), style: base)
        }
    }

    /// How much of a kind would go, chosen or not.
    private static func figure(of kind: CleanupKind, _ view: CleanupView, _ state: State) -> Span {
        guard let plan = view.plan else {
            return view.error == nil ? Span("…", .dim) : Span(Units.none, .dim)
        }
        if kind == .buildCache, view.use == nil { return Span(waiting(view, state) ?? "not known", .note) }
        let sum = CleanupSum(plan.items[kind] ?? [])
        if sum.count == 0 { return Span("none", .dim) }
        return Span("\(Units.count(sum.count))\(kind == .networks || sum.size.isEmpty ? "" : " · \(sum.size)")")
    }

    private static func waiting(_ view: CleanupView, _ state: State) -> String? {
        state.engines[view.engine]?.disk.askedSince.map {
            "asked for \(Units.shortDuration(state.now.timeIntervalSince($0)))"
        }
    }

    private static func foot(_ view: CleanupView, _ state: State, _ width: Int) -> [[Span]] {
        let room = state.size.height
        var lines: [[Span]] = []
        if let error = view.error, !view.isListed {
            lines += Sanitiser.clean("it could not be listed: \(error.message)").wrapped(width).prefix(3)
                .map { [Span($0, .failure)] }
        } else if !view.isListed {
            let seconds = Units.shortDuration(state.now.timeIntervalSince(view.askedSince))
            lines.append([Span("the Engine is asked what there is, for \(seconds)", .acting)])
        } else {
            let sum = view.sum
            let size = sum.size.isEmpty ? "" : " · \(sum.size)"
            let words = sum.count == 0 ? "nothing goes" : "\(sum.words) \(sum.count == 1 ? "goes" : "go")\(size)"
            lines += words.wrapped(width).prefix(room < 16 ? 1 : 2).map { [Span($0, .strong)] }
            lines += notes(view, state).prefix(room < 16 ? 1 : 4)
        }
        if room >= 16 { lines.append([]) }
        let command = state.cleanupCommand(view)
        if !command.isEmpty {
            let wrapped = command.wrapped(width)
            let most = room < 16 ? 1 : room < 30 ? 2 : 4
            lines += wrapped.prefix(most - 1).map { [Span($0, .docker)] }
            lines.append([Span(wrapped.dropFirst(most - 1).joined(separator: " "), .docker)])
            if room >= 16 { lines.append([]) }
        }
        let what = view.sum.count == 0 ? "" : " \(Units.count(view.sum.count))"
        lines.append([
            Span(" y ", .choiceSelected), Span(" remove\(what)   "), Span(" n ", .choiceSelected), Span(" leave it"),
        ])
        return lines
    }

    /// What is to be known before one answers.
    private static func notes(_ view: CleanupView, _ state: State) -> [[Span]] {
        var notes: [String] = []
        if view.chosen.contains(.namedVolumes), view.plan?.items[.namedVolumes]?.isEmpty == false {
            notes.append("named volumes are among them: what is in them is lost")
        }
        if let disk = state.engines[view.engine]?.disk {
            if let waiting = waiting(view, state) {
                notes.append(disk.use == nil ? "sizes are \(waiting): they come in" : "sizes are \(waiting) anew")
            } else if let error = disk.error {
                notes.append("sizes are not known: \(error.message)")
            }
        }
        if view.chosen.contains(.buildCache), view.use == nil {
            notes.append("nothing of the build cache goes before it is listed")
        }
        if !view.filter.isEmpty {
            let age = view.filter.until.isEmpty ? [] : ["older than \(view.filter.until)"]
            let labels = view.filter.labels.isEmpty ? [] : ["labels \(view.filter.labels.joined(separator: " "))"]
            notes.append("only: " + (age + labels).joined(separator: ", "))
        }
        return notes.map { [Span(Sanitiser.clean($0), .note)] }
    }

    static let hints = [
        ("Space", "choose"), ("a", "all"), ("u", "age"), ("l", "label"), ("r", "ask again"), ("y", "remove"),
        ("n", "leave"),
    ]
}
