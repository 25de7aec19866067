import EngineAPI
import FoundationEssentials
import Terminal

/// Which rows of a pane are wanted: words that all have to be there, fields as the pane has them, `-` or `!` before
/// what is not wanted.
struct RowFilter: Sendable {
    /// What is wrong with a word.
    enum Problem: Sendable, Equatable {
        /// The pane has no such field: the word is looked for as it stands.
        case unknownField(String, word: String)
        case wrongValue(String)
    }

    private enum Test: Sendable {
        /// What the term's finder finds: in all that the pane looks at, or in a field.
        case text
        case contains(FilterField)
        case equals(FilterField, String)
        case word(FilterField, String, isWhole: Bool)
        case label(FilterField, String, value: String?)
        case figure(FilterField, FilterWord.Relation, Double)
    }

    private struct Term: Sendable {
        let test: Test
        // In place, and not in the test: each row would have a copy of it.
        var finder: TextFinder
        let isUnwanted: Bool
        let isFigure: Bool
    }

    private let pane: Pane
    private var terms: [Term] = []
    /// What is wrong with the text, in its order.
    private(set) var problems: [Problem] = []

    init(_ text: String, _ kind: PaneKind) {
        pane = Pane.of(kind)
        for word in FilterWord.all(in: text) { read(word, kind) }
    }

    /// What is wrong with a filter that no pane takes; nil when one does.
    static func problem(everywhere text: String) -> String? {
        let problems = PaneKind.allCases.map { RowFilter(text, $0).problems.first }
        return problems.contains(nil) ? nil : problems[0]?.text
    }

    var isEmpty: Bool { terms.isEmpty }
    /// Whether what it lets through changes by itself.
    var hasFigures: Bool { terms.contains(where: \.isFigure) }

    private mutating func read(_ word: FilterWord, _ kind: PaneKind) {
        guard let name = word.field else { return add(.text, word, finding: word.value) }
        guard let field = FilterField.named(name, kind) else {
            if !word.isOpen { problems.append(.unknownField(name, word: word.whole)) }
            return add(.text, word, finding: word.whole)
        }
        // Where nothing follows yet nothing is hidden: one is typing.
        guard !word.value.isEmpty else { return }
        let value = word.value.lowercased()
        switch field.kind {
        case .texts:
            switch word.relation {
            case .has: add(.contains(field), word, of: field, finding: value)
            case .equals: add(.equals(field, value), word, of: field)
            default: problems.append(.wrongValue("\(name) is no figure: \(name):\(word.value)"))
            }
        case .word(let words, _):
            guard word.relation == .has || word.relation == .equals else {
                return problems.append(.wrongValue("\(name) is no figure: \(name):\(words[0])"))
            }
            let fits = words.contains { word.relation == .equals ? $0 == value : $0.hasPrefix(value) }
            guard fits else {
                return problems.append(.wrongValue("\(name) is \(words.enumerated(before: "or"))"))
            }
            add(.word(field, value, isWhole: word.relation == .equals), word, of: field)
        case .labels:
            let parts = word.value.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let wanted = parts.count == 2 && !parts[1].isEmpty ? String(parts[1]) : nil
            add(.label(field, String(parts[0]), value: wanted), word, of: field)
        case .figure(let unit, _):
            guard let number = unit.number(value) else {
                return problems.append(.wrongValue("\(name) takes \(unit.example(name))"))
            }
            add(.figure(field, word.relation, number), word, of: field)
        }
    }

    private mutating func add(
        _ test: Test, _ word: FilterWord, of field: FilterField? = nil, finding text: String? = nil
    ) {
        if text?.isEmpty == true { return }
        terms.append(
            Term(
                test: test, finder: TextFinder(text ?? ""), isUnwanted: word.isUnwanted,
                isFigure: field?.needs.contains(.figures) ?? false))
    }

    /// Whether a row is wanted, by all that was asked for, or by the figures or all else only.
    mutating func lets(_ id: ResourceID, _ look: FilterField.Look, figures: Bool? = nil) -> Bool {
        for index in terms.indices where figures == nil || terms[index].isFigure == figures {
            if fits(index, id, look) == terms[index].isUnwanted { return false }
        }
        return true
    }

    private mutating func fits(_ index: Int, _ id: ResourceID, _ look: FilterField.Look) -> Bool {
        switch terms[index].test {
        case .text: return terms[index].finder.finds(in: pane.searchText(id, look.engine))
        case .contains(let field):
            guard case .texts(let texts) = field.kind else { return false }
            for text in texts(id, look) where terms[index].finder.finds(in: text) { return true }
            return false
        case .equals(let field, let wanted):
            guard case .texts(let texts) = field.kind else { return false }
            return texts(id, look).contains { $0.lowercased() == wanted }
        case .word(let field, let wanted, let isWhole):
            guard case .word(_, let word) = field.kind else { return false }
            return isWhole ? word(id, look) == wanted : word(id, look).hasPrefix(wanted)
        case .label(let field, let key, let wanted):
            guard case .labels(let labels) = field.kind else { return false }
            guard let value = labels(id, look)[key] else { return false }
            return wanted.map { $0 == value } ?? true
        case .figure(let field, let relation, let number):
            guard case .figure(_, let figure) = field.kind, let value = figure(id, look) else { return false }
            return switch relation {
            case .has, .equals: value == number
            case .above: value > number
            case .atLeast: value >= number
            case .below: value < number
            case .atMost: value <= number
            }
        }
    }
}

extension FilterField.Unit {
    /// The number that a text stands for: `50`, `500M`, `2h`.
    func number(_ text: String) -> Double? {
        let digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        guard let number = Double(digits) else { return nil }
        let unit = text[digits.endIndex...]
        switch self {
        case .number: return unit.isEmpty ? number : nil
        case .percent: return unit.isEmpty || unit == "%" ? number : nil
        case .bytes:
            let powers: [Substring: Double] = ["": 0, "b": 0, "k": 1, "m": 2, "g": 3, "t": 4]
            var letter = unit
            if letter.count > 1, letter.hasSuffix("ib") || letter.hasSuffix("b") {
                letter = letter.prefix(1)
                guard letter != "b", ["b", "ib"].contains(unit.dropFirst()) else { return nil }
            }
            guard let power = powers[letter] else { return nil }
            return (0..<Int(power)).reduce(number) { value, _ in value * 1_024 }
        case .seconds:
            let seconds: [Substring: Double] = ["s": 1, "": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800]
            return seconds[unit].map { $0 * number }
        }
    }

    fileprivate func example(_ name: String) -> String {
        switch self {
        case .number: "a number: \(name)>5"
        case .percent: "percent: \(name)>50"
        case .bytes: "bytes: \(name)>500M"
        case .seconds: "a time: \(name)>2h, \(name)<7d"
        }
    }
}

extension RowFilter.Problem {
    /// What is said of it.
    var text: String {
        switch self {
        case .wrongValue(let text): text
        case .unknownField(let name, let word):
            "there is no field \(Sanitiser.clean(name)), and no “\(Sanitiser.clean(word))”"
        }
    }
}
