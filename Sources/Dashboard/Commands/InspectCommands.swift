import Terminal

extension Command {
    static let inspectCommands: [Command] = [
        Command(
            id: "inspect.secrets", title: "show values that look like secrets, or hide them", hint: "secrets",
            keys: .named("v"), scope: .tab(.inspect),
            applies: { state in
                state.engine.inspected?.secrets ?? 0 > 0 ? .yes : .no("nothing here looks like a secret")
            },
            run: { state in
                guard var inspected = state.engine.inspected else { return [] }
                inspected.showsSecrets.toggle()
                state.engine.inspected?.showsSecrets = inspected.showsSecrets
                let count = inspected.secrets
                let what = "\(count) value\(count == 1 ? "" : "s") that look\(count == 1 ? "s" : "") like a secret"
                state.tell(
                    .note, inspected.showsSecrets ? "\(what): shown, until another is inspected" : "\(what): hidden")
                return []
            })
    ]
}
