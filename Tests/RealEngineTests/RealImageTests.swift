import FoundationEssentials
import Synchronization
import Testing

@testable import EngineAPI

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The registries to test with, from `GANTRY_TEST_REGISTRIES` (Tests/registry.sh): one for all, one with a password.
enum TestRegistry {
    private static let addresses = (getenv("GANTRY_TEST_REGISTRIES").map { String(cString: $0) } ?? "")
        .split(whereSeparator: \.isWhitespace).map(String.init)
    static let areGiven = addresses.count == 2
    static var open: String { addresses[0] }
    static var closed: String { addresses[1] }
    static let auth = RegistryAuth(username: "gantry", password: "open sesame")
}

/// A tar in memory: what builds and imports are made of.
struct Tar {
    private(set) var bytes: [UInt8] = []

    mutating func add(_ name: String, _ content: [UInt8]) {
        addHeader(name, size: content.count)
        bytes += content + [UInt8](repeating: 0, count: (512 - content.count % 512) % 512)
    }

    mutating func addHeader(_ name: String, size: Int) {
        var header = [UInt8](repeating: 0, count: 512)
        func put(_ text: String, at place: Int) {
            header.replaceSubrange(place..<place + text.utf8.count, with: text.utf8)
        }
        let size = String(size, radix: 8)
        put(name, at: 0)
        put("0000644", at: 100)
        put("0000000", at: 108)
        put("0000000", at: 116)
        put(String(repeating: "0", count: 11 - size.count) + size, at: 124)
        put("00000000000", at: 136)
        put("        ", at: 148)
        put("0", at: 156)
        put("ustar\u{0}00", at: 257)
        let sum = String(header.reduce(0) { $0 + Int($1) }, radix: 8)
        put(String(repeating: "0", count: 6 - sum.count) + sum + "\u{0} ", at: 148)
        bytes += header
    }

    /// With its end.
    var whole: [UInt8] { bytes + [UInt8](repeating: 0, count: 1024) }

    /// As something to send, in parts that end anywhere.
    var upload: Upload {
        let whole = whole
        return Upload(
            AsyncStream<[UInt8]> { parts in
                for start in stride(from: 0, to: whole.count, by: 1_000) {
                    parts.yield(Array(whole[start..<min(start + 1_000, whole.count)]))
                }
                parts.finish()
            })
    }

    static func dockerfile(_ text: String, _ files: [(String, String)] = []) -> Tar {
        var tar = Tar()
        tar.add("Dockerfile", Array(text.utf8))
        for (name, content) in files { tar.add(name, Array(content.utf8)) }
        return tar
    }
}

/// Gives `body` a client and the name of an image that nobody has yet, and removes what has it afterwards.
private func withImageName(_ body: (Engine, ImageReference) async throws -> Void) async throws {
    let engine = try TestEngine.make()
    _ = try await engine.connect()
    let name = ImageReference(uniqueName("image") + ":1")
    try await with(engine, removing: name, body)
}

/// Gives `body` a client and an image's name, and removes what has it afterwards, whatever happens.
private func with(
    _ engine: Engine, removing name: ImageReference, _ body: (Engine, ImageReference) async throws -> Void
) async throws {
    do { try await body(engine, name) } catch {
        _ = try? await engine.removeImage("\(name)", force: true)
        await engine.shutdown()
        throw error
    }
    _ = try? await engine.removeImage("\(name)", force: true)
    await engine.shutdown()
}

extension EngineStream where Decoder == ProgressDecoder {
    fileprivate func messages() async throws -> [ProgressMessage] {
        var messages: [ProgressMessage] = []
        for try await batch in self { messages += batch }
        return messages
    }
}

/// How many megabytes this process has held at most since it began.
private func peakMegabytes() -> Int {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return Int(usage.ru_maxrss) >> 10
}

private let given = Comment("set GANTRY_TEST_ENGINE to the address of an Engine (Tests/engine.sh start DIR)")

@Suite(.enabled(if: TestEngine.isGiven, given), .timeLimit(.minutes(2)))
struct RealImages {
    @Test func aBuildTellsItsStepsAndWhatCameOfIt() async throws {
        try await withImageName { engine, name in
            let tar = Tar.dockerfile(
                """
                FROM demo/busybox:1.35 AS first
                ARG WHO=nobody
                COPY hello.txt /hello.txt
                RUN echo "$WHO" >>/hello.txt && cat /hello.txt
                FROM demo/busybox:1.35
                COPY --from=first /hello.txt /hello.txt
                LABEL a=b
                CMD ["cat", "/hello.txt"]
                """, [("hello.txt", "hello\n")])
            var options = BuildOptions()
            options.tags = ["\(name)"]
            options.arguments = ["WHO": "gantry"]
            options.labels = ["by": "test"]
            options.noCache = true
            let messages = try await engine.build(tar.upload, options).messages()
            let steps = messages.compactMap(\.step)
            #expect(steps.map(\.number) == Array(1...steps.count))
            #expect(steps.first?.of == steps.count && steps.first?.instruction.hasPrefix("FROM") == true)
            #expect(messages.map(\.output).joined().contains("hello\ngantry\n"))
            let id = try #require(messages.last { $0.outcome?.id != nil }?.outcome?.id)
            let summary = try #require(try await engine.images().first { $0.tags == ["\(name)"] })
            #expect(summary.id == id && summary.labels == ["a": "b", "by": "test"])

            let history = try await engine.history(of: "\(name)")
            #expect(history.first?.id == id && history.first?.tags == ["\(name)"])
            #expect(history.contains { $0.createdBy.contains("CMD [\"cat\" \"/hello.txt\"]") })
            #expect(history.contains { $0.size > 0 })

            // A stage of it only.
            options.tags = []
            options.target = "first"
            let stage = try await engine.build(tar.upload, options).outcome()
            #expect(stage?.id != nil && stage?.id != id)
            _ = try await engine.removeImage(try #require(stage?.id), force: true)
        }
    }

    @Test func aStepThatFailsIsSaidWithItsCodeAfterItsOutput() async throws {
        let engine = try TestEngine.make()
        _ = try await engine.connect()
        let tar = Tar.dockerfile("FROM demo/busybox:1.35\nRUN echo before the end && exit 7\n")
        var output = ""
        do {
            for try await batch in try await engine.build(tar.upload) { output += batch.map(\.output).joined() }
            Issue.record("a build that did not fail")
        } catch EngineError.failed(let message, let code) {
            #expect(code == 7)
            #expect(message.contains("exit 7"))
        }
        #expect(output.contains("before the end\n"))
        await #expect(throws: EngineError.self) {
            try await engine.build(Tar.dockerfile("FLY me to the moon\n").upload).outcome()
        }
        await engine.shutdown()
    }

    @Test func whoStopsReadingStopsTheBuild() async throws {
        let engine = try TestEngine.make()
        _ = try await engine.connect()
        let mark = uniqueName("build")
        let tar = Tar.dockerfile("FROM demo/busybox:1.35\nENV MARK=\(mark)\nRUN echo begun && sleep 600\n")
        var options = BuildOptions()
        options.noCache = true
        try await within { [options] in
            for try await batch in try await engine.build(tar.upload, options) {
                if batch.contains(where: { $0.output.contains("begun\n") }) { break }
            }
        }
        try await eventually("the step's container is gone") {
            let containers = try await engine.containers()
            for container in containers {
                let details = try? await engine.inspect(container.id)
                if details?.value.command.contains(where: { $0.contains("sleep 600") }) == true,
                    String(decoding: details?.json ?? [], as: UTF8.self).contains(mark)
                {
                    return false
                }
            }
            return true
        }
        await engine.shutdown()
    }

    @Test func tagAndRemoveTellWhatWent() async throws {
        try await withImageName { engine, name in
            let tar = Tar.dockerfile("FROM demo/busybox:1.35\nLABEL x=\(name)\n")
            var options = BuildOptions()
            options.tags = ["\(name)"]
            let id = try #require(try await engine.build(tar.upload, options).outcome()?.id)
            let other = ImageReference(name.repository + "/other:2")
            try await engine.tag(id, as: other)
            let named = try await engine.images().first { $0.id == id }
            #expect(named.map { Set($0.tags) } == ["\(name)", "\(other)"])
            let untagged = try await engine.removeImage("\(other)")
            #expect(untagged.untagged == ["\(other)"] && untagged.deleted.isEmpty)
            let removed = try await engine.removeImage(id)
            #expect(removed.untagged == ["\(name)"] && removed.deleted.contains(id))
            await #expect { try await engine.removeImage(id) } throws: {
                guard case EngineError.notFound(let why) = $0 else { return false }
                return why.contains("No such image")
            }
            await #expect(throws: EngineError.self) {
                try await engine.tag("demo/busybox:1.35", as: ImageReference("A B"))
            }
        }
    }

    @Test func anImageThatIsUsedIsRemovedByForceOnly() async throws {
        try await withImageName { engine, name in
            try docker(["tag", "demo/busybox:1.35", "\(name)"])
            let built = try await engine.build(
                Tar.dockerfile("FROM \(name)\nLABEL x=\(name)\n").upload
            ).outcome()
            let id = try #require(built?.id)
            let container = ContainerID(try docker(["create", id, "true"]))
            await #expect { try await engine.removeImage(id) } throws: {
                if case EngineError.conflict = $0 { true } else { false }
            }
            #expect(try await engine.removeImage(id, force: true).deleted.contains(id))
            try await engine.remove(container, force: true)
        }
    }

    @Test func saveAndLoadAreEachOthersInverse() async throws {
        try await withImageName { engine, name in
            let tar = Tar.dockerfile("FROM demo/busybox:1.35\nRUN echo \(name) >/mark\n")
            var options = BuildOptions()
            options.tags = ["\(name)"]
            let id = try #require(try await engine.build(tar.upload, options).outcome()?.id)
            var saved: [UInt8] = []
            for try await part in try await engine.save(["\(name)"]) { saved += part }
            _ = try await engine.removeImage(id, force: true)
            let parts = saved
            let upload = Upload(
                AsyncStream<[UInt8]> {
                    $0.yield(parts)
                    $0.finish()
                })
            let messages = try await engine.load(upload).messages()
            #expect(messages.map(\.output).joined().contains("Loaded image: \(name)"))
            #expect(try await engine.images().first { $0.id == id }?.tags == ["\(name)"])
            await #expect(throws: EngineError.self) {
                for try await _ in try await engine.save([uniqueName("nothing")]) {}
            }
        }
    }

    @Test func exportAndImportCarryFiles() async throws {
        try await withImageName { engine, name in
            try await withContainer("echo \(name) >/mark; sleep 1000") { _, container in
                try await eventually("the mark is written") {
                    (try? docker(["exec", container.rawValue, "cat", "/mark"])) == "\(name)"
                }
                // From one stream into the other, without being kept anywhere between.
                let exported = try await engine.export(container)
                let messages = try await engine.importImage(
                    Upload(exported), as: name, message: "carried", changes: ["CMD [\"cat\", \"/mark\"]"]
                ).messages()
                #expect(messages.last?.status.hasPrefix("sha256:") == true)
                #expect(try await engine.history(of: "\(name)").first?.comment == "carried")
                #expect(try docker(["run", "--rm", "--network", "none", "\(name)"]) == "\(name)")
            }
            await #expect(throws: EngineError.self) {
                for try await _ in try await engine.export(ContainerID(uniqueName("nothing"))) {}
            }
        }
    }

    /// 300 MB go through in parts, there and back: alone they take less than 40 MB, but other tests run meanwhile.
    @Test func manyBytesAreNeverHeld() async throws {
        let megabytes = 300
        try await withImageName { engine, name in
            let block = (0..<1 << 20).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 11) }
            let before = peakMegabytes()
            let upload = Upload(BigTar(megabytes: megabytes, block: block))
            let messages = try await engine.importImage(upload, as: name).messages()
            #expect(messages.last?.status.hasPrefix("sha256:") == true)
            let container = ContainerID(try docker(["create", "\(name)", "true"]))
            var count = 0
            for try await part in try await engine.export(container) { count += part.count }
            #expect(count > megabytes << 20)
            try await engine.remove(container)
            #expect(peakMegabytes() - before < 150)
        }
    }
}

/// A tar of one large file, made while it is sent.
private struct BigTar: AsyncSequence, Sendable {
    let megabytes: Int
    let block: [UInt8]

    struct Iterator: AsyncIteratorProtocol {
        let tar: BigTar
        var part = 0

        mutating func next() async throws -> [UInt8]? {
            defer { part += 1 }
            switch part {
            case 0: return Self.header(tar.megabytes << 20)
            case 1...tar.megabytes: return tar.block
            case tar.megabytes + 1: return [UInt8](repeating: 0, count: 1024)
            default: return nil
            }
        }

        private static func header(_ size: Int) -> [UInt8] {
            var tar = Tar()
            tar.addHeader("big", size: size)
            return tar.bytes
        }
    }

    func makeAsyncIterator() -> Iterator { Iterator(tar: self) }
}

@Suite(
    .enabled(
        if: TestEngine.isGiven && TestRegistry.areGiven, "set GANTRY_TEST_REGISTRIES (Tests/registry.sh start DIR)"),
    .timeLimit(.minutes(2)))
struct RealRegistries {
    /// An image of its own on the Engine, to be pushed under a name at a registry.
    private func withImage(
        at registry: String, _ body: (Engine, ImageReference) async throws -> Void
    ) async throws {
        let engine = try TestEngine.make()
        _ = try await engine.connect()
        let name = ImageReference("\(registry)/team/\(uniqueName("app")):1")
        var options = BuildOptions()
        options.tags = ["\(name)"]
        let tar = Tar.dockerfile("FROM demo/busybox:1.35\nRUN echo \(name) >/mark\nRUN echo second >/second\n")
        try await engine.build(tar.upload, options).outcome()
        try await with(engine, removing: name, body)
    }

    @Test func pushAndPullTellOfTheirLayers() async throws {
        try await withImage(at: TestRegistry.open) { engine, name in
            let pushed = try await engine.push(name).messages()
            #expect(pushed.contains { $0.layer != nil && $0.status == "Pushed" })
            let digest = try #require(pushed.last { $0.outcome != nil }?.outcome?.digest)
            #expect(digest.hasPrefix("sha256:"))
            #expect(pushed.last { $0.outcome != nil }?.outcome?.tag == "1")

            _ = try await engine.removeImage("\(name)")
            let pulled = try await engine.pull(name).messages()
            #expect(pulled.contains { $0.layer != nil && $0.status == "Pull complete" })
            #expect(pulled.contains { $0.status == "Digest: \(digest)" })
            #expect(try docker(["run", "--rm", "--network", "none", "\(name)", "cat", "/mark"]) == "\(name)")

            // By content, whatever the tag says.
            _ = try await engine.removeImage("\(name)")
            try await engine.pull(ImageReference("\(name.name)@\(digest)")).outcome()
            let image = try #require(try await engine.images().first { $0.digests == ["\(name.name)@\(digest)"] })
            _ = try await engine.removeImage(image.id, force: true)
        }
    }

    @Test func whatIsNotThereIsSaid() async throws {
        let engine = try TestEngine.make()
        _ = try await engine.connect()
        let name = ImageReference("\(TestRegistry.open)/\(uniqueName("nothing")):1")
        await #expect { try await engine.pull(name).outcome() } throws: {
            guard let error = $0 as? EngineError else { return false }
            return error.message.contains("manifest unknown") || error.message.contains("not found")
        }
        await #expect(throws: EngineError.self) { try await engine.push(name).outcome() }
        // Nobody listens there.
        await #expect { try await engine.pull(ImageReference("127.0.0.1:9/a:1")).outcome() } throws: {
            guard let error = $0 as? EngineError else { return false }
            return error.message.contains("connection refused")
        }
        await #expect(throws: EngineError.self) { try await engine.searchImages("\(TestRegistry.open)/a") }
        await engine.shutdown()
    }

    @Test func aRegistryWithAPasswordAsksForIt() async throws {
        try await withImage(at: TestRegistry.closed) { engine, name in
            func refuses(_ auth: RegistryAuth?) async {
                await #expect { try await engine.push(name, auth: auth).outcome() } throws: {
                    guard let error = $0 as? EngineError else { return false }
                    return error.message.contains("no basic auth credentials")
                        || error.message.contains("authentication required") || error.message.contains("unauthorized")
                }
            }
            await refuses(nil)
            await refuses(RegistryAuth(username: "gantry", password: "wrong"))
            #expect(try await engine.push(name, auth: TestRegistry.auth).outcome()?.digest != nil)
            _ = try await engine.removeImage("\(name)")
            await #expect(throws: EngineError.self) { try await engine.pull(name).outcome() }
            try await engine.pull(name, auth: TestRegistry.auth).outcome()
            #expect(try await engine.images().contains { $0.tags == ["\(name)"] })
        }
    }

    /// As the docker client wrote it when somebody logged in.
    @Test func theFileOfTheDockerClientOpensTheRegistry() async throws {
        let folder = "/tmp/\(uniqueName("config"))"
        mkdir(folder, 0o700)
        defer {
            unlink(folder + "/config.json")
            rmdir(folder)
        }
        try docker(
            ["login", "-u", "gantry", "-p", "open sesame", TestRegistry.closed], options: ["--config", folder])
        let credentials = try RegistryCredentials(folder: folder)
        try await withImage(at: TestRegistry.closed) { engine, name in
            let auth = try #require(try await credentials.auth(for: name))
            #expect(auth.username == "gantry")
            #expect(try await engine.push(name, auth: auth).outcome()?.digest != nil)
            // A build may need it too: here the image that it builds on is gone.
            _ = try await engine.removeImage("\(name)")
            let tar = Tar.dockerfile("FROM \(name)\nRUN cat /mark\n")
            let messages = try await engine.build(tar.upload, auths: await credentials.all()).messages()
            #expect(messages.contains { $0.output.contains("\(name)\n") })
            let id = try #require(messages.last { $0.outcome?.id != nil }?.outcome?.id)
            _ = try await engine.removeImage(id, force: true)
        }
    }
}
