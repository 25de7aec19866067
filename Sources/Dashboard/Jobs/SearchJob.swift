import EngineAPI
import Terminal

/// Looks for images on Docker Hub, or on the registry that the term begins with: `docker search`.
struct SearchJob: Job {
    let term: String

    var title: String { "search for \(term)" }
    var done: String { "searched for \(term)" }
    var docker: String { "docker search \(term)" }
    var isWatched: Bool { true }

    func run(on engine: Engine, tell: @escaping JobTeller) async throws -> JobOutcome {
        let reference = ImageReference(term)
        let login = await RegistryLogin(of: reference)
        await tell(.status("asking \(reference.registry ?? "Docker Hub") …"))
        let found: [ImageSearchResult]
        do { found = try await engine.searchImages(term, auth: login.auth) } catch { throw login.explained(error) }
        guard !found.isEmpty else { return JobOutcome(summary: "nothing is called \(term)") }
        let items = found.map { result in
            let name = (reference.registry.map { "\($0)/" } ?? "") + result.name
            let mark = result.isOfficial ? "official · " : ""
            let words = result.description.isEmpty ? "" : "  \(result.description)"
            return Menu.Item(
                title: "\(name)\(words)", note: "\(mark)★ \(Units.quantity(result.stars))",
                choice: .pull(ImageReference(name)))
        }
        return JobOutcome(
            summary: "\(found.count) found for \(term)", menu: Menu(title: "Pull one of", items: items))
    }
}
