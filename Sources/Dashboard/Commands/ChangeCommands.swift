import EngineAPI
import Terminal

/// What is changed of a container that is there, and what it has changed itself.
extension Command {
    static let changeCommands: [Command] = [
        Command(
            id: "container.rename", title: "give the container another name (rename)", keys: .named("N"),
            scope: .containers, kind: .changes, applies: { $0.appliesToSelected() }, run: { $0.askName() }),
        Command(
            id: "container.update", title: "change its limits and its restart policy (update)", hint: "update",
            keys: .named("u"), scope: .containers, kind: .changes,
            applies: { state in
                let answer = state.appliesToSelected()
                guard answer == .yes else { return answer }
                return state.selectedContainer?.details == nil ? .no("it has not been inspected yet") : .yes
            },
            run: { state in
                guard let details = state.selectedContainer?.details else { return [] }
                state.open(UpdateForm.make(details))
                return []
            }),
        Command(
            id: "container.commit", title: "make an image of the container (commit)", keys: .named("I"),
            scope: .containers, kind: .changes, applies: { $0.appliesToSelected() },
            run: { state in
                guard let container = state.selectedContainer else { return [] }
                state.open(CommitForm.make(container))
                return []
            }),
        Command(
            id: "view.changes", title: "the files that it has added, changed, deleted (diff)", keys: .named("="),
            scope: .containers, kind: .reads, applies: containersOnly,
            docker: { $0.dockerLine("diff", of: .containers) }, run: { $0.show(.changes) }),
        Command(
            id: "view.wait", title: "wait for the container's end, and say its exit code", keys: .named("w"),
            scope: .containers, kind: .reads,
            applies: { state in
                let answer = state.appliesToSelected()
                guard answer == .yes, let container = state.selectedContainer else { return answer }
                return container.isRunning ? .yes : .no("\(Sanitiser.clean(container.name)) is not running")
            },
            run: { state in
                guard let container = state.selectedContainer else { return [] }
                let job = WaitJob(container: container.id, name: Sanitiser.clean(container.name))
                state.tell(.note, "waiting for \(job.name): \(state.key(of: "jobs.show")) shows it, and cancels")
                return state.start(job)
            }),
    ]
}

extension State {
    /// Whether something can be asked about the selected container.
    func appliesToSelected() -> Command.Applicability {
        guard let container = selectedContainer else { return .no("no container is selected") }
        guard engine.isConnected else { return .no("the Engine is not reachable: nothing was sent") }
        if let action = container.action { return .no("\(Sanitiser.clean(container.name)): still \(action.doing)") }
        return .yes
    }

    fileprivate mutating func askName() -> [Effect] {
        guard let container = selectedContainer else { return [] }
        let (id, name) = (container.id, Sanitiser.clean(container.name))
        ask(
            Ask(
                label: "docker rename \(name) ", hint: "letters, digits and _ . -", verb: "rename",
                check: { text, state in
                    if let problem = RunText.nameProblem(text) { return problem }
                    guard let owner = state.engine.container(named: text) else { return nil }
                    return owner.id == id ? "that is its name" : "taken by \(state.described(owner))"
                },
                accept: { text, state in
                    guard let now = state.engine.containers[id] else {
                        state.tell(.failure, "\(name) is gone: nothing was done")
                        return []
                    }
                    return state.start(
                        RenameJob(container: id, name: Sanitiser.clean(now.name), newName: text))
                }), text: name)
        return []
    }
}
