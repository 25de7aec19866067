import EngineAPI
import Terminal
import Testing

@testable import Dashboard

/// What a log asks of the Engine, and how much of it is kept.
@Suite struct LogRequestTests {
    private func requests(_ bench: Bench) -> Set<Subscription> {
        bench.state.subscriptions.filter { subscription in
            switch subscription {
            case .clock, .engine, .stats: false
            default: true
            }
        }
    }

    @Test func openingALogAsksForOneStreamAndNothingElse() {
        var bench = Bench.connected(["api", "web"].map { .make($0) })
        for (keys, name) in [([], "api"), (["j"], "web"), (["enter"], "web"), (["esc", "k", "l"], "api")] {
            var effects: [Effect] = []
            for key in keys { effects += bench.press(key) }
            #expect(effects.isEmpty)
            let id = bench.shown?.id ?? 0
            #expect(requests(bench) == [.log(bench.id, id, .named(name), starts: 0)])
        }
    }

    @Test func linesAskForNothing() {
        var bench = Bench.inLog((0..<100).map { "line \($0)" })
        let before = requests(bench)
        for index in 0..<20 {
            let news = LogNews.lines(.lines(["x"], from: Int64(200 + index)))
            let effects = bench.engine(.log(bench.shown?.id ?? 0, .named("web"), news))
            #expect(effects.isEmpty)
        }
        #expect(requests(bench) == before)
        #expect(bench.shown?.store.count == 120)
        #expect(bench.shown?.store.bytes == bench.held.reduce(0) { $0 + $1.utf8.count + 16 })
        #expect(before.count == 1)
    }

    @Test func olderLinesAreAskedForOnceWhenOneComesNear() {
        var bench = Bench.inLog((0..<1_000).map { "line \($0)" })
        func older(_ bench: Bench) -> [Subscription] {
            requests(bench).filter { if case .olderLog = $0 { true } else { false } }
        }
        bench.press("pgup")
        #expect(older(bench).isEmpty)
        bench.press("g")
        #expect(older(bench) == [.olderLog(bench.id, bench.shown?.id ?? 0, before: 0)])
        #expect(requests(bench).count == 2)
        // Lines that arrive meanwhile do not make it another request.
        bench.lines("web", ["x"], from: 5_000)
        #expect(older(bench) == [.olderLog(bench.id, bench.shown?.id ?? 0, before: 0)])
        let id = bench.shown?.id ?? 0
        let page = OlderPage(lines: LogLines(.lines(["older"], from: -10)), reach: [0: .min], isStart: true)
        bench.engine(.olderLog(id, .success(page)))
        #expect(older(bench).isEmpty)
        #expect(bench.held.first == "older")
        bench.press("k", "g")
        #expect(older(bench).isEmpty)
    }

    @Test func withoutRoomNoneAreAskedFor() {
        var bench = Bench.connected([.make("web")])
        bench.state.logBounds = .init(lines: 100, bytes: 1 << 20)
        bench.state.engine.log = nil
        bench.send(.resized(bench.state.size))
        bench.log((0..<100).map { "line \($0)" }, of: "web")
        bench.press("enter", "g")
        #expect(requests(bench).count == 2)
        bench.engine(
            .olderLog(bench.shown?.id ?? 0, .success(OlderPage(lines: LogLines(.lines(["older"], from: -10))))))
        #expect(bench.shown?.older == .full)
        #expect(requests(bench).count == 1)
        #expect(bench.body.first?.contains("older lines are not held: 100 lines are the bound") == true)
        // Nor where lines were dropped.
        bench.lines("web", (0..<10).map { "more \($0)" }, from: 500)
        #expect(requests(bench).count == 1)
        #expect(bench.shown?.store.count == 100)
    }

    @Test func aSearchAsksTheEngineForNothing() {
        var bench = Bench.inLog((0..<1_000).map { "line \($0)" })
        let before = requests(bench)
        bench.press("/", "7")
        let during = requests(bench).subtracting(before)
        #expect(during.count == 1)
        #expect(during.allSatisfy { if case .scanLog = $0 { true } else { false } })
        bench.scan()
        #expect(requests(bench) == before)
    }

    @Test func logsThatAreNotShownAreNotRead() {
        var bench = Bench.inLog(["x"])
        for key in ["c", "i", "t", "2"] {
            bench.press("esc", key)
            #expect(!requests(bench).contains { if case .log = $0 { true } else { false } })
            bench.press("1")
        }
    }

    @Test func theBoundsOfTheOptionsHold() {
        for (lines, megabytes, expected) in [
            (nil, nil, LogStore.Bounds(lines: 100_000, bytes: 32 << 20)), (500, 2, .init(lines: 500, bytes: 2 << 20)),
            (5, 0, .init(lines: 100, bytes: 1 << 20)),
        ] as [(Int?, Int?, LogStore.Bounds)] {
            var settings = Settings()
            if let lines { settings.logLines = lines }
            if let megabytes { settings.logMegabytes = megabytes }
            let state = State(
                address: .standard, size: Size(width: 80, height: 24), now: Bench.start,
                theme: Theme.named("dark")!, settings: settings)
            #expect(state.logBounds == expected)
        }
    }

    @Test func whatIsHeldIsBoundedWhateverComes() {
        var bench = Bench.connected([.make("web")])
        bench.state.logBounds = .init(lines: 1_000, bytes: 1 << 20)
        bench.state.engine.log = nil
        bench.send(.resized(bench.state.size))
        bench.press("enter")
        var random = SplitMix(seed: 9)
        for index in 0..<200 {
            let texts = (0..<1 + random.below(60)).map { _ in String(repeating: "x", count: random.below(3_000)) }
            bench.lines("web", texts, from: Int64(index) * 100)
            #expect((bench.shown?.store.count ?? 0) <= 1_000)
            #expect((bench.shown?.store.bytes ?? 0) <= 1 << 20 + 60 * 3_100)
        }
        #expect(bench.note.contains("dropped"))
    }

    // MARK: Lines a second

    @Test func aRateIsCountedOnceASecond() {
        var bench = Bench.inLog([])
        #expect(bench.container("web")?.lineRate.latest == nil)
        bench.lines("web", ["a", "b", "c"], from: 0)
        #expect(bench.container("web")?.lineRate.latest == nil)
        _ = bench.tick()
        #expect(bench.container("web")?.lineRate.latest == 3)
        bench.lines("web", ["d"], from: 10)
        bench.lines("web", ["e"], from: 20)
        #expect(bench.container("web")?.lineRate.latest == 3)
        _ = bench.tick()
        _ = bench.tick()
        #expect(bench.container("web").map { Array($0.lineRate.seconds) } == [3, 2, 0])
        for _ in 0..<100 { _ = bench.tick() }
        #expect(bench.container("web")?.lineRate.seconds.count == LineRate.bound)
    }

    @Test func linesOfTheTailAndOlderOnesAreNoRate() {
        var bench = Bench.inLog((0..<50).map { "line \($0)" })
        bench.event("die", "web", at: 60)
        _ = bench.tick()
        #expect(bench.container("web")?.lineRate.latest == 0)
    }

    @Test func aRateOfALogThatNobodyReadsEnds() {
        var bench = Bench.inLog([])
        bench.lines("web", ["a"], from: 0)
        _ = bench.tick()
        #expect(bench.container("web")?.lineRate.latest == 1)
        bench.press("esc", "c")
        _ = bench.tick()
        #expect(bench.container("web")?.lineRate.latest == nil)
        #expect(bench.container("web")?.lineRate.seconds.isEmpty == true)
    }

    @Test func theRatesOfAllAreCountedOnDemand() {
        var bench = Bench.connected([.make("api"), .make("old", .exited, "Exited (0)"), .make("web")])
        func counted(_ bench: Bench) -> Set<ContainerID> {
            Set(bench.state.subscriptions.compactMap { if case .logRate(_, let id, _) = $0 { id } else { nil } })
        }
        #expect(counted(bench).isEmpty)
        bench.press("L")
        // The one whose log is followed is counted there.
        #expect(counted(bench) == [.named("web")])
        bench.engine(.logLines(.named("web"), 7))
        bench.engine(.logLines(.named("web"), 5))
        bench.engine(.logLines(.named("gone"), 5))
        _ = bench.tick()
        #expect(bench.container("web")?.lineRate.latest == 12)
        #expect(bench.container("old")?.lineRate.latest == nil)
        bench.press("c")
        #expect(counted(bench) == [.named("api"), .named("web")])
        bench.press("esc", "L")
        #expect(counted(bench).isEmpty)
        _ = bench.tick()
        #expect(bench.container("web")?.lineRate.latest == nil)
    }

    @Test func errorLinesThatAreOnlyCountedAreTroubleToo() {
        var bench = Bench.connected([.make("api"), .make("web")])
        bench.press("L")
        // The log of the other one is not shown.
        bench.stats("web", count: 2)
        bench.engine(.logLines(.named("web"), 100, errors: LineRate.burst - 1))
        _ = bench.tick()
        #expect(bench.state.engine.troubled.isEmpty)
        bench.engine(.logLines(.named("web"), 5, errors: 1))
        _ = bench.tick()
        #expect(bench.state.engine.troubled == [.named("web")])
        #expect(bench.container("web")?.lineRate.latest == 5)
    }

    @Test func whileTheEngineIsAwayThereIsNoRate() {
        var bench = Bench.inLog([])
        bench.lines("web", ["a"], from: 0)
        _ = bench.tick()
        bench.lose()
        _ = bench.tick()
        #expect(bench.container("web")?.lineRate.latest == nil)
    }
}
