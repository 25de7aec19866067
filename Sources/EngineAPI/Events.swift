import FoundationEssentials

/// Something that happened at an Engine.
public struct EngineEvent: Hashable, Sendable {
    /// What it happened to: `container`, `image`, `volume`, `network`, `daemon`, …
    public var type: String
    /// What happened, as sent: `start`, `health_status: healthy`, `exec_create: sh`.
    public var action: String
    /// The identity (of a volume: the name) of what it happened to.
    public var actorID: String
    /// What else the Engine tells: `name`, `image`, `exitCode`, `signal` and the labels.
    public var attributes: [String: String] = [:]
    /// When, in nanoseconds since 1970.
    public var timeNano: Int64 = 0

    /// Makes one; attributes and time are set afterwards.
    public init(type: String, action: String, actorID: String) {
        self.type = type
        self.action = action
        self.actorID = actorID
    }

    /// When.
    public var time: Date { LogTime(nanoseconds: timeNano).date }

    /// The action without what follows a colon: `health_status`, `exec_create`.
    public var verb: Substring { action.prefix { $0 != ":" } }

    /// Whether it changes no list: exec and health-check processes, top, attach and the like.
    public var isNoise: Bool {
        let verb = verb
        if verb.hasPrefix("exec_") { return true }
        return switch type {
        case "container":
            ["top", "attach", "detach", "resize", "export", "copy", "archive-path", "extract-to-dir", "commit"]
                .contains(verb)
        case "image": ["save", "push"].contains(verb)
        case "volume": ["mount", "unmount"].contains(verb)
        default: false
        }
    }
}

extension EngineEvent: Decodable {
    private struct Answer: Decodable {
        struct Subject: Decodable {
            var ID: String?
            var Attributes: [String: String]?
        }
        var `Type`, Action: String?
        var Actor: Subject?
        var time, timeNano: Int64?
    }

    /// Reads a message of `GET /events`.
    public init(from decoder: any Decoder) throws {
        let answer = try Answer(from: decoder)
        self.init(type: answer.Type ?? "", action: answer.Action ?? "", actorID: answer.Actor?.ID ?? "")
        attributes = answer.Actor?.Attributes ?? [:]
        timeNano = answer.timeNano ?? (answer.time ?? 0).multipliedReportingOverflow(by: 1_000_000_000).partialValue
    }
}

/// Events in batches: all that had arrived.
public typealias EventStream = EngineStream<EventDecoder>

extension Engine {
    /// What happens at the Engine from now on, or since a moment: then what it remembers (256 events) comes first.
    ///
    /// `GET /events`. Returns when the Engine has begun to listen, so a list asked for afterwards misses nothing.
    /// - Throws: `EngineError`; while iterating `.closed` when the Engine goes away.
    public func events(since: Date? = nil) async throws -> EventStream {
        let query = since.map { [("since", LogTime($0).description)] } ?? []
        return try await stream(["events"], query: query, decoder: EventDecoder())
    }

    /// What happens at the Engine after something that is known: what was missed since and is remembered comes first.
    ///
    /// `GET /events`. Without anything known, from now on.
    /// - Throws: `EngineError`; while iterating `.closed` when the Engine goes away.
    public func events(after last: LogTime?) async throws -> EventStream {
        let query = last.map { [("since", LogTime(nanoseconds: $0.nanoseconds &+ 1).description)] } ?? []
        return try await stream(["events"], query: query, decoder: EventDecoder())
    }

    /// What the Engine remembers, its last 256 events at most, the oldest first.
    ///
    /// `GET /events` up to a moment, which should be now by the Engine's clock: it answers no sooner.
    /// - Throws: `EngineError`.
    public func rememberedEvents(until: LogTime) async throws -> [EngineEvent] {
        try await remembered(filters: [:], until: until)
    }

    /// What the Engine remembers of a container (of its last 256 events), the oldest first.
    ///
    /// `GET /events` up to now, so that it ends.
    /// - Throws: `EngineError`.
    public func events(of container: ContainerID) async throws -> [EngineEvent] {
        try await remembered(
            filters: ["type": ["container"], "container": [container.rawValue]], until: LogTime(Date()))
    }

    private func remembered(filters: [String: [String]], until: LogTime) async throws -> [EngineEvent] {
        var query = [("since", "1"), ("until", until.description)]
        if !filters.isEmpty { query.append(("filters", try Filters.encode(filters))) }
        var events: [EngineEvent] = []
        for try await batch in try await stream(["events"], query: query, decoder: EventDecoder()) { events += batch }
        return events
    }
}

/// Cuts the bytes of `GET /events` into events.
public struct EventDecoder: StreamDecoder {
    private var splitter = JSONSplitter()

    /// A decoder at the beginning of a stream.
    public init() {}

    /// The events that these bytes complete; nil when none.
    public mutating func decode(_ bytes: UnsafeRawBufferPointer) throws -> [EngineEvent]? {
        var events: [EngineEvent] = []
        try splitter.split(bytes) { events.append(try Engine.decode(EngineEvent.self, from: $0)) }
        return events.isEmpty ? nil : events
    }

    /// Nothing: half an event is none.
    public mutating func finish() throws -> [EngineEvent]? { nil }
}
