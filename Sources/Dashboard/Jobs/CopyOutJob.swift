import Archives
import EngineAPI

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Copies a file or a folder out of a container: `docker cp`.
struct CopyOutJob: Job {
    let container: ContainerID
    /// The container's name.
    let name: String
    let path: String
    /// Whether what it leads to is meant, not the link.
    var followsLink = false
    /// Where to on this machine: a folder that is there, or a new name.
    let target: String
    var replaces = false
    /// The volume that it is about, where a container is but the way to it.
    var volume: BrowsedVolume?
    /// The container that was made for it, and the number under which.
    var temporary: (TemporaryContainer, number: Int)?

    var title: String { "copy \(shown) to \(target)" }
    var done: String { "copied \(shown) to \(target)" }
    var docker: String {
        ShellWords.joined(["docker", "cp"] + (followsLink ? ["-L"] : []) + ["\(name):\(path)", target])
    }
    var isWatched: Bool { true }
    var holds: (TemporaryContainer, number: Int)? { temporary }

    private var shown: String { volume.map { "\($0.name):\($0.path(path))" } ?? "\(name):\(path)" }

    func run(on engine: Engine, tell: @escaping JobTeller) async throws -> JobOutcome {
        var source = path
        var stat = try await engine.stat(path, in: container)
        if followsLink, stat.kind == .link, !stat.linkTarget.isEmpty {
            source = stat.linkTarget
            if let volume, !volume.holds(source) {
                throw JobError("\(shown) leads out of the volume, to \(source): nothing was copied")
            }
            stat = try await engine.stat(source, in: container)
        }
        if stat.kind == .special { throw JobError("\(path) is a device, a fifo or a socket: there is nothing to copy") }
        let place = try Place(target, for: ContainerPath.name(path) == "/" ? "root" : ContainerPath.name(path))
        if place.isTaken, !replaces { throw taken(place, isFolder: stat.kind == .folder) }

        let count = TransferCount()
        let total = stat.kind == .file ? stat.size : nil
        let (_, tar) = try await engine.archive(of: source, in: container)
        let extractor: TarExtractor
        do {
            // The names in it begin with that of what was asked for; of the root they have none.
            extractor = try TarExtractor(
                into: place.folder, as: place.name, stripping: source == "/" ? 0 : 1, replaces: replaces, count: count)
        } catch let error as ArchiveError {
            tar.close()
            throw JobError(error.message)
        }
        do {
            var told = 0
            for try await bytes in tar {
                try extractor.take(bytes)
                let done = count.figures.bytes
                if done - told >= 1 << 20 {
                    told = done
                    await tell(.amount(done: done, total: total))
                }
            }
            try Task.checkCancellation()
            try extractor.finish()
        } catch {
            let message = (error as? ArchiveError)?.message ?? EngineError(error).message
            // What nobody had before is taken away as a whole; among what was there before, what is whole stays.
            guard place.isTaken else {
                extractor.removeAll()
                throw JobError(message)
            }
            extractor.abandon()
            let files = count.figures.files
            guard files > 0 else { throw JobError(message) }
            throw JobError(message, left: "\(files) file\(files == 1 ? "" : "s") had been copied to \(place.path)")
        }
        let figures = count.figures
        let skipped = figures.skippedCount > 0 ? ", \(figures.skippedCount) passed over: see the journal (J)" : ""
        return JobOutcome(
            summary: "copied \(shown) to \(place.path) (\(figures.words)\(skipped))",
            notes: figures.skipped.map { "passed over: \($0)" })
    }

    private func taken(_ place: Place, isFolder: Bool) -> JobError {
        var again = self
        again.replaces = true
        return JobError(
            "\(place.path) is there already" + (isFolder ? ": files of the same names in it would be replaced" : ""),
            offer: .init(verb: isFolder ? "write into" : "replace", noun: place.path, job: again))
    }

    /// Where something goes on this machine.
    struct Place {
        let folder: String
        let name: String
        /// Whether there is something by that name.
        let isTaken: Bool

        var path: String { folder == "." ? name : folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)" }

        /// Finds out what a path means: in a folder that is there things keep their name, else it is a new one.
        init(_ typed: String, for name: String) throws {
            let target = LocalPath.expanded(typed)
            var status = Glibc.stat()
            if stat(target, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
                folder = target
                self.name = name
            } else {
                guard !target.hasSuffix("/"), let last = LocalPath.name(of: target) else {
                    throw JobError("there is no folder \(typed) on this machine")
                }
                let parent = String(target.dropLast(last.utf8.count))
                folder =
                    parent.isEmpty
                    ? "." : parent.count > 1 && parent.hasSuffix("/") ? String(parent.dropLast()) : parent
                self.name = last
                guard stat(folder, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
                    throw JobError("there is no folder \(folder) on this machine")
                }
            }
            let place = folder.hasSuffix("/") ? folder + self.name : "\(folder)/\(self.name)"
            isTaken = lstat(place, &status) == 0
        }
    }
}
