import EngineAPI
import Foundation
import Terminal
import Testing

@testable import Dashboard

/// What happened when: events between the lines, times that one goes to, the moment up to which lines are hidden.
@Suite struct LogTimelineTests {
    // MARK: Events

    @Test func eventsStandBetweenTheLinesAtTheirTimes() {
        var bench = Bench.inLog(["line 0", "line 1"])
        bench.event("health_status: unhealthy", "web", at: 500)
        bench.event("kill", "web", ["signal": "9"], at: 900)
        bench.event("die", "web", ["exitCode": "137"], at: 1_000)
        bench.event("start", "web", at: 2_000)
        bench.lines("web", ["line 2"], from: 3_000)
        let rows = bench.body.map { $0.replacing("─", with: "").trimmingCharacters(in: .whitespaces) }
        #expect(
            rows == [
                "line 0", "line 1", "14:02:07 health: unhealthy", "14:02:07 SIGKILL sent",
                "14:02:08 exited (137: SIGKILL)", "14:02:09 started", "line 2",
            ])
        // They are no lines of the container.
        #expect(bench.note.contains("following · 3 lines"))
        #expect(bench.shown?.lineCount == 3)
    }

    @Test func whatALogNeedNotTellOfAddsNothing() {
        var bench = Bench.inLog(["line"])
        for action in ["exec_start: sh", "exec_die", "attach", "resize", "top", "create", "update"] {
            bench.event(action, "web", at: 10)
        }
        bench.event("die", "other", at: 10)
        #expect(bench.held == ["line"])
    }

    @Test func aStartStandsBeforeTheLinesOfItsRun() {
        var bench = Bench.inLog(["before"])
        bench.event("die", "web", ["exitCode": "1"], at: 5_000)
        // The container may write before the Engine tells of its start.
        bench.lines("web", ["first", "second"], from: 6_000)
        bench.event("start", "web", at: 6_300)
        #expect(bench.held == ["before", "exited (1)", "started", "first", "second"])
    }

    @Test func historyIsToldOnce() {
        var bench = Bench.connected([.make("web")])
        let start = EngineEvent.container("start", "web", at: -5_000)
        let health = EngineEvent.container("health_status: healthy", "web", at: -2_000)
        func history(_ events: [EngineEvent]) -> [(time: Int64, text: String)] {
            events.compactMap { event in LogEvents.text(of: event).map { (event.timeNano, $0) } }
        }
        // Told live, while the log is being opened, and then by the Engine's memory.
        bench.engine(.events([health]))
        bench.logNews("web", .opened(driver: "local"))
        bench.logNews("web", .tail(.lines(["line"], from: -1_000), isStart: true, history: history([start, health])))
        #expect(bench.held == ["started", "health: healthy", "line"])
        // And the other way round.
        bench.engine(.events([start, health]))
        #expect(bench.held == ["started", "health: healthy", "line"])
    }

    @Test func aStartThatWasPutBeforeItsLinesIsToldOnce() {
        var bench = Bench.connected([.make("web")])
        bench.logNews("web", .opened(driver: "local"))
        let start = EngineEvent.container("start", "web", at: 300)
        bench.logNews(
            "web", .tail(.lines(["one", "two"], from: 100), isStart: true, history: [(start.timeNano, "started")]))
        #expect(bench.held == ["started", "one", "two"])
        bench.engine(.events([start]))
        #expect(bench.held == ["started", "one", "two"])
        // A container that ends and starts again within the second has started twice.
        bench.event("die", "web", ["exitCode": "1"], at: 400)
        bench.event("start", "web", at: 500)
        bench.lines("web", ["three"], from: 600)
        #expect(bench.held == ["started", "one", "two", "exited (1)", "started", "three"])
    }

    @Test func twoContainersMayDoTheSameAtTheSameTime() {
        var bench = Bench.connected(["api", "web"].map { .make($0) })
        bench.press("space", "space", "m")
        bench.event("die", "api", ["exitCode": "1"], at: 10)
        bench.event("die", "web", ["exitCode": "1"], at: 10)
        bench.event("die", "web", ["exitCode": "1"], at: 10)
        #expect(bench.held == ["exited (1)", "exited (1)"])
        #expect(bench.body.prefix(2).map { $0.contains("api exited") } == [true, false])
    }

    @Test func oneGoesFromEventToEvent() {
        var bench = Bench.inLog((0..<100).map { "line \($0)" })
        bench.event("health_status: unhealthy", "web", at: 20)
        bench.event("die", "web", ["exitCode": "1"], at: 50)
        bench.event("start", "web", at: 5_000)
        #expect(bench.held.last == "started")
        bench.press("{")
        #expect(bench.text(bench.shown?.hit) == "started")
        bench.press("{")
        #expect(bench.text(bench.shown?.hit) == "exited (1)")
        #expect(bench.body.contains { $0.contains("exited (1)") })
        bench.press("{")
        #expect(bench.text(bench.shown?.hit) == "health: unhealthy")
        bench.press("{")
        #expect(bench.flash == "no earlier event among the held lines")
        bench.press("}", "}")
        #expect(bench.text(bench.shown?.hit) == "started")
        bench.press("}")
        #expect(bench.flash == "no later event among the held lines")
    }

    // MARK: Going to a time

    /// A line a second, from 14:02:07 on; the clock stands at 14:12:07.
    private func seconds(_ count: Int = 600) -> Bench {
        var bench = Bench.connected([.make("web")])
        bench.logNews("web", .opened(driver: "local"))
        var batch = LogBatch()
        let start = Int64(Bench.start.timeIntervalSince1970)
        for second in 0..<count {
            batch.add(Array("second \(second)".utf8), time: (start + Int64(second)) * 1_000_000_000)
        }
        bench.logNews("web", .tail(batch, isStart: false, history: []))
        bench.press("enter")
        bench.send(.tick, after: 600)
        return bench
    }

    @Test(arguments: [
        ("14:05", 173), ("14:05:30", 203), ("-5m", 300), ("-90", 510), ("2026-03-01 14:04", 113), ("14:02:07", 0),
        ("14:05:29.5", 203),
    ])
    func aHeldTimeIsGoneToAtOnce(text: String, second: Int) {
        var bench = seconds()
        bench.press("@")
        #expect(bench.prompt?.label == "@")
        for character in text { bench.send(.key(.character(character))) }
        bench.press("enter")
        #expect(bench.prompt == nil)
        #expect(bench.shown?.following == false)
        // It stands at the top, or below what is above the first line.
        #expect(bench.body.first { $0.hasPrefix(" second") } == " second \(second)")
        #expect(bench.shown?.jump == nil)
    }

    @Test func aTimeAfterTheNewestLineFollows() {
        var bench = seconds()
        bench.press("k", "@", "+", "5", "m", "enter")
        #expect(bench.shown?.following == true)
    }

    @Test func aTimeThatIsNotHeldIsFetched() throws {
        var bench = seconds()
        bench.press("@", "1", "4", ":", "0", "0", "enter")
        let jump = try #require(bench.shown?.jump)
        #expect(bench.flash == "fetching the log from 14:00 on …")
        #expect(jump.time == (Int64(Bench.start.timeIntervalSince1970) - 127) * 1_000_000_000)
        let id = bench.shown?.id ?? 0
        #expect(bench.state.subscriptions.contains(.logJump(bench.id, id, jump)))
        let page = OlderPage(lines: LogLines(.lines(["older 0", "older 1"], from: -120_000)), reach: [0: jump.time])
        bench.engine(.olderLog(id, .success(page)))
        #expect(bench.shown?.jump == nil)
        #expect(bench.body.contains(" older 0"))
        #expect(!bench.state.subscriptions.contains(.logJump(bench.id, id, jump)))
    }

    @Test func aStretchOfThePastIsShownForItself() throws {
        var bench = seconds()
        bench.press("@", "-", "2", "h", "enter")
        let jump = try #require(bench.shown?.jump)
        let id = bench.shown?.id ?? 0
        bench.engine(.pastLog(id, LogLines(.lines((0..<50).map { "past \($0)" }, from: -6_000_000)), jump))
        #expect(bench.shown?.id != id)
        #expect(bench.flash == "the log from -2h on, up to 50 lines; f goes back to the newest")
        #expect(bench.note.contains("the past · f follows"))
        #expect(bench.body.first { $0.hasPrefix(" past") } == " past 0")
        bench.press("g")
        #expect(bench.body.first == "── from -2h on ──")
        // It is not followed.
        #expect(!bench.state.subscriptions.contains { if case .log = $0 { true } else { false } })
        bench.press("f")
        #expect(bench.shown?.past == nil)
        #expect(bench.shown?.store.isEmpty == true)
        #expect(bench.state.subscriptions.contains { if case .log = $0 { true } else { false } })
    }

    @Test func whatCannotBeFetchedIsSaid() {
        var bench = seconds()
        bench.press("@", "-", "2", "h", "enter")
        bench.engine(.olderLog(bench.shown?.id ?? 0, .failure(.closed)))
        #expect(bench.shown?.jump == nil)
        #expect(bench.flash.hasPrefix("older lines could not be fetched: "))
    }

    @Test func whatIsNoTimeIsNotTaken() {
        var bench = seconds()
        bench.press("@", "1", "4", "enter")
        #expect(bench.prompt?.error == "a time is 14:05, 14:05:30, -10m or 2026-11-24 14:05")
        #expect(bench.screen.contains("a time is 14:05"))
        bench.press(":", "0", "5")
        #expect(bench.prompt?.error == nil)
        bench.press("enter")
        #expect(bench.prompt == nil)
        #expect(bench.body.first { $0.hasPrefix(" second") } == " second 173")
        bench.press("@", "esc")
        #expect(bench.prompt == nil)
    }

    // MARK: Hiding what was

    @Test func linesUpToNowAreHiddenAndShownAgain() {
        var bench = Bench.inLog(["one", "two", "three"])
        bench.press("C")
        #expect(bench.flash == "lines up to now are hidden: C shows them")
        #expect(bench.body.joined().contains("No output since 14:02:07. C shows all 3 lines."))
        bench.lines("web", ["four"], from: 100)
        #expect(bench.body == ["── 3 older lines are hidden: C shows them ──", " four"])
        // Nothing older is fetched for what is hidden.
        bench.press("g")
        #expect(!bench.state.subscriptions.contains { if case .olderLog = $0 { true } else { false } })
        bench.press("C")
        #expect(bench.flash == "all lines are shown")
        #expect(bench.body == [" one", " two", " three", " four"])
    }

    @Test func hiddenLinesDoNotComeBackWhenTheOldestAreDropped() {
        var bench = Bench.connected([.make("web")])
        bench.state.logBounds = .init(lines: 100, bytes: 1 << 20)
        bench.state.engine.log = nil
        bench.send(.resized(bench.state.size))
        bench.log((0..<50).map { "old \($0)" }, of: "web")
        bench.press("enter", "C")
        bench.lines("web", (0..<80).map { "new \($0)" }, from: 100)
        #expect(bench.shown?.open.count == 80)
        bench.press("g")
        #expect(bench.body.first == "── 20 older lines are hidden: C shows them ──")
        #expect(bench.body[1] == " new 0")
        bench.lines("web", (80..<160).map { "new \($0)" }, from: 200)
        #expect(bench.shown?.open.count == 100)
    }

    @Test func newLinesAreCountedWhileOneLooksBack() {
        var bench = Bench.inLog((0..<100).map { "line \($0)" })
        bench.press("pgup")
        #expect(bench.note.contains("f follows"))
        #expect(!bench.note.contains("new"))
        let before = bench.body
        for index in 0..<12 {
            bench.lines("web", ["more \(index)"], from: Int64(200 + index))
            #expect(bench.note.contains("\(index + 1) new · f follows"))
            #expect(bench.body == before)
        }
        bench.press("f")
        #expect(bench.body.last == " more 11")
        #expect(bench.note.contains("following · 112 lines"))
    }
}
