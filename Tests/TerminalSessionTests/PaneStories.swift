import Testing

extension Stories {
    /// The details of a container, and the panes beside the containers.
    @Suite struct Panes {
        @Test("The stats tab shows figures and charts, and they move", arguments: Tmux.Size.both)
        func stats(size: Tmux.Size) async throws {
            let session = Session()
            try session.container("busy", runs: "while :; do :; done", ["--cpus", "0.3", "--memory", "64m"])
            try await session.open(size)
            try await session.press("c")
            for title in ["CPU", "Memory", "Net", "Disk", "Pids"] {
                try await session.expectScreen(contains: title)
            }
            // The limit that it was given, and about 30 % of a core, drawn.
            try await session.expectScreen(contains: "64.0M")
            try await session.expect("about 30 % of a core in its row") { screen in
                let words = screen.containers.first?.text.split(separator: " ") ?? []
                return words.contains { Double($0).map { (15...60).contains($0) } ?? false }
            }
            try await session.expect("a chart") {
                $0.text.contains { ("⠁"..."⣿").contains($0) || "▂▃▄▅▆▇█".contains($0) }
            }
            try await session.expect("at least 3 samples") { screen in
                screen.text.contains(/last 5 minutes, ([3-9]|\d\d) s so far/)
            }
            try await session.press("w")
            try await session.expectScreen(contains: "last 15 minutes")
            try await session.press("w", "w")
            try await session.expectScreen(contains: "last minute")
            try await session.press("left")
            try await session.expect("the clock of the moment that is read") {
                $0.text.contains(/\d\d:\d\d:\d\d · last minute/)
            }
        }

        @Test("The inspect tab shows what the Engine knows, and scrolls")
        func inspect() async throws {
            let session = Session()
            let web = try session.container("web", ["--label", "who=me"])
            try await session.open(.large)
            try await session.press("i")
            try await session.expectScreen(contains: "\"Name\": \"/\(web)\"")
            try await session.press("G")
            try await session.expectGone("\"Name\": \"/\(web)\"")
            try await session.expectScreen(contains: "\"who\": \"me\"")
            try await session.press("g")
            try await session.expectScreen(contains: "\"Name\": \"/\(web)\"")
            // What changes is shown changed.
            try session.docker(["rename", web, session.name("new")])
            try await session.expectScreen(contains: "\"Name\": \"/\(session.name("new"))\"")
            try session.docker(["rename", session.name("new"), web])
        }

        @Test("The top tab lists the processes")
        func top() async throws {
            let session = Session()
            let web = try session.container("web", runs: "sleep 4321 & wait")
            try await session.open()
            try await session.expect(row: web, contains: "Up ")
            try await session.press("t")
            try await session.expectScreen(contains: "PID")
            try await session.expectScreen(contains: "sleep 4321")
            try session.docker(["exec", "-d", web, "sleep", "8765"])
            try await session.expectScreen(contains: "sleep 8765")
            try session.docker(["kill", web])
            try await session.expectGone("sleep 4321")
        }

        @Test("The tabs turn with ] and [, with arrows from the list, and l shows the log")
        func tabs() async throws {
            let session = Session()
            let web = try session.container("web", runs: "echo hello; while :; do sleep 1; done")
            try await session.open()
            try await session.expect(line: "hello")
            try await session.press("right")
            try await session.expectScreen(contains: "CPU % of a core")
            try await session.press("]")
            try await session.expectScreen(contains: "\"Id\":")
            try await session.press("[")
            try await session.expectScreen(contains: "CPU % of a core")
            try await session.press("l")
            try await session.expect(line: "hello")
            try await session.press("esc")
            try await session.expect(selected: web)
        }

        @Test("Images, with their size and inspect", arguments: Tmux.Size.both)
        func images(size: Tmux.Size) async throws {
            let session = Session()
            let web = try session.container("web")
            let titles = ["IMAGE", "SIZE"]
            try await session.open(size)
            try await session.press("2")
            try await session.expect(row: "demo/busybox:1.35", under: titles, contains: web)
            try await session.expectScreen(contains: "\"RepoTags\"")
            let tag = "demo/" + session.name("again")
            try session.docker(["tag", "demo/busybox:1.35", "\(tag):1"])
            try await session.expect("the second tag") { $0.text.contains("+1") || $0.text.contains(tag) }
            try session.docker(["rmi", "\(tag):1"])
            try await session.expectGone(tag)
        }

        @Test("Volumes come and go, with who uses them, and inspect", arguments: Tmux.Size.both)
        func volumes(size: Tmux.Size) async throws {
            let session = Session()
            let titles = ["NAME", "DRIVER"]
            let data = try session.volume("data")
            let web = try session.container("web", ["-v", "\(data):/data"])
            try await session.open(size)
            try await session.press("3")
            try await session.expect(row: data, under: titles, contains: "local")
            try await session.expect(row: data, under: titles, contains: web)
            try await session.expectScreen(contains: "\"Mountpoint\"")
            let late = try session.volume("late")
            try await session.expect(row: late, under: titles, contains: "unused")
            try session.docker(["volume", "rm", late])
            try await session.expect("no row \(late)") { screen in !screen.rows(titles).contains { $0.name == late } }
        }

        @Test("Networks come and go, with who is in them, and inspect", arguments: Tmux.Size.both)
        func networks(size: Tmux.Size) async throws {
            let session = Session()
            let titles = ["NAME", "DRIVER", "SUBNET"]
            try await session.open(size)
            try await session.press("4")
            for name in ["bridge", "host", "none"] { try await session.expect(row: name, under: titles) }
            try await session.expectScreen(contains: "No container is in it")
            try await session.press("i")
            try await session.expectScreen(contains: "\"IPAM\"")
            try await session.press("esc")
            let own = try session.network("own")
            try await session.expect(row: own, under: titles, contains: "unused")
            let web = try session.container("web", ["--network", own])
            try await session.expect(row: own, under: titles, contains: web)
            try session.docker(["rm", "-f", web])
            try await session.expect(row: own, under: titles, contains: "unused")
            try session.docker(["network", "rm", own])
            try await session.expect("no row \(own)") { screen in !screen.rows(titles).contains { $0.name == own } }
        }

        @Test("Panes turn with Tab and back, and numbers name them")
        func turning() async throws {
            let session = Session()
            let web = try session.container("web")
            try await session.open()
            try await session.expect(row: web)
            try await session.press("tab")
            try await session.expectScreen(contains: "IMAGE  ")
            try await session.press("shift-tab", "shift-tab")
            try await session.expectScreen(contains: "RECLAIMABLE")
            try await session.press("1")
            try await session.expect(selected: web)
        }
    }
}
