import EngineAPI
import Terminal

/// What can be done, to be chosen from: to the selected row or the marked ones, or to many rows together.
///
/// It is no list of its own: all that stands in it comes from the table of commands.
struct ActionMenu: Sendable {
    /// To which rows something is done.
    enum Reach: Hashable, Sendable {
        /// The selected row, or the marked ones, as a key would.
        case row
        case marked
        /// All that the list shows.
        case listed
        /// All that there are, hidden by a filter or not.
        case all
    }

    struct Item: Sendable {
        let command: Command
        /// Why it cannot be done now; nil when it can.
        let refusal: String?
    }

    let pane: PaneKind
    /// The rows that it was opened for, and the selected one: what is chosen means these and no others.
    let targets: Set<ResourceID>
    let selected: ResourceID?
    /// To how many rows each reach would lead; empty when there is nothing to choose between.
    let reaches: [(reach: Reach, count: Int)]
    var reach: Reach
    /// What was typed: only commands whose titles have it are shown.
    var filter = ""
    /// What can be done first, in the order of the table.
    fileprivate(set) var items: [Item] = []
    /// The command that the bar is on.
    fileprivate(set) var chosen: String?
    /// The docker command that the chosen one stands for.
    fileprivate(set) var docker: String?

    var isBulk: Bool { !reaches.isEmpty }
    var index: Int { items.firstIndex { $0.command.id == chosen } ?? 0 }

    mutating func move(_ step: Int) {
        guard !items.isEmpty else { return }
        chosen = items[min(max(0, index + step), items.count - 1)].command.id
    }

    mutating func choose(_ index: Int) {
        if items.indices.contains(index) { chosen = items[index].command.id }
    }

    /// The reach before or after the chosen one.
    mutating func turn(_ step: Int) {
        guard let here = reaches.firstIndex(where: { $0.reach == reach }) else { return }
        reach = reaches[(here + step + reaches.count) % reaches.count].reach
    }

    /// Whether a command stands in it.
    fileprivate func has(_ command: Command) -> Bool {
        let belongs = command.scope == .pane(pane) || command.isAboutRow
        guard isBulk ? command.takesSeveral && command.scope == .pane(pane) : belongs else { return false }
        let text = "\(command.title) \(command.hint ?? "") \(command.id)".lowercased()
        return filter.lowercased().split(separator: " ").allSatisfy { text.contains($0) }
    }
}

extension State {
    /// Opens the menu of what can be done to the selected row, or to the marked ones.
    mutating func openActions() {
        open(ActionMenu(pane: pane, targets: Set(aimedRows), selected: selected, reaches: [], reach: .row))
    }

    /// Opens the menu of what can be done to many rows together.
    mutating func openBulk() {
        var reaches: [(reach: ActionMenu.Reach, count: Int)] = []
        let marked = markedRows(pane).count
        if marked > 0 { reaches.append((.marked, marked)) }
        if self[list: pane].hidesRows { reaches.append((.listed, rows(pane).count)) }
        reaches.append((.all, Pane.of(pane).count(engine)))
        open(
            ActionMenu(pane: pane, targets: [], selected: nil, reaches: reaches, reach: reaches[0].reach))
    }

    private mutating func open(_ menu: ActionMenu) { layers.append(.actions(settled(menu))) }

    /// The rows that a command is about: the marked ones that are listed, or the selected one.
    private var aimedRows: [ResourceID] {
        let marked = markedRows(pane)
        return marked.isEmpty ? selected.map { [$0] } ?? [] : marked
    }

    /// The menu with what can be done now.
    func settled(_ menu: ActionMenu) -> ActionMenu {
        var menu = menu
        var there = self
        there.layers = []
        there.reach(menu.reach)
        let items = Command.all.filter { menu.has($0) }.map { command -> ActionMenu.Item in
            if case .no(let reason) = command.applies(there) {
                return .init(command: command, refusal: reason.isEmpty ? "not here" : reason)
            }
            return .init(command: command, refusal: nil)
        }
        menu.items = items.filter { $0.refusal == nil } + items.filter { $0.refusal != nil }
        if !menu.items.contains(where: { $0.command.id == menu.chosen }) {
            menu.chosen = menu.items.first?.command.id
        }
        menu.docker = nil
        if let item = menu.items.first(where: { $0.command.id == menu.chosen }), item.refusal == nil {
            menu.docker = there.docker(of: item.command)
        }
        return menu
    }

    /// Marks the rows that are meant, for a moment.
    private mutating func reach(_ reach: ActionMenu.Reach) {
        asksAlways = reach != .row
        guard reach == .listed || reach == .all else { return }
        if reach == .all {
            self[list: pane].filter = ""
            self[list: pane].relation = nil
            self[list: pane].onlyTrouble = false
            settleRows()
        }
        marked = Set(rows(pane))
    }

    /// What a command would have docker do. It is run to find that out, on a state that nobody keeps: all that it does
    /// outside are effects, and these are dropped.
    private func docker(of command: Command) -> String? {
        var trial = self
        trial.journal = Journal()
        _ = command.run(&trial)
        if let entry = trial.journal.entries.last { return entry.docker }
        switch trial.layers.last {
        case .question(let question): return question.docker(question)
        case .form(let form):
            let line = form.behaviour.command(form)
            if !line.isEmpty { return line }
        case .prompt(let prompt):
            if case .ask(let ask) = prompt.purpose { return ask.label + prompt.text }
        default: break
        }
        return command.docker(self)
    }

    // MARK: Choosing

    mutating func handle(_ key: Key, in menu: ActionMenu) -> [Effect] {
        var menu = menu
        let page = max(1, ActionsLayer.rows(menu, size).height - 1)
        switch key {
        case .down, .ctrl("n"): menu.move(1)
        case .up, .ctrl("p"): menu.move(-1)
        case .pageDown: menu.move(page)
        case .pageUp: menu.move(-page)
        case .home: menu.move(-menu.items.count)
        case .end: menu.move(menu.items.count)
        case .right, .tab: menu.turn(1)
        case .left, .backTab: menu.turn(-1)
        case .enter: return run(menu)
        case .escape:
            guard !menu.filter.isEmpty else {
                layers.removeLast()
                return []
            }
            menu.filter = ""
        case .backspace:
            guard !menu.filter.isEmpty else {
                layers.removeLast()
                return []
            }
            menu.filter.removeLast()
        case .ctrl("u"): menu.filter = ""
        case .character(let character): if menu.filter.count < 40 { menu.filter.append(character) }
        default: return []
        }
        // What can be done is found after the key: see `settleActions`.
        layers[layers.count - 1] = .actions(menu)
        return []
    }

    /// Does the chosen thing, if the rows that it was chosen for are still meant.
    mutating func run(_ menu: ActionMenu) -> [Effect] {
        guard let item = menu.items.first(where: { $0.command.id == menu.chosen }) else { return [] }
        let command = item.command
        guard menu.isBulk || stillMeans(menu, command) else {
            layers.removeLast()
            tell(.failure, "the list has changed under the menu: nothing was done")
            return []
        }
        let before = (marked: marked, list: self[list: pane], layers: layers)
        layers.removeLast()
        reach(menu.reach)
        var effects: [Effect] = []
        switch command.applies(self) {
        case .yes: effects = command.run(&self)
        case .no(let reason):
            layers = before.layers
            tell(.note, reason)
        }
        guard asksAlways else { return effects }
        asksAlways = false
        marked = before.marked
        self[list: pane] = before.list
        settleRows()
        return effects
    }

    private func stillMeans(_ menu: ActionMenu, _ command: Command) -> Bool {
        let aimed = aimedRows
        guard !aimed.isEmpty, menu.targets.isSuperset(of: aimed) else { return menu.targets.isEmpty && aimed.isEmpty }
        return selected == menu.selected || command.takesSeveral && menu.targets.count > 1
    }

    /// Says anew what can be done, after something has changed.
    mutating func settleActions() {
        for index in layers.indices {
            if case .actions(let menu) = layers[index] { layers[index] = .actions(settled(menu)) }
        }
    }
}
