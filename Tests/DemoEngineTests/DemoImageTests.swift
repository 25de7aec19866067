import EngineAPI
import Testing

@testable import DemoEngine

/// What a test sends, in parts.
private struct Parts: AsyncSequence, Sendable {
    let parts: [[UInt8]]

    struct Iterator: AsyncIteratorProtocol {
        var rest: ArraySlice<[UInt8]>
        mutating func next() async throws -> [UInt8]? { rest.popFirst() }
    }

    func makeAsyncIterator() -> Iterator { Iterator(rest: parts[...]) }
}

/// Images of the simulated Engine through Gantry's own client: pulled, built, carried about, removed.
@Suite struct DemoImageTests {
    /// Everything that was told, to the end.
    private func all(_ stream: ProgressStream) async throws -> [ProgressMessage] {
        var messages: [ProgressMessage] = []
        for try await batch in stream { messages += batch }
        return messages
    }

    private func bytes(_ stream: ByteStream) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        for try await part in stream { bytes += part }
        return bytes
    }

    private func upload(_ tar: [UInt8]) -> Upload {
        Upload(Parts(parts: tar.count > 700 ? [Array(tar[..<700]), Array(tar[700...])] : [tar]))
    }

    private func tar(_ files: (String, String)...) -> [UInt8] {
        files.flatMap { DemoTar.entry($0.0, $0.1.utf8, at: 0) } + DemoTar.end
    }

    @Test func aPullComesLayerByLayerAndEndsInTheList() async throws {
        try await withDemo { _, engine async throws in
            let events = try await engine.events()
            let messages = try await all(try await engine.pull(ImageReference("redis:7.2")))
            let layers = Set(messages.filter { $0.status == "Pull complete" }.compactMap(\.layer))
            #expect(layers.count > 1)
            for layer in layers {
                let amounts = messages.filter { $0.layer == layer && $0.status == "Downloading" }.compactMap(\.amount)
                #expect(amounts.count > 3 && amounts.map(\.current) == amounts.map(\.current).sorted())
                #expect(amounts.allSatisfy { $0.current <= $0.total ?? 0 })
            }
            #expect(messages.last?.status == "Status: Downloaded newer image for redis:7.2")
            #expect(try await engine.images().contains { $0.tags == ["redis:7.2"] })
            var told: [EngineEvent] = []
            for try await batch in events {
                told += batch.filter { $0.type == "image" }
                if !told.isEmpty { break }
            }
            #expect(told.map(\.action) == ["pull"] && told.first?.actorID == "redis:7.2")
        }
    }

    /// On a clock of its own: a busy machine may come to close a stream only after the pull's end.
    @Test func aPullBringsItsImageAtItsEndAndNotBefore() throws {
        var host = DemoHost(epoch: 1_000 * .day)
        var stream = try Router.pull("node", tag: "22", host)
        let isThere = { (host: DemoHost) in host.images.contains { $0.tags.contains("node:22") } }
        var pieces = 0
        while let next = stream.next(&host).again {
            #expect(!isThere(host), "after \(pieces) pieces")
            pieces += 1
            host.now = next
        }
        #expect(pieces > 20 && isThere(host))
    }

    @Test func aPullThatIsGivenUpIsForgotten() async throws {
        try await withDemo { demo, engine async throws in
            let stream = try await engine.pull(ImageReference("node:22"))
            for try await batch in stream where batch.contains(where: { $0.status == "Downloading" }) { break }
            stream.close()
            try await eventually("the stream is closed") {
                try await demo.counts.streams["POST /images/create"] == nil
            }
        }
    }

    @Test func whatARegistryRefuses() async throws {
        try await withDemo { _, engine async throws in
            for (name, words) in [
                ("nobody/here", "pull access denied for nobody/here"), ("redis:frob", "manifest unknown"),
                ("nowhere.example.org/x:1", "no such host"), ("Not A Name", "invalid reference format"),
            ] {
                let error = await #expect(throws: EngineError.self) {
                    _ = try await all(try await engine.pull(ImageReference(name)))
                }
                #expect(error?.message.contains(words) == true, "\(name): \(String(describing: error))")
            }
            await #expect(throws: EngineError.self) {
                _ = try await all(try await engine.push(ImageReference("nothing:1")))
            }
            let denied = await #expect(throws: EngineError.self) {
                _ = try await all(try await engine.push(ImageReference("debian:12-slim")))
            }
            #expect(denied?.message.contains("denied") == true)
        }
    }

    @Test func tagsComeAndGoAndTheLastTakesTheImageAlong() async throws {
        try await withDemo { _, engine async throws in
            try await engine.tag("debian:12-slim", as: ImageReference("registry.example.com/shop/base:1"))
            let messages = try await all(try await engine.push(ImageReference("registry.example.com/shop/base:1")))
            let outcome = try #require(messages.compactMap(\.outcome).last)
            #expect(outcome.tag == "1" && outcome.digest?.hasPrefix("sha256:") == true)
            let first = try await engine.removeImage("registry.example.com/shop/base:1")
            #expect(first.untagged.first == "registry.example.com/shop/base:1" && first.deleted.isEmpty)
            let second = try await engine.removeImage("debian:12-slim")
            #expect(second.untagged.first == "debian:12-slim" && second.deleted.first?.hasPrefix("sha256:") == true)
            await #expect(throws: EngineError.notFound("No such image: debian:12-slim")) {
                _ = try await engine.removeImage("debian:12-slim")
            }
            for reference in [
                "postgres:16.4", try #require(try await engine.images().first { $0.tags == ["postgres:16.4"] }).id,
            ] {
                let error = await #expect(throws: EngineError.self) { _ = try await engine.removeImage(reference) }
                guard case .conflict(let words)? = error else {
                    Issue.record("\(String(describing: error))")
                    continue
                }
                #expect(
                    words.contains("is using its referenced image") || words.contains("being used by running container")
                )
            }
        }
    }

    @Test func aNameThatMovesLeavesItsContainersTheirImage() async throws {
        try await withDemo { _, engine async throws in
            let before = try #require(try await engine.containers().first { $0.name == "shop-db-1" })
            try await engine.tag("debian:12-slim", as: ImageReference("postgres:16.4"))
            let after = try #require(try await engine.containers().first { $0.name == "shop-db-1" })
            #expect(before.image == "postgres:16.4" && after.image == before.imageID && after.imageID == before.imageID)
            #expect(try await engine.images().contains { $0.id == before.imageID && $0.tags.isEmpty })
        }
    }

    @Test func layersAndFindings() async throws {
        try await withDemo { _, engine async throws in
            let layers = try await engine.history(of: "postgres:16.4")
            let image = try #require(try await engine.images().first { $0.tags == ["postgres:16.4"] })
            #expect(layers.first?.id == image.id && layers.dropFirst().allSatisfy { $0.id == nil })
            #expect(layers.reduce(0) { $0 + $1.size } == image.size)
            #expect(
                layers.contains { $0.createdBy.contains("EXPOSE") } && layers.contains { $0.createdBy.contains("CMD") })
            let found = try await engine.searchImages("redis", limit: 2)
            #expect(
                found.map(\.name) == ["redis", "bitnami/redis"] && found[0].isOfficial
                    && found[0].stars > found[1].stars)
        }
    }

    @Test func whatWasSavedIsLoadedAgainAsItWas() async throws {
        try await withDemo { _, engine async throws in
            let name = "node:20-bookworm"
            let before = try #require(try await engine.images().first { $0.tags == [name] })
            let tar = try await bytes(try await engine.save([name]))
            #expect(tar.count.isMultiple(of: 512) && tar.count < 1 << 20)
            _ = try await engine.removeImage(name)
            let messages = try await all(try await engine.load(upload(tar)))
            #expect(messages.map(\.output).joined() == "Loaded image: \(name)\n")
            let after = try #require(try await engine.images().first { $0.tags == [name] })
            #expect(after.id == before.id && after.size == before.size && after.created == before.created)
            await #expect(throws: EngineError.self) {
                _ = try await all(try await engine.load(upload(Array("no tar".utf8))))
            }
        }
    }

    @Test func aContainerIsExportedAndImported() async throws {
        try await withDemo { _, engine async throws in
            let tar = try await bytes(try await engine.export(ContainerID("shop-gateway-1")))
            var scanner = TarScanner { $0 == "etc/nginx/nginx.conf" }
            scanner.take(tar)
            #expect(scanner.isTar && scanner.entry("etc/nginx/nginx.conf")?.data?.isEmpty == false)
            let messages = try await all(
                try await engine.importImage(
                    upload(tar), as: ImageReference("my/files:1"), message: "taken in", changes: ["CMD [\"nginx\"]"]))
            let id = try #require(messages.last?.status)
            let image = try #require(try await engine.images().first { $0.id == id })
            #expect(image.tags == ["my/files:1"] && image.size == scanner.contents)
            #expect(try await engine.history(of: id).first?.comment == "taken in")
        }
    }

    @Test func aBuildGoesStepByStep() async throws {
        try await withDemo { _, engine async throws in
            var options = BuildOptions()
            options.tags = ["my/shop:1"]
            options.labels = ["team": "shop"]
            let context = tar(
                (
                    "Dockerfile",
                    "FROM debian:12-slim AS base\nRUN echo one; sleep 0.1; echo two\nFROM base\nCOPY a.txt /\nLABEL x=y\n"
                ),
                ("a.txt", "a"))
            let messages = try await all(try await engine.build(upload(context), options))
            #expect(messages.compactMap(\.step).map(\.number) == [1, 2, 3, 4, 5])
            #expect(
                messages.map(\.output).joined().contains("one\ntwo\n") || messages.contains { $0.output == "two\n" })
            let id = try #require(messages.compactMap(\.outcome).last?.id)
            let image = try #require(try await engine.images().first { $0.id == id })
            #expect(image.tags == ["my/shop:1"])
            let inspected = String(decoding: try await engine.inspectImage(id), as: UTF8.self)
            #expect(inspected.contains("\"team\":\"shop\"") && inspected.contains("\"x\":\"y\""))
            options.noCache = false
            let again = try await all(try await engine.build(upload(context), options))
            #expect(again.contains { $0.output.contains("Using cache") })
            #expect(again.compactMap(\.outcome).last?.id == id)
        }
    }

    @Test func aBuildThatIsGivenUpMakesNothing() async throws {
        try await withDemo { demo, engine async throws in
            var options = BuildOptions()
            options.tags = ["my/never:1"]
            let stream = try await engine.build(
                upload(tar(("Dockerfile", "FROM debian:12-slim\nRUN sleep 500\n"))), options)
            for try await batch in stream where batch.contains(where: { $0.output.contains("Running in") }) { break }
            stream.close()
            try await eventually("the build is over") { try await demo.counts.streams["POST /build"] == nil }
            #expect(try await engine.images().allSatisfy { $0.tags != ["my/never:1"] })
        }
    }

    @Test func aBuildFailsInTheBuildersWords() async throws {
        try await withDemo { _, engine async throws in
            func message(_ text: String) async throws -> String? {
                let error = await #expect(throws: EngineError.self) {
                    _ = try await all(try await engine.build(upload(tar(("Dockerfile", text)))))
                }
                return error?.message
            }
            #expect(try await message("FROM nobody/here\n")?.contains("pull access denied for nobody/here") == true)
            #expect(
                try await message("FROM debian:12-slim\nRUN exit 3\n")
                    == "The command '/bin/sh -c exit 3' returned a non-zero code: 3")
            #expect(try await message("FROM debian:12-slim\nFROB\n")?.contains("unknown instruction: FROB") == true)
            #expect(try await message("RUN true\n") == "no build stage in current context")
            #expect(try await message("# nothing\n") == "the Dockerfile (Dockerfile) cannot be empty")
            let none = await #expect(throws: EngineError.self) {
                _ = try await all(try await engine.build(upload(tar(("other", "x")))))
            }
            #expect(none?.message == "Cannot locate specified Dockerfile: Dockerfile")
        }
    }

    @Test func faultsReachWhatLasts() async throws {
        let rules = DemoFaults([
            .init(.dropped(after: .milliseconds(300)), prefix: "/images/create", times: 1),
            .init(.error(status: 500, message: "no space left on device"), prefix: "/images/load", times: 1),
            .init(.half, prefix: "/containers/shop-db-1/export", times: 1),
            .init(.nonsense, prefix: "/build", times: 1),
        ])
        try await withDemo(faults: rules) { _, engine async throws in
            await #expect(throws: EngineError.closed) {
                _ = try await all(try await engine.pull(ImageReference("node:22")))
            }
            await #expect(throws: EngineError.server(status: 500, message: "no space left on device")) {
                _ = try await all(try await engine.load(upload(tar(("a", "b")))))
            }
            await #expect(throws: EngineError.closed) {
                _ = try await bytes(try await engine.export(ContainerID("shop-db-1")))
            }
            await #expect(throws: EngineError.self) {
                _ = try await all(try await engine.build(upload(tar(("a", "b")))))
            }
            #expect(try await engine.containers().count == 15)
        }
    }
}
