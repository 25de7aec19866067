import EngineAPI
import Foundation
import Terminal
import Testing

@testable import Dashboard

/// What stands where in a log: lines and events that arrive in another order than they happened in.
@Suite struct LogOrderTests {
    private static let second: Int64 = 1_000_000_000
    /// Some moment of the day that the bench has, in nanoseconds.
    private static let noon = Int64(Bench.start.timeIntervalSince1970) * second

    private func batch(_ lines: (Double, String)...) -> LogBatch {
        var batch = LogBatch()
        for (time, text) in lines { batch.add(Array(text.utf8), time: Self.noon + Int64(time * 1e9)) }
        return batch
    }

    private func event(_ action: String, _ name: String, at time: Double) -> EngineEvent {
        var event = EngineEvent.container(action, name)
        event.timeNano = Self.noon + Int64(time * 1e9)
        return event
    }

    /// All that the log holds, from the oldest on.
    private func texts(_ bench: Bench) -> [String] {
        guard let store = bench.state.engine.log?.store else { return [] }
        return (store.first..<store.end).compactMap { store[$0].map { String(decoding: $0.text, as: UTF8.self) } }
    }

    private func isSorted(_ bench: Bench) -> Bool {
        guard let store = bench.state.engine.log?.store else { return false }
        let times = (store.first..<store.end).compactMap { store.record($0)?.time }
        return times == times.sorted()
    }

    private func opened(_ names: String...) -> Bench {
        var bench = Bench.connected(names.map { .make($0) })
        for name in names { bench.logNews(name, .opened(driver: "json-file")) }
        return bench
    }

    // MARK: Starts

    @Test func aStartStandsBeforeLinesThatWereWrittenBeforeTheEngineToldOfIt() {
        var bench = opened("web")
        bench.logNews("web", .tail(batch(), isStart: true, history: []))
        bench.engine(.events([event("start", "web", at: 10.3)]))
        bench.logNews("web", .lines(batch((10.1, "one"), (10.2, "two"), (10.4, "three"))))
        #expect(texts(bench) == ["started", "one", "two", "three"])
        #expect(isSorted(bench))
        // The Engine's memory tells of it again.
        bench.logNews(
            "web", .tail(batch(), isStart: true, history: [(Self.noon + Int64(10.3e9), "started")]))
        #expect(texts(bench) == ["started", "one", "two", "three"])
    }

    // MARK: Ends

    private func die(_ code: Int, at time: Double) -> EngineEvent {
        var event = self.event("die", "web", at: time)
        event.attributes = ["exitCode": "\(code)"]
        return event
    }

    private func ended(_ text: String, at time: Double) -> (time: Int64, text: String) {
        (Self.noon + Int64(time * 1e9), text)
    }

    /// The Engine was ended and started again: the event is forgotten, the container keeps a time of its own.
    @Test(arguments: [10.2, 9.4, 11.6])
    func anEndThatTheEventsToldOfIsNotToldAgainByTheContainer(kept: Double) {
        var bench = opened("web")
        bench.engine(.events([die(137, at: 10), event("kill", "web", at: 10.1)]))
        bench.logNews(
            "web",
            .tail(batch((1, "one")), isStart: true, history: [ended("exited (137: out of memory)", at: kept)]))
        #expect(texts(bench) == ["one", "exited (137: SIGKILL)", "signal sent"])
        // The other way round.
        bench = opened("web")
        bench.logNews(
            "web", .tail(batch((1, "one")), isStart: true, history: [ended("exited (137: SIGKILL)", at: kept)]))
        bench.engine(.events([event("kill", "web", at: 9.9), die(137, at: 10)]))
        #expect(texts(bench).filter { $0.hasPrefix("exited") } == ["exited (137: SIGKILL)"])
    }

    @Test func endsWithAStartBetweenThemOrWithOtherCodesAreTwo() {
        var bench = opened("web")
        bench.logNews("web", .tail(batch(), isStart: true, history: []))
        bench.engine(.events([die(1, at: 10), event("start", "web", at: 10.5), die(1, at: 11)]))
        #expect(texts(bench) == ["exited (1)", "started", "exited (1)"])
        bench.engine(.events([die(1, at: 9.5)]))
        #expect(texts(bench) == ["exited (1)", "started", "exited (1)"])
        bench.engine(.events([event("start", "web", at: 11.2), die(2, at: 11.5), die(1, at: 20)]))
        #expect(texts(bench).suffix(4) == ["exited (1)", "started", "exited (2)", "exited (1)"])
    }

    @Test func anEndBeforeTheHeldLinesIsKeptOnce() {
        var bench = opened("web")
        let history = [ended("exited (137: SIGKILL)", at: 3)]
        for _ in 0..<2 {
            bench.logNews("web", .tail(batch((10, "ten")), isStart: false, history: history))
        }
        #expect(bench.state.engine.log?.earlier.count == 1)
    }

    @Test func aLastLineStandsBeforeTheEndOfItsRunNotInTheNextOne() {
        var bench = opened("web")
        bench.logNews("web", .tail(batch((1, "one")), isStart: true, history: []))
        bench.engine(.events([event("die", "web", at: 2), event("start", "web", at: 2.3)]))
        bench.logNews("web", .lines(batch((1.9, "late"))))
        bench.logNews("web", .lines(batch((2.25, "first"))))
        #expect(texts(bench) == ["one", "late", "exited (0)", "started", "first"])
        #expect(isSorted(bench))
    }

    @Test func theStartOfAnotherContainerIsNotMoved() {
        var bench = opened("api", "web")
        bench.state.merged = .marked(["api", "web"])
        bench.send(.resized(bench.state.size))
        for name in ["api", "web"] { bench.logNews(name, .tail(batch(), isStart: true, history: [])) }
        bench.engine(.events([event("start", "api", at: 10.3)]))
        bench.logNews("web", .lines(batch((10.1, "web"))))
        bench.logNews("api", .lines(batch((10.2, "api"))))
        #expect(texts(bench) == ["web", "started", "api"])
        #expect(isSorted(bench))
    }

    // MARK: Made anew

    @Test func madeAnewStandsBehindTheEndOfTheOneBefore() {
        var bench = opened("web")
        bench.press("enter")
        bench.logNews("web", .tail(batch((1, "first life")), isStart: true, history: []))
        bench.engine(.events([event("die", "web", at: 5.2), event("destroy", "web", at: 5.4)]))
        // The list knows the second in which it was made, no more.
        var new = ContainerSummary.make("web", id: "web again")
        new.created = Bench.start.addingTimeInterval(5)
        bench.engine(.containers([new], asked: [new.id]))
        #expect(bench.selected == "web")
        #expect(bench.state.engine.log?.subject == .container(new.id))
        #expect(
            texts(bench) == [
                "first life", "exited (0)", "removed",
                "made anew: another container of this name goes on here (\(new.id.short))",
            ])
        #expect(isSorted(bench))
    }

    @Test func whoReadsTheLogOfAContainerThatIsGoneFindsItGoingOnInOneThatGetsItsName() {
        var bench = Bench.connected([.make("other"), .make("web")])
        bench.press("j", "enter")
        bench.logNews("web", .opened(driver: "json-file"))
        bench.logNews("web", .tail(batch((1, "first life")), isStart: true, history: []))
        bench.engine(.events([event("destroy", "web", at: 2)]))
        #expect(bench.screen.contains("web was removed; one of its name would go on here"))
        #expect(bench.selected == nil)
        var new = ContainerSummary.make("web", id: "web again")
        new.created = Bench.start.addingTimeInterval(3)
        bench.engine(.containers([new], asked: [new.id]))
        #expect(bench.selected == "web")
        #expect(bench.state.engine.log?.goesOn(new.id) == true)
        #expect(bench.state.engine.log?.goesOn(.named("web")) == false)
        #expect(texts(bench).first == "first life")
    }

    // MARK: Older lines

    @Test func whatHappenedBeforeTheHeldLinesComesWithTheOlderOnes() {
        var bench = opened("web")
        let history = [(0.5, "started"), (4.0, "paused"), (8.0, "unpaused"), (10.5, "health: healthy")]
            .map { (time: Self.noon + Int64($0.0 * 1e9), text: $0.1) }
        bench.logNews("web", .tail(batch((10, "ten"), (11, "eleven")), isStart: false, history: history))
        #expect(texts(bench) == ["ten", "health: healthy", "eleven"])
        let id = bench.state.engine.log?.id ?? 0
        func page(_ batch: LogBatch, isStart: Bool) -> EngineEventKind {
            let reach = isStart ? LogOrigin.start : batch.lines.first?.time ?? 0
            return .olderLog(id, .success(OlderPage(lines: LogLines(batch), reach: [0: reach], isStart: isStart)))
        }
        bench.engine(page(batch((6, "six"), (9, "nine")), isStart: false))
        #expect(texts(bench) == ["six", "unpaused", "nine", "ten", "health: healthy", "eleven"])
        bench.engine(page(batch((0.4, "zero"), (5, "five")), isStart: true))
        #expect(texts(bench).prefix(4) == ["started", "zero", "paused", "five"])
        #expect(isSorted(bench))
        #expect(bench.state.engine.log?.earlier.isEmpty == true)
        #expect(bench.state.engine.log?.lineCount == 6)
    }

    @Test func aStartWhoseFirstLinesAreNotHeldWaitsForThem() {
        var bench = opened("web")
        // Lines all through the second before the Engine told of the start.
        let lines = (0..<50).map { (10 + Double($0) / 100, "\($0)") }
        var tail = LogBatch()
        for (time, text) in lines[25...] { tail.add(Array(text.utf8), time: Self.noon + Int64(time * 1e9)) }
        bench.logNews(
            "web", .tail(tail, isStart: false, history: [(Self.noon + Int64(10.49e9), "started")]))
        #expect(texts(bench) == lines[25...].map(\.1))
        var older = LogBatch()
        for (time, text) in lines[..<25] { older.add(Array(text.utf8), time: Self.noon + Int64(time * 1e9)) }
        let page = OlderPage(lines: LogLines(older), reach: [0: LogOrigin.start], isStart: true)
        bench.engine(.olderLog(bench.state.engine.log?.id ?? 0, .success(page)))
        #expect(texts(bench) == ["started"] + lines.map(\.1))
    }

    @Test func olderLinesOfAMergedLogComeBeforeWhatWasKeptOfAChunk() {
        var bench = opened("api", "web")
        bench.state.merged = .marked(["api", "web"])
        bench.send(.resized(bench.state.size))
        let origins = bench.state.engine.log?.origins.map(\.name) ?? []
        #expect(origins == ["api", "web"])
        // `web` is known from 5 on, so what `api` wrote before waits.
        bench.logNews("api", .tail(batch((1, "a1"), (2, "a2"), (6, "a6")), isStart: false, history: []))
        bench.logNews("web", .tail(batch((5, "w5"), (7, "w7")), isStart: false, history: []))
        #expect(texts(bench) == ["w5", "a6", "w7"])
        var lines = LogLines(batch((1, "a1"), (2, "a2")), origin: 0)
        lines = lines.merged(with: LogLines(batch((1.5, "w1"), (4, "w4")), origin: 1))
        let page = OlderPage(lines: lines, reach: [0: LogOrigin.start, 1: LogOrigin.start], isStart: true)
        bench.engine(.olderLog(bench.state.engine.log?.id ?? 0, .success(page)))
        #expect(texts(bench) == ["a1", "w1", "a2", "w4", "w5", "a6", "w7"])
        #expect(isSorted(bench))
        #expect(bench.state.engine.log?.store.count(of: 0) == 3)
    }

    @Test func eventsThatAMergedLogLetsGoComeBackWithTheLinesAroundThem() {
        var bench = opened("api", "web")
        bench.state.merged = .marked(["api", "web"])
        bench.send(.resized(bench.state.size))
        bench.logNews(
            "api",
            .tail(
                batch((1, "a1"), (6, "a6")), isStart: true, history: [(Self.noon + Int64(2e9), "paused")]))
        bench.logNews("web", .tail(batch((5, "w5")), isStart: false, history: []))
        #expect(texts(bench) == ["w5", "a6"])
        let page = OlderPage(
            lines: LogLines(batch((1, "a1")), origin: 0), reach: [0: LogOrigin.start, 1: LogOrigin.start], isStart: true
        )
        bench.engine(.olderLog(bench.state.engine.log?.id ?? 0, .success(page)))
        #expect(texts(bench) == ["a1", "paused", "w5", "a6"])
    }

    @Test func aSilentContainerOfAMergedLogIsNotReadFromItsTailAgain() throws {
        var bench = opened("api", "web")
        bench.state.merged = .marked(["api", "web"])
        bench.send(.resized(bench.state.size))
        bench.logNews("api", .tail(batch((1, "a1")), isStart: false, history: []))
        bench.logNews("web", .tail(batch((5, "w5")), isStart: false, history: []))
        let log = try #require(bench.state.engine.log)
        #expect(texts(bench) == ["w5"])
        let point = log.resumePoint(of: 0)
        #expect(!point.isEmpty && point.joined)
        #expect(point.since == Self.noon + 5 * Self.second)
        var again = point
        #expect(again.laterLines(of: batch((6, "a6"))).lines.count == 1)
        #expect(!again.isMissing)
        // One that has a line held goes on behind that one, as ever.
        #expect(log.resumePoint(of: 1).since == Self.noon + 5 * Self.second)
        #expect(!log.resumePoint(of: 1).joined)
    }

    @Test func linesBeforeTheHeldOnesThatAreStampedAfterTheirBeginningAreNotNew() {
        // As two streams were written at once: file order, and the times that the Engine gave them.
        let written = [(5.0, "a"), (5.4, "b"), (5.6, "c"), (5.2, "d"), (5.3, "e"), (5.7, "f"), (5.65, "g"), (5.8, "h")]
        func lines(_ range: Range<Int>) -> LogBatch {
            var batch = LogBatch()
            for (time, text) in written[range] { batch.add(Array(text.utf8), time: Self.noon + Int64(time * 1e9)) }
            return batch
        }
        var store = LogStore()
        store.append(LogLines(lines(3..<6)))
        // The Engine gives what is stamped since the oldest held line, in the order of the file.
        for split in 1...7 {
            var point = store.resumePoint()
            #expect(point.since == Self.noon + Int64(5.2e9))
            var new: [String] = []
            for part in [1..<split, split..<8] where !part.isEmpty {
                let batch = lines(part)
                let later = point.laterLines(of: batch)
                #expect(!point.isMissing)
                new += later.lines.map { later.string(of: $0) }
            }
            #expect(new == ["g", "h"])
        }
    }

    // MARK: Counts and bounds

    @Test func eventsThatWereDroppedAreNotCounted() {
        var store = LogStore(bounds: .init(lines: 10, bytes: 1 << 20))
        for second in 0..<40 {
            let time = Int64(second) * Self.second
            store.append(second % 4 == 0 ? LogLines(event: "event", time: time, origin: 0) : LogLines(batch((0, "x"))))
            let held = (store.first..<store.end).count { store.record($0)?.kind == .event }
            #expect(store.events == held)
        }
        #expect(store.count == 10)
        store.forget(before: .max)
        #expect(store.events == 0 && store.isEmpty && store.bytes == 0)
    }

    @Test func aTimeBeforeWhatIsHeldIsFetchedAlsoWhenTheStartWasHeldOnce() {
        var bench = Bench.connected([.make("web")])
        bench.state.logBounds = .init(lines: 100, bytes: 1 << 20)
        bench.state.engine.log = nil
        bench.send(.resized(bench.state.size))
        bench.logNews("web", .opened(driver: "json-file"))
        var lines = LogBatch()
        for second in 0..<300 {
            lines.add(Array("\(second)".utf8), time: Self.noon + (Int64(second) - 400) * Self.second)
        }
        bench.logNews("web", .tail(lines, isStart: true, history: []))
        #expect(bench.state.engine.log?.older == .start)
        bench.press("enter", "@", "-", "5", "m", "enter")
        #expect(bench.state.engine.log?.jump != nil)
        #expect(bench.flash.contains("fetching the log from -5m on"))
    }

    @Test func aStretchOfThePastKeepsItsBeginningWhereThereIsNoRoomForAll() throws {
        var bench = Bench.connected([.make("web")])
        bench.state.logBounds = .init(lines: 100, bytes: 1 << 20)
        bench.state.engine.log = nil
        bench.send(.resized(bench.state.size))
        bench.logNews("web", .opened(driver: "json-file"))
        bench.logNews(
            "web",
            .tail(batch((500, "now")), isStart: false, history: [(Self.noon + Int64(10.5e9), "paused")]))
        var lines = LogBatch()
        for second in 10..<200 { lines.add(Array("\(second)".utf8), time: Self.noon + Int64(second) * Self.second) }
        let jump = FollowedLog.Jump(time: Self.noon + 10 * Self.second, text: "then")
        bench.engine(.pastLog(bench.state.engine.log?.id ?? 0, LogLines(lines), jump))
        #expect(texts(bench).prefix(3) == ["10", "paused", "11"])
        #expect(texts(bench).count == 100)
        #expect(bench.state.engine.log?.store.dropped == 0)
        #expect(bench.state.engine.log?.past == jump)
    }

    // MARK: Logs that cannot be read

    @Test func aLogThatCannotBeReadIsNotAQuietOne() {
        var bench = Bench.connected([.make("api"), .make("web")], width: 200, height: 50)
        bench.logNews("api", .opened(driver: "none"))
        bench.logNews("api", .failed(.server(status: 501, message: "no reading"), retrying: false))
        #expect(bench.screen.contains("not readable · 0 lines"))
        bench.press("L")
        bench.engine(.logUncounted(.named("web")))
        _ = bench.tick()
        _ = bench.tick()
        #expect(bench.container("api")?.lineRate.latest == nil)
        #expect(bench.container("web")?.lineRate.latest == nil)
        // When nobody asks any more it is forgotten, and the next one who asks is told anew.
        bench.press("L")
        _ = bench.tick()
        bench.press("L")
        bench.engine(.logLines(.named("web"), 3))
        _ = bench.tick()
        #expect(bench.container("web")?.lineRate.latest == 3)
    }
}
