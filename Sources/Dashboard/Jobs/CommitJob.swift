import EngineAPI

/// Makes an image of a container: `docker commit`.
struct CommitJob: Job {
    let container: ContainerID
    let name: String
    let options: CommitOptions

    var title: String { "commit \(name)\(options.image.map { " as \($0)" } ?? "")" }
    var done: String { "committed \(name)\(options.image.map { " as \($0)" } ?? "")" }
    var changes: [PaneKind] { [.images] }

    var docker: String {
        var words = ["docker", "commit"]
        if !options.message.isEmpty { words += ["-m", options.message] }
        if !options.author.isEmpty { words += ["-a", options.author] }
        if !options.pauses { words.append("--pause=false") }
        words.append(name)
        if let image = options.image { words.append(image.description) }
        return ShellWords.joined(words)
    }

    func run(on engine: Engine, tell: @escaping JobTeller) async throws -> JobOutcome {
        let id = try await engine.commit(container, options)
        let short = (id.split(separator: ":").last ?? "").prefix(12)
        return JobOutcome(
            summary: "\(done) (\(short))", notes: [id],
            shows: options.image.map { .image(named: $0.description) } ?? .resource(.image(id)))
    }
}
