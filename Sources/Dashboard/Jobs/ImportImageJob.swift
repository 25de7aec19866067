import EngineAPI

/// Makes an image of one layer from a tar of files: `docker import`.
struct ImportImageJob: Job {
    let path: String
    let name: ImageReference?
    var message = ""
    var changes: [PaneKind] { [.images] }
    /// Instructions of a Dockerfile.
    var instructions: [String] = []

    var title: String { "import \(path)" }
    var done: String { "imported \(path)" }
    var docker: String {
        let flags =
            instructions.map { "--change \(ShellWords.quoted($0)) " }.joined()
            + (message.isEmpty ? "" : "--message \(ShellWords.quoted(message)) ")
        return "docker import \(flags)\(path)" + (name.map { " \($0)" } ?? "")
    }
    var isWatched: Bool { true }

    func run(on engine: Engine, tell: @escaping JobTeller) async throws -> JobOutcome {
        let tar = Upload(file: FileWriting.absolute(path))
        var id: String?
        for try await messages in try await engine.importImage(
            tar, as: name, message: message.isEmpty ? nil : message, changes: instructions)
        {
            await tell(.progress(messages))
            id = messages.last { $0.status.hasPrefix("sha256:") }?.status ?? id
        }
        let shown = id.map { JobOutcome.Shown.resource(.image($0)) }
        return JobOutcome(summary: "imported \(name?.description ?? id.map(shortID) ?? path)", shows: shown)
    }
}
