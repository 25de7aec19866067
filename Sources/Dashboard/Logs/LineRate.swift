import Collections

/// Log lines of a container in each of the last seconds, as far as its log is read.
struct LineRate: Sendable {
    static let bound = 60
    /// Lines in each second, the newest last.
    private(set) var seconds: Deque<Int> = []
    private var count = 0
    private var cannotBeRead = false

    /// Lines in the last whole second; nil when nobody reads the log, or nobody can.
    var latest: Int? { seconds.last }

    mutating func add(_ lines: Int) { count += lines }

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
    }

    /// Nobody reads the log any more.
    mutating func end() {
        guard count != 0 || !seconds.isEmpty || cannotBeRead else { return }
        self = LineRate()
    }
}
