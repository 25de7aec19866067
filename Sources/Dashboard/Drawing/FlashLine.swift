import Terminal

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
            let lines = Units.count(log.lineCount)
            return Span(log.filter == nil ? "\(lines) lines" : "\(Units.count(log.shownCount)) of \(lines) lines")
        case .time, .save, .ask: return Span("")
        }
    }
}
