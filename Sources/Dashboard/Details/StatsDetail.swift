import EngineAPI
import FoundationEssentials
import Terminal

/// Charts of the last minutes, or of the whole session; of the marked containers together where some are marked.
enum StatsDetail {
    /// One figure: what it is called, where it stands in a sample, how it is written.
    private struct Figure {
        let title: String
        var extra = ""
        let atLeast: Double
        var binary = true
        var limit: Double?
        let value: (Usage) -> Double?
        let format: (Double) -> String
    }

    static func draw(_ frame: inout Frame, _ area: Rect, _ state: State) -> Span? {
        guard let container = state.selectedContainer else { return nil }
        let compared = compared(state)
        guard let latest = container.usage.latest ?? compared.compactMap(\.usage.latest).first else {
            let text =
                !container.isRunning
                ? "No figures: it does not run (\(container.status(at: state.engine.engineTime(state.now)))). \(state.key(of: "container.start")) starts it."
                : state.engine.isConnected ? "Waiting for the first figures …" : "The Engine is away."
            Detail.explain(&frame, area, text, state.theme[.dim])
            return nil
        }
        let shown = compared.count > 1 ? compared : [container]
        let now = state.engine.engineTime(state.now)
        let seconds = self.seconds(shown, state, now)
        let charts = figures(latest, state, shown).map { figure in
            Chart(
                title: figure.title, extra: figure.extra, series: series(shown, figure, state, now), seconds: seconds,
                atLeast: figure.atLeast, limit: shown.count == 1 ? figure.limit : nil, cursor: state.chartCursor,
                whole: whole(shown, figure, state), binary: figure.binary, format: figure.format)
        }
        // As many columns as leave each chart readable; where the rows do not do for all, each is one line of figures.
        let columns = area.width >= 150 ? 3 : area.width >= 64 ? 2 : 1
        let rows = (charts.count + columns - 1) / columns
        let height = area.height / rows
        guard height >= 3 else {
            drawFigures(&frame, area, charts, state)
            return note(shown, state)
        }
        let width = area.width / columns
        for (index, chart) in charts.enumerated() {
            let column = index % columns
            let row = index / columns
            // The last chart takes what its row has left.
            let isRightmost = column == columns - 1 || index == charts.count - 1
            let wide = index == charts.count - 1 ? area.width - column * width : width
            let rect = Rect(
                x: area.x + column * width, y: area.y + row * height, width: wide - (isRightmost ? 0 : 2),
                height: min(height, 12))
            chart.draw(&frame, rect, theme: state.theme)
        }
        return note(shown, state)
    }

    /// The least and the mean of the whole session, whose older points are peaks.
    private static func whole(
        _ containers: [Container], _ figure: Figure, _ state: State
    ) -> (least: Double, mean: Double)? {
        guard state.chartRange == .session, let usage = containers.first?.usage, containers.count == 1,
            let least = usage.whole.lowest.flatMap(figure.value), let mean = usage.whole.mean.flatMap(figure.value)
        else { return nil }
        return (least, mean)
    }

    /// At most so many lines can be told apart.
    private static let mostCompared = 6

    /// The marked containers that have figures, as many as there are lines for.
    private static func compared(_ state: State) -> [Container] {
        state.markedContainers.lazy.compactMap { state.engine.containers[$0] }.filter { $0.usage.latest != nil }
            .prefix(mostCompared).map { $0 }
    }

    private static func seconds(_ containers: [Container], _ state: State, _ now: Date) -> Double {
        guard state.chartRange == .session else { return state.chartRange.rawValue }
        let oldest = containers.compactMap { $0.usage.coarse.first?.at }.min() ?? now
        return max(60, now.timeIntervalSince(oldest))
    }

    private static func series(
        _ containers: [Container], _ figure: Figure, _ state: State, _ now: Date
    ) -> [Series] {
        containers.enumerated().map { index, container in
            let usage = container.usage
            let points = state.chartRange == .session && usage.coarse.count > 4 ? usage.coarse : usage.points
            return Series(
                name: Sanitiser.clean(container.name),
                points: points.map { (now.timeIntervalSince($0.at), figure.value($0)) },
                role: containers.count > 1 ? .name(index) : nil)
        }
    }

    private static func figures(_ latest: Usage, _ state: State, _ shown: [Container]) -> [Figure] {
        let limit = latest.memoryLimit
        let cores = (shown.first?.details?.nanoCPUs).flatMap { $0 > 0 ? Double($0) / 1e7 : nil }
        let share =
            shown.count == 1 && limit > 0
            ? "  \(Units.percent(latest.memory / limit * 100)) % of \(Units.bytes(limit))" : ""
        let ofHost = state.settings.cpuOfHost
        // Without a limit of its processor time nothing is ever held back.
        let isHeldBack = shown.contains { $0.usage.points.contains { $0.throttled != nil } }
        let throttled = Figure(
            title: "Throttled, % of the time", atLeast: 10, binary: false, value: { $0.throttled.map { $0 * 100 } },
            format: { Units.percent($0) })
        let figures = [
            Figure(
                title: ofHost ? "CPU % of the host" : "CPU % of a core", atLeast: 10, binary: false,
                limit: state.cpuShown(cores), value: { state.cpuShown($0.cpu) }, format: { Units.percent($0) }),
            Figure(
                title: "Memory", extra: share, atLeast: 1_048_576, limit: limit > 0 ? limit : nil, value: { $0.memory },
                format: { Units.bytes($0) }),
            Figure(title: "Net in /s", atLeast: 1_024, value: { $0.received }, format: { Units.rate($0) }),
            Figure(title: "Net out /s", atLeast: 1_024, value: { $0.sent }, format: { Units.rate($0) }),
            Figure(title: "Disk read /s", atLeast: 1_024, value: { $0.read }, format: { Units.rate($0) }),
            Figure(title: "Disk written /s", atLeast: 1_024, value: { $0.written }, format: { Units.rate($0) }),
            Figure(title: "Pids", atLeast: 4, binary: false, value: { $0.pids }, format: { Units.fixed($0, 0) }),
        ]
        return isHeldBack ? figures + [throttled] : figures
    }

    private static func note(_ containers: [Container], _ state: State) -> Span {
        var text = state.chartRange.title
        if containers.count == 1, let first = containers.first?.usage.points.first {
            let seconds = Int(state.engine.engineTime(state.now).timeIntervalSince(first.at))
            if seconds < 60 { text = "\(text), \(seconds) s so far" }
        } else {
            let all = state.markedContainers.count
            text = "\(containers.count)\(all > containers.count ? " of \(all)" : "") marked · \(text)"
        }
        guard let cursor = state.chartCursor else { return Span(text) }
        let at = state.now.addingTimeInterval(-cursor)
        return Span("\(Units.clock(at, secondsFromGMT: state.secondsFromGMT)) · \(text)", .note)
    }

    /// One line a chart: the reading, sparkline.
    private static func drawFigures(_ frame: inout Frame, _ area: Rect, _ charts: [Chart], _ state: State) {
        for (row, chart) in charts.prefix(area.height).enumerated() {
            let y = area.y + row
            frame.put(chart.title, x: area.x + 1, y: y, width: 26, style: state.theme[.text])
            guard chart.series.count == 1, let line = chart.series.first else {
                let spans = chart.series.flatMap {
                    [Span("\($0.name) ", $0.role), Span("\(chart.reading(of: $0))  ", .strong)]
                }
                frame.put(
                    spans: spans, x: area.x + 28, y: y, width: area.width - 29, theme: state.theme,
                    base: state.theme[.text])
                continue
            }
            frame.put(
                chart.reading(of: line).leftPadded(7), x: area.x + 28, y: y, width: 7, style: state.theme[.strong])
            let width = area.width - 37
            guard width > 4 else { continue }
            let values = line.resampled(width, over: chart.seconds)
            let top = max(values.compactMap { $0 }.max() ?? 0, chart.atLeast)
            let spans = Sparkline.spans(values.map { $0 ?? 0 }, width: width, maximum: top)
            frame.put(
                spans: spans, x: area.x + 36, y: y, width: width, theme: state.theme, base: state.theme[.text])
        }
    }
}
