/// A shell's line, taken apart: commands of words, with what joins them.
struct ShellLine: Sendable {
    enum Joint: Sendable { case always, whenWell, whenNot }
    enum Redirection: Sendable {
        case output(String, appends: Bool), error(String), errorToOutput, outputToError, input(String)
    }

    struct Command: Sendable {
        var words: [String] = []
        /// `NAME=value` before the words.
        var settings: [(String, String)] = []
        var redirections: [Redirection] = []
    }

    /// Commands whose output is the next one's input.
    struct Pipeline: Sendable {
        var joint = Joint.always
        var commands: [Command] = []
    }

    struct SyntaxError: Error { let message: String }

    var pipelines: [Pipeline] = []

    private enum Token: Equatable {
        case word(String, isQuoted: Bool)
        case sign(String)
    }

    init(_ text: String) throws(SyntaxError) {
        var tokens = try Self.tokens(text)[...]
        var pipeline = Pipeline()
        var command = Command()
        func isEmpty(_ command: Command) -> Bool {
            command.words.isEmpty && command.settings.isEmpty && command.redirections.isEmpty
        }
        while let token = tokens.popFirst() {
            switch token {
            case .word(let word, let isQuoted):
                let sides = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                if command.words.isEmpty, !isQuoted, sides.count == 2, Self.isVariable(sides[0]) {
                    command.settings.append((String(sides[0]), String(sides[1])))
                } else {
                    command.words.append(word)
                }
            case .sign("2>&1"): command.redirections.append(.errorToOutput)
            case .sign(">&2"): command.redirections.append(.outputToError)
            case .sign(let sign) where [">", ">>", "2>", "<"].contains(sign):
                guard case .word(let target, _)? = tokens.popFirst() else {
                    throw SyntaxError(message: "syntax error: unexpected newline")
                }
                command.redirections.append(
                    sign == "<"
                        ? .input(target) : sign == "2>" ? .error(target) : .output(target, appends: sign == ">>"))
            case .sign(let sign):
                if isEmpty(command) {
                    guard sign == ";", pipeline.commands.isEmpty else {
                        throw SyntaxError(message: "syntax error: unexpected \"\(sign)\"")
                    }
                    continue
                }
                pipeline.commands.append(command)
                command = Command()
                guard sign != "|" else { continue }
                pipelines.append(pipeline)
                pipeline = Pipeline(joint: sign == "&&" ? .whenWell : sign == "||" ? .whenNot : .always)
            }
        }
        if !isEmpty(command) { pipeline.commands.append(command) }
        if !pipeline.commands.isEmpty {
            pipelines.append(pipeline)
        } else if pipeline.joint != .always {
            throw SyntaxError(message: "syntax error: unexpected end of file")
        }
    }

    static func isVariable(_ name: some StringProtocol) -> Bool {
        !name.isEmpty && name.first?.isNumber == false
            && name.utf8.allSatisfy {
                (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) || $0 == 0x5F
            }
    }

    /// What stands around the name of a variable until its command's turn has come.
    private static let marks: (Character, Character) = ("\u{F0000}", "\u{F0001}")

    /// Puts the values of variables into a word.
    static func expand(_ word: String, value: (String) -> String) -> String {
        guard word.contains(marks.0) else { return word }
        var text = ""
        var rest = word[...]
        while let start = rest.firstIndex(of: marks.0), let end = rest[start...].firstIndex(of: marks.1) {
            text += rest[..<start] + value(String(rest[rest.index(after: start)..<end]))
            rest = rest[rest.index(after: end)...]
        }
        return text + rest
    }

    private static func tokens(_ text: String) throws(SyntaxError) -> [Token] {
        var tokens: [Token] = []
        var word = ""
        var hasWord = false
        var isQuoted = false
        // A line's end of Windows is one character.
        var rest = text.replacing("\r\n", with: "\n")[...]
        func end() {
            if hasWord { tokens.append(.word(word, isQuoted: isQuoted)) }
            word = ""
            hasWord = false
            isQuoted = false
        }
        while let letter = rest.popFirst() {
            switch letter {
            case "'":
                guard let close = rest.firstIndex(of: "'") else {
                    throw SyntaxError(message: "syntax error: unterminated quoted string")
                }
                word += rest[..<close]
                rest = rest[rest.index(after: close)...]
                hasWord = true
                isQuoted = true
            case "\"":
                hasWord = true
                isQuoted = true
                while true {
                    guard let next = rest.popFirst() else {
                        throw SyntaxError(message: "syntax error: unterminated quoted string")
                    }
                    if next == "\"" { break }
                    if next == "\\", let escaped = rest.first, "\"\\$`".contains(escaped) {
                        word.append(rest.removeFirst())
                    } else if next == "$" {
                        word += variable(&rest)
                    } else {
                        word.append(next)
                    }
                }
            case "\\":
                hasWord = true
                if let next = rest.popFirst(), next != "\n" { word.append(next) }
            case "$":
                let before = word
                word += variable(&rest)
                hasWord = hasWord || word != before
            case " ", "\t", "\r": end()
            case "#" where !hasWord: rest = rest.drop { $0 != "\n" }
            case "\n", ";", "|", "&", ">", "<":
                var sign = letter == "\n" ? ";" : String(letter)
                if letter == ">", rest.hasPrefix("&2"), word.isEmpty || word == "1" {
                    sign = ">&2"
                    word = ""
                    hasWord = false
                    rest = rest.dropFirst(2)
                } else if letter == ">", word == "2", !isQuoted {
                    sign = "2>"
                    word = ""
                    hasWord = false
                    if rest.hasPrefix("&1") {
                        rest = rest.dropFirst(2)
                        sign = "2>&1"
                    }
                } else if rest.first == letter, letter != "<", letter != "\n", letter != ";" {
                    rest.removeFirst()
                    sign += sign
                }
                end()
                tokens.append(.sign(sign == "&" ? ";" : sign))
            default:
                word.append(letter)
                hasWord = true
            }
        }
        end()
        return tokens
    }

    private static func variable(_ rest: inout Substring) -> String {
        func value(_ name: String) -> String { "\(marks.0)\(name)\(marks.1)" }
        if rest.first == "{", let close = rest.firstIndex(of: "}") {
            let name = rest[rest.index(after: rest.startIndex)..<close]
            rest = rest[rest.index(after: close)...]
            return value(String(name))
        }
        if let first = rest.first, "?$#0".contains(first) {
            rest.removeFirst()
            return value(String(first))
        }
        let name = rest.prefix { isVariable("a\($0)") }
        guard isVariable(name) else { return "$" }
        rest = rest[name.endIndex...]
        return value(String(name))
    }
}
