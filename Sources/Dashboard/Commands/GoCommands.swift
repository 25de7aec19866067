import EngineAPI
import Terminal

/// From a row to what has to do with it, and back.
extension Command {
    static let goCommands: [Command] = [
        Command(
            id: "go.related", title: "go to what has to do with it: its image, its containers …", hint: "go to",
            keys: .named("."), scope: .everywhere, isAboutRow: true,
            // Whether there is anything is not looked for at every frame.
            applies: { $0.selected == nil ? .no("nothing is selected") : .yes },
            run: { state in
                guard let selected = state.selected else { return [] }
                state.offerRelated(to: selected)
                return []
            }),
        related(.containers, .named("alt-1")), related(.images, .named("alt-2")),
        related(.volumes, .named("alt-3")), related(.networks, .named("alt-4")),
        Command(
            id: "go.back", title: "back to where one came from", keys: .named("backspace"), scope: .everywhere,
            applies: { state in
                state.places.isEmpty
                    ? .no(
                        "there is nowhere to go back to: \(state.key(of: "go.related")) goes to what has to do with a row"
                    ) : .yes
            },
            run: { state in
                state.goBack()
                return []
            }),
    ]

    /// Goes at once to the rows of a pane that have to do with the selected one.
    private static func related(_ kind: PaneKind, _ keys: [Key]) -> Command {
        let title = Pane.of(kind).title.lowercased()
        return Command(
            id: "go.\(title)", title: "go to its \(title)", keys: keys, scope: .everywhere, isAboutRow: true,
            applies: { state in
                guard let selected = state.selected else { return .no("nothing is selected") }
                return state.engine.rows(.of(selected), in: kind).isEmpty
                    ? .no("\(state.name(of: selected)) has no \(title) to go to") : .yes
            },
            run: { state in
                guard let selected = state.selected else { return [] }
                let found = state.engine.rows(.of(selected), in: kind)
                state.go(
                    to: Pane.of(kind).rows(state.engine).filter { found.contains($0) }, in: kind,
                    showing: .of(selected))
                return []
            })
    }
}

extension State {
    /// A docker command about the selected row of a pane.
    func dockerLine(_ words: String, of pane: PaneKind) -> String? {
        guard self.pane == pane, let selected else { return nil }
        return "docker \(words) \(name(of: selected))"
    }

    var dockerInspect: String? {
        switch pane {
        case .containers, .images: dockerLine("inspect", of: pane)
        case .volumes: dockerLine("volume inspect", of: pane)
        case .networks: dockerLine("network inspect", of: pane)
        case .events, .system: nil
        }
    }

    /// A resource's name as its pane shows it.
    func name(of id: ResourceID) -> String {
        let name = Pane.of(id.pane).name(id, engine)
        return name.isEmpty ? "it" : name
    }

    /// Goes to what has to do with a row; where that is more than one thing, after a choice.
    fileprivate mutating func offerRelated(to id: ResourceID) {
        let groups = related(to: id)
        guard !groups.isEmpty else { return tell(.note, "nothing here has to do with \(name(of: id))") }
        if groups.count == 1 { return go(to: groups[0].rows, in: groups[0].pane, showing: groups[0].relation) }
        let items = groups.map { group in
            let names = group.rows.prefix(3).map { Pane.of(group.pane).name($0, engine) }
            let more = group.rows.count > 3 ? " and \(group.rows.count - 3) more" : ""
            return Menu.Item(
                title: group.title, note: names.joined(separator: ", ") + more, key: group.key,
                choice: .go(group.rows, group.pane, group.relation))
        }
        layers.append(.menu(Menu(title: "From \(name(of: id)) to", items: items)))
    }
}
