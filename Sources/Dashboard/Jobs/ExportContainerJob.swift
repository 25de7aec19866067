import EngineAPI

/// Writes the file system of a container to a tar: `docker export`.
struct ExportContainerJob: FileJob {
    let container: ContainerID
    let name: String
    let path: String
    var replaces = false

    var title: String { "export \(name) to \(path)" }
    var done: String { "exported \(name) to \(path)" }
    var docker: String { ShellWords.joined(["docker", "export", "-o", path, name]) }
    var isWatched: Bool { true }

    func run(on engine: Engine, tell: @escaping JobTeller) async throws -> JobOutcome {
        let count = try await writing(tell) { try await engine.export(container) }
        return JobOutcome(summary: "exported \(name) to \(path) (\(Units.bytes(Double(count))))")
    }
}
