import EngineAPI
import FoundationEssentials
import Terminal

/// The first line: which Engine this is, how it is reached, and a summary.
enum Header {
    static func draw(_ frame: inout Frame, _ area: Rect, _ state: State) {
        let theme = state.theme
        let base = theme[.header]
        frame.fill(area, " ", style: base)
        // Seconds only where there is room for much: what changes each second goes over the wire each second.
        let time = Units.clock(state.now, secondsFromGMT: state.secondsFromGMT)
        let clock = " " + (area.width < 100 ? String(time.prefix(5)) : time) + " "
        frame.put(clock, x: area.maxX - clock.count, y: area.y, width: clock.count, style: base)
        var room = area.width - clock.count

        var counts = counts(state)
        let sums = sums(state)
        func width(_ spans: [Span]) -> Int { spans.reduce(0) { $0 + TextWidth.of($1.text) } }
        // Where there is not room for both, what is in trouble is worth more.
        if width(counts + sums) + 12 <= room { counts += sums }
        let countsWidth = width(counts)
        if countsWidth + 12 <= room {
            room -= countsWidth
            frame.put(spans: counts, x: room, y: area.y, width: countsWidth, theme: theme, base: base)
        }
        frame.put(spans: name(state, room - 1), x: 0, y: area.y, width: room - 1, theme: theme, base: base)
    }

    private static func name(_ state: State, _ room: Int) -> [Span] {
        let engine = state.engine
        let host = Sanitiser.clean(engine.info?.name ?? "")
        var spans = [Span(room >= 60 ? " gantry ▸ " : " ")]
        spans.append(Span(host.isEmpty ? (engine.isConnected ? "Engine" : "no Engine yet") : host, .headerStrong))
        if let version = engine.version {
            let name = version.name.isEmpty ? "Engine" : Sanitiser.clean(version.name)
            // Short where there is little room; the address is on the start screen and in the help too.
            spans.append(Span(room >= 76 ? "  \(name) \(version.version)" : " · \(version.version)"))
            if room >= 44 { spans.append(Span(" · API \(version.api)")) }
        }
        let how = room >= 92 ? engine.address.description : engine.address.scheme
        spans.append(Span(" · \(how)"))
        if state.figuresPaused { spans.insert(Span(" PAUSED", .note), at: 0) }
        if let since = engine.staleSince, engine.containersLoaded {
            // In front, where nothing cuts it off.
            spans.insert(
                Span(" STALE \(Units.shortDuration(state.now.timeIntervalSince(since)))", .failure), at: 0)
        }
        // Half a version says less than none.
        while spans.count > 2, spans.reduce(0, { $0 + TextWidth.of($1.text) }) > room { spans.removeLast() }
        return spans
    }

    private static func counts(_ state: State) -> [Span] {
        let engine = state.engine
        guard engine.containersLoaded else { return [] }
        let tally = engine.tally
        var spans = [Span("● \(tally.running)", .running)]
        if tally.odd > 0 { spans.append(Span("  ◐ \(tally.odd)", .restarting)) }
        spans.append(Span("  ○ \(tally.ended)", .endedWell))
        if tally.endedBadly > 0 { spans.append(Span("  ✕ \(tally.endedBadly)", .endedBadly)) }
        if !engine.troubled.isEmpty { spans.append(Span("  ! \(engine.troubled.count)", .failure)) }
        return spans
    }

    /// What all containers use together, and of how many that is known.
    private static func sums(_ state: State) -> [Span] {
        guard let info = state.engine.info, state.engine.containersLoaded, state.size.width >= 100 else { return [] }
        let totals = state.engine.totals
        let whole = state.settings.cpuOfHost ? "the host" : "\(Units.fixed(Double(info.cpus) * 100, 0)) %"
        func meter(_ value: Double, of whole: Double) -> [Span] {
            guard state.size.width >= 150, whole > 0 else { return [] }
            return Bar.spans(value / whole, width: 8) + [Span(" ")]
        }
        var spans = [Span("   cpu ")] + meter(totals.cpu ?? 0, of: Double(info.cpus) * 100)
        spans.append(Span("\(Units.percent(state.cpuShown(totals.cpu))) % of \(whole)"))
        spans += [Span("   mem ")] + meter(totals.memory ?? 0, of: Double(info.memory))
        spans.append(Span("\(Units.bytes(totals.memory)) of \(Units.bytes(Double(info.memory)))"))
        if totals.fresh < totals.containers {
            spans.append(Span(" · of \(totals.fresh) of \(totals.containers)", .note))
        }
        return spans
    }
}

/// What is shown until the Engine has been reached for the first time.
enum StartScreen {
    static func draw(_ frame: inout Frame, _ area: Rect, _ state: State) {
        let theme = state.theme
        let engine = state.engine
        var lines: [(String, Role)] = []
        switch engine.connection {
        case .connecting, .connected:
            // A blink: nothing to read before it is over.
            let waited = state.now.timeIntervalSince(engine.since)
            guard waited >= 0.5 else { return }
            lines.append(("Connecting to \(engine.address) … \(Int(waited)) s", .text))
        case .away(let error, _, let next, let attempt):
            lines.append(("No Engine", .failure))
            lines.append(("", .text))
            lines.append((error.message, .text))
            lines.append(("", .text))
            lines.append(("tried \(engine.address)", .dim))
            let wait = max(0, next.timeIntervalSince(state.now).rounded(.up))
            let again = wait > 0 ? "again in \(Int(wait)) s" : "trying again …"
            lines.append(("attempt \(attempt), \(again)", .dim))
            lines.append(("", .text))
            let (retry, quit) = (state.key(of: "engine.reconnect"), state.key(of: "quit"))
            lines.append(("\(retry) tries again now · -H or DOCKER_HOST name another Engine · \(quit) quits", .dim))
            if state.offersDemo { lines.append(("gantry --demo shows a simulated one", .dim)) }
        }
        let width = min(area.width - 4, 76)
        var rows: [(String, Role)] = []
        for (text, role) in lines {
            rows += Sanitiser.clean(text).wrapped(width).map { ($0, role) }
        }
        let x = area.x + (area.width - width) / 2
        let y = area.y + max(0, (area.height - rows.count) / 2)
        for (index, row) in rows.enumerated() where y + index < area.maxY {
            frame.put(row.0, x: x, y: y + index, width: width, style: theme[row.1])
        }
    }
}
