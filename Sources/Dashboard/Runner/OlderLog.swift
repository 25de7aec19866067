import EngineAPI

/// Fetches what stands before the held lines of a log, without a hole or a double.
struct OlderLog: Sendable {
    /// So many lines at a time.
    static let page = 5_000

    private struct Origin {
        let index: Int
        let container: ContainerID
        let held: Int
        let point: LogResumePoint
    }

    private let origins: [Origin]
    private let bounds: LogStore.Bounds
    /// How many lines there is still room for.
    private let room: Int
    /// The time of the oldest held line.
    private let oldest: Int64
    private let isMerged: Bool

    init(_ log: FollowedLog) {
        origins = log.origins.enumerated().compactMap { index, origin in
            guard origin.phase != .removed else { return nil }
            return Origin(
                index: index, container: origin.container, held: log.store.count(of: index),
                point: log.store.olderPoint(of: index))
        }
        bounds = log.store.bounds
        // Where the oldest ones were dropped already, older ones cannot be held with them.
        room = log.store.dropped > 0 ? 0 : log.store.bounds.lines - log.store.count
        oldest = log.store.record(log.store.first)?.time ?? .max
        isMerged = log.subject.isMerged
    }

    /// The next page before what is held.
    ///
    /// Of several containers, each has a page of its own; what stands before the time from which all of them are
    /// known waits for the next one.
    func page(from engine: Engine) async -> Result<OlderPage, EngineError> {
        await Result.of {
            var page = OlderPage()
            var cut = LogOrigin.start
            for origin in origins {
                let (batch, isStart) = try await fetch(origin, from: engine)
                let reach = isStart ? LogOrigin.start : batch.lines.first?.time ?? oldest
                page.reach[origin.index] = reach
                cut = max(cut, reach)
                page.lines = page.lines.merged(with: LogLines(batch, origin: origin.index))
            }
            page.isStart = cut == LogOrigin.start
            if isMerged, let first = page.lines.records.firstIndex(where: { $0.time >= cut }), first > 0 {
                page.lines = page.lines[first..<page.lines.count]
            }
            return page
        }
    }

    /// The Engine takes the `tail` of the log first and what is too new from that away: so the tail reaches back over
    /// the lines that are held.
    private func fetch(_ origin: Origin, from engine: Engine) async throws -> (LogBatch, isStart: Bool) {
        let tty = try await engine.inspect(origin.container).value.tty
        // Without a line held there is nothing to join on: all up to the oldest line of the others.
        let until = origin.point.isEmpty ? oldest : origin.point.newest
        func fetch(_ tail: Int) async throws -> LogBatch {
            var all = LogBatch()
            for try await batch in try await engine.logs(
                origin.container, tty: tty, follow: false, tail: tail, until: LogTime(nanoseconds: until))
            { all.append(batch) }
            return origin.point.olderLines(of: all)
        }
        let page = isMerged ? max(500, Self.page / max(1, origins.count)) : Self.page
        let first = try await fetch(origin.held + page)
        guard first.lines.count < page else { return (first, false) }
        // Fewer than asked for: the start, or lines that came meanwhile; a longer tail tells.
        let second = try await fetch(2 * (origin.held + page))
        return (second, second.lines.count == first.lines.count)
    }

    /// All lines from a time on up to what is held; when they are too many, a stretch from that time on.
    func all(from engine: Engine, since jump: FollowedLog.Jump) async -> JumpAnswer {
        do {
            if room > 0 {
                let (lines, end) = try await lines(from: engine, since: jump, upToHeld: true, atMost: room)
                if end == nil, lines.count <= room, lines.size <= bounds.bytes / 2 {
                    let reach = Dictionary(uniqueKeysWithValues: origins.map { ($0.index, jump.time) })
                    return .page(OlderPage(lines: lines, reach: reach, isStart: false))
                }
            }
            let (lines, end) = try await lines(from: engine, since: jump, upToHeld: false, atMost: bounds.lines)
            // Behind the end not all containers' lines are known.
            let count = end.flatMap { end in lines.records.firstIndex { $0.time > end } } ?? lines.count
            return .past(lines[0..<count], jump)
        } catch {
            return .failed(EngineError(error))
        }
    }

    /// The lines of all containers from a time on, at most so many.
    /// - Returns: the lines, and up to which time all of them are there; nil when up to the end.
    private func lines(
        from engine: Engine, since jump: FollowedLog.Jump, upToHeld: Bool, atMost limit: Int
    ) async throws -> (LogLines, end: Int64?) {
        var lines = LogLines()
        var end: Int64?
        for origin in origins {
            let share = max(1, limit / origins.count)
            let (batch, isWhole) = try await stretch(origin, jump, upToHeld: upToHeld, atMost: share, engine)
            if !isWhole, let last = batch.lines.last { end = min(end ?? .max, last.time) }
            lines = lines.merged(with: LogLines(batch, origin: origin.index))
        }
        return (lines, end)
    }

    private func stretch(
        _ origin: Origin, _ jump: FollowedLog.Jump, upToHeld: Bool, atMost limit: Int, _ engine: Engine
    ) async throws -> (LogBatch, isWhole: Bool) {
        let tty = try await engine.inspect(origin.container).value.tty
        let until = upToHeld ? LogTime(nanoseconds: origin.point.isEmpty ? oldest : origin.point.newest) : nil
        var all = LogBatch()
        let point = upToHeld ? origin.point : LogResumePoint()
        let most = limit + point.count
        let stream = try await engine.logs(
            origin.container, tty: tty, follow: false, since: LogTime(nanoseconds: jump.time), until: until)
        for try await batch in stream {
            all.append(batch)
            if all.lines.count > most || all.bytes.count > bounds.bytes / origins.count / 2 {
                stream.close()
                all.lines.removeLast(max(0, all.lines.count - limit))
                return (all, false)
            }
        }
        return (point.olderLines(of: all), true)
    }
}

/// Lines before the oldest held one.
struct OlderPage: Sendable {
    var lines = LogLines()
    /// From which time on each container's log is complete with them.
    var reach: [Int: Int64] = [:]
    /// Whether there are none before these.
    var isStart = false
}

/// What came of going to a time that is not held.
enum JumpAnswer: Sendable {
    case page(OlderPage)
    case past(LogLines, FollowedLog.Jump)
    case failed(EngineError)

    func event(for log: Int) -> EngineEventKind {
        switch self {
        case .page(let page): .olderLog(log, .success(page))
        case .past(let lines, let jump): .pastLog(log, lines, jump)
        case .failed(let error): .olderLog(log, .failure(error))
        }
    }
}
