/// One command of the shell: what it reads, prints and changes.
struct DemoCommand: Sendable {
    var shell: DemoShell
    let words: [String]
    var input: [UInt8]
    var output: [UInt8] = []
    var errors: [UInt8] = []
    var code = 0
    /// How long it takes.
    var pause: Nanoseconds = 0
    /// A shell that reads what is typed takes the place of the one that ran it.
    var isReplaced = false

    init(shell: DemoShell, words: [String], input: [UInt8]) {
        self.shell = shell
        self.words = words
        self.input = input
    }

    private init(_ run: DemoCommand, words: [String]) {
        self = DemoCommand(shell: run.shell, words: words, input: [])
        (output, errors, code, pause) = (run.output, run.errors, run.code, run.pause)
    }

    var name: String { words[0].split(separator: "/").last.map(String.init) ?? "" }
    var arguments: [String] { Array(words.dropFirst()) }
    /// What is no option.
    var operands: [String] { arguments.filter { !$0.hasPrefix("-") || $0 == "-" } }
    func has(_ option: Character) -> Bool {
        arguments.contains { $0.hasPrefix("-") && !$0.hasPrefix("--") && $0.contains(option) }
    }

    mutating func say(_ text: String) {
        guard output.count < DemoShell.outputLimit else { return }
        output += text.utf8
        output.append(0x0A)
    }

    mutating func fail(_ text: String, _ code: Int = 1) {
        errors += "\(text)\n".utf8
        self.code = code
    }

    mutating func readInput(from path: String, _ host: DemoHost) {
        guard let container = try? host.find(shell.container) else { return }
        let files = host.files(of: container)
        input = files[DemoHost.resolved(shell.path(path), in: files)]?.data ?? []
    }

    mutating func write(_ path: String, appends: Bool, _ host: inout DemoHost) {
        let path = shell.path(path)
        guard path != "/dev/null" else {
            output = []
            return
        }
        guard let container = try? host.find(shell.container) else { return }
        let files = host.files(of: container)
        let folder = path.split(separator: "/").dropLast().map { "/" + $0 }.joined()
        guard files[folder]?.isFolder == true, files[path]?.isFolder != true else {
            return fail("\(shell.name): can't create \(path): nonexistent directory")
        }
        let before = appends ? files[path]?.data ?? [] : []
        host.write(DemoFile(before + output, time: host.now), to: path, of: container)
        output = []
    }

    mutating func go(_ host: inout DemoHost) {
        guard let container = try? host.find(shell.container) else { return fail("no such container", 137) }
        switch name {
        case "true", ":", "chmod", "chown", "sync", "wait": break
        case "clear": output += "\u{1B}[H\u{1B}[2J".utf8
        case "stty" where arguments.first != "size": break
        case "trap", "ulimit", "umask": break
        case "exec", "nohup", "time":
            guard words.count > 1 else { return }
            if name == "exec", DemoCommand.find(words[1], in: host.files(of: container)) == nil {
                return fail("\(shell.name): exec: \(words[1]): not found", 127)
            }
            let shells = ["sh", "bash", "ash"]
            if name == "exec", shells.contains(words[1].split(separator: "/").last.map(String.init) ?? ""),
                !arguments.contains(where: { $0.hasPrefix("-") && $0.hasSuffix("c") })
            {
                isReplaced = true
                return
            }
            var run = DemoCommand(shell: shell, words: arguments, input: input)
            run.go(&host)
            self = DemoCommand(run, words: words)
        case "false": code = 1
        case "echo": echo()
        case "printf":
            output +=
                (operands.first ?? "").replacing("\\n", with: "\n").replacing(
                    "%s", with: operands.dropFirst().first ?? ""
                ).utf8
        case "pwd": say(shell.folder.isEmpty ? "/" : shell.folder)
        case "cd": changeFolder(host, container)
        case "env", "printenv":
            for (name, value) in shell.variables.sorted(by: { $0.key < $1.key }) { say("\(name)=\(value)") }
        case "export", "set":
            for word in arguments {
                let sides = word.split(separator: "=", maxSplits: 1).map(String.init)
                if sides.count == 2 { shell.set(sides[0], sides[1]) }
            }
        case "unset": for word in arguments { shell.variables[word] = nil }
        case "whoami": say(shell.user)
        case "id": id()
        case "hostname": say(container.hostname)
        case "uname":
            say(
                has("a")
                    ? "Linux \(container.hostname) 6.1.0-28-amd64 #1 SMP x86_64 GNU/Linux"
                    : has("r") ? "6.1.0-28-amd64" : "Linux")
        case "date": say(host.now.rfc3339.prefix(19).replacing("T", with: " ") + " UTC")
        case "uptime":
            let up = host.now - host.epoch + 40 * .day
            say(" \(host.now.clock.prefix(8)) up \(up / .day) days,  load average: 0.42, 0.38, 0.31")
        case "sleep": sleep()
        case "stty":
            if let size = shell.size {
                say("\(size.height) \(size.width)")
            } else {
                fail("stty: standard input: Not a tty")
            }
        case "ls": list(host, container)
        case "cat", "head", "tail", "wc", "grep", "sort": filter(host, container)
        case "touch", "mkdir", "rm", "cp", "mv": change(&host, container)
        case "ps", "top": processes(host, container)
        case "which", "type", "command": which(host, container)
        case "sh", "bash", "ash": nested(&host)
        case "nslookup": lookUp(host, container)
        case "ping": ping(host, container)
        case "seq":
            for number in 1...max(1, min(200_000, operands.last.flatMap { Int($0) } ?? 1)) { say(String(number)) }
        case "kill": if operands.isEmpty { fail("kill: you need to specify whom to kill", 2) }
        default: missing(container)
        }
    }

    /// Programs that are there but do nothing here, and those that are not there.
    private mutating func missing(_ container: DemoContainer) {
        let own = container.spec.command.first?.split(separator: "/").last.map(String.init)
        if name == own { return fail("\(name): already running as process 1") }
        fail("\(shell.name): \(words[0]): not found", 127)
    }

    private mutating func echo() {
        var words = arguments[...]
        let isLine = words.first != "-n"
        if !isLine { words = words.dropFirst() }
        let escapes = words.first == "-e"
        if escapes { words = words.dropFirst() }
        var text = words.joined(separator: " ")
        if escapes {
            text = text.replacing("\\n", with: "\n").replacing("\\t", with: "\t").replacing("\\033", with: "\u{1B}")
        }
        output += (text + (isLine ? "\n" : "")).utf8
    }

    private mutating func id() {
        let number = shell.user == "root" ? "0" : Int(shell.user).map(String.init) ?? "1000"
        if has("u") { return say(number) }
        if has("g") { return say(number) }
        say("uid=\(number)(\(shell.user)) gid=\(number)(\(shell.user)) groups=\(number)(\(shell.user))")
    }

    private mutating func sleep() {
        guard let text = operands.first, let seconds = Self.seconds(text) else {
            return fail("sleep: invalid number '\(operands.first ?? "")'")
        }
        pause = Nanoseconds(min(seconds, 1e6) * 1e9)
    }

    /// `5`, `0.3`, `2m`.
    static func seconds(_ text: String) -> Double? {
        let units: [Character: Double] = ["s": 1, "m": 60, "h": 3600, "d": 86400]
        if let last = text.last, let unit = units[last] { return Double(text.dropLast()).map { $0 * unit } }
        return text == "infinity" ? 1e6 : Double(text).flatMap { $0.isFinite && $0 >= 0 ? $0 : nil }
    }

    private mutating func changeFolder(_ host: DemoHost, _ container: DemoContainer) {
        let files = host.files(of: container)
        let path = DemoHost.resolved(shell.path(operands.first ?? "~"), in: files)
        guard files[path]?.isFolder == true else {
            return fail("\(shell.name): cd: can't cd to \(operands.first ?? path): No such file or directory", 2)
        }
        shell.folder = path
    }

    private mutating func processes(_ host: DemoHost, _ container: DemoContainer) {
        say("PID   USER     TIME  COMMAND")
        let main = container.spec.command.joined(separator: " ")
        let user = container.spec.user.isEmpty ? "root" : container.spec.user
        let shown = user + String(repeating: " ", count: max(1, 9 - user.count))
        say("    1 \(shown)0:\(Nanoseconds.digits(Int64(container.seed % 60), 2)) \(main)")
        for (number, exec) in host.runningExecs(in: container).enumerated() {
            say("   \(40 + number) \(shown)0:00 \(exec.command.joined(separator: " "))")
        }
        say("   97 \(shown)0:00 ps")
    }

    private mutating func nested(_ host: inout DemoHost) {
        guard let index = arguments.firstIndex(where: { $0.hasPrefix("-") && $0.hasSuffix("c") }),
            index + 1 < arguments.count
        else { return }
        let outcome = shell.run(arguments[index + 1], input: input, &host)
        for piece in outcome.pieces {
            pause += piece.after
            if piece.isError { errors += piece.text } else { output += piece.text }
        }
        code = outcome.exit ?? shell.code
    }
}
