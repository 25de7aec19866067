/// A container's log is not kept but computed, from the seed, the container and the time. It is a row of runs; each has
/// what is written at its start, then places at even distances that hold no, one or several lines, then what is
/// written at its end. All times differ and rise.
struct DemoLog: Sendable {
    let container: DemoContainer
    let epoch: Nanoseconds
    /// Now: what comes later has not been written yet.
    let now: Nanoseconds

    /// Places of one run that are kept: as with a rotated log, what is older is gone.
    static let placesKept: Nanoseconds = 100_000
    private static let beginning: Nanoseconds = 250 * .millisecond

    init(_ container: DemoContainer, epoch: Nanoseconds, now: Nanoseconds) {
        self.container = container
        self.epoch = epoch
        self.now = now
    }

    /// Whether more may come: a log ends with its container.
    var isOpen: Bool { container.isRunning }

    /// How long to wait until it is worth a look again.
    var patience: Nanoseconds { min(max(container.spec.period, 50 * .millisecond), 500 * .millisecond) }

    /// The lines after a moment, the oldest first: at least so many when there are so many, and few more.
    func lines(after: Nanoseconds, limit: Int) -> [DemoLine] {
        var lines: [DemoLine] = []
        for (number, run) in container.runs.enumerated() where (run.end ?? .max) > after {
            if after < run.start + Self.beginning { lines += beginning(of: run).filter { $0.time > after } }
            if let places = places(of: run) {
                let first = max(places.lowerBound, place(of: max(after, run.start)))
                var place = first
                while place <= places.upperBound {
                    guard lines.count < limit else { return lines }
                    lines += self.lines(at: place, of: run).filter { $0.time > after }
                    place += 1
                }
            }
            lines += ending(of: run).filter { $0.time > after }
            if lines.count >= limit, number < container.runs.count - 1 { return lines }
        }
        return lines
    }

    /// The moment after which there are so many lines, or all when there are fewer.
    func start(ofLast count: Int) -> Nanoseconds {
        guard count > 0 else { return now }
        var missing = count
        func take(_ lines: [DemoLine]) -> Nanoseconds? {
            guard lines.count >= missing else {
                missing -= lines.count
                return nil
            }
            return lines[lines.count - missing].time - 1
        }
        for run in container.runs.reversed() {
            if let found = take(ending(of: run)) { return found }
            if let places = places(of: run) {
                var place = places.upperBound
                while place >= places.lowerBound {
                    if let found = take(lines(at: place, of: run)) { return found }
                    place -= 1
                }
            }
            if let found = take(beginning(of: run)) { return found }
        }
        return .min
    }

    private func place(of time: Nanoseconds) -> Nanoseconds {
        let (quotient, remainder) = (time - epoch).quotientAndRemainder(dividingBy: container.spec.period)
        return remainder < 0 ? quotient - 1 : quotient
    }

    private func places(of run: DemoContainer.Run) -> ClosedRange<Nanoseconds>? {
        let last = place(of: min(run.quiet, now))
        let first = max(place(of: run.start + Self.beginning), place(of: min(run.quiet, epoch)) - Self.placesKept)
        return first <= last ? first...last : nil
    }

    private func beginning(of run: DemoContainer.Run) -> [DemoLine] {
        var random = SplitMix(container.seed, 0xBE, UInt64(bitPattern: run.start - epoch))
        let texts = container.spec.writing.beginning(&random, at: run.start)
        return stamped(texts, from: run.start + .millisecond, step: 5 * .millisecond) { $0 <= min(now, run.quiet) }
    }

    private func lines(at place: Nanoseconds, of run: DemoContainer.Run) -> [DemoLine] {
        var random = SplitMix(container.seed, 0x11, UInt64(bitPattern: place))
        // Nothing is so even that it writes at every place.
        guard !random.often(150) else { return [] }
        let room = container.spec.period - container.spec.period / 8
        let time = epoch + place * container.spec.period + Nanoseconds(random.below(Int(room)))
        let until = min(now, run.quiet)
        guard time >= run.start + Self.beginning, time <= until, !run.wasPaused(at: time) else { return [] }
        return stamped(container.spec.writing.lines(&random, at: time), from: time, step: 20_000) { $0 <= until }
    }

    private func ending(of run: DemoContainer.Run) -> [DemoLine] {
        if let asked = run.askedToEnd {
            return stamped(container.spec.writing.goodbye(at: asked), from: asked + 1, step: 1000) {
                $0 <= min(now, run.end ?? .max)
            }
        }
        guard let fate = run.fate, case .ends(_, let code, _) = container.spec.fate else { return [] }
        let texts = container.spec.writing.ending(code: code)
        return stamped(texts, from: fate - .millisecond, step: 20_000) { $0 <= min(now, run.end ?? .max) }
    }

    private func stamped(
        _ texts: [Writing.Text], from: Nanoseconds, step: Nanoseconds, _ isWritten: (Nanoseconds) -> Bool
    ) -> [DemoLine] {
        var lines: [DemoLine] = []
        lines.reserveCapacity(texts.count)
        for (index, text) in texts.enumerated() {
            let time = from + Nanoseconds(index) * step
            guard isWritten(time) else { break }
            lines.append(DemoLine(time: time, isError: text.isError, text: text.text))
        }
        return lines
    }
}
