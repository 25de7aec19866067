import Terminal

/// Keys that are pressed one after the other; nearly always it is one.
struct KeySequence: Hashable, Sendable, CustomStringConvertible {
    /// Keys in a sequence at most.
    static let longest = 5

    let first: Key
    private(set) var rest: [Key] = []

    init(_ key: Key) { first = key }

    /// Reads names of keys with spaces between them: `ctrl-x k`.
    ///
    /// Nil when one of them is no key, or when there are several and Esc is among them, which leaves a sequence.
    init?(parsing text: String) {
        let names = text.split(separator: " ")
        let keys = names.compactMap { Key(parsing: String($0)) }
        guard let first = keys.first, keys.count == names.count, keys.count <= Self.longest else { return nil }
        guard keys.count == 1 || !keys.contains(.escape) else { return nil }
        self.first = first
        rest = Array(keys.dropFirst())
    }

    var count: Int { rest.count + 1 }
    var keys: [Key] { [first] + rest }

    func begins(with keys: [Key]) -> Bool {
        keys.count <= count && keys.first == first && rest.starts(with: keys.dropFirst())
    }

    func begins(with other: KeySequence) -> Bool { first == other.first && rest.starts(with: other.rest) }

    /// As hints show it: `Ctrl-x k`.
    var description: String { rest.isEmpty ? first.description : keys.map(\.description).joined(separator: " ") }
    /// As configurations spell it: `ctrl-x k`.
    var name: String { keys.map(\.name).joined(separator: " ") }
}
