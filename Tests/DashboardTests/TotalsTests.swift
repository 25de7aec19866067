import EngineAPI
import Foundation
import Terminal
import Testing

@testable import Dashboard

@Suite struct TotalsTests {
    /// A summary with the label of a compose project.
    private func make(_ name: String, _ project: String? = nil, _ state: ContainerState = .running) -> ContainerSummary
    {
        var summary = ContainerSummary.make(name, state, state == .running ? "Up 3 hours" : "\(state)")
        if let project { summary.labels[LogSubject.projectLabel] = project }
        return summary
    }

    private var shop: Bench {
        Bench.connected([make("api", "shop"), make("db", "shop"), make("web", "shop"), make("other")], width: 120)
    }

    private func totals(_ bench: Bench) -> Totals { bench.state.engine.totals }

    private func view(_ bench: Bench) -> TotalsView? {
        if case .totals(let view)? = bench.state.layers.last { return view }
        return nil
    }

    private func names(_ bench: Bench, _ of: Consumption) -> [String] {
        view(bench)?.rows.filter { $0.of == of }.compactMap { bench.state.engine.containers[$0.container]?.name } ?? []
    }

    private func chosen(_ bench: Bench) -> String? {
        view(bench)?.chosen.flatMap { bench.state.engine.containers[$0.container]?.name }
    }

    @Test func whatAllUseIsSummedUp() throws {
        var bench = shop
        bench.use("api", cpu: 50, memory: 100, received: 10, sent: 20, read: 1, written: 2)
        bench.use("db", cpu: 25.5, memory: 1_000, received: 5, sent: 0, read: 100, written: 200)
        for name in ["web", "other"] { bench.use(name, cpu: 0, memory: 1) }
        // By the clock, not by the sample: a storm of figures costs nothing.
        #expect(totals(bench) == Totals())
        _ = bench.tick(0)
        let sum = totals(bench)
        #expect(sum.containers == 4 && sum.fresh == 4)
        #expect(abs(try #require(sum.cpu) - 75.5) < 0.001)
        #expect(sum.memory == 1_102 && sum.pids == 48)
        #expect(sum.received == 15 && sum.sent == 20 && sum.read == 101 && sum.written == 202)
    }

    @Test func whatIsNotKnownIsNoZero() {
        var bench = shop
        _ = bench.tick()
        #expect(totals(bench).containers == 4 && totals(bench).fresh == 0)
        #expect(totals(bench).cpu == nil && totals(bench).memory == nil && totals(bench).read == nil)
        // One sample tells no rate.
        bench.engine(.stats(.named("api"), .zero(at: bench.now)))
        _ = bench.tick(0)
        #expect(totals(bench).fresh == 0)
        // A host's network is not the container's: nothing is known of it, of the rest all.
        bench.use("api", cpu: 3, network: false)
        _ = bench.tick(0)
        #expect(totals(bench).fresh == 1 && totals(bench).received == nil && totals(bench).read == 0)
    }

    @Test func onlyWhatHasProcessesCounts() {
        var bench = Bench.connected([
            make("a"), make("b", nil, .paused), make("c", nil, .exited), make("d", nil, .restarting),
            make("e", nil, .created),
        ])
        _ = bench.tick()
        #expect(totals(bench).containers == 2)
    }

    @Test func figuresCountForAsLongAsTheyAreFresh() {
        var bench = shop
        bench.use("api", cpu: 50)
        #expect(bench.state.engine.sampling.freshness == 30)
        _ = bench.tick(29)
        #expect(totals(bench).fresh == 1)
        _ = bench.tick(2)
        #expect(totals(bench).fresh == 0 && totals(bench).cpu == nil)
    }

    @Test func freshnessGoesByTheEnginesClock() {
        var bench = shop
        var info = SystemInfo()
        info.cpus = 8
        info.systemTime = bench.now.addingTimeInterval(3_600)
        bench.engine(.described(info, roundTrip: 0))
        bench.use("api", cpu: 50)
        _ = bench.tick(0)
        #expect(totals(bench).fresh == 0)
        bench.use("api", cpu: 50, after: 3_600)
        _ = bench.tick(0)
        #expect(totals(bench).fresh == 1)
    }

    @Test func theHeaderSaysOfHowManyItIs() {
        var bench = shop
        for name in ["api", "db", "web"] { bench.use(name, cpu: 10, memory: 1 << 30) }
        _ = bench.tick(0)
        let some = bench.lines[0]
        #expect(some.contains("cpu 30.0 % of 800 %   mem 3.00G of 16.0G · of 3 of 4"), "\(some)")
        bench.use("other", cpu: 10, memory: 1 << 30)
        _ = bench.tick(0)
        let all = bench.lines[0]
        #expect(all.contains("cpu 40.0 % of 800 %   mem 4.00G of 16.0G"), "\(all)")
        #expect(!all.contains(" of 4"), "\(all)")
        bench.press("%")
        let host = bench.lines[0]
        #expect(host.contains("cpu 5.0 % of the host"), "\(host)")
        _ = bench.tick(60)
        let old = bench.lines[0]
        #expect(old.contains("cpu – % of the host   mem – of 16.0G · of 0 of 4"), "\(old)")
    }

    @Test func theCountsStayWhereTheSumsHaveNoRoom() {
        var bench = Bench.connected(
            (0..<30).map { make("c\($0)", nil, $0 < 20 ? .exited : .running) }, width: 100, height: 30)
        var info = SystemInfo()
        info.cpus = 8_000_000_000
        info.memory = 999 << 50
        info.name = "host"
        bench.engine(.described(info, roundTrip: 0))
        bench.use("c20", cpu: 10)
        _ = bench.tick(0)
        let line = bench.lines[0]
        #expect(line.contains("● 10"), "\(line)")
    }

    @Test func markedProjectAndHostAreSummedUpApart() throws {
        var bench = shop
        for (name, cpu) in [("api", 1.0), ("db", 2), ("web", 4), ("other", 8)] { bench.use(name, cpu: cpu) }
        bench.press("T")
        #expect(try #require(view(bench)).marked == nil)
        #expect(view(bench)?.project?.name == "shop" && view(bench)?.project?.totals.containers == 3)
        #expect(abs((view(bench)?.project?.totals.cpu ?? 0) - 7) < 0.001)
        #expect(abs((totals(bench).cpu ?? 0) - 15) < 0.001)
        let project = bench.screen
        #expect(project.contains("project shop") && project.contains("all on shop-prod"), "\(project)")
        bench.press("esc")
        #expect(bench.state.layers.isEmpty)
        bench.state.marked = [.container(.named("db")), .container(.named("other"))]
        bench.state[list: .containers].selected = .container(.named("other"))
        bench.press("T")
        #expect(view(bench)?.project == nil)
        #expect(view(bench)?.marked?.containers == 2)
        #expect(abs((view(bench)?.marked?.cpu ?? 0) - 10) < 0.001)
        // It goes on while one looks.
        bench.use("other", cpu: 9, after: 5)
        _ = bench.tick(5)
        #expect(abs((view(bench)?.marked?.cpu ?? 0) - 11) < 0.001)
    }

    @Test func theTopFiveOfEachFigure() {
        var bench = Bench.connected((0..<8).map { make("c\($0)") }, width: 120)
        for index in 0..<8 {
            bench.use(
                "c\(index)", cpu: Double(index), memory: UInt64(8 - index), received: UInt64(index == 3 ? 50 : 0),
                written: UInt64(index % 2 * 1_000))
        }
        bench.press("T")
        #expect(names(bench, .cpu) == ["c7", "c6", "c5", "c4", "c3"])
        #expect(names(bench, .memory) == ["c0", "c1", "c2", "c3", "c4"])
        // Who uses nothing is no consumer; alike ones stand by name.
        #expect(names(bench, .network) == ["c3"])
        #expect(names(bench, .disk) == ["c1", "c3", "c5", "c7"])
    }

    @Test func enterGoesToTheChosenContainer() {
        var bench = shop
        for (name, cpu) in [("api", 1.0), ("db", 2), ("web", 4), ("other", 8)] { bench.use(name, cpu: cpu) }
        bench.press("T")
        #expect(chosen(bench) == "other")
        bench.press("k", "down", "down")
        #expect(chosen(bench) == "db")
        bench.press("enter")
        #expect(bench.state.layers.isEmpty)
        #expect(bench.selected == "db")
    }

    @Test func enterShowsWhatAFilterHides() {
        var bench = shop
        bench.use("db", cpu: 50)
        bench.press("/", "w", "e", "b", "enter", "2", "T", "enter")
        #expect(bench.state.pane == .containers && bench.selected == "db")
        #expect(bench.state[list: .containers].filter.isEmpty)
        #expect(bench.flash.contains("db was hidden"))
    }

    @Test func theSelectionStaysOnItsContainerAndRowsMoveSeldom() {
        var bench = shop
        bench.use("api", cpu: 10)
        bench.use("db", cpu: 20)
        bench.press("T", "j")
        #expect(names(bench, .cpu) == ["db", "api"] && chosen(bench) == "api")
        bench.use("api", cpu: 90, after: 1)
        _ = bench.tick(1)
        #expect(names(bench, .cpu) == ["db", "api"])
        _ = bench.tick(1)
        #expect(names(bench, .cpu) == ["api", "db"] && chosen(bench) == "api")
    }

    @Test func aChosenContainerThatIsGoneHandsOver() {
        var bench = shop
        for (name, cpu) in [("api", 1.0), ("db", 2), ("web", 4)] { bench.use(name, cpu: cpu) }
        bench.press("T", "j")
        #expect(chosen(bench) == "db")
        bench.events(("destroy", "db"))
        #expect(bench.frame.size == bench.state.size)
        _ = bench.tick()
        #expect(names(bench, .cpu) == ["web", "api"] && chosen(bench) == "api")
        // Between two ticks it may be gone: nothing else is taken for it.
        bench.events(("destroy", "api"))
        bench.press("enter")
        #expect(bench.flash == "it is gone" && bench.state.layers.isEmpty)
    }

    @Test func leftAndRightTurnToAnotherFigure() {
        var bench = shop
        bench.use("api", cpu: 10, memory: 5, written: 7)
        bench.use("db", cpu: 20, memory: 9)
        bench.press("T", "j", "right")
        #expect(view(bench)?.chosen == .init(of: .memory, container: .named("db")))
        // Nobody uses the network.
        bench.press("right")
        #expect(view(bench)?.chosen == .init(of: .disk, container: .named("api")))
        bench.press("right", "left")
        #expect(view(bench)?.chosen == .init(of: .memory, container: .named("db")))
        bench.press("down", "down", "down", "down")
        #expect(view(bench)?.chosen == .init(of: .disk, container: .named("api")))
    }

    @Test func nothingIsSummedUpForALayerThatIsNotOpen() {
        var bench = shop
        bench.use("api", cpu: 10)
        bench.press("T", "T")
        #expect(bench.state.layers.isEmpty)
        _ = bench.tick()
        #expect(view(bench) == nil)
        let screen = bench.screen
        #expect(!screen.contains("top consumers"))
    }

    @Test func withoutFiguresTheLayerSaysSo() {
        var bench = shop
        bench.press("T", "down", "right", "enter")
        #expect(bench.state.layers.isEmpty && bench.selected == "api")
        bench.press("T")
        let screen = bench.screen
        #expect(screen.contains("no figures yet") && screen.contains("0 of 4"), "\(screen)")
    }

    @Test func theChosenRowIsInViewAtEverySize() {
        var bench = Bench.connected((0..<8).map { make("c\($0)", "shop") })
        for index in 0..<8 {
            bench.use("c\(index)", cpu: Double(index + 1), memory: 9, received: 90, written: 900)
        }
        bench.press("T")
        for _ in 0..<20 {
            for (width, height) in [(40, 10), (40, 12), (60, 18), (80, 24), (200, 50)] {
                bench.send(.resized(Size(width: width, height: height)))
                let lines = bench.lines
                let shown = lines.contains { $0.contains("▸ \(chosen(bench) ?? "none")") }
                #expect(shown, "\(width)x\(height)")
            }
            bench.press("down")
        }
    }
}

extension Bench {
    /// Two samples a second apart, the later one some seconds from now, between which a container used so much a second.
    fileprivate mutating func use(
        _ name: String, cpu: Double, memory: UInt64 = 1, received: UInt64 = 0, sent: UInt64 = 0, read: UInt64 = 0,
        written: UInt64 = 0, network: Bool = true, after seconds: Double = 0
    ) {
        var sample = StatsSample.zero(at: now.addingTimeInterval(seconds - 1))
        sample.memoryUsage = memory
        sample.networkPresent = network
        engine(.stats(.named(name), sample))
        sample.read = now.addingTimeInterval(seconds)
        sample.systemCPU += 8_000_000_000
        sample.cpuTotal += UInt64(cpu * 10_000_000)
        sample.networkReceived = received
        sample.networkSent = sent
        sample.blockRead = read
        sample.blockWritten = written
        engine(.stats(.named(name), sample))
    }
}
