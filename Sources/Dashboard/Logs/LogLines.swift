import EngineAPI

/// Some lines of a log as they are held: their texts back to back, and 16 bytes about each.
struct LogLines: Sendable {
    /// What a line is.
    enum Kind: UInt8, Sendable {
        /// Not written by a container: Gantry's own note of what happened to it at that time.
        case event = 0
        case stdout = 1
        case stderr = 2
        /// The Engine's own words in the log.
        case engine = 3

        init(_ source: LogSource) {
            self =
                switch source {
                case .stdout: .stdout
                case .stderr: .stderr
                case .engine: .engine
                }
        }
    }

    /// A line's place, time and origin. Its text ends where the next one begins.
    struct Record: Sendable {
        /// Nanoseconds since 1970, as the Engine stamped it.
        fileprivate(set) var time: Int64
        var start: UInt32
        private let bits: UInt32

        init(time: Int64, start: Int, kind: Kind, origin: Int, continued: Bool) {
            self.time = time
            self.start = UInt32(truncatingIfNeeded: start)
            bits = UInt32(kind.rawValue) | (continued ? 4 : 0) | UInt32(truncatingIfNeeded: origin) << 3
        }

        var kind: Kind { Kind(rawValue: UInt8(bits & 3)) ?? .stdout }
        /// Whether the next line of the same origin goes on with it: it was cut because it is too long.
        var continued: Bool { bits & 4 != 0 }
        /// Which of the log's containers wrote it.
        var origin: Int { Int(bits >> 3) }
    }

    private(set) var bytes: [UInt8] = []
    private(set) var records: [Record] = []

    init() {}

    /// The lines of a batch, all of one origin.
    init(_ batch: LogBatch, origin: Int = 0) {
        records.reserveCapacity(batch.lines.count)
        var end = 0
        // Mostly the batch's texts stand back to back, and are taken as they are; not when some were left out.
        let isWhole = batch.lines.reduce(0) { $0 + $1.length } == batch.bytes.count
        if isWhole { bytes = batch.bytes }
        for line in batch.lines {
            records.append(
                Record(time: line.time, start: end, kind: Kind(line.source), origin: origin, continued: line.continued))
            if !isWhole { bytes.append(contentsOf: batch.bytes[line.range]) }
            end += line.length
        }
    }

    /// One line of Gantry's own.
    init(event text: String, time: Int64, origin: Int) {
        bytes = Array(text.utf8)
        records = [Record(time: time, start: 0, kind: .event, origin: origin, continued: false)]
    }

    var count: Int { records.count }
    var isEmpty: Bool { records.isEmpty }
    /// What they take, texts and records.
    var size: Int { bytes.count + records.count * MemoryLayout<Record>.stride }

    /// The bytes of a line's text.
    func range(_ index: Int) -> Range<Int> {
        let end = index + 1 < records.count ? Int(records[index + 1].start) : bytes.count
        return Int(records[index].start)..<end
    }

    /// Which line a byte belongs to.
    func index(ofByte position: Int) -> Int {
        var low = 0
        var high = records.count
        while low < high {
            let middle = (low + high) / 2
            if Int(records[middle].start) <= position { low = middle + 1 } else { high = middle }
        }
        return low - 1
    }

    mutating func reserve(bytes: Int, lines: Int) {
        self.bytes.reserveCapacity(bytes)
        records.reserveCapacity(lines)
    }

    mutating func append(_ other: LogLines) {
        let shift = UInt32(truncatingIfNeeded: bytes.count)
        bytes.append(contentsOf: other.bytes)
        records.append(
            contentsOf: other.records.lazy.map { record in
                var record = record
                record.start += shift
                return record
            })
    }

    /// Adds one line of another group.
    mutating func append(_ index: Int, of other: LogLines) {
        var record = other.records[index]
        record.start = UInt32(truncatingIfNeeded: bytes.count)
        bytes.append(contentsOf: other.bytes[other.range(index)])
        records.append(record)
    }

    /// A part of the lines.
    subscript(_ part: Range<Int>) -> LogLines {
        guard !part.isEmpty else { return LogLines() }
        var result = LogLines()
        let start = Int(records[part.lowerBound].start)
        result.bytes = Array(bytes[start..<range(part.upperBound - 1).upperBound])
        result.records = records[part].map { record in
            var record = record
            record.start -= UInt32(truncatingIfNeeded: start)
            return record
        }
        return result
    }

    /// Puts starts before the first lines of their runs, which are among some that came late: the Engine tells of a start
    /// a moment after it, and what the container writes at once arrives later still.
    mutating func moveStarts(into new: inout LogLines) {
        var lastEvents: [Int: Int64] = [:]
        var moved: [(index: Int, time: Int64)] = []
        for (index, record) in records.enumerated() where record.kind == .event {
            // What was written before another event, an end for example, is of the run before.
            let earliest = max(lastEvents[record.origin] ?? .min, record.time - LogEvents.startDelay)
            lastEvents[record.origin] = record.time
            guard bytes[range(index)].elementsEqual(LogEvents.started.utf8) else { continue }
            let first = new.records.prefix { $0.time < record.time }.reversed()
                .filter { $0.origin == record.origin }.prefix { $0.kind != .event && $0.time > earliest }.last
            if let first { moved.append((index, first.time - 1)) }
        }
        for (index, time) in moved.reversed() {
            var start = self[index..<index + 1]
            start.records[0].time = time
            new = start.merged(with: new)
            var rest = self[0..<index]
            rest.append(self[index + 1..<count])
            self = rest
        }
    }

    /// The lines in groups of about so many bytes.
    func split(_ size: Int) -> [LogLines] {
        guard self.size > size * 2 else { return isEmpty ? [] : [self] }
        var groups: [LogLines] = []
        var first = 0
        for index in records.indices {
            let bytes = range(index).upperBound - Int(records[first].start)
            guard bytes + (index + 1 - first) * MemoryLayout<Record>.stride >= size else { continue }
            groups.append(self[first..<index + 1])
            first = index + 1
        }
        if first < count { groups.append(self[first..<count]) }
        return groups
    }

    /// Gives back the room that was kept for more.
    mutating func seal() {
        if bytes.capacity > bytes.count + bytes.count / 16 { bytes = Array(bytes[...]) }
        if records.capacity > records.count + records.count / 16 { records = Array(records[...]) }
    }

    /// Both in the order of their times, each in its own order; of lines of one time, this one's come first.
    func merged(with other: LogLines) -> LogLines {
        var result = LogLines()
        result.reserve(bytes: bytes.count + other.bytes.count, lines: count + other.count)
        var mine = 0
        var theirs = 0
        while mine < count, theirs < other.count {
            if records[mine].time <= other.records[theirs].time {
                result.append(mine, of: self)
                mine += 1
            } else {
                result.append(theirs, of: other)
                theirs += 1
            }
        }
        // What is left of the one that lasts longer is mostly the greater part.
        if mine < count { result.append(self[mine..<count]) }
        if theirs < other.count { result.append(other[theirs..<other.count]) }
        return result
    }
}
