import EngineAPI

/// Brings an image to its registry: `docker push`.
struct PushJob: Job {
    let image: ImageReference

    var title: String { "push \(image)" }
    var done: String { "pushed \(image)" }
    var docker: String { "docker push \(image)" }
    var isWatched: Bool { true }

    func run(on engine: Engine, tell: @escaping JobTeller) async throws -> JobOutcome {
        let login = await RegistryLogin(of: image)
        var outcome = JobOutcome(notes: login.notes)
        do {
            for try await messages in try await engine.push(image, auth: login.auth) {
                await tell(.progress(messages))
                for case let result? in messages.map(\.outcome) {
                    guard let digest = result.digest else { continue }
                    outcome.notes.append("digest \(digest)" + (result.size.map { ", manifest of \($0) bytes" } ?? ""))
                }
            }
        } catch { throw login.explained(error) }
        return outcome
    }
}
