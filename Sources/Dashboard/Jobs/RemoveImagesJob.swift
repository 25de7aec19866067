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
        var sum = SeveralSum(verb: "removed", names.count)
        var untagged: [String] = []
        var deleted: [String] = []
        var helped: [String] = []
        for (index, name) in names.enumerated() {
            try sum.checkCancellation()
            if names.count > 1 { await tell(.status("\(index + 1) of \(names.count): \(name)")) }
            do {
                let removal = try await engine.removeImage(name, force: force)
                untagged += removal.untagged
                deleted += removal.deleted
                for untagged in removal.untagged { sum.note("untagged \(untagged)") }
                for deleted in removal.deleted { sum.note("deleted \(deleted)") }
            } catch {
                let error = EngineError(error)
                guard error.isRefusal else { throw sum.broken(name, error) }
                sum.fail(name, error.message)
                if !force, error.message.contains("must ") { helped.append(name) }
            }
        }
        let offer =
            helped.isEmpty
            ? nil
            : JobError.Offer(
                verb: "remove with force", noun: helped.count == 1 ? helped[0] : "\(helped.count) images",
                job: RemoveImagesJob(names: helped, force: true))
        try sum.throwFailures(offer: offer)
        return JobOutcome(summary: summary(untagged, deleted), notes: sum.notes)
    }

    private func summary(_ untagged: [String], _ deleted: [String]) -> String {
        guard deleted.isEmpty else {
            let layers = "\(deleted.count) layer\(deleted.count == 1 ? "" : "s")"
            return "\(done), \(layers) gone"
        }
        return "untagged \(subject): the image stays under its other names"
    }
}
