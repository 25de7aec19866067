import Synchronization

/// So many at once, the others in a row. No waiting in here: only who may go.
struct SlotQueue {
    let limit: Int
    private(set) var used = 0
    private(set) var waiting: [UInt64] = []

    init(limit: Int) { self.limit = max(1, limit) }

    /// Whether `number` may go; if not it stands in the row.
    mutating func ask(_ number: UInt64) -> Bool {
        guard used >= limit else {
            used += 1
            return true
        }
        waiting.append(number)
        return false
    }

    /// One is done: who may go in its place.
    mutating func release() -> UInt64? {
        guard waiting.isEmpty else { return waiting.removeFirst() }
        used -= 1
        return nil
    }

    /// Leaves the row; false for one that does not stand in it.
    mutating func withdraw(_ number: UInt64) -> Bool {
        guard let index = waiting.firstIndex(of: number) else { return false }
        waiting.remove(at: index)
        return true
    }
}

/// Bounds how many connections of a kind there are at once. First come, first served.
final class Lane: Sendable {
    private struct State {
        var queue: SlotQueue
        var waiters: [UInt64: CheckedContinuation<Void, any Error>] = [:]
        var next: UInt64 = 0
        var shut = false
    }

    private let state: Mutex<State>

    init(limit: Int) { state = Mutex(State(queue: SlotQueue(limit: limit))) }

    /// How many go, and how many wait.
    var load: (used: Int, waiting: Int) { state.withLock { ($0.queue.used, $0.queue.waiting.count) } }

    /// Waits for a turn. Who got one must `leave`.
    /// - Throws: `EngineError.cancelled`, or `.closed` after a shutdown.
    func enter() async throws {
        let number = state.withLock { state in
            state.next += 1
            return state.next
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (waiter: CheckedContinuation<Void, any Error>) in
                let result: Result<Void, any Error>? = state.withLock { state in
                    // Inside the lock, so that a cancellation is seen either here or by `withdraw`.
                    if Task.isCancelled { return .failure(EngineError.cancelled) }
                    if state.shut { return .failure(EngineError.closed) }
                    if state.queue.ask(number) { return .success(()) }
                    state.waiters[number] = waiter
                    return nil
                }
                if let result { waiter.resume(with: result) }
            }
        } onCancel: {
            let waiter = state.withLock { state in
                state.queue.withdraw(number) ? state.waiters.removeValue(forKey: number) : nil
            }
            waiter?.resume(throwing: EngineError.cancelled)
        }
    }

    /// Lets the next one go.
    func leave() {
        let waiter = state.withLock { state in
            state.queue.release().flatMap { state.waiters.removeValue(forKey: $0) }
        }
        waiter?.resume()
    }

    /// Sends all away who wait or come.
    func shut() {
        let waiters = state.withLock { state in
            state.shut = true
            let waiters = state.waiters
            state.waiters = [:]
            for number in waiters.keys { _ = state.queue.withdraw(number) }
            return waiters
        }
        for waiter in waiters.values { waiter.resume(throwing: EngineError.closed) }
    }
}
