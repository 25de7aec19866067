import Foundation
import Testing

extension Stories {
    /// Far back in a log: older lines, times, what happened.
    @Suite struct LogPast {
        @Test(
            "Older lines are fetched when one scrolls up: of 30,000 and more, none is missing and none comes twice",
            arguments: [false, true])
        func olderLines(bothStreams: Bool) async throws {
            let session = Session()
            // It goes on writing meanwhile. Of two streams, the Engine stamps the lines as it gets hold of them.
            let count =
                bothStreams
                ? "awk 'BEGIN{for(i=1;i<=30000;i++) if(i%3) print i; else print i >\"/dev/stderr\"}'" : "seq 1 30000"
            try session.container(
                "loud", runs: "\(count); i=30000; while :; do i=$((i+1)); echo $i; sleep 0.1; done")
            try await session.open(.init(width: 100, height: 300))
            try await session.expect("what came after the 30,000") { ($0.logNumbers.last ?? 0) > 30_000 }
            try await session.zoomIntoLog()
            try await session.expect("the log on the whole screen") { $0.logNumbers.count > 250 }

            // Up to the beginning, page by page.
            var pages: [[Int]] = [try session.screen().logNumbers]
            for _ in 0..<150 {
                let before = try session.screen().log
                if before.contains("── start of the log ──") { break }
                try await session.press("pgup")
                // Where it stands at the oldest held line, it waits for those before it.
                // A screen of 300 rows is not painted at once: it is another page when it stays as it is.
                var last: [String] = []
                try await session.expect("another page") { screen in
                    defer { last = screen.log }
                    return screen.log != before && screen.log == last && !screen.text.contains("fetching older")
                }
                pages.append(last.compactMap { Int($0) })
            }
            try await session.expectScreen(contains: "── start of the log ──")
            #expect(try session.screen().logEvents == ["started"])
            if !bothStreams {
                // Each page is without a hole, and begins where the next one ends.
                for page in pages { #expect(page == Array((page.first ?? 0)..<(page.first ?? 0) + page.count)) }
                for (lower, upper) in zip(pages, pages.dropFirst()) {
                    #expect((upper.first ?? 0) < (lower.first ?? 0) && (upper.last ?? 0) >= (lower.first ?? 0) - 1)
                }
            }
            let seen = Set(pages.joined())
            #expect(seen.isSuperset(of: 1...30_000))

            // And the held lines as they are saved.
            let file = session.file("held")
            try await session.save(to: file)
            try await session.expectFlash(containing: "lines saved to")
            let saved = try file.lines().compactMap { Int($0) }
            #expect(saved.count > 30_000)
            #expect(bothStreams ? saved.sorted() == Array(1...saved.count) : saved == Array(1...saved.count))
        }

        @Test("Older lines of several containers come in the order of time, none missing and none twice")
        func olderMergedLines() async throws {
            let session = Session()
            // In turns: each has more lines than are fetched at once, at the same times as the others.
            let script = "i=0; while [ $i -lt 6000 ]; do seq $((i+1)) $((i+200)); i=$((i+200)); sleep 0.02; done"
            let names = try ["a", "b", "c"].map {
                try session.container($0, runs: "\(script); while :; do sleep 1; done")
            }
            for name in names {
                try await session.expectEngine("all lines of \(name)") {
                    try session.docker(["logs", "--tail", "1", name]) == "6000"
                }
            }
            try await session.open(.init(width: 100, height: 120))
            try await session.expect("all of them") { $0.containers.count == 3 }
            try await session.press("*", "m")
            try await session.expect("the end of one") { $0.mergedLog.last?.text == "6000" }
            try await session.zoomIntoLog()
            try await session.scrollToStart()
            let file = session.file("merged")
            try await session.save(to: file)
            try await session.expectFlash(containing: "lines saved to")
            let (events, lines) = (
                try file.lines().filter { $0.contains("| ── ") }, try file.lines().filter { !$0.contains("| ── ") }
            )
            #expect(events.sorted() == names.map { "\($0) | ── started" }.sorted())
            #expect(lines.count == 18_000)
            for name in names {
                #expect(lines.filter { $0.hasPrefix(name) } == (1...6_000).map { "\(name) | \($0)" })
            }
            // In the order in which the Engine got hold of them.
            var stamps: [String: [String]] = [:]
            for name in names {
                stamps[name] = try session.docker(["logs", "-t", name]).split(separator: "\n").map {
                    String($0.prefix(30))
                }
            }
            let times = lines.compactMap { line -> String? in
                let words = line.split(separator: " ")
                return stamps[String(words[0])]?[(Int(words[2]) ?? 1) - 1]
            }
            #expect(times.count == 18_000)
            #expect(zip(times, times.dropFirst()).allSatisfy { $0 <= $1 })
        }

        @Test("With the keys of a person at a small terminal: g to what is held, again and again, to the start")
        func toTheStart() async throws {
            let session = Session()
            try session.container("loud", runs: "seq 1 30000; while :; do sleep 1; done")
            try await session.open()
            try await session.expect(line: "30000")
            try await session.press("enter")
            try await session.scrollToStart()
            try await session.expect("the first lines") { $0.logNumbers.prefix(3) == [1, 2, 3] }
            try await session.expect(note: "30,000 lines")
            try await session.press("G")
            try await session.expect(line: "30000")
            try await session.expect(note: "following · 30,000 lines")
        }

        @Test("Where no more lines may be held, scrolling up ends with words about it")
        func bound() async throws {
            let session = Session()
            try session.container("loud", runs: "seq 1 5000; while :; do sleep 1; done")
            try await session.open(.small, ["--log-lines", "1500"])
            try await session.expect(line: "5000")
            try await session.press("enter", "g")
            try await session.expectScreen(contains: "older lines are not held: 1,500 lines are the bound")
            try await session.expect("the oldest held line") { $0.logNumbers.first == 4_001 }
        }

        // MARK: Going to a time

        /// Two bursts of lines with seconds between them, and when the second one began by a person's clock.
        private func twoBursts(_ session: Session, lines: Int, zone: TimeZone) async throws -> (
            name: String, clock: String
        ) {
            let name = try session.container(
                "loud", runs: "seq 1 \(lines); sleep 3; seq \(lines + 1) \(2 * lines); while :; do sleep 1; done")
            var stamp = ""
            try await session.expectEngine("the second burst") {
                let written = try session.docker(["logs", "-t", name]).split(separator: "\n")
                stamp = written.first { $0.hasSuffix(" \(lines + 1)") }.map { String($0.prefix(19)) } ?? ""
                return written.last?.hasSuffix(" \(2 * lines)") ?? false
            }
            let date = try Date(stamp + "Z", strategy: .iso8601)
            let style = Date.VerbatimFormatStyle(
                format:
                    "\(hour: .twoDigits(clock: .twentyFourHour, hourCycle: .zeroBased)):\(minute: .twoDigits):\(second: .twoDigits)",
                timeZone: zone, calendar: Calendar(identifier: .gregorian))
            return (name, date.formatted(style))
        }

        @Test("@ goes to a time of day, in the person's time zone, and f to the newest line again")
        func timeOfDay() async throws {
            let session = Session()
            let zone = try #require(TimeZone(secondsFromGMT: -(3 * 3_600 + 1_800)))
            let (_, clock) = try await twoBursts(session, lines: 300, zone: zone)
            try await session.open(.small, [], ["TZ": "XYZ3:30"])
            try await session.expect(line: "600")
            try await session.press("enter")
            try await session.prompt("@", clock)
            try await session.press("enter")
            try await session.expect("the first line of that second at the top") { $0.logNumbers.first == 301 }
            try await session.expect(note: "f follows")
            try await session.press("f")
            try await session.expect(line: "600")
            try await session.expect(note: "following · 600 lines")
        }

        @Test("@ goes back by minutes and seconds; what is no time is said while one can still change it")
        func backByDuration() async throws {
            let session = Session()
            try session.container(
                "clock", runs: "while :; do date +at-%s; sleep 0.05; done")
            try await session.open()
            try await session.expect("several screens full") { screen in
                screen.logNote.firstMatch(of: /(\d+) lines/).flatMap { Int($0.output.1) } ?? 0 > 60
            }
            try await session.press("enter")
            try await session.prompt("@", "soon")
            try await session.press("enter")
            try await session.expectFlash(containing: "a time is 14:05, 14:05:30, -10m or")
            try await session.press("ctrl-u")
            try session.type("-10m")
            try await session.press("enter")
            // That is before it began: what was first is at the top.
            try await session.expect("its start at the top") { screen in
                screen.logEvents == ["started"] && screen.log.first?.hasPrefix("── ") == true
            }

            let before = Date().timeIntervalSince1970
            try await session.prompt("@", "-2s")
            try await session.press("enter")
            try await session.expect("another place") { $0.logEvents.isEmpty && $0.logNote.contains("f follows") }
            let after = Date().timeIntervalSince1970
            let top = try #require(try session.screen().log.first?.split(separator: "-").last.flatMap { Double($0) })
            // The line has whole seconds; the machine may have been busy elsewhere for a while.
            #expect((before - 2 - 1.5...after - 2 + 3).contains(top))
        }

        @Test("A time that is too far back to be held is shown as the past, from that time on; f goes back")
        func tooFarBack() async throws {
            let session = Session()
            let zone = try #require(TimeZone(secondsFromGMT: 0))
            let (loud, clock) = try await twoBursts(session, lines: 1_500, zone: zone)
            try await session.open(.small, ["--log-lines", "100"], ["TZ": "UTC0"])
            try await session.expect(line: "3000")
            try await session.press("enter")
            try await session.prompt("@", clock)
            try await session.press("enter")
            try await session.expect(note: "the past · f follows")
            try await session.expect("the first line of that second") { $0.logNumbers.first == 1_501 }
            try await session.press("k")
            try await session.expectScreen(contains: "── from \(clock) on ──")
            // What is written meanwhile is not of the past.
            try session.write("today", in: loud)
            try await session.press("G")
            try await session.expectScreen(contains: "more lines follow: f shows the newest")
            try await session.expect("the end of the stretch") { screen in
                let numbers = screen.logNumbers
                return (numbers.last ?? 0) > 1_510 && numbers.last ?? 0 <= 1_600
                    && numbers == Array((numbers.first ?? 0)..<(numbers.first ?? 0) + numbers.count)
            }
            try await session.press("f")
            try await session.expect(line: "today")
            try await session.expect(note: "following")
        }

        @Test("A time that is just before what is held, where no more can be held, is shown as the past too")
        func justBeforeTheBound() async throws {
            let session = Session()
            let zone = try #require(TimeZone(secondsFromGMT: 0))
            let (_, clock) = try await twoBursts(session, lines: 150, zone: zone)
            try await session.open(.small, ["--log-lines", "100"], ["TZ": "UTC0"])
            try await session.expect(line: "300")
            try await session.press("enter")
            try await session.prompt("@", clock)
            try await session.press("enter")
            try await session.expect("the first line of that second") { $0.logNumbers.first == 151 }
            try await session.expect(note: "the past · f follows")
            // It goes on over what was held before.
            try await session.press("G")
            try await session.expect("all that there is room for") { ($0.logNumbers.last ?? 0) >= 245 }
            try await session.press("f")
            try await session.expect(line: "300")
        }
    }
}
