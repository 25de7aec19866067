import EngineAPI
import Terminal

// Hits and events in a log, and going from one to the next.
extension State {
    /// Takes in which lines of a slice match.
    mutating func take(_ found: ScannedLog, log id: Int, on engineID: EngineID) {
        guard var log = engines[engineID]?.log, log.id == id else { return }
        engines[engineID]?.log = nil
        defer { engines[engineID]?.log = log }
        if found.scan.isFilter {
            guard log.filter?.matches.accepts(found) == true else { return }
            log.filter?.matches.take(found.lines, in: found.range)
        } else {
            guard log.search?.accepts(found) == true else { return }
            log.search?.take(found.lines, in: found.range)
            seekHit(in: &log)
        }
        log.forgetDropped()
    }

    /// Goes to the first hit of a new search: the nearest one upwards, else the first one below.
    private func seekHit(in log: inout FollowedLog) {
        guard let from = log.seeking, let search = log.search else { return }
        var hit = search.line(atMost: from)
        while let line = hit, log.line(atMost: line) != line { hit = search.line(atMost: line - 1) }
        if hit == nil {
            guard search.next(of: log.store.first..<log.store.end) == nil else { return }
            hit = search.line(atLeast: from)
            while let line = hit, log.line(atLeast: line) != line { hit = search.line(atLeast: line + 1) }
        }
        log.seeking = nil
        guard let hit else { return }
        log.hit = hit
        show(hit, in: &log)
    }

    /// Makes a line visible, and the hit in it.
    private func show(_ line: Int, in log: inout FollowedLog) {
        let window = LogWindow(log, logView, in: layout.body)
        if !window.lines.contains(line) {
            if let position = window.position(showing: line, at: 0.4) { log.stand(at: position) } else { log.follow() }
        } else if log.following, let bottom = window.bottom {
            // What is looked at stays where it is while lines arrive.
            log.stand(at: bottom)
        }
        guard !logView.wraps, logView.json == .raw, let pattern = log.search?.pattern, let held = log.store[line],
            let matcher = try? LogMatcher(pattern)
        else { return }
        let text = LogText.visible(held.text)
        guard let hit = text.withUnsafeBufferPointer({ matcher.ranges(in: $0) }).first else { return }
        let start = LogText.width(text[..<hit.lowerBound], limit: 1 << 20)
        let end = LogText.width(text[..<hit.upperBound], limit: 1 << 20)
        if start < log.column || end > log.column + window.width - 1 {
            log.column = end < window.width ? 0 : max(0, start - window.width / 3)
        }
    }

    mutating func nextHit(_ step: Int) {
        guard var log = engine.log else { return }
        guard let search = log.search else {
            return tell(.note, "nothing was searched for: \(key(of: "log.search")) does")
        }
        guard log.hits.count > 0 else {
            let isDone = search.next(of: log.store.first..<log.store.end) == nil
            return tell(
                .note,
                isDone ? "“\(search.pattern.text)” is not among the held lines" : "still looking through the log …")
        }
        engine.log = nil
        defer { engine.log = log }
        let window = LogWindow(log, logView, in: layout.body)
        let here = log.hit ?? window.bottom.map { step > 0 ? $0.line : $0.line + 1 } ?? 0
        func next(_ line: Int) -> Int? { step > 0 ? search.line(atLeast: line + 1) : search.line(atMost: line - 1) }
        func isShown(_ line: Int) -> Bool { log.line(atMost: line) == line }
        var hit = next(here)
        while let line = hit, !isShown(line) { hit = next(line) }
        if hit == nil {
            hit = step > 0 ? search.lines.first : search.lines.last
            while let line = hit, !isShown(line) { hit = next(line) }
            guard hit != nil else { return tell(.note, "no hit among the shown lines") }
            tell(.note, step > 0 ? "from the oldest on again" : "from the newest on again")
        }
        guard let hit else { return }
        log.hit = hit
        show(hit, in: &log)
    }

    mutating func nextEvent(_ step: Int) {
        guard var log = engine.log else { return }
        let window = LogWindow(log, logView, in: layout.body)
        let lines = window.lines
        // From the event that one is at, else from what is in view.
        let isAt = log.hit.flatMap { log.store.record($0)?.kind } == .event
        let here = isAt ? log.hit ?? 0 : step > 0 ? lines.first.map { $0 - 1 } ?? 0 : (lines.last ?? 0) + 1
        var event = step > 0 ? log.store.event(after: here) : log.store.event(before: here)
        while let number = event, log.line(atMost: number) != number {
            event = step > 0 ? log.store.event(after: number) : log.store.event(before: number)
        }
        guard let event else {
            return tell(
                .note, step > 0 ? "no later event among the held lines" : "no earlier event among the held lines")
        }
        engine.log = nil
        log.hit = event
        show(event, in: &log)
        engine.log = log
    }
}
