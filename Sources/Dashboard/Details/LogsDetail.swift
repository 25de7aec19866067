import EngineAPI
import FoundationEssentials
import Terminal

/// The followed log: newest at the bottom.
enum LogsDetail {
    /// Draws the log and gives what its border says: following, or how far back.
    static func draw(_ frame: inout Frame, _ area: Rect, _ state: State) -> Span? {
        guard let log = state.engine.log, log.subject == state.logSubject else { return nil }
        return draw(log, &frame, area, state)
    }

    static func draw(_ log: FollowedLog, _ frame: inout Frame, _ area: Rect, _ state: State) -> Span {
        var drawing = LogDrawing(log, area, state)
        drawing.draw(&frame)
        return note(log, state)
    }

    private static func note(_ log: FollowedLog, _ state: State) -> Span {
        var parts: [String] = []
        var role: Role?
        if let selection = log.selection {
            let count = selection.range.count
            parts.append(
                "\(Units.count(count)) line\(count == 1 ? "" : "s") selected · \(state.key(of: "log.copy")) copies")
            role = .note
        } else if log.past != nil {
            parts.append("the past · \(state.key(of: "log.follow")) follows")
            role = .note
        } else if log.following {
            let ended = !log.origins.isEmpty && log.origins.allSatisfy { $0.phase == .ended || $0.phase == .removed }
            let cannotBeRead = !log.origins.isEmpty && log.origins.allSatisfy { $0.phase.isFailure }
            parts.append(ended ? "ended" : cannotBeRead ? "not readable" : "following")
        } else {
            let follows = "\(state.key(of: "log.follow")) follows"
            parts.append(log.unseen > 0 ? "\(Units.count(log.unseen)) new · \(follows)" : follows)
            role = .note
        }
        if let search = log.search {
            let hits = log.hits
            let more = search.next(of: log.store.first..<log.store.end) == nil ? "" : "…"
            let place = hits.place.map { "hit \(Units.count($0)) of " } ?? ""
            parts.append("/\(Sanitiser.clean(search.pattern.text)) \(place)\(Units.count(hits.count))\(more)")
        }
        if let filter = log.filter {
            let sign = filter.matches.isInverted ? "!" : ""
            parts.append(
                "&\(sign)\(Sanitiser.clean(filter.matches.pattern.text)) \(Units.count(log.shownCount)) of "
                    + "\(Units.count(log.lineCount))")
        } else {
            parts.append("\(Units.count(log.lineCount)) line\(log.lineCount == 1 ? "" : "s")")
        }
        if log.store.dropped > 0 { parts.append("\(Units.count(log.store.dropped)) dropped") }
        if log.leftOut > 0 { parts.append("\(log.leftOut) containers left out") }
        if log.column > 0 { parts.append("col \(log.column)") }
        return Span(parts.joined(separator: " · "), role)
    }
}

/// One drawing of a log.
private struct LogDrawing {
    let log: FollowedLog
    let area: Rect
    let state: State
    let window: LogWindow
    let matcher: LogMatcher?

    init(_ log: FollowedLog, _ area: Rect, _ state: State) {
        self.log = log
        self.area = area
        self.state = state
        window = LogWindow(log, state.logView, in: area)
        // A pattern that is none was refused when it was typed.
        matcher = log.search.flatMap { try? LogMatcher($0.pattern) }
    }

    mutating func draw(_ frame: inout Frame) {
        let explanation = emptiness
        let ending = self.ending
        let above = aboveOldest
        let limit = area.height - (ending == nil ? 0 : 1)
        let rows = window.visible(rows: limit, above: above != nil)
        var y = area.y
        for row in rows {
            let rect = Rect(x: area.x, y: y, width: area.width, height: 1)
            switch row {
            case .line(let number, let part): draw(number, part, &frame, rect)
            case .gap: rule("lines are missing here: the Engine no longer has them", &frame, rect)
            case .above: if let above { rule(above, &frame, rect) }
            }
            y += 1
        }
        if let explanation {
            let rest = Rect(x: area.x, y: y, width: area.width, height: max(0, area.maxY - y))
            Detail.explain(&frame, rest, explanation.text, state.theme[explanation.role])
        } else if let ending {
            let text = ending.text + String(repeating: "─", count: max(0, area.width - TextWidth.of(ending.text)))
            frame.put(
                Sanitiser.clean(text), x: area.x, y: y, width: area.width, style: state.theme[ending.role ?? .dim])
        }
    }

    private func rule(_ text: String, _ frame: inout Frame, _ row: Rect) {
        frame.put("── \(text) ──", x: row.x, y: row.y, width: row.width, style: state.theme[.logMark])
    }

    // MARK: One row

    private func draw(_ number: Int, _ part: Int, _ frame: inout Frame, _ row: Rect) {
        guard let line = log.store[number] else { return }
        let isSelected = log.selection?.range.contains(number) ?? false
        if line.isEvent {
            drawEvent(line, &frame, row)
        } else {
            drawLine(line, number, part, &frame, row)
        }
        if isSelected {
            let selected = state.theme[.selected]
            frame.restyle(row, state.theme.laying(.selected))
            frame.put("▌", x: row.x, y: row.y, width: 1, style: state.theme[.selectionBar, over: selected])
        }
    }

    private func drawEvent(_ line: LogStore.Line, _ frame: inout Frame, _ row: Rect) {
        let text = Sanitiser.clean(String(decoding: line.text, as: UTF8.self))
        let name =
            log.subject.isMerged && line.origin < log.origins.count
            ? Sanitiser.clean(log.origins[line.origin].name) + " " : ""
        let clock = Units.clock(date(line), secondsFromGMT: state.secondsFromGMT)
        let shown = "── \(clock) \(name)\(text) "
        let rule = shown + String(repeating: "─", count: max(0, row.width - TextWidth.of(shown)))
        frame.put(rule, x: row.x, y: row.y, width: row.width, style: state.theme[.logMark])
        highlight(&frame, row)
    }

    private func drawLine(
        _ line: LogStore.Line, _ number: Int, _ part: Int, _ frame: inout Frame, _ row: Rect
    ) {
        let theme = state.theme
        let view = state.logView
        let prefix = LogWindow.prefix(log, view)
        var x = row.x
        if let before = log.store.record(number - 1), before.continued, before.origin == line.origin {
            // One line of more than a megabyte stands in several.
            frame.put("↪", x: x, y: row.y, width: 1, style: theme[.logMark])
        } else if line.isError {
            frame.put("▎", x: x, y: row.y, width: 1, style: theme[.stderrMark])
        }
        x += prefix.mark
        if part == 0 {
            if prefix.number > 0 {
                let text = String(number - log.store.first + log.store.dropped + 1)
                frame.put(text.leftPadded(prefix.number - 1), x: x, y: row.y, width: prefix.number, style: theme[.axis])
            }
            if let time = time(line) {
                frame.put(time, x: x + prefix.number, y: row.y, width: prefix.time, style: theme[.timestamp])
            }
            if prefix.name > 0, line.origin < log.origins.count {
                frame.put(
                    log.origins[line.origin].name, x: x + prefix.number + prefix.time, y: row.y,
                    width: prefix.name - 1, style: theme[.name(log.origins[line.origin].colour)], cut: .middle)
            }
        }
        x = row.x + prefix.total
        let rest = Rect(x: x, y: row.y, width: max(0, row.maxX - x), height: 1)
        if view.json != .raw, let json = LogJSON(line.text) {
            draw(json, part, &frame, rest)
        } else {
            draw(text: line, part, &frame, rest)
        }
        highlight(&frame, rest)
    }

    private func draw(text line: LogStore.Line, _ part: Int, _ frame: inout Frame, _ rest: Rect) {
        let base = state.theme[line.isError ? .stderr : .text]
        let place = place(of: part, line.text, rest)
        frame.put(
            log: line.text, x: rest.x, y: rest.y, width: place.width, skip: place.skip, style: base,
            showsCuts: place.showsCuts)
        // What brings its own colours keeps them.
        guard part == 0, !line.text.prefix(200).contains(0x1B), let found = LogLevel.find(in: line.text) else { return }
        // Tabs and wide letters before the word move it: it is coloured where it stands on the screen.
        let skipped = state.logView.wraps ? 0 : log.column
        let columns = LogText.width(line.text.prefix(found.range.lowerBound), limit: rest.width + skipped) - skipped
        let word = Rect(x: rest.x + columns, y: rest.y, width: found.range.count, height: 1).intersection(rest)
        frame.restyle(word) { state.theme[found.level.role, over: $0] }
    }

    private func draw(_ json: LogJSON, _ part: Int, _ frame: inout Frame, _ rest: Rect) {
        let isFolded = state.logView.json == .folded
        let rows = isFolded ? json.folded : [json.summary]
        let index = isFolded ? part : 0
        let spans = index < rows.count ? rows[index] : []
        let place =
            isFolded
            ? (skip: log.column, width: rest.width, showsCuts: true) : place(of: part, Array(json.line.utf8)[...], rest)
        var skip = place.skip
        var x = rest.x
        let end = rest.x + place.width
        for (index, span) in spans.enumerated() where x < end {
            var text = Sanitiser.clean(span.text)[...]
            let columns = TextWidth.of(text)
            guard columns > skip else {
                skip -= columns
                continue
            }
            while skip > 0, let first = text.popFirst() { skip -= TextWidth.of(String(first)) }
            // Half of a wide one is scrolled away: the other half stays empty.
            x -= skip
            skip = 0
            x += frame.put(
                text, x: x, y: rest.y, width: end - x,
                style: span.role.map { state.theme[$0, over: state.theme[.text]] } ?? state.theme[.text],
                cut: place.showsCuts ? .end : .none)
            if x >= end, place.showsCuts, spans[(index + 1)...].contains(where: { !$0.text.isEmpty }) {
                frame.put("…", x: end - 1, y: rest.y, width: 1, style: state.theme[.text])
            }
        }
    }

    /// Which columns of a line a row shows.
    private func place(
        of part: Int, _ text: ArraySlice<UInt8>, _ rest: Rect
    ) -> (skip: Int, width: Int, showsCuts: Bool) {
        guard state.logView.wraps else { return (log.column, rest.width, true) }
        let starts = window.starts(of: text)
        guard part < starts.count else { return (0, 0, false) }
        // A row ends where the next one begins, and only the last that there may be is cut.
        let end = part + 1 < starts.count ? starts[part + 1] : starts[part] + rest.width
        return (starts[part], min(rest.width, end - starts[part]), part == LogWindow.mostRows - 1)
    }

    /// Marks every hit that is in view.
    private func highlight(_ frame: inout Frame, _ row: Rect) {
        guard let matcher else { return }
        let (bytes, columns) = frame.text(in: row)
        let hits = bytes.withUnsafeBufferPointer { matcher.ranges(in: $0) }
        let style = state.theme[.hit]
        for hit in hits {
            let first = columns[hit.lowerBound]
            let last = columns[hit.upperBound - 1]
            frame.restyle(Rect(x: first, y: row.y, width: last - first + 1, height: 1)) { style.over($0) }
        }
    }

    private func date(_ line: LogStore.Line) -> Date { Date(timeIntervalSince1970: Double(line.time) / 1e9) }

    private func time(_ line: LogStore.Line) -> String? {
        switch state.logView.times {
        case .off: return nil
        case .local: return Units.clock(date(line), secondsFromGMT: state.secondsFromGMT, milliseconds: true)
        case .utc: return Units.clock(date(line), secondsFromGMT: 0, milliseconds: true) + "Z"
        case .relative:
            let age = state.engine.engineTime(state.now).timeIntervalSince(date(line))
            return ("-" + Units.shortDuration(age)).leftPadded(5)
        }
    }

    // MARK: What is said beside the lines

    /// What the row above the oldest held line says, when one has scrolled up to it or lines went.
    private var aboveOldest: String? {
        if let cleared = log.cleared, log.store.first < cleared.before {
            let count = Units.count(log.open.lowerBound - log.store.first)
            return "\(count) older lines are hidden: \(state.key(of: "log.clear")) shows them"
        }
        if log.store.dropped > 0 { return "\(Units.count(log.store.dropped)) older lines were dropped here" }
        if let past = log.past { return "from \(Sanitiser.clean(past.text)) on" }
        guard !log.following else { return nil }
        switch log.older {
        case .unknown: return "fetching older lines …"
        case .start: return "start of the log"
        case .full: return "older lines are not held: \(Units.count(log.store.bounds.lines)) lines are the bound"
        case .failed(let error): return Sanitiser.clean("older lines could not be fetched: \(error.message)")
        }
    }

    /// What is said below the newest line, so that an end or a failure is never mistaken for silence.
    private var ending: Span? {
        if log.past != nil, log.following {
            return Span("── more lines follow: \(state.key(of: "log.follow")) shows the newest ", .logMark)
        }
        guard log.following, let origin = log.origins.last, !log.subject.isMerged else { return nil }
        switch origin.phase {
        case .failed(let error, let retrying):
            return Span("── \(error.message)\(retrying ? "; trying again" : "") ", .failure)
        case .removed: return Span("── \(origin.name) was removed; one of its name would go on here ", .logMark)
        case .ended:
            guard let container = state.engine.containers[origin.container] else { return nil }
            return Span("── \(container.status(at: state.engine.engineTime(state.now))) ", .logMark)
        case .opening, .following: return nil
        }
    }

    /// Why there is nothing to see; nil when there is.
    private var emptiness: (text: String, role: Role)? {
        if let filter = log.filter, log.lineCount > 0, log.line(atMost: log.store.end - 1) == nil {
            if filter.matches.next(of: log.open) != nil { return ("Looking …", .dim) }
            let pattern = Sanitiser.clean(filter.matches.pattern.text)
            let count = Units.count(log.lineCount)
            let (leave, change) = (state.key(of: "log.leave"), state.key(of: "log.filter"))
            return (
                "The filter “\(pattern)” hides all \(count) lines. \(leave) shows them, \(change) changes it.", .note
            )
        }
        if let cleared = log.cleared, log.open.isEmpty, log.store.count > 0 {
            let clock = Units.clock(cleared.at, secondsFromGMT: state.secondsFromGMT)
            return (
                "No output since \(clock). \(state.key(of: "log.clear")) shows all \(Units.count(log.lineCount)) lines.",
                .dim
            )
        }
        guard log.lineCount == 0 else { return nil }
        if log.subject.isMerged { return mergedEmptiness }
        guard let origin = log.origins.last else { return nil }
        let driver = origin.driver.isEmpty ? "" : " (log driver \(origin.driver))"
        guard let container = state.engine.containers[origin.container] else {
            return ("\(origin.name) was removed before it wrote anything.", .dim)
        }
        switch origin.phase {
        case .opening:
            let text =
                state.engine.isConnected ? "Opening the log …" : "The Engine is away: the log opens when it is back."
            return (text, .dim)
        case .failed(let error, let retrying):
            return ("The log cannot be read\(driver): \(error.message)\(retrying ? " Trying again." : "")", .failure)
        case .following, .ended, .removed:
            if origin.driver == "none" {
                return ("No log: its log driver is “none”. docker run --log-driver json-file keeps one.", .dim)
            }
            return (silence(container), .dim)
        }
    }

    private func silence(_ container: Container) -> String {
        let error = container.details?.state.error ?? ""
        switch container.state {
        case .created:
            return error.isEmpty
                ? "It was never started: \(state.key(of: "container.start")) starts it."
                : "It could not be started: \(error)"
        case .running, .paused, .restarting: return "No output yet. What it writes comes here at once."
        default:
            let status = container.status(at: state.engine.engineTime(state.now))
            return "It wrote nothing. \(status)."
                + (error.isEmpty ? " \(state.key(of: "container.start")) starts it." : " \(error)")
        }
    }

    private var mergedEmptiness: (text: String, role: Role) {
        guard !log.origins.isEmpty else {
            return (
                "No container is part of \(log.subject.title) now. \(state.key(of: "log.merge")) goes back to one log.",
                .dim
            )
        }
        if let failed = log.origins.first(where: { $0.phase.isFailure }),
            case .failed(let error, _) = failed.phase
        {
            return ("The log of \(failed.name) cannot be read: \(error.message)", .failure)
        }
        if log.origins.contains(where: { $0.phase == .opening }) {
            return (state.engine.isConnected ? "Opening \(log.origins.count) logs …" : "The Engine is away.", .dim)
        }
        return ("No output yet from any of \(log.origins.count) containers.", .dim)
    }
}
