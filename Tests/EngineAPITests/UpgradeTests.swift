import Testing

@testable import EngineAPI

@Suite struct UpgradeTests {
    private static let agreed = Array(
        "HTTP/1.1 101 UPGRADED\r\nContent-Type: application/vnd.docker.raw-stream\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n"
            .utf8)

    private func all(_ connection: UpgradedConnection) async throws -> String {
        var bytes: [UInt8] = []
        while let next = try await connection.next() { bytes += next }
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test func bytesRightBehindTheHeadAreNotLost() async throws {
        try await FakeEngine.run { _ in
            .thenClose(Self.agreed + Array("hello".utf8))
        } _: { _, engine in
            let text = try await all(try await engine.startExec(ExecID("e"), tty: true))
            #expect(text == "hello")
        }
    }

    @Test func theHeadMayComeInPieces() async throws {
        let parts = Self.agreed.map { [$0] } + [Array("a".utf8), Array("b".utf8)]
        try await FakeEngine.run { _ in
            .slowly(parts, pause: .milliseconds(1))
        } _: { _, engine in
            let connection = try await engine.attach(ContainerID("c"))
            var text = ""
            while text.utf8.count < 2, let next = try await connection.next() {
                text += String(decoding: next, as: UTF8.self)
            }
            #expect(text == "ab")
            connection.close()
        }
    }

    @Test func anOlderEngineAnswersWith200() async throws {
        let head = "HTTP/1.1 200 OK\r\nContent-Type: application/vnd.docker.raw-stream\r\n\r\n"
        try await FakeEngine.run { _ in
            .thenClose(Array((head + "raw").utf8))
        } _: { _, engine in
            let text = try await all(try await engine.attach(ContainerID("c")))
            #expect(text == "raw")
        }
    }

    @Test func aRefusalIsTheEnginesWord() async throws {
        let body = #"{"message":"container c is not running"}"#
        let answer = "HTTP/1.1 409 Conflict\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
        try await FakeEngine.run { _ in
            .bytes(Array(answer.utf8))
        } _: { _, engine in
            await #expect(throws: EngineError.conflict("container c is not running")) {
                _ = try await engine.attach(ContainerID("c"))
            }
        }
    }

    @Test(arguments: ["", "HTTP/1.1 101 UPGR", "nonsense\r\n\r\n"]) func halfAnAnswerIsAnError(_ text: String)
        async throws
    {
        try await FakeEngine.run { _ in
            .thenClose(Array(text.utf8))
        } _: { _, engine in
            await #expect(throws: EngineError.self) { _ = try await engine.attach(ContainerID("c")) }
        }
    }

    @Test func silenceHasALimit() async throws {
        var options = EngineOptions()
        options.callDeadline = .milliseconds(50)
        try await FakeEngine.run(options: options) { _ in
            .silence
        } _: { _, engine in
            await #expect(throws: EngineError.self) { _ = try await engine.attach(ContainerID("c")) }
        }
    }

    @Test func whatNobodyReadsIsNotFetched() async throws {
        let block = [UInt8](repeating: 0x61, count: 16 << 10)
        try await FakeEngine.run { _ in
            .endless(Self.agreed, block: block)
        } _: { fake, engine in
            let connection = try await engine.attach(ContainerID("c"))
            _ = try await connection.next()
            var before = -1
            // The sockets' buffers fill up, and then nothing more is written.
            for _ in 0..<200 where before != fake.written {
                before = fake.written
                try await Task.sleep(for: .milliseconds(20))
            }
            #expect(before == fake.written)
            #expect(fake.written < 8 << 20)
            connection.close()
        }
    }

    @Test func framesMayBeSplitAnywhere() throws {
        let stream: [UInt8] =
            [1, 0, 0, 0, 0, 0, 0, 3] + Array("out".utf8) + [2, 0, 0, 0, 0, 0, 0, 4] + Array("err\n".utf8)
            + [1, 0, 0, 0, 0, 0, 0, 0]
        for size in 1...stream.count {
            var output = MultiplexedOutput()
            var text: [UInt8] = []
            for start in stride(from: 0, to: stream.count, by: size) {
                text += try output.decode(Array(stream[start..<min(stream.count, start + size)]))
            }
            #expect(String(decoding: text, as: UTF8.self) == "outerr\n")
        }
        var broken = MultiplexedOutput()
        #expect(throws: EngineError.self) { try broken.decode(Array("no frames".utf8)) }
    }
}
