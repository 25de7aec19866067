import EngineAPI
import FoundationEssentials

/// Follows the log of one container, over its restarts, and goes on where the held lines end.
struct LogFollower: Sendable {
    /// Lines asked for when a log is opened: some screens full.
    static let tail = 1_000
    /// Lines asked for of a container that was just made: all it has.
    static let wholeTail = 100_000
    /// Lines asked for when it is gone on with; where that does not reach back far enough, all since then are.
    static let resumeTail = 10_000

    let engine: Engine
    let container: ContainerID
    /// Lines asked for at first.
    let firstTail: Int
    /// The state of the held lines each time a stream is opened.
    let resumePoint: @MainActor @Sendable () -> LogResumePoint?
    let report: @MainActor @Sendable (LogNews) -> Void

    /// Older lines are fetched when fewer than so many are left above the screen.
    static let margin = 500

    /// Runs until the container's log has ended, cannot be read, or the task is cancelled.
    func run() async {
        var failures = 0
        while !Task.isCancelled {
            do {
                let details = try await engine.inspect(container).value
                await report(.opened(driver: details.logDriver))
                var opened: LogResumePoint?
                if let held = await resumePoint(), held.isEmpty { opened = try await open(details) }
                try await read(tty: details.tty, tail: Self.resumeTail, follow: true, after: opened)
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

    /// The last lines, in one piece and at once, and what happened to the container before. Gives what they are known
    /// by: in a log of several containers they may have been let go at once, and must not come again.
    private func open(_ details: ContainerDetails) async throws -> LogResumePoint {
        var batch = LogBatch()
        for try await part in try await engine.logs(container, tty: details.tty, follow: false, tail: firstTail) {
            batch.append(part)
        }
        // What the Engine remembers is an extra: a log without it is a log all the same.
        let remembered = (try? await engine.events(of: container)) ?? []
        await report(
            .tail(
                batch, isStart: batch.lines.count < firstTail, history: LogEvents.history(remembered, details)))
        return LogResumePoint(batch)
    }

    /// Counts the lines that a container writes, and the errors among them, until its log ends; nil
    /// when it cannot be read.
    static func count(
        _ engine: Engine, _ container: ContainerID,
        report: @escaping @MainActor @Sendable ((lines: Int, errors: Int)?) -> Void
    ) async {
        do {
            let tty = try await engine.inspect(container).value.tty
            for try await batch in try await engine.logs(container, tty: tty, follow: true, tail: 0) {
                await report((batch.lines.count, batch.errorLines))
            }
        } catch {
            // A log that cannot be read has no rate: its row shows a dash.
            if !Task.isCancelled, !EngineError(error).isPassing { await report(nil) }
        }
    }

    /// One stream, to its end; it goes on after the held lines, or those that were just asked for.
    private func read(tty: Bool, tail: Int?, follow: Bool, after opened: LogResumePoint? = nil) async throws {
        guard let held = await resumePoint() else { return }
        var point = opened ?? held
        let since = point.since.map { LogTime(nanoseconds: $0) }
        let lines = try await engine.logs(
            container, tty: tty, follow: follow, tail: since == nil ? firstTail : tail, since: since)
        var hasGap = false
        for try await batch in lines {
            // `tail` and `since` together are quick on a long log, but may begin too late: a line that is held
            // already must come before all new ones.
            let new = point.laterLines(of: batch)
            if point.isMissing, !hasGap {
                if tail != nil {
                    lines.close()
                    return try await read(tty: tty, tail: nil, follow: follow, after: opened)
                }
                hasGap = true
                await report(.gap)
            }
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
