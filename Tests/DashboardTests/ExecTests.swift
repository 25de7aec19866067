import EngineAPI
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
}
