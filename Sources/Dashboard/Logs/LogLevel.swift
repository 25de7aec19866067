/// How serious a log line is, by the word that says so.
enum LogLevel: Sendable {
    case trace, debug, info, warning, error

    /// The level of a line and where its word stands; looks at the beginning of the line only.
    static func find(in text: some RandomAccessCollection<UInt8>) -> (level: LogLevel, range: Range<Int>)? {
        var word: [UInt8] = []
        var position = 0
        var before: UInt8 = 0x20
        for byte in text.prefix(160) {
            let isLetter = (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7A
            if isLetter {
                word.append(byte)
            } else {
                if let level = level(word, between: before, and: byte) {
                    return (level, position - word.count..<position)
                }
                word.removeAll(keepingCapacity: true)
                before = byte
            }
            position += 1
        }
        // A word that goes on behind what is looked at is another one.
        let after = text.dropFirst(position).first ?? 0x20
        let isWhole = !((after | 0x20) >= 0x61 && (after | 0x20) <= 0x7A)
        return isWhole ? level(word, between: before, and: after).map { ($0, position - word.count..<position) } : nil
    }

    /// The level of a value such as `level=warn` has.
    init?(word: some Sequence<UInt8>) {
        guard let level = Self.words[String(decoding: word.map { $0 | 0x20 }, as: UTF8.self)] else { return nil }
        self = level
    }

    private static func level(_ word: [UInt8], between before: UInt8, and after: UInt8) -> LogLevel? {
        guard (3...11).contains(word.count), let level = LogLevel(word: word) else { return nil }
        // In small letters it may be a word of everyday language: it counts where it is set off, as in `[error]`,
        // `level=info`, `warn:`.
        let isCapital = word.allSatisfy { $0 < 0x61 }
        return isCapital || [UInt8]("=[<\"|".utf8).contains(before) || [UInt8]("]>:|\"".utf8).contains(after)
            ? level : nil
    }

    private static let words: [String: LogLevel] = [
        "trace": .trace, "trc": .trace, "debug": .debug, "dbg": .debug, "info": .info, "inf": .info,
        "information": .info, "notice": .info, "warn": .warning, "wrn": .warning, "warning": .warning,
        "error": .error, "err": .error, "fatal": .error, "critical": .error, "crit": .error, "panic": .error,
        "alert": .error, "emergency": .error, "severe": .error, "exception": .error,
    ]
}
