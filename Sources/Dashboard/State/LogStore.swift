import Collections
import EngineAPI

/// The held lines of one log: chunks of bytes with offsets, bounded in lines and in bytes.
///
/// Lines are numbered from 0 as they arrive, older ones that are fetched later from -1 downwards; the oldest go first,
/// and the numbers of the others stay.
struct LogStore: Sendable {
    /// How much is held at most.
    struct Bounds: Sendable {
        var lines: Int
        var bytes: Int
        init(lines: Int = 20_000, bytes: Int = 16 << 20) {
            self.lines = lines
            self.bytes = bytes
        }
    }

    /// A line's text and what is known of it.
    struct Line: Sendable {
        let text: ArraySlice<UInt8>
        /// Nanoseconds since 1970, as the Engine stamped it.
        let time: Int64
        let isError: Bool
    }

    private struct Chunk {
        var bytes: [UInt8]
        var lines: [LogLine]
        /// The number of the first line.
        let first: Int
        var end: Int { first + lines.count }
        var size: Int { bytes.count + lines.count * MemoryLayout<LogLine>.stride }
    }

    /// Small batches are put together up to this size; larger ones are kept as they came.
    private static let chunkBytes = 64 << 10

    let bounds: Bounds
    private var chunks: Deque<Chunk> = []
    /// The number of the oldest held line.
    private(set) var first = 0
    /// The number the next line gets.
    private(set) var end = 0
    /// The bytes held, texts and line records.
    private(set) var bytes = 0

    init(bounds: Bounds = Bounds()) { self.bounds = bounds }

    var count: Int { end - first }
    var isEmpty: Bool { end == first }
    /// How many lines made room for newer ones.
    private(set) var dropped = 0

    /// Adds the lines of a batch, and lets the oldest go where a bound asks for it.
    mutating func append(_ batch: LogBatch) {
        guard !batch.lines.isEmpty else { return }
        let size = batch.bytes.count + batch.lines.count * MemoryLayout<LogLine>.stride
        if let last = chunks.indices.last, chunks[last].size + size <= Self.chunkBytes {
            let shift = UInt32(chunks[last].bytes.count)
            chunks[last].bytes.append(contentsOf: batch.bytes)
            chunks[last].lines.append(
                contentsOf: batch.lines.lazy.map { $0.moved(by: shift) })
        } else {
            chunks.append(Chunk(bytes: batch.bytes, lines: batch.lines, first: end))
        }
        end += batch.lines.count
        bytes += size
        trim()
    }

    /// Adds lines that are older than all that are held.
    /// - Returns: Whether there was room; when not, nothing is added: newer lines do not go for older ones.
    mutating func prepend(_ batch: LogBatch) -> Bool {
        let size = batch.bytes.count + batch.lines.count * MemoryLayout<LogLine>.stride
        guard dropped == 0, count + batch.lines.count <= bounds.lines, bytes + size <= bounds.bytes else {
            return false
        }
        guard !batch.lines.isEmpty else { return true }
        chunks.prepend(Chunk(bytes: batch.bytes, lines: batch.lines, first: first - batch.lines.count))
        first -= batch.lines.count
        bytes += size
        return true
    }

    private mutating func trim() {
        let before = first
        defer { dropped += first - before }
        while let oldest = chunks.first, chunks.count > 1, bytes > bounds.bytes || end - oldest.end >= bounds.lines {
            bytes -= oldest.size
            chunks.removeFirst()
        }
        first = max(end - bounds.lines, chunks.first?.first ?? end)
    }

    /// The line with a number from ``first`` up to ``end``, or nil when it is not held.
    subscript(number: Int) -> Line? {
        guard number >= first, number < end, let chunk = chunk(of: number) else { return nil }
        let line = chunk.lines[number - chunk.first]
        let start = Int(line.start)
        return Line(
            text: chunk.bytes[start..<start + line.length], time: line.time, isError: line.source != .stdout)
    }

    private func chunk(of number: Int) -> Chunk? {
        var low = 0
        var high = chunks.count
        while low < high {
            let middle = (low + high) / 2
            if chunks[middle].end <= number { low = middle + 1 } else { high = middle }
        }
        return low < chunks.count ? chunks[low] : nil
    }

    /// What the oldest lines are known by, to fetch what was before them without a hole or a double.
    func olderPoint(window: Int = 256) -> LogResumePoint {
        var point = LogResumePoint()
        var number = first
        var newer = 0
        while let line = self[number], number - first < window || newer < 1_024 {
            let inWindow = number - first < window
            if inWindow || line.time <= point.newest {
                point.add(LogResumePoint.Mark(time: line.time, isError: line.isError, length: line.text.count))
                newer = 0
            } else {
                newer += 1
            }
            number += 1
        }
        return point
    }

    /// What the newest lines are known by, to go on after them without a hole or a double.
    func resumePoint(window: Int = 1_024) -> LogResumePoint {
        var point = LogResumePoint()
        var number = end - 1
        var older = 0
        // Lines before the window may be stamped after its beginning: those count too, and they are near.
        while let line = self[number], end - number <= window || older < 1_024 {
            let inWindow = end - number <= window
            if inWindow || line.time >= point.since ?? .max {
                point.add(LogResumePoint.Mark(time: line.time, isError: line.isError, length: line.text.count))
                older = 0
            } else {
                older += 1
            }
            number -= 1
        }
        return point
    }
}

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

    init() {}

    var isEmpty: Bool { since == nil }

    mutating func add(_ mark: Mark) {
        marks[mark, default: 0] += 1
        since = min(since ?? mark.time, mark.time)
        newest = max(newest, mark.time)
    }

    /// Leaves out the lines that are already held.
    mutating func newLines(of batch: LogBatch) -> LogBatch {
        guard !marks.isEmpty else { return batch }
        var kept = LogBatch()
        kept.bytes = batch.bytes
        kept.lines.reserveCapacity(batch.lines.count)
        for line in batch.lines {
            let mark = Mark(time: line.time, isError: line.source != .stdout, length: line.length)
            if let count = marks[mark] {
                marks[mark] = count > 1 ? count - 1 : nil
                joined = true
            } else {
                kept.lines.append(line)
            }
        }
        return kept
    }
}

/// What is known of the lines before the oldest held one.
enum OlderLines: Sendable, Hashable {
    /// There may be some: they are fetched when one scrolls up to them.
    case unknown
    /// The oldest held line is the log's first.
    case start
    /// There is no room for them.
    case full
    case failed(EngineError)
}

/// The log that is followed for the selected container.
struct FollowedLog: Sendable {
    enum Phase: Sendable, Hashable {
        case opening
        case following
        case ended
        case failed(EngineError, retrying: Bool)
    }

    let container: ContainerID
    var store: LogStore
    var phase: Phase = .opening
    var driver = ""
    /// The number of the last line on the screen, or nil while following the newest.
    var anchor: Int?
    /// Columns scrolled to the right.
    var column = 0
    /// What is known of the lines before the oldest held one.
    var older = OlderLines.unknown
    /// Numbers of lines before which something may be missing.
    var gaps: [Int] = []

    init(container: ContainerID, bounds: LogStore.Bounds = .init()) {
        self.container = container
        self.store = LogStore(bounds: bounds)
    }

    var following: Bool { anchor == nil }
    /// Lines that arrived after the last one on the screen.
    var unseen: Int { anchor.map { store.end - 1 - $0 } ?? 0 }
}
