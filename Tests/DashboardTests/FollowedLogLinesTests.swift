import Testing

@testable import Dashboard

/// Which lines of a log are shown, and where what is looked at stands when lines come late, go or are put before.
@Suite struct FollowedLogLinesTests {
    private func make(_ history: inout LogHistory, _ rounds: Int, bounds: LogStore.Bounds = .init()) -> FollowedLog {
        var log = FollowedLog(id: 1, subject: .marked(["a", "b", "c"]), bounds: bounds)
        for _ in 0..<rounds { log.add(LogLines(batch(&history))) }
        return log
    }

    private func batch(_ history: inout LogHistory) -> [LogHistory.Line] {
        let origin = history.below(3)
        if history.below(6) == 0 { return [history.event(of: origin)] }
        return history.next(1 + history.below(10), of: origin, longest: 6)
    }

    /// The numbers that are shown, by looking at every line.
    private func naive(_ log: FollowedLog) -> [Int] {
        let start = max(log.store.first, log.cleared?.before ?? log.store.first)
        let numbers = start < log.store.end ? Array(start..<log.store.end) : []
        guard let filter = log.filter else { return numbers }
        return numbers.filter { number in
            filter.matches.lines.contains { abs($0 - number) <= filter.context }
        }
    }

    private func scan(_ log: inout FollowedLog) {
        while let matches = log.filter?.matches, matches.next(of: log.store.first..<log.store.end) != nil,
            let found = LogScan(matches, isFilter: true).run(over: log.store)
        {
            log.filter?.matches.take(found.lines, in: found.range)
        }
    }

    @Test(arguments: 0..<30) func theShownLineAtOrBesideANumberIsFound(_ seed: Int) {
        var history = LogHistory(seed: UInt64(seed), origins: 3)
        let bounds = LogStore.Bounds(lines: seed % 3 == 0 ? 60 : 10_000, bytes: 1 << 20)
        var log = make(&history, 5 + history.below(25), bounds: bounds)
        if seed % 2 == 0 {
            _ = log.store.prepend(LogLines(history.older(20, before: history.earliest - 1_000, of: 0)))
        }
        if seed % 5 == 1 { log.cleared = (log.store.first + history.below(log.store.count + 1), Bench.start) }
        for context in [0, 1, 3, 10] {
            for (text, isInverted) in [("7", false), ("1", true), ("1-", false), ("nowhere", false), ("event", true)] {
                log.filter = .init(
                    matches: LogMatches(LogPattern(text: text), isInverted: isInverted, at: log.store.end),
                    context: context)
                scan(&log)
                check(log)
            }
        }
        log.filter = nil
        check(log)
    }

    private func check(_ log: FollowedLog) {
        let shown = naive(log)
        for number in log.store.first - 15...log.store.end + 15 {
            #expect(log.line(atMost: number) == shown.last { $0 <= number })
            #expect(log.line(atLeast: number) == shown.first { $0 >= number })
        }
    }

    @Test func anEmptyLogShowsNothing() {
        let log = FollowedLog(id: 1, subject: .marked([]), bounds: .init())
        #expect(log.line(atMost: 5) == nil)
        #expect(log.line(atLeast: -5) == nil)
        #expect(log.shownCount == 0)
        #expect(log.lineCount == 0)
        #expect(log.unseen == 0)
        #expect(log.open.isEmpty)
    }

    @Test(arguments: 0..<24) func whatIsLookedAtStaysWhileLinesComeLate(_ seed: Int) {
        var history = LogHistory(seed: UInt64(seed) &+ 100, origins: 3)
        var log = make(&history, 6)
        func pick() -> Int { log.store.first + history.below(log.store.count) }
        let anchor = pick()
        log.stand(at: .init(line: anchor, row: 0))
        log.hit = pick()
        log.selection = .init(anchor: pick(), head: pick())
        log.gaps = [pick()]
        // A moment is not moved by what arrives after it: those that were hidden stay hidden.
        log.cleared = (pick(), Bench.start)
        func looked(_ log: FollowedLog) -> [LogHistory.Line?] {
            [log.anchor?.line, log.hit, log.selection?.anchor, log.selection?.head, log.gaps.first].map {
                $0.flatMap { log.store.line($0) }
            }
        }
        let before = looked(log)
        let hidden = Set(log.store.lines(log.store.first..<(log.cleared?.before ?? 0)).map(\.description))
        #expect(!before.contains(nil))
        for _ in 0..<30 {
            log.add(LogLines(batch(&history)))
            #expect(looked(log) == before)
            let shown = log.store.lines(log.open).map(\.description)
            #expect(!shown.contains { hidden.contains($0) })
            if looked(log) != before { return }
        }
    }

    @Test(arguments: 0..<8) func theTailOfAJoiningContainerIsPutInItsPlace(_ seed: Int) {
        var history = LogHistory(seed: UInt64(seed) &+ 200, origins: 3)
        var log = make(&history, 10)
        log.stand(at: .init(line: log.store.first + history.below(log.store.count), row: 0))
        let before = log.anchor.flatMap { log.store.line($0.line) }
        // Its lines are as old as those that are held.
        let late = (0..<40).map { index in
            LogHistory.Line(
                origin: 3, time: 1_000_000 + Int64(index * 4), text: Array("late \(index)".utf8))
        }
        log.add(LogLines(late))
        #expect(log.anchor.flatMap { log.store.line($0.line) } == before)
        #expect(log.store.all == log.store.all.byTime)
    }

    @Test func whatIsDroppedIsNotLookedAt() {
        var history = LogHistory(seed: 3, origins: 3)
        var log = make(&history, 20, bounds: .init(lines: 100, bytes: 1 << 20))
        log.stand(at: .init(line: log.store.first, row: 0))
        log.hit = log.store.first
        log.selection = .init(anchor: log.store.first, head: log.store.first + 90)
        log.gaps = [log.store.first, log.store.first + 2, log.store.end]
        let end = log.store.end
        for _ in 0..<30 { log.add(LogLines(batch(&history))) }
        #expect(log.store.first > end - 100)
        #expect(log.anchor?.line == log.store.first)
        #expect(log.hit == nil)
        #expect(log.selection?.range.lowerBound == log.store.first)
        #expect(log.gaps.allSatisfy { $0 >= log.store.first })
    }

    @Test func newLinesAreCountedWhileOneStandsStill() {
        var history = LogHistory(seed: 4, origins: 3)
        var log = make(&history, 10)
        #expect(log.unseen == 0)
        log.stand(at: .init(line: log.store.first + 5, row: 0))
        #expect(log.unseen == 0)
        var count = 0
        for _ in 0..<10 {
            let new = batch(&history)
            count += new.count
            log.add(LogLines(new))
            #expect(log.unseen == count)
        }
        // Moving about does not make them seen.
        log.stand(at: .init(line: log.store.first + 2, row: 0))
        #expect(log.unseen == count)
        log.follow()
        #expect(log.unseen == 0)
        log.add(LogLines(batch(&history)))
        #expect(log.unseen == 0)
    }

    @Test func theTimeFromWhichAllAreKnownIsTheLatest() {
        var log = FollowedLog(id: 1, subject: .marked(["a", "b"]), bounds: .init())
        func origin(_ name: String, _ reach: Int64?) -> LogOrigin {
            LogOrigin(name: name, container: .named(name), colour: 0, reach: reach)
        }
        #expect(log.reach == LogOrigin.start)
        log.origins = [origin("a", 100), origin("b", nil)]
        #expect(log.reach == nil)
        log.add(LogLines([.init(origin: 0, time: 150, text: [65])]))
        log.add(LogLines([.init(origin: 0, time: 250, text: [66])]))
        log.cutToReach()
        #expect(log.store.count == 2)
        log.origins[1].reach = 200
        #expect(log.reach == 200)
        log.older = .start
        log.cutToReach()
        #expect(log.store.count == 1)
        #expect(log.older == .unknown)
        log.origins = [origin("a", LogOrigin.start), origin("b", LogOrigin.start)]
        log.cutToReach()
        #expect(log.older == .start)
    }
}
