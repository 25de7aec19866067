import EngineAPI
import Terminal

/// Things to choose one of, found by typing: what can be done to a row, the palette and the help are such lists.
struct ChoiceList: Sendable {
    struct Item: Sendable {
        enum What: Sendable {
            case command(Command)
            case row(ResourceID)
            case setting(Setting)
            /// A setting with a value that was typed.
            case value(Setting, Setting.Value)
            case filter(String)
            /// Only to be read.
            case text
        }

        let id: String
        let what: What
        /// What stands at the left.
        var key = ""
        let title: String
        /// What stands behind the title: what it is, or how it is now.
        var note = ""
        /// Why it cannot be chosen now; nil when it can.
        var refusal: String?
        var role: Role?

        var command: Command? { if case .command(let command) = what { command } else { nil } }
        var isText: Bool { if case .text = what { true } else { false } }
    }

    /// What a key was to a list.
    enum Answer: Sendable {
        /// The bar has moved, and nothing else.
        case moved
        /// Something else was typed.
        case typed
        case taken
        case left
        case unknown
    }

    /// More than so many letters nobody types.
    static let longest = 80

    /// What was typed: only what has it is shown.
    var typed = "" {
        didSet { if typed != oldValue { (chosen, wasChosen) = (nil, false) } }
    }
    /// Columns for the keys.
    var keyWidth = 9
    private(set) var items: [Item] = []
    /// The item that the bar is on, by its id.
    private(set) var chosen: String?
    /// Whether a person has put it there.
    private(set) var wasChosen = false
    /// What docker would be told for it.
    var docker: String?
    /// The most items there were: the box keeps its size while one types.
    private(set) var tallest = 0

    var index: Int { items.firstIndex { $0.id == chosen } ?? 0 }
    var item: Item? { items.first { $0.id == chosen } }

    mutating func show(_ items: [Item]) {
        self.items = items
        tallest = max(tallest, items.count)
        if chosen == nil || !items.contains(where: { $0.id == chosen }) {
            (chosen, wasChosen) = (items.first { !$0.isText }?.id, false)
        }
    }

    /// Moves the bar over what can be chosen.
    mutating func move(_ step: Int) {
        let choices = items.filter { !$0.isText }
        guard !choices.isEmpty else { return }
        let here = choices.firstIndex { $0.id == chosen } ?? 0
        chosen = choices[min(max(0, here + step), choices.count - 1)].id
        wasChosen = true
    }

    mutating func choose(_ index: Int) {
        if items.indices.contains(index), !items[index].isText { (chosen, wasChosen) = (items[index].id, true) }
    }

    /// A key of those that all such lists know.
    mutating func take(_ key: Key, page: Int) -> Answer {
        let before = typed
        switch key {
        case .down, .ctrl("n"): move(1)
        case .up, .ctrl("p"): move(-1)
        case .pageDown: move(page)
        case .pageUp: move(-page)
        case .home: move(-items.count)
        case .end: move(items.count)
        case .enter: return .taken
        case .escape:
            if typed.isEmpty { return .left }
            typed = ""
        case .backspace:
            if typed.isEmpty { return .left }
            typed.removeLast()
        case .ctrl("u"): typed = ""
        case .ctrl("w"):
            while typed.last == " " { typed.removeLast() }
            while let last = typed.last, last != " " { typed.removeLast() }
        case .character(let character): if typed.count < Self.longest { typed.append(character) }
        default: return .unknown
        }
        return typed == before ? .moved : .typed
    }
}

extension Layer {
    /// The list of what there is to choose from, of those layers that are one.
    var list: ChoiceList? {
        get {
            switch self {
            case .actions(let menu): menu.list
            case .palette(let list), .help(let list): list
            default: nil
            }
        }
        set {
            guard let newValue else { return }
            switch self {
            case .actions(var menu):
                menu.list = newValue
                self = .actions(menu)
            case .palette: self = .palette(newValue)
            case .help: self = .help(newValue)
            default: break
            }
        }
    }
}

extension State {
    /// A key on one of these lists; what is found for it is settled at the end of the event.
    mutating func handle(_ key: Key, on list: ChoiceList, of layer: Layer) -> [Effect] {
        var list = list
        let page = max(1, ChoiceLayer.rows(list, size).height - 1)
        switch list.take(key, page: page) {
        case .taken: return take(layer)
        case .left: layers.removeLast()
        case .unknown: tell(.note, "\(key) does nothing in this list: F1 shows its keys")
        case .moved, .typed: layers[layers.count - 1].list = list
        }
        return []
    }

    /// Does what the bar is on.
    mutating func take(_ layer: Layer) -> [Effect] {
        switch layer {
        case .actions(let menu): run(menu)
        case .palette(let list): take(list, from: .palette(list))
        case .help(let list): take(list, from: .help(list))
        default: []
        }
    }

    /// What is to be chosen from is said anew after events of the Engine at most this often, in seconds.
    static let listsInterval = 0.5

    /// Says anew what there is to choose from, after something has changed.
    mutating func settleLists() {
        listsSettled = now
        for index in layers.indices {
            switch layers[index] {
            case .actions(let menu): layers[index] = .actions(settled(menu))
            case .palette(let list): layers[index] = .palette(settledPalette(list))
            case .help(let list): layers[index] = .help(settledHelp(list))
            default: continue
            }
        }
    }

    /// What a command would have docker do. It is run to find that out, on a state that nobody keeps: all that it does
    /// outside are effects, and these are dropped. It asks there before it does anything, so that the containers are
    /// not copied for it.
    func docker(of command: Command) -> String? {
        var trial = self
        trial.layers = []
        trial.journal = Journal()
        trial.asksAlways = true
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
}
