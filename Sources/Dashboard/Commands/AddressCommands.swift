import EngineAPI
import Terminal

extension Command {
    static let addressCommands: [Command] = [
        Command(
            id: "view.copy", title: "copy an address, its name, its identity … (OSC 52)", keys: .named("y"),
            scope: .containers,
            applies: { $0.selectedContainer == nil ? .no("no container is selected") : .yes },
            run: { state in
                state.offerCopies()
                return []
            }),
        Command(
            id: "view.open", title: "open a published port in the browser", keys: .named("B"),
            scope: .containers,
            applies: { state in
                guard let container = state.selectedContainer else { return .no("no container is selected") }
                let name = Sanitiser.clean(container.name)
                guard container.isRunning else { return .no("\(name) is not running") }
                return state.addresses(of: container).contains { $0.url != nil }
                    ? .yes : .no("\(name) has no port that a browser could open")
            },
            run: { state in
                guard let container = state.selectedContainer else { return [] }
                let items = state.addresses(of: container).compactMap { address in
                    address.url.map { Menu.Item(title: $0, note: "→ \(address.target)", choice: .open($0)) }
                }
                if items.count == 1, case .open(let address) = items[0].choice { return [.open(address)] }
                state.layers.append(.menu(Menu(title: "Open", items: items)))
                return []
            }),
    ]
}

extension State {
    fileprivate mutating func offerCopies() {
        guard let container = selectedContainer else { return }
        func item(_ text: String, _ note: String) -> Menu.Item {
            Menu.Item(title: text, note: note, choice: .copy(text))
        }
        var items = addresses(of: container).map { item($0.text, "→ \($0.target)") }
        items.append(item(Sanitiser.clean(container.name), "name"))
        items.append(item(container.id.short, "identity"))
        items.append(item(Sanitiser.clean(container.summary.image), "image"))
        if let docker = journal.entries.last?.docker { items.append(item(docker, "last done")) }
        layers.append(.menu(Menu(title: "Copy", items: items)))
    }

    /// Puts a text into the person's clipboard.
    mutating func copied(_ text: String) -> [Effect] {
        tell(.success, "copied \(text)")
        return [.copy(text)]
    }
}
