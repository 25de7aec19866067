import Glibc

/// What is looked for in a log: a text as it is, or a regular expression.
struct LogPattern: Hashable, Sendable {
    var text: String
    var isRegex = false

    /// Smart case: who types a capital letter means it; in `\S` and its like it means something else.
    var ignoresCase: Bool {
        var isEscaped = false
        for scalar in text.unicodeScalars {
            if scalar.properties.isUppercase, !isEscaped { return false }
            isEscaped = isRegex && scalar == "\\" && !isEscaped
        }
        return true
    }
}

/// Why a pattern is none, in a few words.
struct LogPatternError: Error, Hashable {
    let message: String
}

/// A pattern made ready to look through bytes. It belongs to one task: its buffers are written to.
final class LogMatcher {
    /// More repetitions than this would make the expression itself larger than the log.
    private static let mostRepetitions = 5_000

    private let needle: [UInt8]
    private let pivot: Int
    private let ignoresCase: Bool
    private var expression: regex_t?
    /// The bytes in small letters, kept from line to line.
    private var folded: [UInt8] = []

    /// - Throws: ``LogPatternError`` for a regular expression that is none.
    init(_ pattern: LogPattern) throws(LogPatternError) {
        ignoresCase = pattern.ignoresCase
        needle = Array(pattern.text.utf8).map { pattern.ignoresCase ? Self.small($0) : $0 }
        pivot = Self.rarest(in: needle)
        guard pattern.isRegex else { return }
        try Self.checkSize(pattern.text)
        var made = regex_t()
        let flags = REG_EXTENDED | (pattern.ignoresCase ? REG_ICASE : 0)
        let status = regcomp(&made, Self.translated(pattern.text), flags)
        guard status == 0 else {
            var message = [CChar](repeating: 0, count: 200)
            regerror(status, &made, &message, message.count)
            let words = message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
            throw LogPatternError(message: String(decoding: words, as: UTF8.self))
        }
        expression = made
    }

    deinit {
        if expression != nil { regfree(&expression!) }  // Not nil: just asked.
    }

    /// Whether it is a text as it is, and can be looked for in many lines at once.
    var isLiteral: Bool { expression == nil }

    /// `\d` and its like, which POSIX does not have; all else is POSIX extended with GNU's `\w \s \b`.
    private static func translated(_ text: String) -> String {
        var result = ""
        var escaped = false
        for character in text {
            if escaped {
                switch character {
                case "d": result += "[0-9]"
                case "D": result += "[^0-9]"
                case "t": result += "\t"
                default: result += "\\\(character)"
                }
                escaped = false
            } else if character == "\\" {
                escaped = true
            } else {
                result.append(character)
            }
        }
        return escaped ? result + "\\" : result
    }

    private static func checkSize(_ text: String) throws(LogPatternError) {
        var product = 1
        var number: Int?
        var isInBraces = false
        var isEscaped = false
        for character in text {
            guard !isEscaped else {
                isEscaped = false
                continue
            }
            switch character {
            case "\\": isEscaped = true
            case "{": (isInBraces, number) = (true, nil)
            case "}" where isInBraces:
                isInBraces = false
                product = min(product, mostRepetitions) * max(1, number ?? 1)
            case ",": number = nil
            default:
                guard isInBraces, let digit = character.wholeNumberValue else { continue }
                number = min((number ?? 0) * 10 + digit, 1_000_000)
            }
        }
        guard product <= mostRepetitions else { throw LogPatternError(message: "Too many repetitions") }
    }

    // MARK: Looking

    /// Whether a visible text has it anywhere.
    func matches(_ text: UnsafeBufferPointer<UInt8>) -> Bool { first(in: text, from: 0) != nil }

    /// Everywhere it stands in a visible text, not overlapping.
    func ranges(in text: UnsafeBufferPointer<UInt8>) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        var start = 0
        while start <= text.count, let range = first(in: text, from: start) {
            if !range.isEmpty { ranges.append(range) }
            start = max(range.upperBound, range.lowerBound + 1)
        }
        return ranges
    }

    private func first(in text: UnsafeBufferPointer<UInt8>, from start: Int) -> Range<Int>? {
        guard expression == nil else { return firstMatch(in: text, from: start) }
        guard !needle.isEmpty, text.count - start >= needle.count else { return nil }
        let part = UnsafeBufferPointer(rebasing: text[start...])
        let found = withFolded(part) { find(in: $0, from: 0) }
        return found.map { start + $0..<start + $0 + needle.count }
    }

    private func firstMatch(in text: UnsafeBufferPointer<UInt8>, from start: Int) -> Range<Int>? {
        // REG_STARTEND takes bytes of a known number, NULs among them. An empty buffer still needs an address.
        var empty: CChar = 0
        return withUnsafePointer(to: &empty) { nothing in
            let base = text.baseAddress.map { UnsafeRawPointer($0) } ?? UnsafeRawPointer(nothing)
            var match = regmatch_t(rm_so: regoff_t(start), rm_eo: regoff_t(text.count))
            // Not nil: the caller asked. regexec takes it as a constant; only this task uses it.
            let flags = REG_STARTEND | (start > 0 ? REG_NOTBOL : 0)
            let status = regexec(&expression!, base.assumingMemoryBound(to: CChar.self), 1, &match, flags)
            return status == 0 ? Int(match.rm_so)..<Int(match.rm_eo) : nil
        }
    }

    /// Looks for a literal in bytes that hold many lines; gives the places to `body`, which says where to go on.
    func forEachPlace(in bytes: UnsafeBufferPointer<UInt8>, _ body: (Int) -> Int) {
        guard !needle.isEmpty else { return }
        withFolded(bytes) { bytes in
            var start = 0
            while start < bytes.count, let place = find(in: bytes, from: start) {
                start = max(place + 1, body(place))
            }
        }
    }

    /// Bytes of the literal.
    var length: Int { needle.count }

    /// The first place of the literal from a byte on: its rarest byte is looked for, which libc does many at a time.
    private func find(in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
        guard let base = bytes.baseAddress, start + needle.count <= bytes.count else { return nil }
        return needle.withUnsafeBufferPointer { needle in
            guard let wanted = needle.baseAddress else { return nil }
            var position = start + pivot
            let end = bytes.count - needle.count + pivot
            while position <= end,
                let found = memchr(base + position, Int32(wanted[pivot]), end - position + 1)
            {
                let place = UnsafeRawPointer(found) - UnsafeRawPointer(base) - pivot
                if memcmp(base + place, wanted, needle.count) == 0 { return place }
                position = place + pivot + 1
            }
            return nil
        }
    }

    /// The index of the byte that logs have least of.
    private static func rarest(in needle: [UInt8]) -> Int {
        func weight(_ byte: UInt8) -> Int {
            let common = Array("etaoinsrhldcumfpgwybvkxjqz".utf8)
            if byte == 0x20 { return 100 }
            if let rank = common.firstIndex(of: byte | 0x20) { return 90 - rank * 3 - (byte < 0x61 ? 20 : 0) }
            return (48...57).contains(byte) ? 50 : byte >= 0x80 ? 5 : 15
        }
        return needle.indices.min { weight(needle[$0]) < weight(needle[$1]) } ?? 0
    }

    private func withFolded<Result>(
        _ bytes: UnsafeBufferPointer<UInt8>, _ body: (UnsafeBufferPointer<UInt8>) -> Result
    ) -> Result {
        guard ignoresCase else { return body(bytes) }
        if folded.count < bytes.count { folded = [UInt8](repeating: 0, count: max(bytes.count, 4_096)) }
        return folded.withUnsafeMutableBufferPointer { folded in
            // Written so that the compiler makes vectors of it.
            for index in 0..<bytes.count { folded[index] = Self.small(bytes[index]) }
            return body(UnsafeBufferPointer(rebasing: folded[..<bytes.count]))
        }
    }

    /// Small letters of ASCII; all else stays.
    @inline(__always)
    private static func small(_ byte: UInt8) -> UInt8 {
        byte &+ (byte &- 65 < 26 ? 32 : 0)
    }
}
