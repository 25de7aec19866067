import EngineAPI

/// Copies a file or a folder of this machine into a volume that can be written to through no container there is: through
/// one that is made for it, and removed when it has ended, however that was.
struct CopyIntoVolumeJob: Job {
    let temporary: TemporaryContainer
    let source: String
    /// The folder in the volume.
    let folder: String
    var replaces = false

    private var copy: CopyInJob {
        let volume = BrowsedVolume(
            name: VolumeSummary(name: temporary.volume).shownName, root: TemporaryContainer.place)
        var copy = CopyInJob(
            container: temporary.id, name: temporary.name, source: source, folder: volume.inContainer(folder))
        copy.volume = volume
        copy.replaces = replaces
        return copy
    }

    var title: String { copy.title }
    var done: String { copy.done }
    var docker: String { copy.docker }
    var isWatched: Bool { true }

    func run(on engine: Engine, tell: @escaping JobTeller) async throws -> JobOutcome {
        do {
            var outcome = try await temporary.lend(on: engine) { try await copy.run(on: engine, tell: tell) }
            outcome.notes.append("through \(temporary.name), which was made for it and is removed")
            return outcome
        } catch var error as JobError {
            // What is offered instead needs a container of its own.
            if let offer = error.offer {
                var again = self
                again.replaces = true
                error.offer = .init(verb: offer.verb, noun: offer.noun, job: again)
            }
            throw error
        }
    }
}
