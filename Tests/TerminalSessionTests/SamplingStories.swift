import Testing

extension Stories {
    /// How much is asked of the Engine for the figures.
    @Suite struct Sampling {
        @Test("P pauses the figures: not one more is asked for, and they go on")
        func pause() async throws {
            let session = Session()
            let busy = try session.container("busy", runs: "while :; do :; done", ["--cpus", "0.3"])
            try await session.open()
            // Figures have a point and one digit after it.
            func cpu(_ screen: Screen) -> Substring? {
                screen.containers.first { $0.name == busy }?.text.firstMatch(of: /\d+\.\d\b/)?.output
            }
            try await session.expect("a figure") { cpu($0).flatMap { Double($0) }.map { $0 > 5 } ?? false }
            try await session.press("P", "D")
            try await session.expectScreen(contains: "PAUSED")
            // Those of events and of the log.
            try await session.expectScreen(contains: " 2 streams")
            let paused = cpu(try session.screen())
            // The debug line counts: nothing goes to the Engine any more but what is asked once a minute.
            try await session.expect("no requests") { $0.text.contains("0.0 req/s") }
            #expect(cpu(try session.screen()) == paused)
            try await session.press("P")
            try await session.expectGone("PAUSED")
            try await session.expect("figures again") {
                !$0.text.contains(" 2 streams") || !$0.text.contains("0.0 req/s")
            }
            try await session.press("D")
            try await session.expectGone("req/s")
        }

        @Test("The debug log says which way figures are taken, and why")
        func debugLog() async throws {
            let session = Session()
            try session.container("busy", runs: "while :; do sleep 0.1; done")
            let file = session.file("debug")
            try await session.open(.small, ["--log-file", file.path])
            // Which of the two depends on the Engine.
            try await session.expectEngine("the way in \(file.path)") {
                let text = (try? file.text()) ?? ""
                return text.contains("single sample") && text.contains(/: (streams|calls) it is/)
            }
        }

        @Test("A terminal that loses the focus closes the streams, and gets them back with it")
        func focus() async throws {
            let session = Session()
            let names = try (0..<3).map { try session.container("web\($0)") }
            try await session.open(.large)
            for name in names { try await session.expect(row: name, contains: "Up ") }
            try await session.press("D", "c")
            let byStreams = try await session.expectStats()
            try session.type("\u{1B}[O")
            // The events stream stays.
            if byStreams { try await session.expectScreen(contains: ", 1 streams") }
            try session.type("\u{1B}[I")
            // That of the selected container.
            if byStreams { try await session.expectScreen(contains: ", 2 streams") }
            try await session.expectScreen(contains: "gantry ")
        }
    }
}

extension Session {
    /// Waits until it is known how figures are asked for; whether they come in streams.
    fileprivate func expectStats() async throws -> Bool {
        try await expect("how figures are asked for") {
            $0.text.contains("stats: streams") || $0.text.contains("stats: calls")
        }
        return try screen().text.contains("stats: streams")
    }
}
