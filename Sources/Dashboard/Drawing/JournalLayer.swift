import FoundationEssentials
import Terminal

/// What was asked of the Engines, newest first.
enum JournalLayer {
    static func lines(_ state: State, width: Int) -> [[Span]] {
        var lines = problems(state, width: width)
        guard !state.journal.entries.isEmpty else {
            return lines + [[Span("Nothing was asked of the Engine yet: what you do is noted here, with its outcome.")]]
        }
        for entry in state.journal.entries.reversed() {
            let outcome: Span =
                switch entry.outcome {
                case .running: Span("running \(Units.shortDuration(state.now.timeIntervalSince(entry.at)))", .acting)
                case .done(let seconds): Span("done in \(Units.fixed(seconds, 1)) s", .success)
                case .failed: Span("failed", .failure)
                }
            lines.append([
                Span(Units.clock(entry.at, secondsFromGMT: state.secondsFromGMT) + "  ", .dim),
                Span(outcome.text.padded(15), outcome.role), Span(entry.docker),
            ])
            for note in entry.notes {
                for line in Sanitiser.clean(note).wrapped(max(10, width - 12)) {
                    lines.append([Span("          "), Span(line, .note)])
                }
            }
            if case .failed(let message) = entry.outcome {
                for line in Sanitiser.clean(message).wrapped(max(10, width - 12)) {
                    lines.append([Span("          "), Span(line, .failure)])
                }
            }
        }
        if state.journal.dropped > 0 {
            lines.append([Span("\(state.journal.dropped) older entries made room", .dim)])
        }
        return lines
    }

    /// What is wrong in the file of the settings.
    private static func problems(_ state: State, width: Int) -> [[Span]] {
        guard !state.settingsProblems.isEmpty else { return [] }
        var lines = [[Span("In the settings, which hold but for this", .layerTitle)]]
        for problem in state.settingsProblems {
            for (index, line) in problem.wrapped(max(10, width - 4)).enumerated() {
                lines.append([Span(index == 0 ? "  " : "    "), Span(line, .failure)])
            }
        }
        return lines + [[]]
    }
}

extension String {
    /// The text with spaces behind up to a width.
    func padded(_ width: Int) -> String {
        let missing = width - TextWidth.of(self)
        return missing > 0 ? self + String(repeating: " ", count: missing) : self
    }
}
