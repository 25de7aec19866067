import Terminal

extension Command {
    static let buildCommands: [Command] = [
        Command(
            id: "build.form", title: "build an image from a folder: a form", keys: .named("b"), scope: .everywhere,
            kind: .changes,
            applies: isReachable,
            run: { state in
                state.open(state.keptForms[BuildForm.id] ?? BuildForm.make())
                return []
            })
    ]
}
