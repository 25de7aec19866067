import Terminal

/// The line that says what Gantry itself costs, and the Engine.
enum CostLine {
    static func draw(_ frame: inout Frame, _ area: Rect, _ state: State) {
        guard !area.isEmpty else { return }
        let text = state.cost.map { Self.text($0, state.engine.sampling.way) } ?? "gantry: measuring …"
        frame.put(text, x: 1, y: area.y, width: area.width - 2, style: state.theme[.dim])
    }

    static func text(_ cost: OwnCost, _ way: Sampling.Way) -> String {
        let answer = cost.answerTime.map { "\(Units.fixed($0 * 1000, 1)) ms" } ?? "–"
        let stats =
            switch way {
            case .unknown: "stats: measuring"
            case .streams: "stats: streams"
            case .calls: "stats: calls"
            }
        return
            "gantry \(Units.fixed(cost.cpu, 1)) % \(Units.bytes(cost.memory)) \(Units.bytes(cost.terminal ?? 0))/s"
            + " · Engine \(answer), \(Units.fixed(cost.requests, 1)) req/s, \(cost.streams) streams · \(stats)"
    }
}
