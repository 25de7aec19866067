import EngineAPI
import Foundation
import Terminal
import Testing

@testable import Dashboard

@Suite struct FollowedLogTests {
    private func bench(_ count: Int, bounds: LogStore.Bounds? = nil) -> Bench {
        var bench = Bench.connected([.make("web")])
        if let bounds {
            bench.state.logBounds = bounds
            bench.state.engine.log = nil
            bench.send(.resized(bench.state.size))
        }
        bench.log((0..<count).map { "line \($0)" }, of: "web")
        return bench
    }

    private func more(_ bench: inout Bench, _ range: Range<Int>) {
        bench.logNews("web", .lines(.lines(range.map { "line \($0)" }, from: Int64(range.lowerBound))))
    }

    @Test func theNewestLineIsShownWhileFollowing() {
        var bench = bench(100)
        #expect(bench.screen.contains("line 99"))
        more(&bench, 100..<150)
        #expect(bench.screen.contains("line 149"))
        #expect(!bench.screen.contains("line 99"))
        #expect(bench.screen.contains("following · 150 lines"))
    }

    @Test func scrollingBackHoldsStillAndCountsWhatIsBelow() {
        var bench = bench(100)
        bench.press("enter", "k", "k", "k")
        #expect(bench.state.engine.log?.anchor?.line == 96)
        let before = bench.frame.lines
        more(&bench, 100..<120)
        #expect(bench.state.engine.log?.unseen == 20)
        let after = bench.frame.lines
        let body = bench.state.layout.body
        #expect(before[body.y..<body.maxY] == after[body.y..<body.maxY])
        #expect(bench.screen.contains("20 new"))
    }

    @Test(arguments: 0..<8) func whatIsLookedAtStaysWhileLateLinesComeBeforeAndBehindIt(_ seed: Int) {
        var random = SplitMix(seed: UInt64(seed))
        var log = FollowedLog(id: 0, subject: .label("a", "b"), bounds: .init())
        func add(_ origin: Int, _ times: some Sequence<Int>) {
            var batch = LogBatch()
            for time in times { batch.add(Array("\(origin) \(time)".utf8), time: Int64(time)) }
            log.add(LogLines(batch, origin: origin))
        }
        add(0, 0..<400)
        log.stand(at: .init(line: random.below(400), row: 0))
        log.hit = random.below(400)
        log.selection = .init(anchor: random.below(400), head: random.below(400))
        func looked() -> [Int64?] {
            [log.anchor?.line, log.hit, log.selection?.anchor, log.selection?.head].map { number in
                number.flatMap { log.store.record($0)?.time }
            }
        }
        let before = looked()
        for origin in 1..<6 {
            let first = random.below(300)
            add(origin, stride(from: first, to: first + 200, by: 1 + random.below(3)))
        }
        #expect(looked() == before)
        #expect(!before.contains(nil))
        let marked = [log.anchor?.line, log.hit, log.selection?.anchor, log.selection?.head].compactMap { $0 }
        #expect(marked.allSatisfy { log.store.record($0)?.origin == 0 })
    }

    @Test(arguments: ["f", "G", "end"]) func followingAgainShowsTheNewest(_ key: String) {
        var bench = bench(100)
        bench.press("enter", "pgup", "pgup")
        #expect(bench.state.engine.log?.following == false)
        bench.press(key)
        #expect(bench.state.engine.log?.following == true)
        #expect(bench.state.engine.log?.unseen == 0)
        #expect(bench.screen.contains("line 99"))
    }

    @Test func scrollingDownToTheNewestFollowsAgain() {
        var bench = bench(100)
        bench.press("enter", "k", "k", "j", "j")
        #expect(bench.state.engine.log?.following == true)
    }

    @Test func theOldestLineStopsAtTheTop() {
        var bench = bench(100)
        bench.press("enter", "g")
        let body = bench.state.layout.body
        #expect(bench.lines[body.y].contains("fetching older lines"))
        #expect(bench.lines[body.y + 1].hasPrefix(" line 0"))
        #expect(bench.state.engine.log?.anchor?.line == body.height - 2)
        bench.engine(.olderLog(bench.state.engine.log?.id ?? 0, .success(OlderPage(reach: [0: .min], isStart: true))))
        bench.press("k", "pgup")
        #expect(bench.lines[body.y].contains("start of the log"))
        #expect(bench.lines[body.y + 1].hasPrefix(" line 0"))
    }

    @Test func aShortLogIsAlwaysFollowed() {
        var bench = bench(3)
        bench.press("enter", "k", "g", "pgup")
        #expect(bench.state.engine.log?.following == true)
        let body = bench.state.layout.body
        #expect(bench.lines[body.y].hasPrefix(" line 0"))
    }

    @Test func anAnchorWhoseLineIsDroppedMovesToTheOldest() {
        var bench = bench(100, bounds: .init(lines: 100, bytes: 1 << 20))
        bench.press("enter", "g")
        more(&bench, 100..<190)
        #expect(bench.state.engine.log?.store.first == 90)
        #expect(bench.state.engine.log?.anchor?.line == 90)
        #expect(bench.screen.contains("line 90"))
        #expect(bench.screen.contains("90 older lines were dropped here"))
        more(&bench, 190..<1_000)
        #expect(bench.state.engine.log?.anchor?.line == bench.state.engine.log?.store.first)
    }

    @Test func theDroppedAreCountedOnTheScreen() {
        let bench = bench(5_000, bounds: .init(lines: 1_000, bytes: 1 << 20))
        #expect(bench.screen.contains("following · 1,000 lines · 4,000 dropped"))
    }

    @Test func aHoleSaysSo() {
        var bench = bench(3)
        bench.logNews("web", .gap)
        more(&bench, 3..<5)
        let body = bench.state.layout.body
        let lines = Array(bench.lines[body.y..<body.y + 6])
        #expect(lines[2].hasPrefix(" line 2"))
        #expect(lines[3].contains("lines are missing here"))
        #expect(lines[4].hasPrefix(" line 3"))
    }

    @Test func twoHolesInOnePlaceAreOne() {
        var bench = bench(3)
        bench.logNews("web", .gap)
        bench.logNews("web", .gap)
        more(&bench, 3..<5)
        let body = bench.state.layout.body
        #expect(bench.lines[body.y].hasPrefix(" line 0"))
    }

    @Test func anEndAndAFailureAreNotMistakenForSilence() {
        var bench = bench(3)
        bench.logNews("web", .ended)
        #expect(bench.screen.contains("── Up 3 hours"))
        bench.logNews("web", .failed(.server(status: 500, message: "broken\u{1B}[2J"), retrying: true))
        #expect(bench.screen.contains("; trying again"))
        #expect(bench.frame.forbiddenScalars().isEmpty)
        more(&bench, 3..<4)
        bench.logNews("web", .opened(driver: "local"))
        #expect(!bench.screen.contains("trying again"))
    }

    @Test func anEmptyLogSaysWhy() {
        func text(_ summary: ContainerSummary, _ news: [LogNews], error: String = "") -> String {
            var bench = Bench.connected([summary])
            bench.engine(.details([.of(summary) { $0.state.error = error }], missing: []))
            for item in news { bench.engine(.log(bench.state.engine.log?.id ?? 0, summary.id, item)) }
            let body = bench.state.layout.body
            return bench.lines[body.y]
        }
        #expect(text(.make("a"), []).contains("Opening the log"))
        #expect(text(.make("a"), [.opened(driver: "json-file")]).contains("No output yet"))
        #expect(text(.make("a"), [.opened(driver: "none"), .ended]).contains("“none”"))
        #expect(text(.make("a", .created, "Created"), [.opened(driver: "l"), .ended]).contains("never started"))
        #expect(
            text(.make("a", .created, "Created"), [.opened(driver: "l"), .ended], error: "no such file")
                .contains("could not be started: no such file"))
        #expect(text(.make("a", .exited, "Exited (1)"), [.opened(driver: "l"), .ended]).contains("It wrote nothing."))
        #expect(
            text(
                .make("a"),
                [.opened(driver: "syslog"), .failed(.badRequest("does not support reading"), retrying: false)]
            )
            .contains("(log driver syslog): does not support reading"))
    }

    @Test func linesScrollSideways() {
        var bench = Bench.connected([.make("web")])
        bench.log(["0123456789abcdefghijklmnopqrstuvwxyz"], of: "web")
        bench.press("enter", "right")
        #expect(bench.state.engine.log?.column == 8)
        #expect(bench.lines[bench.state.layout.body.y].hasPrefix(" …9abc"))
        bench.press("left", "left")
        #expect(bench.state.engine.log?.column == 0)
    }

    @Test func whatIsScrolledSidewaysStaysSoWhileLinesArrive() {
        var bench = Bench.connected([.make("web")])
        bench.log(["0123456789abcdefghijklmnopqrstuvwxyz"], of: "web")
        bench.press("enter", "right")
        bench.logNews("web", .lines(.lines(["ABCDEFGHIJKLMNOP"], from: 900)))
        #expect(bench.state.engine.log?.column == 8)
        #expect(bench.lines[bench.state.layout.body.y].hasPrefix(" …9abc"))
        #expect(bench.lines[bench.state.layout.body.y + 1].hasPrefix(" …JKL"))
    }

    @Test func timestampsAreShownOnDemand() {
        var bench = bench(2)
        bench.press("enter", "t")
        #expect(bench.lines[bench.state.layout.body.y].hasPrefix(" 14:02:07.000 line 0"))
        #expect(bench.lines[bench.state.layout.body.y + 1].hasPrefix(" 14:02:07.00"))
        #expect(bench.lines[bench.state.layout.body.y + 1].hasSuffix(" line 1"))
        bench.press("t")
        #expect(bench.lines[bench.state.layout.body.y].hasPrefix(" 14:02:07.000Z line 0"))
        bench.press("t")
        #expect(bench.lines[bench.state.layout.body.y].hasPrefix("   -"))
        bench.press("t")
        #expect(bench.lines[bench.state.layout.body.y].hasPrefix(" line 0"))
    }
}
