import EngineAPI
import Terminal

extension State {
    /// A key: the topmost layer sees it first; where none lies over the panes, the commands do.
    mutating func handle(_ key: Key) -> [Effect] {
        if key == .ctrl("c") { return quit() }
        if size.width < Layout.minimum.width || size.height < Layout.minimum.height {
            return keymap.keys(of: "quit").contains(KeySequence(key)) ? quitCancelling() : []
        }
        let pressed = pendingKeys + [key]
        pendingKeys = []
        if let layer = layers.last {
            if key == .function(1), showKeys(of: layer) { return [] }
            return handle(key, on: layer)
        }
        // It leaves a sequence.
        if key == .escape, pressed.count > 1 { return [] }
        switch keymap.meaning(of: pressed, in: self) {
        case .beginning: pendingKeys = pressed
        case .command(let command): return run(command)
        case .nothing: if pressed != [.escape] { tell(.note, Command.whyNot(pressed, in: self)) }
        }
        return []
    }

    /// Does what a command does, or says why it cannot be done now.
    private mutating func run(_ command: Command) -> [Effect] {
        switch command.applies(self) {
        case .yes: return command.run(&self)
        case .no(let reason):
            if !reason.isEmpty { tell(.note, reason) }
            return []
        }
    }

    mutating func handle(_ key: Key, on layer: Layer) -> [Effect] {
        let top = layers.count - 1
        switch layer {
        case .question(let question):
            switch key {
            case .character("y"), .enter:
                layers.removeLast()
                return answer(question)
            case .character("n"), .escape, .character("q"):
                layers.removeLast()
                tell(.note, "nothing was done to \(question.subject)")
            case .down, .up, .pageDown, .pageUp:
                layers[top] = .question(QuestionLayer.scrolled(question, key, self))
            default:
                if let chosen = question.choosing(key) { layers[top] = .question(chosen) }
            }
        case .help(let list): return handle(key, inHelp: list)
        case .palette(let list): return handle(key, on: list, of: layer)
        case .tour: return leaveTour(by: key)
        case .keys(let keys, let scroll):
            if closes(key, orItsOwn: "help") {
                layers.removeLast()
            } else {
                let lines = keys.lines(width: LayerBox.boxWidth(size) - 4)
                layers[top] = .keys(keys, scrolled(scroll, key, lines: lines.count))
            }
        case .journal(let scroll):
            if closes(key, orItsOwn: "view.journal") {
                layers.removeLast()
            } else {
                let lines = JournalLayer.lines(self, width: LayerBox.boxWidth(size) - 4)
                layers[top] = .journal(scrolled(scroll, key, lines: lines.count))
            }
        case .prompt(let prompt): return handle(key, in: prompt)
        case .form(let form): return handle(key, in: form)
        case .menu(var menu):
            switch key {
            case .character(let pressed) where menu.items.contains { $0.key == pressed }:
                layers.removeLast()
                return menu.items.first { $0.key == pressed }.map { choose($0.choice) } ?? []
            case .down, .character("j"), .tab: menu.index = (menu.index + 1) % menu.items.count
            case .up, .character("k"), .backTab: menu.index = (menu.index + menu.items.count - 1) % menu.items.count
            case .enter, .character(" "):
                layers.removeLast()
                return choose(menu.items[menu.index].choice)
            case .escape, .character("q"), .character("n"):
                layers.removeLast()
                return []
            default: return []
            }
            layers[top] = .menu(menu)
        case .actions(let menu): return handle(key, in: menu)
        case .health(let container, let scroll):
            if closes(key, orItsOwn: "list.health") {
                layers.removeLast()
            } else {
                let lines = HealthLayer.lines(container, self, width: LayerBox.boxWidth(size) - 4)
                layers[top] = .health(container, scrolled(scroll, key, lines: lines.count))
            }
        case .totals(var view):
            switch key {
            case .down, .character("j"): view.move(1)
            case .up, .character("k"): view.move(-1)
            case .right, .character("l"), .tab: view.turn(1)
            case .left, .character("h"), .backTab: view.turn(-1)
            case .enter, .character(" "):
                layers.removeLast()
                if let chosen = view.chosen { go(to: chosen.container) }
                return []
            case _ where closes(key, orItsOwn: "view.totals"):
                layers.removeLast()
                return []
            default: return []
            }
            layers[top] = .totals(view)
        case .job(let number): return handle(key, onJob: number)
        case .files(let browser): return handle(key, on: browser)
        case .cleanup(let view): return handle(key, on: view)
        case .columns(let view): return handle(key, on: view)
        case .wall(let wall): return handle(key, on: wall)
        }
        return []
    }

    mutating func choose(_ choice: Menu.Choice) -> [Effect] {
        switch choice {
        case .merge(let subject): showMerged(subject)
        case .wall(let subject): showWall(subject)
        case .sort(let key): sort(by: key)
        case .sortRows(let kind, let id):
            if let column = Pane.of(kind).columns.first(where: { $0.id == id }) { sort(kind, by: column) }
        case .job(let number): layers.append(.job(number))
        case .copy(let text): return copied(text)
        case .open(let address): return [.open(address)]
        case .ps(let arguments): askPS(arguments)
        case .typePS: typePS()
        case .pull(let image): return start(PullJob(image: image))
        case .theme(let name): choose(theme: name)
        case .eventType(let type): show(eventsOf: type)
        case .filter(let text): use(filter: text)
        case .set(let setting, let value): return set(setting, value)
        case .go(let rows, let pane, let relation): go(toThoseLeftOf: rows, in: pane, showing: relation)
        case .connect(let containers): openConnect(containers)
        case .disconnect(let containers, let network): return askDisconnect(network, containers)
        }
        return []
    }

    /// Shows the keys of a layer over it.
    private mutating func showKeys(of layer: Layer) -> Bool {
        switch layer {
        case .keys, .tour: return false
        case .prompt(let prompt):
            // What there is to filter by differs from pane to pane.
            let isFilter = if case .rows = prompt.purpose { true } else { false }
            layers.append(.keys(isFilter ? layer.keys.naming(FilterField.all(pane)) : layer.keys, Scroll()))
            return true
        default:
            layers.append(.keys(layer.keys, Scroll()))
            return true
        }
    }

    /// Whether a key closes a layer: the one that opened it does so as well.
    func closes(_ key: Key, orItsOwn command: String) -> Bool {
        [.escape, .enter, .character("q")].contains(key) || keymap.keys(of: command).contains(KeySequence(key))
    }

    private func scrolled(_ scroll: Scroll, _ key: Key, lines: Int) -> Scroll {
        let height = max(1, LayerBox.textHeight(size, lines: lines))
        var scroll = scroll
        switch key {
        case .down, .character("j"): scroll.row += 1
        case .up, .character("k"): scroll.row -= 1
        case .pageDown, .ctrl("d"), .character(" "): scroll.row += height
        case .pageUp, .ctrl("u"): scroll.row -= height
        case .home, .character("g"): scroll.row = 0
        case .end, .character("G"): scroll.row = lines
        default: break
        }
        scroll.row = min(max(0, scroll.row), max(0, lines - height))
        return scroll
    }

    mutating func handlePaste(_ text: String) {
        pendingKeys = []
        switch layers.last {
        case .prompt(let prompt)?: paste(text, into: prompt)
        case .form(let form)?: paste(text, into: form)
        case let layer? where layer.list != nil:
            let typed = (layer.list?.typed ?? "") + Sanitiser.clean(text)
            layers[layers.count - 1].list?.typed = String(typed.prefix(ChoiceList.longest))
        default: tell(.note, "nothing here takes pasted text")
        }
    }
}
