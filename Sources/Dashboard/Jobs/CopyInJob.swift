import Archives
import EngineAPI

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Copies a file or a folder of this machine into a container: `docker cp`.
struct CopyInJob: Job {
    let container: ContainerID
    /// The container's name.
    let name: String
    let source: String
    /// The folder in the container.
    let folder: String
    var replaces = false
    /// The volume that it is about, where a container is but the way to it.
    var volume: BrowsedVolume?

    var title: String { "copy \(source) to \(shown(folder))" }
    var done: String { "copied \(source) to \(shown(folder))" }
    var docker: String { ShellWords.joined(["docker", "cp", "-L", source, "\(name):\(folder)"]) }
    var isWatched: Bool { true }

    private func shown(_ path: String) -> String { volume.map { "\($0.name):\($0.path(path))" } ?? "\(name):\(path)" }

    func run(on engine: Engine, tell: @escaping JobTeller) async throws -> JobOutcome {
        // A link is followed: the file is meant, whatever it is called here.
        let typed = LocalPath.expanded(source)
        guard let file = LocalPath.name(of: typed) else { throw JobError("\(source): a name is missing at its end") }
        guard let real = realpath(typed, nil) else {
            throw JobError("\(source): \(FileWriting.reason(errno))")
        }
        let path = String(cString: real)
        free(real)
        let place = ContainerPath.joined(folder, file)
        let isThere = try await isThere(place, engine)
        if isThere, !replaces {
            var again = self
            again.replaces = true
            throw JobError(
                "\(shown(place)) is there already", offer: .init(verb: "replace", noun: shown(place), job: again))
        }
        var status = Glibc.stat()
        let isFile = stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
        let total = isFile ? Int(status.st_size) : nil
        let count = TransferCount()
        let upload = Upload(
            Watched(TreeTar(of: path, as: file, count: count)) {
                await tell(.amount(done: count.figures.bytes, total: total))
            })
        do { try await engine.unpack(upload, into: folder, in: container) } catch {
            let message = Self.reason(EngineError(error).message)
            // The Engine has no way to take back what it has written.
            let isLeft = isThere ? nil : try? await Task.detached { try await self.isThere(place, engine) }.value
            throw JobError(message, left: isLeft == true ? "a part of it is in \(shown(place))" : nil)
        }
        let figures = count.figures
        return JobOutcome(
            summary: "copied \(source) to \(shown(place)) (\(figures.words))",
            notes: figures.skipped.map { "passed over: \($0)" })
    }

    /// The reason out of `Error processing tar file(exit status 1): write /a: no space left on device`.
    private static func reason(_ message: String) -> String {
        guard message.hasPrefix("Error processing tar file("), let end = message.firstRange(of: "): ") else {
            return message
        }
        return String(message[end.upperBound...])
    }

    private func isThere(_ place: String, _ engine: Engine) async throws -> Bool {
        do { _ = try await engine.stat(place, in: container) } catch EngineError.notFound { return false }
        return true
    }
}
