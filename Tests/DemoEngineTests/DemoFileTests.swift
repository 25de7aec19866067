import EngineAPI
import Testing

@testable import DemoEngine

/// What is changed of a container, and its files, through Gantry's own client.
@Suite struct DemoFileTests {
    private static let db = ContainerID("shop-db-1")

    private func bytes(_ stream: ByteStream) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        for try await part in stream { bytes += part }
        return bytes
    }

    @Test func aNameAndLimitsAreChangedAndAnImageIsMade() async throws {
        try await withDemo { _, engine async throws in
            let id = try #require(try await engine.containers().first { $0.name == "shop-db-1" }?.id)
            try await engine.rename(id, to: "store")
            #expect(try await engine.inspect(id).value.name == "store")
            let taken = await #expect(throws: EngineError.self) { try await engine.rename(id, to: "shop-cart-1") }
            #expect(taken?.message.contains("is already in use by container") == true)
            var update = ContainerUpdate()
            update.memory = 2 << 30
            update.restartPolicy = .init(name: "on-failure", maximumRetryCount: 3)
            try await engine.update(id, update)
            let details = try await engine.inspect(id).value
            #expect(details.memoryLimit == 2 << 30)
            update.memory = 1
            await #expect(throws: EngineError.badRequest("Minimum memory limit allowed is 6MB")) {
                try await engine.update(id, update)
            }
            var options = CommitOptions()
            options.image = ImageReference("my/db:1")
            options.message = "before the move"
            options.changes = ["ENV A=b", "CMD [\"postgres\", \"-c\", \"x\"]"]
            let image = try await engine.commit(id, options)
            #expect(try await engine.images().first { $0.tags == ["my/db:1"] }?.id == image)
            let origin = try await engine.origin(ofImage: "my/db:1")
            #expect(origin.configuration.command == ["postgres", "-c", "x"])
            #expect(origin.configuration.environment?.contains("A=b") == true)
        }
    }

    @Test func aWaitEndsWithTheContainer() async throws {
        try await withDemo { demo, engine async throws in
            #expect(try await engine.wait(ContainerID("shop-backup-1")) == 137)
            async let code = engine.wait(Self.db, until: .nextExit)
            try await eventually("somebody waits") {
                try await demo.counts.streams["POST /containers/{id}/wait"] == 1
            }
            try await engine.kill(Self.db)
            #expect(try await code == 137)
        }
    }

    @Test func filesGoInAndComeOutAndAreAmongTheChanges() async throws {
        try await withDemo { _, engine async throws in
            let folder = try await engine.stat("/etc", in: Self.db)
            #expect(folder.kind == .folder && folder.name == "etc" && folder.mode == 0o755)
            let gateway = ContainerID("shop-gateway-1")
            let link = try await engine.stat("/bin/sh", in: gateway)
            #expect(link.kind == .link && link.linkTarget == "/bin/busybox")
            await #expect(throws: EngineError.self) { _ = try await engine.stat("/nowhere", in: Self.db) }
            let tar = DemoTar.entry("notes/one", "1\n".utf8, at: 0) + DemoTar.end
            try await engine.unpack(.init(Once([tar])), into: "/tmp", in: Self.db)
            let (stat, stream) = try await engine.archive(of: "/tmp/notes/one", in: Self.db)
            #expect(stat?.size == 2 && stat?.kind == .file)
            var scanner = TarScanner { _ in true }
            scanner.take(try await bytes(stream))
            #expect(scanner.entry("one")?.data == Array("1\n".utf8))
            let changes = try await engine.changes(of: Self.db)
            #expect(changes.kept.contains(FileChange(.added, "/tmp/notes/one")))
            #expect(changes.kept.contains(FileChange(.changed, "/tmp")))
            await #expect(throws: EngineError.self) {
                try await engine.unpack(.init(Once([tar])), into: "/etc/hostname", in: Self.db)
            }
            await #expect(throws: EngineError.self) {
                try await engine.unpack(.init(Once([Array("no tar at all".utf8)])), into: "/tmp", in: Self.db)
            }
        }
    }

    /// What is sent, in its parts.
    private struct Once: AsyncSequence, Sendable {
        let parts: [[UInt8]]
        init(_ parts: [[UInt8]]) { self.parts = parts }

        struct Iterator: AsyncIteratorProtocol {
            var rest: ArraySlice<[UInt8]>
            mutating func next() async throws -> [UInt8]? { rest.popFirst() }
        }

        func makeAsyncIterator() -> Iterator { Iterator(rest: parts[...]) }
    }
}
