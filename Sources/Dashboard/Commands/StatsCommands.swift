import Terminal

extension Command {
    static let statsCommands: [Command] = [
        stats("stats.range", "how far the charts go back: 1, 5, 15 minutes, the session", hint: "range", .named("w")) {
            state in
            state.chartRange = state.chartRange.next
            state.chartCursor = nil
            state.tell(.note, "charts: \(state.chartRange.title)")
        },
        Command(
            id: "stats.now", title: "read the newest figures again", keys: .named("f", "end"), scope: .tab(.stats),
            run: { state in
                state.tell(.note, state.chartCursor == nil ? "these are the newest figures" : "the newest figures")
                state.chartCursor = nil
                return []
            }),
        Command(
            id: "list.cpu", title: "count CPU in percent of one core, or of the whole host", keys: .named("%"),
            scope: .containers,
            run: { state in
                state.settings.cpuOfHost.toggle()
                state.tell(.note, state.settings.cpuOfHost ? "CPU: 100 % is the whole host" : "CPU: 100 % is one core")
                return []
            }),
    ]

    private static func stats(
        _ id: String, _ title: String, hint: String? = nil, _ keys: [Key],
        _ body: @escaping @Sendable (inout State) -> Void
    ) -> Command {
        Command(
            id: id, title: title, hint: hint, keys: keys, scope: .tab(.stats),
            run: { state in
                body(&state)
                return []
            })
    }
}

extension State {
    /// Moves the moment that one reads in the charts, by columns; the first step begins at the newest figures.
    mutating func moveChartCursor(_ step: Int) {
        let range = chartRange == .session ? max(60, now.timeIntervalSince(engine.since)) : chartRange.rawValue
        // A step of eight columns, as texts scroll, is a sixteenth of the chart.
        let moved = (chartCursor ?? 0) - Double(step) / 128 * range
        chartCursor = moved < 0 ? nil : min(moved, range * 0.999)
    }
}
