import Testing

extension Stories {
    /// A log without lines says why it has none.
    @Suite struct EmptyLogs {
        @Test("No output yet, and then the first line")
        func silent() async throws {
            let session = Session()
            let mute = try session.container("mute")
            try await session.open()
            try await session.expectScreen(contains: "No output yet.")
            try await session.expect(note: "following · 0 lines")
            try session.write("at last", in: mute)
            try await session.expect(line: "at last")
            try await session.expectGone("No output yet.")
        }

        @Test("C hides all lines up to now, says since when, and shows them again", arguments: Tmux.Size.both)
        func hidden(size: Tmux.Size) async throws {
            let session = Session()
            let loud = try session.container("loud", runs: "seq 1 300; while :; do sleep 1; done")
            try await session.open(size, [], ["TZ": "UTC0"])
            try await session.expect(line: "300")
            try await session.press("enter", "C")
            try await session.expectFlash(containing: "lines up to now are hidden: C shows them")
            try await session.expect("since when, and how many lines there are") { screen in
                screen.text.contains(/No output since \d\d:\d\d:\d\d\. C shows all 300 lines\./)
            }
            // By the header's clock, when it was pressed.
            let header = try #require(try session.screen().header.split(separator: " ").last)
            let since = try #require(try session.screen().text.firstMatch(of: /since (\d\d:\d\d:\d\d)\./)?.output.1)
            #expect(since.prefix(2) == header.prefix(2) || header.hasPrefix("00"))
            try session.write("new", in: loud)
            try await session.expect(line: "new")
            try await session.expectNo(line: "300")
            try await session.expectScreen(contains: "older lines are hidden: C shows them")
            try await session.press("C")
            try await session.expect(line: "300")
            try await session.expect(line: "new")
            try await session.expect(note: "following · 301 lines")
        }

        @Test(
            "A log driver that cannot be read is named, with the Engine's own words",
            arguments: [
                ("none", ["--log-driver", "none"]),
                (
                    "syslog",
                    [
                        "--log-driver", "syslog", "--log-opt", "syslog-address=udp://127.0.0.1:5514", "--log-opt",
                        "cache-disabled=true",
                    ]
                ),
            ])
        func unreadable(driver: String, options: [String]) async throws {
            let session = Session()
            let mute = try session.container("mute", runs: "echo unheard; while :; do sleep 1; done", options)
            let job = try session.container("over", runs: "echo unheard", options)
            try await session.open()
            for name in [mute, job] {
                try await session.select(name)
                try await session.expectScreen(saying: "The log cannot be read (log driver \(driver)):")
                try await session.expectScreen(saying: "does not support reading")
                try await session.expectGone("unheard")
                try await session.expectGone("Trying again")
            }
        }

        @Test("A container that was never started says so; one that could not be started, why")
        func neverStarted() async throws {
            let session = Session()
            let made = try session.container("made", start: false)
            let broken = try session.container("broken", command: ["no-such-command"])
            try session.docker(["start", broken], expecting: 1)
            try await session.open()
            try await session.select(made)
            try await session.expectScreen(saying: "It was never started: S starts it.")
            try await session.select(broken)
            try await session.expectScreen(saying: "It could not be started:")
            try await session.expectScreen(saying: "\"no-such-command\": executable file not found in $PATH")
            // The same when it fails while one watches.
            let late = try session.container("late", command: ["no-such-program"])
            try await session.select(late)
            try await session.expectScreen(saying: "It was never started: S starts it.")
            try await session.press("S")
            try await session.expectFlash(containing: "start \(late): ")
            try await session.expectScreen(saying: "It could not be started:")
        }

        @Test("A container that ended without a word says how it ended")
        func endedSilently() async throws {
            let session = Session()
            let well = try session.container("well", runs: "exit 0")
            let badly = try session.container("xbad", runs: "exit 4")
            try await session.open()
            for (name, code) in [(well, 0), (badly, 4)] {
                try await session.select(name)
                try await session.expectScreen(saying: "It wrote nothing. Exited (\(code))")
            }
        }

        @Test("Several containers without a word: how many they are")
        func mergedSilence() async throws {
            let session = Session()
            let one = try session.container("one")
            try session.container("two")
            try await session.open()
            try await session.expect(row: one)
            try await session.press("*", "m")
            try await session.expectScreen(saying: "No output yet from any of 2 containers.")
            try session.write("me", in: one)
            try await session.expect("the first line") { $0.mergedLog.map(\.text) == ["me"] }
        }
    }
}
