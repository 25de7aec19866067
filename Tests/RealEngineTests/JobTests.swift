import Archives
import FoundationEssentials
import Synchronization
import Testing

@testable import Dashboard
@testable import EngineAPI

/// What a job tells while it lasts.
private final class Heard: Sendable {
    private let news = Mutex<[JobNews]>([])

    var teller: JobTeller { { news in self.news.withLock { $0.append(news) } } }

    var printed: String {
        news.withLock { news in
            news.reduce(into: "") { text, news in
                if case .progress(let messages) = news { text += messages.map(\.output).joined() }
            }
        }
    }

    var amounts: [Int] {
        news.withLock { $0.compactMap { if case .amount(let done, _) = $0 { done } else { nil } } }
    }
}

private func withEngine(_ body: (Engine) async throws -> Void) async throws {
    let engine = try TestEngine.make()
    _ = try await engine.connect()
    do { try await body(engine) } catch {
        await engine.shutdown()
        throw error
    }
    await engine.shutdown()
}

private func message(_ error: any Error) -> String { (error as? JobError)?.message ?? "\(error)" }

@Suite(.enabled(if: TestEngine.isGiven), .timeLimit(.minutes(3))) struct BuildJobTests {
    @Test func aFolderIsBuiltAndWhatWasSentIsTold() async throws {
        let scratch = Scratch()
        let tag = uniqueName("built") + ":1"
        scratch.sh(
            """
            mkdir sub && head -c 3000000 /dev/zero >sub/big && echo x >left-out && echo left-out >.dockerignore && mkfifo fifo
            printf 'FROM demo/busybox:1.35 AS one\\nARG WHO\\nRUN echo "for $WHO" && ls /\\nFROM one\\nCOPY . /c\\nRUN ls /c\\n' >Dockerfile
            """)
        try await withEngine { engine in
            var spec = BuildSpec(folder: scratch.path, tags: [tag], arguments: ["WHO=me"])
            spec.noCache = true
            let heard = Heard()
            let outcome = try await BuildJob(spec: spec).run(on: engine, tell: heard.teller)
            #expect(heard.printed.contains("context sent: 3 files, 2.86M"))
            #expect(heard.printed.contains("builder: classic (Engine API)\n"))
            #expect(heard.printed.contains("not sent: fifo: a fifo\n"))
            #expect(heard.printed.contains("\nfor me\n"))
            #expect(!heard.printed.contains("\nleft-out\n"))
            #expect(heard.printed.contains("Step 5/6 : COPY . /c"))
            #expect(heard.amounts.last.map { $0 > 3_000_000 } == true)
            #expect(outcome.summary?.hasPrefix("built \(tag) (6 steps, context 3 files") == true)
            let id = try #require(try await engine.images().first { $0.tags == [tag] }?.id)
            #expect(outcome.shows == .resource(.image(id)))

            // A stage of it.
            spec.target = "one"
            spec.tags = []
            spec.noCache = false
            let stage = Heard()
            _ = try await BuildJob(spec: spec).run(on: engine, tell: stage.teller)
            #expect(stage.printed.contains("Step 3/3") && stage.printed.contains("Using cache"))
            _ = try await engine.removeImage(id, force: true)
        }
    }

    @Test func aStepThatFailsIsNamed() async throws {
        let scratch = Scratch()
        scratch.sh("printf 'FROM demo/busybox:1.35\\nRUN echo before && exit 7\\nRUN echo after\\n' >Dockerfile")
        try await withEngine { engine in
            let heard = Heard()
            do {
                _ = try await BuildJob(spec: BuildSpec(folder: scratch.path)).run(on: engine, tell: heard.teller)
                Issue.record("a build that did not fail")
            } catch {
                #expect(message(error).hasPrefix("step 2 of 3, RUN echo before && exit 7: "))
                #expect(message(error).hasSuffix("returned a non-zero code: 7"))
            }
            #expect(heard.printed.contains("before\n") && !heard.printed.contains("after\n"))
        }
    }

    @Test func whatCannotBeBuiltSaysWhy() async throws {
        let scratch = Scratch()
        scratch.sh(
            "mkdir empty && mkdir bad && echo FLY >bad/Dockerfile && mkdir odd && cd odd && echo '[' >.dockerignore && echo FROM x >Dockerfile"
        )
        try await withEngine { engine in
            for (folder, words) in [
                ("empty", "/empty/Dockerfile: No such file or directory"), ("nothing", "No such file or directory"),
                ("bad", "unknown instruction: FLY"),
                ("odd", "/odd/.dockerignore: line 1: [: the brackets make no sense"),
            ] {
                do {
                    _ = try await BuildJob(spec: BuildSpec(folder: scratch.path + "/" + folder)).run(on: engine) { _ in
                    }
                    Issue.record("\(folder) was built")
                } catch { #expect(message(error).contains(words), "\(folder): \(message(error))") }
            }
        }
    }

    /// No container of it is left, no image, and no more steps are run.
    @Test func whoCancelsStopsTheBuildAtTheEngine() async throws {
        let scratch = Scratch()
        let mark = uniqueName("cancelled")
        scratch.sh(
            "printf 'FROM demo/busybox:1.35\\nENV MARK=\(mark)\\nRUN echo begun && sleep 600\\nRUN echo never\\n' >Dockerfile"
        )
        try await withEngine { engine in
            let (begun, begins) = AsyncStream.makeStream(of: Void.self)
            let task = Task {
                var spec = BuildSpec(folder: scratch.path, tags: [mark])
                spec.noCache = true
                return try await BuildJob(spec: spec).run(on: engine) { news in
                    if case .progress(let messages) = news, messages.contains(where: { $0.output.contains("begun\n") })
                    {
                        begins.yield()
                    }
                }
            }
            for await _ in begun { break }
            task.cancel()
            await #expect(throws: (any Error).self) { _ = try await task.value }
            func containers() async throws -> [ContainerID] {
                var found: [ContainerID] = []
                for container in try await engine.containers() {
                    guard let json = try? await engine.inspect(container.id).json else { continue }
                    if String(decoding: json, as: UTF8.self).contains(mark) { found.append(container.id) }
                }
                return found
            }
            try await eventually("the step's container is gone") { try await containers().isEmpty }
            #expect(try await !engine.images().contains { $0.tags.contains { $0.hasPrefix(mark) } })
            // What the Engine has done since then would be told by its events: nothing was begun after the end.
            #expect(try await containers().isEmpty)
        }
    }

    /// While the context is still being sent.
    @Test func whoCancelsEarlySendsNoMore() async throws {
        let scratch = Scratch()
        scratch.sh("echo FROM demo/busybox:1.35 >Dockerfile; head -c 200000000 /dev/zero >big")
        try await withEngine { engine in
            let (begun, begins) = AsyncStream.makeStream(of: Void.self)
            let task = Task {
                try await BuildJob(spec: BuildSpec(folder: scratch.path)).run(on: engine) { news in
                    if case .amount = news {
                        begins.yield()
                        // Nobody takes any more until it is cancelled.
                        try? await Task.sleep(for: .seconds(100))
                    }
                }
            }
            for await _ in begun { break }
            task.cancel()
            await #expect(throws: (any Error).self) { _ = try await task.value }
        }
    }
}

@Suite(.enabled(if: TestEngine.isGiven), .timeLimit(.minutes(3))) struct CopyJobTests {
    private static let script =
        "mkdir -p /data/sub; echo one >/data/one; echo two >/data/sub/two; ln -s one /data/link; ln -s /nowhere /data/broken; "
        + "mkfifo /data/fifo; chmod 640 /data/one; touch /data/ready; sleep 1000"

    private func withFiles(
        _ options: [String] = [], _ body: (Engine, ContainerID, Scratch) async throws -> Void
    ) async throws {
        let scratch = Scratch()
        try await withContainer(Self.script, options) { engine, container in
            try await eventually("the files are made") {
                (try? await engine.stat("/data/ready", in: container)) != nil
            }
            try await body(engine, container, scratch)
        }
    }

    @Test func aFolderIsListedFromWithinAndFromItsArchiveAlike() async throws {
        try await withFiles { engine, container, _ in
            let within = try await FileLister(engine: engine, container: container, path: "/data", isRunning: true).list
            { _ in }
            #expect(within.way == .exec && within.cut == nil)
            #expect(within.files.map(\.name) == ["sub", "broken", "fifo", "link", "one", "ready"])
            #expect(within.files.map(\.kind) == [.folder, .link, .special, .link, .file, .file])
            #expect(within.files[1].target == "/nowhere" && within.files[3].target == "one")
            #expect(within.files[4].mode == 0o640 && within.files[4].size == 4)
            let archived = try await FileLister(engine: engine, container: container, path: "/data", isRunning: false)
                .list { _ in }
            #expect(archived.way == .archive)
            #expect(archived.files.map(\.name) == within.files.map(\.name))
            #expect(archived.files.map(\.kind) == within.files.map(\.kind))
            #expect(archived.files.map(\.target) == within.files.map(\.target))
            #expect(archived.files[4].mode == 0o640 && archived.files[4].size == 4)
            let root = try await FileLister(engine: engine, container: container, path: "/", isRunning: true).list {
                _ in
            }
            #expect(root.files.contains { $0.name == "data" && $0.kind == .folder })
        }
    }

    @Test func whatIsNoFolderSaysSo() async throws {
        try await withFiles { engine, container, _ in
            for path in ["/data/one", "/data/nothing", "/data/broken"] {
                for isRunning in [true, false] {
                    await #expect(throws: EngineError.self, "\(path) \(isRunning)") {
                        _ = try await FileLister(engine: engine, container: container, path: path, isRunning: isRunning)
                            .list { _ in }
                    }
                }
            }
        }
    }

    /// Neither a shell nor anything else is needed, nor that it runs.
    @Test func aContainerWithoutProgramsIsListedToo() async throws {
        let scratch = Scratch()
        let image = uniqueName("bare")
        scratch.sh(
            "mkdir -p root/etc && echo x >root/etc/conf && cp $(command -v busybox) root/sleep && tar -C root -c . >tar"
        )
        try docker(["import", scratch.path + "/tar", image])
        let container = ContainerID(try docker(["run", "-d", image, "/sleep", "1000"]))
        try await withEngine { engine in
            let listing = try await FileLister(engine: engine, container: container, path: "/etc", isRunning: true).list
            { _ in }
            #expect(listing.way == .archive)
            #expect(listing.files.contains { $0.name == "conf" && $0.size == 2 })
            try await engine.remove(container, force: true)
            _ = try await engine.removeImage(image, force: true)
        }
    }

    @Test func aLargeArchiveIsReadOnlyAsFarAsIsReasonable() async throws {
        try await withContainer("head -c 30000000 /dev/zero >/big; touch /zz; touch /ready; sleep 1000") {
            engine, container in
            try await eventually("the files are made") { (try? await engine.stat("/ready", in: container)) != nil }
            var lister = FileLister(engine: engine, container: container, path: "/", isRunning: false)
            lister.mostRead = 5 << 20
            let heard = Mutexed(0)
            let cut = try await lister.list { heard.set($0) }
            #expect(cut.cut?.contains("+ reads on") == true)
            #expect(!cut.files.contains { $0.name == "zz" })
            #expect(heard.get() > 4 << 20)
            lister.mostRead = 200 << 20
            let whole = try await lister.list { _ in }
            #expect(whole.cut == nil && whole.files.contains { $0.name == "zz" })
        }
    }

    @Test func filesFoldersAndLinksAreCopiedOut() async throws {
        try await withFiles { engine, container, scratch in
            func copy(_ path: String, to target: String, follows: Bool = false, replaces: Bool = false) async throws
                -> String
            {
                let job = CopyOutJob(
                    container: container, name: "web", path: path, followsLink: follows,
                    target: scratch.path + "/" + target,
                    replaces: replaces)
                return try await job.run(on: engine) { _ in }.summary ?? ""
            }
            scratch.sh("mkdir folder")
            #expect(try await copy("/data/one", to: "new").hasSuffix("(1 file, 4)") || scratch.sh("cat new") == "one\n")
            _ = try await copy("/data/one", to: "folder")
            _ = try await copy("/data", to: "tree")
            _ = try await copy("/data/link", to: "followed", follows: true)
            _ = try await copy("/data/link", to: "kept")
            #expect(scratch.sh("cat new folder/one tree/one tree/sub/two followed") == "one\none\none\ntwo\none\n")
            #expect(
                scratch.sh("stat -c %a new; readlink kept tree/broken; ls tree")
                    == "640\none\n/nowhere\nbroken\nlink\none\nready\nsub\n")
            #expect(scratch.sh("ls -A | grep gantry || echo clean") == "clean\n")
            // What is there already is not touched unasked.
            scratch.sh("echo mine >new")
            do {
                _ = try await copy("/data/one", to: "new")
                Issue.record("a file was overwritten")
            } catch let error as JobError {
                #expect(error.message.hasSuffix("/new is there already"))
                let offered = try #require(error.offer?.job as? CopyOutJob)
                #expect(scratch.sh("cat new") == "mine\n")
                _ = try await offered.run(on: engine) { _ in }
                #expect(scratch.sh("cat new") == "one\n")
            }
        }
    }

    @Test func whatCannotBeCopiedOutSaysWhyAndLeavesNothing() async throws {
        try await withFiles { engine, container, scratch in
            func refusal(_ path: String, _ target: String) async -> String {
                do {
                    _ = try await CopyOutJob(
                        container: container, name: "web", path: path, target: scratch.path + target
                    )
                    .run(on: engine) { _ in }
                    return ""
                } catch { return message(error) }
            }
            #expect(await refusal("/data/nothing", "/x").contains("there is no /data/nothing"))
            #expect(await refusal("/data/fifo", "/x").contains("there is nothing to copy"))
            #expect(
                await refusal("/data/one", "/no/such").hasSuffix(
                    "there is no folder \(scratch.path)/no on this machine"))
            scratch.sh("mkdir small && mount -t tmpfs -o size=64k tmpfs small")
            defer { scratch.sh("umount small") }
            try docker(["exec", container.rawValue, "sh", "-c", "head -c 1000000 /dev/zero >/data/big"])
            #expect(await refusal("/data/big", "/small/big").hasSuffix("/small/big: No space left on device"))
            #expect(await refusal("/data", "/small/tree").hasSuffix("No space left on device"))
            #expect(scratch.sh("ls -A small") == "")
        }
    }

    @Test func filesAndFoldersAreCopiedIn() async throws {
        try await withFiles { engine, container, scratch in
            scratch.sh(
                "mkdir -p tree/deep && echo new >tree/deep/file && ln -s deep/file tree/link && ln -s tree/deep/file alias"
            )
            func copy(_ source: String, replaces: Bool = false) async throws {
                let job = CopyInJob(
                    container: container, name: "web", source: scratch.path + "/" + source, folder: "/data",
                    replaces: replaces)
                _ = try await job.run(on: engine) { _ in }
            }
            try await copy("tree")
            try await copy("alias")
            let seen = try docker([
                "exec", container.rawValue, "sh", "-c",
                "cat /data/tree/link /data/alias | tr '\\n' ,; stat -c %u /data/alias",
            ])
            #expect(seen == "new,new,0")
            scratch.sh("echo other >one")
            do {
                try await copy("one")
                Issue.record("a file was overwritten")
            } catch let error as JobError {
                #expect(error.message == "web:/data/one is there already")
                #expect(try docker(["exec", container.rawValue, "cat", "/data/one"]) == "one")
                _ = try await #require(error.offer?.job as? CopyInJob).run(on: engine) { _ in }
            }
            #expect(try docker(["exec", container.rawValue, "cat", "/data/one"]) == "other")
        }
    }

    @Test func whatCannotBeCopiedInSaysWhy() async throws {
        let volume = uniqueName("small")
        try docker(["volume", "create", "-o", "type=tmpfs", "-o", "device=tmpfs", "-o", "o=size=64k", volume])
        try await withFiles(["-v", "\(volume):/small"]) { engine, container, scratch in
            scratch.sh("echo x >file && head -c 1000000 /dev/zero >big")
            func refusal(_ source: String, _ folder: String) async -> String {
                do {
                    let job = CopyInJob(
                        container: container, name: "web", source: scratch.path + source, folder: folder)
                    _ = try await job.run(on: engine) { _ in }
                    return ""
                } catch { return message(error) }
            }
            #expect(await refusal("/nothing", "/data").hasSuffix("/nothing: no such file or directory"))
            let nowhere = await refusal("/file", "/nowhere")
            #expect(nowhere.lowercased().contains("could not find"))
            let full = await refusal("/big", "/small")
            #expect(full.contains("no space left on device"))
        }
        try docker(["volume", "rm", volume])
        try await withContainer("sleep 1000", ["--read-only"]) { engine, container in
            let scratch = Scratch()
            scratch.sh("echo x >file")
            do {
                _ = try await CopyInJob(
                    container: container, name: "web", source: scratch.path + "/file", folder: "/tmp"
                )
                .run(on: engine) { _ in }
                Issue.record("a read-only container was written to")
            } catch { #expect(message(error).contains("read-only")) }
        }
    }

    @Test func aContainerIsExportedToAFile() async throws {
        try await withFiles { engine, container, scratch in
            let job = ExportContainerJob(container: container, name: "web", path: scratch.path + "/out.tar")
            _ = try await job.run(on: engine) { _ in }
            #expect(scratch.sh("tar -xOf out.tar data/sub/two; ls") == "two\nout.tar\n")
            do {
                _ = try await job.run(on: engine) { _ in }
                Issue.record("a file was overwritten")
            } catch let error as JobError { #expect(error.offer?.job is ExportContainerJob) }
        }
    }

    /// What is on its way is gone when it is given up.
    @Test func whoCancelsACopyLeavesNothingHalf() async throws {
        try await withContainer("head -c 200000000 /dev/zero >/big; touch /ready; sleep 1000") { engine, container in
            try await eventually("the file is made") { (try? await engine.stat("/ready", in: container)) != nil }
            let scratch = Scratch()
            let (begun, begins) = AsyncStream.makeStream(of: Void.self)
            let task = Task {
                try await CopyOutJob(container: container, name: "web", path: "/big", target: scratch.path + "/big")
                    .run(on: engine) { _ in
                        begins.yield()
                        try? await Task.sleep(for: .seconds(100))
                    }
            }
            for await _ in begun { break }
            task.cancel()
            await #expect(throws: (any Error).self) { _ = try await task.value }
            #expect(scratch.sh("ls -A") == "")
        }
    }
}
