import EngineAPI

/// Something that runs as long as the state calls for it: a stream, a repeated request, the clock.
///
/// They are not started and stopped one by one: the state says which there are to be, and the runner makes it so.
enum Subscription: Hashable, Sendable {
    /// The events stream, which also finds out whether the Engine answers.
    case engine(EngineID)
    /// Live figures of a container; `starts` tells one run of it from the next.
    case stats(EngineID, ContainerID, starts: Int)
    /// The log of a container, for the log of a number; it is opened again when the container starts again.
    case log(EngineID, Int, ContainerID, starts: Int)
    /// Lines older than the held ones, while one has scrolled up to near them; `before` is the oldest one's number.
    case olderLog(EngineID, Int, before: Int)
    /// The lines from a time on, which one wants to go to.
    case logJump(EngineID, Int, FollowedLog.Jump)
    /// Which lines of the log match, one slice after the other.
    case scanLog(EngineID, Int, LogScan)
    /// How many lines a container writes to its log.
    case logRate(EngineID, ContainerID, starts: Int)
    /// What `inspect` says; asked again after every change.
    case inspect(EngineID, ResourceID, revision: Int, tab: DetailTab = .inspect)
    /// Who is in a network, for what is being filled in; asked again after every change.
    case members(EngineID, String, revision: Int)
    /// What the Engine remembers of what happened before Gantry listened.
    case eventMemory(EngineID, clockSkew: Double)
    /// What takes how much room, asked for so many times.
    case diskUse(EngineID, revision: Int)
    /// What could be cleaned up.
    case cleanup(EngineID, revision: Int)
    /// Where the person has logged in.
    case registries(revision: Int)
    /// The person's own themes.
    case themes
    /// The processes of a container, every so many seconds while they are looked at.
    case top(EngineID, ContainerID, arguments: String? = nil, every: Int)
    /// Something that has to be found out about this machine.
    case look(LocalQuestion)
    /// A container that is made to look into a volume, and removed when nobody looks any more.
    case temporary(EngineID, TemporaryContainer, number: Int)
    /// What is in a folder of a container, for a browser's revision.
    case files(EngineID, ContainerID, path: String, isRunning: Bool, mostRead: Int, revision: Int)
    /// What Gantry itself costs.
    case cost(EngineID)
    case clock
}

extension State {
    /// What is to run now.
    var subscriptions: Set<Subscription> {
        var wanted: Set<Subscription> = [.clock]
        for id in engines.keys { wanted.insert(.engine(id)) }
        if looksForThemes { wanted.insert(.themes) }
        if registries.askedSince != nil { wanted.insert(.registries(revision: registries.revision)) }
        if let cleanup, !cleanup.isAnswered, engines[cleanup.engine]?.isConnected == true {
            wanted.insert(.cleanup(cleanup.engine, revision: cleanup.revision))
        }
        if showsCost { wanted.insert(.cost(current)) }
        for question in localQuestions { wanted.insert(.look(question)) }
        for case .files(let browser) in layers {
            if let temporary = browser.temporary {
                wanted.insert(.temporary(browser.engine, temporary, number: browser.number))
            }
        }
        // What is copied out of it goes on when the browser is closed.
        for job in jobs where job.isRunning {
            if let (temporary, number) = job.job.holds {
                wanted.insert(.temporary(job.engine, temporary, number: number))
            }
        }
        if let browser, browser.isReady, case .loading = browser.content, engines[browser.engine]?.isConnected == true {
            let state = engines[browser.engine]?.containers[browser.container]?.state
            wanted.insert(
                .files(
                    browser.engine, browser.container, path: browser.path, isRunning: state == .running,
                    mostRead: browser.mostRead, revision: browser.revision))
        }
        guard engine.isConnected, engine.containersLoaded else { return wanted }
        if let form {
            for network in form.behaviour.networks(form, self) {
                wanted.insert(.members(current, network, revision: revision(of: .network(network))))
            }
        }
        if pane == .events, case .unknown = engine.events.remembered {
            wanted.insert(.eventMemory(current, clockSkew: engine.clockSkew))
        }
        if engine.disk.askedSince != nil { wanted.insert(.diskUse(current, revision: engine.disk.revision)) }
        for id in streamed { wanted.insert(.stats(current, id, starts: engine.containers[id]?.starts ?? 0)) }
        if countsLogLines, !figuresPaused { countLogLines(&wanted) }
        if let wall {
            for (tile, log) in engine.wall.enumerated() {
                follow(log, &wanted)
                fetchOlder(log, height: textArea(of: wall, tile: wall.isZoomed ? wall.focus : tile).height, &wanted)
            }
            return wanted
        }
        // What is inspected is asked for while it is looked at; a log while its tab is, or the list beside it.
        guard let selected, !layout.body.isEmpty else { return wanted }
        switch tab {
        case .logs: readLog(&wanted)
        case .inspect, .history, .changes, .members:
            if case .event = selected { break }
            if case .system = selected { break }
            wanted.insert(.inspect(current, selected, revision: revision(of: selected), tab: tab))
        case .top:
            if let container = selectedContainer, container.isRunning, !figuresPaused {
                wanted.insert(.top(current, container.id, arguments: psArguments, every: isLookedAt ? 2 : 10))
            }
        case .stats, .users: break
        }
        return wanted
    }

    /// Whether lines that arrive are to be looked at.
    var looksThroughLog: Bool { engine.log?.search != nil || engine.log?.filter != nil }

    private func readLog(_ wanted: inout Set<Subscription>) {
        guard let log = engine.log else { return }
        if let search = log.search, search.next(of: log.store.first..<log.store.end) != nil {
            wanted.insert(.scanLog(current, log.id, LogScan(search, isFilter: false)))
        }
        if let matches = log.filter?.matches, matches.next(of: log.store.first..<log.store.end) != nil {
            wanted.insert(.scanLog(current, log.id, LogScan(matches, isFilter: true)))
        }
        guard log.past == nil else { return }
        follow(log, &wanted)
        if let jump = log.jump {
            wanted.insert(.logJump(current, log.id, jump))
        } else {
            fetchOlder(log, height: layout.body.height, &wanted)
        }
    }

    private func follow(_ log: FollowedLog, _ wanted: inout Set<Subscription>) {
        for origin in log.origins {
            guard let container = engine.containers[origin.container] else { continue }
            wanted.insert(.log(current, log.id, container.id, starts: container.starts))
        }
    }

    private func fetchOlder(_ log: FollowedLog, height: Int, _ wanted: inout Set<Subscription>) {
        if log.older == .unknown, log.reach != nil, log.store.dropped == 0, log.cleared == nil,
            isNearOldest(log, height)
        {
            wanted.insert(.olderLog(current, log.id, before: log.store.first))
        }
    }

    /// Whether one has scrolled so far up that older lines are soon wanted.
    private func isNearOldest(_ log: FollowedLog, _ height: Int) -> Bool {
        guard let anchor = log.anchor else { return false }
        if log.filter != nil { return log.line(atMost: anchor.line - height * 2) == nil }
        return anchor.line - height - log.store.first < LogFollower.margin
    }

    private func countLogLines(_ wanted: inout Set<Subscription>) {
        var count = 0
        let walled = Set(engine.wall.flatMap { $0.origins.map(\.container) })
        for case .container(let id) in visibleRows(.containers) where !walled.contains(id) {
            guard count < Self.watchBound, let container = engine.containers[id], container.isRunning,
                tab != .logs || engine.log?.origin(of: id) == nil
            else { continue }
            wanted.insert(.logRate(current, id, starts: container.starts))
            count += 1
        }
    }

    private func revision(of resource: ResourceID) -> Int {
        switch resource {
        case .container(let id): engine.containers[id]?.revision ?? 0
        case .image: engine.images.version
        case .volume: engine.volumes.version
        // Who is in it is part of what is read of it.
        case .network(let id):
            engine.networks.version &* 31 &+ (engine.networkChanges[id] ?? 0)
                &+ (engine.networks[id].map { engine.stamp(ofNetwork: $0.name) } ?? 0)
        case .event, .system: 0
        }
    }
}
