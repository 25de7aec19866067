import EngineAPI
import FoundationEssentials

/// The log that is shown: its lines, where one looks at it, what is searched and what is left out.
struct FollowedLog: Sendable {
    /// The row at the bottom of the screen: a line, and which of its rows when it takes several.
    struct Position: Hashable, Sendable {
        var line: Int
        /// Counted from the line's first row.
        var row: Int
    }

    /// Lines that are being selected, to be copied or saved.
    struct Selection: Hashable, Sendable {
        /// Where it began, and where it goes to now.
        var anchor: Int
        var head: Int
        var range: ClosedRange<Int> { min(anchor, head)...max(anchor, head) }
    }

    /// Only lines that match are shown.
    struct Filter: Sendable {
        var matches: LogMatches
        /// So many lines before and after each are shown too.
        var context = 0
    }

    /// Where one wants to go, which is further back than what is held.
    struct Jump: Hashable, Sendable {
        let time: Int64
        /// As it was typed.
        let text: String
    }

    /// At most so many containers are followed in one log.
    static let mostOrigins = 60

    /// Tells this log from those shown before it.
    let id: Int
    var subject: LogSubject
    var store: LogStore
    /// Its containers, in the order they joined; lines know theirs by its place here.
    var origins: [LogOrigin] = []
    /// The list of containers that they were found in.
    var listVersion = -1
    /// Containers that are not followed because there are too many.
    var leftOut = 0
    /// The row at the bottom of the screen, or nil while following the newest.
    var anchor: Position?
    /// The end of the log when it was last followed: what came later is new.
    var seenEnd = 0
    /// Columns scrolled to the right.
    var column = 0
    /// What is known of the lines before the oldest held one.
    var older = OlderLines.unknown
    /// What happened to its containers before the oldest held lines.
    var earlier: [PastEvent] = []
    /// Numbers of lines before which something may be missing.
    var gaps: [Int] = []
    /// Lines before this number are hidden, since a moment.
    var cleared: (before: Int, at: Date)?
    var search: LogMatches?
    /// The line of the search that one is at.
    var hit: Int?
    /// Whether the first hit is still to be gone to, and from which line upwards.
    var seeking: Int?
    var filter: Filter?
    var selection: Selection?
    var jump: Jump?
    /// Whether it shows a stretch of the past and is not followed: the stretch's beginning.
    var past: Jump?

    init(id: Int, subject: LogSubject, bounds: LogStore.Bounds) {
        self.id = id
        self.subject = subject
        store = LogStore(bounds: bounds)
    }

    var following: Bool { anchor == nil }
    /// Lines that arrived since it was last followed.
    var unseen: Int { following ? 0 : max(0, store.end - max(seenEnd, store.first)) }
    /// The lines that containers wrote.
    var lineCount: Int { max(0, store.count - store.events) }
    /// The numbers of the lines that are not hidden.
    var open: Range<Int> { min(max(store.first, cleared?.before ?? store.first), store.end)..<store.end }

    func origin(of container: ContainerID) -> Int? { origins.firstIndex { $0.container == container } }

    /// Whether a container got the name of another one, and its log goes on in that one's.
    func goesOn(_ container: ContainerID) -> Bool {
        guard let index = origin(of: container) else { return false }
        return origins[..<index].contains { $0.name == origins[index].name }
    }

    // MARK: What is shown

    /// The last shown line up to a number.
    func line(atMost number: Int) -> Int? {
        let open = open
        let number = min(number, open.upperBound - 1)
        guard number >= open.lowerBound else { return nil }
        guard let filter else { return number }
        guard let match = filter.matches.line(atMost: number + filter.context) else { return nil }
        let shown = min(number, match + filter.context)
        return shown >= open.lowerBound ? shown : nil
    }

    /// The first shown line from a number on.
    func line(atLeast number: Int) -> Int? {
        let open = open
        let number = max(number, open.lowerBound)
        guard number < open.upperBound else { return nil }
        guard let filter else { return number }
        guard let match = filter.matches.line(atLeast: number - filter.context) else { return nil }
        let shown = max(number, match - filter.context)
        return shown < open.upperBound ? shown : nil
    }

    /// How many lines the filter lets through, without those around them.
    var shownCount: Int {
        filter.map { $0.matches.lines.count - $0.matches.index(atLeast: open.lowerBound) } ?? open.count
    }

    /// How many held lines match the search, and at which of them one is, counted from 1.
    var hits: (place: Int?, count: Int) {
        guard let search else { return (nil, 0) }
        // Those of dropped lines may still be among them.
        let dropped = search.index(atLeast: store.first)
        let place = hit.flatMap { hit -> Int? in
            let index = search.index(atLeast: hit)
            return index < search.lines.count && search.lines[index] == hit ? index - dropped + 1 : nil
        }
        return (place, search.lines.count - dropped)
    }

    // MARK: What arrives

    /// Adds lines and keeps what is known by numbers where it was.
    mutating func add(_ lines: LogLines) {
        let end = store.end
        let wasFollowing = following
        let changed = store.append(lines)
        if changed < end { move(from: changed, end, lines) }
        if wasFollowing { seenEnd = store.end }
        forgetDropped()
    }

    /// Keeps what is known by numbers at its lines, after some were put between them from a number on.
    private mutating func move(from changed: Int, _ end: Int, _ lines: LogLines) {
        search?.forget(from: changed)
        filter?.matches.forget(from: changed)
        // Where the new ones stand; those that are not found were dropped at once, before all that is held.
        var places: [Int] = []
        var number = store.end - 1
        while places.count < lines.count, number >= max(changed, store.first), let record = store.record(number) {
            let new = lines.records[lines.count - 1 - places.count]
            if record.origin == new.origin, record.time == new.time, (record.kind == .event) == (new.kind == .event) {
                places.append(number)
            }
            number -= 1
        }
        let gone = lines.count - places.count
        func moved(_ number: Int) -> Int {
            guard number >= changed else { return number }
            return places.reversed().reduce(number + gone) { $1 <= $0 ? $0 + 1 : $0 }
        }
        if let anchor { self.anchor?.line = moved(anchor.line) }
        if let selection {
            self.selection = Selection(anchor: moved(selection.anchor), head: moved(selection.head))
        }
        if let hit { self.hit = moved(hit) }
        if let seeking { self.seeking = moved(seeking) }
        if let cleared, cleared.before > changed { self.cleared?.before = moved(cleared.before - 1) + 1 }
        // One at the end waits for the next lines, which are these.
        gaps = gaps.map { $0 == end ? places.last ?? $0 : moved($0) }.sorted()
    }

    /// What was known of lines that are no longer held goes too; at once when older lines may get their numbers.
    mutating func forgetDropped(atOnce: Bool = false) {
        let first = store.first
        if let anchor, anchor.line < first { self.anchor = Position(line: first, row: 0) }
        if let selection, selection.range.lowerBound < first {
            self.selection = Selection(anchor: max(selection.anchor, first), head: max(selection.head, first))
        }
        if let hit, hit < first { self.hit = nil }
        search?.forget(before: first, atOnce: atOnce)
        filter?.matches.forget(before: first, atOnce: atOnce)
        if gaps.first.map({ $0 < first }) ?? false { gaps.removeAll { $0 < first } }
    }

    /// Follows the newest line.
    mutating func follow() {
        anchor = nil
        seenEnd = store.end
    }

    /// Stands still at a row.
    mutating func stand(at position: Position) {
        if following { seenEnd = store.end }
        anchor = position
    }

    /// All its containers together: how far back the log is complete; nil while some have not answered.
    var reach: Int64? {
        var latest = LogOrigin.start
        for origin in origins {
            guard let reach = origin.reach else { return nil }
            latest = max(latest, reach)
        }
        return latest
    }

    /// Where to go on with an origin's log.
    func resumePoint(of origin: Int) -> LogResumePoint {
        let point = store.resumePoint(of: origin)
        // Of a log that is older than what the others are known from, no line may be held: it is not begun again.
        guard point.isEmpty, origins[origin].reach != nil, let reach, reach > LogOrigin.start else { return point }
        return LogResumePoint(from: reach)
    }

    /// Lets go what stands before the time from which all containers' lines are known.
    mutating func cutToReach() {
        guard let reach else { return }
        if reach > LogOrigin.start {
            if subject.isMerged {
                earlier += store.events(before: reach)
                store.forget(before: reach)
            }
            older = older == .start ? .unknown : older
        } else {
            older = .start
        }
        forgetDropped(atOnce: true)
    }
}

/// What is known of the lines before the oldest held one.
enum OlderLines: Sendable, Hashable {
    /// There may be some: they are fetched when one scrolls up to them.
    case unknown
    /// The oldest held line is the log's first.
    case start
    /// There is no room for them.
    case full
    case failed(EngineError)
}
