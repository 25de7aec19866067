import EngineAPI

/// Gives a container another name: `docker rename`.
struct RenameJob: Job {
    let container: ContainerID
    let name: String
    let newName: String

    var title: String { "rename \(name) to \(newName)" }
    var done: String { "\(name) is \(newName) now" }
    var docker: String { "docker rename \(name) \(newName)" }
    var changes: [PaneKind] { [.containers] }

    func run(on engine: Engine, tell: @escaping JobTeller) async throws -> JobOutcome {
        do { try await engine.rename(container, to: newName) } catch EngineError.conflict(let message) {
            // By whom: the Engine says an identity, which says nothing to a person.
            let owner = try? await engine.containers().first { message.contains($0.id.rawValue) }
            guard let owner else { throw EngineError.conflict(message) }
            throw JobError(
                "the name is taken by \(owner.name) (\(owner.image), \(owner.status))", notes: [message])
        }
        return JobOutcome()
    }
}
