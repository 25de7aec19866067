import Testing

extension Stories {
    /// What happened to a container, in its log.
    @Suite struct LogEvents {
        private static let quiet = "while :; do sleep 1; done"

        @Test("How a container ended is said in words", arguments: [true, false])
        func exits(watched: Bool) async throws {
            let session = Session()
            let ends = [
                ("term", "sleep 1000 & kill -TERM $!; wait $!", "exited (143: SIGTERM)"),
                ("segv", "sleep 1000 & kill -SEGV $!; wait $!", "exited (139: SIGSEGV)"),
                ("none", "no-such-command", "exited (127: the command was not found)"),
                ("exec", "/etc/passwd", "exited (126: the command cannot be executed)"),
                ("well", "exit 0", "exited (0)"),
            ]
            let names = try ends.map { try session.container($0.0, runs: $0.1, start: !watched) }
            try await session.open()
            for (name, end) in zip(names, ends) {
                try await session.select(name)
                if watched {
                    try await session.expectScreen(saying: "It was never started: S starts it.")
                    try await session.press("S")
                }
                try await session.expect("its start and its end") { $0.logEvents == ["started", end.2] }
            }
        }

        @Test("A container that was killed, and the signal that did it")
        func killed() async throws {
            let session = Session()
            let web = try session.container("web", runs: "trap 'echo heard' USR1; echo up; while :; do sleep 0.1; done")
            try await session.open()
            try await session.expect(line: "up")
            try session.docker(["kill", "-s", "USR1", web])
            try await session.expect(line: "heard")
            try session.docker(["kill", web])
            try await session.expect("all that happened") { screen in
                screen.logEvents == ["started", "SIGUSR1 sent", "SIGKILL sent", "exited (137: SIGKILL)"]
            }
            try session.docker(["start", web])
            try await session.expect("another start") { $0.logEvents.last == "started" && $0.logEvents.count == 5 }
            // Who comes later is told the same by the Engine's memory.
            let later = Session()
            try await later.open()
            try await later.expect("the same events") { screen in
                screen.logEvents == ["started", "SIGUSR1 sent", "SIGKILL sent", "exited (137: SIGKILL)", "started"]
            }
        }

        @Test("Out of memory is said, and where it happened", arguments: [true, false])
        func outOfMemory(watched: Bool) async throws {
            let session = Session()
            let hungry = try session.container(
                "hungry", runs: "echo hungry; sleep 1; exec tail /dev/zero", ["--memory", "6m", "--memory-swap", "6m"],
                start: !watched)
            if !watched {
                try await session.expectEngine(says: "exited", for: "{{.State.Status}}", of: hungry)
            }
            try await session.open()
            if watched {
                try await session.expect(row: hungry, contains: "Created")
                try await session.press("S")
            }
            try await session.expect(row: hungry, contains: "OOM")
            try await session.expect("what happened") { screen in
                screen.logEvents == ["started", "out of memory", "exited (137: SIGKILL)"]
            }
            try await session.expectScreen(contains: "OOM-killed")
        }

        @Test("Health changes, pauses and new names stand where they happened")
        func changes() async throws {
            let session = Session()
            let web = try session.container(
                "web", runs: "echo up; \(Self.quiet)",
                ["--health-cmd", "test -e /tmp/well", "--health-interval", "1s", "--health-retries", "1"])
            try await session.open()
            try await session.expect(event: "health: unhealthy")
            try session.docker(["exec", web, "touch", "/tmp/well"])
            try await session.expect(event: "health: healthy")
            try session.write("well again", in: web)
            try session.docker(["pause", web])
            try session.docker(["unpause", web])
            let new = session.name("new")
            try session.docker(["rename", web, new])
            defer { _ = try? session.docker(["rename", new, web]) }
            try await session.expect("all in order") { screen in
                screen.log.filter { !$0.isEmpty }.map { $0.hasPrefix("──") ? "event" : $0 }
                    == ["event", "up", "event", "event", "well again", "event", "event", "event"]
                    && screen.logEvents == [
                        "started", "health: unhealthy", "health: healthy", "paused", "unpaused", "renamed from \(web)",
                    ]
            }
        }

        @Test("{ and } go from event to event over the lines between them", arguments: Tmux.Size.both)
        func jump(size: Tmux.Size) async throws {
            let session = Session()
            let job = try session.container("job", runs: "seq 1 200; exit 3", start: false)
            for _ in 0..<2 {
                try session.docker(["start", job])
                try await session.expectEngine(says: "exited", for: "{{.State.Status}}", of: job)
            }
            try await session.open(size)
            try await session.expect(event: "exited (3)")
            try await session.press("enter")
            // Upwards: the end, its start, the end before, the start before; a hundred and more lines between them.
            try await session.press("{")
            try await session.expect("the last end") { $0.logEvents == ["exited (3)"] && $0.hasLine("200") }
            try await session.press("{")
            try await session.expect("the second start, behind the first end") { screen in
                screen.logEvents == ["exited (3)", "started"] && screen.hasLine("1") && screen.hasLine("200")
            }
            try await session.press("{", "{")
            try await session.expect("the first start") { $0.logEvents == ["started"] && $0.hasLine("1") }
            try await session.press("{")
            try await session.expectFlash(containing: "no earlier event among the held lines")
            // Down again.
            try await session.press("}")
            try await session.expect("the first end and the second start") { screen in
                screen.logEvents == ["exited (3)", "started"]
            }
            try await session.press("}", "}")
            try await session.expect("the last end") { $0.logEvents == ["exited (3)"] && $0.hasLine("200") }
            try await session.press("}")
            try await session.expectFlash(containing: "no later event among the held lines")
        }

        @Test("A start stands before the first line of its run, though the Engine tells of it later")
        func startBeforeLines() async throws {
            let session = Session()
            let job = try session.container("job", runs: "echo 1; echo 2; echo 3", start: false)
            try await session.open(.large)
            try await session.expect(row: job, contains: "Created")
            for run in 1...3 {
                try session.docker(["start", job])
                try await session.expect("run \(run) behind those before it") { screen in
                    let rows = screen.log.filter { !$0.isEmpty && !$0.hasPrefix("── Exited") }.map { row in
                        row.firstMatch(of: /^── \d\d:\d\d:\d\d (.*?) ?─*$/).map { String($0.output.1) } ?? row
                    }
                    return rows == (0..<run).flatMap { _ in ["started", "1", "2", "3", "exited (0)"] }
                }
            }
        }
    }
}
