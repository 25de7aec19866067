import Collections
import EngineAPI
import FoundationEssentials

/// What happened at an Engine, the newest last, as far as it is kept.
struct EventHistory: Sendable {
    /// One thing that happened, or a time of which nothing is known.
    struct Entry: Sendable, Identifiable {
        enum What: Sendable {
            case event(EngineEvent)
            /// The Engine was away: of what happened meanwhile there is only what it remembers, and that follows.
            case gap(since: Date, until: Date)
        }

        let id: Int
        let what: What
        /// The name of the container that it is about as well: the one that was connected to a network.
        var other: String?
        fileprivate var bytes = 0

        var event: EngineEvent? { if case .event(let event) = what { event } else { nil } }
        /// Whether it is one of those that are hidden unless somebody wants to see them.
        var isChatter: Bool { event?.isChatter ?? false }
    }

    /// What the Engine remembers of the time before Gantry listened.
    enum Memory: Sendable {
        case unknown
        case known
        case failed(EngineError)
    }

    static let bound = 5_000
    /// Bytes of names and labels that are kept at most: some have many.
    static let byteBound = 8 << 20
    /// An Engine remembers so many.
    private static let memory = 256

    private(set) var entries: Deque<Entry> = []
    /// The number of the next that happens; those from before Gantry listened count backwards from 0.
    private(set) var next = 0
    /// How many made room for newer ones.
    private(set) var dropped = 0
    /// How many of the kept ones are hidden unless somebody wants to see them.
    private(set) var chatter = 0
    /// Changes when anything does.
    private(set) var version = 0
    var remembered = Memory.unknown
    private var bytes = 0
    /// The containers' names by their identities, as far as events told of them.
    private var names: [String: String] = [:]
    /// The time of the newest that was remembered and not heard.
    private var rememberedUntil = Int64.min

    var first: Int { entries.first?.id ?? next }

    /// The time of the last thing that happened.
    var last: LogTime? {
        for entry in entries.reversed() {
            if let event = entry.event { return LogTime(nanoseconds: event.timeNano) }
        }
        return nil
    }

    subscript(id: Int) -> Entry? {
        guard let first = entries.first?.id, id >= first, id < next else { return nil }
        return entries[id - first]
    }

    /// The name of a container that may be gone, as the last event about it told.
    func name(of container: ContainerID) -> String? { names[container.rawValue] }

    /// Those from a number on.
    func entries(from id: Int) -> some Sequence<Entry> { entries.dropFirst(max(0, id - first)) }

    /// Adds what has just happened.
    mutating func add(_ event: EngineEvent, name: (String) -> String? = { _ in nil }) {
        // What the Engine remembers may have been read after it was heard of.
        guard event.timeNano > rememberedUntil || !isKnown(event) else { return }
        var entry = entry(next, event, name)
        note(event)
        entry.bytes = Self.bytes(of: event)
        append(entry)
    }

    /// Notes that nobody has listened for a while.
    mutating func addGap(since: Date, until: Date) {
        guard !entries.isEmpty else { return }
        append(Entry(id: next, what: .gap(since: since, until: until)))
    }

    /// Takes in what the Engine remembers of the time before.
    mutating func take(remembered events: [EngineEvent], name: (String) -> String? = { _ in nil }) {
        remembered = .known
        version += 1
        let heard = entries.first { $0.event != nil }?.event?.timeNano ?? .max
        let old = events.filter { $0.timeNano < heard || $0.timeNano == heard && !isKnown($0) }
        rememberedUntil = old.last?.timeNano ?? .min
        for event in old { note(event) }
        for (index, event) in old.suffix(max(0, Self.bound - entries.count)).reversed().enumerated() {
            var entry = entry(first - 1, event, name)
            entry.bytes = Self.bytes(of: event)
            guard index < Self.bound, bytes + entry.bytes <= Self.byteBound else { return }
            entries.prepend(entry)
            count(entry, 1)
        }
    }

    private func isKnown(_ event: EngineEvent) -> Bool {
        entries.suffix(Self.memory).contains { $0.event == event }
            || entries.prefix(Self.memory).contains { $0.event == event }
    }

    private func entry(_ id: Int, _ event: EngineEvent, _ name: (String) -> String?) -> Entry {
        var entry = Entry(id: id, what: .event(event))
        if event.type != "container", let container = event.attributes["container"] {
            entry.other = names[container] ?? name(container)
        }
        return entry
    }

    private mutating func append(_ entry: Entry) {
        entries.append(entry)
        next += 1
        version += 1
        count(entry, 1)
        while entries.count > Self.bound || bytes > Self.byteBound, let oldest = entries.popFirst() {
            count(oldest, -1)
            dropped += 1
        }
    }

    private mutating func count(_ entry: Entry, _ sign: Int) {
        bytes += sign * entry.bytes
        if entry.isChatter { chatter += sign }
    }

    /// Keeps the names of containers, of which other events tell the identities only.
    private mutating func note(_ event: EngineEvent) {
        guard event.type == "container", let name = event.attributes["name"] else { return }
        if names.count >= 2 * Self.bound { names = [:] }
        names[event.actorID] = name
    }

    private static func bytes(of event: EngineEvent) -> Int {
        event.attributes.reduce(event.actorID.utf8.count + 100) { $0 + $1.key.utf8.count + $1.value.utf8.count + 32 }
    }
}

extension EngineEvent {
    /// The name of what it happened to, or what is known of it instead.
    var name: String {
        // A pull tells its name with the tag here, and without it there.
        if type == "image", !actorID.isEmpty, !actorID.hasPrefix("sha256:") { return actorID }
        if let name = attributes["name"], !name.isEmpty { return name }
        return type == "volume" ? actorID : shortID(actorID)
    }

    /// Whether it is one of a stream that says little: what health checks, `exec` and `top` leave behind.
    var isChatter: Bool {
        guard type == "container" else { return false }
        return action.hasPrefix("exec_") || action == "top" || action == "resize"
    }
}
