import EngineAPI

/// Lists a folder of a container.
///
/// The Engine has no call for it. A container that runs and has `find` and `stat` tells at the price of a directory;
/// of any other an archive of the folder is read, with all that is in it, as far as is reasonable.
struct FileLister: Sendable {
    /// Names at most.
    static let mostFiles = 10_000
    /// Bytes that `find` may print.
    static let mostPrinted = 4 << 20
    /// Bytes of an archive that are read to see what is in it, at first.
    static let mostRead = 64 << 20

    let engine: Engine
    let container: ContainerID
    let path: String
    let isRunning: Bool
    /// Bytes of an archive that are read at most.
    var mostRead = Self.mostRead

    /// Lists it; `tell` hears how many bytes have been read for it.
    func list(_ tell: @Sendable (Int) async -> Void) async throws -> FileListing {
        var complaint = ""
        if isRunning {
            do {
                let (listing, said) = try await find()
                if let listing { return listing }
                complaint = said
            } catch EngineError.cancelled { throw EngineError.cancelled } catch {
                // Paused, just ended, without such a program: the archive tells all the same.
            }
        }
        do { return try await read(tell) } catch EngineError.notFound(let text) {
            // What is mounted in the running container is seen from within only.
            let reason = complaint.split(whereSeparator: \.isNewline).last.map(String.init) ?? ""
            guard reason.hasPrefix("find: ") else { throw EngineError.notFound(text) }
            throw EngineError.notFound(String(reason.dropFirst(6)))
        }
    }

    // MARK: From within

    private func find() async throws -> (FileListing?, String) {
        let folder = path == "/" ? "/" : path + "/"
        var request = ExecRequest([
            "find", folder, "-maxdepth", "1", "-exec", "stat", "-c", FoundFiles.format, "{}", "+",
        ])
        request.tty = false
        // As the archive has it: root sees everything.
        request.user = "0"
        request.environment = ["LC_ALL=C", "QUOTING_STYLE=literal"]
        let exec = try await engine.createExec(container, request)
        let connection = try await engine.startExec(exec, tty: false)
        defer { connection.close() }
        var output = MultiplexedOutput()
        var found = FoundFiles(in: folder)
        var count = 0
        while let bytes = try await connection.next() {
            let printed = try output.decode(bytes)
            count += printed.count
            found.take(printed)
            if found.files.count >= Self.mostFiles || count > Self.mostPrinted {
                return (
                    FileListing(
                        Array(found.files.prefix(Self.mostFiles)), way: .exec,
                        cut: "there are more: only \(Units.count(min(found.files.count, Self.mostFiles))) are listed"),
                    ""
                )
            }
        }
        guard found.hasFolder else { return (nil, found.complaint) }
        return (FileListing(found.files, way: .exec), "")
    }

    // MARK: From the archive

    private func read(_ tell: @Sendable (Int) async -> Void) async throws -> FileListing {
        let (_, tar) = try await engine.archive(of: path == "/" ? "/." : path + "/.", in: container)
        var found = ArchivedFiles()
        var (count, told) = (0, 0)
        for try await bytes in tar {
            count += bytes.count
            try found.take(bytes)
            if count - told > 4 << 20 {
                told = count
                await tell(count)
            }
            guard found.files.count < Self.mostFiles else {
                return FileListing(found.files, way: .archive, cut: "there may be more: only these are listed")
            }
            guard count < mostRead else {
                return FileListing(
                    found.files, way: .archive,
                    cut: "there may be more: \(Units.bytes(Double(count))) of it were read; + reads on")
            }
        }
        return FileListing(found.files, way: .archive)
    }
}
