import EngineAPI
import Terminal

/// The palette: every command, resource, setting and saved filter, found by typing.
extension State {
    /// More than so many are not listed.
    private static let mostFound = 200
    private static let shownRecent = 9
    /// More than so many of what was last chosen are not remembered.
    static let mostRecent = 30

    mutating func openPalette() { layers.append(.palette(settledPalette(ChoiceList()))) }

    // MARK: What stands in it

    /// The palette with what there is now.
    func settledPalette(_ list: ChoiceList) -> ChoiceList {
        var list = list
        list.keyWidth = 11
        let typed = list.typed.hasPrefix("docker ") ? String(list.typed.dropFirst(7)) : list.typed
        var match = FuzzyMatch(typed)
        list.show(match.isEmpty ? unsearched : found(&match, typed))
        list.docker = nil
        guard let item = list.item, item.refusal == nil, let command = item.command else { return list }
        // What only shows something is not run to know what docker calls it.
        var there = self
        there.layers = []
        list.docker = command.kind == .view ? command.docker(there) : there.docker(of: command)
        return list
    }

    /// What was last chosen, then what can be done now.
    private var unsearched: [ChoiceList.Item] {
        let rows = recentRows
        let recent = remembered.recent.prefix(Self.shownRecent).compactMap { item(ofID: $0, rows) }
        let known = Set(recent.map(\.id))
        let others = (commandItems + filterItems + settingItems).filter { !known.contains($0.id) }
        return recent + others.filter { $0.refusal == nil } + others.filter { $0.refusal != nil }
    }

    private func found(_ match: inout FuzzyMatch, _ typed: String) -> [ChoiceList.Item] {
        var scored: [(score: Int, item: ChoiceList.Item)] = []
        let recent = Set(remembered.recent)
        func add(_ score: Int, _ item: ChoiceList.Item) {
            scored.append((score + (recent.contains(item.id) ? 25 : 0) - (item.refusal == nil ? 0 : 30), item))
        }
        for item in commandItems {
            guard let command = item.command else { continue }
            var best = match.score(command.title)
            for text in [command.id, command.hint ?? "", Command.dockerNames[command.id] ?? ""] {
                if let score = match.score(text), score > best ?? .min { best = score }
            }
            // A key as it is pressed is what one means.
            if keymap.keys(of: command).contains(where: { $0.description == typed }) { best = max(best ?? 0, 150) }
            if let best { add(best, item) }
        }
        for item in filterItems + settingItems {
            if let score = match.score("\(item.title) \(item.note)") { add(score - 5, item) }
        }
        // Of ten thousand names only those that are listed become items.
        var rows: [(score: Int, pane: PaneKind, id: ResourceID)] = []
        let engine = engine
        for kind in PaneKind.listed {
            let pane = Pane.of(kind)
            for id in pane.rows(engine) {
                if let score = match.score(pane.name(id, engine)) { rows.append((score, kind, id)) }
            }
        }
        if rows.count > Self.mostFound {
            rows.sort { $0.score > $1.score }
            rows.removeLast(rows.count - Self.mostFound)
        }
        for row in rows { add(row.score, item(of: row.id)) }
        let sorted = scored.enumerated().sorted { a, b in
            a.element.score != b.element.score ? a.element.score > b.element.score : a.offset < b.offset
        }
        return settingValues(typed) + sorted.prefix(Self.mostFound).map(\.element.item)
    }

    private var commandItems: [ChoiceList.Item] {
        Command.all.filter { $0.id != "palette" }.map { item(of: $0) }
    }

    private func item(of command: Command) -> ChoiceList.Item {
        ChoiceList.Item(command, key: keymap.keys(of: command).first, refusal: refusal(of: command))
    }

    private var settingItems: [ChoiceList.Item] {
        Setting.all.map { setting in
            ChoiceList.Item(
                id: "setting:\(setting.path)", what: .setting(setting), key: "setting", title: setting.path,
                note: "\(setting.read(settings)) · \(setting.title)")
        }
    }

    private var filterItems: [ChoiceList.Item] {
        savedFilters(pane).map { saved in
            ChoiceList.Item(
                id: "filter:\(saved.text)", what: .filter(saved.text), key: "filter", title: saved.title,
                note: saved.title == saved.text ? "" : saved.text)
        }
    }

    private func item(of id: ResourceID) -> ChoiceList.Item {
        let pane = Pane.of(id.pane)
        let name = pane.name(id, engine)
        let kind = String(pane.title.lowercased().dropLast())
        let note =
            switch id {
            case .container(let id): engine.containers[id].map { $0.state.name } ?? ""
            default: ""
            }
        return ChoiceList.Item(
            id: "\(kind):\(distinct(name, id))", what: .row(id), key: kind, title: name,
            note: note.isEmpty ? "Enter goes to it" : "\(note) · Enter goes to it")
    }

    /// A name that no other of the same kind has: an Engine takes several networks of one name.
    private func distinct(_ name: String, _ id: ResourceID) -> String {
        guard case .network(let network) = id, engine.networks.items.count(where: { $0.name == name }) > 1 else {
            return name
        }
        return "\(name) \(network)"
    }

    /// The resources that were chosen before and are still there, by what is remembered of them: looked for once for all,
    /// and only where some are remembered.
    private var recentRows: [String: ResourceID] {
        let wanted = Set(remembered.recent.prefix(Self.shownRecent))
        let engine = engine
        var found: [String: ResourceID] = [:]
        for kind in PaneKind.listed {
            let pane = Pane.of(kind)
            let prefix = String(pane.title.lowercased().dropLast()) + ":"
            guard wanted.contains(where: { $0.hasPrefix(prefix) }) else { continue }
            for id in pane.rows(engine) {
                let plain = pane.name(id, engine)
                // Whether others have that name is asked only of what may be wanted: it looks at all of them.
                guard wanted.contains(where: { $0.dropFirst(prefix.count).hasPrefix(plain) }) else { continue }
                let name = prefix + distinct(plain, id)
                if wanted.contains(name) { found[name] = id }
            }
        }
        return found
    }

    /// What was chosen before, as far as it is still there.
    private func item(ofID id: String, _ rows: [String: ResourceID]) -> ChoiceList.Item? {
        let parts = id.split(separator: ":", maxSplits: 1).map(String.init)
        guard parts.count == 2 else {
            return Command.all.first { $0.id == id }.map { item(of: $0) }
        }
        switch parts[0] {
        case "setting": return settingItems.first { $0.id == id }
        case "filter": return filterItems.first { $0.id == id }
        default: return rows[id].map { item(of: $0) }
        }
    }

    /// `log.lines 5000`: a setting with what it is to be.
    private func settingValues(_ typed: String) -> [ChoiceList.Item] {
        let parts = typed.split(maxSplits: 1, whereSeparator: { $0 == " " || $0 == "=" })
        guard parts.count == 2, let setting = Setting.all.first(where: { $0.path == parts[0] }) else { return [] }
        let text = String(parts[1].drop { $0 == " " || $0 == "=" })
        var item = ChoiceList.Item(
            id: "value:\(setting.path)", what: .setting(setting), key: "set", title: "\(setting.path) = \(text)",
            note: "now \(setting.read(settings))")
        if let value = setting.kind.value(text) {
            item = ChoiceList.Item(
                id: item.id, what: .value(setting, value), key: item.key, title: item.title, note: item.note)
        } else {
            item.refusal = "it takes \(setting.kind.description)"
        }
        return [item]
    }

    // MARK: Choosing

    /// Does what the bar is on, in the palette or in the help.
    mutating func take(_ list: ChoiceList, from layer: Layer) -> [Effect] {
        guard let item = list.item else { return [] }
        if let refusal = item.refusal {
            tell(.note, refusal)
            return []
        }
        layers.removeLast()
        if case .palette = layer { remember(item.id) }
        switch item.what {
        case .command(let command):
            // What was listed is as old as the last event.
            if case .no(let reason) = command.applies(self) {
                tell(.note, reason)
                return []
            }
            return command.run(&self)
        case .row(let id): go(toThoseLeftOf: [id], in: id.pane, showing: nil)
        case .setting(let setting): return change(setting)
        case .value(let setting, let value): return set(setting, value)
        case .filter(let text): use(filter: text)
        case .text: break
        }
        return []
    }

    private mutating func remember(_ id: String) {
        guard !id.hasPrefix("value:") else { return }
        remembered.recent.removeAll { $0 == id }
        remembered.recent.insert(id, at: 0)
        if remembered.recent.count > Self.mostRecent { remembered.recent.removeLast() }
    }
}

extension ChoiceList.Item {
    init(_ command: Command, key: KeySequence?, refusal: String?) {
        self.init(
            id: command.id, what: .command(command), key: key?.description ?? "",
            title: command.title, refusal: refusal)
    }
}

extension Command {
    /// What docker calls it, where title and id do not.
    static let dockerNames: [String: String] = [
        "container.remove": "rm", "container.exec": "exec -it", "files.browse": "cp", "files.export": "export",
        "view.changes": "diff", "view.open": "port", "image.remove": "rmi", "image.layers": "history",
        "pane.containers": "ps", "pane.images": "images", "pane.volumes": "volume ls", "pane.networks": "network ls",
        "pane.events": "events", "pane.system": "system df info version", "system.cleanup": "system prune",
        "run.form": "run create", "build.form": "build buildx", "volume.browse": "cp",
        "container.networks": "network connect disconnect", "network.members": "network inspect",
    ]
}
