import Terminal

/// A theme's file, read: a flat YAML mapping of role names to styles such as `"bold #ff8800 on 236"`, and of a few words
/// about the whole.
///
/// Only this part of YAML is read (comments, `key: value`, quoted values): a whole YAML library would bring Foundation
/// with it, which triples the program's size and costs 4 ms and 7 MB at every start.
struct ThemeFile {
    /// What is wrong in it.
    private(set) var mistakes: [Theme.Mistake] = []
    /// The theme it starts from, and the line that says so.
    private(set) var base: (name: String, line: Int)?
    private var styles: [(role: Role, style: Style)] = []
    private var terminal: Ground?
    private var contrast: Double?

    /// More than this is no theme.
    static let mostBytes = 65_536

    /// Reads what can be read of a text.
    init(_ text: String) {
        var seen: Set<String> = []
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            guard let first = line.first(where: { !$0.isWhitespace }), first != "#" else { continue }
            do throws(Theme.Mistake) {
                try read(line, number: index + 1, &seen)
            } catch {
                mistakes.append(error)
            }
        }
    }

    private mutating func read(_ line: Substring, number: Int, _ seen: inout Set<String>) throws(Theme.Mistake) {
        func mistake(_ reason: String) -> Theme.Mistake { Theme.Mistake(line: number, reason: reason) }
        guard let colon = line.firstIndex(of: ":") else { throw mistake("expected “role: style”") }
        let key = String(line[..<colon])
        let value: String
        switch Self.scalar(line[line.index(after: colon)...]) {
        case .success(let text): value = text
        case .failure(let problem): throw mistake(problem.reason)
        }
        guard seen.insert(key).inserted else { throw mistake("“\(key)” stands here a second time") }
        switch key {
        case "base": base = (value, number)
        case "terminal":
            guard ["dark", "light"].contains(value) else { throw mistake("“terminal” is “dark” or “light”") }
            terminal = value == "light" ? .light : .dark
        case "contrast":
            guard let number = Double(value), (1...21).contains(number) else {
                throw mistake("“contrast” is a number from 1 to 21")
            }
            contrast = number
        default:
            guard let role = Role(stringValue: key), Role.named.contains(role) else {
                throw mistake("unknown role “\(key)”")
            }
            guard let style = Style(parsing: value) else { throw mistake("“\(value)” is no style") }
            styles.append((role, style))
        }
    }

    private struct Problem: Error { let reason: String }

    /// What stands behind a colon: plain, or in quotes, with a comment behind it or not.
    private static func scalar(_ text: Substring) -> Result<String, Problem> {
        guard text.first.map({ $0 == " " || $0 == "\t" }) ?? true else {
            return .failure(Problem(reason: "a space is missing after the colon"))
        }
        let text = text.drop { $0.isWhitespace }
        if let quote = text.first, quote == "\"" || quote == "'" {
            let inside = text.dropFirst()
            guard let end = inside.firstIndex(of: quote) else {
                return .failure(Problem(reason: "a quote is not closed"))
            }
            let rest = inside[inside.index(after: end)...]
            guard rest.allSatisfy(\.isWhitespace) || rest.drop(while: \.isWhitespace).first == "#" && rest.first != "#"
            else { return .failure(Problem(reason: "something stands behind the closing quote")) }
            return .success(String(inside[..<end]))
        }
        var end = text.endIndex
        var before: Character = " "
        for index in text.indices {
            if text[index] == "#", before.isWhitespace {
                // YAML takes it for a comment.
                if Color(parsing: String(text[index...].prefix(7))) != nil {
                    return .failure(Problem(reason: "a colour with # needs quotes around the style"))
                }
                end = index
                break
            }
            before = text[index]
        }
        var value = text[..<end]
        while value.last?.isWhitespace == true { value.removeLast() }
        return .success(String(value))
    }

    /// The theme that it makes of another one.
    func theme(name: String, from base: Theme?) -> Theme {
        var source = base?.source ?? Theme.Source()
        for (role, style) in styles { source.styles[role.rawValue] = style }
        if let terminal { source.terminal = terminal }
        if let contrast { source.contrast = contrast }
        return Theme(name: name, source)
    }
}
