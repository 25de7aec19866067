import EngineAPI
import Terminal
import Testing

@testable import Dashboard

@Suite struct ExecLineTests {
    @Test func optionsAreTheDockerClients() throws {
        let line = try ExecLine("-it -u 0:0 --workdir=/srv -e 'A=b c' --privileged top -d 1")
        #expect(line.request.user == "0:0")
        #expect(line.request.workingDirectory == "/srv")
        #expect(line.request.environment == ["A=b c"])
        #expect(line.request.privileged)
        #expect(line.request.command == ["top", "-d", "1"])
        #expect(line.docker("web") == "docker exec -it -u 0:0 --workdir=/srv -e 'A=b c' --privileged web top -d 1")
    }

    @Test func secretsAreNotForTheJournal() throws {
        let line = try ExecLine("-e TOKEN=abc psql postgres://me:abc@db --password=abc")
        #expect(line.request.environment == ["TOKEN=abc"])
        #expect(!line.docker("web").contains("abc") && !line.title.contains("abc"))
    }

    @Test(arguments: ["", "-u", "-u me", "--foo sh", "sh 'open"]) func whatIsWrongIsSaid(_ text: String) {
        #expect(throws: ShellWords.Failure.self) { _ = try ExecLine(text) }
    }

    @Test func detachKeysAreFoundHoweverTheyCome() {
        let typed: [UInt8] = [0x61, 0x10, 0x62, 0x10, 0x10, 0x11, 0x63]
        for size in 1...typed.count {
            var keys = DetachKeys()
            var sent: [UInt8] = []
            var hasDetached = false
            for start in stride(from: 0, to: typed.count, by: size) where !hasDetached {
                let (send, detaches) = keys.take(Array(typed[start..<min(typed.count, start + size)]))
                sent += send
                hasDetached = detaches
            }
            // A Ctrl-p that something else follows is sent with it.
            #expect(sent == [0x61, 0x10, 0x62, 0x10])
            #expect(hasDetached)
        }
    }

    @Test func onlyWhatRunsCanBeEntered() {
        var bench = Bench.connected([.make("a", .exited, "Exited (0)"), .make("b")])
        for key in ["e", "E", "a"] {
            #expect(bench.press(key).isEmpty)
            #expect(bench.flash.contains("not running"))
        }
        bench.press("j")
        let effects = bench.press("e")
        guard case .handOver(_, let number, let container, .exec(let request), _)? = effects.first else {
            Issue.record("\(effects)")
            return
        }
        #expect(container == .named("b"))
        #expect(request.tty)
        bench.engine(.handedBack(number, .ended(code: 2)))
        #expect(bench.flash.contains("ended with 2"))
        let again = bench.press("a")
        guard case .handOver(_, let attached, _, .attach, _)? = again.first else {
            Issue.record("\(again)")
            return
        }
        bench.engine(.handedBack(attached, .detached))
        #expect(bench.flash.contains("detached"))
        #expect(bench.state.journal.entries.map(\.docker) == ["docker exec -it b sh", "docker attach b"])
    }

    @Test func aCommandIsTypedAndChecked() {
        var bench = Bench.connected([.make("a")])
        bench.press("E", "ctrl-u")
        bench.state.handlePaste("--foo x")
        #expect(bench.screen.contains("unknown flag --foo"))
        #expect(bench.press("enter").isEmpty)
        bench.press("ctrl-u")
        bench.state.handlePaste("ls /")
        let effects = bench.press("enter")
        #expect(effects.count == 1)
        #expect(bench.state.layers.isEmpty)
        #expect(bench.state.lastExec == "ls /")
    }

    @Test(
        arguments: [
            (
                "OCI runtime exec failed: exec failed: container_linux.go:367: starting container process caused: exec: "
                    + "\"no-such\": executable file not found in $PATH: unknown\r\n",
                "executable file not found in $PATH"
            ),
            (
                "OCI runtime exec failed: exec failed: unable to start container process: exec: \"sh\": executable file "
                    + "not found in $PATH: unknown",
                "no shell in it, neither bash nor sh"
            ),
            ("unable to find user me: no matching entries in passwd file", nil),
            ("the connection to the Engine ended", nil),
        ] as [(String, String?)]) func theEnginesReasonIsOneLine(_ message: String, _ reason: String?)
    {
        #expect(ExecLine.reason(message) == reason ?? message)
    }

    @Test func aRefusalIsOneLineAndTheJournalHasItAll() {
        var bench = Bench.connected([.make("a")])
        guard case .handOver(_, let number, _, _, _)? = bench.press("e").first else {
            Issue.record("no shell")
            return
        }
        #expect(bench.flash == "shell in a: waiting for the Engine; Esc leaves")
        let message = "OCI runtime exec failed: exec failed: exec: \"sh\": stat sh: no such file: unknown\r\n"
        bench.engine(.handedBack(number, .failed(.failed(message, code: 126))))
        #expect(bench.flash == "shell in a: no shell in it, neither bash nor sh; E runs another command")
        bench.press("J")
        #expect(bench.screen.contains("OCI runtime exec failed"))
    }

    @Test(
        arguments: [
            (.ended(code: 0), "ended", true), (.ended(code: 137), "ended with 137: SIGKILL", true),
            (.ended(code: nil), "ended", true), (.left(mayHaveBegun: false), "left before it began", false),
            (.left(mayHaveBegun: true), "left; it may have begun all the same: t lists processes", false),
            (.lost, "the connection ended, it goes on", false), (.hungUp, "", false),
            (.failed(.conflict("no")), "no", false),
        ] as [(Handover.Outcome, String, Bool)])
    func everyEndIsSaid(_ outcome: Handover.Outcome, _ words: String, _ isGood: Bool) {
        var bench = Bench.connected([.make("a")])
        guard case .handOver(_, let number, _, _, _)? = bench.press("e").first else {
            Issue.record("no shell")
            return
        }
        bench.engine(.handedBack(number, outcome))
        #expect(bench.flash.hasSuffix(words))
        guard let entry = bench.state.journal.entries.last else { return }
        if case .done = entry.outcome { #expect(isGood) } else { #expect(!isGood) }
    }
}

@Suite struct TypedLineTests {
    @Test(
        arguments: [
            ("ls\r", "ls\r\n", "ls\n", false), ("a\u{7F}b\n", "a\u{8} \u{8}b\r\n", "b\n", false),
            ("\u{7F}", "", "", false), ("ü\u{7F}x\r", "ü\u{8} \u{8}x\r\n", "x\n", false),
            ("ab\u{15}c\r", "ab\u{8} \u{8}\u{8} \u{8}c\r\n", "c\n", false), ("\u{4}", "", "", true),
            ("x\u{4}", "x", "x", false), ("\u{1B}[Aa\u{1B}OBb\u{1A}\r", "ab\r\n", "ab\n", false),
        ]) func aLineIsMendedUntilEnterSendsIt(_ typed: String, _ echo: String, _ sent: String, _ ends: Bool)
    {
        let bytes = Array(typed.utf8)
        for size in 1...bytes.count {
            var line = TypedLine()
            var all = TypedLine.Outcome()
            for start in stride(from: 0, to: bytes.count, by: size) {
                let outcome = line.take(Array(bytes[start..<min(bytes.count, start + size)]))
                all.echo += outcome.echo
                all.send += outcome.send
                all.ends = all.ends || outcome.ends
            }
            #expect(all == .init(echo: Array(echo.utf8), send: Array(sent.utf8), ends: ends))
        }
    }

    @Test func aLineIsBounded() {
        var line = TypedLine()
        let long = [UInt8](repeating: 0x61, count: 3 * TypedLine.longest)
        #expect(line.take(long).echo.count == TypedLine.longest)
        #expect(line.take([0x0D]).send.count == TypedLine.longest + 1)
    }

    @Test func whatIsTypedAheadIsKeptWithoutTheTerminalsReports() {
        var ahead = TypeAhead()
        #expect(ahead.add(Array("ls\u{1B}[I\u{1B}[<0;12;3M\u{1B}[<0;12;3m\u{1B}[A".utf8)) == .waits)
        #expect(ahead.add(Array("\u{1B}[200~x y\u{1B}[201~\r".utf8)) == .waits)
        #expect(ahead.take() == Array("ls\u{1B}[Ax y\r".utf8))
        #expect(ahead.take().isEmpty)
        #expect(ahead.add([0x1B]) == .leaves)
        #expect(ahead.add([0x61, 0x03]) == .leaves)
        for _ in 0..<10 { #expect(ahead.add([UInt8](repeating: 0x61, count: 1_000)) == .waits) }
        #expect(ahead.take().count == TypeAhead.longest)
    }

    @Test func keysAreTheBytesOfATerminal() {
        let keys: [Key] = [.character("ü"), .ctrl("c"), .enter, .up, .backspace, .ctrl(" "), .escape]
        #expect(keys.map(\.bytes) == [[0xC3, 0xBC], [3], [13], [27, 91, 65], [127], [0], [27]])
    }
}
