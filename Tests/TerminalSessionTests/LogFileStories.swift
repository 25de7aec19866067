import Foundation
import Testing

/// A file of a test's own, which need not be there; it goes when the test does.
final class TestFile: Sendable {
    let path: String

    init(path: String) { self.path = path }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    var isThere: Bool { FileManager.default.fileExists(atPath: path) }

    func text() throws -> String { String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self) }

    func write(_ text: String) throws { try Data(text.utf8).write(to: URL(fileURLWithPath: path)) }

    /// The lines that containers wrote, without what happened to them.
    func lines() throws -> [String] {
        try text().split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
            .filter { !$0.hasPrefix("── ") }
    }
}

extension Session {
    /// A file with a name that nobody else has.
    func file(_ name: String) -> TestFile {
        TestFile(path: FileManager.default.temporaryDirectory.appendingPathComponent(self.name("gantry-\(name)")).path)
    }

    /// Saves the log by the keys of a person; `tabs` turns what is saved.
    func save(to file: TestFile, tabs: Int = 0, at location: SourceLocation = #_sourceLocation) async throws {
        try await press("ctrl-s")
        try await expectFlash(containing: "save the ", at: location)
        for _ in 0..<tabs { try await press("tab") }
        try await press("ctrl-u")
        try type(file.path)
        try await press("enter")
    }

    /// All that a container wrote, both streams as the Engine has them.
    func wholeLog(of container: String) throws -> [String] {
        try run(
            ["sh", "-c", "docker -H \(TestEngine.address ?? "") logs \(container) 2>&1"],
            environment: ["DOCKER_HOST": ""]
        )
        .lines.dropLast()
    }
}

extension Stories {
    /// Taking lines out of a log: to the clipboard, to a file, to the pager.
    @Suite struct LogFiles {
        private static let quiet = "while :; do sleep 1; done"
        /// Colours, both streams, letters that are none of ASCII.
        private static let mixed =
            #"i=0; while [ $i -lt 250 ]; do i=$((i+1)); echo "line $i"; echo "trouble $i" >&2; done; "#
            + #"echo "größer 猫"; "# + quiet

        // MARK: Copying

        @Test(
            "y copies the selected lines to the terminal's clipboard, or all on the screen", arguments: Tmux.Size.both)
        func copy(size: Tmux.Size) async throws {
            let session = Session()
            let script = #"seq 1 300; printf '\033[31mred\033[0m\tand 猫\n'; "# + Self.quiet
            let loud = try session.container("loud", runs: script)
            try await session.open(size)
            try await session.expect(line: "300")
            try await session.press("enter", "v")
            try await session.expect(note: "1 line selected · y copies")
            try await session.press("k", "up")
            try await session.expect(note: "3 lines selected")
            try await session.expect("their marks") { $0.selectedLines.prefix(2) == ["299", "300"] }
            // What arrives does not move them.
            try session.write("later", in: loud)
            try await session.expect("the same lines") { screen in
                screen.selectedLines.prefix(2) == ["299", "300"] && !screen.hasLine("later")
            }
            try await session.press("y")
            try await session.expectFlash(containing: "3 lines sent to the terminal's clipboard")
            // Without the colours; the tab is one.
            try await session.expectClipboard("299\n300\nred\tand 猫")
            try await session.expect("no selection any more") { !$0.logNote.contains("selected") }

            try await session.press("f")
            try await session.expect(line: "later")
            let shown = try session.screen().log.filter { !$0.isEmpty }.count
            try await session.press("y")
            try await session.expectFlash(containing: "\(shown) lines sent")
            let all = (1...300).map { "\($0)" } + ["red\tand 猫", "later"]
            try await session.expectClipboard(all.suffix(shown).joined(separator: "\n"))
        }

        @Test("A selection goes over pages, and Esc leaves it")
        func selectPages() async throws {
            let session = Session()
            try session.container("loud", runs: "seq 1 300; \(Self.quiet)")
            try await session.open()
            try await session.expect(line: "300")
            try await session.press("enter", "k", "k", "v", "pgup", "pgup", "pgup")
            try await session.expect("a selection of more than a screen") { screen in
                screen.logNote.contains(/^[2-9]\d lines selected/)
            }
            let count = try #require(
                try session.screen().logNote.firstMatch(of: /^(\d+) lines/).flatMap { Int($0.output.1) })
            try await session.press("y")
            try await session.expectClipboard(((299 - count)...298).map { "\($0)" }.joined(separator: "\n"))
            try await session.press("v", "g")
            try await session.expect(note: "lines selected")
            try await session.press("esc")
            try await session.expect("no selection any more") { !$0.logNote.contains("selected") }
            try await session.press("f")
            try await session.expect(line: "300")
        }

        // MARK: Saving

        @Test("The whole log is saved as the Engine has it, the held lines as they are held")
        func saveWholeAndHeld() async throws {
            let session = Session()
            let loud = try session.container("loud", runs: Self.mixed)
            try await session.open(.small, ["--log-lines", "200"])
            try await session.expect(note: "following · 200 lines · 302 dropped")
            try await session.press("enter")
            let whole = session.file("whole")
            try await session.save(to: whole, tabs: 1)
            try await session.expectFlash(containing: "501 lines saved to")
            let log = try session.wholeLog(of: loud)
            #expect(try whole.lines() == log)
            #expect(try whole.lines().count == 501)
            let held = session.file("held")
            try await session.save(to: held)
            try await session.expectFlash(containing: "200 lines saved to")
            #expect(try held.lines() == log.suffix(200))
            // Nobody else reads it.
            let mode = try FileManager.default.attributesOfItem(atPath: held.path)[.posixPermissions] as? Int
            #expect(mode == 0o600)
        }

        @Test("The selected lines are saved, and Tab turns to the held and the whole ones")
        func saveSelected() async throws {
            let session = Session()
            try session.container("loud", runs: "seq 1 1200; \(Self.quiet)")
            try await session.open()
            try await session.expect(line: "1200")
            try await session.press("enter", "v", "k", "k", "ctrl-s")
            try await session.expectFlash(containing: "save the selected lines to: ")
            try await session.press("tab")
            try await session.expectFlash(containing: "save the held lines to: ")
            try await session.press("tab")
            try await session.expectFlash(containing: "save the whole log to: ")
            try await session.press("tab")
            try await session.expectFlash(containing: "save the selected lines to: ")
            try await session.press("esc")
            let file = session.file("selected")
            try await session.save(to: file)
            try await session.expectFlash(containing: "3 lines saved to")
            #expect(try file.text() == "1198\n1199\n1200\n")
        }

        @Test("What is filtered is saved filtered, whole and held; a merged log with names")
        func saveFilteredAndMerged() async throws {
            let session = Session()
            let one = try session.container("one", runs: "seq 1 300; \(Self.quiet)")
            let two = try session.container("two", runs: "sleep 0.2; seq 301 600; \(Self.quiet)")
            try await session.open()
            try await session.select(two)
            try await session.expect(line: "600")
            try await session.select(one)
            try await session.expect(line: "300")
            try await session.press("enter")
            try await session.prompt("&", "77")
            try await session.press("enter")
            let held = session.file("held")
            try await session.save(to: held)
            try await session.expectFlash(containing: "3 lines saved to")
            #expect(try held.text() == "77\n177\n277\n")
            let whole = session.file("whole")
            try await session.save(to: whole, tabs: 1)
            try await session.expectFlash(containing: "3 lines saved to")
            #expect(try whole.text() == "77\n177\n277\n")

            try await session.press("esc", "esc", "*", "m")
            try await session.expectScreen(contains: "600 lines")
            try await session.expect("the end of both") { $0.mergedLog.last?.text == "600" }
            let merged = session.file("merged")
            try await session.save(to: merged)
            try await session.expectFlash(containing: "lines saved to")
            let lines = try merged.lines().filter { !$0.contains("── ") }
            #expect(lines.filter { $0.hasPrefix(one) } == (1...300).map { "\(one) | \($0)" })
            #expect(lines.filter { $0.hasPrefix(two) } == (301...600).map { "\(two) | \($0)" })
            #expect(lines.count == 600)
        }

        @Test("A file that is there already is left alone, and so is a folder that is not there")
        func refused() async throws {
            let session = Session()
            try session.container("loud", runs: "seq 1 300; \(Self.quiet)")
            try await session.open(.large)
            try await session.expect(line: "300")
            try await session.press("enter")
            let file = session.file("mine")
            try file.write("mine\n")
            try await session.save(to: file)
            try await session.expectFlash(containing: "could not be written: there is such a file already")
            #expect(try file.text() == "mine\n")
            let nowhere = TestFile(path: "/no-such-folder/log")
            try await session.save(to: nowhere)
            try await session.expectFlash(containing: "could not be written: No such file or directory")
            #expect(!nowhere.isThere)
        }

        // MARK: The pager

        /// A program that shows how many lines it was given and the last of them, and ends with the key x.
        private static let pager = """
            #!/bin/sh
            stty -echo -icanon min 1
            echo "pager: $(wc -l <"$1") lines, the last one is $(tail -n 1 "$1")"
            until [ "$key" = x ]; do key=$(dd bs=1 count=1 2>/dev/null); echo "pager: key $key"; done
            stty sane
            """

        @Test(
            "The pager has the terminal as long as it runs; then the keys are Gantry's again", arguments: Tmux.Size.both
        )
        func pager(size: Tmux.Size) async throws {
            let session = Session()
            let loud = try session.container("loud", runs: "seq 1 300; \(Self.quiet)")
            let program = session.file("pager")
            try program.write(Self.pager)
            try run(["chmod", "755", program.path])
            try await session.open(size, [], ["PAGER": program.path])
            try await session.expect(line: "300")
            try await session.press("enter", "|")
            // The start of the container is a line too.
            try await session.expectScreen(contains: "pager: 301 lines, the last one is 300")
            try await session.expectGone("Containers")
            // What is typed is the pager's: q does not end Gantry, and Ctrl-c not the dashboard behind it.
            try await session.press("q")
            try await session.expectScreen(contains: "pager: key q")
            try session.write("meanwhile", in: loud)
            let files = try run(
                ["sh", "-c", "ls /proc/*/fd >/dev/null; ls ${TMPDIR:-/tmp}/gantry-*.log"], expecting: nil
            ).lines
            #expect(files.count { $0.hasSuffix(".log") } >= 1)
            try await session.press("x")
            try await session.expectScreen(contains: "1 Containers")
            try await session.expect(line: "meanwhile")
            try await session.press("k")
            try await session.expect(note: "f follows · 301 lines")
            try await session.press("f")
            try await session.expect(note: "following · 301 lines")
            try await session.press("q")
            try await session.expectEnded(status: 0)
        }

        @Test("Without a $PAGER less has the log, and q ends it")
        func less() async throws {
            let session = Session()
            let loud = try session.container("loud", runs: "seq 1 300; \(Self.quiet)")
            try await session.open(.small, [], ["PAGER": nil, "LESS": nil])
            try await session.expect(line: "300")
            try await session.press("enter", "|")
            try await session.expectGone("1 Containers")
            try await session.expect(line: "20")
            try await session.press("G")
            try await session.expect(line: "300")
            try await session.press("q")
            try await session.expect(row: loud, contains: "Up ")
            try await session.press("k")
            try await session.expect(note: "f follows · 300 lines")
        }

        @Test("A pager that is not there is said, and nothing is lost")
        func noPager() async throws {
            let session = Session()
            try session.container("loud", runs: "seq 1 300; \(Self.quiet)")
            try await session.open(.small, [], ["PAGER": "/no/such/pager"])
            try await session.expect(line: "300")
            try await session.press("enter", "|")
            try await session.expectFlash(containing: "no pager: set PAGER, or install less; Ctrl-s saves to a file")
            try await session.expect(line: "300")
        }

        @Test("The terminal's size changes under the pager: Gantry comes back in the new one")
        func resizedUnderPager() async throws {
            let session = Session()
            let loud = try session.container("loud", runs: "seq 1 300; \(Self.quiet)")
            let program = session.file("pager")
            try program.write(Self.pager)
            try await session.open(.small, [], ["PAGER": "sh \(program.path)"])
            try await session.expect(line: "300")
            try await session.press("enter", "|")
            try await session.expectScreen(contains: "pager: 301 lines")
            try session.resize(200, 50)
            try await session.press("x")
            try await session.expect(row: loud, contains: "Up ")
            try await session.expect("the wide layout, all of it") { screen in
                screen.lines.count == 50 && screen.lines[1].count == 200 && screen.text.contains("╮╭─ \(loud)")
            }
            try await session.expect(line: "300")
        }

        @Test("The container is killed, the program is ended: the pager's terminal is given back whole")
        func endedUnderPager() async throws {
            let session = Session()
            try session.container("loud", runs: "seq 1 300; \(Self.quiet)")
            let program = session.file("pager")
            try program.write(Self.pager)
            try await session.open(.small, [], ["PAGER": "sh \(program.path)"])
            try await session.expect(line: "300")
            try await session.press("enter", "|")
            try await session.expectScreen(contains: "pager: 301 lines")
            try send(signal: "TERM", to: try session.processID())
            try await session.expectEnded(status: 0)
        }
    }
}

extension Session {
    /// The terminal's clipboard comes to hold a text.
    func expectClipboard(_ text: String, at location: SourceLocation = #_sourceLocation) async throws {
        try await expect("the clipboard to hold \(text.debugDescription)", at: location) { _ in
            try terminal.clipboard() == text
        }
    }
}
