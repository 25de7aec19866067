import Testing

@testable import EngineAPI

private let container = ContainerID("abc")

@Suite(.timeLimit(.minutes(1)))
struct Negotiation {
    private func connect(
        ping: String?, minimum: String = "1.12", _ body: @escaping (Result<EngineVersion, any Error>, [String]) -> Void
    ) async throws {
        try await FakeEngine.run { request in
            if request.uri == "/_ping" {
                return .answer("OK", headers: ping.map { "Api-Version: \($0)\r\n" } ?? "")
            }
            return .answer(#"{"ApiVersion":"\#(ping ?? "1.41")","MinAPIVersion":"\#(minimum)","Version":"9"}"#)
        } _: { fake, engine in
            let result: Result<EngineVersion, any Error>
            do {
                result = .success(try await engine.connect())
                _ = try? await engine.images()
            } catch {
                result = .failure(error)
            }
            body(result, fake.requests.map(\.uri))
        }
    }

    @Test func anOlderEngineDecides() async throws {
        try await connect(ping: "1.43") { result, uris in
            #expect((try? result.get())?.api == APIVersion(1, 43))
            #expect(uris == ["/_ping", "/version", "/v1.43/images/json"])
        }
    }

    @Test func aNewerEngineSpeaksAsWeDo() async throws {
        try await connect(ping: "1.60", minimum: "1.55") { result, uris in
            #expect((try? result.get())?.api == APIVersion(1, 55))
            #expect((try? result.get())?.engineAPI == APIVersion(1, 60))
            #expect(uris.last == "/v1.55/images/json")
        }
    }

    @Test func oursIsTheirs() async throws {
        try await connect(ping: "1.55") { result, uris in
            #expect((try? result.get())?.api == APIVersion(1, 55))
            #expect(uris.last == "/v1.55/images/json")
        }
    }

    @Test func tooOld() async throws {
        try await connect(ping: "1.38") { result, uris in
            #expect(throws: EngineError.tooOld(engine: "1.38", oldest: "1.41")) { try result.get() }
            #expect(uris == ["/_ping"])
        }
    }

    @Test func tooNew() async throws {
        try await connect(ping: "1.70", minimum: "1.60") { result, _ in
            #expect(throws: EngineError.tooNew(engine: "1.60", newest: "1.55")) { try result.get() }
        }
    }

    @Test func aPingThatSaysNothing() async throws {
        try await connect(ping: nil) { result, _ in #expect((try? result.get())?.api == APIVersion(1, 41)) }
    }
}

@Suite(.timeLimit(.minutes(1)))
struct Answers {
    /// The error of a call that is answered so.
    private func error(
        _ reply: FakeEngine.Reply, options: EngineOptions = .init()
    ) async throws -> EngineError? {
        var thrown: EngineError?
        try await FakeEngine.run(options: options) { _ in
            reply
        } _: { _, engine in
            do { _ = try await within { try await engine.inspect(container) } } catch {
                thrown = error as? EngineError
                #expect(thrown != nil, "\(error)")
            }
        }
        return thrown
    }

    @Test func errorsAreMapped() async throws {
        let body = #"{"message":"so it is"}"#
        #expect(try await error(.status("400 Bad Request", body)) == .badRequest("so it is"))
        #expect(try await error(.status("404 Not Found", body)) == .notFound("so it is"))
        #expect(try await error(.status("409 Conflict", body)) == .conflict("so it is"))
        #expect(try await error(.status("500 No", body)) == .server(status: 500, message: "so it is"))
        #expect(try await error(.status("500 No", " plain\n")) == .server(status: 500, message: "plain"))
        #expect(try await error(.status("503 No", "")) == .server(status: 503, message: ""))
        #expect(try await error(.status("302 Elsewhere", "")) == .server(status: 302, message: ""))
        let long = try await error(.status("500 No", String(repeating: "x", count: 10_000)))
        #expect(long == .server(status: 500, message: String(repeating: "x", count: 4096)))
    }

    @Test func whatIsNoAnswer() async throws {
        for text in ["", "{", "[]", "null", "{}", #"{"Id":5}"#, "\u{0}"] {
            guard case .malformed? = try await error(.answer(text)) else {
                Issue.record("\(text)")
                continue
            }
        }
        let garbage = Array("SSH-2.0-OpenSSH_9.2\r\n".utf8)
        guard case .malformed? = try await error(.bytes(garbage)) else {
            Issue.record("garbage")
            return
        }
        guard case .malformed? = try await error(.bytes([UInt8](repeating: 0, count: 100_000))) else {
            Issue.record("zeros")
            return
        }
    }

    @Test func earlyEnds() async throws {
        #expect(try await error(.close) == .closed)
        let answer = FakeEngine.Reply.bytes("200 OK", #"{"Id":"abc"}"#)
        for length in 1..<answer.count {
            let thrown = try await error(.thenClose(Array(answer[..<length])))
            #expect(thrown == .closed, "after \(length) bytes")
        }
    }

    @Test func aBodyThatIsTooLarge() async throws {
        var options = EngineOptions()
        options.bodyLimit = 100_000
        let head = Array("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n".utf8)
        let thrown = try await error(.endless(head, block: [UInt8](repeating: 0x20, count: 65536)), options: options)
        #expect(thrown == .malformed("answer larger than 97 KB"))
    }

    @Test func aHeadWithoutEnd() async throws {
        var options = EngineOptions()
        options.callDeadline = .seconds(2)
        let head = Array("HTTP/1.1 200 OK\r\n".utf8)
        let thrown = try await error(.endless(head, block: Array("X-Header: y\r\n".utf8)), options: options)
        #expect(thrown != nil)
    }

    @Test func allShapesOfAnswers() async throws {
        let json = #"{"Id":"abc","Name":"/web"}"#
        let shapes: [FakeEngine.Reply] = [
            .answer(json),
            .chunks([json]),
            .chunks(json.map { String($0) }),
            .thenClose(Array("HTTP/1.0 200 OK\r\n\r\n\(json)".utf8)),
            .thenClose(Array("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n\(json)".utf8)),
            .bytes(
                Array("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n".utf8)
                    + FakeEngine.Reply.bytes("200 OK", json)),
            .slowly(FakeEngine.Reply.bytes("200 OK", json).map { [$0] }, pause: .milliseconds(1)),
            .bytes(FakeEngine.Reply.bytes("200 OK", json) + Array("garbage".utf8)),
        ]
        for (index, shape) in shapes.enumerated() {
            try await FakeEngine.run { _ in
                shape
            } _: { _, engine in
                for _ in 1...3 {
                    let name = try await within { try await engine.inspect(container).value.name }
                    #expect(name == "web", "shape \(index)")
                }
            }
        }
    }
}

@Suite(.timeLimit(.minutes(1)))
struct Limits {
    @Test func deadline() async throws {
        var options = EngineOptions()
        options.callDeadline = .milliseconds(100)
        try await FakeEngine.run(options: options) { _ in
            .silence
        } _: { fake, engine in
            await #expect(throws: EngineError.timedOut("GET /info")) { try await within { try await engine.info() } }
            #expect(await eventually { fake.openConnections == 0 })
            await #expect(throws: EngineError.timedOut("GET /events")) {
                try await within { try await engine.events() }
            }
            await #expect(throws: EngineError.timedOut("POST /containers/abc/stop")) {
                try await within { try await engine.stop(container, deadline: .milliseconds(50)) }
            }
            #expect(engine.pool.load == (0, 0, 0, 0, 0))
        }
    }

    @Test func aDeadlineIsForTheWholeBody() async throws {
        var options = EngineOptions()
        options.callDeadline = .milliseconds(200)
        let drops = FakeEngine.Reply.bytes("200 OK", String(repeating: " ", count: 1000)).map { [$0] }
        try await FakeEngine.run(options: options) { _ in
            .slowly(drops, pause: .milliseconds(20))
        } _: { _, engine in
            await #expect(throws: EngineError.timedOut("GET /info")) { try await within { try await engine.info() } }
        }
    }

    @Test func cancellationEndsACall() async throws {
        try await FakeEngine.run { _ in
            .silence
        } _: { fake, engine in
            let call = Task { try await engine.info() }
            #expect(await eventually { fake.requests.count == 1 })
            call.cancel()
            await #expect(throws: EngineError.cancelled) { try await within { try await call.value } }
            #expect(await eventually { fake.openConnections == 0 })
            #expect(engine.pool.load == (0, 0, 0, 0, 0))
        }
    }

    @Test func cancelledBeforeItBegan() async throws {
        try await FakeEngine.run { _ in
            .silence
        } _: { fake, engine in
            let call = Task {
                while !Task.isCancelled { await Task.yield() }
                _ = try await engine.info()
            }
            call.cancel()
            await #expect(throws: EngineError.cancelled) { try await within { try await call.value } }
            #expect(fake.requests.isEmpty)
        }
    }

    @Test func manyCancellationsLeaveNothingBehind() async throws {
        try await FakeEngine.run {
            $0.connection % 2 == 0 ? .silence : .answer("{}")
        } _: { fake, engine in
            let calls = (0..<200).map { index in
                Task {
                    _ = try? await engine.info()
                    return index
                }
            }
            var random = Seeded(1)
            for call in calls.shuffled(using: &random) {
                if random.next() % 4 == 0 { await Task.yield() }
                call.cancel()
            }
            for call in calls { _ = try await within { await call.value } }
            #expect(engine.pool.load == (0, 0, 0, 0, 0))
        }
    }

    @Test func callsAreBounded() async throws {
        var options = EngineOptions()
        options.maxCalls = 3
        try await FakeEngine.run(options: options) { _ in
            .slowly([FakeEngine.Reply.bytes("200 OK", "{}")], pause: .milliseconds(20))
        } _: { fake, engine in
            let calls = (0..<12).map { _ in Task { try await engine.info() } }
            for call in calls { _ = try await within { try await call.value } }
            #expect(fake.connections <= 3)
            #expect(fake.requests.count == 12)
            #expect(engine.requestsSent == 12)
        }
    }

    @Test func slowActionsHoldUpNoList() async throws {
        try await FakeEngine.run {
            $0.method == "POST" ? .silence : .answer("[]")
        } _: { fake, engine in
            let stops = (0..<20).map { index in Task { try await engine.stop(ContainerID("c\(index)")) } }
            #expect(await eventually { fake.requests.count == 16 })
            _ = try await within { try await engine.containers() }
            for stop in stops { stop.cancel() }
            for stop in stops { _ = await stop.result }
            #expect(fake.requests.filter { $0.method == "POST" }.count <= 20)
        }
    }

    @Test func slowFiguresHoldUpNoList() async throws {
        try await FakeEngine.run {
            $0.uri.contains("/stats") ? .silence : .answer("[]")
        } _: { fake, engine in
            let samples = (0..<20).map { index in
                Task { try await engine.sample(ContainerID("c\(index)"), atOnce: true) }
            }
            #expect(await eventually { fake.requests.count == 8 })
            _ = try await within { try await engine.containers() }
            for sample in samples { sample.cancel() }
            for sample in samples { _ = await sample.result }
            #expect(fake.requests.count { $0.uri.contains("/stats") } <= 20)
        }
    }

    @Test func shutdownEndsWhatWaits() async throws {
        var options = EngineOptions()
        options.maxCalls = 1
        try await FakeEngine.run(options: options) { _ in
            .silence
        } _: { fake, engine in
            let calls = (0..<3).map { _ in Task { try await engine.info() } }
            #expect(await eventually { fake.requests.count == 1 && engine.pool.load.waitingCalls == 2 })
            await engine.shutdown()
            for call in calls {
                await #expect(throws: EngineError.closed) { try await within { try await call.value } }
            }
        }
    }
}

@Suite(.timeLimit(.minutes(1)))
struct Reuse {
    @Test func oneConnectionServesManyCalls() async throws {
        try await FakeEngine.run { _ in
            .answer("{}")
        } _: { fake, engine in
            for _ in 1...10 { _ = try await within { try await engine.info() } }
            #expect(fake.connections == 1)
            #expect(fake.requests.map(\.place) == Array(1...10))
        }
    }

    /// Figures that take a second each are asked of many at once: each with a connection, which the next round uses.
    @Test func figuresOfAScreenGoOverTheConnectionsOfTheRoundBefore() async throws {
        let sample = #"{"read":"2026-11-28T00:00:00Z","cpu_stats":{"cpu_usage":{"total_usage":7}}}"#
        try await FakeEngine.run { _ in
            .slowly([FakeEngine.Reply.bytes("200 OK", sample)], pause: .seconds(1))
        } _: { fake, engine in
            for round in 1...4 {
                let samples = (0..<12).map { index in Task { try await engine.sample(ContainerID("c\(index)")) } }
                #expect(await eventually { fake.requests.count == 12 * round })
                let waits = engine.pool.load
                #expect(waits.calls == 0 && waits.streams == 0)
                for sample in samples {
                    let figures = try await within { try await sample.value }
                    #expect(figures.cpuTotal == 7)
                }
                #expect(engine.answerTime == nil)
            }
            #expect(fake.connections == 12)
        }
    }

    @Test func noMoreConnectionsAreKeptThanTheBoundSays() async throws {
        var options = EngineOptions()
        options.maxIdle = 3
        try await FakeEngine.run(options: options) { _ in
            .slowly([FakeEngine.Reply.bytes("200 OK", "{}")], pause: .seconds(1))
        } _: { fake, engine in
            let calls = (0..<8).map { _ in Task { try await engine.info() } }
            for call in calls { _ = try await within { try await call.value } }
            #expect(fake.connections == 8)
            #expect(await eventually { fake.openConnections == 3 })
        }
    }

    @Test func aConnectionThatTheEngineClosedIsNotUsedAgain() async throws {
        try await FakeEngine.run { _ in
            .thenClose(FakeEngine.Reply.bytes("200 OK", "{}"))
        } _: { fake, engine in
            for count in 1...5 {
                _ = try await within { try await engine.info() }
                #expect(await eventually { fake.openConnections == 0 })
                #expect(fake.connections == count)
            }
        }
    }

    @Test func aGetThatMeetsADeadConnectionIsSentAgainOnce() async throws {
        // Every connection answers one request and drops the second one.
        try await FakeEngine.run {
            $0.place == 1 ? .answer("{}") : .close
        } _: { fake, engine in
            _ = try await within { try await engine.info() }
            _ = try await within { try await engine.info() }
            #expect(fake.requests.map(\.connection) == [1, 1, 2])
            #expect(engine.requestsSent == 3)
        }
    }

    @Test func aGetOnAFreshConnectionIsNotSentAgain() async throws {
        try await FakeEngine.run { _ in
            .close
        } _: { fake, engine in
            await #expect(throws: EngineError.closed) { try await within { try await engine.info() } }
            #expect(fake.requests.count == 1)
        }
    }

    @Test func aGetThatWasHalfAnsweredIsNotSentAgain() async throws {
        try await FakeEngine.run {
            $0.place == 1 ? .answer("{}") : .thenClose(Array("HTTP/1.1 2".utf8))
        } _: { fake, engine in
            _ = try await within { try await engine.info() }
            await #expect(throws: EngineError.closed) { try await within { try await engine.info() } }
            #expect(fake.requests.count == 2)
        }
    }

    @Test func whatChangesSomethingIsSentOnceAndOnAConnectionOfItsOwn() async throws {
        let actions: [@Sendable (Engine) async throws -> Void] = [
            { try await $0.start(container) }, { try await $0.stop(container) }, { try await $0.restart(container) },
            { try await $0.kill(container) }, { try await $0.pause(container) }, { try await $0.unpause(container) },
            { try await $0.remove(container) },
        ]
        for action in actions {
            try await FakeEngine.run {
                $0.method == "GET" ? .answer("{}") : .close
            } _: { fake, engine in
                _ = try await within { try await engine.info() }
                await #expect(throws: EngineError.closed) { try await within { try await action(engine) } }
                #expect(fake.requests.filter { $0.method != "GET" }.count == 1)
                #expect(fake.requests.map(\.connection) == [1, 2])
            }
        }
    }

    @Test func actionsAskForWhatTheyShould() async throws {
        let odd = ContainerID("a/b?c d")
        try await FakeEngine.run {
            $0.uri.hasSuffix("start")
                ? .status("304 Not Modified") : .bytes(Array("HTTP/1.1 204 No Content\r\n\r\n".utf8))
        } _: {
            fake, engine in
            #expect(try await !engine.start(container))
            #expect(try await engine.stop(container))
            try await engine.stop(container, timeout: 7)
            try await engine.restart(container, timeout: -1)
            try await engine.kill(container, signal: .hup)
            try await engine.pause(odd)
            try await engine.unpause(container)
            try await engine.remove(container, force: true, volumes: false)
            #expect(
                fake.requests.map { "\($0.method) \($0.uri)" } == [
                    "POST /containers/abc/start", "POST /containers/abc/stop", "POST /containers/abc/stop?t=7",
                    "POST /containers/abc/restart?t=-1", "POST /containers/abc/kill?signal=SIGHUP",
                    "POST /containers/a%2Fb%3Fc%20d/pause", "POST /containers/abc/unpause",
                    "DELETE /containers/abc?force=1&v=0",
                ])
        }
    }
}
