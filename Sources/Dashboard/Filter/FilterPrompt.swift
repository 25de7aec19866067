import EngineAPI
import Terminal

// A filter while it is being typed.
extension State {
    /// Takes a filter as far as it is one: what is wrong with it is said, and the one before holds.
    /// - Returns: what is wrong with it.
    mutating func take(filter text: String) -> String? {
        let filter = RowFilter(text, pane)
        for problem in filter.problems {
            // `postgres:16` is no field, but a text that may well stand there.
            if case .unknownField(_, let word) = problem, stands(word) { continue }
            return problem.text
        }
        if text != self[list: pane].filter { self[list: pane].filter = text }
        return nil
    }

    /// Whether any row of the pane has a text.
    private func stands(_ text: String) -> Bool {
        let (pane, engine) = (Pane.of(self.pane), self.engine)
        var finder = TextFinder(text)
        return pane.rows(engine).contains { finder.finds(in: pane.searchText($0, engine)) }
    }

    /// The filters that what is typed can become: fields, and what rows have in them.
    func completions(ofFilter text: String) -> [String] {
        let fields = FilterField.all(pane)
        guard let word = FilterWord.all(in: text).last, text.last != " " || word.isOpen else {
            return fields.map { text + $0.beginning }
        }
        guard !word.isQuoted else { return [] }
        let head = String(text[..<word.start])
        guard let name = word.field else {
            let typed = word.value.lowercased()
            return fields.filter { $0.name.hasPrefix(typed) }.map { head + $0.beginning }
        }
        guard let field = FilterField.named(name, pane), [.has, .equals].contains(word.relation) else { return [] }
        let begun = "\(head)\(name)\(word.relation.rawValue)"
        let all = values(of: field, word.value)
        return all.map { begun + $0 }.filter { $0 != text }
    }

    private func values(of field: FilterField, _ typed: String) -> [String] {
        let small = typed.lowercased()
        switch field.kind {
        case .figure: return []
        case .word(let words, _): return words.filter { $0.hasPrefix(small) }
        case .texts(let texts):
            let look = filterLook
            return values(small) { texts($0, look) }
        case .labels(let labels):
            let look = filterLook
            guard let place = typed.firstIndex(of: "=") else { return values(small) { Array(labels($0, look).keys) } }
            let key = String(typed[..<place])
            return values(small) { id in labels(id, look)[key].map { ["\(key)=\($0)"] } ?? [] }
        }
    }

    /// What the first rows have, in the order of the alphabet: not more than one wants to choose from.
    private func values(_ typed: String, _ texts: (ResourceID) -> [String]) -> [String] {
        var found: Set<String> = []
        for id in Pane.of(pane).rows(engine).prefix(2_000) {
            for text in texts(id) where found.count < 200 && text.lowercased().hasPrefix(typed) {
                // What would need quotes, or cannot be shown, is not offered.
                if !text.isEmpty, !text.contains(where: { " \"".contains($0) }), Sanitiser.clean(text) == text {
                    found.insert(text)
                }
            }
        }
        return found.sorted()
    }
}

extension Prompt {
    /// Completes it, or goes on to what else it can be completed with.
    mutating func complete(_ step: Int) {
        if let cycle, !cycle.texts.isEmpty {
            let next = (cycle.index + step + cycle.texts.count) % cycle.texts.count
            self.cycle?.index = next
            text = cycle.texts[next]
        } else if let first = step > 0 ? completions.first : completions.last {
            cycle = (completions, step > 0 ? 0 : completions.count - 1)
            text = first
        } else {
            remark = "nothing completes that"
        }
    }

    /// What the first completion adds to what was typed.
    var suggestion: Substring {
        guard !text.isEmpty, text.last != " ", let first = completions.first, first.hasPrefix(text) else { return "" }
        return first.dropFirst(text.count)
    }

    /// The completions in a few words.
    var choices: String {
        let head = text.lastIndex(of: " ").map { text[...$0].count } ?? 0
        var words = ""
        for completion in completions {
            let word = Sanitiser.clean(String(completion.dropFirst(head)))
            if words.count + word.count > 44 { return words + " …" }
            words += (words.isEmpty ? "" : " ") + word
        }
        return words
    }
}
