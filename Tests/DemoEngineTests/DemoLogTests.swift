import Testing

@testable import DemoEngine

@Suite struct DemoLogTests {
    private static let names = ["shop-payments-1", "shop-checkout-1", "shop-backup-1", "shop-migrate-1"]

    /// All lines, asked for a few at a time.
    private func all(_ log: DemoLog, limit: Int = 37) -> [DemoLine] {
        var lines: [DemoLine] = []
        while true {
            let more = log.lines(after: lines.last?.time ?? .min, limit: limit)
            lines += more
            if more.isEmpty { return lines }
        }
    }

    @Test(arguments: names) func inPiecesOrAtOnceItIsTheSameLog(_ name: String) throws {
        let log = try DemoHost.shop(after: 33).log(name)
        let lines = all(log)
        #expect(lines.count > 5)
        #expect(lines == log.lines(after: .min, limit: .max))
        #expect(zip(lines, lines.dropFirst()).allSatisfy { $0.time < $1.time })
        #expect(lines.allSatisfy { $0.time <= log.now })
    }

    @Test(arguments: names) func tailIsTheEndOfTheWhole(_ name: String) throws {
        let log = try DemoHost.shop(after: 33).log(name)
        let lines = all(log, limit: 1000)
        for count in [1, 2, 9, 10, 50, lines.count, lines.count + 1] {
            #expect(log.lines(after: log.start(ofLast: count), limit: .max) == Array(lines.suffix(count)), "\(count)")
        }
        #expect(log.lines(after: log.start(ofLast: 0), limit: .max).isEmpty)
    }

    @Test(arguments: names) func sinceIsInclusiveAndCutsWhereItSays(_ name: String) throws {
        let log = try DemoHost.shop(after: 33).log(name)
        let lines = all(log, limit: 1000)
        for index in [0, 1, lines.count / 2, lines.count - 1] {
            let since = lines[index].time
            #expect(log.lines(after: since - 1, limit: .max).count == lines.count - index)
            #expect(log.lines(after: since, limit: .max).count == lines.count - index - 1)
        }
    }

    @Test func askedThroughTheApiTheyAgreeAsWell() throws {
        var host = DemoHost.shop(after: 60)
        func lines(_ query: String) -> [Substring] {
            host.answer("GET", "/containers/shop-cache-1/logs?stdout=1&timestamps=1" + query).split(separator: "\r\n")
        }
        let whole = lines("")
        #expect(whole.count > 100)
        #expect(lines("&tail=20") == Array(whole.suffix(20)))
        let log = try host.log("shop-cache-1").lines(after: .min, limit: .max)
        let (from, to) = (log[log.count / 2].time, log[log.count / 2 + 5].time)
        func stamp(_ time: Nanoseconds) -> String { "\(time / .second).\(Nanoseconds.digits(time % .second, 9))" }
        #expect(
            lines("&since=\(stamp(from))&until=\(stamp(to))") == Array(whole[(log.count / 2)...(log.count / 2 + 5)]))
    }

    @Test func whatWasWrittenStaysWritten() throws {
        for name in ["shop-payments-1", "shop-catalog-1"] {
            var host = DemoHost.shop()
            var seen: [DemoLine] = []
            let after = host.now
            for step in 0..<400 {
                host.advance(by: 97 * .millisecond)
                let now = try host.log(name).lines(after: after, limit: .max)
                #expect(Array(now.prefix(seen.count)) == seen, "\(name) at step \(step)")
                seen = now
                if step == 200 { _ = try host.stop(name, timeout: nil, startsAgain: true) }
                if step == 300 { try host.kill(name, signal: "KILL") }
            }
            #expect(seen.count > 10)
        }
    }

    @Test func aCrashLeavesItsTraceOnTheErrorOutput() throws {
        let log = try DemoHost.shop(after: 60).log("shop-payments-1")
        let lines = log.lines(after: .min, limit: .max)
        let panic = try #require(lines.firstIndex { $0.text.hasPrefix("panic:") })
        #expect(lines[panic..<panic + 10].allSatisfy { $0.isError })
        #expect(lines[panic + 9].text == "exit status 2")
    }

    @Test func theChattyOneWritesSomeFiftyLinesASecond() throws {
        let host = DemoHost.shop(after: 60)
        let lines = try host.log("shop-clickstream-1").lines(after: host.now - 10 * .second, limit: .max)
        #expect((350...500).contains(lines.count))
    }

    @Test func theLogIsBoundedHoweverLongTheContainerRuns() throws {
        let lines = try DemoHost.shop().log("shop-gateway-1").lines(after: .min, limit: .max)
        #expect(lines.count > 50_000)
        #expect(lines.count < 120_000)
    }

    @Test func timesAreWrittenAsLogsHaveThem() {
        #expect(beginning.rfc3339 == "2026-11-24T04:00:00.000000000Z")
        #expect((beginning + 1_002_003).rfc3339 == "2026-11-24T04:00:00.001002003Z")
        #expect(Nanoseconds(0).rfc3339 == "1970-01-01T00:00:00.000000000Z")
        #expect((951_782_400 * Nanoseconds.second).rfc3339 == "2000-02-29T00:00:00.000000000Z")
        #expect(Nanoseconds(timestamp: "12.5") == 12_500_000_000)
        #expect(Nanoseconds(timestamp: "12.000000001") == 12_000_000_001)
        #expect(Nanoseconds(timestamp: "x") == nil)
        #expect(Nanoseconds(timestamp: "99999999999999") == .max)
        let seconds: [Int64] = [0, 1, 59, 60, 3000, 3600, 7260, 259_200, 1_728_000, 8_640_000, 69_120_000]
        let words = seconds.map { (Nanoseconds($0) * .second).inWords }
        #expect(
            words == [
                "Less than a second", "1 second", "59 seconds", "About a minute", "50 minutes", "About an hour",
                "2 hours", "3 days", "2 weeks", "3 months", "2 years",
            ])
    }

    @Test func totalsNeverFallAndFollowTheLoad() throws {
        let host = DemoHost.shop()
        for case let container? in host.containers where container.isRunning {
            var before: Usage?
            for second in 0..<120 as Range<Int64> {
                let usage = try #require(Usage(container, epoch: host.epoch, at: host.now + second * .second))
                if let before {
                    #expect(usage.cpu >= before.cpu && usage.received >= before.received && usage.sent >= before.sent)
                }
                before = usage
            }
        }
    }
}
