/// Reads the part of YAML that people write settings in: nested mappings and lists, either indented or in brackets; texts
/// plain or in quotes; comments. All else is refused: anchors, tags, texts over several lines, several documents.
///
/// What it does read means what YAML says (tests compare it with a whole YAML library, which would bring Foundation along:
/// three times the size of the program, 4 ms and 7 MB at every start). A mistake costs the entry that it stands in, not
/// the whole text.
struct YAMLReader {
    /// Mappings and lists in each other at most.
    static let deepest = 32
    /// Bytes of a key at most.
    static let longestKey = 1_000
    /// Bytes of a line at most.
    static let longestLine = 8_192

    private let lines: [ArraySlice<UInt8>]
    private var row = 0
    /// The next byte of the line.
    private var at = 0
    private var depth = 0
    private(set) var problems: [TextProblem] = []

    /// Reads a text.
    /// - Returns: what could be read, nil when nothing could, and all that is wrong, in the order of the text. A text
    ///   without anything in it is an empty mapping.
    static func read(_ bytes: [UInt8]) -> (root: YAMLNode?, problems: [TextProblem]) {
        var reader = YAMLReader(bytes)
        let root = reader.document()
        return (root, reader.problems.sorted { $0.place < $1.place })
    }

    private init(_ bytes: [UInt8]) {
        var bytes = bytes[...]
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes = bytes.dropFirst(3) }
        var lines: [ArraySlice<UInt8>] = []
        for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            let line = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
            if line.count > Self.longestLine {
                let place = TextPlace(line: lines.count + 1, column: 1)
                problems.append(TextProblem(place, "a line of more than \(Self.longestLine) bytes"))
                lines.append([])
            } else if let bad = Self.unprintable(line) {
                // Whatever else stands there, nobody knows what it would mean.
                problems.append(
                    TextProblem(
                        TextPlace(line: lines.count + 1, column: bad + 1), "there is a character that no text has"))
                lines.append([])
            } else {
                lines.append(line)
            }
        }
        self.lines = lines
    }

    /// How many characters stand before the first that no text has.
    private static func unprintable(_ line: ArraySlice<UInt8>) -> Int? {
        if line.allSatisfy({ $0 >= 0x20 && $0 < 0x7F || $0 == 0x09 }) { return nil }
        var decoder = UTF8()
        var bytes = line.makeIterator()
        var count = 0
        while true {
            switch decoder.decode(&bytes) {
            case .emptyInput: return nil
            case .error: return count
            case .scalarValue(let scalar):
                switch scalar.value {
                case 0x09, 0x20...0x7E, 0xA0...0x2027, 0x202A...0xFEFE, 0xFF00...0xFFFD, 0x10000...: count += 1
                default: return count
                }
            }
        }
    }

    // MARK: Where it is

    private var line: ArraySlice<UInt8> { lines[row] }
    private var isAtEnd: Bool { row >= lines.count }
    /// The next byte of this line, or the one so many further.
    private func byte(_ ahead: Int = 0) -> UInt8? {
        let index = line.startIndex + at + ahead
        return line.indices.contains(index) ? line[index] : nil
    }
    private func next(is character: Unicode.Scalar, _ ahead: Int = 0) -> Bool {
        byte(ahead) == UInt8(ascii: character)
    }
    /// Whether a space or the end of the line stands there.
    private func isBlank(_ ahead: Int) -> Bool { byte(ahead) == nil || next(is: " ", ahead) }
    private var isDash: Bool { next(is: "-") && isBlank(1) }
    private var isComment: Bool {
        guard next(is: "#") else { return false }
        guard at > 0 else { return true }
        return next(is: " ", -1) || next(is: "\t", -1)
    }

    private var place: TextPlace {
        guard row < lines.count else { return TextPlace(line: max(1, lines.count), column: 1) }
        // The bytes behind the first of a character are not characters.
        return TextPlace(line: row + 1, column: 1 + line.prefix(at).count { $0 & 0xC0 != 0x80 })
    }

    private func problem(_ reason: String) -> TextProblem { TextProblem(place, reason) }

    private mutating func skipSpaces() { while next(is: " ") { at += 1 } }

    /// Goes to the first byte of the next line that has something, from this line on.
    private mutating func skipToContent() {
        while row < lines.count {
            at = 0
            skipSpaces()
            if byte() != nil, !next(is: "#") { return }
            row += 1
        }
        at = 0
    }

    private mutating func nextLine() {
        row += 1
        skipToContent()
    }

    /// Nothing but a comment may stand behind a value.
    private mutating func endLine() throws(TextProblem) {
        skipSpaces()
        guard byte() != nil, !isComment else { return nextLine() }
        if next(is: ":") { throw problem("a second “:”: a text with “: ” in it stands in quotes") }
        throw problem("something stands behind the value")
    }

    private mutating func deeper<Result>(
        _ body: (inout YAMLReader) throws(TextProblem) -> Result
    ) throws(TextProblem) -> Result {
        guard depth < Self.deepest else { throw problem("more than \(Self.deepest) levels") }
        depth += 1
        defer { depth -= 1 }
        return try body(&self)
    }

    // MARK: Lines

    private mutating func document() -> YAMLNode? {
        skipToContent()
        if !isAtEnd, at == 0, isMarker, next(is: "-") {
            at = 3
            skipSpaces()
            if byte() == nil || isComment { nextLine() } else { at = 0 }
        }
        guard !isAtEnd else { return YAMLNode(content: .mapping([]), place: TextPlace(line: 1, column: 1)) }
        var root: YAMLNode?
        while !isAtEnd {
            let first = row
            do throws(TextProblem) {
                let isValue = isAlone || isDash || next(is: "[") || next(is: "{")
                let part = isValue ? try block() : try mapping(indent: at)
                root = root.map { $0.joined(with: part) } ?? part
                if !isAtEnd { problems.append(problem("this does not belong to what stands above it")) }
            } catch {
                problems.append(error)
                row = first
                nextLine()
            }
        }
        return root
    }

    /// Whether nothing stands on the lines below.
    private var isAlone: Bool {
        var ahead = self
        ahead.nextLine()
        return ahead.isAtEnd
    }

    /// Whether a line that begins or ends a document stands here.
    private var isMarker: Bool {
        (next(is: "-") && next(is: "-", 1) && next(is: "-", 2) || next(is: ".") && next(is: ".", 1) && next(is: ".", 2))
            && isBlank(3)
    }

    /// What begins here, at the first byte of a line or behind a dash.
    private mutating func block() throws(TextProblem) -> YAMLNode {
        if isDash { return try deeper { reader throws(TextProblem) in try reader.list(indent: reader.at) } }
        if isKeyAhead { return try deeper { reader throws(TextProblem) in try reader.mapping(indent: reader.at) } }
        let value = try value(indent: at - 1)
        try endLine()
        return value
    }

    /// Whether `key:` stands here.
    private var isKeyAhead: Bool {
        var ahead = self
        guard !next(is: "["), !next(is: "{"), (try? ahead.text(inBrackets: false)) != nil else { return false }
        ahead.skipSpaces()
        return ahead.next(is: ":") && ahead.isBlank(1)
    }

    /// Entries whose keys stand at a column.
    private mutating func mapping(indent: Int) throws(TextProblem) -> YAMLNode {
        let start = place
        var entries: [YAMLNode.Entry] = []
        var keys: Set<String> = []
        while !isAtEnd, at == indent {
            let first = row
            do throws(TextProblem) {
                let entry = try entry(indent: indent)
                if keys.insert(entry.key).inserted {
                    entries.append(entry)
                } else {
                    problems.append(TextProblem(entry.place, "“\(entry.key)” stands here twice: the first holds"))
                }
                if !isAtEnd, at > indent { throw problem("this is indented deeper than what stands above it") }
            } catch {
                problems.append(error)
                row = first
                nextLine()
                while !isAtEnd, at > indent || at == indent && isDash { nextLine() }
            }
        }
        return YAMLNode(content: .mapping(entries), place: start)
    }

    private mutating func entry(indent: Int) throws(TextProblem) -> YAMLNode.Entry {
        if isDash { throw problem("“-” makes a list, and this is none") }
        let start = place
        let key = try key()
        skipSpaces()
        guard byte() == nil || isComment else {
            if isDash { throw problem("a list with dashes begins on a line of its own") }
            let value = try value(indent: indent)
            try endLine()
            return .init(key: key, place: start, value: value)
        }
        let nothing = YAMLNode(content: .scalar("", isQuoted: false), place: place)
        nextLine()
        if !isAtEnd, at > indent { return .init(key: key, place: start, value: try block()) }
        // A list may stand as far left as its key.
        guard !isAtEnd, at == indent, isDash else { return .init(key: key, place: start, value: nothing) }
        return .init(
            key: key, place: start, value: try deeper { reader throws(TextProblem) in try reader.list(indent: indent) })
    }

    /// A key and its colon.
    private mutating func key() throws(TextProblem) -> String {
        let (start, before) = (place, at)
        if next(is: "[") || next(is: "{") { throw problem("brackets are no key") }
        let key = try text(inBrackets: false)
        skipSpaces()
        guard next(is: ":"), isBlank(1) else { throw TextProblem(start, "expected “name: value”") }
        guard at - before <= Self.longestKey else {
            throw TextProblem(start, "a key of more than \(Self.longestKey) bytes")
        }
        at += 1
        return key
    }

    /// Elements whose dashes stand at a column.
    private mutating func list(indent: Int) throws(TextProblem) -> YAMLNode {
        let start = place
        var elements: [YAMLNode] = []
        while !isAtEnd, at == indent, isDash {
            at += 1
            let nothing = YAMLNode(content: .scalar("", isQuoted: false), place: place)
            skipSpaces()
            if byte() != nil, !isComment {
                elements.append(try block())
            } else {
                nextLine()
                elements.append(!isAtEnd && at > indent ? try block() : nothing)
            }
            if !isAtEnd, at > indent { throw problem("this is indented deeper than what stands above it") }
        }
        return YAMLNode(content: .sequence(elements), place: start)
    }

    // MARK: Values

    /// A value that begins on this line; brackets may go on over lines that are indented deeper than `indent`.
    private mutating func value(indent: Int) throws(TextProblem) -> YAMLNode {
        if next(is: "[") || next(is: "{") {
            return try deeper { reader throws(TextProblem) in try reader.brackets(indent: indent) }
        }
        let start = place
        let isQuoted = next(is: "\"") || next(is: "'")
        return YAMLNode(content: .scalar(try text(inBrackets: false), isQuoted: isQuoted), place: start)
    }

    /// `[a, b]` or `{a: b}`.
    private mutating func brackets(indent: Int) throws(TextProblem) -> YAMLNode {
        let start = place
        let isList = next(is: "[")
        let end: Unicode.Scalar = isList ? "]" : "}"
        var elements: [YAMLNode] = []
        var entries: [YAMLNode.Entry] = []
        var keys: Set<String> = []
        at += 1
        try skipInBrackets(start, indent)
        while !next(is: end) {
            if isList {
                elements.append(try element(indent: indent))
            } else {
                let keyPlace = place
                let key = try keyInBrackets()
                try skipInBrackets(start, indent)
                let isEmpty = next(is: ",") || next(is: end)
                let value =
                    isEmpty
                    ? YAMLNode(content: .scalar("", isQuoted: false), place: place) : try element(indent: indent)
                guard keys.insert(key).inserted else {
                    throw TextProblem(keyPlace, "“\(key)” stands here twice")
                }
                entries.append(.init(key: key, place: keyPlace, value: value))
            }
            try skipInBrackets(start, indent)
            if next(is: ",") {
                at += 1
                try skipInBrackets(start, indent)
            } else if !next(is: end) {
                throw problem("expected “,” or “\(end)”")
            }
        }
        at += 1
        return YAMLNode(content: isList ? .sequence(elements) : .mapping(entries), place: start)
    }

    private mutating func element(indent: Int) throws(TextProblem) -> YAMLNode {
        if next(is: "[") || next(is: "{") {
            return try deeper { reader throws(TextProblem) in try reader.brackets(indent: indent) }
        }
        let start = place
        let isQuoted = next(is: "\"") || next(is: "'")
        return YAMLNode(content: .scalar(try text(inBrackets: true), isQuoted: isQuoted), place: start)
    }

    private mutating func keyInBrackets() throws(TextProblem) -> String {
        let start = place
        if next(is: "[") || next(is: "{") { throw problem("brackets are no key") }
        let key = try text(inBrackets: true)
        skipSpaces()
        guard next(is: ":"), isBlank(1), key.utf8.count <= Self.longestKey else {
            throw TextProblem(start, "expected “name: value”")
        }
        at += 1
        return key
    }

    /// Spaces, comments and ends of lines.
    private mutating func skipInBrackets(_ start: TextPlace, _ indent: Int) throws(TextProblem) {
        skipSpaces()
        guard byte() == nil || isComment else { return }
        nextLine()
        guard !isAtEnd, at > indent, at > 0 || !isMarker else {
            throw TextProblem(start, "this bracket is not closed, or what it holds is not indented")
        }
    }

    /// A text in quotes or without.
    private mutating func text(inBrackets: Bool) throws(TextProblem) -> String {
        if next(is: "\"") { return try doubleQuoted() }
        if next(is: "'") { return try singleQuoted() }
        return try plain(inBrackets: inBrackets)
    }

    private mutating func plain(inBrackets: Bool) throws(TextProblem) -> String {
        if at == 0, isMarker { throw problem("only one document may stand in a file") }
        guard let first = byte() else { throw problem("expected a value") }
        switch Unicode.Scalar(first) {
        case "&", "*": throw problem("“\(Unicode.Scalar(first))” makes an anchor, which is not read here: use quotes")
        case "!": throw problem("“!” makes a tag, which is not read here: use quotes")
        case "|", ">": throw problem("texts over several lines are not read here")
        case "\t": throw problem("a tab: YAML wants spaces")
        case "-" where isBlank(1), "-" where inBrackets && byte(1).map(Self.isBracket) ?? true:
            throw problem("“-” makes a list, and this is none: use quotes")
        case "?", ":", ",", "[", "]", "{", "}", "#", "%", "@", "`", "\"", "'":
            throw problem("a text that begins with “\(Unicode.Scalar(first))” stands in quotes")
        default: break
        }
        let start = at
        while let byte = byte() {
            if byte == UInt8(ascii: "\t") { throw problem("a tab: YAML wants spaces") }
            if isComment || next(is: ":") && isBlank(1) { break }
            if inBrackets {
                if Self.isBracket(byte) { break }
                if next(is: ":"), self.byte(1).map(Self.isBracket) ?? false || next(is: "?", 1) {
                    throw problem("“:” wants a space behind it")
                }
                if next(is: "?") { throw problem("a text with “?” stands in quotes here") }
            }
            at += 1
        }
        var bytes = line.dropFirst(start).prefix(at - start)
        while bytes.last == UInt8(ascii: " ") { bytes = bytes.dropLast() }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// One of `,[]{}`.
    private static func isBracket(_ byte: UInt8) -> Bool {
        switch Unicode.Scalar(byte) {
        case ",", "[", "]", "{", "}": true
        default: false
        }
    }

    private mutating func singleQuoted() throws(TextProblem) -> String {
        let start = place
        var bytes: [UInt8] = []
        at += 1
        while let byte = byte() {
            at += 1
            if byte == UInt8(ascii: "'") {
                guard next(is: "'") else { return String(decoding: bytes, as: UTF8.self) }
                at += 1
            }
            bytes.append(byte)
        }
        throw TextProblem(start, "this quote does not end on its line")
    }

    private mutating func doubleQuoted() throws(TextProblem) -> String {
        let start = place
        var bytes: [UInt8] = []
        at += 1
        while let byte = byte() {
            if byte == UInt8(ascii: "\\") {
                bytes += try escaped().utf8
                continue
            }
            at += 1
            if byte == UInt8(ascii: "\"") { return String(decoding: bytes, as: UTF8.self) }
            bytes.append(byte)
        }
        throw TextProblem(start, "this quote does not end on its line")
    }

    /// What a backslash and the letters behind it stand for.
    private mutating func escaped() throws(TextProblem) -> String {
        let start = place
        let letter = byte(1).map { Unicode.Scalar($0) }
        at += 2
        switch letter {
        case "0": return "\0"
        case "a": return "\u{07}"
        case "b": return "\u{08}"
        case "t": return "\t"
        case "n": return "\n"
        case "v": return "\u{0B}"
        case "f": return "\u{0C}"
        case "r": return "\r"
        case "e": return "\u{1B}"
        case " ", "\"", "/", "\\": return letter.map { String($0) } ?? ""
        case "N": return "\u{85}"
        case "_": return "\u{A0}"
        case "L": return "\u{2028}"
        case "P": return "\u{2029}"
        case "x", "u", "U":
            let count = letter == "x" ? 2 : letter == "u" ? 4 : 8
            let digits = line.dropFirst(at).prefix(count)
            at += digits.count
            let isHexadecimal =
                digits.count == count && digits.allSatisfy { Unicode.Scalar($0).properties.isASCIIHexDigit }
            if isHexadecimal, let value = UInt32(String(decoding: digits, as: UTF8.self), radix: 16),
                let scalar = Unicode.Scalar(value)
            {
                return String(scalar)
            }
            throw TextProblem(start, "“\\\(letter.map { String($0) } ?? "")” wants \(count) digits of a character")
        default: throw TextProblem(start, "a backslash in quotes has a meaning: write two, or use single quotes")
        }
    }
}

extension YAMLNode {
    /// Both parts of a text that a mistake has torn apart; what is no mapping gives way.
    fileprivate func joined(with other: YAMLNode) -> YAMLNode {
        guard case .mapping(let entries) = content else { return other }
        guard case .mapping(let others) = other.content else { return self }
        let known = Set(entries.map(\.key))
        return YAMLNode(content: .mapping(entries + others.filter { !known.contains($0.key) }), place: place)
    }
}
