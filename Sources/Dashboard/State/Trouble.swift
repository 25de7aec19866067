import EngineAPI
import FoundationEssentials

/// What is wrong with a container.
enum Trouble: Hashable, Sendable {
    case unhealthy(failures: Int)
    /// Started again and again: how often in all, and in the last ten minutes.
    case crashLoop(restarts: Int, lately: Int)
    /// Ended with an error, or could not be started.
    case failed(String)
    case outOfMemory
    /// Percent of its limit.
    case nearMemoryLimit(Int)
    /// Percent of the time that it was held back.
    case throttled(Int)
    /// Lines in the last minute that say that they are errors, or came on the standard error without saying anything.
    case errorLines(Int)

    var text: String {
        switch self {
        case .unhealthy(let failures):
            failures > 0 ? "unhealthy, \(failures) check\(failures == 1 ? "" : "s") failed" : "unhealthy"
        case .crashLoop(let restarts, let lately): "restarting, \(max(restarts, lately))× (\(lately) in 10 min)"
        case .failed(let why): why
        case .outOfMemory: "out of memory"
        case .nearMemoryLimit(let percent): "memory at \(percent) % of its limit"
        case .throttled(let percent): "throttled \(percent) % of the time"
        case .errorLines(let count): "\(count) error lines a minute"
        }
    }
}

extension Container {
    /// Starts in so many seconds, this often, are a loop.
    static let loopTime = 600.0
    static let loopStarts = 3

    /// Whether anything is, without the words for it: it is asked of every container each second.
    func isTroubled(at now: Date, freshness: Double, hostMemory: Int?) -> Bool {
        let isQuiet =
            (state == .running || state == .paused) && startTimes.isEmpty && usage.latest == nil
            && lineRate.errorsLately == 0 && health != "unhealthy"
        return !isQuiet && !troubles(at: now, freshness: freshness, hostMemory: hostMemory).isEmpty
    }

    /// What is wrong with it at a moment of the Engine's clock, the worst first; figures count for `freshness` seconds.
    ///
    /// The host's memory is what stands for a limit where there is none: it tells which of those have one that were not
    /// inspected, because they are not on the screen.
    func troubles(at now: Date, freshness: Double = 30, hostMemory: Int? = nil) -> [Trouble] {
        var troubles: [Trouble] = []
        if state == .running, health == "unhealthy" {
            troubles.append(.unhealthy(failures: details?.state.health?.failingStreak ?? 0))
        }
        let lately = startTimes.count { now.timeIntervalSince($0) < Self.loopTime }
        let isLoop = state == .restarting || lately >= Self.loopStarts && details?.restartCount ?? 0 > 0
        if isLoop { troubles.append(.crashLoop(restarts: details?.restartCount ?? 0, lately: lately)) }
        if let details = current?.value.state, !isRunning || state == .restarting, details.oomKilled {
            troubles.append(.outOfMemory)
        } else if state == .dead {
            troubles.append(.failed("dead: it could not be removed"))
        } else if state == .created, let error = details?.state.error, !error.isEmpty {
            troubles.append(.failed(error))
        } else if state == .exited, let code = exitCode, code != 0, !wasStopped {
            troubles.append(.failed("exited (\(LogEvents.exit(code)))"))
        }
        if isRunning, lineRate.errorsLately >= LineRate.burst { troubles.append(.errorLines(lineRate.errorsLately)) }
        guard let usage = freshUsage(at: now, freshness: freshness) else { return troubles }
        if hasMemoryLimit(usage, hostMemory), usage.memory > 0.9 * usage.memoryLimit {
            troubles.append(.nearMemoryLimit(Int(usage.memory / usage.memoryLimit * 100)))
        }
        if let throttled = usage.throttled, throttled >= 0.1 {
            troubles.append(.throttled(Int(throttled * 100)))
        }
        return troubles
    }

    /// Whether the list's line leaves open what is wrong with it.
    var isSuspect: Bool {
        switch state {
        case .created, .restarting: true
        case .exited: exitCode == 128 + 9
        case .running: startTimes.count >= Self.loopStarts
        default: false
        }
    }

    /// Whether somebody stopped it: a container that ends by the signal of a stop has not failed.
    private var wasStopped: Bool {
        guard let code = exitCode else { return false }
        return code == 143 || code == 130
    }

    /// Whether its memory has a limit of its own; else the host's memory stands there.
    private func hasMemoryLimit(_ usage: Usage, _ hostMemory: Int?) -> Bool {
        guard usage.memoryLimit > 0 else { return false }
        if let details { return details.memoryLimit > 0 }
        return hostMemory.map { usage.memoryLimit < Double($0) } ?? false
    }
}

extension EngineState {
    /// What is wrong with one of its containers at a moment of its clock.
    func troubles(of container: Container, at now: Date) -> [Trouble] {
        container.troubles(at: now, freshness: sampling.freshness, hostMemory: info?.memory)
    }
}
