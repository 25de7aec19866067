import Terminal

/// Charts of the last minutes.
enum StatsDetail {
    static func draw(_ frame: inout Frame, _ area: Rect, _ state: State) -> Span? {
        guard let container = state.selectedContainer else { return nil }
        let points = container.usage.points
        guard let latest = points.last else {
            let text =
                !container.isRunning
                ? "No figures: it does not run (\(container.status(at: state.engine.engineTime(state.now))))."
                : state.engine.isConnected ? "Waiting for the first figures …" : "The Engine is away."
            Detail.explain(&frame, area, text, state.theme[.dim])
            return nil
        }
        let limit = latest.memoryLimit
        let share = limit > 0 ? "  \(Units.percent(latest.memory / limit * 100)) % of \(Units.bytes(limit))" : ""
        let charts: [Chart] = [
            Chart(title: "CPU % of a core", values: points.map(\.cpu), atLeast: 10) { Units.percent($0) },
            Chart(title: "Memory\(share)", values: points.map { $0.memory }, atLeast: 1_048_576, binary: true) {
                Units.bytes($0)
            },
            Chart(title: "Net in /s", values: points.map(\.received), atLeast: 1_024, binary: true) { Units.rate($0) },
            Chart(title: "Net out /s", values: points.map(\.sent), atLeast: 1_024, binary: true) { Units.rate($0) },
            Chart(title: "Disk read /s", values: points.map(\.read), atLeast: 1_024, binary: true) { Units.rate($0) },
            Chart(title: "Disk written /s", values: points.map(\.written), atLeast: 1_024, binary: true) {
                Units.rate($0)
            },
            Chart(title: "Pids", values: points.map { $0.pids }, atLeast: 4) { Units.fixed($0, 0) },
        ]
        // As many columns as leave each chart readable; where the rows do not do for all, each is one line of figures.
        let columns = area.width >= 150 ? 3 : area.width >= 64 ? 2 : 1
        let rows = (charts.count + columns - 1) / columns
        let height = area.height / rows
        guard height >= 3 else {
            drawFigures(&frame, area, charts, state)
            return span(points.count)
        }
        let width = area.width / columns
        for (index, chart) in charts.enumerated() {
            let column = index % columns
            let row = index / columns
            // The last chart takes what its row has left.
            let wide = index == charts.count - 1 ? area.width - column * width : width
            let rect = Rect(
                x: area.x + column * width, y: area.y + row * height, width: wide - (column == columns - 1 ? 0 : 2),
                height: min(height, 12))
            chart.draw(&frame, rect, theme: state.theme)
        }
        return span(points.count)
    }

    private static func span(_ samples: Int) -> Span {
        Span(samples < 60 ? "last \(samples) s" : "last \(samples / 60) min")
    }

    /// One line a chart: newest figure, sparkline.
    private static func drawFigures(_ frame: inout Frame, _ area: Rect, _ charts: [Chart], _ state: State) {
        for (row, chart) in charts.prefix(area.height).enumerated() {
            let y = area.y + row
            let known = chart.values.compactMap { $0 }
            let latest = chart.values.last.flatMap { $0 }.map(chart.format) ?? Units.none
            frame.put(chart.title, x: area.x + 1, y: y, width: 26, style: state.theme[.text])
            frame.put(latest.leftPadded(7), x: area.x + 28, y: y, width: 7, style: state.theme[.strong])
            let width = area.width - 37
            guard width > 4 else { continue }
            let top = max(known.max() ?? 0, chart.atLeast)
            let spans = Sparkline.spans(chart.values.suffix(width).map { $0 ?? 0 }, width: width, maximum: top)
            frame.put(
                spans: spans, x: area.x + 36, y: y, width: width, theme: state.theme, base: state.theme[.text])
        }
    }
}
