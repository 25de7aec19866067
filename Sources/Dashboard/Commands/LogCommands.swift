import EngineAPI
import Terminal

extension Command {
    static let logCommands: [Command] = [
        log("log.follow", "follow the newest line", hint: "follow", .named("f")) { $0.followLog() },
        log("log.search", "search a text in the log", hint: "search", .named("/")) { state in
            state.layers.append(.prompt(state.searchPrompt))
        },
        log("log.nextHit", "the next hit, towards the newest", .named("n")) { $0.nextHit(1) },
        log("log.previousHit", "the hit before, towards the oldest", .named("N")) { $0.nextHit(-1) },
        log("log.filter", "show only lines that match", hint: "filter", .named("&")) { state in
            state.layers.append(.prompt(state.linesPrompt))
        },
        log("log.timestamps", "the Engine's timestamps: off, local time, UTC, age", hint: "times", .named("t")) {
            state in
            state.logView.times = state.logView.times.next
            state.tell(.note, state.logView.times.title)
        },
        log("log.wrap", "wrap long lines, or cut them", hint: "wrap", .named("w")) { state in
            state.logView.wraps.toggle()
            state.engine.log?.column = 0
            state.tell(.note, state.logView.wraps ? "long lines are wrapped" : "long lines are cut: ← → scroll")
        },
        log("log.json", "lines that are JSON: as written, in one row, folded out", hint: "JSON", .named("o")) { state in
            state.logView.json = state.logView.json.next
            if state.logView.wraps { state.engine.log?.column = 0 }
            state.tell(.note, state.logView.json.title)
        },
        log("log.numbers", "number the lines", .named("#")) { $0.logView.numbers.toggle() },
        log("log.time", "go to a time: 14:05, -10m", hint: "time", .named("@")) { state in
            state.layers.append(.prompt(Prompt(purpose: .time)))
        },
        log("log.nextEvent", "the next start, end or health change", .named("}")) { $0.nextEvent(1) },
        log("log.previousEvent", "the start, end or health change before", .named("{")) { $0.nextEvent(-1) },
        log("log.clear", "hide all lines up to now, or show them again", .named("C")) { $0.clearLog() },
        log("log.select", "select lines", hint: "select", .named("v")) { $0.selectLines() },
        Command(
            id: "log.copy", title: "copy the selected lines, or all on the screen (OSC 52)", keys: .named("y"),
            scope: .tab(.logs), applies: hasLog, run: { $0.copyLines() }),
        log("log.save", "save the log to a file", hint: "save", .named("ctrl-s")) { state in
            state.layers.append(.prompt(state.savePrompt))
        },
        Command(
            id: "log.pager", title: "open the held lines in $PAGER", keys: .named("|"), scope: .tab(.logs),
            applies: hasLog, run: { $0.pageLog() }),
        Command(
            id: "log.leave", title: "end the selection, the filter, the search", keys: .named("esc"),
            scope: .tab(.logs),
            applies: { $0.hasLogModes ? .yes : .no("") },
            run: { state in
                state.leaveLogModes()
                return []
            }),
        Command(
            id: "log.merge", title: "the logs of the marked containers, or of a project, as one; and back",
            hint: "merge", keys: .named("m"), scope: .containers,
            applies: { $0.merged != nil || $0.hasMergeChoices ? .yes : .no("no container to merge logs of") },
            run: { state in
                state.mergeLogs()
                return []
            }),
        Command(
            id: "log.wall", title: "the logs of the marked containers, or of a project, side by side (log wall)",
            keys: .named("ctrl-w"), scope: .containers,
            applies: {
                $0.hasMergeChoices
                    ? .yes
                    : .no(
                        "no containers to show the logs of: \($0.key(of: "list.mark")) marks some, or select one of a project"
                    )
            },
            run: { state in
                state.openWall()
                return []
            }),
        Command(
            id: "log.rates", title: "count the log lines of all containers on the screen, or stop",
            keys: .named("L"), scope: .containers,
            run: { state in
                state.countsLogLines.toggle()
                state.tell(
                    .note,
                    state.countsLogLines
                        ? "log lines a second: the logs of the running containers on the screen are read"
                        : "log lines a second: of followed logs only")
                return []
            }),
    ]

    private static func log(
        _ id: String, _ title: String, hint: String? = nil, _ keys: [Key],
        _ body: @escaping @Sendable (inout State) -> Void
    ) -> Command {
        Command(
            id: id, title: title, hint: hint, keys: keys, scope: .tab(.logs), applies: hasLog,
            run: { state in
                body(&state)
                return []
            })
    }

    @Sendable private static func hasLog(_ state: State) -> Applicability {
        state.engine.log == nil ? .no("no log is shown") : .yes
    }
}

extension State {
    /// Whether lines of the shown log are selected, left out or searched: Esc ends that before it leaves the log.
    var hasLogModes: Bool {
        guard tab == .logs, let log = engine.log else { return false }
        return log.selection != nil || log.filter != nil || log.search != nil
    }
}

extension CaseIterable where Self: Equatable, AllCases: RandomAccessCollection, AllCases.Index == Int {
    /// The case behind this one; behind the last comes the first.
    var next: Self {
        let all = Self.allCases
        let index = all.firstIndex(of: self) ?? 0
        return all[(index + 1) % all.count]
    }
}
