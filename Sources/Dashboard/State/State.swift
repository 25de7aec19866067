import Collections
import EngineAPI
import FoundationEssentials
import Terminal

/// Everything the dashboard knows and shows, as one value.
///
/// Only ``update(_:_:)`` changes it; drawing reads it.
public struct State: Sendable {
    /// Wall-clock time as of the last event; drawing takes every age from it.
    var now: Date
    /// Seconds east of UTC of the local time zone, for clocks.
    var secondsFromGMT: Int
    /// The terminal's size in cells.
    var size: Size

    /// The Engines on the screen, in the order they were named.
    var engines: EngineStates
    /// The Engine whose resources the panes show.
    var current: EngineID

    /// The pane whose list is shown, or shown largest.
    var pane: PaneKind = .containers
    /// What has the keyboard when no layer lies over it.
    var focus: Focus = .list
    /// Whether what has the focus takes the whole screen.
    var zoomed = false
    /// The border that the mouse has hold of.
    var held: Layout.Border?
    /// Each pane's selection and scroll position.
    var lists: [PaneKind: ListState] = [:]
    /// Each pane's rows as they were found last.
    var foundRows = [FoundRows?](repeating: nil, count: PaneKind.allCases.count)
    /// How often figures were looked at for filters that ask for them, and when that was.
    var filterTurn = (number: 0, at: Date.distantPast)
    /// The marked rows of the shown pane, as they were found last.
    var foundMarked: MarkedRows?
    /// The detail tab shown for each pane.
    var tabs: [PaneKind: DetailTab] = [.containers: .logs, .networks: .members]
    /// How the inspect tab is scrolled.
    var inspectScroll = Scroll()
    /// How the top tab is scrolled.
    var topScroll = Scroll()
    /// What `ps` is asked for; nil leaves it to the Engine.
    var psArguments: String?

    /// What lay on top when the mouse was pressed: a second click is not for what came since.
    var pressed: String?
    /// When the lists among the layers were last made.
    var listsSettled = Date.distantPast
    /// What lies over the panes, topmost last.
    var layers: [Layer] = []
    /// What was typed into forms that were left, by their ids.
    var keptForms: [String: Form] = [:]
    /// The outcome shown above the keys, if any.
    var flash: Flash?
    /// What was asked of the Engines.
    var journal = Journal()
    /// Whether the terminal's window has somebody's attention, as far as it tells.
    var isLookedAt = true
    /// Whether no figures are asked for, because a person wants it so.
    var figuresPaused = false
    /// What Gantry itself costs, while a person wants to see that.
    var cost: OwnCost?
    var showsCost = false
    /// What the person has chosen.
    var settings: Settings
    /// What is to be seen again at the next start.
    var remembered: Remembered
    /// What is wrong in the file that the settings come from, a line each.
    var settingsProblems: [String] = []
    /// The keys of a sequence that were pressed, while more are to come.
    var pendingKeys: [Key] = []
    /// How far back charts go.
    var chartRange = ChartRange.five
    /// The moment that one reads in the charts, in seconds before now; nil for none.
    var chartCursor: Double?
    /// How logs are shown.
    var logView = LogView()
    /// How much of a log is held at most.
    var logBounds = LogStore.Bounds()
    /// The number the next log gets.
    var nextLog = 1
    /// The log of several containers that is shown instead of the selected one's.
    var merged: LogSubject?
    /// How the events' times are shown, and whether those are that say little.
    var eventTimes = LogTimes.local
    var showsChatter = false
    /// The rows that are marked, of all panes.
    var marked: Set<ResourceID> = [] {
        didSet { marks += 1 }
    }
    /// Counts the changes of the marks.
    private(set) var marks = 0
    /// Where one came from, the last place last.
    var places: [Place] = []
    /// Whether what else is done to one row at once is asked about: it was not that row alone that was chosen.
    var asksAlways = false
    /// Whether the log lines of all running containers on the screen are counted.
    var countsLogLines = false
    /// Whether the last text that was searched for in a log was a regular expression.
    var searchesRegex = false
    /// What was last run in a container, as it was typed.
    var lastExec = "sh"
    /// Jobs that run, and the last ones that have ended, in the order they were started.
    var jobs: [RunningJob] = []
    /// Counts the times that an Engine was asked what could be cleaned up.
    var cleanupsAsked = 0
    /// Where the person has logged in.
    var registries = RegistryFigures()
    /// What a job has brought and the list does not have yet.
    var awaitedRow: JobOutcome.Shown?
    /// Whether the program ends when the jobs have been cancelled, and since when.
    var quitsWhenDone = false
    var quitAt = Date.distantPast
    /// What is known of this machine's files, for what is typed.
    var local = LocalKnowledge()
    /// The number the next action gets.
    var nextAction = 1
    /// What tells what this run of the program makes from what others make.
    var runTail = String(UInt32.random(in: 0 ... .max), radix: 36)
    /// What the screen looks like: see ``settleLooks()``.
    var theme: Theme
    /// The person's own themes, by their names, as far as they were read.
    var ownThemes: [String: LoadedTheme] = [:]
    /// The theme of the settings when Gantry started, whatever was chosen since.
    var configuredTheme = Settings().theme
    /// Whether they are wanted, and whether they were read since.
    var themesAsked = false
    var themesKnown = false
    /// Whether the terminal has no colours, or is to show none.
    var isColourless = false
    /// Whether to offer the demo while there is no Engine: when a person named none.
    public var offersDemo = false
    /// Whether to show what somebody is told who starts Gantry for the first time.
    public var offersTour = false
    /// Whether the first start is over.
    public var hasSeenTour: Bool { remembered.hasSeenTour }
    /// Set when the program is to end.
    var quitting = false

    /// A dashboard over one Engine that has not been reached yet.
    public init(
        address: EngineAddress, size: Size, now: Date, theme: Theme, secondsFromGMT: Int = 0,
        settings: Settings = Settings(), remembered: Remembered = Remembered()
    ) {
        var engine = EngineState(address: address, now: now)
        engine.sort.key = remembered.sort
        engine.sort.isReversed = remembered.isReversed
        self.engines = EngineStates(engine)
        self.current = engine.id
        self.size = size
        self.now = now
        self.theme = theme
        self.secondsFromGMT = secondsFromGMT
        self.settings = settings
        self.remembered = remembered
        logBounds.lines = max(100, settings.logLines)
        logBounds.bytes = max(1, settings.logMegabytes) << 20
    }

    /// Says what is wrong in the file of the settings: the first in the flash line, all of it above the journal.
    public mutating func tell(problems: [String]) {
        settingsProblems = problems.map { Sanitiser.clean($0) }
        guard let first = settingsProblems.first else { return }
        // Without the folder: the path ends at the first colon, and what is wrong may name other paths.
        let folder = first.prefix { $0 != ":" }.lastIndex(of: "/")
        let named = folder.map { String(first[first.index(after: $0)...]) } ?? first
        let count = problems.count
        // First how many: what is said of the one may be longer than the line.
        let list = count == 1 ? "" : "\(count) mistakes in the settings, \(key(of: "view.journal")) lists them: "
        tell(.failure, list + named)
    }

    /// The Engine whose resources the panes show.
    var engine: EngineState {
        @inline(__always) get {
            // `current` is only ever set to a key of `engines`, which never shrinks.
            engines[current]!
        }
        _modify {
            yield &engines[current]!
        }
    }

    /// A CPU figure, which is percent of one core, as it is to be shown.
    func cpuShown(_ percent: Double?) -> Double? {
        guard settings.cpuOfHost, let cpus = engine.info?.cpus, cpus > 0 else { return percent }
        return percent.map { $0 / Double(cpus) }
    }

    /// The list of a pane.
    subscript(list pane: PaneKind) -> ListState {
        get { lists[pane] ?? ListState() }
        set {
            let isSameFilter = newValue.filter == lists[pane]?.filter ?? ""
            lists[pane] = newValue
            if !isSameFilter { lists[pane]?.needs = FilterField.needs(of: newValue.filter, pane) }
        }
    }

    /// The detail tab of the shown pane.
    var tab: DetailTab {
        get { tabs[pane] ?? .inspect }
        set { tabs[pane] = newValue }
    }

    /// What is selected in the shown pane.
    var selected: ResourceID? {
        // What the filter hides along with all others is not selected: nobody acts on what he does not see.
        if self[list: pane].hidesRows, rows(pane).isEmpty { return nil }
        return self[list: pane].selected
    }

    /// Whether a container is marked.
    func isMarked(_ id: ContainerID) -> Bool { marked.contains(.container(id)) }

    /// The marked containers, in order, whether they are listed or not.
    var markedContainers: [ContainerID] { marked.isEmpty ? [] : engine.order.filter { isMarked($0) } }

    /// The selected container, when the containers pane is shown.
    var selectedContainer: Container? {
        guard pane == .containers, case .container(let id)? = selected else { return nil }
        return engine.containers[id]
    }
}

/// Names an Engine among those on the screen.
public struct EngineID: Hashable, Sendable, CustomStringConvertible {
    /// The Engine's address, as written.
    public let rawValue: String

    /// The identity of the Engine at an address.
    public init(_ address: EngineAddress) { self.rawValue = address.description }

    /// The address.
    public var description: String { rawValue }
}

/// A kind of resource, and the pane that lists it.
enum PaneKind: Int, CaseIterable, Sendable {
    case containers, images, volumes, networks, events, system

    /// Those that the Engine lists.
    static let listed: [PaneKind] = [.containers, .images, .volumes, .networks]
    /// Those whose columns can be chosen.
    static let withColumns: [PaneKind] = listed + [.events]
}

/// One resource of an Engine.
enum ResourceID: Hashable, Sendable {
    case container(ContainerID)
    /// An image by its id.
    case image(String)
    /// A volume by its name.
    case volume(String)
    /// A network by its id.
    case network(String)
    /// Something that happened, by its number.
    case event(Int)
    case system(SystemPart)
}

/// What has the keyboard.
enum Focus: Sendable { case list, detail }

/// What is shown of the selected resource.
enum DetailTab: Int, CaseIterable, Sendable {
    case logs, stats, inspect, top, history, changes, users, members

    /// Whether it shows what the Engine answered, in lines.
    var isText: Bool { [.inspect, .history, .changes, .members].contains(self) }

    var title: String {
        switch self {
        case .logs: "Logs"
        case .stats: "Stats"
        case .inspect: "Inspect"
        case .top: "Top"
        case .history: "Layers"
        case .changes: "Diff"
        case .users: "Used by"
        case .members: "Containers"
        }
    }
}

/// A list's selection, by identity, and the index of its first visible row.
struct ListState: Hashable, Sendable {
    var selected: ResourceID?
    /// Where the selected row stood, so that a row that vanishes hands over to its neighbour.
    var index = 0
    /// The index of the first visible row.
    var offset = 0
    /// Only rows that this lets through are shown: a text as ``RowFilter`` reads it.
    var filter = ""
    /// What the rows that it lets through are found from besides the list.
    fileprivate(set) var needs: FilterField.Needs = []
    /// Only containers that are in trouble are shown.
    var onlyTrouble = false
    /// Whether the newest row is selected as they come: the events' list until one moves away from its end.
    var follows = true
    /// Only rows that have to do with something are shown.
    var relation: Relation?
    /// Whether rows may be there that are not shown.
    var hidesRows: Bool { !filter.isEmpty || onlyTrouble || relation != nil }
    /// The name of a container that was selected when it was removed: one that gets its name is selected again, unless
    /// somebody has moved the selection meanwhile.
    var awaited: String?
}

/// How far back charts go.
enum ChartRange: Double, CaseIterable, Sendable {
    case one = 60
    case five = 300
    case fifteen = 900
    /// As long as the container has been watched.
    case session = 0

    var title: String {
        switch self {
        case .one: "last minute"
        case .five: "last 5 minutes"
        case .fifteen: "last 15 minutes"
        case .session: "the whole session"
        }
    }
}

/// How far a text is scrolled, in rows and columns.
struct Scroll: Hashable, Sendable {
    var row = 0
    var column = 0
}

/// One line about an outcome, shown until something newer or until it has been seen long enough.
struct Flash: Sendable {
    enum Kind: Sendable { case success, failure, note }
    var kind: Kind
    var text: String
    /// The `docker` command the outcome belongs to.
    var docker: String?
    var since: Date
}

/// What was asked of the Engines, newest last.
struct Journal: Sendable {
    /// One action.
    struct Entry: Sendable, Identifiable {
        enum Outcome: Sendable {
            case running
            /// It took so many seconds.
            case done(Double)
            case failed(String)
        }
        let id: Int
        let at: Date
        let engine: EngineID
        /// For example `stop web`.
        let title: String
        /// What is said when it went well, for example `stopped web`.
        let done: String
        let docker: String
        var outcome: Outcome
        /// What else the Engine had to say.
        var notes: [String] = []
    }

    static let bound = 500
    private(set) var entries: Deque<Entry> = []
    /// How many entries made room for newer ones.
    private(set) var dropped = 0

    mutating func append(_ entry: Entry) {
        if entries.count == Self.bound {
            entries.removeFirst()
            dropped += 1
        }
        entries.append(entry)
    }

    mutating func finish(_ id: Int, _ outcome: Entry.Outcome) {
        guard let index = entries.lastIndex(where: { $0.id == id }) else { return }
        entries[index].outcome = outcome
    }

    mutating func note(_ id: Int, _ notes: [String]) {
        guard let index = entries.lastIndex(where: { $0.id == id }) else { return }
        entries[index].notes += notes
    }
}
