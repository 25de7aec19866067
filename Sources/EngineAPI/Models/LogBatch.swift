/// Where a log line comes from.
public enum LogSource: UInt8, Hashable, Sendable {
    /// The standard output, and all that a container with a terminal writes.
    case stdout = 1
    /// The standard error.
    case stderr = 2
    /// The Engine itself: why it cannot go on with the log.
    case engine = 3
}

/// One line of a log: where it stands in its batch. 16 bytes.
public struct LogLine: Hashable, Sendable {
    /// Nanoseconds since 1970.
    public let time: Int64
    /// Where its text begins in the batch's bytes.
    public let start: UInt32
    private let packed: UInt32

    private static let lengthMask: UInt32 = 0xFF_FFFF
    private static let continuedBit: UInt32 = 1 << 31

    /// Makes a line. `length` is below 2^24.
    @inlinable
    public init(time: Int64, start: UInt32, length: Int, source: LogSource, continued: Bool = false) {
        self.init(
            time: time, start: start,
            packed: UInt32(truncatingIfNeeded: length) & 0xFF_FFFF | UInt32(source.rawValue) << 24
                | (continued ? 1 << 31 : 0))
    }

    @usableFromInline
    init(time: Int64, start: UInt32, packed: UInt32) {
        self.time = time
        self.start = start
        self.packed = packed
    }

    /// Bytes of its text.
    public var length: Int { Int(packed & Self.lengthMask) }

    /// Where its text stands in the batch's bytes.
    public var range: Range<Int> { Int(start)..<Int(start) + length }

    /// Where it comes from.
    public var source: LogSource { LogSource(rawValue: UInt8(packed >> 24 & 3)) ?? .stdout }

    /// Whether it was cut because it is too long: the next line of the same source goes on with it.
    public var continued: Bool { packed & Self.continuedBit != 0 }
}

/// Some lines of a log. The bytes are as the container wrote them: UTF-8 perhaps, with escape sequences perhaps.
public struct LogBatch: Sendable {
    /// The texts of all lines back to back, without line ends and timestamps.
    public var bytes: [UInt8]
    /// The lines.
    public var lines: [LogLine]

    /// Makes a batch.
    public init(bytes: [UInt8] = [], lines: [LogLine] = []) {
        self.bytes = bytes
        self.lines = lines
    }

    /// The bytes of a line.
    public func text(of line: LogLine) -> ArraySlice<UInt8> { bytes[line.range] }

    /// The line as a string; what is not UTF-8 becomes U+FFFD.
    public func string(of line: LogLine) -> String { String(decoding: text(of: line), as: UTF8.self) }
}
