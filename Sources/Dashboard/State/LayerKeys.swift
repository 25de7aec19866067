/// The keys of what lies over the panes: `F1` shows them there, and README's second table is made of them.
struct LayerKeys: Sendable {
    let title: String
    let keys: [(keys: String, meaning: String)]

    private static let typing = [
        ("Ctrl-u", "empty it"), ("Ctrl-w", "without its last word"), ("Backspace", "without its last letter, or leave"),
    ]
    private static let list = [
        ("letters", "find by typing"), ("↑ ↓ PgUp PgDn Home End", "choose"), ("Ctrl-n Ctrl-p", "choose as well"),
        ("Enter", "do it, or go there"), ("Ctrl-u Ctrl-w", "empty what was typed; without its last word"),
        ("Esc", "empty what was typed, then leave"),
    ]
    private static let scrolling = [
        ("↑ ↓ j k", "a line"), ("PgUp PgDn Space Ctrl-u/d", "a page"), ("g G Home End", "to an end"),
        ("Esc Enter q", "close"),
    ]

    static let question = LayerKeys(
        title: "a question",
        keys: [
            ("y Enter", "yes"), ("n q Esc", "no: nothing is done"), ("← →", "another choice, such as a signal"),
            ("its letters", "on or off: f force, v volumes …"), ("↑ ↓ PgUp PgDn", "scroll what it is about"),
        ])
    static let actions = LayerKeys(
        title: "the actions", keys: list + [("← → Tab", "to which rows: marked, listed, all")])
    static let palette = LayerKeys(
        title: "the palette", keys: list + [("log.lines 5000", "a setting with a value: sets it")])
    static let help = LayerKeys(title: "the help", keys: list + [("? q", "close, while nothing is typed")])
    static let text = LayerKeys(title: "journal and health", keys: scrolling)
    static let menu = LayerKeys(
        title: "a menu",
        keys: [
            ("↑ ↓ j k Tab", "choose"), ("Enter Space", "take"), ("its letters", "take at once"), ("Esc q n", "leave"),
        ])
    static let filter = LayerKeys(
        title: "a list's filter",
        keys: [
            ("words", "all of them have to be there; \"in quotes\" with spaces"),
            ("name: state: label:a=b …", "a field has it; = is it as a whole"),
            ("cpu>50 mem<500M age>2d …", "figures: > >= < <= ="), ("- or !", "before one: not those"),
            ("Tab Shift-Tab →", "complete, the next, the one before"), ("↑ ↓", "choose a row meanwhile"),
            ("Ctrl-s", "save the filter, or forget it"), ("Ctrl-r", "one of those that were saved"),
            ("F1", "these keys, and every field of the pane"), ("Enter", "keep it"), ("Esc", "as it was before"),
        ] + typing)
    static let search = LayerKeys(
        title: "a log's search and filter",
        keys: [
            ("Ctrl-r", "a regular expression, or a text"), ("Ctrl-n", "of &: lines that do not match"),
            ("Ctrl-o", "of &: with lines around them"), ("Enter", "keep it"), ("Esc", "as it was before"),
        ] + typing)
    static let line = LayerKeys(
        title: "a line to type",
        keys: [("Enter", "do it"), ("Tab", "complete, where there is something to"), ("Esc", "leave")] + typing)
    static let save = LayerKeys(
        title: "the name of a file",
        keys: [("Enter", "save"), ("Tab", "how much: selected, held or whole"), ("Esc", "leave")] + typing)
    static let form = LayerKeys(
        title: "a form",
        keys: [
            ("Tab Shift-Tab ↑ ↓", "the fields"), ("Enter", "in a field of several values: one more"),
            ("Space ← →", "choose"), ("→ Ctrl-n Ctrl-p", "complete with what there is; paths with Tab"),
            ("Ctrl-r Ctrl-t Ctrl-o …", "its buttons, as the last line names them"), ("Ctrl-x", "empty it"),
            ("Esc", "leave it: what was typed is there again the next time"),
        ])
    static let totals = LayerKeys(
        title: "the totals",
        keys: [
            ("↑ ↓ j k", "choose"), ("← → h l Tab", "another figure"), ("Enter Space", "go to it"), ("Esc q T", "close"),
        ])
    static let job = LayerKeys(
        title: "a job", keys: [("c", "cancel it")] + scrolling.dropLast() + [("Esc q", "hide it: it goes on")])
    static let files = LayerKeys(
        title: "the files",
        keys: [
            ("Enter → ←", "into it, up"), ("o i", "copy out, copy in (what is there already is asked about)"),
            ("/", "to a typed path"), ("r", "read again"), ("+", "read more of a stopped container's"),
            ("Esc q", "close"),
        ])
    static let cleanup = LayerKeys(
        title: "the cleaning up",
        keys: [
            ("1 … 7 Space", "a kind, or not"), ("a", "all kinds but named volumes"), ("u l", "by age, by label"),
            ("r", "ask the Engine again"), ("y", "remove what is listed"), ("n Esc", "leave: nothing is removed"),
        ])
    static let columns = LayerKeys(
        title: "the columns",
        keys: [
            ("↑ ↓ j k", "choose"), ("Space", "on or off"), ("← →", "move it"), ("r", "as before"), ("Esc q", "close"),
        ])
    static let wall = LayerKeys(
        title: "logs side by side",
        keys: [
            ("↑ ↓ ← → Tab", "choose one"), ("j k PgUp PgDn", "scroll it"), ("f", "all follow again"),
            ("Enter z", "zoom it, and back"), ("l", "to its own log"), ("w t", "wrap, timestamps"), ("Esc q", "close"),
        ])

    static let all = [
        question, actions, palette, help, menu, filter, search, line, save, form, text, totals, job, files, cleanup,
        columns,
        wall,
    ]

    /// The same keys, and the fields that a filter may ask for.
    func naming(_ fields: [FilterField]) -> LayerKeys {
        LayerKeys(title: title, keys: keys + fields.map { ($0.beginning, $0.title) })
    }

    /// A line each; on a narrow screen some of them take several.
    func lines(width: Int) -> [[Span]] {
        let left = min(26, max(10, width / 3))
        return keys.flatMap { keys, meaning in
            let (keys, meaning) = (keys.wrapped(left), meaning.wrapped(max(10, width - left - 3)))
            return (0..<max(keys.count, meaning.count)).map { row in
                let key = row < keys.count ? keys[row] : ""
                return [Span("  \(key.padded(left)) ", .key), Span(row < meaning.count ? meaning[row] : "")]
            }
        }
    }
}

extension Layer {
    /// The keys that work in it.
    var keys: LayerKeys {
        switch self {
        case .question: .question
        case .help: .help
        case .palette: .palette
        case .actions: .actions
        case .journal, .health, .keys, .tour: .text
        case .menu: .menu
        case .form: .form
        case .totals: .totals
        case .job: .job
        case .files: .files
        case .cleanup: .cleanup
        case .columns: .columns
        case .wall: .wall
        case .prompt(let prompt):
            switch prompt.purpose {
            case .rows: .filter
            case .search, .lines: .search
            case .time, .ask: .line
            case .save: .save
            }
        }
    }
}
