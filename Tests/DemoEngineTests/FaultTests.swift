import EngineAPI
import Testing

@testable import DemoEngine

@Suite struct FaultTests {
    private static func options(deadline: Duration) -> EngineOptions {
        var options = EngineOptions()
        options.callDeadline = deadline
        options.bodyLimit = 1 << 20
        return options
    }

    /// What a call throws when all lists of containers are answered wrongly.
    private func error(_ fault: DemoFaults.Fault, deadline: Duration = .seconds(20)) async throws -> EngineError? {
        let thrown = Thrown()
        try await withDemo(
            faults: DemoFaults([.init(fault, prefix: "/containers")]), engine: Self.options(deadline: deadline)
        ) { _, engine async throws in
            do { _ = try await engine.containers() } catch { await thrown.set(error as? EngineError) }
            // The rest of the Engine is as good as ever.
            if deadline > .seconds(1) { #expect(try await engine.networks().count == Shop.networks.count) }
        }
        return await thrown.error
    }

    private actor Thrown {
        private(set) var error: EngineError?
        func set(_ new: EngineError?) { error = new }
    }

    private func isMalformed(_ error: EngineError?) -> Bool { if case .malformed? = error { true } else { false } }
    private func isTimeout(_ error: EngineError?) -> Bool { if case .timedOut? = error { true } else { false } }

    @Test func aSlowAnswerComesAndATooSlowOneTimesOut() async throws {
        #expect(try await error(.slow(.milliseconds(20))) == nil)
        let late = try await error(.slow(.seconds(300)), deadline: .milliseconds(100))
        #expect(isTimeout(late))
    }

    @Test func silenceTimesOut() async throws {
        let error = try await error(.silence, deadline: .milliseconds(100))
        #expect(isTimeout(error))
    }

    @Test func halfAnAnswerIsAClosedConnection() async throws {
        let error = try await error(.half)
        #expect(error == .closed)
    }

    @Test func aClosedConnectionIsOne() async throws {
        let error = try await error(.closed)
        #expect(error == .closed)
    }

    @Test func errorsAreTypedByTheirStatus() async throws {
        #expect(
            try await error(.error(status: 500, message: "no space left"))
                == .server(status: 500, message: "no space left"))
        #expect(try await error(.error(status: 409, message: "busy")) == .conflict("busy"))
        #expect(try await error(.error(status: 404, message: "gone")) == .notFound("gone"))
        #expect(try await error(.error(status: 400, message: "what?")) == .badRequest("what?"))
    }

    @Test func garbageAndNonsenseAreMalformed() async throws {
        for fault in [DemoFaults.Fault.garbage, .nonsense] {
            let error = try await error(fault)
            #expect(isMalformed(error), "\(fault)")
        }
    }

    @Test func aBodyWithoutEndIsCutOff() async throws {
        let error = try await error(.endless)
        #expect(isMalformed(error))
    }

    @Test func droppedStreamsEndWithAnErrorAndTheNextOnesGoOn() async throws {
        let rules: [DemoFaults.Rule] = [
            .init(.dropped(after: .milliseconds(150)), prefix: "/events", times: 1),
            .init(.dropped(after: .milliseconds(150)), prefix: "/containers/shop-gateway-1/logs", times: 1),
            .init(.dropped(after: .milliseconds(150)), prefix: "/containers/shop-gateway-1/stats", times: 1),
        ]
        try await withDemo(faults: DemoFaults(rules)) { _, engine async throws in
            let gateway = ContainerID("shop-gateway-1")
            await #expect(throws: EngineError.closed) {
                for try await _ in try await engine.events() {}
            }
            await #expect(throws: EngineError.closed) {
                _ = try await engine.logs(gateway, tty: false, follow: true, tail: 1).texts()
            }
            await #expect(throws: EngineError.closed) {
                for try await _ in try await engine.stats(gateway) {}
            }
            #expect(try await engine.logs(gateway, tty: false, follow: true, tail: 1).texts(1).count >= 1)
        }
    }

    @Test func nonsenseInStreamsIsMalformed() async throws {
        let rules = ["/events", "/containers/shop-gateway-1"].map { DemoFaults.Rule(.nonsense, prefix: $0) }
        try await withDemo(faults: DemoFaults(rules)) { _, engine async throws in
            let gateway = ContainerID("shop-gateway-1")
            await #expect(throws: EngineError.self) { for try await _ in try await engine.events() {} }
            await #expect(throws: EngineError.self) { for try await _ in try await engine.stats(gateway) {} }
            await #expect(throws: EngineError.self) {
                _ = try await engine.logs(gateway, tty: false, follow: true).texts()
            }
        }
    }

    @Test func anEngineThatIsTooOldOrTooNewIsRefusedInWords() async throws {
        try await withDemo(faults: DemoFaults(apiVersion: APIVersion(1, 24))) { _, engine async throws in
            await #expect(throws: EngineError.tooOld(engine: "1.24", oldest: Engine.oldestAPI)) {
                try await engine.connect()
            }
        }
        let future = DemoFaults(apiVersion: APIVersion(1, 99), oldestAPI: APIVersion(1, 90))
        try await withDemo(faults: future) { _, engine async throws in
            await #expect(throws: EngineError.tooNew(engine: "1.90", newest: Engine.newestAPI)) {
                try await engine.connect()
            }
        }
    }

    @Test func faultsCanBeSetWhileItRuns() async throws {
        try await withDemo { demo, engine async throws in
            #expect(try await engine.containers().count == 15)
            try await demo.set(DemoFaults([.init(.error(status: 503, message: "away"))]))
            await #expect(throws: EngineError.server(status: 503, message: "away")) { try await engine.containers() }
            try await demo.set(DemoFaults())
            #expect(try await engine.containers().count == 15)
        }
    }
}
