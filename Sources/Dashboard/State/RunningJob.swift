import EngineAPI
import FoundationEssentials

/// A job that was started, until long after it has ended: what it printed can be read again.
struct RunningJob: Sendable {
    enum Phase: Sendable, Hashable {
        case running
        /// It was told to stop and has not yet.
        case cancelling
        case done(String)
        case failed(String)
        case cancelled
    }

    /// How many that have ended are kept.
    static let bound = 20

    /// The number of its entry in the journal.
    let id: Int
    let engine: EngineID
    let job: any Job
    let since: Date
    var ended: Date?
    var phase = Phase.running
    var progress = JobProgress()
    /// The first line of what it printed that is shown; nil follows the last.
    var scroll: Int?

    var isRunning: Bool { ended == nil }
}
