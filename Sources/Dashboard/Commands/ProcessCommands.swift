import EngineAPI
import Terminal

extension Command {
    static let processCommands: [Command] = [
        Command(
            id: "top.signal", title: "send a signal to the selected process", hint: "signal",
            keys: .named("K", "ctrl-k"), scope: .tab(.top), kind: .destroys,
            applies: { state in
                guard state.engine.isConnected else { return .no("the Engine is not reachable: nothing was sent") }
                return state.selectedProcess == nil ? .no("no process is selected") : .yes
            },
            run: { $0.askProcessSignal() }),
        Command(
            id: "top.columns", title: "what ps shows of the processes", hint: "columns", keys: .named("o"),
            scope: .tab(.top),
            run: { state in
                let items =
                    State.psChoices.map {
                        Menu.Item(title: $0.title, note: $0.arguments ?? "", choice: .ps($0.arguments))
                    }
                    + [Menu.Item(title: "to be typed …", note: state.psArguments ?? "", choice: .typePS)]
                let index = State.psChoices.firstIndex { $0.arguments == state.psArguments } ?? items.count - 1
                state.layers.append(.menu(Menu(title: "What ps shows", items: items, index: index)))
                return []
            }),
    ]
}

extension State {
    fileprivate static let psChoices: [(title: String, arguments: String?)] = [
        ("as the Engine does", nil), ("with memory and time", "-eo pid,ppid,user,stat,pcpu,pmem,rss,etime,args"),
        ("threads, niceness, what it waits for", "-eo pid,ppid,nlwp,ni,psr,cls,wchan:20,args"),
        ("each thread", "-eLo pid,lwp,stat,pcpu,comm"), ("as BSD does", "aux"),
    ]

    /// The selected process of those that are shown: its number on the host, and its command.
    var selectedProcess: (pid: Int, command: String)? {
        guard tab == .top, let top = engine.top, let list = top.list, let column = list.pidColumn,
            let row = list.processes.first(where: { $0.count > column && $0[column] == top.selected }),
            let pid = Int(row[column])
        else { return nil }
        return (pid, Sanitiser.clean(row.last ?? ""))
    }

    /// Moves the selection among the processes.
    mutating func moveProcess(_ step: Int) {
        guard let list = engine.top?.list, !list.processes.isEmpty, let index = engine.top?.index else { return }
        let next = min(max(0, index + step), list.processes.count - 1)
        engine.top?.index = next
        engine.top?.selected = list.pid(at: next)
        keepProcess()
    }

    /// After a list has come: the selection stays on its process, and on the screen.
    mutating func keepProcess() {
        guard let list = engine.top?.list, !list.processes.isEmpty, var top = engine.top else { return }
        if let index = list.processes.indices.first(where: { list.pid(at: $0) == top.selected }), top.selected != nil {
            top.index = index
        } else {
            top.index = min(top.index, list.processes.count - 1)
            top.selected = list.pid(at: top.index)
        }
        engine.top = top
        let height = max(1, layout.body.height - 1)
        topScroll.row = min(max(topScroll.row, top.index - height + 1), top.index)
        topScroll.row = min(topScroll.row, max(0, list.processes.count - height))
    }

    mutating func askPS(_ arguments: String?) {
        psArguments = arguments
        engine.top?.list = nil
        engine.top?.error = nil
        topScroll = Scroll()
    }

    mutating func typePS() {
        ask(
            Ask(
                label: "ps ", hint: "-eo pid,ppid,args · aux; pid has to be among the columns", verb: "show",
                accept: { text, state in
                    state.askPS(text)
                    return []
                }), text: psArguments ?? "-eo pid,ppid,user,args")
    }

    fileprivate mutating func askProcessSignal() -> [Effect] {
        guard let container = selectedContainer, let process = selectedProcess else { return [] }
        let name = Sanitiser.clean(container.name)
        let command = process.command.count > 40 ? process.command.prefix(39) + "…" : process.command
        let id = container.id
        let job: @Sendable (Question) -> SignalProcessJob = { question in
            SignalProcessJob(
                container: id, name: name, pid: process.pid, command: command,
                signal: Signal.choices[question.chosen("signal")])
        }
        layers.append(
            .question(
                Question(
                    engine: current, targets: [.init(id: .container(id), name: "\(process.pid) in \(name)")],
                    verb: "send a signal to", noun: "processes",
                    options: [
                        .init(
                            id: "signal",
                            value: .choice(
                                Signal.choices.map(\.short), index: Signal.choices.firstIndex(of: .term) ?? 0))
                    ], notes: [command], docker: { job($0).docker }, yes: { $1.start(job($0)) })))
        return []
    }
}

extension ProcessList {
    /// The column with the numbers.
    var pidColumn: Int? { titles.firstIndex(of: "PID") }

    /// The number of the process in a row.
    func pid(at row: Int) -> String? {
        pidColumn.flatMap { processes[row].count > $0 ? processes[row][$0] : nil }
    }
}
