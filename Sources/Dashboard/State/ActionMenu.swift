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

    let pane: PaneKind
    /// The rows that it was opened for, and the selected one: what is chosen means these and no others.
    let targets: Set<ResourceID>
    let selected: ResourceID?
    /// To how many rows each reach would lead; empty when there is nothing to choose between.
    let reaches: [(reach: Reach, count: Int)]
    var reach: Reach
    /// What can be done first, in the order of the table.
    var list = ChoiceList()

    var isBulk: Bool { !reaches.isEmpty }

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
        return list.typed.lowercased().split(separator: " ").allSatisfy { text.contains($0) }
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

    /// The menu with what can be done now.
    func settled(_ menu: ActionMenu) -> ActionMenu {
        var menu = menu
        var there = self
        there.layers = []
        there.reach(menu.reach)
        let items = Command.all.filter { menu.has($0) }.map {
            ChoiceList.Item($0, key: keymap.keys(of: $0).first, refusal: $0.obstacle(there))
        }
        menu.list.show(items.filter { $0.refusal == nil } + items.filter { $0.refusal != nil })
        menu.list.docker = nil
        if let item = menu.list.item, item.refusal == nil, let command = item.command {
            menu.list.docker = there.docker(of: command)
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

    // MARK: Choosing

    mutating func handle(_ key: Key, in menu: ActionMenu) -> [Effect] {
        var menu = menu
        switch key {
        case .right, .tab: menu.turn(1)
        case .left, .backTab: menu.turn(-1)
        default: return handle(key, on: menu.list, of: .actions(menu))
        }
        layers[layers.count - 1] = .actions(menu)
        return []
    }

    /// Does the chosen thing, if the rows that it was chosen for are still meant.
    mutating func run(_ menu: ActionMenu) -> [Effect] {
        guard let command = menu.list.item?.command else { return [] }
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
}
