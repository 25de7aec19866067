import EngineAPI
import Terminal

extension Command {
    static let listCommands: [Command] = [
        list("list.trouble", "only what is in trouble, or all", hint: "trouble", .named("!"), scope: .containers) {
            $0.toggleTrouble()
        },
        Command(
            id: "list.sort", title: "sort by …", hint: "sort", keys: .named("o"), scope: .list, applies: canBeSorted,
            run: { state in
                state.offerSorts()
                return []
            }),
        Command(
            id: "list.reverse", title: "reverse the order", keys: .named("O"), scope: .list, applies: canBeSorted,
            run: { state in
                state.pane == .containers ? state.reverseSort() : state.reverseRows(state.pane)
                return []
            }),
        Command(
            id: "list.columns", title: "choose the columns, and their order", keys: .named("V"), scope: .list,
            applies: { state in
                PaneKind.withColumns.contains(state.pane) ? .yes : .no("the system has the columns that it has")
            },
            run: { state in
                state.layers.append(.columns(ColumnsView(kind: state.pane)))
                return []
            }),
        Command(
            id: "list.mark", title: "mark the row: what is done next is done to all that are marked",
            keys: .named("space"), scope: .list, isAboutRow: true,
            applies: { state in
                if !PaneKind.listed.contains(state.pane) { return .no("nothing is done to several of these") }
                return state.selected == nil ? .no("nothing is selected") : .yes
            },
            run: { state in
                state.markSelected()
                return []
            }),
        Command(
            id: "list.markAll", title: "mark all that are listed, or none", keys: .named("*"), scope: .list,
            applies: { state in
                if !PaneKind.listed.contains(state.pane) { return .no("nothing is done to several of these") }
                return state.rows(state.pane).isEmpty ? .no("there is nothing to mark") : .yes
            },
            run: { state in
                state.markAll()
                return []
            }),
        list("list.health", "what the last health checks printed", .named("H"), scope: .containers) { state in
            if let id = state.selectedContainer?.id { state.layers.append(.health(id, Scroll())) }
        },
    ]

    @Sendable private static func canBeSorted(_ state: State) -> Applicability {
        switch state.pane {
        case .events: .no("events stand in the order they happened")
        case .system: .no("these are not sorted")
        default: .yes
        }
    }

    private static func list(
        _ id: String, _ title: String, hint: String? = nil, _ keys: [Key], scope: Scope = .list,
        _ body: @escaping @Sendable (inout State) -> Void
    ) -> Command {
        Command(
            id: id, title: title, hint: hint, keys: keys, scope: scope,
            applies: { state in
                if state.pane != .containers { return .no(state.onlyContainers) }
                return id == "list.health" && state.selectedContainer == nil ? .no("no container is selected") : .yes
            },
            run: { state in
                body(&state)
                return []
            })
    }
}

extension State {
    mutating func offerSorts() {
        let items: [Menu.Item]
        var index = 0
        if pane == .containers {
            items = SortKey.allCases.map { Menu.Item(title: $0.title, choice: .sort($0)) }
            index = SortKey.allCases.firstIndex(of: engine.sort.key) ?? 0
        } else {
            let columns = Pane.of(pane).columns.filter { $0.order != nil }
            items = columns.map { Menu.Item(title: $0.title.lowercased(), choice: .sortRows(pane, $0.id)) }
            index = columns.firstIndex { $0.id == remembered.sorts[pane]?.column } ?? 0
        }
        layers.append(.menu(Menu(title: "Sort by", items: items, index: index)))
    }

    mutating func markSelected() {
        guard let selected else { return }
        if marked.remove(selected) == nil { marked.insert(selected) }
        moveSelection(1)
    }

    mutating func markAll() {
        let listed = Set(rows(pane))
        marked = listed.isSubset(of: marked) ? marked.subtracting(listed) : marked.union(listed)
        let count = markedRows(pane).count
        tell(
            .note,
            count == 0
                ? "nothing is marked"
                : "\(Units.count(count)) marked\(pane == .containers ? ": \(key(of: "log.merge")) merges their logs" : "")"
        )
    }

    mutating func toggleTrouble() {
        self[list: .containers].onlyTrouble.toggle()
        let count = engine.troubled.count
        if self[list: .containers].onlyTrouble {
            tell(
                .note,
                count == 0 ? "nothing is in trouble" : "\(count) in trouble; \(key(of: "list.trouble")) shows all again"
            )
        } else {
            tell(.note, "all containers are shown")
        }
    }

    mutating func sort(by key: SortKey) {
        engine.sort = ContainerSort()
        engine.sort.key = key
        engine.resort(now)
        rememberSort()
        tell(.note, "sorted by \(key.title); \(self.key(of: "list.reverse")) reverses")
    }

    mutating func reverseSort() {
        engine.sort.isReversed.toggle()
        engine.reorder()
        rememberSort()
        tell(.note, "sorted by \(engine.sort.key.title)\(engine.sort.isReversed ? ", reversed" : "")")
    }

    private mutating func rememberSort() {
        remembered.sort = engine.sort.key
        remembered.isReversed = engine.sort.isReversed
    }
}
