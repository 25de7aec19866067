import Terminal

extension Command {
    static let viewCommands: [Command] = [
        Command(
            id: "view.logs", title: "the container's log", hint: "logs", keys: .named("l"), scope: .containers,
            applies: containersOnly,
            docker: { $0.dockerLine("logs --follow", of: .containers) }, run: { $0.show(.logs) }),
        Command(
            id: "view.enter", title: "into the details", hint: "details", keys: .named("enter"), scope: .list,
            applies: { state in
                if state.pane == .events { return .no("") }
                return state.selected == nil ? .no("nothing is selected") : .yes
            },
            run: { state in
                state.focus = .detail
                return []
            }),
        Command(
            id: "view.inspect", title: "what the Engine knows of it (inspect)", hint: "inspect", keys: .named("i"),
            scope: .everywhere, isAboutRow: true,
            applies: { $0.selected == nil ? .no("nothing is selected") : .yes },
            docker: { $0.dockerInspect }, run: { $0.show(.inspect) }),
        Command(
            id: "view.top", title: "the container's processes (top)", keys: .named("t"), scope: .containers,
            applies: containersOnly,
            docker: { $0.dockerLine("top", of: .containers) }, run: { $0.show(.top) }),
        Command(
            id: "view.stats", title: "the container's charts (stats)", keys: .named("c"), scope: .containers,
            applies: containersOnly,
            docker: { $0.dockerLine("stats", of: .containers) }, run: { $0.show(.stats) }),
        Command(
            id: "view.back", title: "back to the list", hint: "back", keys: .named("esc"), scope: .detail,
            applies: { $0.hasLogModes ? .no("") : .yes },
            run: { state in
                state.focus = .list
                return []
            }),
        Command(
            id: "view.unfilter", title: "show all rows again", hint: "show all", keys: .named("esc"), scope: .list,
            applies: { state in
                let list = state[list: state.pane]
                return list.filter.isEmpty && list.relation == nil ? .no("") : .yes
            },
            run: { state in
                // What was typed last goes first.
                if state[list: state.pane].filter.isEmpty { state[list: state.pane].relation = nil }
                state[list: state.pane].filter = ""
                return []
            }),
        Command(
            id: "view.filter", title: "show only some rows: words, state:running, cpu>50 …", hint: "filter",
            keys: .named("/"), scope: .list,
            run: { state in
                let filter = state[list: state.pane].filter
                var prompt = Prompt(purpose: .rows(before: filter), text: filter)
                prompt.completions = state.completions(ofFilter: filter)
                state.layers.append(.prompt(prompt))
                return []
            }),
        Command(
            id: "view.previousTab", title: "the tab before", keys: .named("["), scope: .everywhere,
            applies: severalTabs,
            run: { $0.turnTab(-1) }),
        Command(
            id: "view.nextTab", title: "the next tab", hint: "tab", keys: .named("]"), scope: .everywhere,
            applies: severalTabs,
            run: { $0.turnTab(1) }),
        Command(
            id: "view.leftTab", title: "the tab before", keys: .named("h", "left"), scope: .list,
            applies: severalTabs,
            run: { $0.turnTab(-1) }),
        Command(
            id: "view.rightTab", title: "the next tab", keys: .named("right"), scope: .list,
            applies: severalTabs,
            run: { $0.turnTab(1) }),
        Command(
            id: "view.zoom", title: "the whole screen for what has the focus, and back", hint: "zoom",
            keys: .named("z", "+", "_"), scope: .everywhere,
            applies: {
                Layout.mode($0.settings.layout, $0.size) == .single ? .no("there is but one thing on the screen") : .yes
            },
            run: { state in
                state.zoomed.toggle()
                return []
            }),
        Command(
            id: "view.layout", title: "the next layout: side by side, stacked, one thing at a time, by size",
            keys: .named("Z"), scope: .everywhere,
            run: { state in
                state.turnLayout()
                return []
            }),
        split("view.narrower", "less room for the list", .named("<"), -1),
        split("view.wider", "more room for the list", .named(">"), 1),
        share("view.lower", "less room for the pane among those under one another", .named("{"), -1),
        share("view.higher", "more room for the pane among those under one another", .named("}"), 1),
        Command(
            id: "view.resplit", title: "lists and details with the room that Gantry finds best",
            keys: .named("~"), scope: .everywhere,
            applies: {
                $0.remembered.splits == Splits() ? .no("lists and details have the room that Gantry finds best") : .yes
            },
            run: { state in
                state.remembered.splits = Splits()
                state.tell(.note, "lists and details have the room that Gantry finds best")
                return []
            }),
        Command(
            id: "view.nextPane", title: "the next pane", keys: .named("tab"), scope: .everywhere,
            run: { $0.turnPane(1) }),
        Command(
            id: "view.previousPane", title: "the pane before", keys: .named("shift-tab"), scope: .everywhere,
            run: { $0.turnPane(-1) }),
        pane(.containers), pane(.images), pane(.volumes), pane(.networks), pane(.events), pane(.system),
        Command(
            id: "engine.reconnect", title: "try the Engine again now", hint: "try again", keys: .named("R"),
            scope: .everywhere,
            applies: { $0.engine.staleSince == nil ? .no("the Engine is connected") : .yes },
            run: { state in
                if case .away(let error, let since, _, let attempt) = state.engine.connection {
                    state.engine.connection = .away(error, since: since, nextTry: state.now, attempt: attempt)
                }
                return [.reconnect(state.current)]
            }),
        Command(
            id: "view.journal", title: "what was done, and how it went (journal)", hint: "journal",
            keys: .named("J"), scope: .everywhere,
            run: { state in
                state.layers.append(.journal(Scroll()))
                return []
            }),
        Command(
            id: "view.totals", title: "totals and top consumers", keys: .named("T"), scope: .everywhere,
            run: { state in
                state.showTotals()
                return []
            }),
        Command(
            id: "view.pause", title: "pause the figures, or go on with them", keys: .named("P"),
            scope: .everywhere,
            run: { state in
                state.figuresPaused.toggle()
                state.tell(
                    .note,
                    state.figuresPaused
                        ? "figures are paused: no stats are asked for; \(state.key(of: "view.pause")) goes on"
                        : "figures go on")
                return []
            }),
        Command(
            id: "view.cost", title: "what Gantry itself costs (debug line)", keys: .named("D"),
            scope: .everywhere,
            run: { state in
                state.showsCost.toggle()
                state.cost = nil
                return []
            }),
        Command(
            id: "view.mouse", title: "the mouse for Gantry, or for the terminal to select text",
            keys: .named("M"), scope: .everywhere,
            run: { state in
                state.settings.mouse.toggle()
                state.tell(
                    .note,
                    state.settings.mouse
                        ? "the mouse works in Gantry"
                        : "the mouse selects text in the terminal: \(state.key(of: "view.mouse")) takes it back")
                return [.setMouse(state.settings.mouse)]
            }),
        Command(
            id: "view.theme", title: "the colours (theme)", keys: .named("Y"), scope: .everywhere,
            applies: { $0.isColourless ? .no("this terminal shows no colours") : .yes },
            run: { state in
                state.openThemes()
                return []
            }),
        Command(
            id: "view.borders", title: "other lines around boxes", keys: .named("U"), scope: .everywhere,
            run: { state in
                state.turnBorders()
                return []
            }),
        Command(
            id: "view.redraw", title: "draw the screen anew", keys: .named("ctrl-l"), scope: .everywhere,
            run: { _ in [.redraw] }),
        Command(
            id: "help", title: "the keys that work here and now, and all others", hint: "help",
            keys: .named("?", "f1"), scope: .everywhere,
            run: { state in
                state.openHelp()
                return []
            }),
        Command(
            id: "palette", title: "find any command, resource, setting or saved filter by typing", hint: "palette",
            keys: .named(":"), scope: .everywhere,
            run: { state in
                state.openPalette()
                return []
            }),
        Command(
            id: "suspend", title: "stop the program; fg in the shell goes on", keys: .named("ctrl-z"),
            scope: .everywhere, run: { _ in [.suspend] }),
        Command(
            id: "quit", title: "quit", hint: "quit", keys: .named("q", "ctrl-c"), scope: .everywhere,
            run: { $0.quit() }),
    ]

    private static func split(_ id: String, _ title: String, _ keys: [Key], _ step: Int) -> Command {
        Command(
            id: id, title: title, keys: keys, scope: .everywhere,
            applies: { state in
                state.layout.split.isEmpty
                    ? .no(
                        "there is but one thing on the screen\(Layout.mode(state.settings.layout, state.size) != .single ? ": \(state.key(of: "view.zoom")) shows the others" : "")"
                    ) : .yes
            },
            run: { state in
                state.moveSplit(by: step)
                return []
            })
    }

    private static func share(_ id: String, _ title: String, _ keys: [Key], _ step: Int) -> Command {
        Command(
            id: id, title: title, keys: keys, scope: .everywhere, applies: { $0.sharesOfPanes },
            run: { state in
                state.movePane(by: step)
                return []
            })
    }

    @Sendable private static func severalTabs(_ state: State) -> Applicability {
        let pane = Pane.of(state.pane)
        guard pane.tabs.count > 1 else { return .no("\(pane.title.lowercased()) have one tab") }
        return state.layout.detail.isEmpty
            ? .no("the details are not on the screen: \(state.key(of: "view.enter")) shows them") : .yes
    }

    @Sendable static func containersOnly(_ state: State) -> Applicability {
        guard state.pane == .containers else { return .no(state.onlyContainers) }
        return state.selectedContainer == nil ? .no("no container is selected") : .yes
    }

    private static func pane(_ kind: PaneKind) -> Command {
        let pane = Pane.of(kind)
        return Command(
            id: pane.command, title: "the pane \(pane.title.lowercased())",
            keys: [.character(pane.key)], scope: .everywhere,
            run: { state in
                state.show(kind)
                return []
            })
    }
}

extension State {
    /// Why something that only containers have cannot be shown of what is selected.
    var onlyContainers: String { "only containers have that: \(key(of: "pane.containers")) shows them" }

    mutating func show(_ tab: DetailTab) -> [Effect] {
        self.tab = tab
        focus = .detail
        return []
    }

    mutating func show(_ kind: PaneKind) {
        pane = kind
        focus = .list
        keepSelectionVisible(kind)
    }

    mutating func turnPane(_ step: Int) -> [Effect] {
        let count = PaneKind.allCases.count
        show(PaneKind.allCases[(pane.rawValue + step + count) % count])
        return []
    }

    mutating func turnTab(_ step: Int) -> [Effect] {
        let tabs = Pane.of(pane).tabs
        let index = tabs.firstIndex(of: tab) ?? 0
        tab = tabs[(index + step + tabs.count) % tabs.count]
        return []
    }

    /// Shows an outcome in the flash line.
    mutating func tell(_ kind: Flash.Kind, _ text: String, docker: String? = nil) {
        flash = Flash(kind: kind, text: Sanitiser.clean(text), docker: docker, since: now)
    }
}
