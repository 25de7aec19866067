import EngineAPI

/// Makes a volume: `docker volume create`.
struct CreateVolumeJob: Job {
    let creation: VolumeCreation

    var title: String { "create volume \(subject)" }
    var done: String { "created volume \(subject)" }
    var changes: [PaneKind] { [.volumes] }

    private var subject: String { creation.name ?? "without a name" }

    /// What looks like a secret is hidden: options hold passwords of shares.
    var docker: String {
        var words = ["docker", "volume", "create"]
        if let driver = creation.driver { words += ["--driver", driver] }
        for (name, value) in creation.options.sorted(by: { $0.key < $1.key }) {
            let parts = value.split(separator: ",", omittingEmptySubsequences: false).map { Secrets.masked(String($0)) }
            words += ["--opt", Secrets.masked("\(name)=\(parts.joined(separator: ","))")]
        }
        for (name, value) in creation.labels.sorted(by: { $0.key < $1.key }) {
            words += ["--label", value.isEmpty ? name : Secrets.masked("\(name)=\(value)")]
        }
        if let name = creation.name { words.append(name) }
        return ShellWords.joined(words)
    }

    func run(on engine: Engine, tell: @escaping JobTeller) async throws -> JobOutcome {
        if let name = creation.name {
            // The Engine would say nothing and give back the one that is there.
            var isTaken = true
            do { _ = try await engine.inspectVolume(name) } catch EngineError.notFound { isTaken = false }
            if isTaken { throw JobError("there is a volume \(name) already") }
        }
        let volume = try await engine.createVolume(creation)
        return JobOutcome(
            summary: creation.name == nil ? "created the anonymous volume \(volume.shownName)" : nil,
            notes: [volume.name] + (volume.mountpoint.isEmpty ? [] : ["at \(volume.mountpoint)"]),
            shows: .resource(.volume(volume.name)))
    }
}
