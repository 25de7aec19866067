import EngineAPI
import FoundationEssentials

extension State {
    /// At most so many containers are watched at once.
    static let watchBound = 50

    /// The running containers whose figures are looked at: the selected one, those on the screen, those compared.
    var watched: [ContainerID] {
        var watched: [ContainerID] = []
        var seen: Set<ContainerID> = []
        func add(_ id: ContainerID) {
            guard watched.count < Self.watchBound, engine.containers[id]?.isRunning == true,
                seen.insert(id).inserted
            else { return }
            watched.append(id)
        }
        if case .container(let id)? = selected { add(id) }
        for case .container(let id) in visibleRows(.containers) { add(id) }
        if pane == .containers, tab == .stats, !layout.body.isEmpty {
            for id in markedContainers { add(id) }
        }
        return watched
    }

    /// The containers whose figures come in streams now: the one that one has stopped at, those that are compared, and
    /// those that have no rates yet, for which a stream brings the second sample soonest.
    ///
    /// Everybody else on the screen is called every two seconds: an Engine that needs a second for a call has about as
    /// much to do for one as for one sample of a stream, and that is half as often.
    var streamed: Set<ContainerID> {
        guard engine.sampling.way == .streams else { return [] }
        return streamed(of: watched)
    }

    private func streamed(of watched: [ContainerID]) -> Set<ContainerID> {
        guard engine.sampling.way == .streams, isLookedAt, !figuresPaused else { return [] }
        let isCompared = !marked.isEmpty && pane == .containers && tab == .stats && !layout.body.isEmpty
        let (steady, containers) = (engine.sampling.steady, engine.containers)
        return Set(
            watched.filter { id in
                id == steady || containers[id]?.usage.latest?.cpu == nil
                    || isCompared && marked.contains(.container(id))
            })
    }

    /// Asks for the figures that are due; `onTick` says that a second has passed.
    mutating func samplesDue(onTick: Bool) -> [Effect] {
        guard !figuresPaused, engine.isConnected, engine.containersLoaded else { return [] }
        let watched = watched
        if engine.sampling.way == .unknown {
            guard !engine.sampling.isMeasuring, let first = watched.first else { return [] }
            engine.sampling.isMeasuring = true
            return [.measureSampling(current, first)]
        }
        // Who only passes by with the selection has no stream opened and closed.
        if onTick { engine.sampling.steady = selectedContainer?.id }
        var due: [ContainerID] = []
        let streamed = streamed(of: watched)
        for id in watched where !streamed.contains(id) {
            let container = engine.containers[id]
            // The clock's ticks are not a second apart to the millisecond.
            if let asked = container?.sampledAt, now.timeIntervalSince(asked) < interval(of: container) - 0.1 {
                continue
            }
            if !engine.sampling.pending.contains(id) { due.append(id) }
        }
        if onTick {
            let isAway = !isLookedAt
            due += engine.takeTurn(except: Set(watched), isAway: isAway)
        }
        due.removeLast(max(0, due.count - max(0, Sampling.pendingBound - engine.sampling.pending.count)))
        guard !due.isEmpty else { return [] }
        let asked = now
        for id in due {
            engine.containers[id]?.sampledAt = asked
            engine.sampling.pending.insert(id)
        }
        return [.sample(current, due, atOnce: engine.sampling.way == .calls)]
    }

    private func interval(of container: Container?) -> Double {
        guard isLookedAt else { return Sampling.awayInterval }
        // Rates take two samples: the second one comes soon.
        if container?.usage.latest?.cpu == nil { return Sampling.selectedInterval }
        return container?.id == engine.sampling.steady ? Sampling.selectedInterval : Sampling.visibleInterval
    }
}
