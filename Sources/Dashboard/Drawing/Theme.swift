import Terminal
import Themes

/// What a cell is for; a theme gives each its style.
///
/// A `CodingKey`, for the names that the compiler gives its cases: describing 60 values costs a millisecond at each start.
enum Role: Int, CaseIterable, CodingKey, Sendable {
    case text, dim, strong
    case header, headerStrong
    case border, borderFocused, title, titleFocused, column
    case selected, selectedUnfocused, selectionBar
    case tab, tabSelected
    case running, starting, paused, created, restarting, endedWell, endedBadly
    case healthy, unhealthy, acting
    case graphLow, graphMiddle, graphHigh, axis
    case key, keyTitle
    case success, failure, note, docker
    case layer, layerBorder, layerTitle, choice, choiceSelected
    case stderr, stderrMark, timestamp, logMark, hit
    case levelDebug, levelInfo, levelWarning, levelError
    case name1, name2, name3, name4, name5, name6
    case jsonKey, jsonString, jsonNumber, jsonWord
    case stale
}

extension Role {
    /// The colour of one of many names that stand beside each other.
    static func name(_ index: Int) -> Role {
        let names: [Role] = [.name1, .name2, .name3, .name4, .name5, .name6]
        return names[index % names.count]
    }
}

/// Names of roles to styles, from a file under `Themes`.
public struct Theme: Sendable {
    /// Why a theme cannot be used.
    public struct ParseError: Error, CustomStringConvertible {
        let line: Int
        let reason: String
        /// One line.
        public var description: String { "line \(line): \(reason)" }
    }

    /// The name it is chosen by.
    public let name: String
    private var styles: [Style]

    /// Reads a theme: a flat YAML mapping of role names to styles such as `bold "#ff8800" on 236`.
    ///
    /// Only this part of YAML is read (comments, `key: value`, quoted values): a whole YAML library would bring
    /// Foundation with it, which triples the program's size and costs 4 ms and 7 MB at every start.
    /// - Throws: ``ParseError`` for a line that is not a mapping, an unknown role, or a style that is none.
    init(name: String, parsing text: String) throws(ParseError) {
        self.name = name
        styles = Array(repeating: .plain, count: Role.allCases.count)
        for (number, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            guard line.contains(where: { !$0.isWhitespace }), !line.hasPrefix("#") else { continue }
            guard let colon = line.firstIndex(of: ":") else {
                throw ParseError(line: number + 1, reason: "expected “role: style”")
            }
            let key = String(line[..<colon])
            var value = line[line.index(after: colon)...].drop { $0 == " " }
            if value.first == "\"", let end = value.dropFirst().firstIndex(of: "\"") {
                value = value[value.index(after: value.startIndex)..<end]
            }
            guard let role = Role(stringValue: key) else {
                throw ParseError(line: number + 1, reason: "unknown role “\(key)”")
            }
            guard let style = Style(parsing: String(value)) else {
                throw ParseError(line: number + 1, reason: "“\(value)” is no style")
            }
            styles[role.rawValue] = style
        }
    }

    /// The style of a role.
    subscript(role: Role) -> Style { styles[role.rawValue] }

    /// The themes that come with the program.
    public static let builtIn: [(name: String, text: [UInt8])] = [
        ("dark", Themes.dark), ("mono", Themes.mono),
    ]

    /// A theme that comes with the program, or nil when there is none of that name.
    public static func named(_ name: String) throws(ParseError) -> Theme? {
        guard let found = builtIn.first(where: { $0.name == name }) else { return nil }
        return try Theme(name: name, parsing: String(decoding: found.text, as: UTF8.self))
    }
}
