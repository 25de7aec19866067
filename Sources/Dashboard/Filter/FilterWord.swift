/// One word of a filter as it was typed: `web`, `-state:running`, `cpu>50`, `name:"a b"`.
struct FilterWord: Sendable, Equatable {
    enum Relation: String, Sendable {
        case has = ":"
        case equals = "="
        case above = ">"
        case atLeast = ">="
        case below = "<"
        case atMost = "<="
    }

    /// Whether rows that it fits are not wanted: `-` or `!` stood before it.
    var isUnwanted = false
    /// What stands before the relation, in small letters; nil where there is none.
    var field: String?
    var relation = Relation.has
    /// What stands behind the relation, or the word itself.
    var value = ""
    /// All of it but the sign before it and the quotes.
    var whole = ""
    /// Where it begins in the text, behind the sign.
    let start: String.Index
    /// Whether a quote is still open at its end.
    var isOpen = false
    /// Whether any of it stood in quotes.
    var isQuoted = false

    /// The words of a filter: spaces stand between them, unless they are in quotes.
    static func all(in text: String) -> [FilterWord] {
        var words: [FilterWord] = []
        var index = text.startIndex
        while index < text.endIndex {
            if text[index] == " " {
                index = text.index(after: index)
                continue
            }
            let next = text.index(after: index)
            let isUnwanted = "-!".contains(text[index]) && next < text.endIndex && text[next] != " "
            if isUnwanted { index = next }
            var word = FilterWord(start: index)
            word.isUnwanted = isUnwanted
            word.read(text, &index)
            words.append(word)
        }
        return words
    }

    private init(start: String.Index) { self.start = start }

    private mutating func read(_ text: String, _ index: inout String.Index) {
        while index < text.endIndex, isOpen || text[index] != " " {
            let character = text[index]
            index = text.index(after: index)
            if character == "\"" {
                isOpen.toggle()
                isQuoted = true
                continue
            }
            whole.append(character)
            guard field == nil, !isQuoted, isName(value), var relation = Relation(rawValue: String(character)) else {
                value.append(character)
                continue
            }
            // `>=`, and `:>` for those who write a colon always.
            while index < text.endIndex, let longer = Self.joined(relation, text[index]) {
                whole.append(text[index])
                index = text.index(after: index)
                relation = longer
            }
            field = value.lowercased()
            self.relation = relation
            value = ""
        }
    }

    private static func joined(_ relation: Relation, _ next: Character) -> Relation? {
        switch (relation, next) {
        case (.above, "="): .atLeast
        case (.below, "="): .atMost
        case (.has, ">"): .above
        case (.has, "<"): .below
        default: nil
        }
    }

    /// Whether a text may be the name of a field: what is none is looked for as it stands.
    private func isName(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { (0x61...0x7A).contains($0 | 0x20) || $0 == UInt8(ascii: "-") }
    }
}
