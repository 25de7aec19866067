import EngineAPI
import FoundationEssentials
import Terminal

extension State {
    /// Takes in what an Engine, or a task that talks to it, has to say.
    mutating func handle(_ kind: EngineEventKind, of id: EngineID) -> [Effect] {
        if case .log(let number, let container, let news) = kind {
            // Many of these may come: nothing but the log is touched.
            if kind.isHeard {
                engines[id]?.heard = now
                engines[id]?.pinging = false
            }
            take(news, of: container, log: number, on: id)
            return []
        }
        // Never a copy of it that lives on: the first change would then copy ten thousand containers.
        guard engines.keys.contains(id) else { return [] }
        if kind.isHeard {
            engines[id]?.heard = now
            engines[id]?.pinging = false
        }
        switch kind {
        case .connected:
            let wasAway = engines[id]?.staleSince != nil
            noteGap(of: id)
            engines[id]?.connection = .connected
            engines[id]?.sampling = Sampling()
            if wasAway, engines[id]?.containersLoaded == true { tell(.success, "the Engine is back") }
            // All may have changed while nobody listened.
            engines[id]?.touchAll()
            engines[id]?.refresh.last = now
            engines[id]?.refresh.wholeAsked = nil
            engines[id]?.looksForLeftovers = true
            return [.list(id, .containers), .describe(id)]
                + PaneKind.listed.filter { $0 != .containers }.map { .list(id, $0) }

        case .version(let version): engines[id]?.version = version

        case .described(let info, let roundTrip):
            engines[id]?.info = info
            engines[id]?.descriptions += 1
            if let time = info.systemTime {
                let skew = time.timeIntervalSince(now.addingTimeInterval(-roundTrip / 2))
                engines[id]?.clockSkew = abs(skew) > 2 ? skew : 0
            }

        case .lost(let error, let retryIn, let attempt):
            let since = engines[id]?.staleSince ?? now
            if engines[id]?.isConnected == true { tell(.failure, "the Engine went away: \(error.message)") }
            engines[id]?.connection = .away(
                error, since: since, nextTry: now.addingTimeInterval(retryIn), attempt: attempt)

        case .events(let events):
            for event in events { note(event, of: id) }
            return flushRefresh(id)

        case .remembered(let answer): take(remembered: answer, of: id)

        case .containers(let summaries, let asked):
            merge(summaries, asked: asked, of: id)
            lookAgain(atFormOf: id)
            // What happened while the list of all was on its way has waited for it.
            return confirmTold(id, among: asked) + (asked == nil ? flushRefresh(id) + lookForLeftovers(id) : [])

        case .images(let items):
            engines[id]?.images.set(
                items.sorted { ($0.tags.first ?? "~", $0.id) < ($1.tags.first ?? "~", $1.id) }, id: \.id,
                name: \.listedName)
            withdrawGone(.images, from: id)
            lookAgain(atFormOf: id)
        case .volumes(let items):
            // What nobody has given a name comes last.
            engines[id]?.volumes.set(
                items.sorted { ($0.isAnonymous ? 1 : 0, $0.name) < ($1.isAnonymous ? 1 : 0, $1.name) }, id: \.name,
                name: \.listedName)
            engines[id]?.weighVolumes()
            withdrawGone(.volumes, from: id)
            lookAgain(atFormOf: id)
        case .networks(let items):
            engines[id]?.networks.set(items.sorted { ($0.name, $0.id) < ($1.name, $1.id) }, id: \.id, name: \.name)
            withdrawGone(.networks, from: id)
            lookAgain(atFormOf: id)

        case .listFailed(let pane, let error):
            switch pane {
            case .containers:
                engines[id]?.containersError = error
                engines[id]?.refresh.wholeAsked = nil
            case .images: engines[id]?.images.error = error
            case .volumes: engines[id]?.volumes.error = error
            case .networks: engines[id]?.networks.error = error
            case .events, .system: break
            }
            tell(.failure, "\(Pane.of(pane).title.lowercased()) could not be listed: \(error.message)")
            return askLater(id, pane: pane)

        case .diskUse(let answer):
            take(answer, diskUseOf: id)
            engines[id]?.weighVolumes()
        case .cleanup(let revision, let answer): take(answer, cleanup: revision, of: id)

        case .details(let details, let asked, let missing):
            for item in details {
                engines[id]?.containers[item.id]?.take(item)
            }
            // Exit codes have become known.
            if details.contains(where: { engines[id]?.containers[$0.id]?.isRunning == false }) {
                engines[id]?.recount()
            }
            for container in asked { engines[id]?.containers[container]?.detailsPending = false }
            let failed = Set(asked).subtracting(details.map(\.id)).subtracting(missing)
            for container in failed { engines[id]?.containers[container]?.detailsAsked = -1 }
            if !failed.isEmpty { return askLater(id, containers: failed) }
            if !missing.isEmpty {
                engines[id]?.refresh.containers.formUnion(missing)
                return flushRefresh(id)
            }

        case .answered: break
        case .silent(let error):
            engines[id]?.pinging = false
            tell(.failure, "the Engine does not answer: \(error.message)")
            let since = engines[id]?.staleSince ?? engines[id]?.heard ?? now
            engines[id]?.connection = .away(error, since: since, nextTry: now, attempt: 1)
            return [.reconnect(id)]

        case .refreshDue:
            engines[id]?.refresh.scheduled = false
            return flushRefresh(id)

        case .stats(let container, let sample):
            engines[id]?.sampling.pending.remove(container)
            engines[id]?.measured.insert(container)
            engines[id]?.containers[container]?.usage.add(sample)
            let cpu = engines[id]?.containers[container]?.usage.latest?.cpu
            engines[id]?.raiseScale(cpu)

        case .sampleFailed(let container): engines[id]?.sampling.pending.remove(container)
        case .measuredSampling(let way):
            engines[id]?.sampling.isMeasuring = false
            engines[id]?.sampling.way = way

        case .log: break
        case .olderLog(let number, let answer): take(answer, log: number, on: id)
        case .pastLog(let number, let lines, let jump): take(past: lines, jump, log: number, on: id)
        case .scannedLog(let number, let found): take(found, log: number, on: id)
        case .logLines(let container, let count, let errors):
            engines[id]?.lineRated.insert(container)
            engines[id]?.containers[container]?.lineRate.add(count, errors: errors)
        case .logUncounted(let container):
            engines[id]?.lineRated.insert(container)
            engines[id]?.containers[container]?.lineRate.fail()
        case .logWritten(let outcome): return written(outcome)

        case .inspected(let resource, let result, let tab):
            guard engines[id]?.inspected?.resource == resource, engines[id]?.inspected?.tab == tab else { return [] }
            engines[id]?.inspected?.loaded = true
            switch result {
            case .success(let lines):
                engines[id]?.inspected?.lines = lines
                engines[id]?.inspected?.error = nil
                if id == current, let find = engine.inspected?.find, find.line == nil { goToHit(1, fromHere: true) }
            case .failure(let error): engines[id]?.inspected?.error = error
            }

        case .processes(let container, let result):
            guard engines[id]?.top?.container == container else { return [] }
            switch result {
            case .success(let list):
                engines[id]?.top?.list = list
                if id == current { keepProcess() }
                engines[id]?.top?.error = nil
            case .failure(let error): engines[id]?.top?.error = error
            }

        case .members(let network, let result):
            // One that is gone is told of by its list.
            if case .success(let members) = result { engines[id]?.members[network] = members }
            lookAgain(atFormOf: id)

        case .handedBack(let number, let outcome): handedBack(number, outcome)
        case .actionFinished(let number, let container, let error):
            finish(number, container, error, of: id)
        case .jobNews(let number, let news): take(news, ofJob: number)
        case .jobEnded(let number, let result): return finish(job: number, result, of: id)
        case .files(let revision, let result): take(result, ofFiles: revision)
        case .filesRead(let revision, let bytes):
            change { if $0.revision == revision { $0.content = .loading(bytes) } }
        case .temporary(let number, let news): take(news, number: number, of: id)
        case .leftBehind(let containers): offer(leftBehind: containers, of: id)
        case .ran(let number, let outcome): return finish(run: number, outcome, of: id)
        case .recalled(let container, let spec): take(recalled: spec, of: container, on: id)
        }
        return []
    }

    /// What is being filled in is looked at anew: what stood in its way may be gone, or have come.
    private mutating func lookAgain(atFormOf id: EngineID) {
        if id == current, let form { replace(form) }
    }

    /// Says how an action went, on its row, in the flash line and in the journal.
    private mutating func finish(_ number: Int, _ container: ContainerID, _ error: EngineError?, of id: EngineID) {
        if engines[id]?.containers[container]?.action?.id == number {
            engines[id]?.note(nil, for: container)
        }
        guard let entry = journal.entries.last(where: { $0.id == number }) else { return }
        if error != nil {
            // Of a start that failed no event tells, but the container has the reason.
            engines[id]?.containers[container]?.touch()
        }
        // Without an answer nobody knows, and it is not sent again.
        let message = error.map { $0.isUnanswered ? $0.message + "; it may have been done all the same" : $0.message }
        let seconds = now.timeIntervalSince(entry.at)
        journal.finish(number, message.map { .failed($0) } ?? .done(seconds))
        if let message {
            // Who has the port; the Engine's own words stand in the journal.
            let reason = id == current ? portReason(message) ?? message : message
            tell(.failure, "\(entry.title): \(reason)", docker: entry.docker)
        } else {
            tell(.success, "\(entry.done) in \(Units.fixed(seconds, 1)) s", docker: entry.docker)
        }
    }

    /// Notes since when nobody has listened to an Engine that is back.
    private mutating func noteGap(of id: EngineID) {
        guard let engine = engines[id], let since = engine.staleSince else { return }
        let skew = engine.clockSkew
        engines[id]?.events.addGap(
            since: since.addingTimeInterval(skew), until: now.addingTimeInterval(skew))
    }

    private mutating func take(remembered answer: Result<[EngineEvent], EngineError>, of id: EngineID) {
        switch answer {
        case .success(let events):
            let containers = engines[id]?.containers
            engines[id]?.events.take(remembered: events) { containers?[ContainerID($0)]?.name }
        case .failure(let error): engines[id]?.events.remembered = .failed(error)
        }
    }

    /// Notes what an event makes untrue; nothing is asked for yet.
    private mutating func note(_ event: EngineEvent, of id: EngineID) {
        // Never a copy of the containers that lives on while they change.
        let actor = event.type == "container" ? nil : event.attributes["container"].map { ContainerID($0) }
        let name = actor.flatMap { engines[id]?.containers[$0]?.name }
        engines[id]?.events.add(event) { _ in name }
        guard !event.isNoise else { return }
        noteInLog(event, of: id)
        switch event.type {
        case "container":
            let container = ContainerID(event.actorID)
            if event.action == "destroy" {
                remove(container, of: id)
                return
            }
            if event.action == "start" {
                engines[id]?.containers[container]?.starts += 1
                engines[id]?.containers[container]?.startTimes.append(event.time)
                if engines[id]?.containers[container]?.startTimes.count ?? 0 > 20 {
                    engines[id]?.containers[container]?.startTimes.removeFirst()
                }
            }
            if event.action == "start" { engines[id]?.refresh.told[container] = nil }
            if let what = RefreshQueue.Told(action: event.action) {
                engines[id]?.refresh.told[container] = (what, now)
            }
            if event.action == "start" || event.action == "die" {
                engines[id]?.containers[container]?.usage.restart()
                engines[id]?.containers[container]?.sampledAt = nil
            }
            engines[id]?.containers[container]?.touch()
            engines[id]?.refresh.containers.insert(container)
        case "image": engines[id]?.refresh.panes.insert(.images)
        case "volume":
            // Mounting changes no list: the containers that mount it are known from their own events.
            if event.action == "create" || event.action == "destroy" { engines[id]?.refresh.panes.insert(.volumes) }
        case "network":
            if event.action == "connect" || event.action == "disconnect" {
                engines[id]?.networkChanges[event.actorID, default: 0] += 1
                if let container = event.attributes["container"] {
                    let container = ContainerID(container)
                    if engines[id]?.containers[container] != nil {
                        // Its addresses are others now.
                        engines[id]?.containers[container]?.touch()
                        engines[id]?.refresh.containers.insert(container)
                    }
                }
            } else {
                if event.action == "destroy" { engines[id]?.networkChanges[event.actorID] = nil }
                engines[id]?.refresh.panes.insert(.networks)
            }
        default: break
        }
    }

    /// Asks for what is no longer true: at once, or when the last time was less than a fifth of a second ago, then.
    mutating func flushRefresh(_ id: EngineID) -> [Effect] {
        guard var queue = engines[id]?.refresh, engines[id]?.isConnected == true, !queue.isEmpty else { return [] }
        defer { engines[id]?.refresh = queue }
        let wait = queue.last.addingTimeInterval(RefreshQueue.interval).timeIntervalSince(now)
        if wait > 0 {
            guard !queue.scheduled else { return [] }
            queue.scheduled = true
            return [.refreshLater(id, after: wait)]
        }
        guard let effect = queue.takeNext(id, of: engines[id]?.containers.count ?? 0, now) else { return [] }
        guard !queue.isEmpty, !queue.scheduled else { return [effect] }
        queue.scheduled = true
        return [effect, .refreshLater(id, after: RefreshQueue.interval)]
    }

    /// Asks again in a moment for what could not be read.
    private mutating func askLater(
        _ id: EngineID, pane: PaneKind? = nil, containers: Set<ContainerID> = [], after seconds: Double = 2
    ) -> [Effect] {
        if let pane { engines[id]?.refresh.panes.insert(pane) }
        engines[id]?.refresh.containers.formUnion(containers)
        guard engines[id]?.refresh.scheduled == false else { return [] }
        engines[id]?.refresh.scheduled = true
        return [.refreshLater(id, after: seconds)]
    }

    /// The net under the events: a full list once a minute.
    mutating func netRefresh() -> [Effect] {
        var effects: [Effect] = []
        for id in engines.keys {
            guard let engine = engines[id], engine.isConnected, engine.containersLoaded else { continue }
            if !engine.pinging, now.timeIntervalSince(engine.heard) >= RefreshQueue.silence {
                engines[id]?.pinging = true
                effects.append(.ping(id))
            }
            guard now.timeIntervalSince(engine.refresh.net) >= RefreshQueue.netInterval else { continue }
            engines[id]?.refresh.net = now
            effects += PaneKind.listed.map { .list(id, $0) }
        }
        return effects
    }

    /// Asks again for containers that are listed otherwise than an event said.
    private mutating func confirmTold(_ id: EngineID, among asked: Set<ContainerID>?) -> [Effect] {
        var again: Set<ContainerID> = []
        var pause = RefreshQueue.doubt
        for (container, told) in engines[id]?.refresh.told ?? [:] where asked?.contains(container) ?? true {
            let elapsed = now.timeIntervalSince(told.since)
            guard told.what.contradicts(engines[id]?.containers[container]?.state), elapsed < RefreshQueue.doubt else {
                engines[id]?.refresh.told[container] = nil
                continue
            }
            again.insert(container)
            pause = min(pause, max(0.25, elapsed / 2))
        }
        guard !again.isEmpty else { return [] }
        for container in again { engines[id]?.containers[container]?.touch() }
        return askLater(id, containers: again, after: pause)
    }

    /// Takes in containers as listed; those that were asked for and are not among them have gone.
    private mutating func merge(_ summaries: [ContainerSummary], asked: Set<ContainerID>?, of id: EngineID) {
        engines[id]?.merge(summaries, asked: asked)
        guard asked == nil else { return }
        engines[id]?.refresh.wholeAsked = nil
        engines[id]?.containersLoaded = true
        engines[id]?.refresh.net = now
    }

    /// After the first list of a connection: temporary containers may be there that nobody is going to remove.
    private mutating func lookForLeftovers(_ id: EngineID) -> [Effect] {
        guard engines[id]?.looksForLeftovers == true else { return [] }
        engines[id]?.looksForLeftovers = false
        var found: [TemporaryFound] = []
        for container in engines[id]?.order ?? [] {
            guard let summary = engines[id]?.containers[container]?.summary, summary.isTemporary else { continue }
            found.append(
                TemporaryFound(
                    id: summary.id, owner: summary.labels[TemporaryContainer.ownerLabel] ?? "",
                    created: summary.created.timeIntervalSince1970))
        }
        return found.isEmpty ? [] : [.findOwners(id, found)]
    }

    private mutating func remove(_ container: ContainerID, of id: EngineID) {
        guard engines[id]?.remove(container) == true else { return }
        withdraw(.container(container), from: id)
    }
}

extension EngineError {
    /// Whether the request may have arrived although no answer did.
    var isUnanswered: Bool {
        switch self {
        case .closed, .timedOut, .malformed: true
        default: false
        }
    }
}

extension EngineEventKind {
    /// Whether it is a sign of life: an answer or a piece of a stream, and not that there was none.
    fileprivate var isHeard: Bool {
        switch self {
        case .connected, .version, .described, .events, .containers, .images, .volumes, .networks, .answered, .stats,
            .inspected(_, .success, _), .processes(_, .success), .members(_, .success), .actionFinished(_, _, nil),
            .jobNews,
            .log(_, _, .lines),
            .log(_, _, .tail), .logLines:
            true
        default: false
        }
    }
}

extension EngineState {
    /// Takes in containers as listed; those that were asked for and are not among them have gone.
    fileprivate mutating func merge(_ summaries: [ContainerSummary], asked: Set<ContainerID>?) {
        var added: [ContainerID] = []
        var isRenamed = false
        for summary in summaries {
            // In its place: a container is copied for nothing else.
            guard let index = containers.index(forKey: summary.id) else {
                containers[summary.id] = Container(summary)
                added.append(summary.id)
                continue
            }
            isRenamed = containers.values[index].take(summary, isFull: asked == nil) || isRenamed
        }
        var gone: Set<ContainerID> = []
        if let asked {
            gone = asked.subtracting(summaries.map(\.id)).filter { containers[$0] != nil }
        } else if containers.count > summaries.count {
            gone = Set(containers.keys).subtracting(summaries.map(\.id))
        }
        for key in gone { containers[key] = nil }
        if isRenamed || !containersLoaded {
            reorder()
        } else {
            reorder(added: added, gone: gone)
        }
        listVersion += 1
        takeStock()
        containersError = nil
    }

    /// Whether there was one to take out.
    fileprivate mutating func remove(_ container: ContainerID) -> Bool {
        guard containers.removeValue(forKey: container) != nil else { return false }
        refresh.containers.remove(container)
        reorder(added: [], gone: [container])
        listVersion += 1
        takeStock()
        return true
    }

    fileprivate mutating func touchAll() {
        for index in containers.values.indices { containers.values[index].touch() }
    }
}

extension Container {
    /// Something happened to it: what was read before is old.
    mutating func touch() { revision += 1 }

    fileprivate mutating func take(_ item: ContainerDetails) {
        details = item
        detailsRevision = detailsAsked
    }

    /// Takes over what a list says of it.
    /// - Returns: whether its name is another one.
    fileprivate mutating func take(_ summary: ContainerSummary, isFull: Bool) -> Bool {
        let isRenamed = name != summary.name
        // A change that no event told of: the details are old too.
        if isFull, state != summary.state { touch() }
        if !isRunning, [.running, .restarting].contains(summary.state), startsSeen == starts { starts += 1 }
        startsSeen = starts
        self.summary = summary
        return isRenamed
    }
}
