import EngineAPI

/// Does one thing to several containers, a few at a time: `docker stop a b c`.
struct ContainersJob: Job {
    struct Target: Sendable {
        let id: ContainerID
        let name: String
    }

    /// An Engine does no more at once in any sensible time, and thousands of connections help nobody.
    static let atOnce = 8
    /// More reasons than so many are read by nobody.
    private static let mostNotes = 200
    /// More names stand in no command line that one would read.
    static let mostNames = 50

    let targets: [Target]
    let action: ContainerAction

    var title: String { "\(action.title) \(targets.count) containers" }
    var done: String { "\(action.done) \(targets.count) containers" }
    var docker: String { action.docker(Self.names(targets.map(\.name))) }

    /// Names as they stand in a command line, the first of many.
    static func names(_ names: [String]) -> String {
        names.prefix(mostNames).joined(separator: " ") + (names.count > mostNames ? " …" : "")
    }

    /// What came of the targets so far.
    private struct Tally {
        var ended = 0
        var failures: [(name: String, reason: String)] = []
        /// The Engine does not answer any more: the rest is not tried.
        var lost: EngineError?
        var cut = 0
    }

    func run(on engine: Engine, tell: @escaping JobTeller) async throws -> JobOutcome {
        var tally = Tally()
        await withTaskGroup(of: (Int, EngineError?).self) { group in
            var next = 0
            func begin(_ tally: Tally) {
                guard next < targets.count, tally.lost == nil, !Task.isCancelled else { return }
                let (index, target, action) = (next, targets[next], action)
                next += 1
                group.addTask {
                    await tell(.began(target.id))
                    do {
                        try await action.carryOut(on: target.id, engine)
                        return (index, nil)
                    } catch { return (index, EngineError(error)) }
                }
            }
            for _ in 0..<Self.atOnce { begin(tally) }
            while let (index, error) = await group.next() {
                await tell(.ended(targets[index].id, error))
                take(error, of: targets[index].name, &tally)
                await tell(.count(done: tally.ended, of: targets.count))
                begin(tally)
            }
        }
        return try outcome(tally)
    }

    private func take(_ error: EngineError?, of name: String, _ tally: inout Tally) {
        if case .cancelled? = error {
            tally.cut += 1
            return
        }
        tally.ended += 1
        guard let error else { return }
        if error.isLoss { tally.lost = error }
        let doubt = error.isUnanswered ? "; it may have been done all the same" : ""
        tally.failures.append((name, error.message + doubt))
    }

    private func outcome(_ tally: Tally) throws -> JobOutcome {
        let well = "\(action.done) \(tally.ended - tally.failures.count) of \(targets.count) containers"
        let notes = tally.failures.prefix(Self.mostNotes).map { "\(action.title) \($0.name): \($0.reason)" }
        if Task.isCancelled {
            let cut = tally.cut == 0 ? "" : ", \(tally.cut) were under way"
            throw JobError("cancelled", notes: notes, left: well + cut)
        }
        guard let first = tally.failures.first else { return JobOutcome() }
        let rest = targets.count - tally.ended
        let untried = rest == 0 ? "" : "; \(rest) were not tried"
        let more = tally.failures.count > 1 ? "; \(tally.failures.count - 1) more in the journal (J)" : ""
        throw JobError("\(well); \(first.name): \(first.reason)\(untried)\(more)", notes: notes)
    }
}

extension EngineError {
    /// Whether nobody is there to do anything else either.
    fileprivate var isLoss: Bool {
        switch self {
        case .unreachable, .closed: true
        default: false
        }
    }
}

extension ContainerAction {
    /// Asks an Engine for it, once.
    func carryOut(on container: ContainerID, _ engine: Engine) async throws {
        switch self {
        case .start: try await engine.start(container)
        case .stop: try await engine.stop(container, deadline: try await Self.grace(container, engine))
        case .restart: try await engine.restart(container, deadline: try await Self.grace(container, engine))
        case .pause: try await engine.pause(container)
        case .unpause: try await engine.unpause(container)
        case .kill(let signal): try await engine.kill(container, signal: signal)
        case .remove(let force, let volumes): try await engine.remove(container, force: force, volumes: volumes)
        }
    }

    /// How long a stop may take: the container's own time to end, which is the Engine's to keep, and a minute.
    private static func grace(_ container: ContainerID, _ engine: Engine) async throws -> Duration {
        let own = try await engine.inspect(container).value.stopTimeout ?? 10
        return own < 0 ? .seconds(86_400) : .seconds(own + 60)
    }
}
