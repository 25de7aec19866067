import Terminal

extension Command {
    static let fileCommands: [Command] = [
        Command(
            id: "files.browse", title: "the container's files: look, copy out and in", hint: "files",
            keys: .named("F"), scope: .containers, kind: .reads, applies: hasContainer,
            run: { state in
                if let container = state.selectedContainer { state.openFiles(of: container) }
                return []
            }),
        Command(
            id: "files.export", title: "export the container's file system to a tar", keys: .named("X"),
            scope: .containers, kind: .reads, applies: hasContainer,
            run: { state in
                guard let container = state.selectedContainer else { return [] }
                let (id, name) = (container.id, container.name)
                state.ask(
                    Ask(
                        label: "docker export \(Sanitiser.clean(name)) -o ", hint: "a file on this machine",
                        verb: "export",
                        completesPaths: true,
                        accept: { text, state in
                            state.start(ExportContainerJob(container: id, name: name, path: text))
                        }), text: "\(Sanitiser.clean(name).replacing("/", with: "_")).tar")
                return []
            }),
    ]

    @Sendable private static func hasContainer(_ state: State) -> Applicability {
        guard state.selectedContainer != nil else { return .no("no container is selected") }
        return state.engine.isConnected ? .yes : .no("the Engine is not reachable")
    }
}
