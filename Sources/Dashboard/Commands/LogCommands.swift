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
            id: "log.timestamps", title: "the Engine's timestamps: off, local time, UTC, age", hint: "times",
            keys: .named("t"),
            scope: .tab(.logs),
            run: { state in
                let all = LogTimes.allCases
                state.logTimes = all[(state.logTimes.rawValue + 1) % all.count]
                state.tell(.note, state.logTimes.title)
                return []
            }),
    ]
}
