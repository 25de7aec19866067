import Collections

/// What `config.yaml` says: the settings, and what is wrong in it. What is wrong is left out, the rest holds.
public struct SettingsFile: Sendable {
    /// Settings as the file has them, all others as Gantry has them by itself.
    public var settings = Settings()
    /// Whether there is such a file.
    public private(set) var isThere = true
    /// What is wrong, in the order of the file.
    private(set) var problems: [TextProblem] = []
    /// Where the values of those settings stand that the file has, by their paths.
    private(set) var places: [String: TextPlace] = [:]

    /// Where commands' keys stand: by the id of the command and the keys.
    private var keyPlaces: [String: [KeySequence: TextPlace]] = [:]
    private var keys: OrderedDictionary<String, [KeySequence]> = [:]

    /// Reads a file's text.
    init(_ bytes: [UInt8]) {
        let (root, problems) = YAMLReader.read(bytes)
        self.problems = problems
        switch root?.content {
        case .mapping(let entries): take(entries, of: "")
        case .scalar, .sequence:
            if let root { refuse(root.place, "expected settings such as “mouse: true”") }
        case nil: break
        }
        if !keys.isEmpty {
            settings.keys.own = keys
            for conflict in settings.keys.conflicts { refuse(conflict) }
        }
        self.problems.sort { $0.place < $1.place }
    }

    /// No file.
    init() { isThere = false }

    /// Whether the file has a setting.
    public func has(_ path: String) -> Bool { places[path] != nil }

    /// Notes that the value of a setting, or all of the file, cannot be used for a reason that only shows later.
    public mutating func refuse(_ path: String, _ reason: String) {
        refuse(places[path] ?? TextPlace(line: 1, column: 1), reason)
        problems.sort { $0.place < $1.place }
    }

    private mutating func refuse(_ place: TextPlace, _ reason: String) { problems.append(TextProblem(place, reason)) }

    // MARK: Sections and settings

    private static let keysSection = "keys."

    /// The entries below a section; dots in a name lead into sections as well.
    private mutating func take(_ entries: [YAMLNode.Entry], of section: String) {
        for entry in entries {
            let path = section + entry.key
            let id = path.hasPrefix(Self.keysSection) ? String(path.dropFirst(Self.keysSection.count)) : nil
            if let setting = Setting.named(path) {
                take(entry.value, for: setting)
            } else if let id, let command = Command.all.first(where: { $0.id == id }), !Self.isMapping(entry.value) {
                take(entry.value, asKeysOf: command)
            } else if Self.isSection(path) {
                if case .mapping(let entries) = entry.value.content {
                    take(entries, of: path + ".")
                } else if !entry.value.isNothing {
                    refuse(entry.value.place, "“\(path)” is a section: its settings stand below it, indented")
                }
            } else {
                let nearest = Self.nearest(to: path).map { ": is “\($0)” meant?" } ?? ""
                refuse(
                    entry.place,
                    id.map { "there is no command “\($0)”\(nearest)" } ?? "there is no setting “\(path)”\(nearest)")
            }
        }
    }

    private static func isMapping(_ node: YAMLNode) -> Bool {
        if case .mapping = node.content { true } else { false }
    }

    private static func isSection(_ path: String) -> Bool {
        let beginning = path + "."
        if Setting.all.contains(where: { $0.path.hasPrefix(beginning) }) { return true }
        return beginning.hasPrefix(keysSection)
            && Command.all.contains { (keysSection + $0.id).hasPrefix(beginning) }
    }

    private mutating func take(_ node: YAMLNode, for setting: Setting) {
        guard let value = setting.kind.value(of: node) else {
            return refuse(node.place, "“\(setting.path)” takes \(setting.kind.description)")
        }
        // `log.lines:` and, below `log:`, `lines:`.
        guard places[setting.path] == nil else {
            return refuse(node.place, "“\(setting.path)” stands twice: the first holds")
        }
        places[setting.path] = node.place
        setting.write(&settings, value)
        guard setting.path == "filters", case .mapping(let entries) = node.content else { return }
        for entry in entries {
            guard let filter = settings.filters[entry.key], let problem = RowFilter.problem(everywhere: filter)
            else { continue }
            refuse(entry.value.place, "the filter “\(entry.key)”: \(problem)")
        }
    }

    // MARK: Keys

    private mutating func take(_ node: YAMLNode, asKeysOf command: Command) {
        var nodes = [node]
        if case .sequence(let elements) = node.content { nodes = elements }
        if nodes.count == 1, case .scalar("none", _) = nodes[0].content { nodes = [] }
        var found: [KeySequence] = []
        for node in nodes {
            guard case .scalar(let text, _) = node.content, !text.isEmpty else {
                refuse(node.place, "“\(command.id)” takes a key, a list of keys such as [x, ctrl-x k], or none")
                continue
            }
            guard let keys = KeySequence(parsing: text) else {
                let several = text.contains(" ") ? " (up to \(KeySequence.longest), none of them Esc)" : ""
                refuse(node.place, "“\(text)” is no key\(several)")
                continue
            }
            guard !keys.keys.contains(.ctrl("c")) || command.id == "quit" else {
                refuse(node.place, "Ctrl-c always quits")
                continue
            }
            if let key = keys.keys.first(where: { $0.sentAs != nil }), let other = key.sentAs {
                refuse(node.place, "terminals send \(key) as \(other): write “\(other.name)”")
                continue
            }
            found.append(keys)
            keyPlaces[command.id, default: [:]][keys] = node.place
        }
        // With nothing but mistakes it keeps the keys that it has.
        guard !found.isEmpty || nodes.isEmpty else { return }
        keys[command.id] = found
    }

    private mutating func refuse(_ conflict: Keymap.Conflict) {
        func described(_ command: Command) -> String { "\(command.id) (\(command.title))" }
        // Of what is in the table both, the place of the one that the person wrote.
        let place =
            keyPlaces[conflict.lost.id]?[conflict.lostKeys] ?? keyPlaces[conflict.kept.id]?[conflict.keptKeys]
            ?? TextPlace(line: 1, column: 1)
        let (kept, lost) = (conflict.keptKeys, conflict.lostKeys)
        let why =
            kept == lost
            ? "“\(kept)” is for \(described(conflict.kept)) and for \(described(conflict.lost))"
            : kept.count < lost.count
                ? "“\(kept)” for \(described(conflict.kept)) begins “\(lost)” for \(described(conflict.lost))"
                : "“\(kept)” for \(described(conflict.kept)) begins with “\(lost)” for \(described(conflict.lost))"
        refuse(place, "\(why): the first holds")
    }

    // MARK: What may be meant

    /// The setting, or the command, whose name differs least, if it differs little.
    private static func nearest(to path: String) -> String? {
        let isKeys = path.hasPrefix(keysSection)
        let written = isKeys ? String(path.dropFirst(keysSection.count)) : path
        let names = isKeys ? Command.all.map(\.id) : Setting.all.map(\.path)
        let best = names.map { (name: $0, distance: distance($0, written)) }.min { $0.distance < $1.distance }
        return best.flatMap { $0.distance <= max(1, written.utf8.count / 4) ? $0.name : nil }
    }

    /// How many letters must be put in, taken out or changed to make one of the other.
    private static func distance(_ a: String, _ b: String) -> Int {
        let b = Array(b.utf8.prefix(60))
        var row = Array(0...b.count)
        for (index, letter) in a.utf8.enumerated() {
            var before = row[0]
            row[0] = index + 1
            for column in b.indices {
                let changed = before + (letter == b[column] ? 0 : 1)
                before = row[column + 1]
                row[column + 1] = min(changed, before + 1, row[column] + 1)
            }
        }
        return row[b.count]
    }
}

extension Setting.Kind {
    /// The value that a person wrote; nil when it is not of this kind.
    fileprivate func value(of node: YAMLNode) -> Setting.Value? {
        switch (self, node.content) {
        case (.flag, .scalar("true", isQuoted: false)): return .flag(true)
        case (.flag, .scalar("false", isQuoted: false)): return .flag(false)
        case (.number(let range), .scalar(let text, isQuoted: false)):
            guard text.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 || $0 == UInt8(ascii: "-") })
            else { return nil }
            return Int(text).flatMap { range.contains($0) ? .number($0) : nil }
        case (.choice(let names), .scalar(let text, _)): return names.contains(text) ? .text(text) : nil
        case (.text, .scalar(let text, _)): return node.isNothing ? nil : .text(text)
        case (.several(let known), .sequence(let elements)):
            var names: [String] = []
            for element in elements {
                guard case .scalar(let name, _) = element.content, !element.isNothing else { return nil }
                guard known.contains(name) else { return nil }
                if !names.contains(name) { names.append(name) }
            }
            return .names(names)
        case (.pairs, .mapping(let entries)):
            var pairs: [String: String] = [:]
            for entry in entries {
                guard case .scalar(let text, _) = entry.value.content, !entry.value.isNothing else { return nil }
                pairs[entry.key] = text
            }
            return .pairs(pairs)
        case (.pairs, .scalar): return node.isNothing ? .pairs([:]) : nil
        default: return nil
        }
    }
}
