/// What a terminal shows, read as a person reads it.
struct Screen: Sendable {
    let lines: [String]

    var text: String { lines.joined(separator: "\n") }

    /// One row of a list.
    struct Row: Sendable {
        let isSelected: Bool
        /// Whether the person has marked it.
        let isMarked: Bool
        /// The mark of its state, for example `●`.
        let mark: String
        /// Name and columns, from the name on.
        let text: String

        var name: String { String(text.prefix { $0 != " " }) }

        /// Whether a text is in it; an empty one always is.
        func says(_ part: String) -> Bool { part.isEmpty || text.contains(part) }
    }

    /// The rows of the list whose column titles begin with these, one after the other.
    func rows(_ titles: [String]) -> [Row] {
        guard let head = lines.firstIndex(where: { Self.inside($0).hasTitles(titles) }) else { return [] }
        var rows: [Row] = []
        for line in lines[(head + 1)...] {
            // The box's lower edge, or the tabs of the details.
            guard let first = line.first, !"╰─+-".contains(first) else { break }
            let row = Self.inside(line)
            guard row.count > 4 else { break }
            let cells = Array(row)
            guard cells[1] == " " || cells[1] == "+", cells[3] == " ", cells[4] != " " else { break }
            rows.append(
                Row(
                    isSelected: cells[0] == "▌" || cells[0] == ">", isMarked: cells[1] == "+", mark: String(cells[2]),
                    text: String(cells[4...]).trimmed))
        }
        return rows
    }

    static let containerTitles = ["NAME", "STATUS"]

    var containers: [Row] { rows(Self.containerTitles) }

    /// What a row has under a title whose columns stand on the right, as figures do.
    func cell(of name: String, under title: String, after before: String) -> String? {
        guard let head = lines.first(where: { Self.inside($0).hasTitles(Self.containerTitles) }),
            let row = lines.first(where: { line in
                Self.inside(line).count > 4 && line.contains(name) && Self.inside(line).dropFirst(4).hasPrefix(name)
            }),
            let end = head.firstRange(of: title)?.upperBound, let start = head.firstRange(of: before)?.upperBound
        else { return nil }
        let cells = Array(row)
        let range = head.distance(from: head.startIndex, to: start)..<head.distance(from: head.startIndex, to: end)
        return range.upperBound <= cells.count ? String(cells[range]).trimmed : nil
    }

    /// The text of the question that lies over the panes, if there is one.
    var question: String? {
        guard let last = lines.lastIndex(where: { $0.contains("leave it") }),
            let first = lines[..<last].lastIndex(where: { $0.contains("? ") && $0.contains("──") })
        else { return nil }
        return lines[first...last].joined(separator: "\n")
    }

    /// What the layer with this title says, its broken lines put together again, if it lies over the panes.
    func layer(_ title: String) -> String? {
        let edge = "╭─ \(title) ─"
        guard let top = lines.firstIndex(where: { $0.contains(edge) }),
            let left = lines[top].firstRange(of: edge)?.lowerBound
        else { return nil }
        let start = lines[top].distance(from: lines[top].startIndex, to: left)
        let width = lines[top][left...].prefix { $0 != "╮" }.count - 1
        let inside = lines[(top + 1)...].map { Array($0.dropFirst(start)) }.prefix { $0.first == "│" }
        return inside.flatMap { String($0.dropFirst().prefix(width)).split(separator: " ") }.joined(separator: " ")
    }

    /// The line of outcomes, and the line of keys.
    var flash: String { lines.count >= 2 ? lines[lines.count - 2].trimmed : "" }
    var keys: String { lines.last?.trimmed ?? "" }
    var header: String { lines.first ?? "" }

    /// A line of a list without the frame around it, and without what stands beside it.
    private static func inside(_ line: String) -> String {
        guard let first = line.first, first == "│" || first == "|" else { return line }
        return String(line.dropFirst().prefix { $0 != first })
    }
}

extension String {
    var trimmed: String {
        var text = self[...]
        while text.first == " " { text.removeFirst() }
        while text.last == " " { text.removeLast() }
        return String(text)
    }

    fileprivate func hasTitles(_ titles: [String]) -> Bool {
        let words = split(separator: " ").map(String.init)
        return hasPrefix("    ") && Array(words.prefix(titles.count)) == titles
    }
}
