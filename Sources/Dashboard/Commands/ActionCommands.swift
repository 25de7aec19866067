import Terminal

/// The menus of what can be done.
extension Command {
    static let actionCommands: [Command] = [
        Command(
            id: "actions.row", title: "all that can be done to the row, or to the marked ones", hint: "actions",
            keys: .named("x"), scope: .everywhere,
            run: { state in
                state.openActions()
                return []
            }),
        Command(
            id: "actions.bulk", title: "do something to all that are marked, listed, or there", keys: .named(","),
            scope: .everywhere,
            applies: { state in
                let title = Pane.of(state.pane).title.lowercased()
                guard Command.all.contains(where: { $0.takesSeveral && $0.scope == .pane(state.pane) }) else {
                    return .no("there is nothing that is done to several \(title) at once")
                }
                return Pane.of(state.pane).count(state.engine) == 0 ? .no("there are no \(title)") : .yes
            },
            run: { state in
                state.openBulk()
                return []
            }),
    ]
}
