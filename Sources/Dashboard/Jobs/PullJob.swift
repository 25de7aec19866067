import EngineAPI

/// Brings an image from its registry: `docker pull`.
struct PullJob: Job {
    let image: ImageReference
    /// The button of the form that waits for the image.
    var presses: String?

    var title: String { "pull \(image)" }
    var done: String { "pulled \(image)" }
    var docker: String { "docker pull \(image)" }
    var isWatched: Bool { true }
    var changes: [PaneKind] { [.images] }

    func run(on engine: Engine, tell: @escaping JobTeller) async throws -> JobOutcome {
        let login = await RegistryLogin(of: image)
        var outcome = JobOutcome(notes: login.notes, shows: .image(named: image.description), presses: presses)
        do {
            for try await messages in try await engine.pull(image, auth: login.auth) {
                await tell(.progress(messages))
                for message in messages where message.status.hasPrefix("Status: Image is up to date") {
                    outcome.summary = "\(image) is up to date: looked it up"
                }
                outcome.notes += messages.filter { $0.status.hasPrefix("Digest: ") }.map(\.status)
            }
        } catch { throw login.explained(error) }
        return outcome
    }
}

/// What is known of the person's login at an image's registry.
struct RegistryLogin: Sendable {
    private(set) var auth: RegistryAuth?
    /// Why it could not be found out, for the journal.
    private(set) var notes: [String] = []
    private let registry: String

    /// Looks it up as the docker client does: `config.json`, and the helper programs that it names.
    init(of image: ImageReference) async {
        registry = image.registry ?? "docker.io"
        do { auth = try await RegistryCredentials().auth(for: image) } catch {
            // Many images need none: it is tried without.
            notes = ["without credentials: \(EngineError(error).message)"]
        }
    }

    /// An error in which a person finds what to do.
    func explained(_ error: any Error) -> any Error {
        let known = EngineError(error)
        let text = known.message.lowercased()
        let isRefusal = ["unauthorized", "no basic auth", "denied", "authentication required"].contains {
            text.contains($0)
        }
        guard isRefusal else { return notes.isEmpty ? error : JobError(known.message, notes: notes) }
        let login =
            auth.map { "logged in at \(registry) as \($0.username.isEmpty ? "a token" : $0.username)" }
            ?? "not logged in at \(registry): docker login \(registry) does that"
        return JobError("\(known.message) (\(login))", notes: notes)
    }
}
