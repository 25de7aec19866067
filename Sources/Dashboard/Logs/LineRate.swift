import Collections
import EngineAPI

/// Log lines of a container in each of the last seconds, as far as its log is read.
struct LineRate: Sendable {
    static let bound = 60
    /// Lines in each second, the newest last.
    private(set) var seconds: Deque<Int> = []
    private var count = 0
    /// Error lines in each of the last seconds.
    private var errors: Deque<Int> = []
    private var errorCount = 0
    /// So many error lines in a minute are trouble.
    static let burst = 30
    private var cannotBeRead = false

    /// Lines in the last whole second; nil when nobody reads the log, or nobody can.
    var latest: Int? { seconds.last }
    /// Error lines in the last minute.
    private(set) var errorsLately = 0

    mutating func add(_ lines: Int, errors: Int = 0) {
        count += lines
        errorCount += errors
        errorsLately += errors
    }

    /// The log cannot be read: that is not the same as no lines.
    mutating func fail() {
        self = LineRate()
        cannotBeRead = true
    }

    /// A second is over.
    mutating func turn() {
        guard !cannotBeRead else { return }
        if seconds.count == Self.bound { seconds.removeFirst() }
        seconds.append(count)
        count = 0
        if errors.count == Self.bound { errorsLately -= errors.removeFirst() }
        errors.append(errorCount)
        errorCount = 0
    }

    /// Nobody reads the log any more.
    mutating func end() {
        guard count != 0 || !seconds.isEmpty || cannotBeRead else { return }
        self = LineRate()
    }
}

extension LogBatch {
    /// Of a batch only so many lines are looked at: the newest.
    private static let lookedAt = 200

    /// How many of its lines are errors: what says so, and what came on the standard error and says nothing. Many
    /// programs write all they have to say there, with its level.
    var errorLines: Int {
        lines.suffix(Self.lookedAt).count { line in
            switch LogLevel.find(in: text(of: line))?.level {
            case .error: true
            case nil: line.source == .stderr
            default: false
            }
        }
    }
}
