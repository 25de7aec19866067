import EngineAPI

/// Writes the file system of a container to a tar: `docker export`.
struct ExportContainerJob: Job {
    let container: ContainerID
    let name: String
    let path: String
    var replaces = false

    var title: String { "export \(name) to \(path)" }
    var done: String { "exported \(name) to \(path)" }
    var docker: String { ShellWords.joined(["docker", "export", "-o", path, name]) }
    var isWatched: Bool { true }

    func run(on engine: Engine, tell: @escaping JobTeller) async throws -> JobOutcome {
        do {
            let count = try await FileWriting.write(
                try await engine.export(container), to: path, replaces: replaces, tell: tell)
            return JobOutcome(summary: "exported \(name) to \(path) (\(Units.bytes(Double(count))))")
        } catch let error as FileIsThere {
            var again = self
            again.replaces = true
            throw JobError("\(error.path) is there already", offer: .init(verb: "replace", noun: path, job: again))
        }
    }
}
