import Foundation
import Testing

extension Session {
    /// The terminal belongs to something in a container, for the so-many-th time.
    func expectLent(_ times: Int = 1, at location: SourceLocation = #_sourceLocation) async throws {
        try await expect("the terminal to be lent", at: location) {
            $0.lines.count { $0.contains("comes back to gantry") } == times && !$0.text.contains("1 Containers")
        }
    }

    /// The dashboard has the terminal, with the modes that it had.
    func expectDashboard(_ modes: String, at location: SourceLocation = #_sourceLocation) async throws {
        try await expectScreen(contains: "1 Containers", at: location)
        try await expect("the terminal's modes to be \(modes)", at: location) { _ in
            try self.modes() == modes
        }
    }

    /// What a program has switched on in the terminal.
    func modes() throws -> String {
        try terminal.value(
            "#{alternate_on}#{mouse_any_flag}#{mouse_sgr_flag}#{keypad_cursor_flag}#{keypad_flag}#{insert_flag} "
                + "#{cursor_flag}#{wrap_flag} #{scroll_region_upper}-#{scroll_region_lower}")
    }
}

extension Screen {
    /// The screen without what time changes in it: numbers, and the line of outcomes.
    var still: String {
        var lines = lines
        if lines.count > 2 { lines.remove(at: lines.count - 2) }
        return lines.joined(separator: "\n")
            .replacing(#/\d+/#, with: "#").replacing(#/(Less than a|About a) (second|minute)/#, with: "# seconds")
            .replacing(#/ +/#, with: " ").replacing(#/─+/#, with: "─")
    }
}

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
            try await session.press("P")
            try await session.expectFlash(containing: "figures are paused")
            try await session.expect(row: web, contains: "seconds")
            let before = try session.screen().still
            let modes = try session.modes()
            try await session.press("e")
            try await session.expectLent()
            try session.type("echo $((6*7))-sum; stty size", enter: true)
            try await session.expectScreen(contains: "42-sum")
            try await session.expectScreen(contains: "\(size.height) \(size.width)")
            // A command is taken back by the arrow, and one that runs is ended by Ctrl-c.
            try session.type("echo $((40+1))-once", enter: true)
            try await session.expectScreen(contains: "41-once")
            try await session.press("up", "enter")
            try await session.expect("the command twice") { $0.lines.count { $0 == "41-once" } == 2 }
            try session.type("echo be''fore; sleep 1000; echo slept", enter: true)
            try await session.expectScreen(contains: "\nbefore")
            try await session.press("ctrl-c")
            try session.type("echo $((50+5))-after", enter: true)
            try await session.expectScreen(contains: "55-after")
            // A terminal that becomes smaller says so to the shell.
            try session.resize(size.width - 7, size.height - 2)
            try await session.expect("the new size") { screen in
                try session.type("stty size", enter: true)
                return screen.text.contains("\(size.height - 2) \(size.width - 7)")
            }
            try session.resize(size.width, size.height)
            try await session.expect("the size of before") { screen in
                try session.type("clear; stty size", enter: true)
                return screen.lines.first == "\(size.height) \(size.width)"
            }
            try session.type("exit 3", enter: true)
            try await session.expectDashboard(modes)
            try await session.expectFlash(containing: "shell in \(web): ended with 3")
            try await session.expect("the same screen") { $0.still == before }
            try await session.press("J")
            try await session.expectScreen(contains: "docker exec -it \(web) sh")
        }

        @Test("A full-screen editor: it draws, is resized, saves; left in the middle nothing of it stays behind")
        func editor() async throws {
            let session = Session()
            let web = try session.container("web")
            try await session.openShell()
            try await session.startFromShell(expecting: web)
            try await session.expectScreen(contains: "1 Containers")
            let modes = try session.modes()
            try await session.press("e")
            try await session.expectLent()
            try session.type("vi /tmp/letter", enter: true)
            try await session.expect("an empty file") { $0.lines.count { $0 == "~" } > 15 }
            try session.type("iDear reader")
            try await session.expect("what was typed") { $0.lines.first == "Dear reader" }
            try session.resize(70, 20)
            try await session.expect("fewer lines") { screen in
                screen.lines.first == "Dear reader" && (13...19).contains(screen.lines.count { $0 == "~" })
            }
            try await session.press("esc")
            try session.type(":wq", enter: true)
            try session.type("clear; wc /tmp/letter", enter: true)
            try await session.expectScreen(contains: "/tmp/letter")
            #expect(try session.docker(["exec", web, "cat", "/tmp/letter"]) == "Dear reader")
            // Left in the middle of everything that a program can switch on.
            let all =
                #"printf '\033[?1000h\033[?1006h\033[?1h\033=\033[?2004h\033[4h\033[?25l\033[?1049h\033[5;9r\033[?7l\033[31mHALF'"#
            try session.type("\(all); sleep 1000", enter: true)
            try await session.expect("the other screen") { $0.lines.contains { $0.hasPrefix("HALF") } }
            try await session.press("ctrl-p", "ctrl-q")
            try session.resize(80, 24)
            try await session.expectDashboard(modes)
            try await session.expectFlash(containing: "detached, it goes on")
            try await session.press("q")
            try await session.expectScreen(contains: "status=0")
            try await session.expectTerminalGivenBack()
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
            try await session.expectFlash(containing: "ended")
            // The same line is there the next time.
            try await session.press("E")
            try await session.expectScreen(contains: "1234 -w /tmp sh -c")
            try await session.press("ctrl-u")
            try session.type("no-such-program", enter: true)
            try await session.expectFlash(containing: "no-such-program in \(web): executable file not found in $PATH")
            try await session.press("J")
            try await session.expectScreen(saying: "OCI runtime exec failed")
            try await session.press("esc", "E", "ctrl-u")
            try session.type("-u nobody-here id", enter: true)
            try await session.expectFlash(containing: "unable to find user nobody-here")
        }

        @Test("bash where there is one, else sh; a container without a shell says so, one that does not run too")
        func shells() async throws {
            let session = Session()
            let bash = try session.container(
                "bash",
                runs: "echo 'echo this-is-bash; exec sh' >/bin/bash; chmod +x /bin/bash; echo made; "
                    + "while :; do sleep 1; done")
            let none = try session.container("none", runs: "rm /bin/sh; echo gone; while :; do sleep 1; done")
            let ended = try session.container("ended", runs: "exit 3")
            try await session.open()
            try await session.select(bash)
            try await session.expect(line: "made")
            try await session.press("e")
            try await session.expectScreen(contains: "this-is-bash")
            try await session.press("ctrl-d")
            try await session.expectFlash(containing: "shell in \(bash): ended")
            try await session.select(none)
            try await session.expect(line: "gone")
            try await session.press("e")
            try await session.expectFlash(containing: "no shell in it, neither bash nor sh")
            try await session.select(ended)
            try await session.expect(row: ended, contains: "Exited (3)")
            for key in ["e", "E", "a"] {
                try await session.press(key)
                try await session.expectFlash(containing: "\(ended) is not running")
                try await session.press("J", "esc")
            }
        }

        @Test("What is typed before the shell is there waits for it, and is nothing that the dashboard does")
        func typedAhead() async throws {
            let session = Session()
            let web = try session.container("web")
            try await session.open()
            try await session.expect(row: web, contains: "Up ")
            // In one piece, as over a slow line: with keys in it that stop and remove.
            try session.type("eecho sd-$((20+3))-ahead\r")
            try await session.expectScreen(contains: "sd-23-ahead")
            try session.type("exit", enter: true)
            try await session.expectFlash(containing: "ended")
            #expect(try session.engineSays("{{.State.Status}}", of: web) == "running")
        }

        @Test("An Engine that does not answer is not waited for: Esc leaves")
        func leaving() async throws {
            let session = Session()
            let web = try session.container("web")
            try await session.open()
            try await session.expect(row: web, contains: "Up ")
            let engine = try String(contentsOfFile: "\(TestEngine.folder ?? "")/dockerd.pid", encoding: .utf8)
            try send(signal: "STOP", to: engine)
            defer { try? send(signal: "CONT", to: engine) }
            try await session.press("e")
            try await session.expectFlash(containing: "waiting for the Engine; Esc leaves")
            try session.type("ls")
            try await session.press("esc")
            try await session.expectFlash(containing: "left before it began")
            try send(signal: "CONT", to: engine)
            try await session.press("e")
            try await session.expectLent()
            try session.type("exit", enter: true)
            try await session.expectFlash(containing: "ended")
        }

        @Test("a attaches to the main process; Ctrl-p Ctrl-q leaves it running")
        func attach() async throws {
            let session = Session()
            let web = try session.container("web", runs: "while read line; do echo got $line; done", ["-i", "-t"])
            try await session.open()
            try await session.expect(row: web, contains: "seconds")
            try await session.press("P")
            try await session.expectFlash(containing: "figures are paused")
            let before = try session.screen().still
            let modes = try session.modes()
            try await session.press("a")
            try await session.expectLent()
            try session.type("", enter: true)
            try await session.expectScreen(contains: "got")
            try await session.press("ctrl-p", "ctrl-q")
            try await session.expectDashboard(modes)
            try await session.expectFlash(containing: "detached, it goes on")
            try await session.expect(line: "got")
            try await session.expect("the list as it was") {
                $0.still.split(separator: "\n").prefix(4) == before.split(separator: "\n").prefix(4)
            }
            // Ctrl-d ends its input, and with it the process.
            try await session.press("a")
            try await session.expectLent(2)
            try await session.press("ctrl-d")
            try await session.expectFlash(containing: "attach to \(web): ended")
            try await session.expect(row: web, contains: "Exited (0)")
        }

        @Test("The size of the terminal reaches the main process that one is attached to")
        func attachedSize() async throws {
            let session = Session()
            let web = try session.container(
                "web", runs: "while read line; do echo $line $(stty size); done", ["-i", "-t"])
            try await session.open()
            try await session.expect(row: web, contains: "Up ")
            try await session.press("a")
            try await session.expectLent()
            // A line more at first makes a program draw anew; then it is as large as the terminal, and stays so.
            for (width, height) in [(80, 24), (71, 20)] {
                try session.resize(width, height)
                try await session.expect("the new size") { screen in
                    try session.type("now", enter: true)
                    return screen.text.contains("now \(height) \(width)")
                }
            }
            try await session.press("ctrl-p", "ctrl-q")
            try await session.expectFlash(containing: "detached, it goes on")
        }

        @Test("A main process without a terminal: a line is mended and sent by Enter, Ctrl-c leaves it alone")
        func attachWithoutTerminal() async throws {
            let session = Session()
            let reads = "while read line; do echo got $line; done"
            let web = try session.container("web", runs: reads, ["-i"])
            // Made by create, its input ends with the first who was attached.
            let once = try session.container("once", runs: reads, ["-i"], start: false)
            try session.docker(["start", once])
            let mute = try session.container("mute", runs: "while :; do echo tick; sleep 1; done")
            try await session.open()
            try await session.select(web)
            try await session.expect(row: web, contains: "Up ")
            try await session.press("a")
            try await session.expectScreen(contains: "no terminal, Enter sends")
            try session.type("onx")
            try await session.press("backspace")
            try session.type("e", enter: true)
            try await session.expect("the answer, from the first column") { $0.lines.contains("got one") }
            try await session.press("ctrl-c")
            try await session.expectFlash(containing: "attach to \(web): detached, it goes on")
            try await session.expect(line: "got one")
            try await session.press("a")
            try await session.expectLent(2)
            try session.type("two", enter: true)
            try await session.expect("the second answer") { $0.lines.contains("got two") }
            try await session.press("ctrl-c")
            try await session.expectFlash(containing: "attach to \(web): detached, it goes on")
            try await session.select(once)
            try await session.press("a")
            try await session.expectLent(3)
            try await session.press("ctrl-d")
            try await session.expectFlash(containing: "attach to \(once): ended")
            try await session.expect(row: once, contains: "Exited (0)")
            try await session.select(mute)
            try await session.press("a")
            try await session.expectScreen(contains: "its input is closed")
            try await session.expect("its output") { $0.lines.contains("tick") }
            try await session.press("ctrl-p", "ctrl-q")
            try await session.expectFlash(containing: "attach to \(mute): detached, it goes on")
            #expect(try session.engineSays("{{.State.Status}}", of: mute) == "running")
        }

        @Test("The container is killed while one is in it, and while one is attached: both end, and say how")
        func killed() async throws {
            let session = Session()
            let web = try session.container("web", ["-i", "-t"])
            try await session.open()
            try await session.expect(row: web, contains: "Up ")
            for key in ["e", "a"] {
                try await session.press(key)
                try await session.expectLent(key == "e" ? 1 : 2)
                // Killed while a shell is being started in it, the Engine says that no shell came about.
                if key == "e" { try await session.expectScreen(contains: "/ #") }
                try session.docker(["kill", web])
                try await session.expectFlash(containing: "ended with 137: SIGKILL")
                try await session.expect(row: web, contains: "Exited (137)")
                try session.docker(["start", web])
                try await session.expect(row: web, contains: "Up ")
            }
        }

        @Test("The Engine ends while one is in a shell, and while one is attached", arguments: ["e", "a"])
        func engineEnds(key: String) async throws {
            let session = Session()
            let web = try session.container("web", ["-i", "-t"])
            try await session.open()
            try await session.expect(row: web, contains: "Up ")
            let modes = try session.modes()
            try await session.press(key)
            try await session.expectLent()
            try TestEngine.stop()
            defer { try? TestEngine.start() }
            try await session.expectDashboard(modes)
            // It kills its containers first: how the process ended may still be heard.
            try await session.expect("why it ended") {
                $0.flash.contains("ended with 137") || $0.flash.contains("the connection to the Engine ended")
            }
            try await session.expectScreen(contains: "STALE")
            try TestEngine.start()
            try await session.expect(row: web, contains: "Exited (137)")
        }

        @Test("A flood is left by Ctrl-p Ctrl-q, and nothing of it is on the dashboard")
        func flood() async throws {
            let session = Session()
            let web = try session.container("web")
            try await session.open()
            try await session.expect(row: web, contains: "seconds")
            try await session.press("P")
            try await session.expectFlash(containing: "figures are paused")
            let before = try session.screen().still
            try await session.press("e")
            try await session.expectLent()
            try session.type("yes flooded", enter: true)
            try await session.expect("a flood") { $0.lines.count { $0 == "flooded" } > 20 }
            try await session.press("ctrl-p", "ctrl-q")
            try await session.expectFlash(containing: "detached, it goes on")
            try await session.expect("the same screen") { $0.still == before }
            try session.docker(["exec", web, "killall", "yes"], expecting: nil)
        }

        @Test(
            "A signal that ends the program in the middle gives the terminal back", arguments: ["TERM", "HUP", "SEGV"])
        func signals(signal: String) async throws {
            let session = Session()
            let web = try session.container("web")
            try await session.openShell()
            try session.type("stty -g >/tmp/$$.before; echo was here before", enter: true)
            try await session.expectScreen(contains: "was here before")
            try await session.startFromShell(expecting: web)
            try await session.press("e")
            try await session.expectLent()
            try session.type("echo in''side", enter: true)
            try await session.expectScreen(contains: "\ninside")
            try send(signal: signal, to: session.childOfShell())
            try await session.expectScreen(contains: "status=")
            try await session.expectTerminalGivenBack()
            try session.type("stty -g | cmp - /tmp/$$.before && echo same settings; rm /tmp/$$.before", enter: true)
            try await session.expect("the same settings") { $0.lines.contains("same settings") }
        }

        @Test("A terminal that is closed in the middle ends the program")
        func terminalGone() async throws {
            let session = Session()
            let web = try session.container("web")
            try await session.open()
            try await session.expect(row: web, contains: "Up ")
            try await session.press("e")
            try await session.expectLent()
            let process = try session.processID()
            session.terminal.close()
            try await session.expectEnded(process: process)
        }

        @Test("Stopped from outside in the middle: the shell outside works, and fg goes on in the one inside")
        func stopped() async throws {
            let session = Session()
            let web = try session.container("web")
            try await session.openShell()
            try await session.startFromShell(expecting: web)
            try await session.press("e")
            try await session.expectLent()
            try session.type("echo in''side", enter: true)
            try await session.expectScreen(contains: "\ninside")
            try send(signal: "TSTP", to: session.childOfShell())
            try await session.expect("the shell's prompt") { $0.lines.contains { $0.hasPrefix("prompt>") } }
            try await session.expectTerminalGivenBack()
            try session.type("fg", enter: true)
            try await session.expect("the shell inside") { screen in
                try session.type("echo in''side-again", enter: true)
                return screen.lines.contains("inside-again")
            }
            try session.type("exit", enter: true)
            try await session.expect(row: web, contains: "Up ")
        }
    }
}
