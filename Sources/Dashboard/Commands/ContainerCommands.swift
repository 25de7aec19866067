import EngineAPI
import FoundationEssentials
import Terminal

extension Command {
    static let containerCommands: [Command] = [
        act(.restart, "restart the container", .named("r")) { _ in nil },
        Command(
            id: "container.stop", title: "stop the container", hint: "stop", keys: .named("s"), scope: .containers,
            kind: .changes, takesSeveral: true,
            applies: { $0.applies(isRunning) },
            run: { $0.ask("stop", isRunning) { _ in .stop } }),
        act(.start, "start the container", .named("S")) { state in
            state == .paused ? "is paused: unpause it instead" : state.isAlive ? "is running already" : nil
        },
        Command(
            id: "container.kill", title: "kill the container, with a choice of signal", hint: "kill",
            keys: .named("K", "ctrl-k"), scope: .containers, kind: .destroys, takesSeveral: true,
            applies: { $0.applies(isRunning) },
            run: { state in
                let signals = Question.Option(
                    id: "signal", value: .choice(Signal.choices.map(\.short), index: 0))
                return state.ask("kill", isRunning, [signals]) { .kill(Signal.choices[$0.chosen("signal")]) }
            }),
        Command(
            id: "container.pause", title: "pause or unpause the container", hint: "pause", keys: .named("p"),
            scope: .containers, kind: .changes, takesSeveral: true,
            applies: { $0.applies(canPause) },
            run: { state in
                let unpauses = !state.targets(canPause).contains { $0.state == .running }
                return unpauses
                    ? state.actOrAsk(.unpause) { $0 == .paused ? nil : "is not paused" }
                    : state.actOrAsk(.pause) { $0 == .running ? nil : "is not running" }
            }),
        Command(
            id: "container.remove", title: "remove the container, with force and volumes as choices", hint: "remove",
            keys: .named("d", "delete"), scope: .containers, kind: .destroys, takesSeveral: true,
            applies: { $0.applies { _ in nil } },
            run: { state in
                let runs = state.targets { _ in nil }.contains(where: \.isRunning)
                let options = [
                    Question.Option(
                        id: "force", title: "force: kill it when it runs", value: .check(key: "f", isOn: runs)),
                    Question.Option(
                        id: "volumes", title: "volumes: its anonymous volumes too",
                        value: .check(key: "v", isOn: false)),
                ]
                let effects = state.ask("remove", { _ in nil }, options) {
                    .remove(force: $0.isOn("force"), volumes: $0.isOn("volumes"))
                }
                state.nameVolumesThatGo()
                return effects
            }),
    ]

    /// Something that is done at once to one container, and after a question to several.
    private static func act(
        _ action: ContainerAction, _ title: String, _ keys: [Key], _ obstacle: @escaping Obstacle
    ) -> Command {
        Command(
            id: "container.\(action.title)", title: title, hint: action.title, keys: keys, scope: .containers,
            kind: .changes, takesSeveral: true, applies: { $0.applies(obstacle) },
            run: { $0.actOrAsk(action, obstacle) })
    }

    @Sendable private static func isRunning(_ state: ContainerState) -> String? {
        state.isAlive ? nil : "is not running"
    }

    @Sendable private static func canPause(_ state: ContainerState) -> String? {
        state == .running || state == .paused ? nil : "is not running"
    }
}

/// What stands in the way of doing something to a container, by what that is doing; nil when nothing does.
typealias Obstacle = @Sendable (ContainerState) -> String?

extension State {
    /// The containers that a command is about: the marked ones that are listed, or the selected one.
    var aimedAt: [Container] {
        guard pane == .containers else { return [] }
        guard let marked = shownMarked else { return selectedContainer.map { [$0] } ?? [] }
        let containers = engine.containers
        return marked.rows.compactMap { if case .container(let id) = $0 { containers[id] } else { nil } }
    }

    /// Those of them that it can be done to.
    func targets(_ obstacle: Obstacle) -> [Container] {
        aimedAt.filter { $0.action == nil && obstacle($0.state) == nil }
    }

    /// Whether something can be done to any of them. Many commands ask that at every frame: of marked ones it is known
    /// what they are doing, and nobody looks at each.
    func applies(_ obstacle: Obstacle) -> Command.Applicability {
        let marked = pane == .containers ? shownMarked : nil
        let first: Container
        if let marked, case .container(let id)? = marked.rows.first, let container = engine.containers[id] {
            first = container
        } else if let selected = selectedContainer {
            first = selected
        } else {
            return .no("no container is selected")
        }
        guard engine.isConnected else { return .no("the Engine is not reachable: nothing was sent") }
        if let marked {
            if marked.idleStates.contains(where: { obstacle($0) == nil }) { return .yes }
        } else if first.action == nil, obstacle(first.state) == nil {
            return .yes
        }
        let reason = first.action.map { "still \($0.doing)" }
        let text = reason.map { ": \($0)" } ?? " \(obstacle(first.state) ?? "")"
        let count = marked?.rows.count ?? 1
        let others = count > 1 ? ", nor can it be done to the other \(count - 1) that are marked" : ""
        return .no("\(Sanitiser.clean(first.name))\(text)\(others)")
    }

    /// Asks before something is done to the containers that a command is about.
    mutating func ask(
        _ verb: String, _ obstacle: @escaping Obstacle, _ options: [Question.Option] = [],
        _ action: @escaping @Sendable (Question) -> ContainerAction
    ) -> [Effect] {
        let targets = targets(obstacle)
        guard !targets.isEmpty else { return [] }
        var question = Question(
            engine: current, targets: targets.map { Question.Target(id: .container($0.id), name: $0.name) }, verb: verb,
            noun: "containers", options: options,
            docker: { question in
                let names = question.targets.prefix(ContainersJob.mostNames + 1).map { Sanitiser.clean($0.name) }
                return action(question).docker(ContainersJob.names(names))
            },
            yes: { question, state in
                state.perform(action(question), on: question.targets, of: question.engine)
            })
        let ids = Set(targets.map(\.id))
        let others = aimedAt.filter { !ids.contains($0.id) }
        if let first = others.first {
            let reason = first.action.map { "is still \($0.doing)" } ?? obstacle(first.state) ?? ""
            let more = others.count > 1 ? " and \(others.count - 1) more" : ""
            question.notes = ["left out: \(first.name) \(reason)\(more)"]
        }
        layers.append(.question(question))
        return []
    }

    /// Does something to the selected container at once; to several after a question.
    mutating func actOrAsk(_ action: ContainerAction, _ obstacle: @escaping Obstacle) -> [Effect] {
        let targets = targets(obstacle)
        if aimedAt.count > 1 || asksAlways { return ask(action.title, obstacle) { _ in action } }
        return targets.first.map { perform(action, on: $0.id, of: current) } ?? []
    }

    /// Does something to containers, as far as they are still there: to one at once, to several in a job.
    mutating func perform(
        _ action: ContainerAction, on targets: [Question.Target], of engineID: EngineID
    ) -> [Effect] {
        var ready: [ContainersJob.Target] = []
        for target in targets {
            guard case .container(let id) = target.id, let container = engines[engineID]?.containers[id] else {
                tell(.failure, "\(target.name) is gone: nothing was done to it")
                continue
            }
            if let running = container.action {
                tell(.note, "\(target.name): still \(running.doing)")
                continue
            }
            ready.append(.init(id: id, name: Sanitiser.clean(container.name)))
        }
        // What was marked for this is not marked for the next.
        for target in targets { marked.remove(target.id) }
        guard ready.count > 1 else { return ready.flatMap { perform(action, on: $0.id, of: engineID) } }
        let waiting = RunningAction(id: nextAction, doing: "waiting to \(action.title)", since: now)
        for target in ready { engines[engineID]?.note(waiting, for: target.id) }
        return start(ContainersJob(targets: ready, action: action))
    }

    /// Sends one action, once: it is noted in the journal and shown on the row until the Engine has answered.
    mutating func perform(_ action: ContainerAction, on id: ContainerID, of engineID: EngineID) -> [Effect] {
        guard let container = engines[engineID]?.containers[id] else { return [] }
        let number = nextAction
        nextAction += 1
        let name = Sanitiser.clean(container.name)
        engines[engineID]?.note(RunningAction(id: number, doing: action.doing, since: now), for: id)
        journal.append(
            Journal.Entry(
                id: number, at: now, engine: engineID, title: "\(action.title) \(name)",
                done: "\(action.done) \(name)", docker: action.docker(name), outcome: .running))
        return [.act(engineID, id: number, id, action)]
    }

    /// What a job over several containers says of one of them.
    mutating func take(_ news: JobNews, of job: ContainersJob, number: Int, on engineID: EngineID) {
        switch news {
        case .began(let id):
            guard engines[engineID]?.containers[id]?.action?.id == number else { return }
            engines[engineID]?.note(RunningAction(id: number, doing: job.action.doing, since: now), for: id)
        case .ended(let id, let error):
            // Of a start that failed no event tells, but the container has the reason.
            if error != nil { engines[engineID]?.containers[id]?.touch() }
            release(id, number, on: engineID)
        default: break
        }
    }

    /// Nothing is being done to a container any more, as far as an action is concerned.
    mutating func release(_ id: ContainerID, _ number: Int, on engineID: EngineID) {
        guard engines[engineID]?.containers[id]?.action?.id == number else { return }
        engines[engineID]?.note(nil, for: id)
    }
}

extension ContainerAction {
    /// What the row says while it lasts.
    var doing: String {
        switch self {
        case .start: "starting"
        case .stop: "stopping"
        case .restart: "restarting"
        case .pause: "pausing"
        case .unpause: "unpausing"
        case .kill(let signal): "killing (\(signal.short))"
        case .remove: "removing"
        }
    }

    var title: String {
        switch self {
        case .start: "start"
        case .stop: "stop"
        case .restart: "restart"
        case .pause: "pause"
        case .unpause: "unpause"
        case .kill: "kill"
        case .remove: "remove"
        }
    }

    /// What is said when it is done.
    var done: String {
        switch self {
        case .start: "started"
        case .stop: "stopped"
        case .restart: "restarted"
        case .pause: "paused"
        case .unpause: "unpaused"
        case .kill(let signal): "sent \(signal.short) to"
        case .remove: "removed"
        }
    }

    /// The docker command line that does the same.
    func docker(_ name: String) -> String {
        switch self {
        case .kill(let signal) where signal == .kill: "docker kill \(name)"
        case .kill(let signal): "docker kill --signal=\(signal.short) \(name)"
        case .remove(let force, let volumes):
            "docker rm " + (force ? "--force " : "") + (volumes ? "--volumes " : "") + name
        default: "docker \(title) \(name)"
        }
    }
}

extension Signal {
    /// The signals that a question offers.
    static let choices: [Signal] = [.kill, .term, .int, .hup, .quit, .usr1, .usr2]

    /// `KILL`.
    var short: String { name.hasPrefix("SIG") ? String(name.dropFirst(3)) : name }
}
