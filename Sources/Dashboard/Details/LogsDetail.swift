import EngineAPI
import FoundationEssentials
import Terminal

/// The followed log: newest at the bottom.
enum LogsDetail {
    /// Draws the log and gives what its border says: following, or how far back.
    static func draw(_ frame: inout Frame, _ area: Rect, _ state: State) -> Span? {
        guard let container = state.selectedContainer, let log = state.engine.log, log.container == container.id else {
            return nil
        }
        let theme = state.theme
        let store = log.store
        guard !store.isEmpty else {
            Detail.explain(&frame, area, emptiness(log, container, state), theme[emptyRole(log)])
            return nil
        }
        // The last row of the body tells of an end or a failure, so that it is never mistaken for silence.
        var ending: Span?
        switch log.phase {
        case .ended: ending = Span("── \(container.status(at: state.engine.engineTime(state.now))) ", .logMark)
        case .failed(let error, let retrying):
            ending = Span("── \(error.message)\(retrying ? "; trying again" : "") ", .failure)
        case .opening, .following: break
        }
        if !log.following { ending = nil }
        let height = area.height - (ending == nil ? 0 : 1)
        let last = min(log.anchor ?? store.end - 1, store.end - 1)
        // Rows from the bottom: a gap's notice takes one of its own.
        var y = area.y + height - 1
        var number = last
        // A short log begins at the top.
        let notices = log.gaps.count { $0 >= store.first && $0 <= last }
        let above = aboveOldest(log)
        let top = above == nil ? 0 : 1
        y = min(y, area.y + last - store.first + notices + top)
        if let ending {
            let text = ending.text + String(repeating: "─", count: max(0, area.width - TextWidth.of(ending.text)))
            frame.put(
                Sanitiser.clean(text), x: area.x, y: y + 1, width: area.width,
                style: ending.role.map { theme[$0] } ?? theme[.dim])
        }
        while y >= area.y, number >= store.first {
            guard let line = store[number] else { break }
            draw(line, &frame, Rect(x: area.x, y: y, width: area.width, height: 1), log, state)
            y -= 1
            if log.gaps.contains(number), y >= area.y {
                frame.put(
                    "── lines are missing here: the Engine no longer has them ──", x: area.x, y: y,
                    width: area.width, style: theme[.logMark])
                y -= 1
            }
            number -= 1
        }
        if y >= area.y, number < store.first, let above {
            frame.put("── \(above) ──", x: area.x, y: y, width: area.width, style: theme[.logMark])
        }
        return note(log)
    }

    /// What the row above the oldest held line says, when one has scrolled up to it or lines went.
    private static func aboveOldest(_ log: FollowedLog) -> String? {
        if log.store.dropped > 0 { return "\(Units.count(log.store.dropped)) older lines were dropped here" }
        guard !log.following else { return nil }
        switch log.older {
        case .unknown: return "fetching older lines …"
        case .start: return "start of the log"
        case .full: return "older lines are not held: \(Units.count(log.store.bounds.lines)) lines are the bound"
        case .failed(let error): return Sanitiser.clean("older lines could not be fetched: \(error.message)")
        }
    }

    private static func draw(
        _ line: LogStore.Line, _ frame: inout Frame, _ row: Rect, _ log: FollowedLog, _ state: State
    ) {
        var x = row.x
        if let time = time(line, state) {
            x += frame.put(time + " ", x: x, y: row.y, width: row.width, style: state.theme[.timestamp])
        }
        frame.put(
            log: line.text, x: x, y: row.y, width: row.maxX - x, skip: log.column,
            style: state.theme[line.isError ? .stderr : .text])
    }

    private static func time(_ line: LogStore.Line, _ state: State) -> String? {
        let date = Date(timeIntervalSince1970: Double(line.time) / 1e9)
        switch state.logTimes {
        case .off: return nil
        case .local: return Units.clock(date, secondsFromGMT: state.secondsFromGMT, milliseconds: true)
        case .utc: return Units.clock(date, secondsFromGMT: 0, milliseconds: true) + "Z"
        case .relative:
            let age = state.engine.engineTime(state.now).timeIntervalSince(date)
            return ("-" + Units.shortDuration(age)).leftPadded(5)
        }
    }

    private static func note(_ log: FollowedLog) -> Span {
        var text: String
        var role: Role?
        let lines = "\(Units.count(log.store.count)) line\(log.store.count == 1 ? "" : "s")"
        let dropped = log.store.dropped > 0 ? ", \(Units.count(log.store.dropped)) dropped" : ""
        if log.following {
            text = log.phase == .ended ? "ended" : "following"
            text += " · \(lines)\(dropped)"
        } else {
            text = log.unseen > 0 ? "\(Units.count(log.unseen)) below · f follows" : "f follows"
            text += " · \(lines)\(dropped)"
            role = .note
        }
        if log.column > 0 { text += " · col \(log.column)" }
        return Span(text, role)
    }

    private static func emptyRole(_ log: FollowedLog) -> Role {
        if case .failed = log.phase { return .failure }
        return .dim
    }

    /// Why there is nothing to see.
    private static func emptiness(_ log: FollowedLog, _ container: Container, _ state: State) -> String {
        switch log.phase {
        case .opening:
            return state.engine.isConnected ? "Opening the log …" : "The Engine is away: the log opens when it is back."
        case .failed(let error, let retrying):
            let driver = log.driver.isEmpty ? "" : " (log driver \(log.driver))"
            return "The log cannot be read\(driver): \(error.message)\(retrying ? " Trying again." : "")"
        case .following, .ended:
            if log.driver == "none" { return "No log: its log driver is “none”." }
            switch container.state {
            case .created:
                let error = container.details?.state.error ?? ""
                return error.isEmpty ? "It was never started: S starts it." : "It could not be started: \(error)"
            case .running, .paused, .restarting: return "No output yet."
            default:
                let error = container.details?.state.error ?? ""
                let status = container.status(at: state.engine.engineTime(state.now))
                return "It wrote nothing. \(status)." + (error.isEmpty ? "" : " \(error)")
            }
        }
    }
}
