import EngineAPI

/// Something that runs as long as the state calls for it: a stream, a repeated request, the clock.
///
/// They are not started and stopped one by one: the state says which there are to be, and the runner makes it so.
enum Subscription: Hashable, Sendable {
    /// The events stream, which also finds out whether the Engine answers.
    case engine(EngineID)
    /// Live figures of a container; `starts` tells one run of it from the next.
    case stats(EngineID, ContainerID, starts: Int)
    /// The log of a container; it is opened again when the container starts again.
    case log(EngineID, ContainerID, starts: Int)
    /// Lines older than the held ones, while one has scrolled up to near them; `before` is the oldest one's number.
    case olderLog(EngineID, ContainerID, before: Int)
    /// What `inspect` says; asked again after every change.
    case inspect(EngineID, ResourceID, revision: Int)
    /// The processes of a container, every two seconds while they are looked at.
    case top(EngineID, ContainerID)
    case clock
}

extension State {
    /// At most so many containers are streamed at once.
    static let statsBound = 50

    /// What is to run now.
    var subscriptions: Set<Subscription> {
        var wanted: Set<Subscription> = [.clock]
        for id in engines.keys { wanted.insert(.engine(id)) }
        guard engine.isConnected, engine.containersLoaded else { return wanted }
        var streamed = 0
        for case .container(let id) in (selected.map { [$0] } ?? []) + visibleRows(.containers) {
            guard streamed < Self.statsBound, let container = engine.containers[id], container.isRunning else {
                continue
            }
            if wanted.insert(.stats(current, id, starts: container.starts)).inserted { streamed += 1 }
        }
        // What is inspected is asked for while it is looked at; a log while its tab is, or the list beside it.
        guard let selected, !layout.body.isEmpty else { return wanted }
        switch tab {
        case .logs:
            if let container = selectedContainer {
                wanted.insert(.log(current, container.id, starts: container.starts))
                if let log = engine.log, log.older == .unknown, let anchor = log.anchor, log.store.dropped == 0,
                    anchor - layout.body.height - log.store.first < LogFollower.margin
                {
                    wanted.insert(.olderLog(current, container.id, before: log.store.first))
                }
            }
        case .inspect: wanted.insert(.inspect(current, selected, revision: revision(of: selected)))
        case .top:
            if let container = selectedContainer, container.isRunning { wanted.insert(.top(current, container.id)) }
        case .stats: break
        }
        return wanted
    }

    private func revision(of resource: ResourceID) -> Int {
        switch resource {
        case .container(let id): engine.containers[id]?.revision ?? 0
        case .image: engine.images.version
        case .volume: engine.volumes.version
        case .network: engine.networks.version
        }
    }
}
