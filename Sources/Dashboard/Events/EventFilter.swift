import EngineAPI

/// Which events are wanted: words that all have to be there, `type:network`, `name:web`, `action:die`, `id:4f2`; with
/// `-` before it, none that has it.
struct EventFilter: Sendable {
    private enum Key: String {
        case type, name, action, event, id
    }

    private struct Term: Sendable {
        let key: Key?
        var finder: TextFinder
        let isUnwanted: Bool
    }

    private var terms: [Term] = []

    init(_ text: String) {
        for word in text.split(separator: " ") {
            let isUnwanted = word.count > 1 && word.first == "-"
            let word = isUnwanted ? word.dropFirst() : word
            let parts = word.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            let key = parts.count == 2 ? Key(rawValue: parts[0].lowercased()) : nil
            let wanted = key == nil ? word : parts[1]
            // A key that nothing follows yet hides nothing: one is typing.
            if !wanted.isEmpty {
                terms.append(Term(key: key, finder: TextFinder(String(wanted)), isUnwanted: isUnwanted))
            }
        }
    }

    var isEmpty: Bool { terms.isEmpty }

    mutating func lets(_ entry: EventHistory.Entry) -> Bool {
        // A gap belongs to whatever is looked at.
        guard let event = entry.event else { return true }
        for index in terms.indices {
            let found: Bool
            switch terms[index].key {
            case .type: found = terms[index].finder.finds(in: event.type)
            case .action, .event: found = terms[index].finder.finds(in: event.action)
            case .id: found = terms[index].finder.finds(in: event.actorID)
            case .name: found = terms[index].finder.finds(in: "\(event.name) \(entry.other ?? "")")
            case nil:
                found = terms[index].finder.finds(
                    in: "\(event.type) \(event.action) \(event.name) \(EventWords.details(of: entry))")
            }
            if found == terms[index].isUnwanted { return false }
        }
        return true
    }

    /// A filter's text with another type, or none.
    static func text(_ text: String, type: String?) -> String {
        let others = text.split(separator: " ").filter { !$0.lowercased().hasPrefix("type:") }
        return ((type.map { ["type:\($0)"] } ?? []) + others.map(String.init)).joined(separator: " ")
    }
}
