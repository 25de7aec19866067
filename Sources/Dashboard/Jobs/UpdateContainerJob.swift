import EngineAPI

/// Gives a container other limits or another restart policy: `docker update`.
struct UpdateContainerJob: Job {
    let container: ContainerID
    let name: String
    let update: ContainerUpdate

    var title: String { "update \(name)" }
    var done: String { "updated \(name)" }
    var docker: String { ShellWords.joined(["docker", "update"] + flags + [name]) }
    var changes: [PaneKind] { [.containers] }

    private var flags: [String] {
        var flags: [String] = []
        if let memory = update.memory { flags += ["--memory", RunText.text(bytes: memory)] }
        if let swap = update.memorySwap { flags += ["--memory-swap", swap < 0 ? "-1" : RunText.text(bytes: swap)] }
        if let nanoCPUs = update.nanoCPUs { flags += ["--cpus", RunText.text(nanoCPUs: nanoCPUs)] }
        if let policy = update.restartPolicy {
            let times = policy.maximumRetryCount.map { $0 > 0 ? ":\($0)" : "" } ?? ""
            flags += ["--restart", (policy.name ?? "no") + times]
        }
        return flags
    }

    func run(on engine: Engine, tell: @escaping JobTeller) async throws -> JobOutcome {
        let warnings = try await engine.update(container, update)
        guard let first = warnings.first else { return JobOutcome() }
        return JobOutcome(
            summary: "\(done); the Engine says: \(first)", notes: warnings.map { "the Engine says: \($0)" })
    }
}
