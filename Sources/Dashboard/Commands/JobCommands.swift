import Terminal

extension Command {
    static let jobCommands: [Command] = [
        Command(
            id: "jobs.show", title: "what is under way, and what it printed: pulls, builds, copies", keys: .named("W"),
            scope: .everywhere,
            run: { state in
                state.showJobs()
                return []
            })
    ]
}
