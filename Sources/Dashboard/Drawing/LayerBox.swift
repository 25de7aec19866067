import EngineAPI
import FoundationEssentials
import Terminal

/// Boxes over the panes: questions, help, journal.
enum LayerBox {
    static func draw(_ layer: Layer, _ frame: inout Frame, _ state: State) {
        switch layer {
        case .question(let question): QuestionLayer.draw(question, &frame, state)
        case .help, .palette, .actions: ChoiceLayer.draw(layer, &frame, state)
        case .keys(let keys, let scroll):
            text(&frame, state, title: "Keys of \(keys.title)", lines: keys.lines, scroll: scroll)
        case .tour: TourLayer.draw(&frame, state)
        case .journal(let scroll):
            let width = boxWidth(state.size) - 4
            text(&frame, state, title: "Journal", lines: JournalLayer.lines(state, width: width), scroll: scroll)
        case .prompt: break
        case .form(let form): FormLayer.draw(form, &frame, state)
        case .menu(let menu): MenuLayer.draw(menu, &frame, state)
        case .health(let container, let scroll):
            let name = state.engine.containers[container].map { Sanitiser.clean($0.name) } ?? "a container that is gone"
            let lines = HealthLayer.lines(container, state, width: boxWidth(state.size) - 4)
            text(&frame, state, title: "Health of \(name)", lines: lines, scroll: scroll)
        case .files(let browser): FilesLayer.draw(browser, &frame, state)
        case .cleanup(let view): CleanupLayer.draw(view, &frame, state)
        case .job(let number): JobLayer.draw(number, &frame, state)
        case .totals(let view): TotalsLayer.draw(view, &frame, state)
        case .columns(let view): ColumnsLayer.draw(view, &frame, state)
        case .wall(let wall): WallLayer.draw(wall, &frame, state)
        }
    }

    static func boxWidth(_ size: Size) -> Int { min(size.width - 2, 110) }

    /// How many lines of a text a box shows: what happens meanwhile is said in the line below.
    static func textHeight(_ size: Size, lines: Int) -> Int { min(lines, size.height - 5) }

    /// A box with text that can be scrolled.
    static func text(_ frame: inout Frame, _ state: State, title: String, lines: [[Span]], scroll: Scroll) {
        let theme = state.theme
        let height = textHeight(state.size, lines: lines.count)
        let width = boxWidth(state.size)
        let rect = Rect(
            x: (state.size.width - width) / 2, y: max(0, (state.size.height - height - 2) / 2), width: width,
            height: height + 2)
        clear(&frame, rect, theme, title: title)
        let start = min(scroll.row, max(0, lines.count - height))
        for row in 0..<height {
            frame.put(
                spans: lines[start + row], x: rect.x + 2, y: rect.y + 1 + row, width: rect.width - 4, theme: theme,
                base: theme[.layer])
        }
        if lines.count > height {
            let place = " \(start + 1)–\(start + height) of \(lines.count) "
            frame.put(
                place, x: rect.maxX - place.count - 2, y: rect.maxY - 1, width: place.count, style: theme[.layerBorder])
        }
    }

    static func clear(_ frame: inout Frame, _ rect: Rect, _ theme: Theme, title: String) {
        // What the box cuts off is not to be read together with it.
        let around = Rect(x: rect.x - 1, y: rect.y, width: rect.width + 2, height: rect.height)
        frame.fill(around, " ", style: theme[.text])
        frame.fill(rect, " ", style: theme[.layer])
        frame.spot(rect, .nothing)
        frame.box(rect, border: theme[.layerBorder], title: [], theme: theme)
        frame.put(" \(title) ", x: rect.x + 2, y: rect.y, width: rect.width - 4, style: theme[.layerTitle])
    }

    /// Makes buttons clickable, each of them two of the spans: its key, and what it does.
    static func spots(_ frame: inout Frame, of buttons: [Span], _ keys: Key..., x: Int, y: Int) {
        var x = x
        for (index, key) in keys.enumerated() {
            let title = buttons[2 * index].text + buttons[2 * index + 1].text
            let shown = TextWidth.of(title) - title.reversed().prefix { $0 == " " }.count
            frame.spot(Rect(x: x, y: y, width: shown, height: 1), .key(key))
            x += TextWidth.of(title)
        }
    }
}

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

/// What a container's last health checks printed, the newest first.
enum HealthLayer {
    static func lines(_ id: ContainerID, _ state: State, width: Int) -> [[Span]] {
        guard let health = state.engine.containers[id]?.details?.state.health else {
            return [
                [
                    Span(
                        "It has no health check, or it has not been inspected yet. docker run --health-cmd gives one a check."
                    )
                ]
            ]
        }
        var lines: [[Span]] = [[Span("\(health.status)", health.status == .unhealthy ? .failure : .strong)]]
        if health.failingStreak > 0 { lines[0].append(Span("  \(health.failingStreak) failed in a row", .note)) }
        if health.log.isEmpty { lines.append([Span("No check has ended yet.", .dim)]) }
        for probe in health.log.reversed() {
            let clock = probe.start.map { Units.clock($0, secondsFromGMT: state.secondsFromGMT) } ?? "–"
            var head = [Span(clock, .strong)]
            head.append(
                probe.exitCode == 0 ? Span("  passed", .success) : Span("  failed (\(probe.exitCode))", .failure))
            if let start = probe.start, let end = probe.end {
                head.append(Span("  in \(Units.fixed(end.timeIntervalSince(start), 1)) s", .dim))
            }
            lines.append([])
            lines.append(head)
            for line in probe.output.split(whereSeparator: \.isNewline) {
                for part in Sanitiser.clean(String(line)).wrapped(max(10, width - 2)) {
                    lines.append([Span("  \(part)")])
                }
            }
        }
        return lines
    }
}

/// What was asked of the Engines, newest first.
enum JournalLayer {
    static func lines(_ state: State, width: Int) -> [[Span]] {
        var lines = problems(state, width: width)
        guard !state.journal.entries.isEmpty else {
            return lines + [[Span("Nothing was asked of the Engine yet: what you do is noted here, with its outcome.")]]
        }
        for entry in state.journal.entries.reversed() {
            let outcome: Span =
                switch entry.outcome {
                case .running: Span("running \(Units.shortDuration(state.now.timeIntervalSince(entry.at)))", .acting)
                case .done(let seconds): Span("done in \(Units.fixed(seconds, 1)) s", .success)
                case .failed: Span("failed", .failure)
                }
            lines.append([
                Span(Units.clock(entry.at, secondsFromGMT: state.secondsFromGMT) + "  ", .dim),
                Span(outcome.text.padded(15), outcome.role), Span(entry.docker),
            ])
            for note in entry.notes {
                for line in Sanitiser.clean(note).wrapped(max(10, width - 12)) {
                    lines.append([Span("          "), Span(line, .note)])
                }
            }
            if case .failed(let message) = entry.outcome {
                for line in Sanitiser.clean(message).wrapped(max(10, width - 12)) {
                    lines.append([Span("          "), Span(line, .failure)])
                }
            }
        }
        if state.journal.dropped > 0 {
            lines.append([Span("\(state.journal.dropped) older entries made room", .dim)])
        }
        return lines
    }

    /// What is wrong in the file of the settings.
    private static func problems(_ state: State, width: Int) -> [[Span]] {
        guard !state.settingsProblems.isEmpty else { return [] }
        var lines = [[Span("In the settings, which hold but for this", .layerTitle)]]
        for problem in state.settingsProblems {
            for (index, line) in problem.wrapped(max(10, width - 4)).enumerated() {
                lines.append([Span(index == 0 ? "  " : "    "), Span(line, .failure)])
            }
        }
        return lines + [[]]
    }
}

extension String {
    /// The text with spaces behind up to a width.
    func padded(_ width: Int) -> String {
        let missing = width - TextWidth.of(self)
        return missing > 0 ? self + String(repeating: " ", count: missing) : self
    }
}
