import EngineAPI
import Terminal

extension Command {
    static let execCommands: [Command] = [
        Command(
            id: "container.exec", title: "a shell in the container (exec: bash, or sh)", hint: "shell",
            keys: .named("e"), scope: .containers, kind: .changes,
            applies: { $0.canEnter },
            run: { state in
                guard let container = state.selectedContainer else { return [] }
                return state.exec(.shell, in: container.id)
            }),
        Command(
            id: "container.execCommand", title: "a command in the container, as a user of choice (exec)",
            keys: .named("E"), scope: .containers, kind: .changes,
            applies: { $0.canEnter },
            run: { state in
                guard let container = state.selectedContainer else { return [] }
                let id = container.id
                state.ask(
                    Ask(
                        label: "docker exec -it \(Sanitiser.clean(container.name)) ‹-u user› ",
                        hint: "-u user · -w dir · -e NAME=VALUE · command", verb: "run",
                        check: { text, _ in
                            do throws(ShellWords.Failure) {
                                _ = try ExecLine(text)
                                return nil
                            } catch { return error.message }
                        },
                        accept: { text, state in
                            guard let line = try? ExecLine(text) else { return [] }
                            state.lastExec = text
                            return state.exec(line, in: id)
                        }), text: state.lastExec)
                return []
            }),
        Command(
            id: "container.attach", title: "the terminal of its main process (attach); Ctrl-p Ctrl-q comes back",
            keys: .named("a"), scope: .containers, kind: .changes,
            applies: { $0.canEnter },
            run: { state in
                guard let container = state.selectedContainer else { return [] }
                return state.attach(to: container.id)
            }),
    ]
}

extension State {
    /// Whether something can be run in the selected container.
    fileprivate var canEnter: Command.Applicability {
        guard let container = selectedContainer else { return .no("no container is selected") }
        guard engine.isConnected else { return .no("the Engine is not reachable: nothing was sent") }
        let name = Sanitiser.clean(container.name)
        if container.state == .paused { return .no("\(name) is paused: \(key(of: "container.pause")) unpauses it") }
        return container.state == .running ? .yes : .no("\(name) is not running")
    }

    /// Runs a command in a container, in this terminal.
    mutating func exec(_ line: ExecLine, in id: ContainerID) -> [Effect] {
        guard let container = engine.containers[id] else {
            tell(.failure, "the container is gone: nothing was run")
            return []
        }
        let name = Sanitiser.clean(container.name)
        return handOver(
            .exec(line.request), to: id, title: "\(line.title) in \(name)", docker: line.docker(name))
    }

    fileprivate mutating func attach(to id: ContainerID) -> [Effect] {
        guard let container = engine.containers[id] else { return [] }
        let name = Sanitiser.clean(container.name)
        return handOver(.attach, to: id, title: "attach to \(name)", docker: "docker attach \(name)")
    }

    /// Starts a container that has just been made, with the terminal on its main process.
    mutating func runAttached(_ container: ContainerSummary) -> [Effect] {
        let name = Sanitiser.clean(container.name)
        return handOver(
            .start, to: container.id, title: "run \(name)", docker: "docker start --attach --interactive \(name)")
    }

    private mutating func handOver(
        _ target: Handover.Target, to id: ContainerID, title: String, docker: String
    ) -> [Effect] {
        let number = nextAction
        nextAction += 1
        journal.append(
            Journal.Entry(
                id: number, at: now, engine: current, title: title, done: title, docker: docker, outcome: .running))
        tell(.note, "\(title): waiting for the Engine; Esc leaves")
        return [.handOver(current, number, id, target, title: title)]
    }

    /// The terminal is ours again.
    mutating func handedBack(_ number: Int, _ outcome: Handover.Outcome) {
        guard let entry = journal.entries.last(where: { $0.id == number }) else { return }
        let seconds = now.timeIntervalSince(entry.at)
        switch outcome {
        case .ended(let code):
            // A shell ends with the code of what was last typed into it: that is no failure of the shell.
            let isGood = code == nil || code == 0 || entry.title.hasPrefix(ExecLine.shell.title)
            let how = code.map { $0 == 0 ? "ended" : "ended with \(LogEvents.exit($0))" } ?? "ended"
            journal.finish(number, isGood ? .done(seconds) : .failed(how))
            tell(code ?? 0 == 0 ? .success : .note, "\(entry.title): \(how)", docker: entry.docker)
        case .detached:
            journal.finish(number, .done(seconds))
            tell(.success, "\(entry.title): detached, it goes on", docker: entry.docker)
        case .left(let mayHaveBegun):
            let how =
                mayHaveBegun
                ? "left; it may have begun all the same: \(key(of: "view.top")) lists processes"
                : "left before it began"
            journal.finish(number, .failed(how))
            tell(.note, "\(entry.title): \(how)")
        case .lost:
            journal.finish(number, .failed("the connection ended, it goes on"))
            tell(.failure, "\(entry.title): the connection ended, it goes on", docker: entry.docker)
        case .failed(let error):
            let reason = ExecLine.reason(error.message)
            if reason != error.message { journal.note(number, [Sanitiser.clean(error.message)]) }
            journal.finish(number, .failed(reason))
            let help = reason == ExecLine.noShell ? "; \(key(of: "container.execCommand")) runs another command" : ""
            tell(.failure, "\(entry.title): \(reason)\(help)", docker: entry.docker)
        case .hungUp: journal.finish(number, .failed("the terminal is gone"))
        }
    }
}

/// What is typed behind `docker exec -it`: options and a command.
struct ExecLine: Hashable, Sendable {
    var request: ExecRequest
    /// The command as words of a shell.
    var title: String
    /// What is typed in front of the container's name.
    var options: [String] = []
    var isShell = false

    static let noShell = "no shell in it, neither bash nor sh"

    /// Why something could not be run, from the Engine's many words: `executable file not found in $PATH`.
    static func reason(_ message: String) -> String {
        guard message.contains("exec failed"), let range = message.firstRange(of: "exec: \"") else {
            return Sanitiser.clean(message)
        }
        var reason = Sanitiser.clean(String(message[message.index(before: range.upperBound)...]))
        while reason.last == " " { reason.removeLast() }
        if reason.hasSuffix(": unknown") { reason.removeLast(": unknown".count) }
        if let quoted = reason.firstRange(of: "\": "), !reason.hasPrefix("\"sh\":") {
            // The command itself is said already.
            return String(reason[quoted.upperBound...])
        }
        return reason.hasPrefix("\"sh\":") ? noShell : reason
    }

    /// bash where there is one, else sh.
    static let shell: ExecLine = {
        let script = "command -v bash >/dev/null 2>&1 && exec bash; exec sh"
        return ExecLine(request: ExecRequest(["sh", "-c", script]), title: "shell", isShell: true)
    }()

    /// Reads `[-u USER] [-w DIR] [-e NAME=VALUE] [--privileged] COMMAND …`.
    /// - Throws: `ShellWords.Failure` that says what is wrong.
    init(_ text: String) throws(ShellWords.Failure) {
        var words = try ShellWords.split(text)[...]
        var request = ExecRequest([])
        var number = 0
        while let word = words.first, word.hasPrefix("-") {
            number += 1
            words.removeFirst()
            options.append(word)
            if ["-i", "-t", "-it", "-ti", "--interactive", "--tty"].contains(word) {
                options.removeLast()
                continue
            }
            if word == "--privileged" {
                request.privileged = true
                continue
            }
            let halves = word.hasPrefix("--") ? word.split(separator: "=", maxSplits: 1).map(String.init) : [word]
            guard ["-u", "--user", "-w", "--workdir", "-e", "--env"].contains(halves[0]) else {
                throw ShellWords.Failure(word: number, message: "unknown flag \(word)")
            }
            let value: String
            if halves.count > 1 {
                value = halves[1]
            } else {
                guard let next = words.popFirst() else {
                    throw ShellWords.Failure(word: number, message: "\(word) needs a value")
                }
                number += 1
                options.append(next)
                value = next
            }
            switch halves[0] {
            case "-u", "--user": request.user = value
            case "-w", "--workdir": request.workingDirectory = value
            default: request.environment.append(value)
            }
        }
        guard !words.isEmpty else { throw ShellWords.Failure(word: number + 1, message: "a command is missing") }
        request.command = Array(words)
        self.request = request
        title = Sanitiser.clean(Secrets.masked(request.command).joined(separator: " "))
    }

    private init(request: ExecRequest, title: String, isShell: Bool) {
        self.request = request
        self.title = title
        self.isShell = isShell
    }

    /// The docker command that does the same.
    func docker(_ name: String) -> String {
        let flags = options.isEmpty ? "" : ShellWords.joined(Secrets.masked(options)) + " "
        let command = isShell ? "sh" : ShellWords.joined(Secrets.masked(request.command))
        return "docker exec -it \(flags)\(name) \(command)"
    }
}
