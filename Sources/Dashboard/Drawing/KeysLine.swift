import Terminal

/// The last line: the keys that work right now, most used first, never wider than the screen.
enum KeysLine {
    static func draw(_ frame: inout Frame, _ area: Rect, _ state: State) {
        let all = hints(state)
        // Help and quit stand last, and their room is kept for them.
        let last = all.suffix(2)
        let reserved = last.reduce(0) { $0 + width($1) + 2 }
        var x = area.x + 1
        for hint in all.dropLast(2) where x + width(hint) + reserved < area.maxX { put(hint, &x) }
        for hint in last where x + width(hint) < area.maxX { put(hint, &x) }

        func width(_ hint: (key: String, title: String)) -> Int {
            TextWidth.of(hint.key) + 1 + TextWidth.of(hint.title)
        }
        func put(_ hint: (key: String, title: String), _ x: inout Int) {
            let keys = hint.key.split(separator: " ").map { Key(parsing: String($0)) }
            if !keys.contains(nil) {
                frame.spot(Rect(x: x, y: area.y, width: width(hint), height: 1), .keys(keys.compactMap(\.self)))
            }
            x += frame.put(hint.key, x: x, y: area.y, width: area.maxX - x, style: state.theme[.key]) + 1
            x += frame.put(hint.title, x: x, y: area.y, width: area.maxX - x, style: state.theme[.keyTitle]) + 2
        }
    }

    static func hints(_ state: State) -> [(key: String, title: String)] {
        switch state.layers.last {
        case .question(let question):
            let scrolls = QuestionLayer.scrolls(question, state) ? [(key: "↑↓", title: "scroll")] : []
            return scrolls + question.hints + [("y", "yes"), ("Enter", "yes"), ("n", "no"), ("Esc", "no")]
        case .journal, .health, .keys: return [("↑↓", "scroll"), ("Esc", "close")]
        case .help: return [("letters", "find"), ("↑↓", "choose"), ("Enter", "do it"), ("Esc", "close")]
        case .palette: return [("↑↓", "choose"), ("F1", "keys"), ("Enter", "do it"), ("Esc", "leave")]
        case .tour: return [("any key", "leaves it"), ("?", "help"), ("q", "quit")]
        case .totals: return [("↑↓", "choose"), ("←→", "other figure"), ("Enter", "go to it"), ("Esc", "close")]
        case .files: return FilesLayer.hints
        case .cleanup: return CleanupLayer.hints
        case .job(let number):
            let runs = state.jobs.contains { $0.id == number && $0.isRunning }
            return [("↑↓", "scroll")] + (runs ? [("c", "cancel"), ("Esc", "hide: it goes on")] : [("Esc", "close")])
        case .prompt(let prompt): return prompt.hints
        case .form(let form): return form.hints
        case .actions(let menu):
            let turns = menu.reaches.count > 1 ? [(key: "←→", title: "to which")] : []
            return [("↑↓", "choose"), ("Enter", "do it")] + turns + [("Esc", "leave")]
        case .menu: return [("↑↓", "choose"), ("Enter", "take"), ("Esc", "leave")]
        case .wall(let wall):
            return [
                ("↑↓←→", wall.isZoomed ? "scroll" : "which"), ("j", "down"), ("k", "up"), ("f", "follow"),
                ("Enter", wall.isZoomed ? "all of them" : "zoom"), ("l", "its own log"), ("w", "wrap"), ("t", "times"),
                ("Esc", "leave"),
            ]
        case .columns:
            return [("↑↓", "choose"), ("Space", "on or off"), ("←→", "move it"), ("r", "as before"), ("Esc", "close")]
        case nil: break
        }
        if !state.pendingKeys.isEmpty { return [("Esc", "leave")] }
        let reachable = state.engine.isConnected || state.engine.containersLoaded
        let always: Set = ["engine.reconnect", "quit", "help"]
        return Command.all.compactMap { command -> (Int, String, String)? in
            guard let hint = command.hint, command.scope.covers(state), reachable || always.contains(command.id),
                command.applies(state) == .yes, let keys = state.keymap.keys(of: command).first,
                // Where a narrower command has the key, it means that one.
                case .command(let meant) = state.keymap.meaning(of: keys.keys, in: state), meant.id == command.id
            else { return nil }
            // What belongs to what has the focus comes first, then the pane's own keys.
            let rank =
                switch command.scope {
                case _ where command.id == "engine.reconnect": -1
                case _ where command.id == "help" || command.id == "quit": 3
                case .tab, .detail, .text: 0
                case .pane: 1
                default: 2
                }
            let title = command.id == "container.pause" && state.selectedContainer?.state == .paused ? "unpause" : hint
            return (rank, keys.description, title)
        }
        .enumerated().sorted { ($0.element.0, $0.offset) < ($1.element.0, $1.offset) }
        .map { ($0.element.1, $0.element.2) }
    }
}

/// The line above the keys: the last outcome, or what the filter is.
enum FlashLine {
    static func draw(_ frame: inout Frame, _ area: Rect, _ state: State) {
        let theme = state.theme
        if case .prompt(let prompt)? = state.layers.last { return draw(prompt, &frame, area, state) }
        if !state.pendingKeys.isEmpty, state.layers.isEmpty { return drawPending(&frame, area, state) }
        guard let flash = state.flash else {
            drawJobs(&frame, area, state)
            let list = state[list: state.pane]
            let parts = [
                list.relation.map { $0.title(state.engine) } ?? "",
                list.filter.isEmpty ? "" : "/ \(Sanitiser.clean(list.filter))",
            ].filter { !$0.isEmpty }
            let note = state.pane == .events && state.layout.mode != .wide ? state.eventsNote : ""
            let unfilter =
                parts.isEmpty
                ? note : (parts + ["\(state.key(of: "view.unfilter")) shows all rows"]).joined(separator: "   ")
            if !unfilter.isEmpty {
                frame.put(
                    unfilter, x: 1, y: area.y, width: area.width - 2,
                    style: theme[.note])
            }
            return
        }
        let (mark, role): (String, Role) =
            switch flash.kind {
            case .success: ("✓", .success)
            case .failure: ("✕", .failure)
            case .note: ("·", .note)
            }
        var used = frame.put("\(mark) \(flash.text)", x: 1, y: area.y, width: area.width - 2, style: theme[role])
        if let docker = flash.docker, used + docker.count + 5 <= area.width {
            used += 4
            frame.put(docker, x: used, y: area.y, width: area.width - used - 1, style: theme[.docker])
        }
    }

    /// The keys that were pressed, and what may follow.
    private static func drawPending(_ frame: inout Frame, _ area: Rect, _ state: State) {
        let pressed = state.pendingKeys.map(\.description).joined(separator: " ")
        var spans = [Span("\(pressed) …", .note)]
        for (keys, command) in state.keymap.continuations(of: state.pendingKeys, in: state) {
            spans += [Span("   "), Span(keys, .key), Span(" \(command.hint ?? command.title)", .keyTitle)]
        }
        frame.put(spans: spans, x: 1, y: area.y, width: area.width - 2, theme: state.theme, base: state.theme[.text])
    }

    /// What is under way behind the panes, at the right.
    private static func drawJobs(_ frame: inout Frame, _ area: Rect, _ state: State) {
        let running = state.jobs.filter(\.isRunning)
        guard let job = running.last, state.layers.isEmpty else { return }
        let others = running.count > 1 ? "\(running.count) jobs · " : ""
        let percent = job.progress.fraction.map { " · \(Units.fixed($0 * 100, 0)) %" } ?? ""
        let text = "\(others)\(Sanitiser.clean(job.job.title))\(percent) · \(state.key(of: "jobs.show")) shows it"
        let width = min(TextWidth.of(text), area.width / 2)
        frame.put(
            text, x: area.maxX - width - 1, y: area.y, width: width, style: state.theme[.acting], cut: .middle)
    }

    /// The line that is being typed, its end in view, and what it does.
    private static func draw(_ prompt: Prompt, _ frame: inout Frame, _ area: Rect, _ state: State) {
        let theme = state.theme
        let note = note(prompt, state)
        let noteWidth = min(TextWidth.of(note.text), area.width / 2)
        var text = Sanitiser.clean(prompt.text)[...]
        let label = prompt.label
        let room = max(8, area.width - noteWidth - TextWidth.of(label) - 5)
        while TextWidth.of(text) > room { text = text.dropFirst() }
        var x = 1 + frame.put(label, x: 1, y: area.y, width: area.width - 2, style: theme[.note])
        x += frame.put(text, x: x, y: area.y, width: area.width - x - 1, style: theme[.strong])
        // The cursor stands on the first letter of what completes it.
        let suggestion = prompt.suggestion
        frame.put(
            Sanitiser.clean(String(suggestion)), x: x, y: area.y, width: max(0, area.width - noteWidth - x - 3),
            style: theme[.dim])
        frame.put(
            suggestion.isEmpty ? " " : String(suggestion.prefix(1)), x: x, y: area.y, width: 1,
            style: theme[.choiceSelected])
        frame.put(
            note.text, x: area.maxX - noteWidth - 1, y: area.y, width: noteWidth, style: theme[note.role ?? .dim])
    }

    private static func rows(_ state: State) -> String {
        let count = state.rows(state.pane).count
        return count == 1 ? "1 row" : "\(Units.count(count)) rows"
    }

    private static func note(_ prompt: Prompt, _ state: State) -> Span {
        if let remark = prompt.remark { return Span(remark, .note) }
        if let error = prompt.error { return Span(error, .failure) }
        if case .ask = prompt.purpose { return Span("") }
        guard let log = state.engine.log else { return Span(rows(state)) }
        switch prompt.purpose {
        case .rows: return Span(rows(state))
        case .search:
            guard let search = log.search else { return Span("") }
            let isDone = search.next(of: log.store.first..<log.store.end) == nil
            let hits = log.hits
            let place = hits.place.map { "hit \(Units.count($0)) of " } ?? ""
            return Span("\(place)\(Units.count(hits.count))\(isDone ? "" : "…")")
        case .lines:
            return Span("\(Units.count(log.shownCount)) of \(Units.count(log.lineCount)) lines")
        case .time, .save, .ask: return Span("")
        }
    }
}
