/// One line of an inspected resource, laid out for reading.
struct InspectLine: Sendable, Hashable {
    let indent: Int
    let spans: [Part]

    /// A piece of a line.
    struct Part: Sendable, Hashable {
        let text: String
        let role: Role
    }

    /// How deep and how long an answer may be before the rest is left out, with a line that says so.
    static let maximumDepth = 200
    static let maximumLines = 50_000

    /// Lays out JSON, one value a line, in the order the Engine sent it.
    ///
    /// The text is only cut into tokens, not understood: what is no JSON comes out as it is, and nothing fails.
    static func lines(of json: [UInt8]) -> [InspectLine] {
        var layout = JSONLayout(json)
        return layout.run()
    }
}

/// Walks over JSON and breaks it into indented lines.
private struct JSONLayout {
    private let json: [UInt8]
    private var at = 0
    private var depth = 0
    private var lines: [InspectLine] = []
    private var line: [InspectLine.Part] = []
    private var lineDepth = 0

    init(_ json: [UInt8]) { self.json = json }

    mutating func run() -> [InspectLine] {
        // Whether the next string is a key: inside an object, before the colon.
        var objects: [Bool] = []
        var expectsKey = false
        while at < json.count {
            guard lines.count < InspectLine.maximumLines else {
                line = [.init(text: "… the rest is left out: \(json.count - at) bytes", role: .logMark)]
                flush()
                return lines
            }
            switch json[at] {
            case UInt8(ascii: " "), 9, 10, 13: at += 1
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                let isObject = json[at] == UInt8(ascii: "{")
                add(isObject ? "{" : "[", .dim)
                at += 1
                if let close = peek(), close == (isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) {
                    add(isObject ? "}" : "]", .dim)
                    at += 1
                    continue
                }
                flush()
                objects.append(isObject)
                depth += 1
                expectsKey = isObject
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                flush()
                depth = max(0, depth - 1)
                if !objects.isEmpty { objects.removeLast() }
                add(json[at] == UInt8(ascii: "}") ? "}" : "]", .dim)
                at += 1
            case UInt8(ascii: ","):
                add(",", .dim)
                at += 1
                flush()
                expectsKey = objects.last ?? false
            case UInt8(ascii: ":"):
                add(": ", .dim)
                at += 1
                expectsKey = false
            case UInt8(ascii: "\""): add(string(), expectsKey ? .jsonKey : .jsonString)
            default:
                let word = word()
                let isNumber = word.utf8.first.map { $0 == UInt8(ascii: "-") || (48...57).contains($0) } ?? false
                add(word, isNumber ? .jsonNumber : .jsonWord)
            }
        }
        flush()
        return lines
    }

    /// The next byte that is not white space, moved to.
    private mutating func peek() -> UInt8? {
        while at < json.count, [UInt8(ascii: " "), 9, 10, 13].contains(json[at]) { at += 1 }
        return at < json.count ? json[at] : nil
    }

    private mutating func add(_ text: String, _ role: Role) {
        if line.isEmpty { lineDepth = depth }
        line.append(.init(text: text, role: role))
    }

    private mutating func flush() {
        guard !line.isEmpty else { return }
        lines.append(InspectLine(indent: min(lineDepth, InspectLine.maximumDepth) * 2, spans: line))
        line = []
    }

    private mutating func string() -> String {
        let start = at
        at += 1
        while at < json.count, json[at] != UInt8(ascii: "\"") { at += json[at] == UInt8(ascii: "\\") ? 2 : 1 }
        at = min(at + 1, json.count)
        return String(decoding: json[start..<at], as: UTF8.self)
    }

    private mutating func word() -> String {
        let start = at
        let ends: [UInt8] = [
            UInt8(ascii: ","), UInt8(ascii: "}"), UInt8(ascii: "]"), UInt8(ascii: " "), 9, 10, 13, UInt8(ascii: ":"),
            UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: "\""),
        ]
        repeat { at += 1 } while at < json.count && !ends.contains(json[at])
        return String(decoding: json[start..<at], as: UTF8.self)
    }
}
