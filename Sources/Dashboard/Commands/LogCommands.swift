import Terminal

extension Command {
    static let logCommands: [Command] = [
        Command(
            id: "log.follow", title: "follow the newest line", hint: "follow", keys: .named("f"), scope: .tab(.logs),
            run: { state in
                state.engine.log?.anchor = nil
                return []
            }),
        Command(
            id: "log.timestamps", title: "show or hide the Engine's timestamps", hint: "times", keys: .named("t"),
            scope: .tab(.logs),
            run: { state in
                state.logTimestamps.toggle()
                return []
            }),
    ]
}
