import EngineAPI

/// Makes a network: `docker network create`.
struct CreateNetworkJob: Job {
    let spec: NetworkSpec

    var title: String { "create network \(spec.name)" }
    var done: String { "created network \(spec.name)" }
    var docker: String { spec.docker }
    var changes: [PaneKind] { [.networks] }

    func run(on engine: Engine, tell: @escaping JobTeller) async throws -> JobOutcome {
        let created: CreatedNetwork
        do { created = try await engine.createNetwork(spec.creation) } catch {
            let error = EngineError(error)
            guard error.isRefusal else { throw error }
            // Which networks there are now, the list may not know yet.
            let networks = (try? await engine.networks()) ?? []
            throw JobError(error.message, plainly: NetworkWords.creating(spec, error.message, networks))
        }
        let warning = created.warning
        return JobOutcome(
            summary: warning.isEmpty ? nil : "\(done); the Engine says: \(warning)",
            notes: warning.isEmpty ? [] : ["the Engine says: \(warning)"],
            shows: .resource(.network(created.id)))
    }
}

extension JobError {
    /// A refusal in plain words, if there are any; the Engine's own then go to the journal.
    init(_ message: String, plainly words: String?) {
        self.init(words ?? message, notes: words == nil ? [] : ["the Engine says: \(message)"])
    }
}

extension EngineError {
    /// Whether the Engine answered that it does not do this.
    var isRefusal: Bool {
        switch self {
        case .notFound, .conflict, .badRequest, .server: true
        default: false
        }
    }
}
