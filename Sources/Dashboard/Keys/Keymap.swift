import Collections
import Terminal

/// Which keys mean which commands: the table's own, a preset over them, and what a person wrote over both.
struct Keymap: Sendable {
    /// Two commands that want the same keys, or keys that begin another's, in one place.
    struct Conflict: Sendable {
        /// The command that has them, and its keys.
        let kept: Command
        let keptKeys: KeySequence
        /// The one that has lost them, and its keys.
        let lost: Command
        let lostKeys: KeySequence
    }

    /// The name of a ``KeyPreset``.
    var preset = "gantry" { didSet { build() } }
    /// By the ids of commands, in the order they were written. Empty for a command that is to have no key.
    var own: OrderedDictionary<String, [KeySequence]> = [:] { didSet { build() } }

    /// What a person wrote that could not be had.
    private(set) var conflicts: [Conflict] = []
    /// The keys of those commands that have others than in the table, by id.
    private var changed: [String: [KeySequence]] = [:]
    /// Who has a key first in its keys, in the order of the table.
    private var bindings: [Key: [Binding]]

    private struct Binding: Sendable {
        /// The index in the table.
        let command: Int
        let keys: KeySequence
    }

    /// The keys of the table.
    init() { self = .standard }

    init(preset: String, own: OrderedDictionary<String, [KeySequence]>) {
        self = .standard
        self.preset = preset
        self.own = own
        build()
    }

    private init(bindings: [Key: [Binding]]) { self.bindings = bindings }

    private static let standard: Keymap = {
        var bindings: [Key: [Binding]] = [:]
        for (index, command) in Command.all.enumerated() {
            for key in command.keys {
                bindings[key, default: []].append(Binding(command: index, keys: KeySequence(key)))
            }
        }
        return Keymap(bindings: bindings)
    }()

    // MARK: Looking up

    /// The keys of a command, the one that is shown first.
    func keys(of command: Command) -> [KeySequence] {
        (changed.isEmpty ? nil : changed[command.id]) ?? command.keys.map { KeySequence($0) }
    }

    /// The keys of the command of an id.
    func keys(of id: String) -> [KeySequence] {
        if let keys = changed[id] { return keys }
        return Command.all.first { $0.id == id }.map { keys(of: $0) } ?? []
    }

    enum Meaning {
        case nothing
        /// More keys are to come.
        case beginning
        case command(Command)
    }

    /// What keys mean that were pressed one after the other.
    func meaning(of pressed: [Key], in state: State) -> Meaning {
        let here = reachable(by: pressed, in: state)
        // The narrowest scope wins: `t` in a log means the log's timestamps.
        let narrow = here.filter { Command.all[$0.command].scope.isNarrow }
        for candidates in narrow.isEmpty ? [here] : [narrow, here] {
            let whole = candidates.filter { $0.keys.count == pressed.count }
            if let found = whole.first(where: { Command.all[$0.command].applies(state) == .yes }) {
                return .command(Command.all[found.command])
            }
            if whole.count < candidates.count { return .beginning }
            if let first = whole.first { return .command(Command.all[first.command]) }
        }
        return .nothing
    }

    /// The commands that keys which were pressed may still lead to, and the keys that are missing.
    func continuations(of pressed: [Key], in state: State) -> [(keys: String, command: Command)] {
        reachable(by: pressed, in: state).filter { $0.keys.count > pressed.count }.map { binding in
            let missing = binding.keys.keys.dropFirst(pressed.count).map(\.description)
            return (missing.joined(separator: " "), Command.all[binding.command])
        }
    }

    /// The commands that keys belong to anywhere.
    func commands(_ pressed: [Key]) -> [Command] {
        guard let first = pressed.first, let found = bindings[first] else { return [] }
        return found.filter { $0.keys.begins(with: pressed) }.map { Command.all[$0.command] }
    }

    private func reachable(by pressed: [Key], in state: State) -> [Binding] {
        guard let first = pressed.first, let found = bindings[first] else { return [] }
        return found.filter { $0.keys.begins(with: pressed) && Command.all[$0.command].scope.covers(state) }
    }

    // MARK: Building

    /// Gives each command its keys: what a person wrote first, what the preset says next. Who comes later and wants what
    /// another has goes without.
    private mutating func build() {
        let given = KeyPreset.named(preset)?.keys ?? []
        (bindings, changed, conflicts) = (Self.standard.bindings, [:], [])
        guard !own.isEmpty || !given.isEmpty else { return }
        let indices = Dictionary(uniqueKeysWithValues: Command.all.enumerated().map { ($1.id, $0) })
        var wanted: [(command: Int, keys: [KeySequence], isOwn: Bool)] = own.compactMap { id, keys in
            indices[id].map { ($0, keys, true) }
        }
        for (id, names) in given where own[id] == nil {
            if let index = indices[id] { wanted.append((index, names.compactMap { KeySequence(parsing: $0) }, false)) }
        }
        let changing = Set(wanted.map(\.command))
        for (index, command) in Command.all.enumerated() where !changing.contains(index) {
            wanted.append((index, command.keys.map { KeySequence($0) }, false))
        }
        let owners = Set(wanted.filter(\.isOwn).map(\.command))
        bindings = [:]
        for (index, keys, _) in wanted {
            let command = Command.all[index]
            var had: [KeySequence] = []
            for keys in keys where !had.contains(keys) {
                let others = bindings[keys.first] ?? []
                if let other = others.first(where: { Self.collide(index, keys, $0.command, $0.keys) }) {
                    // What the table and the presets have among themselves is theirs to settle.
                    guard owners.contains(other.command) else { continue }
                    conflicts.append(
                        Conflict(
                            kept: Command.all[other.command], keptKeys: other.keys, lost: command, lostKeys: keys))
                } else {
                    had.append(keys)
                    bindings[keys.first, default: []].append(Binding(command: index, keys: keys))
                }
            }
            if had != command.keys.map({ KeySequence($0) }) { changed[command.id] = had }
        }
        for key in bindings.keys { bindings[key]?.sort { $0.command < $1.command } }
    }

    /// Whether two commands cannot both have their keys.
    private static func collide(_ a: Int, _ aKeys: KeySequence, _ b: Int, _ bKeys: KeySequence) -> Bool {
        guard aKeys.begins(with: bKeys) || bKeys.begins(with: aKeys) else { return false }
        if a == b { return true }
        let (first, second) = (Command.all[a], Command.all[b])
        guard first.scope.overlaps(second.scope) else { return false }
        // Those that share a key in the table never apply at the same time: a test sees to that.
        return aKeys != bKeys || Set(first.keys).isDisjoint(with: second.keys)
    }
}

extension Keymap: Equatable {
    static func == (a: Keymap, b: Keymap) -> Bool { a.preset == b.preset && a.own == b.own }
}

extension Command.Scope {
    /// Whether it wins over what means something wherever the details have the focus.
    var isNarrow: Bool {
        switch self {
        case .detail, .text, .tab: true
        case .everywhere, .list, .pane: false
        }
    }

    /// Whether a key can be meant for either in one place, and neither wins over the other.
    func overlaps(_ other: Command.Scope) -> Bool {
        guard isNarrow == other.isNarrow else { return false }
        switch (self, other) {
        case (.pane(let a), .pane(let b)): return a == b
        case (.tab(let a), .tab(let b)): return a == b
        case (.text, .tab(let tab)), (.tab(let tab), .text): return tab.isText
        default: return true
        }
    }
}

extension [KeySequence] {
    /// All of them, as a list shows them.
    var label: String { map(\.description).joined(separator: contains { $0.count > 1 } ? "  " : " ") }
}

extension State {
    var keymap: Keymap { settings.keys }

    /// The key of a command as it is bound, for texts such as “P goes on”; how the palette finds it when it has none.
    func key(of id: String) -> String { keymap.keys(of: id).first?.description ?? ":\(id)" }
}
