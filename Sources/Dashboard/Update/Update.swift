import EngineAPI
import FoundationEssentials
import Terminal

/// Changes the state for what happened, and says what is to be done outside.
///
/// The only place that changes state; it does no I/O and takes the time from the caller.
func update(_ state: inout State, _ event: Event, now: Date) -> [Effect] {
    state.now = max(now, state.now)
    var effects: [Effect] = []
    var rowsMoved = false
    switch event {
    case .key(let key):
        // A flash is an answer to an earlier key: the next key has read it.
        state.flash = nil
        // Whoever reads what a job has printed has not gone on to something else.
        if case .job? = state.layers.last {} else { state.awaitedRow = nil }
        effects = state.handle(key)
    case .paste(let text): state.handlePaste(text)
    case .mouse(let mouse):
        // As for a key: but the second of two clicks has not read what the first one has done.
        if [.press, .wheelUp, .wheelDown].contains(mouse.kind) { state.flash = nil }
        if mouse.kind == .press, !state.layers.contains(where: { if case .job = $0 { true } else { false } }) {
            state.awaitedRow = nil
        }
        effects = state.handle(mouse)
    case .resized(let size):
        state.size = size
        // The line one is at stays on the screen.
        if let view = state.cleanup { state.cleanup = view }
    case .tick:
        if let flash = state.flash, state.now.timeIntervalSince(flash.since) > Flash.seconds { state.flash = nil }
        state.engine.rescale(state.visibleRows(.containers))
        state.turnLineRates()
        // A job that does not end keeps nobody here.
        if state.quitsWhenDone, state.now.timeIntervalSince(state.quitAt) > 3 { state.quitting = true }
        state.sumUp()
        rowsMoved = state.lookForTrouble()
        if state.turnFilters() { rowsMoved = true }
        effects = state.netRefresh() + state.samplesDue(onTick: true) + state.askSuspects()
        state.settleLists()
    case .looked(let isLookedAt): state.isLookedAt = isLookedAt
    case .cost(let cost): state.cost = cost
    case .found(let question, let answer): state.take(answer, to: question)
    case .registries(let answer): state.registries.take(answer, state.now)
    case .themes(let themes): state.take(themes: themes)
    case .notice(let text): state.tell(.note, text)
    case .engine(let id, let kind): effects = state.handle(kind, of: id)
    case .quit: effects = state.quitCancelling()
    }
    if [.volumes, .system].contains(state.pane) { state.engine.disk.askOnce(state.now) }
    state.settleLooks()
    state.settleRows()
    state.showAwaited()
    if event.changesNoList, !rowsMoved { return effects }
    for kind in PaneKind.allCases where kind != .events || state.pane == .events { state.keepSelectionVisible(kind) }
    state.settleDetail()
    state.settleSystem()
    state.offerTour()
    // With ten thousand rows that is work, and events come in storms: what waits is done with the next tick.
    let isEngines = if case .engine = event { true } else { false }
    if !isEngines || state.now.timeIntervalSince(state.listsSettled) >= State.listsInterval { state.settleLists() }
    return effects + state.missingDetails() + state.samplesDue(onTick: false)
}

extension Flash {
    /// How long an outcome stays when no key is pressed.
    static let seconds = 15.0
}

extension State {
    /// Ties the details to the selection: what was shown of another resource goes.
    fileprivate mutating func settleDetail() {
        settleLog()
        settleWall()
        if form == nil, !engine.members.isEmpty { engine.members = [:] }
        guard let selected else {
            engine.inspected = nil
            engine.top = nil
            return
        }
        if tab.isText, engine.inspected?.resource != selected || engine.inspected?.tab != tab {
            engine.inspected = InspectedResource(resource: selected, tab: tab)
            if let entry = engine.event(selected) {
                let lines = EventWords.lines(of: entry, self)
                engine.inspected?.lines = lines
                engine.inspected?.loaded = true
            }
            inspectScroll = Scroll()
        }
        let container: ContainerID? = if case .container(let id) = selected { id } else { nil }
        if engine.top?.container != container {
            engine.top = container.map { ContainerProcesses(container: $0) }
            topScroll = Scroll()
        }
    }

    /// Finds out what is in trouble, and sorts the rows anew when it is time: not more often than each two seconds.
    /// - Returns: whether rows have come, gone or moved.
    fileprivate mutating func lookForTrouble() -> Bool {
        var rowsMoved = false
        let at = engine.engineTime(now)
        let freshness = engine.sampling.freshness
        let hostMemory = engine.info?.memory
        var troubled: Set<ContainerID> = []
        for index in engine.containers.values.indices
        where engine.containers.values[index].isTroubled(at: at, freshness: freshness, hostMemory: hostMemory) {
            troubled.insert(engine.containers.keys[index])
        }
        engine.forgetOldFigures(now)
        if troubled != engine.troubled {
            engine.troubled = troubled
            rowsMoved = self[list: .containers].onlyTrouble
        }
        if engine.sort.isDue(now) {
            let before = engine.order
            engine.resort(now)
            if engine.order != before { rowsMoved = true }
        }
        return rowsMoved
    }

    /// Counts a second of every log that is read.
    fileprivate mutating func turnLineRates() {
        var read = Set(subscriptions.compactMap { $0.readsLogOf })
        if !engine.isConnected { read = [] }
        for id in engine.lineRated.subtracting(read) { engine.containers[id]?.lineRate.end() }
        for id in read { engine.containers[id]?.lineRate.turn() }
        engine.lineRated = read
    }

    /// Asks for the details of the containers on the screen that have none, or old ones.
    fileprivate mutating func missingDetails() -> [Effect] {
        guard engine.isConnected, pane == .containers || !layout.panes.isEmpty else { return [] }
        var rows = Array(visibleRows(.containers))
        if let selected, case .container = selected { rows.append(selected) }
        return ask(
            detailsOf: rows.compactMap { if case .container(let id) = $0 { id } else { nil } })
    }

    /// Asks for the details of some of those that may be in trouble, wherever they stand in the list: the header counts
    /// them all, and only the details tell who was killed for its memory, could not be started, or is started again and
    /// again.
    fileprivate mutating func askSuspects() -> [Effect] {
        guard engine.isConnected else { return [] }
        let looksAtAll = self[list: .containers].needs.contains(.details)
        return ask(detailsOf: engine.someUnknown { looksAtAll || $0.isSuspect })
    }

    private mutating func ask(detailsOf containers: [ContainerID]) -> [Effect] {
        var wanted: [ContainerID] = []
        for id in containers {
            // One answer at a time, so that it is known which revision it belongs to; and not before the list has
            // been asked for anew, or a storm of events would be a storm of questions.
            guard let container = engine.containers[id], container.detailsRevision != container.revision,
                !container.detailsPending, container.detailsAsked != container.revision,
                !engine.refresh.containers.contains(id)
            else { continue }
            engine.containers[id]?.detailsAsked = container.revision
            engine.containers[id]?.detailsPending = true
            wanted.append(id)
        }
        return wanted.isEmpty ? [] : [.details(current, wanted)]
    }
}

extension EngineState {
    /// So many containers are asked for their details at once that are not on the screen.
    private static let mostAsked = 20

    /// The next of some containers whose details are not known as they are now.
    fileprivate func someUnknown(_ isWanted: (Container) -> Bool) -> [ContainerID] {
        // A slow Engine is not asked faster than it answers.
        guard containers.values.count(where: \.detailsPending) < Self.mostAsked else { return [] }
        var found: [ContainerID] = []
        for (id, container) in containers
        where container.detailsRevision != container.revision && container.detailsAsked != container.revision
            && !container.detailsPending && isWanted(container)
            && !refresh.containers.contains(id)
        {
            found.append(id)
            if found.count == Self.mostAsked { break }
        }
        return found
    }
}

extension Event {
    /// Whether it neither moves a selection nor changes what there is: the clock, figures, lines of logs.
    fileprivate var changesNoList: Bool {
        switch self {
        case .tick, .cost, .found, .themes, .engine(_, .files), .engine(_, .filesRead), .engine(_, .jobNews),
            .engine(_, .stats),
            .engine(_, .sampleFailed), .engine(_, .log),
            .engine(_, .olderLog),
            .engine(_, .pastLog),
            .engine(_, .scannedLog), .engine(_, .logLines), .engine(_, .logUncounted):
            true
        default: false
        }
    }
}

extension Subscription {
    /// The container whose log lines it brings.
    fileprivate var readsLogOf: ContainerID? {
        switch self {
        case .log(_, _, let id, _), .logRate(_, let id, _): id
        default: nil
        }
    }
}
