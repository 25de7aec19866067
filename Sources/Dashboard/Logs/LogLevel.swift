/// How serious a log line is, by the word that says so.
enum LogLevel: Sendable {
    case trace, debug, info, warning, error

    /// The level of a line and where its word stands; looks at the beginning of the line only.
    static func find(in text: some RandomAccessCollection<UInt8>) -> (level: LogLevel, range: Range<Int>)? {
        var word = Word()
        var position = 0
        var before: UInt8 = 0x20
        for byte in text.prefix(160) {
            if !word.append(byte) {
                if let level = word.level(between: before, and: byte) {
                    return (level, position - word.count..<position)
                }
                word = Word()
                before = byte
            }
            position += 1
        }
        // A word that goes on behind what is looked at is another one.
        let after = text.dropFirst(position).first ?? 0x20
        var next = Word()
        guard !next.append(after) else { return nil }
        return word.level(between: before, and: after).map { ($0, position - word.count..<position) }
    }

    /// The level of a value such as `level=warn` has.
    init?(word: some Sequence<UInt8>) {
        var letters = Word()
        for byte in word where !letters.append(byte) { return nil }
        guard let level = letters.level else { return nil }
        self = level
    }

    /// Letters of a line, as a number: words of a flood are compared, none is made a string.
    private struct Word {
        /// The last sixteen letters, in small ones.
        private var letters: UInt128 = 0
        private(set) var count = 0
        private var isCapital = true

        /// Whether it was a letter.
        mutating func append(_ byte: UInt8) -> Bool {
            let small = byte | 0x20
            guard small >= 0x61, small <= 0x7A else { return false }
            letters = letters << 8 | UInt128(small)
            count += 1
            if byte >= 0x61 { isCapital = false }
            return true
        }

        init() {}

        init(_ text: String) { for byte in text.utf8 { _ = append(byte) } }

        var level: LogLevel? {
            guard count < Self.known.count else { return nil }
            return Self.known[count].first { $0.letters == letters }?.level
        }

        func level(between before: UInt8, and after: UInt8) -> LogLevel? {
            guard let level else { return nil }
            // In small letters it may be a word of everyday language: it counts where it is set off, as in `[error]`,
            // `level=info`, `warn:`.
            return isCapital || "=[<\"|".utf8.contains(before) || "]>:|\"".utf8.contains(after) ? level : nil
        }

        /// The words that say a level, by their length.
        private static let known = (0...11).map { count in
            words.filter { $0.key.utf8.count == count }.map { (letters: Word($0.key).letters, level: $0.value) }
        }
    }

    private static let words: [String: LogLevel] = [
        "trace": .trace, "trc": .trace, "debug": .debug, "dbg": .debug, "info": .info, "inf": .info,
        "information": .info, "notice": .info, "warn": .warning, "wrn": .warning, "warning": .warning,
        "error": .error, "err": .error, "fatal": .error, "critical": .error, "crit": .error, "panic": .error,
        "alert": .error, "emergency": .error, "severe": .error, "exception": .error,
    ]
}
