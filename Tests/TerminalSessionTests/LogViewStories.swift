import Testing

extension Stories {
    /// How lines are shown: whole or cut, with numbers and times, JSON taken apart, where they come from.
    @Suite struct LogViews {
        private static let quiet = "while :; do sleep 1; done"

        @Test("Long lines are cut, scrolled sideways, and wrapped", arguments: Tmux.Size.both)
        func wrap(size: Tmux.Size) async throws {
            let session = Session()
            // Pieces that tell where one is.
            let script = "for i in $(seq 10 99); do printf \"w$i-\"; done; echo end; echo short; \(Self.quiet)"
            try session.container("loud", runs: script)
            let whole = (10...99).map { "w\($0)-" }.joined() + "end"
            try await session.open(size)
            try await session.expect(line: "short")
            try await session.press("enter")
            try await session.expect("the beginning, cut") { screen in
                screen.log.first { $0.hasPrefix("w10-w11-") }?.hasSuffix("…") == true && !screen.text.contains("-end")
            }
            try await session.press("right")
            try await session.expect(note: "col 8")
            try await session.expect("the line without its first columns") { screen in
                screen.log.contains { $0.hasPrefix("…") && $0.contains("w13-w14-") && !$0.contains("w11") }
            }
            try await session.press("left", "w")
            try await session.expectFlash(containing: "long lines are wrapped")
            try await session.expect("the whole line in several rows") { screen in
                guard let first = screen.log.firstIndex(where: { $0.hasPrefix("w10-") }),
                    let last = screen.log.firstIndex(where: { $0.hasSuffix("-end") }), last > first
                else { return false }
                return screen.log[first...last].joined() == whole && screen.hasLine("short")
            }
            try await session.press("w")
            try await session.expectFlash(containing: "long lines are cut")
            try await session.expectGone("-end")
        }

        @Test("A wrapped line that is longer than the screen is scrolled through row by row")
        func wrappedBeyondScreen() async throws {
            let session = Session()
            let script = "seq -s , 1 999; echo short; \(Self.quiet)"
            try session.container("loud", runs: script)
            let whole = (1...999).map { "\($0)" }.joined(separator: ",")
            try await session.open()
            try await session.expect(line: "short")
            try await session.press("enter", "w")
            try await session.expect("its end") { $0.log.contains { $0.hasSuffix(",998,999") } }
            var rows = try session.screen().log.filter { !$0.isEmpty && $0 != "short" }
            for _ in 0..<200 {
                if try session.screen().text.contains("start of the log") { break }
                let before = try session.screen().log
                try await session.press("k")
                try await session.expect("one row up") {
                    $0.log.dropFirst() == before.dropLast() || $0.log[0].hasPrefix("──")
                }
                if let row = try session.screen().log.first, !row.hasPrefix("──") { rows.insert(row, at: 0) }
            }
            #expect(rows.joined() == whole)
        }

        @Test("Lines are numbered from the first one")
        func numbers() async throws {
            let session = Session()
            try session.container("loud", runs: "seq 1001 1300; \(Self.quiet)")
            try await session.open()
            try await session.expect(line: "1300")
            try await session.press("enter", "#")
            // The first one is the start of the container.
            try await session.expect("a number before the last line") { $0.log.last { !$0.isEmpty } == "301 1300" }
            try await session.press("g")
            try await session.expect("numbers from the start on") { screen in
                screen.log.contains("  2 1001") && screen.log.contains("  3 1002")
            }
            try await session.press("#", "G")
            try await session.expect(line: "1300")
        }

        @Test("JSON is shown as it was written, in one row, and folded out", arguments: Tmux.Size.both)
        func json(size: Tmux.Size) async throws {
            let session = Session()
            let line = #"{"level":"warn","msg":"disk is full","disk":{"free":12,"of":[1,2]},"host":"vm"}"#
            try session.container("loud", runs: "echo before; echo '\(line)'; echo after; \(Self.quiet)")
            try await session.open(size)
            try await session.expect(line: "after")
            try await session.press("enter")
            try await session.expect("the line as it is, or its beginning") { screen in
                screen.log.contains { $0.hasPrefix(#"{"level":"warn","msg":"disk is full""#) }
            }
            try await session.press("o")
            try await session.expectFlash(containing: "JSON in one row")
            try await session.expect("level and message in front") { screen in
                screen.log.contains { $0.hasPrefix("WARN  disk is full  disk={") }
            }
            try await session.press("o")
            try await session.expectFlash(containing: "JSON folded out")
            try await session.expect("a row for each value") { screen in
                screen.log.map(\.trimmed).filter { !$0.isEmpty && !$0.hasPrefix("──") } == [
                    "before", "WARN  disk is full", "disk: {", #""free": 12,"#, #""of": ["#, "1,", "2", "]", "}",
                    #"host: "vm""#, "after",
                ]
            }
            try await session.press("o")
            try await session.expectFlash(containing: "JSON as it was written")
            try await session.expect("the line as it is, or its beginning") { screen in
                screen.log.contains { $0.hasPrefix(#"{"level":"warn","msg":"disk is full""#) }
            }
        }

        @Test("Timestamps: local time, UTC, ages, and none")
        func timestamps() async throws {
            let session = Session()
            let loud = try session.container("loud", runs: "echo hello; \(Self.quiet)")
            let stamp = try session.docker(["logs", "-t", loud])
            // As the Engine has it, to the millisecond: 2026-11-24T08:05:54.123456789Z hello
            let utc = String(stamp.dropFirst(11).prefix(12))
            try await session.open(.small, [], ["TZ": "ABC-2"])
            try await session.expect(line: "hello")
            try await session.press("enter", "t")
            try await session.expectFlash(containing: "timestamps in local time")
            let hour = try #require(Int(utc.prefix(2)))
            let there = (hour + 2) % 24
            let local = (there < 10 ? "0" : "") + "\(there)" + utc.dropFirst(2)
            try await session.expect("the local time") { $0.log.contains("\(local) hello") }
            try await session.press("t")
            try await session.expectFlash(containing: "timestamps in UTC")
            try await session.expect("the time in UTC") { $0.log.contains("\(utc)Z hello") }
            try await session.press("t")
            try await session.expect("an age that grows") { screen in
                screen.log.contains { $0.contains(/^ *-[2-9] ?s hello/) }
            }
            try await session.press("t")
            try await session.expect(line: "hello")
        }

        @Test("What went to the standard error is marked, alone and in a merged log", arguments: Tmux.Size.both)
        func standardError(size: Tmux.Size) async throws {
            let session = Session()
            let script = "echo good; sleep 0.1; echo bad >&2; sleep 0.1; echo well; \(Self.quiet)"
            let one = try session.container("one", runs: script)
            let two = try session.container("two", runs: script, ["-t"])
            try await session.open(size)
            try await session.select(one)
            try await session.expect(line: "well")
            try await session.expect("the mark before one line") { $0.errorLines == ["bad"] }
            // A terminal has but one stream.
            try await session.select(two)
            try await session.expect(line: "bad")
            try await session.expect("no mark") { $0.errorLines.isEmpty }
            try await session.press("*", "m")
            try await session.expect("all of both") { $0.mergedLog.count == 6 }
            try await session.expect("the mark before one line") { $0.errorLines == ["\(one) bad"] }
        }

        @Test("L counts the lines that containers write each second, whichever is selected")
        func rates() async throws {
            let session = Session()
            let busy = try session.container("busy", runs: "while :; do echo x; sleep 0.1; done")
            let idle = try session.container("idle")
            let over = try session.container("over", runs: "exit 0")
            let mute = try session.container(
                "mute", runs: "while :; do echo x; sleep 0.1; done", ["--log-driver", "none"])
            func rate(_ name: String, _ screen: Screen) -> String? {
                screen.cell(of: name, under: "LOG/S", after: "DISK R W")
            }
            func number(_ name: String, _ screen: Screen) -> Int? {
                rate(name, screen).flatMap { Int($0.prefix { $0.isNumber }) }
            }
            try await session.open(.large)
            try await session.select(idle)
            try await session.expect(row: busy, contains: "Up ")
            // Only the log that is read anyway is counted.
            try await session.expect("a count of the followed log alone") {
                number(idle, $0) == 0 && rate(busy, $0) == "–"
            }
            try await session.press("L")
            try await session.expectFlash(containing: "the logs of the running containers on the screen are read")
            try await session.expect("some lines a second") { (2...12).contains(number(busy, $0) ?? 0) }
            try await session.expect("none, and nothing that can be counted") {
                number(idle, $0) == 0 && rate(over, $0) == "–" && rate(mute, $0) == "–"
            }
            // Nor is silence what a log has that cannot be read.
            try await session.select(mute)
            try await session.expect(note: "not readable")
            try await session.expect("some lines a second") { (2...12).contains(number(busy, $0) ?? 0) }
            try await session.expect("no count of it") { rate(mute, $0) == "–" }
            try await session.press("L")
            try await session.expect("no count any more") { rate(busy, $0) == "–" }
        }
    }
}
