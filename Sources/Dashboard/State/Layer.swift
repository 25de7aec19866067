import EngineAPI

/// What lies over the panes. The topmost sees a key first.
enum Layer: Sendable {
    case question(Question)
    /// All commands, those first that work here and now.
    case help(ChoiceList)
    /// Everything there is, to be found by typing.
    case palette(ChoiceList)
    /// The keys of the layer below.
    case keys(LayerKeys, Scroll)
    /// What one is told at the first start.
    case tour
    case journal(Scroll)
    /// A line of text is being typed.
    case prompt(Prompt)
    /// One of several is to be chosen.
    case menu(Menu)
    /// What can be done, to be chosen from.
    case actions(ActionMenu)
    /// What a container's last health checks printed.
    case health(ContainerID, Scroll)
    /// Fields are being filled in.
    case form(Form)
    case totals(TotalsView)
    /// The progress of the job of a number.
    case job(Int)
    /// The files of a container.
    case files(FileBrowser)
    /// What is cleaned up is being chosen.
    case cleanup(CleanupView)
    /// The columns of a list are being chosen.
    case columns(ColumnsView)
    /// Logs side by side.
    case wall(LogWall)
}

/// A line of text that is being typed, and what it is for.
struct Prompt: Sendable {
    enum Purpose: Sendable {
        /// The rows of the shown list that contain the text; the filter before.
        case rows(before: String)
        /// Where a text stands in the log; the search before, and where one was.
        case search(before: LogMatches?, hit: Int?, anchor: FollowedLog.Position?)
        /// The lines of the log that match; the filter before.
        case lines(before: FollowedLog.Filter?)
        /// A time in the log.
        case time
        /// What a command needs to know.
        case ask(Ask)
        /// The file that the log is saved to, and how much of it.
        case save(LogExtract)
    }

    var purpose: Purpose
    var text = ""
    /// Whether the text is a regular expression.
    var isRegex = false
    /// Whether the lines that do not match are wanted.
    var isInverted = false
    /// Lines shown around each that matches.
    var context = 0
    /// What is wrong with the text.
    var error: String?
    /// What the last key did besides.
    var remark: String?
    /// What the text can be completed with, as far as that is known.
    var completions: [String] = []
    /// What it is being completed with, one after the other.
    var cycle: (texts: [String], index: Int)?

    static let longest = 300
}

/// How much of a log is meant.
enum LogExtract: Hashable, Sendable {
    /// The selected lines.
    case selection
    /// What is held, as far as the filter lets it through.
    case held
    /// All that the Engine has, as far as the filter lets it through.
    case whole
}

/// Some things to choose one of.
struct Menu: Sendable {
    /// What is done when it is chosen.
    enum Choice: Sendable {
        case merge(LogSubject)
        case wall(LogSubject)
        case sort(SortKey)
        /// What the rows of another pane are sorted by: a column's id.
        case sortRows(PaneKind, String)
        case job(Int)
        case copy(String)
        case open(String)
        /// What `ps` is asked for, or, with a text to begin with, to be typed.
        case ps(String?)
        case typePS
        case pull(ImageReference)
        case go([ResourceID], PaneKind, Relation)
        /// Containers that are to join a network, or to leave one.
        case connect([ContainerID])
        case disconnect([ContainerID], network: String)
        case theme(String)
        /// Events of one type only, or of all.
        case eventType(String?)
        case filter(String)
        case set(Setting, Setting.Value)
    }

    struct Item: Sendable {
        let title: String
        /// What stands at the right.
        var note = ""
        /// Chooses it at once.
        var key: Character?
        let choice: Choice
    }

    let title: String
    var items: [Item]
    var index = 0
    /// Whether it is small and at the side, because what it changes is to be seen.
    var isAside = false
}
