import Testing

extension Stories {
    /// What is done to containers, and what is asked before it.
    @Suite struct Actions {
        @Test("Restart acts at once, shows on the row, says that it is done, and is noted in the journal")
        func restart() async throws {
            let session = Session()
            // It takes its time to end, so that the row can be seen restarting.
            let web = try session.container(
                "web", runs: "trap 'sleep 3; exit 0' TERM; echo up; while :; do sleep 0.1; done",
                ["--stop-signal", "TERM"])
            try await session.open()
            try await session.expect(line: "up")
            let before = try session.engineSays("{{.State.StartedAt}}", of: web)
            try await session.press("r")
            try await session.expect(row: web, contains: "restarting 1 s")
            try await session.expect(row: web, contains: "restarting 2 s")
            try await session.expectFlash(containing: "restarted \(web) in")
            try await session.expect(row: web, contains: "Up ")
            #expect(try session.engineSays("{{.State.StartedAt}}", of: web) != before)
            try await session.expect("both runs in the log") { screen in
                screen.lines.filter { $0.trimmed == "up" }.count == 2
            }
            try await session.press("J")
            try await session.expectScreen(contains: "docker restart \(web)")
            try await session.expectScreen(contains: "done in")
            try await session.press("esc")
            try await session.expectGone("docker restart \(web)")
        }

        @Test("Stop asks, naming the container and the docker command; start acts at once", arguments: Tmux.Size.both)
        func stopAndStart(size: Tmux.Size) async throws {
            let session = Session()
            let web = try session.container("web")
            try await session.open(size)
            try await session.expect(selected: web)
            try await session.press("s")
            try await session.expectQuestion(containing: "Stop \(web)?", "docker stop \(web)")
            try await session.press("y")
            try await session.expect(row: web, contains: "Exited (137)")
            try await session.expectFlash(containing: "stopped \(web) in")
            try await session.press("S")
            try await session.expect(row: web, contains: "Up ", mark: "●")
            try await session.expectFlash(containing: "started \(web) in")
        }

        @Test("Kill asks first and kills what was selected", arguments: ["K", "ctrl-k"])
        func kill(key: String) async throws {
            let session = Session()
            let web = try session.container("web")
            try await session.open()
            try await session.expect(selected: web)
            try await session.press(key)
            try await session.expectQuestion(containing: "Kill \(web)?", "docker kill \(web)")
            try await session.press("enter")
            try await session.expect(row: web, contains: "Exited (137)")
        }

        @Test("Another signal is chosen with the arrows, and is what the container gets")
        func killWithAnotherSignal() async throws {
            let session = Session()
            let web = try session.container(
                "web", runs: "trap 'echo heard USR1' USR1; echo ready; while :; do sleep 0.1; done")
            try await session.open()
            try await session.expect(line: "ready")
            try await session.press("K")
            try await session.expectQuestion(containing: "‹KILL›")
            for _ in 0..<10 where try session.screen().question?.contains("‹USR1›") == false {
                let before = try session.screen().question
                try await session.press("right")
                try await session.expect("another signal") { $0.question != before }
            }
            try await session.expectQuestion(containing: "‹USR1›", "docker kill --signal=USR1 \(web)")
            try await session.press("y")
            try await session.expect(line: "heard USR1")
            try await session.expectFlash(containing: "sent USR1 to \(web)")
            try await session.expect(row: web, contains: "Up ")
        }

        @Test("A refused question changes nothing", arguments: ["n", "esc"])
        func refused(key: String) async throws {
            let session = Session()
            let web = try session.container("web")
            try await session.open()
            let before = try session.engineSays("{{.State.StartedAt}} {{.State.Status}}", of: web)
            for action in ["K", "s", "d"] {
                try await session.expect(selected: web)
                try await session.press(action)
                try await session.expectQuestion(containing: web)
                try await session.press(key)
                try await session.expectNoQuestion()
            }
            try await session.expect(row: web, contains: "Up ")
            try await session.press("J")
            try await session.expectScreen(contains: "Nothing was asked of the Engine yet")
            #expect(try session.engineSays("{{.State.StartedAt}} {{.State.Status}}", of: web) == before)
        }

        @Test("The list reorders under an open question, and still the right one is killed")
        func reorderUnderQuestion() async throws {
            let session = Session()
            let target = try session.container("m")
            let other = try session.container("n")
            try await session.open()
            try await session.select(target)
            try await session.press("K")
            try await session.expectQuestion(containing: "docker kill \(target)")
            // Where the target was is now another one, and one more has its neighbour's place.
            let newcomers = try ["a", "b", "c"].map { try session.container($0) }
            try session.docker(["rename", other, session.name("d")])
            for name in newcomers { try await session.expect(row: name) }
            try await session.expect(row: session.name("d"))
            try await session.expectQuestion(containing: "docker kill \(target)")
            try await session.press("y")
            try await session.expect(row: target, contains: "Exited (137)")
            try await session.expect(selected: target)
            for name in newcomers + [session.name("d")] {
                #expect(try session.engineSays("{{.State.Status}}", of: name) == "running")
            }
            try session.docker(["rm", "-f", session.name("d")])
        }

        @Test("The container of an open question vanishes: nothing is done to its neighbour")
        func vanishUnderQuestion() async throws {
            let session = Session()
            let target = try session.container("m")
            let other = try session.container("n")
            try await session.open()
            try await session.select(target)
            try await session.press("K")
            try await session.expectQuestion(containing: "docker kill \(target)")
            try session.docker(["rm", "-f", target])
            try await session.expectNoRow(target)
            // There is nothing left to ask about; who answers all the same, answers nobody.
            try await session.expectNoQuestion()
            try await session.expectFlash(containing: "\(target) was removed while the question was open")
            try await session.press("y")
            try await session.expectGone("was removed while the question was open")
            try await session.expect(row: other, contains: "Up ")
            #expect(try session.engineSays("{{.State.Status}}", of: other) == "running")
        }

        @Test("Remove: force and volumes are choices, and change the docker command that is shown")
        func remove() async throws {
            let session = Session()
            let web = try session.container("web", ["-v", "/data"])
            let volume = try session.engineSays("{{(index .Mounts 0).Name}}", of: web)
            try await session.open()
            try await session.expect(row: web, contains: "Up ")
            try await session.press("d")
            // It runs, so force is offered chosen.
            try await session.expectQuestion(containing: "Remove \(web)?", "docker rm --force \(web)", "[x] f", "[ ] v")
            try await session.press("f")
            try await session.expectQuestion(containing: "docker rm \(web)", "[ ] f")
            try await session.press("v")
            try await session.expectQuestion(containing: "docker rm --volumes \(web)", "[x] v")
            // Without force the Engine refuses, in its own words.
            try await session.press("y")
            try await session.expectFlash(containing: "remove \(web): ")
            try await session.expectScreen(contains: "cannot remove a running container")
            try await session.expect(row: web, contains: "Up ")

            try await session.press("d")
            try await session.expectQuestion(containing: "docker rm --force \(web)")
            try await session.press("v")
            try await session.expectQuestion(containing: "docker rm --force --volumes \(web)")
            try await session.press("y")
            try await session.expectNoRow(web)
            let left = try session.docker(["volume", "ls", "-q"])
            #expect(!left.contains(volume))
        }

        @Test("Pause and unpause with the same key")
        func pause() async throws {
            let session = Session()
            let web = try session.container("web")
            try await session.open()
            try await session.expect(row: web, contains: "Up ", mark: "●")
            try await session.press("p")
            try await session.expect(row: web, contains: "(Paused)", mark: "‖")
            try await session.expectFlash(containing: "paused \(web) in")
            try await session.press("p")
            try await session.expect(row: web, contains: "Up ", mark: "●")
            try await session.expectFlash(containing: "unpaused \(web) in")
            try await session.expect("no word of a pause in the row") { !$0.text.contains("(Paused)") }
        }

        @Test("A failure shows the Engine's own words, in the flash line and whole in the journal")
        func failure() async throws {
            let session = Session()
            let port = Int.random(in: 20_000..<30_000)
            try session.container("a-holder", ["-p", "127.0.0.1:\(port):80"])
            let late = try session.container("b-late", ["-p", "127.0.0.1:\(port):80"], start: false)
            try await session.open()
            try await session.select(late)
            try await session.press("S")
            try await session.expectFlash(containing: "start \(late): ")
            try await session.expect(row: late, mark: "◌")
            try await session.press("J")
            try await session.expectScreen(contains: "docker start \(late)")
            try await session.expectScreen(contains: "failed")
            try await session.expectScreen(saying: "port is already allocated")
        }

        @Test("What makes no sense now is said, not sent")
        func notNow() async throws {
            let session = Session()
            let web = try session.container("web", start: false)
            try await session.open()
            try await session.expect(selected: web)
            for key in ["s", "K", "p"] {
                try await session.press(key)
                try await session.expectFlash(containing: "\(web) is not running")
                try await session.press("j")
                try await session.expect("an empty flash line") { $0.flash.isEmpty }
            }
            try session.docker(["start", web])
            try await session.expect(row: web, contains: "Up ")
            try await session.press("S")
            try await session.expectFlash(containing: "\(web) is running already")
        }
    }
}
