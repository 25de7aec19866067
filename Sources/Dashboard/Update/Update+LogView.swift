import EngineAPI
import FoundationEssentials
import Terminal

// How one looks at a log: following, hiding, selecting, going to a time.
extension State {
    mutating func followLog() {
        // A stretch of the past is no longer followed: the log is opened anew.
        if engine.log?.past != nil { engine.log = nil } else { engine.log?.follow() }
        engine.log?.selection = nil
    }

    mutating func clearLog() {
        guard let log = engine.log else { return }
        if log.cleared != nil {
            engine.log?.cleared = nil
            tell(.note, "all lines are shown")
        } else {
            let now = now
            engine.log?.cleared = (log.store.end, now)
            engine.log?.follow()
            tell(.note, "lines up to now are hidden: \(key(of: "log.clear")) shows them")
        }
    }

    mutating func selectLines() {
        guard let log = engine.log else { return }
        if log.selection != nil {
            engine.log?.selection = nil
            return
        }
        let window = LogWindow(log, logView, in: layout.body)
        guard let bottom = window.bottom else { return tell(.note, "there are no lines to select") }
        // What is selected must not move away.
        engine.log?.stand(at: bottom)
        engine.log?.selection = .init(anchor: bottom.line, head: bottom.line)
        tell(
            .note,
            "↑ ↓ select lines · \(key(of: "log.copy")) copies them · \(key(of: "log.save")) saves them · \(key(of: "log.leave")) ends"
        )
    }

    /// Moves the moving end of the selection by lines, and the screen along.
    mutating func moveLogSelection(_ lines: Int) {
        guard var log = engine.log, var selection = log.selection else { return }
        if abs(lines) >= 1_000_000 {
            selection.head =
                (lines < 0 ? log.line(atLeast: log.store.first) : log.line(atMost: log.store.end - 1)) ?? selection.head
        } else {
            for _ in 0..<abs(lines) {
                let next = lines < 0 ? log.line(atMost: selection.head - 1) : log.line(atLeast: selection.head + 1)
                guard let next else { break }
                selection.head = next
            }
        }
        log.selection = selection
        let window = LogWindow(log, logView, in: layout.body)
        let shown = window.lines
        if let first = shown.first, let last = shown.last, let bottom = window.last {
            if selection.head > last {
                log.stand(at: .init(line: selection.head, row: window.rows(of: selection.head) - 1))
            } else if selection.head < first {
                log.stand(at: window.position(showing: selection.head, at: 0) ?? bottom)
            }
        }
        engine.log = log
    }

    mutating func leaveLogModes() {
        if engine.log?.selection != nil {
            engine.log?.selection = nil
        } else if engine.log?.filter != nil {
            engine.log?.filter = nil
        } else {
            engine.log?.search = nil
            engine.log?.hit = nil
        }
    }

    // MARK: Going to a time

    /// Goes to the first line of a time; fetches it when it is not held.
    mutating func goToTime(_ text: String) -> String? {
        let date = LogMoment.parse(text, now: engine.engineTime(now), secondsFromGMT: secondsFromGMT)
        guard let date else { return "a time is 14:05, 14:05:30, -10m or 2026-11-24 14:05" }
        guard var log = engine.log else { return "no log is shown" }
        let jump = FollowedLog.Jump(time: LogTime(date).nanoseconds, text: text)
        let oldest = log.store.record(log.store.first)?.time ?? .max
        if jump.time >= oldest || log.older == .start && log.store.dropped == 0 || log.past != nil {
            engine.log = nil
            go(to: jump, in: &log)
            engine.log = log
        } else {
            engine.log?.jump = jump
            tell(.note, "fetching the log from \(text) on …")
        }
        return nil
    }

    func go(to jump: FollowedLog.Jump, in log: inout FollowedLog) {
        if log.cleared != nil { log.cleared = nil }
        let window = LogWindow(log, logView, in: layout.body)
        guard let line = log.line(atLeast: log.store.number(at: jump.time)) else { return log.follow() }
        if let position = window.position(showing: line, at: 0) { log.stand(at: position) } else { log.follow() }
    }
}
