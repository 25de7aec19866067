import Testing

extension Stories {
    /// The log of the selected container.
    @Suite struct Logs {
        @Test("The log follows, scrolls back, counts what is new, and follows again", arguments: Tmux.Size.both)
        func followAndScrollBack(size: Tmux.Size) async throws {
            let session = Session()
            let loud = try session.container("loud", runs: "seq 1 300; while :; do sleep 1; done")
            try await session.open(size)
            try await session.expect(line: "300")
            try await session.expectScreen(contains: "following · 300 lines")
            try session.write("just now", in: loud)
            try await session.expect(line: "just now")

            try await session.press("enter", "k")
            try await session.expectNo(line: "just now")
            try await session.expect(line: "300")
            try await session.expectScreen(contains: "f follows · 301 lines")
            try session.write("unseen", in: loud)
            try await session.expectScreen(contains: "1 new · f follows")
            try await session.expectNo(line: "unseen")
            try await session.press("pgup")
            try await session.expectNo(line: "300")
            try await session.press("f")
            try await session.expect(line: "unseen")
            try await session.expectScreen(contains: "following · 302 lines")

            try await session.press("g")
            try await session.expect(line: "1")
            try await session.expectNo(line: "unseen")
            try await session.press("G")
            try await session.expect(line: "unseen")
            try session.write("followed again", in: loud)
            try await session.expect(line: "followed again")
        }

        @Test("Scrolled up, the rows stay where they are however much is written, and f is back at once")
        func holdsStill() async throws {
            let session = Session()
            try session.container("loud", runs: "i=0; while :; do i=$((i+1)); echo $i; sleep 0.02; done")
            try await session.open()
            try await session.expect("more than two screens") { ($0.logNumbers.last ?? 0) > 60 }
            try await session.press("enter", "k")
            try await session.expect(note: "new · f follows")
            let rows = try session.screen().log
            #expect(rows.count == rows.compactMap { Int($0) }.count)
            func new(_ screen: Screen) -> Int {
                screen.logNote.firstMatch(of: /(\d+) new/).flatMap { Int($0.output.1) } ?? 0
            }
            for count in [20, 60, 120] {
                try await session.expect("\(count) new lines") { new($0) >= count && $0.log == rows }
            }
            try await session.press("pgup", "pgdn")
            try await session.expect("the same rows") { $0.log == rows }
            try await session.press("f")
            try await session.expect("the newest lines, following") { screen in
                let numbers = screen.logNumbers
                let first = numbers.first ?? 0
                return first > (Int(rows.last ?? "") ?? .max) && screen.logNote.hasPrefix("following")
                    && numbers == Array(first..<first + numbers.count)
            }
        }

        @Test("Another container, another log")
        func otherContainer() async throws {
            let session = Session()
            let one = try session.container("one", runs: "echo I am one; while :; do sleep 1; done")
            let two = try session.container("two", runs: "echo I am two; while :; do sleep 1; done")
            try await session.open()
            try await session.select(one)
            try await session.expect(line: "I am one")
            try await session.press("j")
            try await session.expect(selected: two)
            try await session.expect(line: "I am two")
            try await session.expectNo(line: "I am one")
        }

        @Test("A log that ended says so; after the next start it goes on")
        func endAndRestart() async throws {
            let session = Session()
            let job = try session.container("job", runs: "echo began; echo trouble >&2; exit 7")
            try await session.open()
            try await session.expect(line: "began")
            try await session.expect(line: "trouble")
            try await session.expectScreen(contains: "── Exited (7)")
            try await session.press("S")
            try await session.expect("both runs in the log") { screen in
                screen.lines.filter { $0.trimmed == "began" }.count == 2
            }
            try await session.expect(row: job, contains: "Exited (7)")
            try await session.expectScreen(contains: "── Exited (7)")
        }

        @Test("Thousands of lines at once leave the newest on the screen")
        func burst() async throws {
            let session = Session()
            try session.container("flood", runs: "seq 1 150000; echo the end; while :; do sleep 1; done", start: false)
            try await session.open()
            try await session.press("S")
            try await session.expect(line: "the end")
            try await session.expectScreen(contains: "dropped")
        }
    }
}
