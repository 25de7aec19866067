import Collections
import EngineAPI

/// The held lines of one log: chunks of bytes with offsets, bounded in lines and in bytes.
///
/// Lines are numbered from 0 as they arrive, older ones that are fetched later from -1 downwards; the oldest go first,
/// and the numbers of the others stay. The containers of a merged log, and what happens to them, stand in the order of
/// the Engine's times: what arrives a little late is put where it belongs, and what stood behind it is numbered anew.
struct LogStore: Sendable {
    /// How much is held at most.
    struct Bounds: Sendable, Hashable {
        var lines: Int
        /// Texts and what is noted of each line.
        var bytes: Int
        init(lines: Int = 100_000, bytes: Int = 32 << 20) {
            self.lines = lines
            self.bytes = bytes
        }
    }

    /// A line's text and what is known of it.
    struct Line: Sendable {
        let text: ArraySlice<UInt8>
        /// Nanoseconds since 1970, as the Engine stamped it.
        let time: Int64
        let kind: LogLines.Kind
        let origin: Int
        let continued: Bool
        var isError: Bool { kind == .stderr || kind == .engine }
        var isEvent: Bool { kind == .event }
    }

    private struct Chunk {
        var lines: LogLines
        /// The number of the first line.
        var first: Int
        var end: Int { first + lines.count }
    }

    /// Small batches are put together up to this size; larger ones are kept as they came.
    private static let chunkBytes = 64 << 10

    /// How much is held; what is over it goes at once.
    var bounds: Bounds {
        didSet { trim() }
    }
    private var chunks: Deque<Chunk> = []
    /// The number of the oldest held line.
    private(set) var first = 0
    /// The number the next line gets.
    private(set) var end = 0
    /// The bytes held, texts and line records.
    private(set) var bytes = 0
    /// How many lines made room for newer ones.
    private(set) var dropped = 0
    /// How many of the held lines are events.
    private(set) var events = 0

    init(bounds: Bounds = Bounds()) { self.bounds = bounds }

    var count: Int { end - first }
    var isEmpty: Bool { end == first }

    // MARK: Adding

    /// Adds lines where their times belong, and lets the oldest go where a bound asks for it.
    ///
    /// A log that is gone on with after a while brings many late lines at once: no limit says how far back they may go.
    /// - Returns: the number of the first line that is not what it was: the old end, or less when a line came late.
    @discardableResult
    mutating func append(_ new: LogLines) -> Int {
        let place = place(of: new)
        if place < end {
            var later = cut(from: place)
            var new = new
            later.moveStarts(into: &new)
            // In pieces: whole chunks go when there is no more room, and one of all lines would take all of them along.
            for part in later.merged(with: new).split(Self.chunkBytes) { add(part) }
        } else {
            add(new)
        }
        trim()
        return place
    }

    /// From which number on lines change when some are added: those of other containers, and events, that are later
    /// than the first of them.
    func place(of new: LogLines) -> Int {
        guard let head = new.records.first else { return end }
        var place = end
        while place > first, let last = record(place - 1), last.time > head.time,
            last.kind == .event || head.kind == .event || last.origin != head.origin
        {
            place -= 1
        }
        return place
    }

    private mutating func add(_ lines: LogLines) {
        let size = lines.size
        if let last = chunks.indices.last, chunks[last].lines.size + size <= Self.chunkBytes {
            chunks[last].lines.append(lines)
        } else {
            if let last = chunks.indices.last { chunks[last].lines.seal() }
            chunks.append(Chunk(lines: lines, first: end))
        }
        end += lines.count
        bytes += size
        events += lines.events
    }

    /// Takes the lines from a number on out again.
    private mutating func cut(from place: Int) -> LogLines {
        var tail: [LogLines] = []
        while let last = chunks.last, last.end > place {
            chunks.removeLast()
            let kept = max(0, place - last.first)
            tail.append(last.lines[kept..<last.lines.count])
            if kept > 0 { chunks.append(Chunk(lines: last.lines[0..<kept], first: last.first)) }
        }
        var lines = LogLines()
        for part in tail.reversed() { lines.append(part) }
        end = place
        bytes -= lines.size
        events -= lines.events
        return lines
    }

    /// Adds lines that are older than all that are held.
    /// - Returns: Whether there was room; when not, nothing is added: newer lines do not go for older ones.
    mutating func prepend(_ lines: LogLines) -> Bool {
        guard dropped == 0, count + lines.count <= bounds.lines, bytes + lines.size <= bounds.bytes else {
            return false
        }
        guard !lines.isEmpty else { return true }
        chunks.prepend(Chunk(lines: lines, first: first - lines.count))
        first -= lines.count
        bytes += lines.size
        events += lines.events
        return true
    }

    private mutating func trim() {
        let before = first
        while let oldest = chunks.first, chunks.count > 1, bytes > bounds.bytes || end - oldest.end >= bounds.lines {
            removeOldest()
        }
        drop(before: max(end - bounds.lines, chunks.first?.first ?? end))
        dropped += first - before
    }

    /// Lets the lines before a time go, which are to be fetched again when somebody asks for them.
    mutating func forget(before time: Int64) {
        var kept = first
        while kept < end, let record = record(kept), record.time < time { kept += 1 }
        drop(before: kept)
        while let oldest = chunks.first, oldest.end <= first { removeOldest() }
        // What stood before those that are left must not be there either: older lines get its numbers.
        guard let oldest = chunks.first, oldest.first < first else { return }
        let left = oldest.lines[first - oldest.first..<oldest.lines.count]
        bytes -= oldest.lines.size - left.size
        chunks[0] = Chunk(lines: left, first: first)
    }

    private mutating func removeOldest() {
        guard let oldest = chunks.first else { return }
        drop(before: oldest.end)
        bytes -= oldest.lines.size
        chunks.removeFirst()
    }

    /// Lets lines go without their chunk.
    private mutating func drop(before number: Int) {
        guard number > first else { return }
        if events > 0 {
            var gone = 0
            forEachGroup(in: first..<number) { lines, part, _ in
                gone += lines.records[part].count { $0.kind == .event }
            }
            events -= gone
        }
        first = number
    }

    // MARK: Reading

    /// The line with a number from ``first`` up to ``end``, or nil when it is not held.
    subscript(number: Int) -> Line? {
        guard number >= first, number < end, let index = chunk(of: number) else { return nil }
        let chunk = chunks[index]
        let record = chunk.lines.records[number - chunk.first]
        return Line(
            text: chunk.lines.bytes[chunk.lines.range(number - chunk.first)], time: record.time, kind: record.kind,
            origin: record.origin, continued: record.continued)
    }

    /// What is known of a line without its text.
    func record(_ number: Int) -> LogLines.Record? {
        guard number >= first, number < end, let index = chunk(of: number) else { return nil }
        return chunks[index].lines.records[number - chunks[index].first]
    }

    private func chunk(of number: Int) -> Int? {
        if let last = chunks.last, number >= last.first { return chunks.count - 1 }
        var low = 0
        var high = chunks.count
        while low < high {
            let middle = (low + high) / 2
            if chunks[middle].end <= number { low = middle + 1 } else { high = middle }
        }
        return low < chunks.count ? low : nil
    }

    /// Gives the held lines of some numbers to `body`, group by group: the group, the numbers wanted of it as indices,
    /// and the number of its first line.
    func forEachGroup(in numbers: Range<Int>, _ body: (LogLines, Range<Int>, _ first: Int) throws -> Void) rethrows {
        var number = max(numbers.lowerBound, first)
        let end = min(numbers.upperBound, end)
        while number < end, let index = chunk(of: number) {
            let chunk = chunks[index]
            let stop = min(end, chunk.end)
            try body(chunk.lines, number - chunk.first..<stop - chunk.first, chunk.first)
            number = stop
        }
    }

    /// The first held line of a time or later; the end when all are earlier.
    ///
    /// The two streams of a container may be stamped slightly out of order, so this is exact to some milliseconds.
    func number(at time: Int64) -> Int {
        var low = first
        var high = end
        while low < high {
            let middle = low + (high - low) / 2
            if let record = record(middle), record.time < time { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// The next event after, or before, a line.
    func event(after number: Int) -> Int? {
        ((number + 1)..<max(end, number + 1)).first { record($0)?.kind == .event }
    }

    func event(before number: Int) -> Int? {
        (first..<max(first, min(number, end))).reversed().first { record($0)?.kind == .event }
    }

    /// The held events before a time.
    func events(before time: Int64) -> [PastEvent] {
        guard events > 0 else { return [] }
        return (first..<end).prefix { record($0)?.time ?? time < time }.compactMap { number in
            guard let line = self[number], line.isEvent else { return nil }
            return PastEvent(time: line.time, text: String(decoding: line.text, as: UTF8.self), origin: line.origin)
        }
    }

    // MARK: Going on where it was

    /// How many lines of an origin are held.
    func count(of origin: Int) -> Int {
        var count = 0
        forEachGroup(in: first..<end) { lines, range, _ in
            for record in lines.records[range] where record.origin == origin && record.kind != .event { count += 1 }
        }
        return count
    }

    /// What the oldest lines of an origin are known by, to fetch what was before them without a hole or a double.
    func olderPoint(of origin: Int = 0, window: Int = 256) -> LogResumePoint {
        point(of: origin, window: window, numbers: first..<end) { $0.time <= $1.newest }
    }

    /// What the newest lines of an origin are known by, to go on after them without a hole or a double.
    func resumePoint(of origin: Int = 0, window: Int = 1_024) -> LogResumePoint {
        // Lines before the window may be stamped after its beginning: those count too, and they are near.
        point(of: origin, window: window, numbers: (first..<end).reversed()) { $0.time >= $1.since ?? .max }
    }

    private func point(
        of origin: Int, window: Int, numbers: some Sequence<Int>,
        belongs: (LogLines.Record, LogResumePoint) -> Bool
    ) -> LogResumePoint {
        var point = LogResumePoint()
        var seen = 0
        var strangers = 0
        for number in numbers {
            guard let record = record(number), record.kind != .event, record.origin == origin else { continue }
            if seen < window || belongs(record, point) {
                point.add(
                    LogResumePoint.Mark(
                        time: record.time, isError: record.kind != .stdout, length: self[number]?.text.count ?? 0))
                strangers = 0
            } else {
                strangers += 1
                if strangers >= 1_024 { break }
            }
            seen += 1
        }
        return point
    }
}

extension LogLines {
    /// How many of them are events.
    fileprivate var events: Int { records.count { $0.kind == .event } }
}
