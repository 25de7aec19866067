import Terminal

/// The last line: the keys that work right now, most used first, never wider than the screen.
enum KeysLine {
    static func draw(_ frame: inout Frame, _ area: Rect, _ state: State) {
        let all = hints(state)
        // Help and quit stand last, and their room is kept for them.
        let last = all.suffix(2)
        let reserved = last.reduce(0) { $0 + width($1) + 2 }
        var x = area.x + 1
        for hint in all.dropLast(2) where x + width(hint) + reserved < area.maxX { put(hint, &x) }
        for hint in last where x + width(hint) < area.maxX { put(hint, &x) }

        func width(_ hint: (key: String, title: String)) -> Int {
            TextWidth.of(hint.key) + 1 + TextWidth.of(hint.title)
        }
        func put(_ hint: (key: String, title: String), _ x: inout Int) {
            let keys = hint.key.split(separator: " ").map { Key(parsing: String($0)) }
            if !keys.contains(nil) {
                frame.spot(Rect(x: x, y: area.y, width: width(hint), height: 1), .keys(keys.compactMap(\.self)))
            }
            x += frame.put(hint.key, x: x, y: area.y, width: area.maxX - x, style: state.theme[.key]) + 1
            x += frame.put(hint.title, x: x, y: area.y, width: area.maxX - x, style: state.theme[.keyTitle]) + 2
        }
    }

    static func hints(_ state: State) -> [(key: String, title: String)] {
        switch state.layers.last {
        case .question(let question):
            let scrolls = QuestionLayer.scrolls(question, state) ? [(key: "↑↓", title: "scroll")] : []
            return scrolls + question.hints + [("y", "yes"), ("Enter", "yes"), ("n", "no"), ("Esc", "no")]
        case .journal, .health, .keys: return [("↑↓", "scroll"), ("Esc", "close")]
        case .help: return [("letters", "find"), ("↑↓", "choose"), ("Enter", "do it"), ("Esc", "close")]
        case .palette: return [("↑↓", "choose"), ("F1", "keys"), ("Enter", "do it"), ("Esc", "leave")]
        case .tour: return [("any key", "leaves it"), ("?", "help"), ("q", "quit")]
        case .totals: return [("↑↓", "choose"), ("←→", "other figure"), ("Enter", "go to it"), ("Esc", "close")]
        case .files: return FilesLayer.hints
        case .cleanup: return CleanupLayer.hints
        case .job(let number):
            let runs = state.jobs.contains { $0.id == number && $0.isRunning }
            return [("↑↓", "scroll")] + (runs ? [("c", "cancel"), ("Esc", "hide: it goes on")] : [("Esc", "close")])
        case .prompt(let prompt): return prompt.hints
        case .form(let form): return form.hints
        case .actions(let menu):
            let turns = menu.reaches.count > 1 ? [(key: "←→", title: "to which")] : []
            return [("↑↓", "choose"), ("Enter", "do it")] + turns + [("Esc", "leave")]
        case .menu: return [("↑↓", "choose"), ("Enter", "take"), ("Esc", "leave")]
        case .wall(let wall):
            return [
                ("↑↓←→", wall.isZoomed ? "scroll" : "which"), ("j", "down"), ("k", "up"), ("f", "follow"),
                ("Enter", wall.isZoomed ? "all of them" : "zoom"), ("l", "its own log"), ("w", "wrap"), ("t", "times"),
                ("Esc", "leave"),
            ]
        case .columns:
            return [("↑↓", "choose"), ("Space", "on or off"), ("←→", "move it"), ("r", "as before"), ("Esc", "close")]
        case nil: break
        }
        if !state.pendingKeys.isEmpty { return [("Esc", "leave")] }
        let reachable = state.engine.isConnected || state.engine.containersLoaded
        let always: Set = ["engine.reconnect", "quit", "help"]
        return Command.all.compactMap { command -> (Int, String, String)? in
            guard let hint = command.hint, command.scope.covers(state), reachable || always.contains(command.id),
                command.applies(state) == .yes, let keys = state.keymap.keys(of: command).first,
                // Where a narrower command has the key, it means that one.
                case .command(let meant) = state.keymap.meaning(of: keys.keys, in: state), meant.id == command.id
            else { return nil }
            // What belongs to what has the focus comes first, then the pane's own keys.
            let rank =
                switch command.scope {
                case _ where command.id == "engine.reconnect": -1
                case _ where command.id == "help" || command.id == "quit": 3
                case .tab, .detail, .text: 0
                case .pane: 1
                default: 2
                }
            let title = command.id == "container.pause" && state.selectedContainer?.state == .paused ? "unpause" : hint
            return (rank, keys.description, title)
        }
        .enumerated().sorted { ($0.element.0, $0.offset) < ($1.element.0, $1.offset) }
        .map { ($0.element.1, $0.element.2) }
    }
}
