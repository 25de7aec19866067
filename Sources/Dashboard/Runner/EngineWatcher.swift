import EngineAPI
import FoundationEssentials

/// Keeps one Engine's events coming: connects, subscribes, and begins again when the Engine went away.
struct EngineWatcher: Sendable {
    /// Seconds before each try after one that failed; the last is repeated.
    static let pauses: [Double] = [0.25, 0.5, 1, 2, 3, 5]
    /// An Engine that accepts a connection and then says nothing is no Engine to wait for.
    static let patience = Duration.seconds(10)

    let engine: Engine
    /// The time of the last event that has come: what was missed since then is asked for first.
    let last: @MainActor @Sendable () -> LogTime?
    let report: @MainActor @Sendable (EngineEventKind) -> Void

    /// Runs until the task is cancelled.
    func run() async {
        var attempt = 0
        while !Task.isCancelled {
            do {
                let last = await last()
                let events = try await within(Self.patience, "the Engine's answer") {
                    try await engine.negotiate()
                    // Subscribed before anything is listed: what changes between the two is not lost.
                    do { return try await engine.events(after: last) } catch EngineError.badRequest(let message) {
                        // An Engine that is too new refuses the first call: its version says so better.
                        _ = try await engine.connect()
                        throw EngineError.badRequest(message)
                    }
                }
                attempt = 0
                await report(.connected)
                for try await batch in events { await report(.events(batch)) }
                throw EngineError.closed
            } catch {
                guard !Task.isCancelled else { return }
                let pause = Self.pauses[min(attempt, Self.pauses.count - 1)]
                attempt += 1
                await report(.lost(EngineError(error), retryIn: pause, attempt: attempt))
                try? await Task.sleep(for: .seconds(pause))
            }
        }
    }
}

/// Ends what lasts too long with ``EngineError/timedOut(_:)``.
func within<Value: Sendable>(
    _ limit: Duration, _ what: String, _ body: @escaping @Sendable () async throws -> Value
) async throws -> Value {
    try await withThrowingTaskGroup(of: Value.self) { group in
        group.addTask(operation: body)
        group.addTask {
            try await Task.sleep(for: limit)
            throw EngineError.timedOut(what)
        }
        defer { group.cancelAll() }
        guard let first = try await group.next() else { throw CancellationError() }
        return first
    }
}

extension EngineError {
    /// The error as the Engine's client knows it.
    init(_ error: any Error) {
        self =
            error as? EngineError ?? (error is CancellationError ? .cancelled : .malformed(String(describing: error)))
    }
}
