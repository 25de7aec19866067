/// One line of a `.dockerignore`.
struct IgnorePattern: Hashable, Sendable {
    private enum Token: Hashable, Sendable {
        case scalar(Unicode.Scalar)
        /// `?`: one character, but not a slash.
        case one
        /// `*`: any within a name.
        case some
        /// `**/`: any folders, or none.
        case folders
        /// `**` at the end: whatever follows.
        case rest
        case oneOf([ClosedRange<UInt32>], negated: Bool)
    }

    private static let slash: Unicode.Scalar = "/"

    /// `!`: what it is about is sent all the same.
    let isException: Bool
    private let tokens: [Token]
    /// What it begins with before anything that stands for something else; whole when there is nothing such.
    private let literal: [Unicode.Scalar]

    /// Reads a line that is not empty and not a comment.
    /// - Throws: `ArchiveError` that says what is wrong with it.
    init(_ line: String) throws(ArchiveError) {
        var text = Array(line.unicodeScalars)[...]
        isException = text.first == "!"
        if isException {
            text = text.dropFirst().drop { $0.properties.isWhitespace }
            guard !text.isEmpty else { throw ArchiveError("nothing stands behind the !") }
        }
        tokens = try Self.tokens(of: Self.clean(text))
        literal = Self.literal(of: tokens)
    }

    /// One file by its name.
    init(literal name: [UInt8], isException: Bool) {
        self.isException = isException
        tokens = String(decoding: name, as: UTF8.self).unicodeScalars.map { .scalar($0) }
        literal = Self.literal(of: tokens)
    }

    private static func literal(of tokens: [Token]) -> [Unicode.Scalar] {
        var literal: [Unicode.Scalar] = []
        for case .scalar(let scalar) in tokens.prefix(while: { if case .scalar = $0 { true } else { false } }) {
            literal.append(scalar)
        }
        return literal
    }

    // MARK: Reading

    /// Without slashes that say nothing, and without `.` and what `..` takes back.
    private static func clean(_ text: ArraySlice<Unicode.Scalar>) -> [Unicode.Scalar] {
        var parts: [ArraySlice<Unicode.Scalar>] = []
        let isAbsolute = text.first == slash
        for part in text.split(separator: slash) {
            if part.elementsEqual(["."]) { continue }
            if part.elementsEqual([".", "."]) {
                if let last = parts.last, !last.elementsEqual([".", "."]) {
                    parts.removeLast()
                    continue
                }
                if isAbsolute { continue }
            }
            parts.append(part)
        }
        return Array(parts.joined(separator: [slash]))
    }

    private static func tokens(of text: [Unicode.Scalar]) throws(ArchiveError) -> [Token] {
        var tokens: [Token] = []
        var rest = text[...]
        while let next = rest.popFirst() {
            switch next {
            case "*" where rest.first == "*":
                rest.removeFirst()
                if rest.first == slash { rest.removeFirst() }
                tokens.append(rest.isEmpty ? .rest : .folders)
            case "*": tokens.append(.some)
            case "?": tokens.append(.one)
            case "\\":
                guard let escaped = rest.popFirst() else { throw ArchiveError("nothing stands behind the \\") }
                tokens.append(.scalar(escaped))
            case "[": tokens.append(try set(&rest))
            default: tokens.append(.scalar(next))
            }
        }
        // `**name` is about any name that ends so.
        if tokens.first == .folders, text.count > 2, text[2] != slash,
            tokens.dropFirst().allSatisfy({ if case .scalar = $0 { true } else { false } })
        {
            tokens[0] = .rest
        }
        return tokens
    }

    /// What stands between brackets.
    private static func set(_ rest: inout ArraySlice<Unicode.Scalar>) throws(ArchiveError) -> Token {
        func end(_ rest: inout ArraySlice<Unicode.Scalar>) throws(ArchiveError) -> UInt32 {
            guard let next = rest.popFirst(), next != "-", next != "]" else {
                throw ArchiveError("the brackets make no sense")
            }
            guard next == "\\" else { return next.value }
            guard let escaped = rest.popFirst() else { throw ArchiveError("nothing stands behind the \\") }
            return escaped.value
        }
        let negated = rest.first == "^"
        if negated { rest.removeFirst() }
        var ranges: [ClosedRange<UInt32>] = []
        while rest.first != "]" || ranges.isEmpty {
            let low = try end(&rest)
            var high = low
            if rest.first == "-" {
                rest.removeFirst()
                high = try end(&rest)
            }
            guard low <= high else { throw ArchiveError("the brackets make no sense") }
            ranges.append(low...high)
        }
        rest.removeFirst()
        return .oneOf(ranges, negated: negated)
    }

    // MARK: Matching

    /// Whether it is about this name, not about what is in it.
    func matches(_ name: [Unicode.Scalar]) -> Bool {
        if literal.count == tokens.count { return name == literal }
        return name.starts(with: literal) && places(behind: name).at[tokens.count]
    }

    /// Whether it can be about something in a folder.
    func mayMatch(below folder: [Unicode.Scalar]) -> Bool {
        let below = folder + [Self.slash]
        if literal.count >= below.count { return literal.starts(with: below) }
        guard literal.count < tokens.count, below.starts(with: literal) else { return false }
        let places = places(behind: below)
        return places.at.dropLast().contains(true) || places.within.contains(true)
    }

    /// Where one can stand in the pattern when all of the name is taken, which begins as the pattern does: before a
    /// token, or within folders that it has taken in (which have a slash to come).
    ///
    /// All ways are gone at once, so that no pattern takes longer than its length times the name's.
    private func places(behind name: [Unicode.Scalar]) -> (at: [Bool], within: [Bool]) {
        var at = [Bool](repeating: false, count: tokens.count + 1)
        var within = at
        stand(literal.count, &at)
        for scalar in name[literal.count...] {
            var next = [Bool](repeating: false, count: tokens.count + 1)
            for place in tokens.indices where at[place] || within[place] {
                switch tokens[place] {
                case .scalar(let wanted): if scalar == wanted { stand(place + 1, &next) }
                case .one: if scalar != Self.slash { stand(place + 1, &next) }
                case .some: if scalar != Self.slash { stand(place, &next) }
                case .rest: stand(place, &next)
                case .folders:
                    within[place] = true
                    if scalar == Self.slash { stand(place + 1, &next) }
                case .oneOf(let ranges, let negated):
                    if ranges.contains(where: { $0.contains(scalar.value) }) != negated { stand(place + 1, &next) }
                }
            }
            at = next
        }
        return (at, within)
    }

    /// Stands before a token, and behind it if it may be about nothing.
    private func stand(_ place: Int, _ at: inout [Bool]) {
        var place = place
        while true {
            at[place] = true
            guard place < tokens.count else { return }
            switch tokens[place] {
            case .some, .rest, .folders: place += 1
            case .scalar, .one, .oneOf: return
            }
        }
    }
}
