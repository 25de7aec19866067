import Collections
import EngineAPI
import FoundationEssentials
import Terminal

/// What is known of one Engine.
struct EngineState: Sendable {
    /// Whether the Engine answers.
    enum Connection: Sendable {
        /// Being reached for the first time.
        case connecting
        case connected
        /// Not reachable since a moment, for a reason; tried again at a moment.
        case away(EngineError, since: Date, nextTry: Date, attempt: Int)
    }

    let id: EngineID
    let address: EngineAddress
    var connection: Connection = .connecting
    /// When Gantry first tried to reach it.
    let since: Date
    var version: EngineVersion?
    /// When it last sent anything, and whether it is being asked if it is still there.
    var heard: Date
    var pinging = false
    var info: SystemInfo?
    /// Counts how often that was told.
    var descriptions = 0
    /// The Engine's clock minus ours, in seconds; 0 when they agree within two seconds.
    var clockSkew: Double = 0

    var containers: [ContainerID: Container] = [:]
    /// Counts what was begun to be done to containers, and what ended.
    private(set) var actions = 0
    /// The containers' ids as they are sorted.
    var order: [ContainerID] = [] {
        didSet { rowsVersion += 1 }
    }
    /// What they are sorted by.
    var sort = ContainerSort()
    /// The containers in trouble, as of the last second.
    var troubled: Set<ContainerID> = [] {
        didSet { rowsVersion += 1 }
    }
    /// How many containers there are of each kind.
    private(set) var tally = Tally()
    /// Figures are new for so many seconds.
    private static let newFigures = 10.0
    /// The containers whose figures are new, or were a moment ago.
    var measured: Set<ContainerID> = []
    /// The containers whose log lines are being counted, or were a moment ago.
    var lineRated: Set<ContainerID> = []
    /// What all of them use together, as of the last second.
    var totals = Totals()
    /// The widths of the widest texts of the containers' list, so that its columns need not guess.
    private(set) var widths = Widths()
    var images = Listing<ImageSummary>()
    var volumes = Listing<VolumeSummary>()
    var networks = Listing<NetworkSummary>()
    /// What has happened there.
    var events = EventHistory()
    /// What takes how much room there.
    var disk = DiskFigures()
    /// Whether the list of containers has arrived once, and what went wrong last.
    var containersLoaded = false
    /// The top of the CPU sparklines, one for the column: it moves in steps, so that rows do not repaint each second.
    private(set) var sparklineScale = 10.0
    var containersError: EngineError?

    /// How figures are asked for.
    var sampling = Sampling()
    /// What is waiting to be asked for again.
    var refresh = RefreshQueue()
    /// The log that is shown.
    var log: FollowedLog?
    /// The logs of the wall, while there is one.
    var wall: [FollowedLog] = []
    /// The log of a container that was removed while it was shown: one that gets its name goes on in it.
    var lostLog: FollowedLog?
    /// Counts the changes of the list of containers.
    var listVersion = 0 {
        didSet { rowsVersion += 1 }
    }
    /// Counts the changes of what the rows of the containers' list are found from: which there are, in which order, what
    /// a filter looks at.
    private(set) var rowsVersion = 0
    /// What the volumes take together, as far as that is known.
    var volumesSize: Int?
    /// Whether the next list of all is looked through for what a Gantry that has ended left behind.
    var looksForLeftovers = false
    /// Which containers use what, as found last.
    var users = ResourceUsers()
    /// Counts who joined and left each network, by what the events told.
    var networkChanges: [String: Int] = [:]
    /// Who is in the networks that something is being filled in for.
    var members: [String: NetworkMembers] = [:]
    /// The inspected resource.
    var inspected: InspectedResource?
    /// The processes of the selected container.
    var top: ContainerProcesses?

    init(address: EngineAddress, now: Date) {
        self.id = EngineID(address)
        self.address = address
        self.since = now
        self.heard = now
    }

    /// Whether what is shown can be trusted to be what runs now.
    var isConnected: Bool {
        if case .connected = connection { return true }
        return false
    }

    /// Since when the lists are not known to be true.
    var staleSince: Date? {
        if case .away(_, let since, _, _) = connection { return since }
        return nil
    }

    /// The log of a number: the shown one, or one of the wall's.
    subscript(log id: Int) -> FollowedLog? {
        get { log?.id == id ? log : wall.first { $0.id == id } }
        _modify {
            if log?.id == id {
                yield &log
            } else if let index = wall.firstIndex(where: { $0.id == id }) {
                // Taken out: a second one of it would make a copy of its lines.
                var one: FollowedLog? = wall.remove(at: index)
                defer { if let one { wall.insert(one, at: index) } }
                yield &one
            } else {
                var none: FollowedLog?
                yield &none
            }
        }
    }

    /// The numbers of all logs that are followed.
    var followedLogs: [Int] { (log.map { [$0.id] } ?? []) + wall.map(\.id) }

    /// The widest texts in the containers' list.
    struct Widths: Sendable {
        var name = 0
        var ports = 0
        var image = 0
    }

    /// Containers by what the header tells of them.
    struct Tally: Sendable, Hashable {
        var running = 0
        /// Paused, restarting, and what is not known.
        var odd = 0
        var ended = 0
        var endedBadly = 0

        fileprivate mutating func add(_ container: Container) {
            // What Gantry makes for itself is none of a person's.
            if container.listed.isTemporary { return }
            switch container.state {
            case .running: running += 1
            case .exited, .dead, .removing: (container.exitCode ?? 0) == 0 ? (ended += 1) : (endedBadly += 1)
            case .created: ended += 1
            default: odd += 1
            }
        }
    }

    /// Notes what is being done to a container; nil when nothing is any more.
    mutating func note(_ action: RunningAction?, for id: ContainerID) {
        containers[id]?.action = action
        actions += 1
    }

    /// Takes the widths of a container's texts into account.
    mutating func widen(by texts: Widths) {
        widths.name = max(widths.name, texts.name)
        widths.ports = max(widths.ports, texts.ports)
        widths.image = max(widths.image, texts.image)
    }

    /// Finds the widths and the counts anew, after the list has changed.
    mutating func takeStock() {
        widths = Widths()
        tally = Tally()
        for index in containers.values.indices {
            widen(by: containers.values[index].listed.widths)
            tally.add(containers.values[index])
        }
    }

    /// Counts the containers anew.
    mutating func recount() {
        tally = Tally()
        for index in containers.values.indices { tally.add(containers.values[index]) }
    }

    /// Raises the top of the sparklines at once when a value stands above it.
    mutating func raiseScale(_ cpu: Double?) {
        guard let cpu, cpu > sparklineScale else { return }
        sparklineScale = Self.step(above: cpu)
    }

    private static func step(above most: Double) -> Double {
        [10, 25, 50, 100, 200, 400, 800, 1_600, 3_200].first { $0 >= most } ?? most
    }

    /// Finds the top of the CPU sparklines of some containers anew.
    mutating func rescale(_ visible: ArraySlice<ResourceID>) {
        var most = 0.0
        for case .container(let id) in visible {
            for point in containers[id]?.usage.points.suffix(8) ?? [] { most = max(most, point.cpu ?? 0) }
        }
        sparklineScale = Self.step(above: most)
    }

    /// Takes those out of the measured ones whose figures are no longer new.
    mutating func forgetOldFigures(_ now: Date) {
        for id in measured where !hasNewFigures(id, now) { measured.remove(id) }
    }

    /// Whether a container's figures are part of the host's sum.
    func hasNewFigures(_ id: ContainerID, _ now: Date) -> Bool {
        guard let container = containers[id], container.isRunning, let usage = container.usage.latest else {
            return false
        }
        return now.timeIntervalSince(usage.at) + clockSkew < Self.newFigures
    }

    /// The Engine's time for a moment of ours; while it is away, its ages stand still with the rest.
    func engineTime(_ now: Date) -> Date { (staleSince ?? now).addingTimeInterval(clockSkew) }

}

/// A list of resources other than containers, in the order it is shown.
struct Listing<Element: Sendable>: Sendable {
    private(set) var items: [Element] = []
    private var places: [String: Int] = [:]
    private(set) var loaded = false
    /// Counts the lists that arrived: what was inspected before is asked for again.
    private(set) var version = 0
    /// The width of the widest name, so that its column need not guess.
    private(set) var nameWidth = 0
    var error: EngineError?

    /// Takes a list as it arrived, in a given order, each known by an id and shown by a name.
    mutating func set(_ items: [Element], id: (Element) -> String, name: (Element) -> String) {
        self.items = items
        nameWidth = items.reduce(0) { max($0, TextWidth.of(name($1))) }
        places = Dictionary(items.enumerated().map { (id($1), $0) }, uniquingKeysWith: { first, _ in first })
        loaded = true
        version += 1
        error = nil
    }

    /// The resource with an id.
    subscript(id: String) -> Element? { places[id].map { items[$0] } }
}

/// A container as the lists, the events and the streams tell.
struct Container: Sendable, Identifiable {
    // Both are large, and a container is copied at every look at it: behind a reference a copy is cheap.
    private(set) var listed: ListedContainer
    private var inspected: Box<ContainerDetails>?
    /// Counts what happened to the container; what was read at an older number is asked for again.
    var revision = 0
    /// The revision that `details` were read at.
    var detailsRevision = -1
    /// The revision that details were last asked for at.
    var detailsAsked = -1
    /// Whether the answer is still to come.
    var detailsPending = false
    /// Counts the starts seen, so that a log that ended is followed again.
    var starts = 0
    /// When it was started, as far as events told, by the Engine's clock; the last twenty times.
    var startTimes: Deque<Date> = []
    /// The starts counted when the container was last listed.
    var startsSeen = 0
    var usage = UsageHistory()
    /// When a sample of its figures was last asked for by a call of its own.
    var sampledAt: Date?
    /// How much it writes to its log.
    var lineRate = LineRate()
    /// What is being done to it.
    var action: RunningAction?

    init(_ summary: ContainerSummary) { listed = ListedContainer(summary) }

    var summary: ContainerSummary {
        _read { yield listed.summary }
        set { listed = ListedContainer(newValue) }
    }

    /// From `inspect`: exact times, exit code, restarts, health, limits.
    var details: ContainerDetails? {
        get { inspected?.value }
        set { inspected = newValue.map { Box($0) } }
    }

    /// The details, when nothing has happened since they were read.
    var current: Box<ContainerDetails>? { detailsRevision == revision ? inspected : nil }

    var id: ContainerID { summary.id }
    var name: String { summary.name }
    var state: ContainerState { summary.state }
    var isRunning: Bool { state.isAlive }
    var isTemporary: Bool { listed.isTemporary }
}

/// A value behind a reference.
final class Box<Value: Sendable>: Sendable {
    let value: Value
    init(_ value: Value) { self.value = value }
}

/// An action that the Engine has not answered yet.
struct RunningAction: Sendable {
    let id: Int
    /// `stopping`, `restarting` …
    let doing: String
    let since: Date
}

/// What `inspect` answered for one resource, laid out for reading.
struct InspectedResource: Sendable {
    let resource: ResourceID
    /// The tab that shows it.
    var tab = DetailTab.inspect
    var lines: [InspectLine] = [] {
        didSet { secrets = lines.count { $0.masked != nil } }
    }
    var error: EngineError?
    var loaded = false
    /// What the lines were made of, where no Engine was asked for them.
    var made: SystemDetail.Source?
    /// How many of the lines have values that look like secrets, and whether these are shown.
    private(set) var secrets = 0
    var showsSecrets = false
    /// What was last looked for in it.
    var find: TextFind?
}

/// What `top` answered for a container.
struct ContainerProcesses: Sendable {
    let container: ContainerID
    var list: ProcessList?
    var error: EngineError?
    /// The selected process by its number, and where it stands, so that one that ends hands over to its neighbour.
    var selected: String?
    var index = 0
}
