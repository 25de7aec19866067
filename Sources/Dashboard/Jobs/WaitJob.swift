import EngineAPI

/// Waits until a container has ended: `docker wait`.
struct WaitJob: Job {
    let container: ContainerID
    let name: String

    var title: String { "wait for \(name)" }
    var done: String { "\(name) has ended" }
    var docker: String { "docker wait \(name)" }

    func run(on engine: Engine, tell: @escaping JobTeller) async throws -> JobOutcome {
        await tell(.status("it runs"))
        let code = try await engine.wait(container)
        return JobOutcome(summary: "\(name) ended with \(LogEvents.exit(code))", notes: ["exit code \(code)"])
    }
}
