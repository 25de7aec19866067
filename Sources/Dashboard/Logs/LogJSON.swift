import Terminal

/// A log line that is a JSON object, laid out for reading.
struct LogJSON {
    /// What the line says of its level, and in which word.
    private(set) var level: (level: LogLevel, word: String)?
    private(set) var message: [String] = []
    /// The other values, in the order they were written; time is left out, for the Engine's stands in front.
    private(set) var fields: [(key: String, value: [InspectLine])] = []

    /// Longer lines are shown as they are.
    private static let limit = 64 << 10
    private static let levelKeys: Set = ["level", "lvl", "severity", "log.level", "loglevel"]
    private static let messageKeys: Set = ["msg", "message", "event", "body"]
    private static let timeKeys: Set = ["time", "ts", "timestamp", "@timestamp", "t", "datetime"]

    /// - Returns: nil for what is no object, or too long a one.
    init?(_ text: ArraySlice<UInt8>) {
        let bytes = text.drop { $0 == 0x20 || $0 == 9 }
        guard bytes.first == UInt8(ascii: "{"), bytes.count <= Self.limit,
            bytes.last(where: { $0 != 0x20 && $0 != 9 }) == UInt8(ascii: "}")
        else { return nil }
        let lines = InspectLine.lines(of: Array(bytes))
        guard lines.count >= 2 else { return nil }
        for line in lines.dropFirst().dropLast() {
            if line.indent == 2, let key = line.spans.first, key.role == .jsonKey {
                fields.append((Self.unquoted(key.text), [Self.value(of: line)]))
            } else if !fields.isEmpty {
                fields[fields.count - 1].value.append(line)
            }
        }
        guard !fields.isEmpty else { return nil }
        for index in fields.indices { fields[index].value = Self.withoutComma(fields[index].value) }
        takeKnown()
    }

    private mutating func takeKnown() {
        func text(_ field: (key: String, value: [InspectLine])) -> String? {
            guard field.value.count == 1, let span = field.value[0].spans.first, field.value[0].spans.count == 1
            else { return nil }
            return Self.unquoted(span.text)
        }
        var rest: [(key: String, value: [InspectLine])] = []
        for field in fields {
            let key = field.key.lowercased()
            guard let text = text(field) else {
                rest.append(field)
                continue
            }
            if level == nil, Self.levelKeys.contains(key), let found = Self.level(text) {
                level = found
            } else if message.isEmpty, Self.messageKeys.contains(key) {
                message = Self.lines(of: text)
            } else if !Self.timeKeys.contains(key) {
                rest.append(field)
            }
        }
        fields = rest
    }

    /// A word, or a number as bunyan and pino have it.
    private static func level(_ text: String) -> (LogLevel, String)? {
        if let level = LogLevel(word: text.utf8) { return (level, text.uppercased()) }
        switch Int(text) {
        case 10?: return (.trace, "TRACE")
        case 20?: return (.debug, "DEBUG")
        case 30?: return (.info, "INFO")
        case 40?: return (.warning, "WARN")
        case 50?: return (.error, "ERROR")
        case 60?: return (.error, "FATAL")
        default: return nil
        }
    }

    /// The part of a line behind its key, without the comma.
    private static func value(of line: InspectLine) -> InspectLine {
        var spans = Array(line.spans.dropFirst())
        if spans.first?.text == ": " { spans.removeFirst() }
        return InspectLine(indent: 0, spans: spans)
    }

    private static func withoutComma(_ lines: [InspectLine]) -> [InspectLine] {
        guard let last = lines.last, last.spans.count > 1, last.spans.last?.text == "," else { return lines }
        return lines.dropLast() + [InspectLine(indent: last.indent, spans: Array(last.spans.dropLast()))]
    }

    /// In one row: level, message, and the other values as `key=value`.
    var summary: [Span] {
        var spans: [Span] = []
        if let level { spans.append(Span(level.word.padded(5) + " ", level.level.role)) }
        spans.append(Span(message.first ?? "", level?.level == .error ? .strong : nil))
        if message.count > 1 { spans.append(Span(" (+\(message.count - 1) lines)", .dim)) }
        for (key, value) in fields {
            spans.append(Span(spans.last?.text.isEmpty == false ? "  \(key)=" : "\(key)=", .jsonKey))
            spans += value.flatMap { $0.spans.map { Span($0.text, $0.role) } }
        }
        return spans
    }

    /// The one row as it is drawn.
    var line: String { summary.map { Sanitiser.clean($0.text) }.joined() }

    /// In several rows: level and message, then every value on its own.
    var folded: [[Span]] {
        var rows: [[Span]] = []
        var head: [Span] = []
        if let level { head.append(Span(level.word.padded(5) + " ", level.level.role)) }
        head.append(Span(message.first ?? "", .strong))
        rows.append(head)
        for line in message.dropFirst() { rows.append([Span("      \(line)")]) }
        for (key, value) in fields {
            // A text of several lines, such as a stack trace, stands line under line.
            if value.count == 1, let text = value[0].spans.first?.text, text.contains("\\n") {
                rows.append([Span("      "), Span(key, .jsonKey), Span(":", .dim)])
                for line in Self.lines(of: Self.unquoted(text)) {
                    rows.append([Span("        "), Span(line, .jsonString)])
                }
                continue
            }
            for (index, line) in value.enumerated() {
                let spans = line.spans.map { Span($0.text, $0.role) }
                rows.append(
                    index == 0
                        ? [Span("      "), Span(key, .jsonKey), Span(": ", .dim)] + spans
                        : [Span(String(repeating: " ", count: 4 + line.indent))] + spans)
            }
        }
        return rows
    }

    /// Windows ends its lines with two characters, which are one for Swift.
    private static func lines(of text: String) -> [String] {
        text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }.map(String.init)
    }

    /// A JSON string without quotes, its escapes resolved; other values as they are.
    static func unquoted(_ text: String) -> String {
        // By scalars: a mark behind a quote is one character with it.
        let all = text.unicodeScalars
        guard all.count >= 2, all.first == "\"", all.last == "\"" else { return text }
        let inside = all.dropFirst().dropLast()
        guard inside.contains("\\") else { return String(inside) }
        var result = String.UnicodeScalarView()
        var scalars = inside.makeIterator()
        // The first half of a pair, whose second half has to come next.
        var high: UInt32?
        func endPair() {
            if high != nil { result.append("\u{FFFD}") }
            high = nil
        }
        while let scalar = scalars.next() {
            guard scalar == "\\", let escaped = scalars.next() else {
                endPair()
                result.append(scalar)
                continue
            }
            if escaped != "u" { endPair() }
            switch escaped {
            case "n": result.append("\n")
            case "t": result.append("\t")
            case "r": result.append("\r")
            case "b", "f": result.append(" ")
            case "u":
                var value: UInt32 = 0
                for _ in 0..<4 {
                    guard let digit = scalars.next(), let number = Character(digit).hexDigitValue else { break }
                    value = value << 4 | UInt32(number)
                }
                if let first = high, (0xDC00...0xDFFF).contains(value) {
                    value = 0x10000 + (first - 0xD800) << 10 + (value - 0xDC00)
                    high = nil
                }
                endPair()
                if (0xD800...0xDBFF).contains(value) {
                    high = value
                } else {
                    result.append(Unicode.Scalar(value) ?? "\u{FFFD}")
                }
            default: result.append(escaped)
            }
        }
        endPair()
        return String(result)
    }
}

extension LogLevel {
    var role: Role {
        switch self {
        case .trace, .debug: .levelDebug
        case .info: .levelInfo
        case .warning: .levelWarning
        case .error: .levelError
        }
    }
}
