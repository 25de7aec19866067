import Terminal

/// One line of text that is being edited.
struct TextLine: Hashable, Sendable {
    /// Characters at most: nobody reads more in a field.
    static let longest = 8_192

    private(set) var characters: [Character] = []
    /// The character before which typing goes on.
    private(set) var cursor = 0

    /// A text with the cursor behind it. It may hold anything; what is typed or pasted has no control characters.
    init(_ text: String = "") {
        characters = Array(text)
        cursor = characters.count
    }

    var text: String { String(characters) }
    var isEmpty: Bool { characters.isEmpty }
    var isAtEnd: Bool { cursor == characters.count }

    mutating func insert(_ text: String) {
        let room = Self.longest - characters.count
        guard room > 0 else { return }
        let clean = String(String.UnicodeScalarView(text.unicodeScalars.filter { !Self.isControl($0) }))
        // Together with what stands before: a mark that comes behind its letter becomes one character with it.
        let head = Array(String(characters[..<cursor]) + clean.prefix(room))
        characters.replaceSubrange(..<cursor, with: head)
        cursor = head.count
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
    }

    /// A key while the line is edited.
    /// - Returns: whether it is one of its keys.
    mutating func handle(_ key: Key) -> Bool {
        switch key {
        case .character(let character): insert(String(character))
        case .left, .ctrl("b"): cursor = max(0, cursor - 1)
        case .right, .ctrl("f"): cursor = min(characters.count, cursor + 1)
        case .home, .ctrl("a"): cursor = 0
        case .end, .ctrl("e"): cursor = characters.count
        case .backspace:
            guard cursor > 0 else { break }
            cursor -= 1
            characters.remove(at: cursor)
        case .delete, .ctrl("d"): if cursor < characters.count { characters.remove(at: cursor) }
        case .ctrl("u"):
            characters.removeSubrange(..<cursor)
            cursor = 0
        case .ctrl("k"): characters.removeSubrange(cursor...)
        case .ctrl("w"):
            let end = cursor
            while cursor > 0, characters[cursor - 1] == " " { cursor -= 1 }
            while cursor > 0, characters[cursor - 1] != " " { cursor -= 1 }
            characters.removeSubrange(cursor..<end)
        default: return false
        }
        return true
    }

    /// Puts the cursor to where a click was, in the text as ``window(_:)`` shows it.
    mutating func moveCursor(to column: Int, in width: Int) {
        let start = start(width).index
        // A hidden beginning has a mark of a column in front.
        var left = column - (start > 0 ? 1 : 0)
        cursor = start
        while cursor < characters.count, left > 0 {
            left -= max(1, TextWidth.of(Sanitiser.clean(String(characters[cursor]))))
            if left >= 0 { cursor += 1 }
        }
    }

    /// As much of it as there is room for, with the cursor in it.
    /// - Returns: the text as it is drawn, and the column of the cursor in it.
    func window(_ width: Int) -> (text: String, cursor: Int) {
        let (start, before) = start(width)
        let mark = start > 0 ? "…" : ""
        return (mark + Sanitiser.clean(String(characters[start...])), before + mark.count)
    }

    /// The first character that is shown, and the columns from there to the cursor.
    private func start(_ width: Int) -> (index: Int, before: Int) {
        let widths = characters.map { TextWidth.of(Sanitiser.clean(String($0))) }
        let atCursor = cursor < widths.count ? max(1, widths[cursor]) : 1
        var start = 0
        var before = widths[..<cursor].reduce(0, +)
        // What is left out in front is said with a mark, which takes a column too.
        while start < cursor, before + atCursor + (start > 0 ? 1 : 0) > width {
            before -= widths[start]
            start += 1
        }
        return (start, before)
    }
}
