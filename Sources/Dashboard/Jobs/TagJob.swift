import EngineAPI

/// Gives an image another name: `docker tag`.
struct TagJob: Job {
    /// The identity, and the name that a person knows it by.
    let image: String
    let known: String
    let name: ImageReference

    var title: String { "tag \(known) as \(name)" }
    var done: String { "\(known) is \(name) too" }
    var docker: String { "docker tag \(known) \(name)" }
    var changes: [PaneKind] { [.images] }

    func run(on engine: Engine, tell: @escaping JobTeller) async throws -> JobOutcome {
        try await engine.tag(image, as: name)
        return JobOutcome()
    }
}
