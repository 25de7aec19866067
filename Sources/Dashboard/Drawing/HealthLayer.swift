import EngineAPI
import FoundationEssentials
import Terminal

/// What a container's last health checks printed, the newest first.
enum HealthLayer {
    static func lines(_ id: ContainerID, _ state: State, width: Int) -> [[Span]] {
        guard let health = state.engine.containers[id]?.details?.state.health else {
            return [
                [
                    Span(
                        "It has no health check, or it has not been inspected yet. docker run --health-cmd gives one a check."
                    )
                ]
            ]
        }
        var lines: [[Span]] = [[Span("\(health.status)", health.status == .unhealthy ? .failure : .strong)]]
        if health.failingStreak > 0 { lines[0].append(Span("  \(health.failingStreak) failed in a row", .note)) }
        if health.log.isEmpty { lines.append([Span("No check has ended yet.", .dim)]) }
        for probe in health.log.reversed() {
            let clock = probe.start.map { Units.clock($0, secondsFromGMT: state.secondsFromGMT) } ?? "–"
            var head = [Span(clock, .strong)]
            head.append(
                probe.exitCode == 0 ? Span("  passed", .success) : Span("  failed (\(probe.exitCode))", .failure))
            if let start = probe.start, let end = probe.end {
                head.append(Span("  in \(Units.fixed(end.timeIntervalSince(start), 1)) s", .dim))
            }
            lines.append([])
            lines.append(head)
            for line in probe.output.split(whereSeparator: \.isNewline) {
                for part in Sanitiser.clean(String(line)).wrapped(max(10, width - 2)) {
                    lines.append([Span("  \(part)")])
                }
            }
        }
        return lines
    }
}
