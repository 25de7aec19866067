import Terminal

extension Command {
    static let inspectCommands: [Command] = [
        Command(
            id: "inspect.secrets", title: "show values that look like secrets, or hide them", hint: "secrets",
            keys: .named("v"), scope: .text,
            applies: { state in
                state.engine.inspected?.secrets ?? 0 > 0 ? .yes : .no("nothing here looks like a secret")
            },
            run: { state in
                state.engine.inspected?.showsSecrets.toggle()
                guard let inspected = state.engine.inspected else { return [] }
                let count = inspected.secrets
                let what = "\(count) value\(count == 1 ? "" : "s") that look\(count == 1 ? "s" : "") like a secret"
                state.tell(
                    .note, inspected.showsSecrets ? "\(what): shown, until another is inspected" : "\(what): hidden")
                return []
            }),
        Command(
            id: "text.find", title: "find a text", hint: "find", keys: .named("/"), scope: .detail, applies: hasText,
            run: { state in
                state.askFind()
                return []
            }),
        hit("text.next", "the next line with the text", .named("n"), 1),
        hit("text.previous", "the line with the text before", .named("N"), -1),
    ]

    private static func hit(_ id: String, _ title: String, _ keys: [Key], _ step: Int) -> Command {
        Command(
            id: id, title: title, keys: keys, scope: .detail,
            applies: { state in
                let answer = hasText(state)
                guard answer == .yes else { return answer }
                return state.engine.inspected?.find == nil
                    ? .no("\(state.key(of: "text.find")) finds a text first") : .yes
            },
            run: { state in
                state.goToHit(step)
                return []
            })
    }

    @Sendable private static func hasText(_ state: State) -> Applicability {
        // While it is being read too: what is typed next is meant for the prompt.
        state.tab.isText && state.selected != nil ? .yes : .no("there is no text to look through here")
    }
}
