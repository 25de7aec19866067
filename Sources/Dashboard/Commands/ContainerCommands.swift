import EngineAPI
import FoundationEssentials
import Terminal

extension Command {
    static let containerCommands: [Command] = [
        Command(
            id: "container.restart", title: "restart the container", hint: "restart", keys: .named("r"),
            scope: .containers, kind: .changes, applies: { $0.applies { _ in nil } },
            run: { $0.act(.restart) }),
        Command(
            id: "container.stop", title: "stop the container", hint: "stop", keys: .named("s"), scope: .containers,
            kind: .changes,
            applies: { $0.applies { $0.isRunning ? nil : "is not running" } },
            run: { $0.ask(.stop) }),
        Command(
            id: "container.start", title: "start the container", hint: "start", keys: .named("S"), scope: .containers,
            kind: .changes,
            applies: {
                $0.applies {
                    $0.state == .paused ? "is paused: p unpauses it" : $0.isRunning ? "is running already" : nil
                }
            },
            run: { $0.act(.start) }),
        Command(
            id: "container.kill", title: "kill the container, with a choice of signal", hint: "kill",
            keys: .named("K", "ctrl-k"), scope: .containers, kind: .destroys,
            applies: { $0.applies { $0.isRunning ? nil : "is not running" } },
            run: { $0.ask(.kill(.kill)) }),
        Command(
            id: "container.pause", title: "pause or unpause the container", hint: "pause", keys: .named("p"),
            scope: .containers, kind: .changes,
            applies: {
                $0.applies { $0.state == .running || $0.state == .paused ? nil : "is not running" }
            },
            run: { state in state.act(state.selectedContainer?.state == .paused ? .unpause : .pause) }),
        Command(
            id: "container.remove", title: "remove the container, with force and volumes as choices", hint: "remove",
            keys: .named("d", "delete"), scope: .containers, kind: .destroys,
            applies: { $0.applies { _ in nil } },
            run: { state in
                state.ask(.remove(force: state.selectedContainer?.isRunning ?? false, volumes: false))
            }),
    ]
}

extension State {
    /// Whether something can be done to the selected container; `obstacle` says what stands in the way.
    fileprivate func applies(_ obstacle: (Container) -> String?) -> Command.Applicability {
        guard let container = selectedContainer else { return .no("no container is selected") }
        guard engine.isConnected else { return .no("the Engine is not reachable: nothing was sent") }
        let name = Sanitiser.clean(container.name)
        if let action = container.action { return .no("\(name): still \(action.doing)") }
        if let obstacle = obstacle(container) { return .no("\(name) \(obstacle)") }
        return .yes
    }

    /// Asks before something is done to the selected container.
    fileprivate mutating func ask(_ subject: Question.Subject) -> [Effect] {
        guard let container = selectedContainer else { return [] }
        layers.append(
            .question(
                Question(engine: current, container: container.id, name: container.name, subject: subject)))
        return []
    }

    /// Does something to the selected container at once.
    fileprivate mutating func act(_ action: ContainerAction) -> [Effect] {
        guard let container = selectedContainer else { return [] }
        return perform(action, on: container.id, of: current)
    }

    /// Sends one action, once: it is noted in the journal and shown on the row until the Engine has answered.
    mutating func perform(_ action: ContainerAction, on id: ContainerID, of engineID: EngineID) -> [Effect] {
        guard let container = engines[engineID]?.containers[id] else { return [] }
        let number = nextAction
        nextAction += 1
        let name = Sanitiser.clean(container.name)
        engines[engineID]?.containers[id]?.action = RunningAction(id: number, doing: action.doing, since: now)
        journal.append(
            Journal.Entry(
                id: number, at: now, engine: engineID, title: "\(action.title) \(name)",
                done: "\(action.done) \(name)", docker: action.docker(name), outcome: .running))
        return [.act(engineID, id: number, id, action)]
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

extension Question {
    /// The action that `yes` stands for.
    var action: ContainerAction {
        switch subject {
        case .kill(let signal): .kill(signal)
        case .stop: .stop
        case .remove(let force, let volumes): .remove(force: force, volumes: volumes)
        }
    }

    /// A key while the question is on the screen: chooses, or nil when it is not one of its keys.
    func choosing(_ key: Key) -> Question? {
        var question = self
        switch (subject, key) {
        case (.kill(let signal), .left), (.kill(let signal), .character("h")), (.kill(let signal), .backTab):
            question.subject = .kill(signal.neighbour(-1))
        case (.kill(let signal), .right), (.kill(let signal), .character("l")), (.kill(let signal), .tab):
            question.subject = .kill(signal.neighbour(1))
        case (.remove(let force, let volumes), .character("f")):
            question.subject = .remove(force: !force, volumes: volumes)
        case (.remove(let force, let volumes), .character("v")):
            question.subject = .remove(force: force, volumes: !volumes)
        default: return nil
        }
        return question
    }
}

extension Signal {
    /// The signals that a question offers.
    static let choices: [Signal] = [.kill, .term, .int, .hup, .quit, .usr1, .usr2]

    /// `KILL`.
    var short: String { name.hasPrefix("SIG") ? String(name.dropFirst(3)) : name }

    fileprivate func neighbour(_ step: Int) -> Signal {
        let all = Signal.choices
        let index = all.firstIndex(of: self) ?? 0
        return all[(index + step + all.count) % all.count]
    }
}
