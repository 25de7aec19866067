import EngineAPI

/// The newest lines that are already held, by the Engine's own timestamps.
///
/// The two streams of a container may be stamped slightly out of order, so one last time would not do: the lines of a
/// window are compared one by one.
struct LogResumePoint: Sendable {
    struct Mark: Hashable, Sendable {
        let time: Int64
        let isError: Bool
        let length: Int
    }

    private var marks: [Mark: Int] = [:]
    /// The time to ask the Engine from.
    private(set) var since: Int64?
    /// The time to ask the Engine up to, for older lines.
    private(set) var newest = Int64.min
    /// Whether a line that was already held has come again: nothing is missing before what follows.
    private(set) var joined = false
    /// Whether lines have come that are newer than all that is held, and none of those that are held before them.
    private(set) var isMissing = false

    init() {}

    /// What the lines of a batch are known by.
    init(_ batch: LogBatch) {
        for line in batch.lines {
            add(Mark(time: line.time, isError: line.source != .stdout, length: line.length))
        }
    }

    /// Where no line is held, but all from a time on are wanted.
    init(from time: Int64) {
        since = time
        joined = true
    }

    var isEmpty: Bool { since == nil }
    /// How many lines it knows.
    var count: Int { marks.values.reduce(0, +) }

    mutating func add(_ mark: Mark) {
        marks[mark, default: 0] += 1
        since = min(since ?? mark.time, mark.time)
        newest = max(newest, mark.time)
    }

    /// The lines that stand behind the held ones.
    ///
    /// The Engine sends lines in the order in which they were written. Some that stand before the first held one may be
    /// stamped after it: those are not new.
    mutating func laterLines(of batch: LogBatch) -> LogBatch {
        guard !isEmpty, !joined || !marks.isEmpty else { return batch }
        var kept = LogBatch()
        kept.bytes = batch.bytes
        kept.lines.reserveCapacity(batch.lines.count)
        for line in batch.lines {
            if take(line) {
                if !joined { kept.lines.removeAll() }
                joined = true
            } else if joined || line.time > newest {
                kept.lines.append(line)
            }
        }
        isMissing = !joined && !kept.lines.isEmpty
        return kept
    }

    /// Whether a line is one of those that are held, and not taken yet.
    private mutating func take(_ line: LogLine) -> Bool {
        let mark = Mark(time: line.time, isError: line.source != .stdout, length: line.length)
        guard let count = marks[mark] else { return false }
        marks[mark] = count > 1 ? count - 1 : nil
        return true
    }

    /// The lines that stand before the held ones, of all up to those.
    ///
    /// Two lines may look alike, of one moment and as long as each other: the held one is the later, so it is looked
    /// for from the end.
    func olderLines(of all: LogBatch) -> LogBatch {
        var point = self
        var older = all
        older.lines = all.lines.reversed().filter { !point.take($0) }.reversed()
        return older
    }
}
