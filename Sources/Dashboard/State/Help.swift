import Terminal

extension Command {
    /// Where help and README list it.
    enum Group: String, CaseIterable, Sendable {
        case containers = "Containers"
        case images = "Images"
        case volumes = "Volumes"
        case networks = "Networks"
        case events = "Events"
        case system = "System"
        case list = "Lists"
        case log = "Logs, when they have the focus"
        case charts = "Charts, when they have the focus"
        case text = "Inspect, layers and changes, when they have the focus"
        case processes = "Processes, when they have the focus"
        case making = "Run and build"
        case going = "What can be done, and what has to do with it"
        case views = "Views"
        case moving = "Moving"
        case program = "Program"
    }

    var group: Group {
        switch scope {
        case .tab(.logs): return .log
        case .tab(.stats): return .charts
        case .tab(.top): return .processes
        case .text: return .text
        default: break
        }
        switch id.prefix(while: { $0 != "." }) {
        case "list": return .list
        case "view": return ["view.filter", "view.unfilter"].contains(id) ? .list : .views
        case "pane", "jobs": return .views
        case "image": return .images
        case "volume": return .volumes
        case "network": return .networks
        case "events": return .events
        case "system": return .system
        case "text", "inspect": return .text
        case "run", "build": return .making
        case "actions", "go": return .going
        case "move": return .moving
        default: return scope == .containers ? .containers : .program
        }
    }

    /// Why it cannot be done where it works; nil when it can.
    func obstacle(_ state: State) -> String? {
        if case .no(let reason) = applies(state) { reason.isEmpty ? "not now" : reason } else { nil }
    }
}

extension Command.Scope {
    /// Where that is, said to somebody who is elsewhere.
    fileprivate func place(_ state: State) -> String {
        switch self {
        case .everywhere: "not now"
        case .list: "in a list: \(state.key(of: "view.back")) goes back to it"
        case .pane(let kind):
            "in \(Pane.of(kind).title.lowercased()): \(state.key(of: Pane.of(kind).command)) shows them"
        case .detail: "in the details: \(state.key(of: "view.enter")) goes there"
        case .text: "in a text of the details, such as Inspect"
        case .tab(let tab): "in the tab \(tab.title), when it has the focus"
        }
    }

    /// What belongs to what has the focus comes first, then the pane's own.
    var rank: Int {
        switch self {
        case .tab, .detail, .text: 0
        case .pane: 1
        case .list: 2
        case .everywhere: 3
        }
    }
}

extension State {
    /// Why a command cannot be done now, or where it can; nil when it can.
    func refusal(of command: Command) -> String? {
        command.scope.covers(self) ? command.obstacle(self) : command.scope.place(self)
    }

    mutating func openHelp() { layers.append(.help(settledHelp(ChoiceList()))) }

    /// A key in the help: until something has been typed, those that close other layers close it as well.
    mutating func handle(_ key: Key, inHelp list: ChoiceList) -> [Effect] {
        if list.typed.isEmpty, key == .character("q") || keymap.keys(of: "help").contains(KeySequence(key)) {
            layers.removeLast()
            return []
        }
        return handle(key, on: list, of: .help(list))
    }

    /// The help with what works here and now first, and why all else does not.
    func settledHelp(_ list: ChoiceList) -> ChoiceList {
        var list = list
        list.keyWidth = size.width < 60 ? 10 : 18
        // Layers are above what one wants to know the keys of.
        var there = self
        there.layers = []
        let typed = list.typed.count > 1 && list.typed.hasPrefix("/") ? String(list.typed.dropFirst()) : list.typed
        var here: [(rank: Int, item: ChoiceList.Item)] = []
        var others: [Command.Group: [ChoiceList.Item]] = [:]
        for command in Command.all where has(command, typed) {
            var refusal = there.refusal(of: command)
            let all = keymap.keys(of: command)
            let working = all.filter { keys in
                if case .command(let meant) = keymap.meaning(of: keys.keys, in: there) {
                    meant.id == command.id
                } else {
                    false
                }
            }
            if refusal == nil, working.isEmpty {
                if let first = all.first, case .command(let other) = keymap.meaning(of: first.keys, in: there) {
                    refusal = "here \(first) means: \(other.title)"
                } else {
                    refusal = "no key of its own: \(key(of: "palette")) finds it"
                }
            }
            let keys = refusal == nil ? working : all
            let item = ChoiceList.Item(
                id: command.id, what: .command(command), key: keys.label,
                title: command.title, refusal: refusal)
            if refusal == nil {
                here.append((command.group == .moving ? 4 : command.scope.rank, item))
            } else {
                others[command.group, default: []].append(item)
            }
        }
        var items: [ChoiceList.Item] = []
        func add(_ title: String, _ new: [ChoiceList.Item]) {
            guard !new.isEmpty else { return }
            if !items.isEmpty { items.append(.init(id: "space \(title)", what: .text, title: "")) }
            items.append(.init(id: "title \(title)", what: .text, title: title, role: .layerTitle))
            items += new
        }
        let place = "\(Pane.of(pane).title)\(focus == .detail ? ", \(tab.title)" : "")"
        let sorted = here.enumerated().sorted { ($0.element.rank, $0.offset) < ($1.element.rank, $1.offset) }
        add("Here and now: \(place)", sorted.map(\.element.item))
        for group in Command.Group.allCases { add("\(group.rawValue): not here, or not now", others[group] ?? []) }
        if typed.isEmpty {
            add(
                "Marks",
                Self.marks.map { mark, role, meaning in
                    .init(id: "mark \(meaning)", what: .text, key: mark, title: meaning, role: role)
                })
        }
        list.show(items)
        list.docker = nil
        return list
    }

    private func has(_ command: Command, _ typed: String) -> Bool {
        let all = keymap.keys(of: command)
        if typed.isEmpty || all.contains(where: { $0.description == typed }) { return true }
        // One letter is a key.
        guard typed.count > 1 else { return false }
        let keys = all.map(\.description).joined(separator: " ")
        let text = "\(command.title) \(command.hint ?? "") \(command.id) \(keys)".lowercased()
        return typed.lowercased().split(separator: " ").allSatisfy { text.contains($0) }
    }

    private static let marks: [(String, Role, String)] = [
        ("●", .running, "running"), ("●", .unhealthy, "running, unhealthy (also red in colour)"),
        ("◔", .starting, "running, health still starting"), ("◐", .restarting, "restarting"),
        ("‖", .paused, "paused"), ("◌", .created, "created, never started"), ("○", .endedWell, "ended with 0"),
        ("✕", .endedBadly, "ended with an error, dead or being removed"),
    ]
}
