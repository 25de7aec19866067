import EngineAPI
import Foundation
import Terminal
import Testing

@testable import Dashboard

@Suite struct ChartTests {
    /// The highest of all fills its cell; that makes a third of a core no alarm.
    @Test func aSparklineIsHighForTheScaleAndRedForTheCore() {
        let spans = Sparkline.spans([10, 37], width: 2, maximum: 38, hot: 100)
        #expect(spans.map(\.text).joined() == "▃█" && spans.map(\.role) == [.graphLow])
        #expect(Sparkline.spans([95], width: 1, maximum: 100, hot: 100).map(\.role) == [.graphHigh])
        #expect(Sparkline.spans([37], width: 1, maximum: 38).map(\.role) == [.graphHigh])
    }

    /// The chart that has a row to itself ends where the row does.
    @Test func everyChartReachesTheEdge() {
        let bench = GoldenTests.bench("stats", 200, 50)
        let body = bench.state.layout.body
        let line = Array(bench.lines.last { $0.contains("⣿") } ?? "")
        #expect(line.prefix(body.maxX).lastIndex { ("⠁"..."⣿").contains($0) } == body.maxX - 1)
    }

    @Test func stretchesHoldTheMeanOfWhatWasMeasuredInThem() {
        let points = (0..<60).map { (age: Double(59 - $0), value: Double($0) as Double?) }
        let series = Series(name: "", points: points)
        #expect(series.resampled(6, over: 60).map { $0.map { Int($0) } } == [4, 14, 24, 34, 44, 54])
        // Only what is in the range.
        #expect(series.resampled(2, over: 10).map { $0.map { Int($0) } } == [52, 57])
    }

    @Test func whatWasNotMeasuredIsNoZero() {
        let series = Series(name: "", points: [(age: 50, value: 5), (age: 49, value: 5), (age: 2, value: 7)])
        let values = series.resampled(60, over: 60)
        #expect(values[30] == nil)
        #expect(values[57] == 7)
        #expect(values.first == .some(nil))
    }

    private func stats(_ width: Int, _ height: Int) -> Bench {
        var bench = Bench.connected(["a", "b", "c"].map { .make($0) }, width: width, height: height)
        for name in ["a", "b", "c"] { bench.stats(name, count: 90) }
        bench.press("c")
        return bench
    }

    @Test(arguments: [(80, 24), (200, 50), (40, 12)]) func theRangeTurnsOnAKey(_ width: Int, _ height: Int) {
        var bench = stats(width, height)
        for title in ["last 15 minutes", "the whole session", "last minute", "last 5 minutes"] {
            bench.press("w")
            #expect(bench.screen.contains(title))
            #expect(bench.frame.forbiddenScalars().isEmpty)
        }
    }

    @Test func aCursorReadsAMoment() {
        var bench = stats(120, 40)
        let newest = bench.screen
        bench.press("left", "left")
        let cursor = bench.state.chartCursor ?? 0
        #expect(cursor > 20 && cursor < 60)
        #expect(bench.screen != newest)
        bench.press("right", "right")
        #expect(bench.state.chartCursor == nil || bench.state.chartCursor == 0)
        bench.press("left", "f")
        #expect(bench.state.chartCursor == nil)
    }

    @Test func markedContainersAreComparedInOneChart() {
        var bench = stats(200, 50)
        bench.press("esc", "g", "space", "space", "c")
        let line = bench.lines.first { $0.contains("CPU % of a core") } ?? ""
        #expect(line.contains(" a ") && line.contains(" b "))
        #expect(bench.screen.contains("2 marked"))
    }

    @Test func whatIsComparedIsReadToo() {
        var bench = Bench.connected((0..<8).map { .make("c\($0)") }, width: 200, height: 50)
        for index in 0..<8 { bench.stats("c\(index)", count: 5) }
        bench.press("*", "c")
        #expect(bench.screen.contains("6 of 8 marked"))
        for name in ["c0", "c1"] {
            let memory = Units.bytes(bench.container(name)?.usage.latest?.memory ?? 0)
            #expect(bench.screen.contains("\(name) \(memory)"), "\(name)")
        }
    }

    @Test func theSessionsMeanIsNotThatOfItsPeaks() {
        var history = UsageHistory()
        for second in 0..<600 {
            var sample = StatsSample.zero(at: Bench.start.addingTimeInterval(Double(second)))
            // High for one second of each quarter of a minute.
            sample.memoryUsage = second % 15 == 7 ? 1_600_000 : 100_000
            history.add(sample)
        }
        #expect(history.whole.lowest?.memory == 100_000)
        #expect(abs((history.whole.mean?.memory ?? 0) - 200_000) < 1_000)
        #expect(history.coarse.allSatisfy { $0.memory == 1_600_000 })
    }

    @Test func aCursorReadsTheFigureOfItsMoment() {
        let line = Series(name: "a", points: (0..<60).map { (Double(59 - $0), Double($0)) }, role: nil)
        var chart = Chart(title: "x", series: [line], seconds: 60, atLeast: 1, format: { Units.fixed($0, 0) })
        #expect(chart.reading(of: line) == "59")
        chart.cursor = 20
        #expect(chart.reading(of: line) == "39")
    }

    @Test func percentOfACoreOrOfTheHost() {
        var bench = Bench.connected([.make("a")], width: 120, height: 40)
        bench.stats("a", count: 3)
        let cpu = bench.container("a")?.usage.latest?.cpu ?? 0
        #expect(bench.screen.contains(Units.percent(cpu)))
        #expect(bench.screen.contains("of 800 %"))
        bench.press("%")
        #expect(bench.screen.contains("HOST %"))
        #expect(bench.screen.contains(Units.percent(cpu / 8)))
        #expect(bench.screen.contains("of the host"))
    }
}
