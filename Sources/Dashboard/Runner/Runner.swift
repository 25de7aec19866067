import EngineAPI
import FoundationEssentials

/// Carries out what the state asks for: effects once, subscriptions as long as they are wanted.
///
/// The outcome of everything comes back as an event. Nothing here waits on the main actor.
@MainActor
final class Runner {
    private let engines: [EngineID: Engine]
    private let send: @MainActor @Sendable (Event) -> Void
    /// The log of a number as it is now, for tasks that go on where it ends or look through it.
    private let heldLog: @MainActor @Sendable (EngineID, Int) -> FollowedLog?
    /// The time of the last event of an Engine that is known.
    private let lastEvent: @MainActor @Sendable (EngineID) -> LogTime?
    /// How many bytes have gone to the terminal.
    private let terminalBytes: @MainActor @Sendable () -> Int
    private var running: [Subscription: Task<Void, Never>] = [:]
    private var jobs: [Int: Task<Void, Never>] = [:]
    /// Containers that were made to look into volumes: each task goes on until its container is gone.
    private var temporaries: [Int: Task<Void, Never>] = [:]
    /// When a detail was last opened: someone who runs through a list opens none of those passed by.
    private var lastDetail = ContinuousClock.now - .seconds(1)

    init(
        engines: [EngineID: Engine], send: @escaping @MainActor @Sendable (Event) -> Void,
        heldLog: @escaping @MainActor @Sendable (EngineID, Int) -> FollowedLog?,
        lastEvent: @escaping @MainActor @Sendable (EngineID) -> LogTime?,
        terminalBytes: @escaping @MainActor @Sendable () -> Int
    ) {
        self.engines = engines
        self.send = send
        self.heldLog = heldLog
        self.lastEvent = lastEvent
        self.terminalBytes = terminalBytes
    }

    /// Starts what is wanted and not running, ends what runs and is not wanted.
    func reconcile(_ wanted: Set<Subscription>) {
        for (subscription, task) in running where !wanted.contains(subscription) {
            task.cancel()
            running[subscription] = nil
        }
        for subscription in wanted where running[subscription] == nil { running[subscription] = start(subscription) }
    }

    /// Ends everything.
    /// - Returns: what takes something back before it ends.
    @discardableResult
    func stop() -> [Task<Void, Never>] {
        for task in running.values { task.cancel() }
        for task in jobs.values { task.cancel() }
        running = [:]
        return Array(jobs.values) + Array(temporaries.values)
    }

    /// Begins a subscription anew.
    func restart(_ subscription: Subscription) {
        guard let task = running[subscription] else { return }
        task.cancel()
        running[subscription] = start(subscription)
    }

    private func start(_ subscription: Subscription) -> Task<Void, Never>? {
        // What a task has to say that is no longer wanted is not heard: another may be telling the same already. On the
        // main actor, where it is cancelled, so that nothing comes between.
        let send: @MainActor @Sendable (Event) -> Void = { [send] event in
            if !Task.isCancelled { send(event) }
        }
        switch subscription {
        case .clock:
            return Task {
                while !Task.isCancelled {
                    // On the full second, so that a clock with seconds is right.
                    let now = Date().timeIntervalSince1970
                    try? await Task.sleep(for: .seconds(1 - now.truncatingRemainder(dividingBy: 1) + 0.005))
                    send(.tick)
                }
            }
        case .engine(let id):
            return engines[id].map { engine in
                let lastEvent = lastEvent
                let watcher = EngineWatcher(engine: engine, last: { lastEvent(id) }) { send(.engine(id, $0)) }
                return Task.detached { await watcher.run() }
            }
        case .eventMemory(let id, let skew):
            return engines[id].map { engine in
                Task.detached {
                    let now = LogTime(Date(timeIntervalSinceNow: skew))
                    let events = await Result.of { try await engine.rememberedEvents(until: now) }
                    await send(.engine(id, .remembered(events)))
                }
            }
        case .stats(let id, let container, _):
            return engines[id].map { engine in Task.detached { await Self.stats(engine, id, container, send) } }
        case .log(let id, let log, let container, _):
            let heldLog = heldLog
            let pause = pauseBeforeDetail()
            // One that goes on in another's log leaves no hole behind that one's lines.
            let goesOn = heldLog(id, log)?.goesOn(container) ?? false
            let tail = goesOn ? LogFollower.wholeTail : LogFollower.tail
            return engines[id].map { engine in
                let follower = LogFollower(
                    engine: engine, container: container, firstTail: tail,
                    resumePoint: {
                        heldLog(id, log).flatMap { log in
                            log.origin(of: container).map { log.resumePoint(of: $0) }
                        }
                    },
                    report: { send(.engine(id, .log(log, container, $0))) })
                return Task.detached {
                    try? await Task.sleep(for: pause)
                    if !Task.isCancelled { await follower.run() }
                }
            }
        case .olderLog(let id, let number, _):
            guard let engine = engines[id], let log = heldLog(id, number) else { return nil }
            return Task.detached {
                let answer = await OlderLog(log).page(from: engine)
                await send(.engine(id, .olderLog(number, answer)))
            }
        case .logJump(let id, let number, let jump):
            guard let engine = engines[id], let log = heldLog(id, number) else { return nil }
            return Task.detached {
                let news = await OlderLog(log).all(from: engine, since: jump)
                await send(.engine(id, news.event(for: number)))
            }
        case .scanLog(let id, let number, let scan):
            guard let store = heldLog(id, number)?.store else { return nil }
            return Task.detached {
                if let found = scan.run(over: store) { await send(.engine(id, .scannedLog(number, found))) }
            }
        case .logRate(let id, let container, _):
            return engines[id].map { engine in
                Task.detached {
                    await LogFollower.count(engine, container) { count in
                        let counted = count.map { EngineEventKind.logLines(container, $0.lines, errors: $0.errors) }
                        send(.engine(id, counted ?? .logUncounted(container)))
                    }
                }
            }
        case .inspect(let id, let resource, _, let tab):
            let pause = pauseBeforeDetail()
            return engines[id].map { engine in
                Task.detached {
                    try? await Task.sleep(for: pause)
                    if !Task.isCancelled { await Self.inspect(engine, id, resource, tab, send) }
                }
            }
        case .members(let id, let network, _):
            let pause = pauseBeforeDetail()
            return engines[id].map { engine in
                Task.detached {
                    try? await Task.sleep(for: pause)
                    guard !Task.isCancelled else { return }
                    let members = await Result<NetworkMembers, EngineError>.of {
                        try await NetworkMembers.read(network, from: engine, aliases: false)
                    }
                    await send(.engine(id, .members(network, members)))
                }
            }
        case .diskUse(let id, _):
            return engines[id].map { engine in
                Task.detached { await send(.engine(id, .diskUse(Result.of { try await engine.diskUse() }))) }
            }
        case .cleanup(let id, let revision):
            return engines[id].map { engine in
                Task.detached {
                    let listing = await Result<CleanupListing, EngineError>.of { try await CleanupListing.of(engine) }
                    await send(.engine(id, .cleanup(revision, listing)))
                }
            }
        case .registries:
            return Task.detached {
                let logins = await Result<[RegistryLoginState], EngineError>.of {
                    try await RegistryCredentials().logins()
                }
                await send(.registries(logins))
            }
        case .themes:
            return Task.detached { await send(.themes(ThemeFolder.standard?.all() ?? [])) }
        case .look(let question):
            return Task.detached {
                let answer = await LocalLook.answer(question)
                await send(.found(question, answer))
            }
        case .files(let id, let container, let path, let isRunning, let mostRead, let revision):
            return engines[id].map { engine in
                let lister = FileLister(
                    engine: engine, container: container, path: path, isRunning: isRunning, mostRead: mostRead)
                return Task.detached {
                    let listing = await Result<FileListing, EngineError>.of {
                        try await lister.list { await send(.engine(id, .filesRead(revision, $0))) }
                    }
                    await send(.engine(id, .files(revision, listing)))
                }
            }
        case .cost(let id):
            let terminalBytes = terminalBytes
            return Task { [engine = engines[id]] in
                var meter = CostMeter()
                while !Task.isCancelled {
                    if let cost = meter.look(engine, terminalBytes: terminalBytes()) { send(.cost(cost)) }
                    try? await Task.sleep(for: .seconds(2))
                }
            }
        case .temporary(let id, let temporary, let number):
            guard let engine = engines[id] else { return nil }
            // Heard also when nobody looks any more: the journal has it.
            let tell: @MainActor @Sendable (TemporaryNews) -> Void = { [send = self.send] news in
                send(.engine(id, .temporary(number, news)))
            }
            let task = Task.detached { [weak self] in
                await Self.keep(temporary, on: engine, tell)
                await self?.forget(temporary: number)
            }
            temporaries[number] = task
            return task
        case .top(let id, let container, let arguments, let seconds):
            let pause = pauseBeforeDetail()
            return engines[id].map { engine in
                Task.detached {
                    try? await Task.sleep(for: pause)
                    while !Task.isCancelled {
                        let list = await Result.of { try await engine.top(container, arguments: arguments) }
                        await send(.engine(id, .processes(container, list)))
                        try? await Task.sleep(for: .seconds(seconds))
                    }
                }
            }
        }
    }

    private func pauseBeforeDetail() -> Duration {
        let now = ContinuousClock.now
        defer { lastDetail = now }
        return now - lastDetail < .milliseconds(200) ? .milliseconds(120) : .zero
    }

    private nonisolated static func stats(
        _ engine: Engine, _ id: EngineID, _ container: ContainerID, _ send: @MainActor @Sendable (Event) -> Void
    ) async {
        // A stream that ends with the container is opened again when that starts; one that broke, after a moment.
        for _ in 0..<5 {
            do {
                for try await sample in try await engine.stats(container) {
                    await send(.engine(id, .stats(container, sample)))
                }
                return
            } catch {
                guard !Task.isCancelled, EngineError(error).isPassing else { return }
                try? await Task.sleep(for: .seconds(1))
            }
        }
    }

    /// Asks for two samples, one after the other, with a limit to what counts as an answer at once: an Engine that
    /// samples once a second may be asked right before it does, but not twice in a row.
    private nonisolated static func measureSampling(
        _ engine: Engine, _ id: EngineID, _ container: ContainerID, _ send: @MainActor @Sendable (Event) -> Void
    ) async {
        let began = ContinuousClock.now
        do {
            for _ in 1...2 {
                let sample = try await within(Sampling.quick, "a sample") { try await engine.sample(container) }
                await send(.engine(id, .stats(container, sample)))
            }
            engine.logger?.debug("two single samples came after \(ContinuousClock.now - began): calls it is")
            await send(.engine(id, .measuredSampling(.calls)))
        } catch {
            engine.logger?.debug("no single sample after \(ContinuousClock.now - began) (\(error)): streams it is")
            await send(.engine(id, .measuredSampling(.streams)))
        }
    }

    private nonisolated static func sample(
        _ engine: Engine, _ id: EngineID, _ containers: [ContainerID], atOnce: Bool,
        _ send: @escaping @MainActor @Sendable (Event) -> Void
    ) async {
        await withTaskGroup(of: Void.self) { group in
            for container in containers {
                group.addTask {
                    do {
                        let sample = try await engine.sample(container, atOnce: atOnce)
                        await send(.engine(id, .stats(container, sample)))
                    } catch {
                        await send(.engine(id, .sampleFailed(container)))
                    }
                }
            }
        }
    }

    private nonisolated static func inspect(
        _ engine: Engine, _ id: EngineID, _ resource: ResourceID, _ tab: DetailTab,
        _ send: @MainActor @Sendable (Event) -> Void
    ) async {
        let result = await Result.of {
            if case .image(let image) = resource, tab == .history {
                return HistoryDetail.lines(of: try await engine.history(of: image))
            }
            if case .container(let container) = resource, tab == .changes {
                return ChangesDetail.lines(of: try await engine.changes(of: container))
            }
            if case .network(let network) = resource, tab == .members {
                return MembersDetail.lines(of: try await NetworkMembers.read(network, from: engine, aliases: true))
            }
            let json: [UInt8] =
                switch resource {
                case .container(let container): try await engine.inspect(container).json
                case .image(let image): try await engine.inspectImage(image)
                case .volume(let name): try await engine.inspectVolume(name)
                case .network(let network): try await engine.inspectNetwork(network)
                case .event, .system: []
                }
            return InspectLine.lines(of: json)
        }
        await send(.engine(id, .inspected(resource, result, tab: tab)))
    }

    /// Does one thing; its outcome comes back as an event.
    func run(_ effect: Effect) {
        switch effect {
        case .list(let id, let pane):
            on(id) { engine in
                do {
                    switch pane {
                    case .containers: return .containers(try await engine.containers(), asked: nil)
                    case .images: return .images(try await engine.images())
                    case .volumes: return .volumes(try await engine.volumes())
                    case .networks: return .networks(try await engine.networks())
                    case .events, .system: return nil
                    }
                } catch { return .listFailed(pane, EngineError(error)) }
            }
        case .listContainers(let id, let containers):
            on(id) { engine in
                do {
                    return .containers(try await engine.containers(ids: Array(containers)), asked: containers)
                } catch { return .listFailed(.containers, EngineError(error)) }
            }
        case .describe(let id):
            on(id) { engine in (try? await engine.version()).map { .version($0) } }
            on(id) { engine in
                let start = ContinuousClock.now
                guard let info = try? await engine.info() else { return nil }
                let time = ContinuousClock.now - start
                return .described(info, roundTrip: time / .seconds(1))
            }
        case .details(let id, let containers):
            on(id) { engine in
                var details: [ContainerDetails] = []
                var missing: Set<ContainerID> = []
                for container in containers {
                    do { details.append(try await engine.inspect(container).value) } catch EngineError.notFound {
                        missing.insert(container)
                    } catch { continue }
                }
                return .details(details, asked: containers, missing: missing)
            }
        case .ping(let id):
            on(id) { engine in
                do {
                    _ = try await within(.seconds(5), "the Engine's answer") { try await engine.ping() }
                    return .answered
                } catch { return .silent(EngineError(error)) }
            }
        case .refreshLater(let id, let seconds):
            on(id) { _ in
                try? await Task.sleep(for: .seconds(seconds))
                return .refreshDue
            }
        case .measureSampling(let id, let container):
            guard let engine = engines[id] else { return }
            Task.detached { [send] in await Self.measureSampling(engine, id, container, send) }
        case .sample(let id, let containers, let atOnce):
            guard let engine = engines[id] else { return }
            Task.detached { [send] in await Self.sample(engine, id, containers, atOnce: atOnce, send) }
        case .act(let id, let number, let container, let action):
            on(id) { engine in
                do {
                    try await action.carryOut(on: container, engine)
                    return .actionFinished(number, container, nil)
                } catch { return .actionFinished(number, container, EngineError(error)) }
            }
        case .run(let id, let number, let order): on(id) { .ran(number, await order.carryOut($0)) }
        case .startJob(let id, let number, let job): start(job, number, on: id)
        case .cancelJob(let number): jobs[number]?.cancel()
        case .recall(let id, let container):
            on(id) { engine in
                let result = await Result<RecalledRun, EngineError>.of {
                    let origin = try await engine.origin(of: container)
                    // An image that is gone has nothing to give: all is said then.
                    let image: ContainerOrigin?
                    do { image = try await engine.origin(ofImage: origin.imageID) } catch EngineError.notFound {
                        image = nil
                    }
                    return RecalledRun(
                        spec: RunSpec(origin, image: image?.configuration ?? .init()),
                        leftOut: image.map { origin.leftOut(image: $0) } ?? ["what its image gave, which is gone"])
                }
                return .recalled(container, result)
            }
        case .findOwners(let id, let found):
            on(id) { _ in
                let left = found.filter { found in
                    // A label that is none is not ours to say anything of.
                    guard let owner = TemporaryOwner(label: found.owner) else { return false }
                    return owner.life(created: Date(timeIntervalSince1970: found.created), now: Date()) == .gone
                }
                return left.isEmpty ? nil : .leftBehind(left.map(\.id))
            }
        case .save(let id, let writing, let path):
            on(id) { .logWritten(await writing.write(to: path, engine: $0)) }
        case .page(let id, let writing):
            on(id) { engine in
                let folder = ProcessInfo.processInfo.environment["TMPDIR"] ?? "/tmp"
                let path = "\(folder)/gantry-\(UUID().uuidString.prefix(8)).log"
                var outcome = await writing.write(to: path, engine: engine)
                outcome.isForPager = true
                return .logWritten(outcome)
            }
        case .reconnect(let id): restart(.engine(id))
        case .open(let address):
            let send = send
            Task.detached { if let failure = await Browser.open(address) { await send(.notice(failure)) } }
        case .setMouse, .suspend, .redraw, .copy, .openPager, .handOver: break
        }

    }

    private func start(_ job: any Job, _ number: Int, on id: EngineID) {
        guard let engine = engines[id] else { return }
        let send = send
        jobs[number] = Task.detached { [weak self] in
            let result: Result<JobOutcome, JobFailure>
            do {
                result = .success(
                    try await job.run(on: engine) { await send(.engine(id, .jobNews(number, $0))) })
            } catch {
                // Whatever it stumbled over when it was told to stop: that is why.
                let told = error as? JobError
                let stopped = told?.left.map { JobFailure.cancelledLeaving($0, notes: told?.notes ?? []) } ?? .cancelled
                result = .failure(Task.isCancelled ? stopped : JobFailure(error))
            }
            await send(.engine(id, .jobEnded(number, result)))
            await self?.forget(job: number)
        }
    }

    private func forget(job number: Int) { jobs[number] = nil }

    private func forget(temporary number: Int) { temporaries[number] = nil }

    /// Makes a container, and removes it when the task is cancelled: for as long as somebody looks into its volume.
    private nonisolated static func keep(
        _ temporary: TemporaryContainer, on engine: Engine,
        _ tell: @escaping @MainActor @Sendable (TemporaryNews) -> Void
    ) async {
        if let failure = await temporary.makeForSure(on: engine) {
            await tell(.failed(failure))
            guard failure.isUnanswered else { return }
        } else {
            await tell(.made)
            while !Task.isCancelled { try? await Task.sleep(for: .seconds(3_600)) }
        }
        await temporary.removeAtLast(from: engine) { await tell(.lingers(temporary.name, $0)) }
        await tell(.removed(temporary.name))
    }

    private func on(_ id: EngineID, _ body: @escaping @Sendable (Engine) async -> EngineEventKind?) {
        guard let engine = engines[id] else { return }
        let send = send
        Task.detached { if let kind = await body(engine) { await send(.engine(id, kind)) } }
    }
}

extension Result where Failure == EngineError, Success: Sendable {
    /// What a call gives, or how it failed.
    static func of(_ body: () async throws -> Success) async -> Self {
        do { return .success(try await body()) } catch { return .failure(EngineError(error)) }
    }
}
