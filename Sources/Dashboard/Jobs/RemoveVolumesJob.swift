import EngineAPI

/// Removes volumes with all that is in them: `docker volume rm`.
struct RemoveVolumesJob: Job {
    let names: [String]
    var force = false

    var title: String { "remove \(subject)" }
    var done: String { "removed \(subject)" }
    var docker: String { "docker volume rm \(force ? "--force " : "")\(ContainersJob.names(names))" }
    var changes: [PaneKind] { [.volumes] }

    private var subject: String { names.count == 1 ? "volume \(shown(names[0]))" : "\(names.count) volumes" }

    private func shown(_ name: String) -> String { VolumeSummary(name: name).shownName }

    func run(on engine: Engine, tell: @escaping JobTeller) async throws -> JobOutcome {
        var removed: [String] = []
        var failures: [(name: String, reason: String)] = []
        for (index, name) in names.enumerated() {
            if Task.isCancelled {
                guard !removed.isEmpty else { throw CancellationError() }
                throw JobError("cancelled", left: "\(removed.count) of \(names.count) were removed before")
            }
            if names.count > 1 { await tell(.status("\(index + 1) of \(names.count): \(shown(name))")) }
            do {
                try await engine.removeVolume(name, force: force)
                removed.append(name)
            } catch {
                let error = EngineError(error)
                switch error {
                case .conflict: failures.append((name, await reason(error, name, engine)))
                case .notFound, .badRequest, .server: failures.append((name, error.message))
                // Where nobody answers any more, the rest is not tried.
                default: throw error
                }
            }
        }
        let notes = removed.map { "removed \($0)" }
        guard let first = failures.first else { return JobOutcome(notes: names.count == 1 ? [] : notes) }
        let failed = failures.map { "\(shown($0.name)): \($0.reason)" }
        let text =
            names.count == 1 ? first.reason : "\(removed.count) of \(names.count) removed; \(failed[0])"
        throw JobError(text, notes: notes + failed)
    }

    /// The Engine says by whom a volume is used in numbers that nobody reads.
    private func reason(_ error: EngineError, _ name: String, _ engine: Engine) async -> String {
        guard let users = try? await engine.containers(mounting: name), !users.isEmpty else { return error.message }
        let names = users.prefix(4).map { "\($0.name) (\($0.isTemporary ? "left by a Gantry" : $0.state.name))" }
        let more = users.count > names.count ? " and \(users.count - names.count) more" : ""
        return "it is in use by \(names.joined(separator: ", "))\(more)"
    }
}
