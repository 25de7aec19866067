import Collections

/// Log lines of a container in each of the last seconds, as far as its log is read.
struct LineRate: Sendable {
    static let bound = 60
    /// Lines in each second, the newest last.
    private(set) var seconds: Deque<Int> = []
    private var count = 0
    /// Lines on the standard error in each of the last seconds.
    private var errors: Deque<Int> = []
    private var errorCount = 0
    /// So many error lines in a minute are trouble.
    static let burst = 30
    private var cannotBeRead = false

    /// Lines in the last whole second; nil when nobody reads the log, or nobody can.
    var latest: Int? { seconds.last }
    /// Lines on the standard error in the last minute.
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
