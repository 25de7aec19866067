import EngineAPI
import Foundation
import Testing

@testable import Dashboard

@Suite struct UsageTests {
    private func sample(_ second: Double, _ change: (inout StatsSample) -> Void = { _ in }) -> StatsSample {
        var sample = StatsSample.zero(at: Bench.start.addingTimeInterval(second))
        sample.systemCPU += UInt64(second * 8_000_000_000)
        change(&sample)
        return sample
    }

    @Test func onePercentIsOfOneCore() {
        var history = UsageHistory()
        history.add(sample(0) { $0.cpuTotal = 1_000_000_000 })
        history.add(sample(1) { $0.cpuTotal = 3_000_000_000 })
        // Two seconds of processor time in one: two cores.
        #expect(history.latest?.cpu == 200)
    }

    @Test func memoryIsWithoutThePageCache() {
        var history = UsageHistory()
        history.add(
            sample(0) {
                $0.memoryUsage = 500
                $0.memoryCache = 200
                $0.memoryLimit = 1_000
            })
        #expect(history.latest?.memory == 300)
        #expect(history.latest?.memoryLimit == 1_000)
        // A cache larger than all there is: then the cache is not believed.
        history.add(
            sample(1) {
                $0.memoryUsage = 500
                $0.memoryCache = 600
            })
        #expect(history.latest?.memory == 500)
    }

    @Test func ratesComeFromTwoSamplesNeverFromOne() {
        var history = UsageHistory()
        history.add(
            sample(0) {
                $0.networkReceived = 1_000_000
                $0.blockRead = 5_000
            })
        #expect(history.latest?.cpu == nil)
        #expect(history.latest?.received == nil)
        #expect(history.latest?.sent == nil)
        #expect(history.latest?.read == nil)
        #expect(history.latest?.written == nil)
        history.add(
            sample(2) {
                $0.networkReceived = 1_003_000
                $0.networkSent = 500
                $0.blockRead = 5_000
                $0.blockWritten = 8_192
            })
        #expect(history.latest?.received == 1_500)
        #expect(history.latest?.sent == 250)
        #expect(history.latest?.read == 0)
        #expect(history.latest?.written == 4_096)
    }

    @Test func aCounterThatWentBackGivesNoFigure() {
        var history = UsageHistory()
        history.add(
            sample(0) {
                $0.cpuTotal = 9_000_000_000
                $0.networkReceived = 1_000
                $0.networkSent = 10
                $0.blockWritten = 7
            })
        history.add(
            sample(1) {
                $0.cpuTotal = 1_000_000_000
                $0.networkReceived = 10
                $0.networkSent = 20
            })
        #expect(history.latest?.cpu == nil)
        #expect(history.latest?.received == nil)
        #expect(history.latest?.sent == 10)
        #expect(history.latest?.written == nil)
    }

    @Test func aContainerWithoutANetworkOfItsOwnHasNoRates() {
        var history = UsageHistory()
        history.add(sample(0) { $0.networkPresent = false })
        history.add(sample(1) { $0.networkPresent = false })
        #expect(history.latest?.received == nil)
        #expect(history.latest?.read == 0)
    }

    @Test func samplesOfZerosAreNone() {
        var history = UsageHistory()
        history.add(StatsSample())
        #expect(history.points.isEmpty)
    }

    @Test func aSampleAtTheSameMomentGivesNoRate() {
        var history = UsageHistory()
        history.add(sample(1))
        history.add(sample(1) { $0.networkReceived = 1_000 })
        #expect(history.latest?.received == nil)
    }

    @Test func aSampleThatCameAlreadyIsNoNews() {
        var history = UsageHistory()
        history.add(sample(0))
        history.add(sample(1) { $0.cpuTotal = 1_000_000_000 })
        let before = history.latest
        #expect(before?.cpu == 100)
        history.add(sample(1) { $0.cpuTotal = 1_000_000_000 })
        #expect(history.latest == before)
        #expect(history.points.count == 2)
    }

    @Test func theHistoryIsBounded() {
        var history = UsageHistory()
        for second in 0..<1_000 { history.add(sample(Double(second)) { $0.pids = second }) }
        #expect(history.points.count == UsageHistory.bound)
        #expect(history.points.first?.pids == Double(1_000 - UsageHistory.bound))
        #expect(history.latest?.pids == 999)
        // A quarter of a minute each of the whole time, with its peak.
        #expect(history.coarse.count == 67)
        #expect(history.coarse.first?.pids == 14)
        #expect(history.coarse.last?.pids == 999)
    }

    @Test func theSessionsHistoryIsBoundedToo() {
        var history = UsageHistory()
        for quarter in 0..<6_000 { history.add(sample(Double(quarter) * 15)) }
        #expect(history.coarse.count == UsageHistory.coarseBound)
    }

    @Test func aRestartedContainerCountsAnew() {
        var bench = Bench.connected([.make("web")])
        bench.stats("web", count: 3)
        bench.events(("die", "web"), ("start", "web"))
        bench.engine(.stats(.named("web"), sample(10) { $0.networkReceived = 900_000_000 }))
        #expect(bench.container("web")?.usage.points.count == 4)
        #expect(bench.container("web")?.usage.latest?.received == nil)
    }

    /// Figures that no Engine should send must not end the program: each in a process of its own.
    @Test func absurdProcessorTimesDoNotCrash() async {
        await #expect(processExitsWith: .success) {
            var bench = Bench.connected([.make("web")], width: 200, height: 50)
            var sample = StatsSample.zero(at: bench.now)
            sample.onlineCPUs = 64
            sample.previousSystemCPU = sample.systemCPU - 1
            sample.cpuTotal = .max
            bench.engine(.stats(.named("web"), sample))
            bench.press("c")
            _ = bench.frame
        }
    }

    @Test func absurdMemoryFiguresDoNotCrash() async {
        await #expect(processExitsWith: .success) {
            var bench = Bench.connected([.make("web")], width: 200, height: 50)
            for second in 0..<3 {
                var sample = StatsSample.zero(at: bench.now.addingTimeInterval(Double(second) * 1e-6))
                sample.memoryUsage = .max
                sample.memoryLimit = 1
                sample.networkReceived = second % 2 == 0 ? 0 : .max
                sample.blockWritten = second % 2 == 0 ? 0 : .max
                bench.engine(.stats(.named("web"), sample))
                bench.press("c")
                _ = bench.frame
            }
        }
    }

    @Test func absurdCountsDoNotCrash() async {
        await #expect(processExitsWith: .success) {
            var bench = Bench.connected([.make("web")], width: 200, height: 50)
            var sample = StatsSample.zero(at: bench.now)
            sample.pids = .max
            bench.engine(.stats(.named("web"), sample))
            bench.press("c")
            _ = bench.frame
        }
    }

    @Test func anAbsurdHostDoesNotCrash() async {
        await #expect(processExitsWith: .success) {
            var bench = Bench.connected([.make("web")], width: 200, height: 50)
            var info = SystemInfo()
            info.cpus = .max
            info.memory = .max
            bench.engine(.described(info, roundTrip: 0))
            _ = bench.frame
        }
    }

    @Test func aPointTakesFortyEightBytes() {
        // The soak test counts on it: memory grows by so much a second for every container that is watched.
        #expect(UsagePoints.stride == 48)
    }

    @Test func pointsKeepWhatIsNilAndSevenDigits() {
        var points = UsagePoints(bound: 3)
        var usage = Usage(
            at: Bench.start, cpu: nil, memory: 123_456_789, memoryLimit: 16_000_000_000, received: nil, sent: 0,
            read: 1.5, written: nil, pids: 7, throttled: nil)
        points.append(usage)
        #expect(points.last?.at == Bench.start)
        #expect(points.last?.cpu == nil && points.last?.received == nil && points.last?.throttled == nil)
        #expect(points.last?.sent == 0 && points.last?.read == 1.5 && points.last?.pids == 7)
        #expect(abs((points.last?.memoryLimit ?? 0) - 16_000_000_000) < 1_024)
        #expect(abs((points.last?.memory ?? 0) - 123_456_789) < 10)
        usage.cpu = 12.5
        usage.sent = 3
        usage.pids = 2
        points.raiseLast(usage)
        #expect(points.count == 1)
        #expect(points.last?.cpu == 12.5 && points.last?.sent == 3 && points.last?.pids == 7)
        for second in 1...5 {
            usage.pids = Double(second)
            points.append(usage)
        }
        #expect(points.map(\.pids) == [3, 4, 5])
    }
}
