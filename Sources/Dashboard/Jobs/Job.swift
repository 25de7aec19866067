import EngineAPI

/// Something asked of an Engine that may last: a pull, a build, a copy; or one that is over at once, as a tag.
///
/// Each kind is a type of its own. The journal, the progress on the screen and cancelling are the same for all.
protocol Job: Sendable {
    /// For example `pull nginx:latest`.
    var title: String { get }
    /// What is said when it went well, for example `pulled nginx:latest`.
    var done: String { get }
    /// The docker command that does the same.
    var docker: String { get }
    /// Whether one watches it: its progress is shown from the start.
    var isWatched: Bool { get }
    /// The lists that are asked for anew when it has ended, however that was.
    var changes: [PaneKind] { get }
    /// The temporary container that is kept while it runs, with the number that it was made under.
    var holds: (TemporaryContainer, number: Int)? { get }
    /// Does it. Cancelled with its task, which it notices, and leaves nothing half-made behind without saying so.
    /// - Throws: `EngineError`, or ``JobError`` in words of its own.
    func run(on engine: Engine, tell: @escaping JobTeller) async throws -> JobOutcome
}

extension Job {
    var isWatched: Bool { false }
    var changes: [PaneKind] { [] }
    var holds: (TemporaryContainer, number: Int)? { nil }
}

/// Takes what a job has to say while it lasts.
typealias JobTeller = @Sendable (JobNews) async -> Void

/// What a job has to say while it lasts.
enum JobNews: Sendable {
    /// What the Engine says of it.
    case progress([ProgressMessage])
    /// Bytes that have been sent or written, of so many.
    case amount(done: Int, total: Int?)
    /// What is going on, in a few words.
    case status(String)
    /// So many of several things are done.
    case count(done: Int, of: Int)
    /// Something is being done to one container of several, and how that ended.
    case began(ContainerID)
    case ended(ContainerID, EngineError?)
}

/// What came of a job that went well.
struct JobOutcome: Sendable {
    /// What is said instead of the job's own `done`.
    var summary: String?
    /// What the journal keeps of it.
    var notes: [String] = []
    /// What is selected afterwards, where nobody has gone on to something else.
    var shows: Shown?
    /// What one may choose from afterwards.
    var menu: Menu?
    /// The button of the form below that is pressed afterwards: it waited for this.
    var presses: String?

    enum Shown: Sendable, Hashable {
        case resource(ResourceID)
        /// An image by a name of it.
        case image(named: String)
    }
}

/// Why a job went wrong, where that is not an error of the Engine.
struct JobError: Error, Sendable {
    let message: String
    /// What the journal keeps of it.
    var notes: [String] = []
    /// What would help, to be asked about.
    var offer: Offer?
    /// What was done before it went wrong and is still there, to be said when it was cancelled too.
    var left: String?

    /// Another job that may be started after a question.
    struct Offer: Sendable {
        /// What it does, and to what: `replace`, `/tmp/web.tar`.
        let verb: String
        let noun: String
        let job: any Job
    }

    init(_ message: String, notes: [String] = [], offer: Offer? = nil, left: String? = nil) {
        self.message = left.map { "\(message); \($0)" } ?? message
        self.left = left
        self.notes = notes
        self.offer = offer
    }
}
