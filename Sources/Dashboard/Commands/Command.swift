import Terminal

/// One thing a person can do. Key hints, help, questions, the journal and the keymap are all drawn from the table.
struct Command: Sendable {
    /// Where a command's keys work.
    enum Scope: Sendable, Hashable {
        /// Wherever no layer lies over the panes.
        case everywhere
        /// In any list.
        case list
        /// While one pane is shown, in list and details.
        case pane(PaneKind)
        /// In the details, whatever the tab.
        case detail
        /// In the details, where they are text that the Engine gave.
        case text
        /// In the details, on one tab.
        case tab(DetailTab)
    }

    /// What it does to an Engine.
    enum Kind: Sendable { case view, reads, changes, destroys }

    /// Whether it can be done now, and if not, why.
    enum Applicability: Sendable, Equatable {
        case yes
        case no(String)
    }

    /// For example `container.kill`.
    let id: String
    /// What the help says, for example `kill with a signal`.
    let title: String
    /// One word for the line of keys; nil keeps it out of there.
    var hint: String?
    /// Its keys as long as no preset and no person gives it others: ask ``Keymap`` for those that it has.
    let keys: [Key]
    let scope: Scope
    var kind: Kind = .view
    /// Whether it is about the selected row although it is not for one pane only: the row's menu then has it.
    var isAboutRow = false
    /// Whether it can be done to several rows together.
    var takesSeveral = false
    /// Whether its hint, and its key, belong to what is selected now.
    var applies: @Sendable (State) -> Applicability = { _ in .yes }
    /// The docker command that shows the same, of what only shows something: of all else its question or job knows.
    var docker: @Sendable (State) -> String? = { _ in nil }
    let run: @Sendable (inout State) -> [Effect]

    /// Every command there is, most used first: the line of keys keeps this order.
    static let all: [Command] =
        containerCommands + execCommands + changeCommands + addressCommands + fileCommands + logCommands
        + statsCommands + inspectCommands + processCommands + listCommands + runCommands + imageCommands
        + volumeCommands + networkCommands + buildCommands + jobCommands + systemCommands + goCommands
        + eventCommands + actionCommands + viewCommands + movementCommands

    /// For what needs nothing but the Engine.
    @Sendable static func isReachable(_ state: State) -> Applicability {
        state.engine.isConnected ? .yes : .no("the Engine is not reachable")
    }

    /// What is said of a key that means nothing here: where it does mean something.
    static func whyNot(_ pressed: [Key], in state: State) -> String {
        let kinds = Set(
            state.keymap.commands(pressed).compactMap { command -> PaneKind? in
                if case .pane(let kind) = command.scope { kind } else { nil }
            })
        let key = pressed.map(\.description).joined(separator: " ")
        guard !kinds.isEmpty else { return "\(key) does nothing here: \(state.key(of: "help")) lists the keys" }
        let panes = PaneKind.allCases.filter { kinds.contains($0) }.map(Pane.of)
        let names = panes.map { $0.title.lowercased() }.enumerated(before: "and")
        let keys = panes.map { state.key(of: $0.command) }.enumerated(before: "or")
        return "\(key) is for \(names): \(keys) shows them"
    }
}

extension Command.Scope {
    static let containers = Self.pane(.containers)
    static let images = Self.pane(.images)
    static let volumes = Self.pane(.volumes)

    func covers(_ state: State) -> Bool {
        switch self {
        case .everywhere: true
        case .list: state.focus == .list
        case .pane(let kind): state.pane == kind
        case .detail: state.focus == .detail
        case .text: state.focus == .detail && state.tab.isText
        case .tab(let tab): state.focus == .detail && state.tab == tab
        }
    }
}

extension [String] {
    /// `a, b and c`.
    func enumerated(before last: String) -> String {
        count < 2 ? first ?? "" : dropLast().joined(separator: ", ") + " \(last) \(self[count - 1])"
    }
}

extension [Key] {
    /// Keys from their names; a name that is none is left out (a test sees to it that there is none).
    static func named(_ names: String...) -> [Key] { names.compactMap { Key(parsing: $0) } }
}
