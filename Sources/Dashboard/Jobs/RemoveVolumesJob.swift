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
        var sum = SeveralSum(verb: "removed", names.count)
        for (index, name) in names.enumerated() {
            try sum.checkCancellation()
            if names.count > 1 { await tell(.status("\(index + 1) of \(names.count): \(shown(name))")) }
            do {
                try await engine.removeVolume(name, force: force)
                sum.note("removed \(name)")
            } catch {
                let error = EngineError(error)
                guard error.isRefusal else { throw sum.broken(shown(name), error) }
                var message = error.message
                if case .conflict = error { message = await reason(error, name, engine) }
                sum.fail(shown(name), message)
            }
        }
        try sum.throwFailures()
        return JobOutcome(notes: names.count == 1 ? [] : sum.notes)
    }

    /// The Engine says by whom a volume is used in numbers that nobody reads.
    private func reason(_ error: EngineError, _ name: String, _ engine: Engine) async -> String {
        guard let users = try? await engine.containers(mounting: name), !users.isEmpty else { return error.message }
        let names = users.prefix(4).map { "\($0.name) (\($0.isTemporary ? "left by a Gantry" : $0.state.name))" }
        let more = users.count > names.count ? " and \(users.count - names.count) more" : ""
        return "it is in use by \(names.joined(separator: ", "))\(more)"
    }
}
