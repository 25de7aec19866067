import EngineAPI
import Foundation
import Testing

@testable import Dashboard

@Suite struct UnitsTests {
    /// The docker client's own rules (go-units, `HumanDuration`), spelled out here once more.
    private func humanDuration(_ seconds: Double) -> String {
        let whole = Int(seconds)
        if whole < 1 { return "Less than a second" }
        if whole == 1 { return "1 second" }
        if whole < 60 { return "\(whole) seconds" }
        let minutes = Int(seconds / 60)
        if minutes == 1 { return "About a minute" }
        if minutes < 60 { return "\(minutes) minutes" }
        let hours = Int(seconds / 3_600 + 0.5)
        if hours == 1 { return "About an hour" }
        if hours < 48 { return "\(hours) hours" }
        if hours < 24 * 7 * 2 { return "\(hours / 24) days" }
        if hours < 24 * 30 * 2 { return "\(hours / 24 / 7) weeks" }
        if hours < 24 * 365 * 2 { return "\(hours / 24 / 30) months" }
        return "\(Int(seconds / 3_600) / 24 / 365) years"
    }

    @Test(
        arguments: [
            (0, "Less than a second"), (0.99, "Less than a second"), (1, "1 second"), (2, "2 seconds"),
            (59, "59 seconds"), (59.9, "59 seconds"), (60, "About a minute"), (119, "About a minute"),
            (120, "2 minutes"), (59 * 60, "59 minutes"), (59 * 60 + 59, "59 minutes"), (3_600, "About an hour"),
            (3_600 * 1.49, "About an hour"), (3_600 * 1.5, "2 hours"), (3_600 * 47, "47 hours"),
            (3_600 * 47.49, "47 hours"), (3_600 * 47.5, "2 days"), (3_600 * 48, "2 days"),
            (86_400 * 13, "13 days"), (86_400 * 13.9, "13 days"), (86_400 * 14, "2 weeks"),
            (86_400 * 59, "8 weeks"), (86_400 * 60, "2 months"), (86_400 * 729, "24 months"),
            (86_400 * 730, "2 years"), (86_400 * 3_650, "10 years"),
        ] as [(Double, String)])
    func durationsAreDockersWords(_ seconds: Double, _ words: String) {
        #expect(Units.dockerDuration(seconds) == words)
        #expect(humanDuration(seconds) == words)
    }

    @Test func durationsAgreeWithTheClientEverywhere() {
        var random = SplitMix(seed: 9)
        for _ in 0..<20_000 {
            let seconds = Double(random.below(1 << (4 + random.below(25)))) + Double(random.below(100)) / 100
            #expect(Units.dockerDuration(seconds) == humanDuration(seconds), "\(seconds) s")
        }
    }

    @Test func aClockThatIsBehindGivesNoNegativeAge() {
        #expect(Units.dockerDuration(-5) == "Less than a second")
        #expect(Units.shortDuration(-5) == "0s")
    }

    @Test(
        arguments: [
            (0, "0s"), (59, "59s"), (60, "1m"), (3_599, "59m"), (3_600, "1h"), (47 * 3_600, "47h"),
            (48 * 3_600, "2d"), (86_400 * 400, "400d"),
        ] as [(Double, String)])
    func shortDurations(_ seconds: Double, _ text: String) { #expect(Units.shortDuration(seconds) == text) }

    @Test(
        arguments: [
            (0, "0B"), (-3, "0B"), (999, "999B"), (1_000, "0.98K"), (1_024, "1.00K"), (1_536, "1.50K"),
            (10_239, "10.0K"), (102_348, "99.9K"), (102_400, "100K"), (1_023_487, "999K"), (1_048_576, "1.00M"),
            (1_310_720, "1.25M"), (220_200_960, "210M"), (2_040_109_465, "1.90G"), (17_179_869_184, "16.0G"),
            (1_099_511_627_776, "1.00T"), (1.5e15, "1364T"),
        ] as [(Double, String)])
    func bytesHaveThreeFigures(_ value: Double, _ text: String) { #expect(Units.bytes(value) == text) }

    @Test func bytesTakeFiveColumnsAtMost() {
        var random = SplitMix(seed: 4)
        for _ in 0..<20_000 {
            let value = Double(random.next() % (1 << UInt64(1 + random.below(49))))
            #expect(Units.bytes(value).count <= 5, "\(value)")
        }
        for unit in [1_024.0, 1_048_576, 1_073_741_824] {
            for part in [9.994, 9.995, 99.94, 99.95, 999.4, 999.5, 999.99, 1_000] {
                #expect(Units.bytes(unit * part).count <= 5, "\(part) of \(unit)")
            }
        }
    }

    @Test(
        arguments: [
            (0, "0.0"), (0.04, "0.0"), (0.05, "0.1"), (3, "3.0"), (12.44, "12.4"), (99.94, "99.9"), (99.95, "100"),
            (100, "100"), (799.6, "800"), (6_400, "6400"),
        ] as [(Double, String)])
    func percents(_ value: Double, _ text: String) { #expect(Units.percent(value) == text) }

    @Test func noFigureIsADash() {
        #expect(Units.percent(nil) == "–")
        #expect(Units.bytes(nil) == "–")
        #expect(Units.rate(nil) == "–")
        #expect(Units.rate(0.4) == "0")
        #expect(Units.fixed(.nan, 1) == "–")
        #expect(Units.fixed(.infinity, 0) == "–")
    }

    @Test(
        arguments: [
            (0, "0"), (999, "999"), (1_000, "1,000"), (1_204, "1,204"), (-1_204, "-1,204"), (1_000_000, "1,000,000"),
            (Int.max, "9,223,372,036,854,775,807"), (Int.min, "-9,223,372,036,854,775,808"),
        ])
    func counts(_ value: Int, _ text: String) { #expect(Units.count(value) == text) }

    @Test func clocks() {
        #expect(Units.clock(Bench.start, secondsFromGMT: 0) == "14:02:07")
        #expect(Units.clock(Bench.start, secondsFromGMT: 19_800) == "19:32:07")
        #expect(Units.clock(Bench.start, secondsFromGMT: -15 * 3_600) == "23:02:07")
        #expect(Units.clock(Date(timeIntervalSince1970: -1), secondsFromGMT: 0) == "23:59:59")
        #expect(Units.clock(Date(timeIntervalSince1970: 1e300), secondsFromGMT: 0) == "–")
    }

    @Test func millisecondsAreTheLogsOwn() throws {
        for millisecond in 0..<1_000 {
            let date = LogTime(
                nanoseconds: 1_772_373_727_000_000_000 + Int64(millisecond) * 1_000_000
            ).date
            let digits = String(1_000 + millisecond).dropFirst()
            try #require(Units.clock(date, secondsFromGMT: 0, milliseconds: true) == "14:02:07.\(digits)")
        }
    }

    @Test(
        arguments: [
            (3.14159, 2, "3.14"), (2.005, 1, "2.0"), (-0.04, 1, "0.0"), (-1.25, 1, "-1.3"), (0.999, 2, "1.00"),
            (41.5, 0, "42"),
        ] as [(Double, Int, String)])
    func fixedDigits(_ value: Double, _ digits: Int, _ text: String) { #expect(Units.fixed(value, digits) == text) }
}
