import EngineAPI

/// Takes names from images, and removes those that have no other: `docker rmi`.
struct RemoveImagesJob: Job {
    /// Names; identities of those that have none.
    let names: [String]
    let force: Bool

    var title: String { "remove \(subject)" }
    var done: String { "removed \(subject)" }
    var docker: String { "docker rmi \(force ? "--force " : "")\(ContainersJob.names(names))" }
    var changes: [PaneKind] { [.images] }

    private var subject: String { names.count == 1 ? names[0] : "\(names.count) images" }

    func run(on engine: Engine, tell: @escaping JobTeller) async throws -> JobOutcome {
        var untagged: [String] = []
        var deleted: [String] = []
        var failures: [(name: String, reason: String, helpsForce: Bool)] = []
        for (index, name) in names.enumerated() {
            try Task.checkCancellation()
            if names.count > 1 { await tell(.status("\(index + 1) of \(names.count): \(name)")) }
            do {
                let removal = try await engine.removeImage(name, force: force)
                untagged += removal.untagged
                deleted += removal.deleted
            } catch {
                let error = EngineError(error)
                // Where nobody answers any more, the rest is not tried.
                if case .conflict = error {} else if case .notFound = error {} else { throw error }
                failures.append((name, error.message, !force && error.message.contains("must ")))
            }
        }
        let notes = untagged.map { "untagged \($0)" } + deleted.map { "deleted \($0)" }
        guard let first = failures.first else {
            return JobOutcome(summary: summary(untagged, deleted), notes: notes)
        }
        let failed = failures.map { "\($0.name): \($0.reason)" }
        let helped = failures.filter(\.helpsForce).map(\.name)
        let offer =
            helped.isEmpty
            ? nil
            : JobError.Offer(
                verb: "remove with force", noun: helped.count == 1 ? helped[0] : "\(helped.count) images",
                job: RemoveImagesJob(names: helped, force: true))
        let text =
            names.count == 1
            ? first.reason : "\(names.count - failures.count) of \(names.count) removed; \(failed[0])"
        throw JobError(text, notes: notes + failed, offer: offer)
    }

    private func summary(_ untagged: [String], _ deleted: [String]) -> String {
        guard deleted.isEmpty else {
            let layers = "\(deleted.count) layer\(deleted.count == 1 ? "" : "s")"
            return "\(done), \(layers) gone"
        }
        return "untagged \(subject): the image stays under its other names"
    }
}
