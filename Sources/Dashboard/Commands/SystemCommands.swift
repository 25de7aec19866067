import Terminal

extension Command {
    static let systemCommands: [Command] = [
        Command(
            id: "system.refresh", title: "ask for the disk use, the Engine's state and the logins again",
            hint: "ask again", keys: .named("r"), scope: .pane(.system), kind: .reads,
            applies: isReachable,
            run: { $0.askSystem() }),
        Command(
            id: "system.cleanup", title: "clean up: remove what nobody uses, after a look at it (prune)",
            hint: "clean up", keys: .named("C"), scope: .everywhere, kind: .destroys, applies: isReachable,
            run: { state in
                state.openCleanup(state.cleanupSuggestion)
                return []
            }),
    ]
}
