/// Words as a POSIX shell splits a line into them: quotes, backslashes, continued lines, comments.
///
/// Nothing is expanded: what a shell would have filled in is an error here, because guessing would run something else.
enum ShellWords {
    struct Failure: Error, Hashable {
        /// The number of the word it is about, from 1.
        let word: Int
        let message: String
    }

    /// The words of one command.
    static func split(_ text: String) throws(Failure) -> [String] {
        var words: [String] = []
        var word = ""
        var hasWord = false
        var hasEnded = false
        let scalars = Array(text.unicodeScalars)
        var index = 0

        func fail(_ message: String) -> Failure { Failure(word: words.count + 1, message: message) }
        func next(_ offset: Int = 1) -> Unicode.Scalar? {
            index + offset < scalars.count ? scalars[index + offset] : nil
        }
        func isLineEnd(_ scalar: Unicode.Scalar?) -> Bool { scalar == "\n" || scalar == "\r" }
        /// Goes over a backslash and the line end behind it.
        func skipLineEnd() { index += next() == "\r" && next(2) == "\n" ? 3 : 2 }
        /// What the shell would put in the place of something, as it is written.
        func expansion() -> String? {
            guard let first = next() else { return nil }
            if scalars[index] == "`" { return "`…`" }
            if first == "(" { return "$(…)" }
            if first == "{" { return "${…}" }
            guard first.isWordStart || "?!@*#$".unicodeScalars.contains(first) || first.isDigit else { return nil }
            var name = "$"
            for scalar in scalars[(index + 1)...] {
                guard scalar.isWordStart || scalar.isDigit else { break }
                name.unicodeScalars.append(scalar)
            }
            return name.count > 1 ? name : "$\(first)"
        }

        while index < scalars.count {
            let scalar = scalars[index]
            if hasEnded, !(scalar == " " || scalar == "\t" || isLineEnd(scalar)) {
                throw fail("another command follows the first: a line that goes on ends in \\")
            }
            switch scalar {
            case " ", "\t", "\n", "\r":
                if hasWord {
                    words.append(word)
                    word = ""
                    hasWord = false
                }
                if isLineEnd(scalar), !words.isEmpty { hasEnded = true }
                index += 1
            case "\\":
                guard let following = next() else {
                    throw fail("the line ends in the middle: \\ has nothing behind it")
                }
                if isLineEnd(following) {
                    skipLineEnd()
                } else {
                    word.unicodeScalars.append(following)
                    hasWord = true
                    index += 2
                }
            case "'":
                guard let end = scalars[(index + 1)...].firstIndex(of: "'") else { throw fail("a ' is not closed") }
                word.unicodeScalars.append(contentsOf: scalars[(index + 1)..<end])
                hasWord = true
                index = end + 1
            case "\"":
                hasWord = true
                index += 1
                while true {
                    guard index < scalars.count else { throw fail("a \" is not closed") }
                    let inner = scalars[index]
                    if inner == "\"" { break }
                    if inner == "\\", let following = next() {
                        if isLineEnd(following) {
                            skipLineEnd()
                            continue
                        }
                        if !"$`\"\\".unicodeScalars.contains(following) { word.unicodeScalars.append("\\") }
                        word.unicodeScalars.append(following)
                        index += 2
                        continue
                    }
                    if inner == "$" || inner == "`", let expansion = expansion() { throw fail(Self.filled(expansion)) }
                    word.unicodeScalars.append(inner)
                    index += 1
                }
                index += 1
            case "$", "`":
                if let expansion = expansion() { throw fail(Self.filled(expansion)) }
                word.unicodeScalars.append(scalar)
                hasWord = true
                index += 1
            case "~" where !hasWord:
                throw fail(Self.filled("~"))
            case "#" where !hasWord:
                index = scalars[index...].firstIndex(where: isLineEnd) ?? scalars.count
            case "|", "&", ";", "<", ">", "(", ")":
                throw fail("\(scalar) is for a shell: only the docker command itself is read")
            default:
                word.unicodeScalars.append(scalar)
                hasWord = true
                index += 1
            }
        }
        if hasWord { words.append(word) }
        return words
    }

    private static func filled(_ what: String) -> String {
        "\(what) would be filled in by a shell: write what it stands for"
    }

    /// A word as one writes it for a shell.
    static func quoted(_ word: String) -> String {
        let plain = word.unicodeScalars.allSatisfy {
            $0.isWordStart || $0.isDigit || "-./:=,@%+[]".unicodeScalars.contains($0)
        }
        // Brackets are a shell's pattern only where files match it; but they look like one.
        if plain, !word.isEmpty, !word.contains("[") { return word }
        return "'" + word.replacing("'", with: "'\\''") + "'"
    }

    /// Words as one line.
    static func joined(_ words: some Sequence<String>) -> String { words.map(quoted).joined(separator: " ") }
}

extension Unicode.Scalar {
    var isDigit: Bool { ("0"..."9").contains(self) }
    fileprivate var isWordStart: Bool {
        ("a"..."z").contains(self) || ("A"..."Z").contains(self) || self == "_"
    }
}
