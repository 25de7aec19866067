#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Turns the bytes of `GET /containers/{id}/logs?timestamps=1` into lines. Any split of the bytes gives the same lines.
///
/// Without a terminal the log comes in frames: source, three zeros, length (four bytes, big-endian), message. A message
/// is a timestamp, a space and a line; the Engine cuts a line after 16 KB into several messages, each with the timestamp
/// of the first, of which only the last one ends with a line feed. What a run wrote last without a line feed comes so
/// too, and the next run's first line is not its rest. With a terminal there are no frames, but the rest is the same:
/// the timestamps of a cut line's parts, all alike, stand in the line.
/// Memory is bounded: a line is cut after 1 MB.
public struct LogDecoder: StreamDecoder {
    /// Bytes of a line at most; what is longer is cut and marked `continued`.
    static let lineLimit = 1 << 20
    /// A longer message is taken in parts of this size: no Engine sends one, but a frame may claim 4 GB.
    static let partLimit = 64 << 10
    /// Where the Engine cuts lines.
    static let engineLimit = 16 << 10
    private static let lineFeed = UInt8(ascii: "\n")
    private static let carriageReturn = UInt8(ascii: "\r")
    private static let space = UInt8(ascii: " ")

    /// A line whose end has not come.
    private struct OpenLine {
        var bytes: [UInt8] = []
        var time: Int64 = 0
        var isOpen = false
        /// How much of it was in the newest message.
        var part = 0
    }

    private let tty: Bool
    /// What could not be decided yet, and how much must be there before it is worth another look.
    private var pending: [UInt8] = []
    private var needed = 0
    /// Bytes of the frame that are still to come, where it comes from, and whether its timestamp is still to come.
    private var frame = (remaining: 0, source: LogSource.stdout, fresh: false)
    /// With a terminal: whether a timestamp may stand here, whether a line begins here, and bytes since the last one.
    private var place = (stamp: true, lineStart: true, bytes: 0)
    /// With a terminal: the line's timestamp as it was written, and whether it is to come again, nobody knows where.
    private var lineStamp: [UInt8] = []
    private var seeksStamp = false
    /// One per source, for their parts come mixed.
    private var open = [OpenLine](repeating: OpenLine(), count: 4)
    /// The time of the message that is being taken; for a bad timestamp that of the message before.
    private var time: Int64 = 0
    // Kept from batch to batch, so that a batch is allocated once, as large as it is.
    private var bytes: [UInt8] = []
    private var lines: [LogLine] = []

    /// A decoder at the beginning of a log; `tty` says whether the container has a terminal.
    public init(tty: Bool) { self.tty = tty }

    /// The lines that these bytes complete; nil when none.
    /// - Throws: `EngineError.malformed` for what is no log.
    public mutating func decode(_ input: UnsafeRawBufferPointer) throws -> LogBatch? {
        if pending.isEmpty {
            let used = try process(input, ending: false)
            pending.append(contentsOf: input[used...])
        } else {
            pending.append(contentsOf: input)
            guard pending.count >= needed else { return nil }
            try processPending(ending: false)
        }
        return takeBatch()
    }

    /// The lines that have no end: what is unfinished is given out as it is.
    public mutating func finish() throws -> LogBatch? {
        try processPending(ending: true)
        pending = []
        for source in [LogSource.stdout, .stderr, .engine] where open[Int(source.rawValue)].isOpen {
            flush(source)
        }
        return takeBatch()
    }

    private mutating func processPending(ending: Bool) throws {
        var taken: [UInt8] = []
        swap(&taken, &pending)
        let used = try taken.withUnsafeBytes { try process($0, ending: ending) }
        taken.removeFirst(used)
        pending = taken
    }

    /// Takes what can be taken; returns how much that is.
    private mutating func process(_ input: UnsafeRawBufferPointer, ending: Bool) throws -> Int {
        tty ? processRaw(input, ending: ending) : try processFrames(input, ending: ending)
    }

    // MARK: Without a terminal

    private mutating func processFrames(_ input: UnsafeRawBufferPointer, ending: Bool) throws -> Int {
        var position = 0
        while true {
            let available = input.count - position
            if frame.remaining == 0 {
                guard available >= 8 else {
                    needed = 8
                    return position
                }
                guard input[position] <= 3, input[position + 1] | input[position + 2] | input[position + 3] == 0 else {
                    throw EngineError.malformed("a log with a broken frame")
                }
                frame.source = LogSource(rawValue: input[position]) ?? .stdout
                frame.remaining = Int(
                    UInt32(bigEndian: input.loadUnaligned(fromByteOffset: position + 4, as: UInt32.self)))
                frame.fresh = true
                position += 8
                continue
            }
            var part = min(frame.remaining, Self.partLimit)
            if available < part {
                guard ending, available > 0 else {
                    needed = part
                    return position
                }
                part = available
            }
            takeMessage(UnsafeRawBufferPointer(rebasing: input[position..<position + part]))
            frame.remaining -= part
            frame.fresh = false
            position += part
        }
    }

    private mutating func takeMessage(_ message: UnsafeRawBufferPointer) {
        let isWhole = frame.fresh && message.count == frame.remaining
        var position = 0
        if frame.fresh, let stamp = Self.stamp(message) {
            time = stamp.nanoseconds
            position = stamp.length
            let index = Int(frame.source.rawValue)
            if open[index].isOpen, open[index].part < Self.engineLimit, open[index].time != time { flush(frame.source) }
        }
        if position == message.count { took(0, whole: isWhole) }
        while position < message.count {
            guard let end = Self.lineFeed(in: message, from: position, to: message.count) else {
                keep(UnsafeRawBufferPointer(rebasing: message[position...]), frame.source)
                took(message.count - position, whole: isWhole)
                return
            }
            finish(UnsafeRawBufferPointer(rebasing: message[position..<end]), frame.source)
            position = end + 1
        }
    }

    /// Notes a part of an open line, and ends a line that was cut behind its last part, which is shorter than the one
    /// before and of the same moment: Engine 20.10 gives it no line end when its log driver is `local`.
    private mutating func took(_ length: Int, whole: Bool) {
        let index = Int(frame.source.rawValue)
        guard open[index].isOpen else { return }
        let before = open[index].part
        open[index].part = length + (frame.fresh ? 0 : before)
        if whole, length < Self.engineLimit, before >= Self.engineLimit, open[index].time == time {
            flush(frame.source)
        }
    }

    // MARK: With a terminal

    private mutating func processRaw(_ input: UnsafeRawBufferPointer, ending: Bool) -> Int {
        var position = 0
        while position < input.count {
            if place.stamp {
                let rest = UnsafeRawBufferPointer(rebasing: input[position...])
                if rest.count <= RFC3339.longest, !ending, Self.lineFeed(in: rest, from: 0, to: rest.count) == nil {
                    needed = rest.count + 1
                    return position
                }
                if let stamp = Self.stamp(rest) {
                    // One in the middle of a line is no more than the Engine's cut.
                    if place.lineStart {
                        time = stamp.nanoseconds
                        lineStamp = Array(rest[..<stamp.length])
                    }
                    position += stamp.length
                } else if place.lineStart {
                    lineStamp = []
                } else {
                    seeksStamp = !lineStamp.isEmpty
                }
                place = (stamp: false, lineStart: false, bytes: 0)
            }
            if seeksStamp {
                position = seekStamp(input, from: position, ending: ending)
                if seeksStamp { return position }
                continue
            }
            let stop = position + min(input.count - position, Self.engineLimit - place.bytes)
            if let end = Self.lineFeed(in: input, from: position, to: stop) {
                finish(UnsafeRawBufferPointer(rebasing: input[position..<end]), .stdout)
                position = end + 1
                place = (stamp: true, lineStart: true, bytes: 0)
            } else {
                if stop > position { keep(UnsafeRawBufferPointer(rebasing: input[position..<stop]), .stdout) }
                place.bytes += stop - position
                place.stamp = place.bytes == Self.engineLimit
                position = stop
            }
        }
        return position
    }

    /// Takes a line up to its timestamp, which comes later than the Engine's cut: a driver that makes U+FFFD of what is
    /// not UTF-8 has made the part longer.
    private mutating func seekStamp(_ input: UnsafeRawBufferPointer, from position: Int, ending: Bool) -> Int {
        let lineEnd = Self.lineFeed(in: input, from: position, to: input.count)
        let text = UnsafeRawBufferPointer(rebasing: input[position..<(lineEnd ?? input.count)])
        if let found = Self.find(lineStamp, in: text) {
            seeksStamp = false
            if found > 0 { keep(UnsafeRawBufferPointer(rebasing: text[..<found]), .stdout) }
            return position + found + lineStamp.count
        }
        if let lineEnd {
            seeksStamp = false
            finish(text, .stdout)
            place = (stamp: true, lineStart: true, bytes: 0)
            return lineEnd + 1
        }
        // The end may be the beginning of a timestamp.
        let held = ending ? 0 : min(lineStamp.count - 1, text.count)
        if held < text.count { keep(UnsafeRawBufferPointer(rebasing: text[..<(text.count - held)]), .stdout) }
        needed = held + 1
        return input.count - held
    }

    private static func find(_ needle: [UInt8], in text: UnsafeRawBufferPointer) -> Int? {
        guard let base = text.baseAddress else { return nil }
        return needle.withUnsafeBytes { needle in
            guard let wanted = needle.baseAddress else { return nil }
            var position = 0
            while position + needle.count <= text.count,
                let found = memchr(base + position, Int32(needle[0]), text.count - needle.count - position + 1)
            {
                position = UnsafeRawPointer(found) - base
                if memcmp(base + position, wanted, needle.count) == 0 { return position }
                position += 1
            }
            return nil
        }
    }

    // MARK: Lines

    /// The timestamp at the beginning, with the space after it.
    @inline(__always)
    private static func stamp(_ text: UnsafeRawBufferPointer) -> (nanoseconds: Int64, length: Int)? {
        guard let time = RFC3339.parse(text), time.length < text.count, text[time.length] == space else { return nil }
        return (time.nanoseconds, time.length + 1)
    }

    @inline(__always)
    private static func lineFeed(in bytes: UnsafeRawBufferPointer, from start: Int, to end: Int) -> Int? {
        guard start < end, let base = bytes.baseAddress,
            let found = memchr(base + start, Int32(lineFeed), end - start)
        else { return nil }
        return UnsafeRawPointer(found) - base
    }

    /// The rest of a line, whose end has come.
    @inline(__always)
    private mutating func finish(_ text: UnsafeRawBufferPointer, _ source: LogSource) {
        if open[Int(source.rawValue)].isOpen {
            keep(text, source)
            if open[Int(source.rawValue)].bytes.last == Self.carriageReturn {
                open[Int(source.rawValue)].bytes.removeLast()
            }
            flush(source)
        } else {
            let bare = text.last == Self.carriageReturn ? UnsafeRawBufferPointer(rebasing: text.dropLast()) : text
            emit(bare, time: time, source, continued: false)
        }
    }

    /// A part of a line, whose end has not come.
    private mutating func keep(_ text: UnsafeRawBufferPointer, _ source: LogSource) {
        let index = Int(source.rawValue)
        if !open[index].isOpen {
            open[index].isOpen = true
            open[index].time = time
        }
        var text = text
        while open[index].bytes.count + text.count > Self.lineLimit {
            let part = Self.lineLimit - open[index].bytes.count
            open[index].bytes.append(contentsOf: text[..<part])
            text = UnsafeRawBufferPointer(rebasing: text[part...])
            emitOpen(source, continued: true)
        }
        open[index].bytes.append(contentsOf: text)
    }

    private mutating func flush(_ source: LogSource) {
        emitOpen(source, continued: false)
        open[Int(source.rawValue)].isOpen = false
        open[Int(source.rawValue)].part = 0
    }

    private mutating func emitOpen(_ source: LogSource, continued: Bool) {
        var line = OpenLine()
        swap(&line, &open[Int(source.rawValue)])
        line.bytes.withUnsafeBytes { emit($0, time: line.time, source, continued: continued) }
        // A line of a megabyte is rare: its memory is not worth keeping.
        if line.bytes.capacity > Self.partLimit { line.bytes = [] } else { line.bytes.removeAll(keepingCapacity: true) }
        swap(&line, &open[Int(source.rawValue)])
    }

    @inline(__always)
    private mutating func emit(_ text: UnsafeRawBufferPointer, time: Int64, _ source: LogSource, continued: Bool) {
        lines.append(
            LogLine(
                time: time, start: UInt32(truncatingIfNeeded: bytes.count), length: text.count, source: source,
                continued: continued))
        bytes.append(contentsOf: text)
    }

    private mutating func takeBatch() -> LogBatch? {
        guard !lines.isEmpty else { return nil }
        defer {
            bytes.removeAll(keepingCapacity: true)
            lines.removeAll(keepingCapacity: true)
        }
        return LogBatch(bytes: Array(bytes[...]), lines: Array(lines[...]))
    }
}
