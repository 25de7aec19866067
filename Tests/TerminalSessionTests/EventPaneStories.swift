import Testing

extension Screen {
    /// The rows of the events' list.
    fileprivate var events: [Row] { rows(["TIME"]) }

    fileprivate func hasEvent(_ words: String...) -> Bool {
        events.contains { row in words.allSatisfy { row.text.contains($0) } }
    }
}

extension Stories {
    /// What happens at the Engine, watched.
    @Suite struct EventPane {
        @Test(
            "Events while containers start, die and are connected, filtered by type and name", arguments: Tmux.Size.both
        )
        func watched(size: Tmux.Size) async throws {
            let session = Session()
            let early = try session.container("early", runs: "exit 3")
            try await session.open(size)
            try await session.press("5")
            // What the Engine remembers of the time before.
            try await session.expect("the end of \(early)") { $0.hasEvent("die", early, "exit 3") }
            let network = try session.network("net")
            let web = try session.container("web")
            try await session.expect("the start of \(web)") { $0.hasEvent("container", "start", web) }
            try session.docker(["network", "connect", network, web])
            try await session.expect("the connection, with its container") {
                $0.hasEvent("network", "connect", network, web)
            }
            try session.docker(["kill", web])
            try await session.expect("the newest to be selected and decoded") { screen in
                screen.events.contains { $0.says("die") && $0.says(web) && $0.says("137: SIGKILL") }
            }
            // Typed filters are live.
            try await session.press("/")
            try session.type("type:network name:\(web)")
            try await session.press("enter")
            try await session.expect("nothing but networks") { screen in
                !screen.events.isEmpty && screen.events.allSatisfy { $0.says("network") }
            }
            try session.docker(["start", web])
            try await session.expect("what comes to be filtered too") { screen in
                screen.events.filter { $0.says("connect") && $0.says(network) }.count >= 2
                    && screen.events.allSatisfy { $0.says("network") }
            }
            try await session.press("esc")
            try await session.expect("all again") { $0.hasEvent("container", "start", web) }
            // A menu of types is a filter as well.
            try await session.press("f")
            try await session.expectScreen(contains: "Events of")
            try await session.press("down", "enter")
            try await session.expect("containers only") { screen in
                !screen.events.isEmpty && screen.events.allSatisfy { $0.says("container") }
            }
        }

        @Test("What exec leaves behind is hidden and counted until one wants to see it")
        func chatter() async throws {
            let session = Session()
            let web = try session.container("web")
            try await session.open()
            try await session.press("5")
            try await session.expect("the start") { $0.hasEvent("start", web) }
            try session.docker(["exec", web, "true"])
            try await session.expectScreen(contains: "of exec and checks hidden (a)")
            try await session.expect("no exec") { !$0.hasEvent("exec_") }
            try await session.press("a")
            try await session.expect("exec") { $0.hasEvent("exec_", web) }
        }

        @Test("Enter goes to what an event happened to, backspace back; what is gone is said to be")
        func subjects() async throws {
            let session = Session()
            let web = try session.container("web")
            try await session.open()
            try await session.press("5")
            try await session.expect("the start to be selected") { screen in
                screen.events.last?.isSelected == true && screen.hasEvent("start", web)
            }
            try await session.press("enter")
            try await session.expect(selected: web)
            try await session.press("backspace")
            try await session.expect("the events again") { $0.hasEvent("start", web) }
            try await session.press("i")
            try await session.expectScreen(contains: "docker events --since 0 --filter container=\(web)")
            try await session.press("esc")
            try session.docker(["rm", "-f", web])
            try await session.expect("its removal") { $0.hasEvent("destroy", web) }
            try await session.press("G", "enter")
            try await session.expectFlash(containing: "\(web) is gone")
        }
    }

    /// From a row to what has to do with it, and what can be done to many.
    @Suite struct Across {
        @Test(
            "From a container to its image, its other containers, their network and volume, and all the way back",
            arguments: Tmux.Size.both)
        func jumps(size: Tmux.Size) async throws {
            let session = Session()
            let network = try session.network("net")
            let volume = try session.volume("data")
            let api = try session.container("api", ["--network", network])
            let db = try session.container("db", ["--network", network, "-v", "\(volume):/data"])
            try await session.open(size)
            try await session.select(api)
            try session.terminal.send(keys: ["M-2"])
            try await session.expect("the image") {
                $0.rows(["IMAGE", "SIZE"]).contains { $0.isSelected && $0.name == "demo/busybox:1.35" }
            }
            try session.terminal.send(keys: ["M-1"])
            try await session.expect("its containers") { Set($0.containers.map(\.name)) == [api, db] }
            try await session.expectScreen(contains: "of demo/busybox:1.35")
            try await session.select(db)
            try await session.press(".")
            try await session.expectScreen(contains: "From \(db) to")
            try await session.press("n")
            try await session.expect("the network") {
                $0.rows(["NAME", "DRIVER", "SUBNET"]).contains { $0.isSelected && $0.name == network }
            }
            try session.terminal.send(keys: ["M-1"])
            try await session.expect("those in it") { Set($0.containers.map(\.name)) == [api, db] }
            try await session.select(db)
            try session.terminal.send(keys: ["M-3"])
            try await session.expect("the volume") {
                $0.rows(["NAME", "DRIVER"]).contains { $0.isSelected && $0.name == volume }
            }
            try await session.press("backspace")
            try await session.expect(selected: db)
            try await session.press("backspace")
            try await session.expect("the network again") {
                $0.rows(["NAME", "DRIVER", "SUBNET"]).contains { $0.isSelected && $0.name == network }
            }
            try await session.press("backspace")
            try await session.expect(selected: db)
            try await session.press("backspace", "backspace")
            try await session.expect(selected: api)
            try await session.press("backspace")
            try await session.expectFlash(containing: "nowhere to go back to")
        }

        @Test("The menu of actions finds a command by what is typed, and does it", arguments: Tmux.Size.both)
        func actions(size: Tmux.Size) async throws {
            let session = Session()
            let web = try session.container("web")
            try await session.open(size)
            try await session.expect(selected: web)
            try await session.press("x")
            try await session.expectScreen(contains: "restart the container")
            try session.type("pause")
            try await session.expectScreen(contains: "docker pause \(web)")
            try await session.press("enter")
            try await session.expect(row: web, contains: "(Paused)")
            try session.docker(["unpause", web])
        }

        @Test(
            "Several filtered rows: what is done is what the question listed, and nothing else",
            arguments: Tmux.Size.both)
        func bulk(size: Tmux.Size) async throws {
            let session = Session()
            let chosen = try (1...12).map { try session.container("bulk-\($0)") }
            let other = try session.container("other")
            let before = try session.engineSays("{{.State.StartedAt}} {{.State.Status}}", of: other)
            try await session.open(size)
            try await session.expect(row: chosen[0])
            try await session.press("/")
            try session.type("bulk-")
            try await session.press("enter", ",")
            try await session.expectScreen(contains: "listed 12")
            try session.type("stop")
            try await session.press("enter")
            try await session.expectQuestion(containing: "Stop 12 containers?")
            try await session.press("y")
            try await session.expectFlash(containing: "stopped 12 containers in")
            for name in chosen {
                #expect(try session.engineSays("{{.State.Status}}", of: name) == "exited")
            }
            #expect(try session.engineSays("{{.State.StartedAt}} {{.State.Status}}", of: other) == before)
            try await session.press("J")
            try await session.expectScreen(contains: "docker stop ")
        }
    }
}
