import DemoEngine
import EngineAPI
import Testing

extension Stories {
    /// What reaches an Engine in a minute, counted by a simulated one that the built program is connected to.
    @Suite struct Requests {
        /// What the person does meanwhile.
        enum Doing: String, CaseIterable { case looks, scrolls, looksElsewhere }

        /// One program, what it asked for in the minute, and the most streams that were open at once.
        struct Minute: Sendable {
            let containers: Int
            let doing: Doing
            /// Rows of containers on the screen, and those beside them that run.
            let rows: Int
            let others: Int
            let counts: DemoCounts
            let streams: [String: Int]

            func asked(_ kind: String) -> Int { counts.requests[kind] ?? 0 }
            var name: Comment { "\(containers) containers, \(doing): \(counts) \(streams)" }
        }

        private static let length = 60
        /// Single calls are answered by the demo at once, but may be seen in passing.
        private static let callsAtOnce = 4

        /// Runs a program for a minute.
        private func minute(_ containers: Int, _ doing: Doing) async throws -> Minute {
            var options = DemoOptions()
            options.containers = containers
            let demo = try DemoEngine(options)
            defer { demo.removeFolder() }
            let session = Session()
            try session.launch(.small, ["-H", demo.address.description])
            try await session.expect("the list of containers", within: .seconds(60)) { $0.containers.count > 3 }
            // How figures are asked for is known by then, and the first of all are there.
            try await session.expect("figures", within: .seconds(60)) {
                $0.containers.contains { $0.text.contains(/\d+\.\d\b/) }
            }
            if doing == .looksElsewhere { try session.type("\u{1B}[O") }
            try await Task.sleep(for: .seconds(2))
            let rows = try session.screen().containers.count
            let before = try await demo.counts
            var streams: [String: Int] = [:]
            let began = ContinuousClock.now
            for second in 1...Self.length {
                if doing == .scrolls {
                    // Down and up again, so that there is always a row to go to.
                    try await session.press(second / 6 % 2 == 0 ? "j" : "k")
                }
                try await Task.sleep(until: began + .seconds(second))
                for (kind, count) in try await demo.counts.streams { streams[kind] = max(streams[kind] ?? 0, count) }
            }
            let counts = try await demo.counts.since(before)
            let engine = Engine(address: demo.address)
            let running = try await engine.containers(all: false).count
            await engine.shutdown()
            let result = Minute(
                containers: containers, doing: doing, rows: rows, others: max(0, running - rows), counts: counts,
                streams: streams)
            session.terminal.close()
            await demo.stop()
            return result
        }

        @Test(
            "In a minute no more reaches the Engine than what is looked at is worth, however many containers there are")
        func inAMinute() async throws {
            let minutes = try await withThrowingTaskGroup(of: Minute.self) { group in
                for containers in [10, 50, 200] {
                    for doing in Doing.allCases { group.addTask { try await minute(containers, doing) } }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(minutes.count == 9)
            for minute in minutes {
                // The events, the log of the selected one, and the figures of the rows on the screen where those come in
                // streams: none while nobody looks. Between two rows the stream before may not have been closed yet.
                let passing = minute.doing == .scrolls ? 1 : 0
                let figureStreams = minute.doing == .looksElsewhere ? 0 : minute.rows + passing
                #expect(minute.streams["GET /events"] == 1, minute.name)
                #expect((minute.streams["GET /containers/{id}/logs"] ?? 0) <= 1 + passing, minute.name)
                #expect(
                    (minute.streams["GET /containers/{id}/stats"] ?? 0) <= figureStreams + Self.callsAtOnce, minute.name
                )
                #expect(minute.streams.keys.allSatisfy { $0 == "GET /events" || $0.contains("/{id}/") }, minute.name)
                // The rows of the screen every two seconds and the selected one every second, or every five while
                // nobody looks; of the others four a second at most, or every four seconds. One more of each for where
                // the minute is cut.
                let seconds = Self.length + 1
                let inTurn = min(4, (minute.others + 29) / 30)
                let figures =
                    minute.doing == .looksElsewhere
                    ? minute.rows * (seconds / 5 + 1) + inTurn * (seconds / 4 + 1)
                    : seconds + minute.rows * (seconds / 2 + 1) + inTurn * seconds
                #expect(minute.asked("GET /containers/{id}/stats") <= figures, minute.name)
                #expect(minute.asked("GET /containers/{id}/stats") > 0, minute.name)
                // Each list once in the minute, and that of containers again after what happened, once for several
                // events that come together.
                #expect(minute.counts.lists <= 8 + minute.counts.events, minute.name)
                #expect(minute.asked("GET /images/json") <= 2, minute.name)
                #expect(minute.asked("GET /info") <= 2, minute.name)
                // A row that is gone to has its details, its log's last lines, what the Engine remembers of it, and the
                // rest of its log; else something is asked only after what happened: a log goes on with the next start.
                let rowsGoneTo = minute.doing == .scrolls ? Self.length : 0
                #expect(minute.asked("GET /containers/{id}/json") <= rowsGoneTo + minute.counts.events, minute.name)
                #expect(minute.asked("GET /containers/{id}/logs") <= 2 * rowsGoneTo + minute.counts.events, minute.name)
                #expect(minute.asked("GET /events") <= rowsGoneTo, minute.name)
                // Nothing that changes anything.
                #expect(minute.counts.requests.keys.allSatisfy { $0.hasPrefix("GET ") }, minute.name)
            }
            // Twenty times the containers cost nothing but the figures of those that nobody looks at: the others' ends
            // and starts are the same.
            for doing in Doing.allCases {
                func rest(_ containers: Int) -> Int? {
                    minutes.first { $0.containers == containers && $0.doing == doing }.map {
                        $0.counts.all - $0.asked("GET /containers/{id}/stats")
                    }
                }
                let ten = try #require(rest(10))
                let many = try #require(rest(200))
                #expect(many <= ten + 20, "\(doing): \(many) for 200, \(ten) for 10")
            }
        }

        @Test("A minute of 50 events a second costs 5 lists a second at most, and every key that is typed arrives")
        func aStorm() async throws {
            var options = DemoOptions()
            options.containers = 200
            options.eventsPerSecond = 50
            let demo = try DemoEngine(options)
            defer { demo.removeFolder() }
            let session = Session()
            try session.launch(.large, ["-H", demo.address.description])
            try await session.expect("the list of containers", within: .seconds(60)) { $0.containers.count > 3 }
            let engine = Engine(address: demo.address)
            let names = try await engine.containers().map(\.name).sorted()
            await engine.shutdown()
            #expect(try session.screen().containers.prefix(4).map(\.name) == Array(names.prefix(4)))
            let before = try await demo.counts
            let began = ContinuousClock.now
            // Three keys a second.
            let keys = 3 * Self.length
            for number in 1...keys {
                try await session.press("j")
                try await Task.sleep(until: began + .seconds(Double(number) / 3))
            }
            let counts = try await demo.counts.since(before)
            let seconds = Int((ContinuousClock.now - began) / .seconds(1)) + 1
            #expect(counts.events >= 50 * Self.length - 50)
            #expect(counts.requests["GET /containers/json"] ?? 0 > 0, "\(counts)")
            // One more for the beginning of the first second.
            #expect(counts.lists <= 5 * seconds + 1, "\(counts) in \(seconds) s")
            let last = names[keys]
            try await session.expect("\(last) to be selected, \(keys) rows below the first") {
                $0.containers.first(where: \.isSelected)?.name == last
            }
            session.terminal.close()
            await demo.stop()
        }
    }
}
