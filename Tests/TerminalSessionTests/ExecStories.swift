import Testing

extension Stories {
    /// The terminal handed over to what runs in a container.
    @Suite struct Exec {
        @Test(
            "e opens a shell: arrows, Ctrl-c and the terminal's size reach it, and the dashboard is back as it was",
            arguments: Tmux.Size.both)
        func shell(size: Tmux.Size) async throws {
            let session = Session()
            let web = try session.container("web", runs: "echo first; while :; do sleep 1; done")
            try await session.open(size)
            try await session.expect(line: "first")
            let before = try session.screen().keys
            try await session.press("e")
            try await session.expectScreen(contains: "Ctrl-p Ctrl-q comes back to gantry")
            try session.type("echo $((6*7))-sum; stty size", enter: true)
            try await session.expectScreen(contains: "42-sum")
            try await session.expectScreen(contains: "\(size.height) \(size.width)")
            // A command is taken back by the arrow, and one that runs is ended by Ctrl-c.
            try await session.press("up", "up")
            try session.type("", enter: true)
            try session.type("sleep 1000; echo slept", enter: true)
            try await session.press("ctrl-c")
            try session.type("echo $((50+5))-after", enter: true)
            try await session.expectScreen(contains: "55-after")
            // A terminal that becomes smaller says so to the shell.
            try session.resize(size.width - 7, size.height - 2)
            try await session.expect("the new size") { screen in
                _ = try? session.type("stty size", enter: true)
                return screen.text.contains("\(size.height - 2) \(size.width - 7)")
            }
            try session.type("exit 3", enter: true)
            try await session.expect(row: web, contains: "Up ")
            try await session.expectFlash(containing: "ended with 3")
            try session.resize(size.width, size.height)
            try await session.expect("the keys as before") { $0.keys == before }
            try await session.expect(line: "first")
            try await session.press("J")
            try await session.expectScreen(contains: "docker exec -it \(web) sh")
        }

        @Test("E runs a typed command as another user; what is wrong with it is said while typing")
        func command() async throws {
            let session = Session()
            let web = try session.container("web")
            try await session.open()
            try await session.expect(row: web, contains: "Up ")
            try await session.press("E", "ctrl-u")
            try session.type("--foo id")
            try await session.expectScreen(contains: "unknown flag --foo")
            try await session.press("ctrl-u")
            try session.type("-u 1234 -w /tmp sh -c 'id -u; pwd; read x'", enter: true)
            try await session.expectScreen(contains: "1234")
            try await session.expectScreen(contains: "/tmp")
            try session.type("", enter: true)
            try await session.expect(row: web, contains: "Up ")
            try await session.press("E", "ctrl-u")
            try session.type("no-such-program", enter: true)
            try await session.expect("what went wrong, and the dashboard") {
                $0.flash.contains("ended with 12") || $0.flash.contains("no-such-program\": executable")
            }
        }

        @Test("a attaches to the main process; Ctrl-p Ctrl-q leaves it running")
        func attach() async throws {
            let session = Session()
            let web = try session.container(
                "web", runs: "while read line; do echo got $line; done", ["-i", "-t"])
            try await session.open()
            try await session.expect(row: web, contains: "Up ")
            try await session.press("a")
            try await session.expectScreen(contains: "comes back to gantry")
            try session.type("one", enter: true)
            try await session.expectScreen(contains: "got one")
            try await session.press("ctrl-p", "ctrl-q")
            try await session.expect(row: web, contains: "Up ")
            try await session.expectFlash(containing: "detached")
            try await session.expect(line: "got one")
            // Ctrl-d ends its input, and with it the process.
            try await session.press("a")
            try await session.expectScreen(contains: "comes back to gantry")
            try await session.press("ctrl-d")
            try await session.expect(row: web, contains: "Exited (0)")
        }

        @Test("A container that dies, and a terminal that is closed, end the shell and nothing else")
        func ends() async throws {
            let session = Session()
            let web = try session.container("web")
            try await session.open()
            try await session.expect(row: web, contains: "Up ")
            try await session.press("e")
            try await session.expectScreen(contains: "comes back to gantry")
            try session.docker(["kill", web])
            try await session.expect(row: web, contains: "Exited (137)")
            try await session.press("e")
            try await session.expectFlash(containing: "is not running")
        }
    }
}
