import Testing

extension Stories {
    /// Finding out what can be done, without a manual.
    @Suite struct Help {
        private func open(_ size: Tmux.Size = .large, _ home: Home? = nil) async throws -> Session {
            let session = Session()
            try session.launch(size, ["--demo"], (home?.variables ?? [:]).mapValues { $0 })
            try await session.expect(row: "shop-db-1", contains: "Up ")
            return session
        }

        @Test("The palette finds a command, a container and a setting", arguments: Tmux.Size.both)
        func palette(size: Tmux.Size) async throws {
            let session = try await open(size)
            try await session.select("shop-db-1")
            try await session.press(":")
            try await session.expectScreen(contains: "Palette")
            try session.type("stop the cont")
            try await session.expectScreen(contains: "docker stop shop-db-1")
            try await session.press("enter")
            try await session.expectQuestion(containing: "docker stop shop-db-1")
            try await session.press("n")
            try await session.expectNoQuestion()

            try await session.press(":")
            // What was chosen last stands first.
            try await session.expectScreen(contains: "▸ s")
            try session.type("cart")
            try await session.expectScreen(contains: "shop-cart-1")
            try await session.press("enter")
            try await session.expect(selected: "shop-cart-1")

            try await session.press(":")
            try session.type("cpu-of-host true")
            try await session.expectScreen(contains: "cpu-of-host = true")
            try await session.press("enter")
            try await session.expectScreen(contains: "HOST %")

            try await session.press(":")
            try session.type("push the image")
            try await session.expectScreen(contains: "in images: 2 shows them")
            try await session.press("enter")
            try await session.expectScreen(contains: "Palette")
            try await session.press("esc", "esc")
            try await session.expectGone("Palette")
        }

        @Test("The help says what works here, and is searched by typing")
        func help() async throws {
            let session = try await open()
            try await session.select("shop-db-1")
            try await session.press("?")
            try await session.expectScreen(contains: "Here and now: Containers")
            try session.type("/journal")
            try await session.expectGone("restart the container")
            try await session.expectScreen(contains: "what was done, and how it went (journal)")
            try await session.press("enter")
            try await session.expectScreen(contains: "Nothing was asked of the Engine yet")
            try await session.press("esc", "l", "?")
            try await session.expectScreen(contains: "Here and now: Containers, Logs")
            try await session.press("q")
            try await session.expectGone("Here and now")
            try await session.press("/")
            try await session.press("F1")
            try await session.expectScreen(contains: "Keys of a log's search and filter")
        }

        @Test("A filter is completed, names what is wrong, and is had again at the next start")
        func filter() async throws {
            let home = try Home()
            let session = try await open(.large, home)
            try await session.press("/")
            try session.type("sta")
            try await session.press("tab")
            try await session.expectFlash(containing: "/state:")
            try session.type("exi")
            try await session.press("right")
            try await session.expectFlash(containing: "/state:exited")
            try await session.expectNoRow("shop-db-1")
            try session.type(" cpu>lots")
            try await session.expectFlash(containing: "cpu takes percent")
            try await session.expectNoRow("shop-db-1")
            try await session.press("ctrl-w", "ctrl-w", "ctrl-u")
            try session.type("name:db")
            try await session.expect(row: "shop-db-1")
            try await session.expectNoRow("shop-cart-1")
            try await session.press("ctrl-s")
            try await session.expectFlash(containing: "saved")
            try await session.press("enter", "q")
            try await session.expectEnded(status: 0)

            let next = try await open(.large, home)
            try await next.press("/", "ctrl-r")
            try await next.expectScreen(contains: "Filters")
            try await next.press("enter", "enter")
            try await next.expectNoRow("shop-cart-1")
            try await next.expect(row: "shop-db-1")
        }

        @Test("At the first start one is shown around, once", arguments: Tmux.Size.both)
        func tour(size: Tmux.Size) async throws {
            let home = try Home(state: nil)
            let session = Session()
            try session.launch(size, ["--demo"], home.variables.mapValues { $0 })
            try await session.expectScreen(contains: "Welcome to Gantry")
            try await session.press("esc")
            try await session.expectGone("Welcome to Gantry")
            try await session.press("q")
            try await session.expectEnded(status: 0)
            let next = try await open(size, home)
            try await next.expectGone("Welcome to Gantry")
        }
    }
}
