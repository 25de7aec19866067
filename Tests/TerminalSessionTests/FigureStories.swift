import Testing

extension Stories {
    /// Figures: what containers use together, who uses most, and what is wrong with whom.
    @Suite struct Figures {
        @Test(
            "T sums up what is marked, the project and the host, and Enter goes to who uses most",
            arguments: Tmux.Size.both)
        func totals(size: Tmux.Size) async throws {
            let session = Session()
            let label = ["--label", "com.docker.compose.project=shop"]
            let idle = try session.container("a-idle", label)
            let busy = try session.container("b-busy", runs: "while :; do :; done", ["--cpus", "0.3"] + label)
            let other = try session.container("c-other")
            try await session.open(size)
            try await session.expect("the figures of all three") { screen in
                screen.containers.count == 3 && screen.containers.allSatisfy { $0.text.contains(/[0-9]\.[0-9]\b/) }
            }
            try await session.select(other)
            try await session.press("space")
            try await session.select(idle)
            try await session.press("T")
            try await session.expectScreen(contains: "Totals and top consumers")
            try await session.expect("a sum of one, of two and of three") {
                $0.text.contains(#/marked +1 /#) && $0.text.contains(#/project shop +2 /#)
                    && $0.text.contains(#/all on .* 3 +[0-9.]+ /#)
            }
            try await session.expect("the busiest first, with most of it") {
                $0.text.contains(try Regex("▸ \(busy) +[0-9.]+ .* (100|[6-9][0-9])%"))
            }
            // A container that ends counts no more, without a key.
            try session.docker(["kill", other])
            try await session.expect("a sum of none and of two") {
                $0.text.contains(#/marked +0 +–/#) && $0.text.contains(#/all on .* 2 +[0-9.]+ /#)
            }
            try await session.press("enter")
            try await session.expectGone("Totals and top consumers")
            try await session.expect(selected: busy)
        }

        @Test("Sorted by CPU the rows change places, and the selection stays on its container")
        func sortThatDoesNotJump() async throws {
            let session = Session()
            // Each burns while a file of its name is there.
            let script =
                "while :; do if [ -e /burn ]; then i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done; else sleep 0.1; fi; done"
            let first = try session.container("a-one", runs: script, ["--cpus", "0.4"])
            let second = try session.container("b-two", runs: script, ["--cpus", "0.4"])
            try session.container("c-still", runs: "sleep 1000")
            try await session.open()
            try await session.expect("three rows") { $0.containers.count == 3 }
            try await session.select(second)
            try await session.press("o")
            try await session.expectScreen(contains: "Sort by")
            try await session.press("j", "j", "enter")
            try session.docker(["exec", first, "touch", "/burn"])
            try await session.expect("the first on top") { $0.containers.first?.name == first }
            try await session.expect(selected: second)
            try session.docker(["exec", first, "rm", "/burn"])
            try session.docker(["exec", second, "touch", "/burn"])
            try await session.expect("the second on top, still selected") {
                $0.containers.first?.name == second && $0.containers.first?.isSelected == true
            }
            try session.docker(["exec", second, "rm", "/burn"])
            try session.docker(["exec", first, "touch", "/burn"])
            try await session.expect("the first on top again, the second still selected") {
                $0.containers.first?.name == first && $0.containers.first { $0.isSelected }?.name == second
            }
        }

        @Test("Every kind of trouble is found and said why, and what is well is not among it")
        func everyTrouble() async throws {
            let session = Session()
            try session.container("a-fine")
            let sick = try session.container(
                "b-sick", ["--health-cmd", "false", "--health-interval", "1s", "--health-retries", "1"])
            let loop = try session.container("c-loop", runs: "sleep 0.3; exit 3", ["--restart", "always"])
            let failed = try session.container("d-failed", runs: "exit 2")
            // The kernel ends what fills the memory, and the shell waits before it ends as well: an Engine whose
            // container is gone with the kill now and then never hears of its reason (1 of 150, Engine 20.10), and says
            // that it was not out of memory.
            let killed = try session.container(
                "e-killed", runs: "tail /dev/zero; sleep 1; exit 137", ["--memory", "16m", "--memory-swap", "16m"])
            let full = try session.container(
                "f-full", runs: "head -c 31000000 /dev/zero >/dev/shm/held; exec sleep 1000", ["--memory", "32m"])
            let held = try session.container("g-held", runs: "while :; do :; done", ["--cpus", "0.1"])
            let loud = try session.container("h-loud", runs: "while :; do echo no >&2; sleep 0.05; done")
            try session.container("i-done", runs: "exit 0")
            try session.container("j-ended", runs: "kill -TERM $$; exit 143")
            try await session.open(.large)
            try await session.expect("all ten") { $0.containers.count == 10 }
            // Error lines are counted in logs that are read.
            try await session.press("L")
            try await session.expect("their number in the header", within: .seconds(30)) { $0.header.contains("! 7") }
            try await session.press("!")
            let expected = [
                (sick, "unhealthy"), (loop, "restarting, "), (failed, "exited (2"), (killed, "out of memory"),
                (full, "of its limit"), (held, "throttled "), (loud, "error lines a minute"),
            ]
            func rows(_ screen: Screen) -> [Screen.Row] { screen.rows(["NAME", "TROUBLE"]) }
            try await session.expect("the seven and why") { screen in
                let rows = rows(screen)
                return rows.count == expected.count
                    && zip(rows, expected).allSatisfy { $0.name == $1.0 && $0.says($1.1) }
            }
            // What is well again leaves.
            try session.docker(["rm", "-f", held])
            try session.docker(["kill", "--signal", "KILL", loud])
            try session.docker(["rm", failed])
            try await session.expect("those that are gone are not among it") { screen in
                !rows(screen).contains { $0.name == held || $0.name == failed }
            }
        }

        @Test("Marked containers are compared in one chart", arguments: Tmux.Size.both)
        func compare(size: Tmux.Size) async throws {
            let session = Session()
            let one = try session.container("a-one")
            let two = try session.container("b-two", runs: "while :; do :; done", ["--cpus", "0.3"])
            let three = try session.container("c-three")
            try await session.open(size)
            try await session.expect("the figures of all three") { screen in
                screen.containers.count == 3 && screen.containers.allSatisfy { $0.text.contains(/[0-9]\.[0-9]\b/) }
            }
            for name in [one, two] {
                try await session.select(name)
                try await session.press("space")
            }
            // Whichever is selected, the marked ones are shown.
            try await session.select(three)
            try await session.press("c", "z")
            try await session.expect("one chart with the lines of both") { screen in
                screen.lines.contains {
                    $0.contains("CPU % of a core") && $0.contains(one) && $0.contains(two) && !$0.contains(three)
                }
            }
            try await session.expectScreen(contains: "2 marked · last 5 minutes")
            try await session.press("z", "esc")
            try await session.select(one)
            try await session.press("space")
            try await session.press("c", "z")
            // One alone is no comparison: the selected one again.
            try await session.expectGone("2 marked")
        }

        @Test("% counts CPU in percent of the host, in the list, the charts and the header")
        func cpuOfTheHost() async throws {
            let session = Session()
            let busy = try session.container("busy", runs: "while :; do :; done", ["--cpus", "0.4"])
            try await session.open(.large)
            func cpu(_ screen: Screen) -> Double? {
                screen.containers.first { $0.name == busy }?.text.firstMatch(of: /\d+\.\d\b/).flatMap {
                    Double($0.output)
                }
            }
            try await session.expect("a figure of a core") { cpu($0).map { $0 > 5 } ?? false }
            let cpus = try Int(session.docker(["info", "--format", "{{.NCPU}}"])) ?? 1
            try await session.expect("the sum of all cores") { $0.header.contains("of \(cpus * 100) %") }
            // Without new figures the same one is shown in both ways.
            try await session.press("P")
            try await session.expectScreen(contains: "PAUSED")
            var before = cpu(try session.screen())
            try await session.expect("the figures to stand still") { screen in
                let latest = cpu(screen)
                defer { before = latest }
                return latest != nil && latest == before
            }
            let core = try #require(before)
            try await session.press("%")
            try await session.expectScreen(contains: "HOST %")
            try await session.expect("the share of the host") {
                cpu($0).map { abs($0 - core / Double(cpus)) <= 0.11 } ?? false
            }
            try await session.expect("it in the header") { $0.header.contains("of the host") }
            try await session.press("c")
            try await session.expectScreen(contains: "CPU % of the host")
            try await session.press("%")
            try await session.expectScreen(contains: "CPU % of a core")
        }

        @Test("--demo shows a host without an Engine, with something wrong in it, and ends like any other")
        func demo() async throws {
            let session = Session()
            try session.launch(.large, ["--demo", "--demo-seed", "7"], ["DOCKER_HOST": "unix:///nowhere/docker.sock"])
            try await session.expectScreen(contains: "1 Containers")
            try await session.expect("fifteen containers with figures") { screen in
                screen.containers.count == 15 && screen.containers.contains { $0.text.contains(/[0-9]\.[0-9]/) }
            }
            try await session.press("!")
            try await session.expect("one that restarts and one that is unhealthy") { screen in
                let rows = screen.rows(["NAME", "TROUBLE"])
                return rows.contains { $0.says("restarting") } && rows.contains { $0.says("unhealthy") }
            }
            try await session.press("!", "q")
            try await session.expectEnded(status: 0)
        }
    }
}
