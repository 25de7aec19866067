import Testing

extension Screen {
    /// The names in a list with other columns than usual.
    fileprivate func containers(titles: [String]) -> [String] { rows(titles).map(\.name) }
}

extension Stories {
    /// What one sees of containers without touching a key, and finding one's way among them.
    @Suite struct Lists {
        @Test("Containers appear, start, stop and vanish while one watches", arguments: Tmux.Size.both)
        func containersComeAndGo(size: Tmux.Size) async throws {
            let session = Session()
            try await session.open(size)
            try await session.expectScreen(contains: "No containers.")

            let web = try session.container("web", start: false)
            try await session.expect(row: web, contains: "Created", mark: "◌")
            try session.docker(["start", web])
            try await session.expect(row: web, contains: "Up ", mark: "●")
            // Its figures come by themselves.
            try await session.expect("memory in the row of \(web)") { screen in
                screen.containers.contains { $0.name == web && $0.text.contains { "KM".contains($0) } }
            }
            try session.docker(["kill", web])
            try await session.expect(row: web, contains: "Exited (137)", mark: "✕")
            try session.docker(["rm", web])
            try await session.expectNoRow(web)
            try await session.expectScreen(contains: "No containers.")
        }

        @Test("Every state has its mark and its words")
        func states() async throws {
            let session = Session()
            let made = try session.container("a-made", start: false)
            let well = try session.container("b-well", runs: "exit 0")
            let badly = try session.container("c-bad", runs: "exit 3")
            let paused = try session.container("d-still")
            try session.docker(["pause", paused])
            let again = try session.container("e-again", runs: "sleep 0.2; exit 1", ["--restart", "always"])
            let sick = try session.container(
                "f-sick", ["--health-cmd", "false", "--health-interval", "1s", "--health-retries", "1"])
            try await session.open(.large)
            try await session.expect(row: made, contains: "Created", mark: "◌")
            try await session.expect(row: well, contains: "Exited (0)", mark: "○")
            try await session.expect(row: badly, contains: "Exited (3)", mark: "✕")
            try await session.expect(row: paused, contains: "(Paused)", mark: "‖")
            try await session.expect(row: again, contains: "Restarting (1)", mark: "◐")
            try await session.expect(row: sick, contains: "(unhealthy)", mark: "●")
            try await session.expect("how often it was restarted") { screen in
                screen.containers.contains { $0.name == again && $0.text.contains(/\d+(×| restarts)/) }
            }
            try session.docker(["unpause", paused])
        }

        @Test("A filter shows what contains it, and Esc shows all again")
        func filter() async throws {
            let session = Session()
            let api = try session.container("api", start: false)
            let web = try session.container("web", start: false)
            let worker = try session.container("worker", start: false)
            try await session.open()
            try await session.press("/")
            try session.type("W")
            try await session.expectNoRow(api)
            try await session.expect(row: web)
            try await session.expect(row: worker)
            try session.type("ork")
            try await session.expectNoRow(web)
            try await session.expectFlash(containing: "/Work")
            try await session.press("enter")
            try await session.expect(selected: worker)
            try await session.expectScreen(contains: "1 of 3")
            try await session.press("esc")
            try await session.expect(row: api)
            try await session.expect(row: web)
            // The selection stays with what was found.
            try await session.expect(selected: worker)

            try await session.press("/")
            try session.type("nothing-like-it")
            try await session.expectScreen(saying: "hides all 3")
            try await session.press("esc")
            try await session.expect(row: api)
        }

        @Test("z gives the whole screen to the log, or the list, and takes it back")
        func zoom() async throws {
            let session = Session()
            let web = try session.container("web", runs: "seq 1 60; while :; do sleep 1; done")
            try await session.open()
            try await session.expectScreen(contains: "60")
            try await session.press("enter", "z")
            try await session.expect("the log in 19 rows") { screen in
                (42...60).allSatisfy { number in screen.lines.contains { $0.trimmed == "\(number)" } }
            }
            try await session.expectNoRow(web)
            try await session.press("esc")
            try await session.expect(row: web)
            try await session.expect("no log") { !$0.lines.contains { $0.trimmed == "60" } }
            try await session.press("z")
            try await session.expect("list and log") { screen in
                screen.containers.contains { $0.name == web } && screen.lines.contains { $0.trimmed == "60" }
            }
        }

        @Test("The selection stays on its container while others come before it")
        func selectionStays() async throws {
            let session = Session()
            let middle = try session.container("m", start: false)
            try await session.open()
            try await session.expect(selected: middle)
            let first = try session.container("a", start: false)
            let last = try session.container("z", start: false)
            try await session.expect(row: first)
            try await session.expect(row: last)
            try await session.expect(selected: middle)
            try session.docker(["rename", middle, session.name("zz")])
            try await session.expect(selected: session.name("zz"))
            try session.docker(["rename", session.name("zz"), middle])
            try await session.expect(selected: middle)
            // Its neighbour takes over when it goes.
            try session.docker(["rm", middle])
            try await session.expect(selected: last)
        }

        @Test("Sorted by CPU the busiest is on top, and goes back to its place by name", arguments: Tmux.Size.both)
        func sort(size: Tmux.Size) async throws {
            let session = Session()
            let idle = try session.container("a-idle")
            let busy = try session.container("b-busy", runs: "while :; do :; done", ["--cpus", "0.3"])
            try await session.open(size)
            try await session.expect("the figures of both") { screen in
                screen.containers.count == 2 && screen.containers.allSatisfy { $0.text.contains(/[0-9]\.[0-9]/) }
            }
            try await session.press("o")
            try await session.expectScreen(contains: "Sort by")
            try await session.press("j", "j", "enter")
            try await session.expect("the busiest on top") { $0.containers.map(\.name) == [busy, idle] }
            try await session.expectScreen(contains: "CPU %▾")
            // The selection is still on what was selected.
            try await session.expect(selected: idle)
            try await session.press("O")
            try await session.expect("the busiest below") { $0.containers.map(\.name) == [idle, busy] }
        }

        @Test("! shows only what is in trouble and why, and H what the health check printed", arguments: Tmux.Size.both)
        func trouble(size: Tmux.Size) async throws {
            let session = Session()
            try session.container("a-fine")
            let sick = try session.container(
                "b-sick", ["--health-cmd", "echo no answer; false", "--health-interval", "1s", "--health-retries", "1"])
            let failed = try session.container("c-bad", runs: "nosuchcommand")
            try session.container("d-done", runs: "exit 0")
            try await session.open(size)
            try await session.press("!")
            try await session.expect("only the two in trouble") {
                $0.containers(titles: ["NAME", "TROUBLE"]) == [sick, failed]
            }
            try await session.expectScreen(contains: "unhealthy")
            try await session.expectScreen(contains: "exited (127")
            try await session.expect("their number in the header") { $0.header.contains("! 2") }
            try await session.press("g", "H")
            try await session.expectScreen(contains: "no answer")
            try await session.press("esc", "!")
            try await session.expect("all of them again") { $0.containers.count == 4 }
        }

        @Test("The help lists the keys, the line of keys those that work now")
        func help() async throws {
            let session = Session()
            let web = try session.container("web")
            try await session.open(.large)
            try await session.expect(row: web, contains: "Up ")
            try await session.expect("stop among the keys") { $0.keys.contains("s stop") }
            try await session.press("?")
            try await session.expectScreen(contains: "kill the container, with a choice of signal")
            try await session.expectScreen(contains: "K Ctrl-k")
            try await session.press("esc")
            try await session.expectGone("K Ctrl-k")
            try session.docker(["kill", web])
            try await session.expect("start among the keys, stop not") {
                $0.keys.contains("S start") && !$0.keys.contains("s stop")
            }
        }
    }
}
