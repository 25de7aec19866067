import EngineAPI
import Terminal

extension Command {
    static let eventCommands: [Command] = [
        Command(
            id: "events.go", title: "go to what it happened to", hint: "go to it", keys: .named("enter"),
            scope: .pane(.events),
            applies: { state in
                guard let selected = state.selected, let entry = state.engine.event(selected) else {
                    return .no("nothing is selected")
                }
                guard let event = entry.event else { return .no("the Engine was away: nothing is known to go to") }
                if !state.engine.subjects(of: event).isEmpty { return .yes }
                let isListed = ["container", "image", "volume", "network"].contains(event.type)
                return .no(isListed ? "\(event.name) is gone" : "there is no list of what is a \(event.type)")
            },
            run: { state in
                guard let event = state.selected.flatMap({ state.engine.event($0) })?.event,
                    let subject = state.engine.subjects(of: event).first
                else { return [] }
                state.go(to: [subject], in: subject.pane, showing: nil)
                return []
            }),
        Command(
            id: "events.type", title: "only the events of one type", hint: "type", keys: .named("f"),
            scope: .pane(.events),
            run: { state in
                state.chooseEventType()
                return []
            }),
        Command(
            id: "events.chatter", title: "show what exec, top and health checks leave behind, or hide it",
            hint: "all", keys: .named("a"), scope: .pane(.events),
            run: { state in
                state.showsChatter.toggle()
                let count = Units.count(state.engine.events.chatter)
                state.tell(
                    .note,
                    state.showsChatter
                        ? "\(count) events of exec, top and health checks are shown"
                        : "\(count) events of exec, top and health checks are hidden")
                return []
            }),
        Command(
            id: "events.times", title: "their times: local, UTC, age", hint: "times", keys: .named("t"),
            scope: .pane(.events),
            run: { state in
                repeat { state.eventTimes = state.eventTimes.next } while state.eventTimes == .off
                state.tell(.note, state.eventTimes.title)
                return []
            }),
        Command(
            id: "go.events", title: "go to its events", keys: .named("alt-5"), scope: .everywhere, isAboutRow: true,
            applies: { state in
                guard let selected = state.selected else { return .no("nothing is selected") }
                switch selected {
                case .container, .image, .volume, .network: return .yes
                default: return .no("\(state.name(of: selected)) has no events of its own")
                }
            },
            docker: { state in
                guard let selected = state.selected else { return nil }
                let type = Pane.of(selected.pane).title.lowercased().dropLast()
                return "docker events --since 0 --filter \(type)=\(state.name(of: selected))"
            },
            run: { state in
                if let selected = state.selected { state.showEvents(of: selected) }
                return []
            }),
    ]
}

extension State {
    fileprivate mutating func chooseEventType() {
        var counts: [String: Int] = [:]
        for entry in engine.events.entries where showsChatter || !entry.isChatter {
            if let type = entry.event?.type { counts[type, default: 0] += 1 }
        }
        // What is filtered for stands there although none of it has happened yet.
        let types = Set(counts.keys).union(["container", "image", "network", "volume"]).sorted()
        let items = types.map {
            Menu.Item(title: Sanitiser.clean($0), note: Units.count(counts[$0] ?? 0), choice: .eventType($0))
        }
        layers.append(
            .menu(Menu(title: "Events of", items: [Menu.Item(title: "all types", choice: .eventType(nil))] + items)))
    }

    mutating func show(eventsOf type: String?) {
        self[list: .events].filter = EventFilter.text(self[list: .events].filter, type: type)
        tell(
            .note,
            type.map { "only events of type \($0): \(key(of: "view.unfilter")) shows all" } ?? "events of all types",
            docker: "docker events" + (type.map { " --filter type=\($0)" } ?? ""))
    }
}
