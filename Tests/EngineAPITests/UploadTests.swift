import Synchronization
import Testing

@testable import EngineAPI

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Parts that are made when somebody asks for them.
private struct Parts: AsyncSequence, Sendable {
    let next: @Sendable (Int) async throws -> [UInt8]?

    struct Iterator: AsyncIteratorProtocol {
        let make: @Sendable (Int) async throws -> [UInt8]?
        var count = 0
        mutating func next() async throws -> [UInt8]? {
            defer { count += 1 }
            return try await make(count)
        }
    }

    func makeAsyncIterator() -> Iterator { Iterator(make: next) }
}

private struct Broken: Error, CustomStringConvertible { let description = "the disk is on fire" }

/// What is sent along with a request: all of it, no faster than it is taken, and no longer than somebody wants it.
@Suite(.timeLimit(.minutes(1)))
struct Uploads {
    private let loaded = FakeEngine.Reply.chunks([#"{"stream":"Loaded image: a:1\n"}"#])

    @Test func aBodyArrivesAsItWasMade() async throws {
        var random = Seeded(7)
        let sizes = [1, 0, 300_000, 4_096, Upload.partSize, 17].shuffled(using: &random)
        let parts = sizes.map { size in (0..<size).map { _ in UInt8.random(in: 0...255, using: &random) } }
        try await FakeEngine.run { _ in
            loaded
        } _: { fake, engine in
            let upload = Upload(Parts { $0 < parts.count ? parts[$0] : nil })
            var output = ""
            for try await batch in try await engine.load(upload) { output += batch.map(\.output).joined() }
            #expect(output == "Loaded image: a:1\n")
            let request = try #require(fake.requests.first)
            #expect(request.method == "POST" && request.uri == "/images/load?quiet=0")
            #expect(request["content-type"] == "application/x-tar")
            #expect(request["content-length"] == nil)
            #expect(request.body == Array(parts.joined()))
        }
    }

    @Test func aFileArrivesAsItIs() async throws {
        let path = "/tmp/gantry-upload-\(String(UInt64.random(in: 0 ... .max), radix: 36))"
        let bytes = (0..<400_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
        let file = try #require(fopen(path, "w"))
        fwrite(bytes, 1, bytes.count, file)
        fclose(file)
        defer { unlink(path) }
        try await FakeEngine.run { _ in
            loaded
        } _: { fake, engine in
            try await engine.load(Upload(file: path)).outcome()
            #expect(fake.requests.first?.body == bytes)
        }
    }

    @Test func aFileThatIsNotThereIsSaid() async throws {
        try await FakeEngine.run { _ in
            loaded
        } _: { fake, engine in
            await #expect(throws: EngineError.unreadable("/nowhere/x.tar: No such file or directory")) {
                try await engine.load(Upload(file: "/nowhere/x.tar"))
            }
            // Of the request there was a head at most.
            #expect(fake.requests.isEmpty)
        }
    }

    @Test func anEngineThatTakesNothingHoldsTheSourceBack() async throws {
        let made = Atomic<Int>(0)
        try await FakeEngine.run(bodies: .left) { _ in
            .silence
        } _: { fake, engine in
            let upload = Upload(
                Parts { _ in
                    made.add(64 << 10, ordering: .relaxed)
                    return [UInt8](repeating: 1, count: 64 << 10)
                })
            let task = Task { try await engine.load(upload) }
            #expect(await eventually { !fake.requests.isEmpty })
            // It stands still when the sockets are full.
            let last = await standsStill(made)
            #expect(last > 0 && last < 4 << 20)
            task.cancel()
            await #expect(throws: EngineError.cancelled) { try await task.value }
            #expect(await eventually { engine.pool.load.streams == 0 })
        }
    }

    @Test func aRefusalIsHeardBeforeTheBodyIsSent() async throws {
        try await FakeEngine.run(bodies: .left) { _ in
            .status("400 Bad Request", #"{"message":"no tar"}"#)
        } _: {
            _, engine in
            let endless = Upload(Parts { _ in [UInt8](repeating: 1, count: 64 << 10) })
            await #expect(throws: EngineError.badRequest("no tar")) { try await engine.load(endless) }
            // What was left of the body would have been taken for the next request.
            #expect(engine.pool.load.streams == 0)
        }
    }

    @Test func anAnswerMayBeginWhileTheBodyIsStillSent() async throws {
        let goOn = Atomic<Bool>(false)
        try await FakeEngine.run(bodies: .left) { _ in
            .bytes(FakeEngine.Reply.streamHead + Array(#"{"stream":"Step 1/1 : FROM a\n"}"#.utf8))
        } _: { _, engine in
            let upload = Upload(
                Parts { count in
                    while count == 1, !goOn.load(ordering: .relaxed) {
                        try await Task.sleep(for: .milliseconds(1))
                    }
                    return count < 2 ? [1, 2, 3] : nil
                })
            let stream = try await engine.build(upload)
            var iterator = stream.makeAsyncIterator()
            let first = try await iterator.next()
            #expect(first?.first?.step?.number == 1)
            goOn.store(true, ordering: .relaxed)
        }
    }

    @Test func aSourceThatFailsIsNoWholeBody() async throws {
        try await FakeEngine.run { _ in
            loaded
        } _: { fake, engine in
            let upload = Upload(
                Parts { count in
                    if count == 3 { throw Broken() }
                    return [UInt8](repeating: 2, count: 1_000)
                })
            await #expect(throws: EngineError.unreadable("the disk is on fire")) { try await engine.load(upload) }
            #expect(await eventually { fake.openConnections == 0 })
            #expect(fake.requests.isEmpty)
        }
    }

    @Test func whoEndsTheStreamEndsTheSource() async throws {
        let made = Atomic<Int>(0)
        try await FakeEngine.run(bodies: .left) { _ in
            .bytes(FakeEngine.Reply.streamHead + Array("{}".utf8))
        } _: {
            fake, engine in
            let upload = Upload(
                Parts { _ in
                    made.add(1, ordering: .relaxed)
                    try await Task.sleep(for: .milliseconds(1))
                    return [1]
                })
            for try await _ in try await engine.build(upload) { break }
            #expect(await eventually { fake.openConnections == 0 })
            #expect(await standsStill(made) > 0)
        }
    }

    /// Waits until a number has not changed for a while, and gives it; -1 when it goes on changing.
    private func standsStill(_ number: borrowing Atomic<Int>) async -> Int {
        var last = -1
        var same = 0
        let end = ContinuousClock.now + .seconds(20)
        while same < 40, ContinuousClock.now < end {
            try? await Task.sleep(for: .milliseconds(5))
            let now = number.load(ordering: .relaxed)
            same = now == last ? same + 1 : 0
            last = now
        }
        return same < 40 ? -1 : last
    }
}
