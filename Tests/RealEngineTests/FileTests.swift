import Archives
import FoundationEssentials
import Testing

@testable import EngineAPI

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A folder of its own, gone when it is forgotten.
final class Scratch: Sendable {
    let path = "/tmp/\(uniqueName("files"))"
    init() { mkdir(path, 0o755) }
    deinit { _ = sh("chmod -R u+rwX .; rm -rf '\(path)'") }

    @discardableResult
    func sh(_ script: String) -> String {
        guard let pipe = popen("{ cd '\(path)' && \(script)\n} 2>&1", "re") else { return "no shell" }
        defer { pclose(pipe) }
        var output: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while case let count = fread(&buffer, 1, buffer.count, pipe), count > 0 { output += buffer[..<count] }
        return String(decoding: output, as: UTF8.self)
    }
}

@Suite(.enabled(if: TestEngine.isGiven), .timeLimit(.minutes(2))) struct FileTests {
    @Test func aPathTellsWhatItIs() async throws {
        try await withContainer(
            "mkdir -p /a/b; echo hello >/a/file; chmod 4751 /a/file; chmod 1777 /a/b; ln -s b /a/link; mkfifo /a/fifo; "
                + "touch /a/done; sleep 1000"
        ) { engine, container in
            try await eventually("the files are made") { (try? await engine.stat("/a/done", in: container)) != nil }
            let file = try await engine.stat("/a/file", in: container)
            #expect(file.name == "file" && file.size == 6 && file.kind == .file && file.mode == 0o4751)
            let modified = try #require(file.modified)
            #expect(abs(modified.timeIntervalSinceNow) < 600)
            let folder = try await engine.stat("/a/b", in: container)
            #expect(folder.kind == .folder && folder.mode == 0o1777)
            let link = try await engine.stat("/a/link", in: container)
            #expect(link.kind == .link && link.linkTarget == "/a/b")
            #expect(try await engine.stat("/a/link/", in: container).kind == .folder)
            #expect(try await engine.stat("/a/fifo", in: container).kind == .special)
            #expect(try await engine.stat("/", in: container).kind == .folder)
            await #expect(throws: EngineError.notFound("there is no /a/nothing in the container")) {
                _ = try await engine.stat("/a/nothing", in: container)
            }
            await #expect(throws: EngineError.self) { _ = try await engine.stat("/a", in: ContainerID("nobody")) }
        }
    }

    @Test func aTreeComesOutAsItIsAndGoesInAgain() async throws {
        try await withContainer("true", start: false) { engine, container in
            let scratch = Scratch()
            scratch.sh(
                "mkdir -p tree/sub && echo one >tree/sub/one && ln -s sub/one tree/link && chmod 640 tree/sub/one && "
                    + "head -c 400000 /dev/urandom >tree/big && mkdir out")
            let count = TransferCount()
            try await engine.unpack(
                Upload(TreeTar(of: scratch.path + "/tree", as: "put", count: count)), into: "/tmp", in: container)
            #expect(count.figures.files == 3 && count.figures.bytes == 400_004)

            let (stat, tar) = try await engine.archive(of: "/tmp/put", in: container)
            #expect(stat?.kind == .folder && stat?.name == "put")
            let extractor = try TarExtractor(into: scratch.path + "/out", as: "tree", stripping: 1)
            for try await part in tar { try extractor.take(part) }
            try extractor.finish()
            #expect(scratch.sh("diff -r --no-dereference tree out/tree && stat -c %a out/tree/sub/one") == "640\n")
            #expect(extractor.count.figures.skipped.isEmpty)
        }
    }

    @Test func whatCannotBeWrittenIsRefusedWithTheReason() async throws {
        let scratch = Scratch()
        scratch.sh("echo x >file && head -c 300000 /dev/urandom >big")
        func refusal(_ path: String, _ engine: Engine, _ container: ContainerID, file: String = "/file") async -> String
        {
            do {
                let tar = TreeTar(of: scratch.path + file, as: "file")
                try await engine.unpack(Upload(tar), into: path, in: container)
                return ""
            } catch { return "\(error)" }
        }
        try await withContainer("sleep 1000", ["--read-only"]) { engine, container in
            let refusal = await refusal("/tmp", engine, container)
            #expect(refusal.contains("read-only"))
        }
        let volume = uniqueName("small")
        try docker(
            [
                "volume", "create", "-o", "type=tmpfs", "-o", "device=tmpfs", "-o", "o=size=64k", "--label", "a=b",
                volume,
            ])
        try await withContainer("sleep 1000", ["-v", "\(volume):/small"]) { engine, container in
            #expect(await refusal("/nowhere", engine, container).lowercased().contains("could not find"))
            #expect(await refusal("/etc/passwd", engine, container).contains("not a directory"))
            #expect(await refusal("/tmp", engine, container, file: "/nothing").hasSuffix("No such file or directory"))
            #expect(await refusal("/small", engine, container, file: "/big").contains("no space left on device"))
            #expect(await refusal("/tmp", engine, container) == "")
            let written = try docker(["exec", container.rawValue, "cat", "/tmp/file"])
            #expect(written == "x")
        }
        try docker(["volume", "rm", volume])
    }

    @Test func nothingIsReadOfWhatIsNotThere() async throws {
        try await withContainer("true", start: false) { engine, container in
            await #expect(throws: EngineError.self) { _ = try await engine.archive(of: "/nothing", in: container) }
            await #expect(throws: EngineError.self) {
                _ = try await engine.archive(of: "/", in: ContainerID("nobody"))
            }
        }
    }
}

@Suite(.enabled(if: TestEngine.isGiven), .timeLimit(.minutes(2))) struct ContextTests {
    private func build(
        _ context: BuildContext, _ change: (inout BuildOptions) -> Void = { _ in }
    ) async throws -> (output: String, image: String?) {
        let engine = try TestEngine.make()
        _ = try await engine.connect()
        var options = BuildOptions()
        options.dockerfile = context.dockerfile
        options.noCache = true
        change(&options)
        var (output, image) = ("", String?.none)
        do {
            for try await batch in try await engine.build(Upload(context.tar), options) {
                output += batch.map(\.output).joined()
                image = batch.last { $0.outcome?.id != nil }?.outcome?.id ?? image
            }
        } catch {
            await engine.shutdown()
            throw error
        }
        if let image { _ = try await engine.removeImage(image, force: true) }
        await engine.shutdown()
        return (output, image)
    }

    @Test func aFolderIsBuiltWithoutWhatItIgnores() async throws {
        let scratch = Scratch()
        scratch.sh(
            """
            mkdir -p sub/deep && echo 1 >sub/deep/kept && echo 2 >sub/gone && ln -s deep/kept sub/link && chmod 751 sub/deep
            printf 'sub/*\\n!sub/deep\\n!sub/link\\nDockerfile\\n.dockerignore\\n' >.dockerignore
            printf 'FROM demo/busybox:1.35\\nCOPY . /c\\nRUN cd /c && find . | sort && stat -c %%a:%%u sub/deep && cat sub/link\\n' >Dockerfile
            """)
        let (output, image) = try await build(try BuildContext(folder: scratch.path))
        #expect(image != nil)
        // The Engine has taken its own files out, as the ignore file says.
        #expect(output.contains("\n.\n./sub\n./sub/deep\n./sub/deep/kept\n./sub/link\n751:0\n1\n"))
    }

    @Test func aDockerfileOfElsewhereLeavesNoTrace() async throws {
        let scratch = Scratch()
        scratch.sh(
            "mkdir context && echo 1 >context/one && "
                + "printf 'FROM demo/busybox:1.35\\nCOPY . /c\\nRUN ls -A /c\\n' >elsewhere.Dockerfile")
        let context = try BuildContext(
            folder: scratch.path + "/context", dockerfile: scratch.path + "/elsewhere.Dockerfile")
        let output = try await build(context).output
        #expect(output.contains("\none\n"))
        #expect(!output.split(separator: "\n").contains(".dockerignore"))
        #expect(!output.split(separator: "\n").contains { $0.hasPrefix(".dockerfile.") })
    }

    @Test func aContextThatCannotBeReadIsNoHalfBuild() async throws {
        let scratch = Scratch()
        scratch.sh(
            "printf 'FROM demo/busybox:1.35\\nCOPY . /c\\n' >Dockerfile; n=$(printf 'd%.0s' $(seq 250)); "
                + "for i in $(seq 17); do mkdir $n && cd $n; done")
        let context = try BuildContext(folder: scratch.path)
        await #expect {
            _ = try await build(context)
        } throws: { "\($0)".hasSuffix("File name too long") }
    }
}
