import EngineAPI
import Foundation
import Terminal
import Testing

@testable import Dashboard

@Suite struct ErrorBurstTests {
    private static func bench() -> Bench {
        var bench = Bench.connected([.make("api"), .make("web")])
        bench.stats("api", count: 2)
        bench.log([], of: "api")
        return bench
    }

    private static func troubles(_ bench: Bench, _ name: String) -> [Trouble] {
        bench.container(name)?.troubles(at: bench.now) ?? []
    }

    @Test func linesThatSayTheyAreErrorsCountWhateverTheirStream() {
        var bench = Self.bench()
        let lines = (0..<LineRate.burst).map { "level=error msg=\($0)" }
        bench.logNews("api", .lines(.lines(Array(lines.dropLast()))))
        #expect(Self.troubles(bench, "api").isEmpty)
        bench.logNews("api", .lines(.lines([lines[0]], from: 100)))
        #expect(Self.troubles(bench, "api") == [.errorLines(LineRate.burst)])
        _ = bench.tick()
        #expect(bench.state.engine.troubled == [.named("api")])
    }

    @Test func onTheStandardErrorWhatSaysOtherwiseIsNoError() {
        var bench = Self.bench()
        let all = Set(0..<100)
        bench.logNews("api", .lines(.lines((0..<100).map { "level=info msg=\($0)" }, errors: all)))
        #expect(Self.troubles(bench, "api").isEmpty)
        bench.logNews("api", .lines(.lines((0..<100).map { "no answer \($0)" }, errors: all, from: 200)))
        #expect(Self.troubles(bench, "api") == [.errorLines(100)])
    }

    @Test func aBurstIsOverAfterAMinute() {
        var bench = Self.bench()
        bench.logNews("api", .lines(.lines((0..<40).map { "ERROR \($0)" })))
        for _ in 0..<60 { _ = bench.tick() }
        #expect(bench.container("api")?.lineRate.errorsLately == 40)
        _ = bench.tick()
        #expect(Self.troubles(bench, "api").isEmpty)
    }

    @Test func aBurstIsToldWithoutFigures() {
        var bench = Self.bench()
        bench.press("P")
        _ = bench.tick(600)
        bench.logNews("api", .lines(.lines((0..<40).map { "ERROR \($0)" })))
        #expect(Self.troubles(bench, "api") == [.errorLines(40)])
    }

    @Test func countedLogsTellOfBurstsToo() {
        var bench = Self.bench()
        bench.press("L")
        bench.engine(.logLines(.named("web"), 50, errors: 30))
        #expect(Self.troubles(bench, "web") == [.errorLines(30)])
    }

    @Test func ofAFloodOnlyTheNewestLinesAreLookedAt() {
        let batch = LogBatch.lines((0..<100_000).map { $0 < 99_000 ? "ERROR" : $0 % 2 == 0 ? "ERROR" : "fine" })
        #expect(batch.errorLines == 100)
    }
}

@Suite struct ThrottledTests {
    private static func bench(_ width: Int = 200, _ height: Int = 50, limited: Bool) -> Bench {
        let summary = ContainerSummary.make("a")
        var bench = Bench.connected([summary], width: width, height: height, details: false)
        bench.engine(.details([.of(summary) { $0.nanoCPUs = limited ? 500_000_000 : 0 }], missing: []))
        for second in 0..<5 as Range<UInt64> {
            var sample = StatsSample.zero(at: bench.now.addingTimeInterval(Double(second) - 4))
            sample.systemCPU += second * 8_000_000_000
            sample.cpuTotal = second * 500_000_000
            sample.memoryUsage = 1 << 20
            if limited {
                sample.periods = second * 10
                sample.throttledPeriods = second * 4
            }
            bench.engine(.stats(.named("a"), sample))
        }
        bench.press("c")
        return bench
    }

    @Test func aLimitedContainerHasAChartOfItAndALine() {
        let bench = Self.bench(limited: true)
        #expect(bench.lines.contains { $0.contains("Throttled, % of the time  40.0") })
        #expect(bench.screen.contains("╌"))
        #expect(bench.container("a")?.troubles(at: bench.now) == [.throttled(40)])
    }

    @Test func oneWithoutALimitHasNone() {
        let bench = Self.bench(limited: false)
        #expect(!bench.screen.contains("Throttled"))
        #expect(!bench.screen.contains("╌"))
    }

    @Test func anEngineThatDoesNotSayWhatTheHostUsedStillHasFigures() {
        var bench = Bench.connected([.make("a")])
        for second in 0..<2 as Range<UInt64> {
            var sample = StatsSample()
            sample.read = bench.now.addingTimeInterval(Double(second))
            sample.cpuTotal = 5 + second
            sample.memoryUsage = 7 << 20
            sample.blockRead = 100 * second
            bench.engine(.stats(.named("a"), sample))
        }
        let usage = bench.container("a")?.usage.latest
        #expect(usage?.cpu == nil && usage?.memory == Double(7 << 20) && usage?.read == 100)
    }
}

@Suite struct OffScreenTroubleTests {
    @Test func whoMayBeInTroubleIsAskedWhereverItStandsButFewAtATime() {
        let killed = (0..<50).map { ContainerSummary.make("z\(100 + $0)", .exited, "Exited (137) 2 minutes ago") }
        let running = (0..<200).map { ContainerSummary.make("a\(100 + $0)") }
        var bench = Bench.connected(running + killed, details: false)
        func asked(_ effects: [Effect]) -> [ContainerID] {
            effects.flatMap { if case .details(_, let ids) = $0 { ids } else { [ContainerID]() } }
        }
        var all: [ContainerID] = []
        for _ in 0..<6 {
            let ids = asked(bench.tick())
            #expect(ids.count <= 20)
            all += ids
            bench.engine(
                .details(
                    killed.filter { ids.contains($0.id) }.map { .of($0) { $0.state.oomKilled = true } }, missing: []))
        }
        #expect(Set(all) == Set(killed.map(\.id)) && all.count == killed.count)
        _ = bench.tick()
        #expect(bench.state.engine.troubled.count == killed.count)
        bench.press("!")
        #expect(bench.screen.contains("out of memory"))
        // Nobody is asked again for what has not changed.
        #expect(asked(bench.tick()).isEmpty)
    }

    /// A container below the screen, which nobody has inspected, with 95 % of 64 MiB or of the host's 16 GiB.
    private static func bench(limit: UInt64) -> Bench {
        var bench = Bench.connected((0..<60).map { .make("c\(100 + $0)") }, details: false)
        var sample = StatsSample.zero(at: bench.now)
        sample.memoryLimit = limit
        sample.memoryUsage = limit / 100 * 95
        bench.engine(.stats(.named("c159"), sample))
        _ = bench.tick()
        return bench
    }

    @Test func oneThatWasNotInspectedIsNearItsLimitToo() {
        var bench = Self.bench(limit: 64 << 20)
        #expect(bench.state.engine.troubled == [.named("c159")])
        bench.press("!")
        #expect(bench.state.rows(.containers) == [.container(.named("c159"))])
        #expect(bench.screen.contains("memory at 94 %") || bench.screen.contains("memory at 95 %"))
    }

    @Test func theHostsMemoryIsNoLimit() {
        #expect(Self.bench(limit: 16 << 30).state.engine.troubled.isEmpty)
    }
}
