import Testing

extension Stories {
    /// Finding lines in a log: the search that shows where they are, the filter that leaves out the others.
    @Suite struct LogSearch {
        /// 29, 129, 229 and 290 to 299 have a 29 in them.
        private static let numbers = "seq 1 300; while :; do sleep 1; done"

        @Test(
            "A search goes to the nearest hit while it is typed, counts, and n and N go round",
            arguments: Tmux.Size.both)
        func search(size: Tmux.Size) async throws {
            let session = Session()
            let loud = try session.container("loud", runs: Self.numbers)
            try await session.open(size)
            try await session.expect(line: "300")
            try await session.press("enter")
            try await session.prompt("/", "2")
            try await session.expectFlash(containing: "hit 138 of 138")
            try session.type("9")
            try await session.expectFlash(containing: "hit 13 of 13")
            try session.type("1")
            try await session.expectFlash(containing: "hit 1 of 1")
            try await session.expect(line: "291")
            try await session.press("backspace")
            try await session.expectFlash(containing: "hit 13 of 13")
            try await session.press("enter")
            try await session.expect(note: "/29 hit 13 of 13")

            try await session.press("n")
            try await session.expectFlash(containing: "from the oldest on again")
            try await session.expect(note: "/29 hit 1 of 13")
            try await session.expect(line: "29")
            try await session.press("n")
            try await session.expect(note: "/29 hit 2 of 13")
            try await session.expect(line: "129")
            try await session.expectNo(line: "29")
            try await session.press("N", "N")
            try await session.expectFlash(containing: "from the newest on again")
            try await session.expect(note: "/29 hit 13 of 13")
            try await session.expect(line: "299")
            try await session.press("N")
            try await session.expect(note: "/29 hit 12 of 13")

            // A hit that arrives is counted, and what is looked at stays where it is.
            try session.write("2900", in: loud)
            try await session.expect(note: "/29 hit 12 of 14")
            try await session.expectNo(line: "2900")
            // Esc ends the search before it leaves the log.
            try await session.press("esc")
            try await session.expect("no word of the search") { !$0.logNote.contains("/29") }
            try await session.press("n")
            try await session.expectFlash(containing: "nothing was searched for")
        }

        @Test("What is found is lit, in coloured lines too")
        func lit() async throws {
            let session = Session()
            let script = #"printf 'a \033[31mred\033[0m alert\n'; while :; do sleep 1; done"#
            try session.container("loud", runs: script)
            try await session.open()
            try await session.expect(line: "a red alert")
            func styled() throws -> String { try session.terminal.capture(styles: true).joined(separator: "\n") }
            // The line's own colour ends between the two words.
            #expect(try styled().contains(/red\u{1B}\[[^m]*m alert/))
            try await session.press("enter")
            try await session.prompt("/", "red alert")
            try await session.expectFlash(containing: "hit 1 of 1")
            try await session.expect("both words in the colour of a hit") { _ in
                try styled().contains(/a (\u{1B}\[[^m]*m)+red alert/)
            }
        }

        @Test("Esc in the prompt puts the log back where it was, and the search before it")
        func asBefore() async throws {
            let session = Session()
            try session.container("loud", runs: Self.numbers)
            try await session.open()
            try await session.expect(line: "300")
            try await session.press("enter")
            try await session.prompt("/", "15")
            // The nearest one upwards, out of view.
            try await session.expect(line: "215")
            try await session.expectNo(line: "300")
            try await session.press("esc")
            try await session.expect(line: "300")
            try await session.expect("to follow without a search") { $0.logNote == "following · 300 lines" }

            try await session.prompt("/", "17")
            try await session.press("enter")
            try await session.expect(note: "/17 hit 13 of 13")
            try await session.press("N")
            try await session.expect(note: "/17 hit 12 of 13")
            let rows = try session.screen().log
            try await session.prompt("/", "25")
            try await session.expect(note: "/25 hit")
            try await session.press("esc")
            try await session.expect(note: "/17 hit 12 of 13")
            try await session.expect("the same rows") { $0.log == rows }
        }

        @Test("Ctrl-r makes a regular expression of it, and back; a wrong one is named while it is typed")
        func regex() async throws {
            let session = Session()
            try session.container("loud", runs: Self.numbers)
            try await session.open()
            try await session.expect(line: "300")
            try await session.press("enter")
            try await session.prompt("/", "^1.0$")
            try await session.expect("no hit of the literal") { $0.flash.hasSuffix(" 0") }
            try await session.press("ctrl-r")
            try await session.expectFlash(containing: "/ regex: ^1.0$")
            try await session.expectFlash(containing: "hit 10 of 10")
            try await session.expect(line: "190")
            try await session.press("ctrl-r")
            try await session.expect("no hit of the literal") { $0.flash.hasSuffix(" 0") }
            try await session.press("ctrl-r", "ctrl-u")
            try session.type("2(5")
            try await session.expectFlash(containing: "Unmatched (")
            // It is not taken as long as it is wrong, and the prompt stays.
            try await session.press("enter")
            try session.type("|6)0")
            try await session.expectFlash(containing: "hit 2 of 2")
            try await session.press("enter")
            try await session.expect(line: "260")
            try await session.expect(note: "/2(5|6)0 hit 2 of 2")
        }

        @Test("What is not there is said so; a capital letter means itself")
        func smartCase() async throws {
            let session = Session()
            try session.container("loud", runs: "echo Error; echo error; echo ERROR; while :; do sleep 1; done")
            try await session.open()
            try await session.expect(line: "ERROR")
            try await session.press("enter")
            try await session.prompt("/", "error")
            try await session.expectFlash(containing: "hit 3 of 3")
            try await session.press("ctrl-u")
            try session.type("Error")
            try await session.expectFlash(containing: "hit 1 of 1")
            try session.type("s")
            try await session.press("enter")
            try await session.expectFlash(containing: "“Errors” is not among the held lines")
        }

        @Test("The filter leaves the lines that match, or those that do not, with or without neighbours")
        func filter() async throws {
            let session = Session()
            let loud = try session.container("loud", runs: Self.numbers)
            try await session.open()
            try await session.expect(line: "300")
            try await session.press("enter")
            try await session.prompt("&", "99")
            try await session.expectFlash(containing: "3 of 300 lines")
            try await session.expect("just these") { $0.logNumbers == [99, 199, 299] }
            try await session.press("ctrl-o")
            try await session.expect("each with its neighbours") {
                $0.logNumbers == [98, 99, 100, 198, 199, 200, 298, 299, 300]
            }
            try await session.press("ctrl-o", "ctrl-o", "ctrl-o", "ctrl-n")
            try await session.expectFlash(containing: "& without: 99")
            try await session.expectFlash(containing: "297 of 300 lines")
            try await session.expect("all but these") { $0.logNumbers.suffix(3) == [297, 298, 300] }
            try await session.press("ctrl-n", "enter")
            try await session.expect(note: "&99 3 of 300")

            // It holds for what arrives.
            try session.write("399", in: loud)
            try session.write("400", in: loud)
            try session.write("499", in: loud)
            try await session.expect("the new ones that match") { $0.logNumbers == [99, 199, 299, 399, 499] }
            try await session.expect(note: "&99 5 of 303")

            // Typed again and left with Esc: as before. Esc in the log: all lines.
            try await session.press("&")
            try await session.expectFlash(containing: "&99")
            try session.type("9")
            try await session.expectFlash(containing: "&999")
            try await session.expectScreen(contains: "hides all 303 lines")
            try await session.press("esc")
            try await session.expect("the filter before") { $0.logNumbers == [99, 199, 299, 399, 499] }
            try await session.press("esc")
            try await session.expect("all lines") { $0.logNumbers.suffix(3) == [399, 400, 499] }
            try await session.expect(note: "following · 303 lines")
        }

        @Test("A filter may be a regular expression, and is searched in like the whole log")
        func filterAndSearch() async throws {
            let session = Session()
            try session.container("loud", runs: Self.numbers)
            try await session.open()
            try await session.expect(line: "300")
            try await session.press("enter", "&", "ctrl-r")
            try session.type("^.?50$")
            try await session.expectFlash(containing: "& regex: ^.?50$")
            try await session.expect("just these") { $0.logNumbers == [50, 150, 250] }
            try await session.press("enter")
            try await session.prompt("/", "5")
            try await session.press("enter")
            // Hits that the filter hides are passed over: after 250 comes 50, then 150.
            try await session.expect(note: "/5 hit 44 of 57")
            try await session.press("n")
            try await session.expect(note: "/5 hit 6 of 57")
            try await session.press("n")
            try await session.expect(note: "/5 hit 25 of 57")
            try await session.expect("just these") { $0.logNumbers == [50, 150, 250] }
        }

        @Test("A filter that hides all says so, and how many there are; what matches appears when it is written")
        func filterHidesAll() async throws {
            let session = Session()
            let loud = try session.container("loud", runs: Self.numbers)
            try await session.open()
            try await session.expect(line: "300")
            try await session.press("enter")
            try await session.prompt("&", "zebra")
            try await session.press("enter")
            try await session.expectScreen(
                saying: "The filter “zebra” hides all 300 lines. Esc shows them, & changes it.")
            try session.write("a horse", in: loud)
            try await session.expectScreen(saying: "hides all 301 lines")
            try session.write("a Zebra", in: loud)
            try await session.expect(log: ["a Zebra"])
            try await session.expect(note: "&zebra 1 of 302")
            try await session.press("esc")
            try await session.expect(line: "a horse")
        }
    }
}
