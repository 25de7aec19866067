import EngineAPI
import FoundationEssentials
import Terminal

/// A piece of text in one role.
struct Span: Sendable {
    var text: String
    var role: Role?

    /// Text in a role, or in the row's own when nil.
    init(_ text: String, _ role: Role? = nil) {
        self.text = text
        self.role = role
    }
}

/// One column of a list.
struct Column: Sendable {
    enum Alignment: Sendable { case left, right }

    /// What settings know it by: `cpu`.
    let id: String
    let title: String
    /// What it is called instead, as things are shown now.
    var otherTitle: @Sendable (State) -> String? = { _ in nil }
    /// Columns of text it needs to be of use.
    let minimum: Int
    /// What it may grow to when there is room.
    let maximum: Int
    /// The least that it shows more with than with its minimum: with less it does not grow.
    var next = 0
    /// What it grows to in a list that has the whole screen, when all others have what they ask for; nil for no more.
    var widest: Int?
    /// Whether it does.
    var stretches = false
    /// Low numbers stay longest as the width shrinks.
    var keep: Int
    /// Whether it is there only when somebody wants it.
    var isExtra = false
    var alignment: Alignment = .left
    /// Whether a text that is too long loses its middle, where both ends matter.
    var cut: Cut = .end
    /// What the containers are sorted by when they are sorted by it.
    var sort: SortKey?
    /// What the rows of another pane are sorted by when they are sorted by it.
    var order: (@Sendable (ResourceID, EngineState) -> SortValue)?
    /// The width of the widest text there is, where that is known: more is not asked for, and less will do.
    var content: @Sendable (EngineState) -> Int? = { _ in nil }
    /// What a row shows here, in so many columns.
    let cell: @Sendable (ResourceID, State, _ width: Int) -> [Span]
}

/// A kind of resource on the screen: its list, its columns, its details.
struct Pane: Sendable {
    let kind: PaneKind
    let title: String
    /// The key that shows it.
    let key: Character
    let tabs: [DetailTab]
    let columns: [Column]
    /// How many rows there are before any filter.
    let count: @Sendable (EngineState) -> Int
    /// The identities of all rows, in order, before any filter.
    let rows: @Sendable (EngineState) -> [ResourceID]
    /// Changes when any of them does, or what a filter looks at.
    let rowsVersion: @Sendable (EngineState) -> Int
    /// The text a filter looks at.
    let searchText: @Sendable (ResourceID, EngineState) -> String
    /// A short name of a row for titles.
    let name: @Sendable (ResourceID, EngineState) -> String
    /// What follows the count in the title, such as a total size.
    let summary: @Sendable (EngineState) -> String
    /// The state mark in front of a row.
    let mark: @Sendable (ResourceID, EngineState) -> Span
    /// What to say when there are no rows: still loading, failed, or none there.
    let empty: @Sendable (State) -> String

    static let all: [Pane] = [.containers, .images, .volumes, .networks, .events, .system]

    static func of(_ kind: PaneKind) -> Pane { all[kind.rawValue] }

    /// The columns of each pane that are there without anybody's choice.
    static let standardColumns = all.map { $0.columns.filter { !$0.isExtra } }

    /// The command that shows it.
    var command: String { "pane.\(title.lowercased())" }
}
