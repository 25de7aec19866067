import Foundation
import Testing

@testable import Dashboard

/// Times in a log as a person types them. The bench's clock says 2026-03-01 14:02:07 UTC.
@Suite struct LogMomentTests {
    private func parse(_ text: String, zone: Int = 0) -> String? {
        LogMoment.parse(text, now: Bench.start, secondsFromGMT: zone).map { $0.formatted(.iso8601) }
    }

    @Test(arguments: [
        // A time of day is the last such one.
        ("14:02", "2026-03-01T14:02:00Z"), ("14:02:07", "2026-03-01T14:02:07Z"), ("14:02:08", "2026-02-28T14:02:08Z"),
        ("14:03", "2026-02-28T14:03:00Z"), ("00:00", "2026-03-01T00:00:00Z"), ("0:5", "2026-03-01T00:05:00Z"),
        ("23:59:59", "2026-02-28T23:59:59Z"), ("9:30", "2026-03-01T09:30:00Z"), (" 9:30 ", "2026-03-01T09:30:00Z"),
        // Days.
        ("2026-02-28", "2026-02-28T00:00:00Z"), ("2026-11-24 14:05", "2026-11-24T14:05:00Z"),
        ("2026-11-24 14:05:30", "2026-11-24T14:05:30Z"), ("2026-11-24T14:05", "2026-11-24T14:05:00Z"),
        ("2026-11-24t14:05:30", "2026-11-24T14:05:30Z"), ("2024-02-29 00:00", "2024-02-29T00:00:00Z"),
        ("2000-02-29", "2000-02-29T00:00:00Z"), ("1970-01-01 00:00", "1970-01-01T00:00:00Z"),
        ("2026-1-2", "2026-01-02T00:00:00Z"),
        ("  2026-11-24   14:05  ", "2026-11-24T14:05:00Z"), ("9999-12-31", "9999-12-31T00:00:00Z"),
        // Ages.
        ("-10m", "2026-03-01T13:52:07Z"), ("-90", "2026-03-01T14:00:37Z"), ("-90s", "2026-03-01T14:00:37Z"),
        ("-1h30m", "2026-03-01T12:32:07Z"), ("-2d", "2026-02-27T14:02:07Z"), ("-1d1h1m1s", "2026-02-28T13:01:06Z"),
        ("+5m", "2026-03-01T14:07:07Z"), (" -10m", "2026-03-01T13:52:07Z"), ("-0", "2026-03-01T14:02:07Z"),
    ])
    func aTime(text: String, time: String) {
        #expect(parse(text) == time)
    }

    @Test(arguments: [
        "", " ", "-", "+", "--5", "-m", "-10x", "-10m5", "-1h30", "m", "10m", "14", "14:", ":05", "14:5:", "24:00",
        "14:60",
        "14:05:61", "14:05:-1", "14:05:nan", "14:05:inf", "14:05:30:00", "1:2:3:4", "a:b", "14.05", "14h05", "-1e3m",
        "2026-11-24 ", "2026-11", "2026-13-01", "2026-00-01", "2026-01-00", "2026-01-32", "2026-02-29", "2026-02-30",
        "2026-04-31", "2025-02-29", "1900-02-29", "1969-12-31", "10000-01-01", "2026-11-24 25:00", "2026-11-24 14:05 x",
        "2026-11-24T", "T14:05", "2026-11-24TT14:05", "yesterday", "now", "٣:٠٥", "-99999999999d", "14:05 2026-11-24",
        "\u{1B}[2J", "2026--1-01",
    ])
    func whatIsNoTime(text: String) {
        // A day alone may have a space behind it.
        #expect(parse(text) == (text == "2026-11-24 " ? "2026-11-24T00:00:00Z" : nil))
    }

    @Test(arguments: [
        (7_200, "14:02", "2026-03-01T12:02:00Z"), (7_200, "16:02:07", "2026-03-01T14:02:07Z"),
        (7_200, "16:03", "2026-02-28T14:03:00Z"), (-18_000, "09:02", "2026-03-01T14:02:00Z"),
        (-18_000, "09:03", "2026-02-28T14:03:00Z"), (19_800, "00:00", "2026-02-28T18:30:00Z"),
        // Behind midnight there, before it here.
        (43_200, "01:00", "2026-03-01T13:00:00Z"), (43_200, "03:00", "2026-02-28T15:00:00Z"),
        (7_200, "2026-11-24 14:05", "2026-11-24T12:05:00Z"), (-3_600, "-10m", "2026-03-01T13:52:07Z"),
    ])
    func aTimeWhereThePersonIs(zone: Int, text: String, time: String) {
        #expect(parse(text, zone: zone) == time)
    }

    @Test func partsOfASecond() {
        let time = LogMoment.parse("14:02:06.25", now: Bench.start, secondsFromGMT: 0)
        #expect(time?.timeIntervalSince(Bench.start) == -0.75)
    }

    @Test func everyDayOfFourCenturies() {
        // Against Foundation's calendar: from one day to the next, and none that there is not.
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        for year in [1970, 1999, 2000, 2004, 2026, 2100, 2400] {
            for month in 1...12 {
                let first = calendar.date(from: DateComponents(year: year, month: month, day: 1))!
                let days = calendar.range(of: .day, in: .month, for: first)!.count
                for day in 1...31 {
                    let found = LogMoment.parse("\(year)-\(month)-\(day)", now: Bench.start, secondsFromGMT: 0)
                    #expect(found == (day <= days ? first.addingTimeInterval(Double(day - 1) * 86_400) : nil))
                }
            }
        }
    }
}
