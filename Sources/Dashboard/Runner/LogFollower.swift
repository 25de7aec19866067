import EngineAPI
import FoundationEssentials

/// Follows the log of one container, over its restarts, and goes on where the held lines end.
struct LogFollower: Sendable {
    /// Lines asked for when a log is opened.
    static let tail = 2_000
    /// Lines asked for when it is gone on with; where that does not reach back far enough, all since then are.
    static let resumeTail = 10_000

    let engine: Engine
    let container: ContainerID
    /// The state of the held lines each time a stream is opened.
    let resumePoint: @MainActor @Sendable () -> LogResumePoint?
    let report: @MainActor @Sendable (LogNews) -> Void

    /// Older lines are fetched when fewer than so many are left above the screen,
    static let margin = 500
    /// so many at a time.
    static let page = 5_000

    /// Fetches lines before the oldest held one.
    ///
    /// The Engine takes the `tail` of the log first and what is too new from that away: so the tail reaches back over
    /// the lines that are held.
    static func older(
        _ engine: Engine, _ container: ContainerID, held: Int, point: LogResumePoint
    ) async throws(EngineError) -> (LogBatch, isStart: Bool) {
        do {
            let tty = try await engine.inspect(container).value.tty
            func fetch(_ tail: Int) async throws -> LogBatch {
                var all = LogBatch()
                var point = point
                let until = LogTime(nanoseconds: point.newest)
                for try await batch in try await engine.logs(
                    container, tty: tty, follow: false, tail: tail, until: until)
                { all.append(point.newLines(of: batch)) }
                return all
            }
            let first = try await fetch(held + page)
            guard first.lines.count < page else { return (first, false) }
            // Fewer than asked for: the start, or lines that came meanwhile; a longer tail tells.
            let second = try await fetch(2 * (held + page))
            return (second, second.lines.count == first.lines.count)
        } catch { throw EngineError(error) }
    }

    /// Runs until the container's log has ended, cannot be read, or the task is cancelled.
    func run() async {
        var failures = 0
        while !Task.isCancelled {
            do {
                let details = try await engine.inspect(container).value
                await report(.opened(driver: details.logDriver))
                try await read(tty: details.tty, tail: Self.resumeTail, follow: true)
                failures = 0
                guard try await engine.inspect(container).value.state.state.isAlive else {
                    // Engine 20.10 often ends a followed log without its last line when that has no line end.
                    try await read(tty: details.tty, tail: 100, follow: false)
                    await report(.ended)
                    return
                }
                // It was started again before we looked, or the Engine closed the stream: go on.
                try await Task.sleep(for: .milliseconds(200))
            } catch {
                guard !Task.isCancelled else { return }
                let error = EngineError(error)
                failures += 1
                let retrying = error.isPassing && failures < 10
                await report(.failed(error, retrying: retrying))
                guard retrying else { return }
                try? await Task.sleep(for: .seconds(min(5, failures)))
            }
        }
    }

    /// One stream, to its end.
    private func read(tty: Bool, tail: Int?, follow: Bool) async throws {
        guard var point = await resumePoint() else { return }
        let since = point.since.map { LogTime(nanoseconds: $0) }
        let lines = try await engine.logs(
            container, tty: tty, follow: follow, tail: since == nil ? Self.tail : tail, since: since)
        var first = true
        for try await batch in lines {
            // `tail` and `since` together are quick on a long log, but may begin too late: a line that is held
            // already must be among the first.
            let new = point.newLines(of: batch)
            if first, since != nil, !point.joined, !batch.lines.isEmpty {
                if tail != nil {
                    lines.close()
                    return try await read(tty: tty, tail: nil, follow: follow)
                }
                await report(.gap)
            }
            first = first && batch.lines.isEmpty
            if !new.lines.isEmpty { await report(.lines(new)) }
        }
    }
}

extension LogBatch {
    /// Adds the lines of another batch.
    mutating func append(_ batch: LogBatch) {
        let shift = UInt32(bytes.count)
        bytes.append(contentsOf: batch.bytes)
        lines.append(contentsOf: batch.lines.lazy.map { $0.moved(by: shift) })
    }
}

extension LogLine {
    /// The line in an array of bytes in which its text stands further behind.
    func moved(by shift: UInt32) -> LogLine {
        LogLine(time: time, start: start + shift, length: length, source: source, continued: continued)
    }
}

extension EngineError {
    /// Whether trying again may help.
    var isPassing: Bool {
        switch self {
        case .closed, .timedOut, .unreachable, .malformed: true
        case .server(let status, _): status >= 500 && status != 501
        default: false
        }
    }
}
