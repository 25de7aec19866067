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

    init(shell: DemoShell, words: [String], input: [UInt8]) {
        self.shell = shell
        self.words = words
        self.input = input
    }

    private init(_ run: DemoCommand, words: [String]) {
        self = DemoCommand(shell: run.shell, words: words, input: [])
        (output, errors, code, pause) = (run.output, run.errors, run.code, run.pause)
    }

    private var name: String { words[0].split(separator: "/").last.map(String.init) ?? "" }
    private var arguments: [String] { Array(words.dropFirst()) }
    /// What is no option.
    private var operands: [String] { arguments.filter { !$0.hasPrefix("-") || $0 == "-" } }
    private func has(_ option: Character) -> Bool {
        arguments.contains { $0.hasPrefix("-") && !$0.hasPrefix("--") && $0.contains(option) }
    }

    private mutating func say(_ text: String) {
        guard output.count < DemoShell.outputLimit else { return }
        output += text.utf8
        output.append(0x0A)
    }

    private mutating func fail(_ text: String, _ code: Int = 1) {
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
        guard path != "/dev/null" else { return }
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

    private mutating func list(_ host: DemoHost, _ container: DemoContainer) {
        let files = host.files(of: container)
        let paths = operands.isEmpty ? ["."] : operands
        for (index, text) in paths.enumerated() {
            let path = DemoHost.resolved(shell.path(text), in: files)
            guard let file = files[path] else {
                fail("ls: \(text): No such file or directory")
                continue
            }
            if paths.count > 1 { say((index > 0 ? "\n" : "") + "\(text):") }
            guard file.isFolder, !has("d") else {
                say(has("l") ? Self.line(file, text) : text)
                continue
            }
            let names = DemoHost.names(in: path, of: files).filter { has("a") || !$0.hasPrefix(".") }
            if has("l") {
                say("total \(names.count * 4)")
                for name in names { if let file = files[path + "/" + name] { say(Self.line(file, name)) } }
            } else if let size = shell.size, !has("1") {
                columns(names, width: size.width)
            } else {
                for name in names { say(name) }
            }
        }
    }

    private static func line(_ file: DemoFile, _ name: String) -> String {
        let size = String(file.size)
        let time = file.time.rfc3339.prefix(16).replacing("T", with: " ")
        let link = if case .link(let target) = file.kind { " -> " + target } else { "" }
        return
            "\(file.permissions)    1 root     root     \(String(repeating: " ", count: max(0, 9 - size.count)))\(size) \(time) \(name)\(link)"
    }

    private mutating func columns(_ names: [String], width: Int) {
        guard let longest = names.map(\.count).max() else { return }
        let perLine = max(1, width / (longest + 2))
        var rest = names[...]
        while !rest.isEmpty {
            let line = rest.prefix(perLine)
            rest = rest.dropFirst(line.count)
            say(
                line.dropLast().map { $0 + String(repeating: " ", count: longest + 2 - $0.count) }.joined()
                    + (line.last ?? ""))
        }
    }

    private mutating func filter(_ host: DemoHost, _ container: DemoContainer) {
        var operands = operands
        let pattern = name == "grep" && !operands.isEmpty ? operands.removeFirst() : ""
        var count = 10
        if name == "head" || name == "tail" {
            if let index = arguments.firstIndex(of: "-n"), index + 1 < arguments.count {
                count = Int(arguments[index + 1]) ?? 10
                operands.removeAll { $0 == arguments[index + 1] }
            } else if let short = arguments.first(where: { Int($0.dropFirst()) != nil && $0.hasPrefix("-") }) {
                count = Int(short.dropFirst()) ?? 10
            }
        }
        var bytes = input
        if !operands.isEmpty {
            bytes = []
            let files = host.files(of: container)
            for text in operands where text != "-" {
                guard let file = files[DemoHost.resolved(shell.path(text), in: files)] else {
                    fail("\(name): can't open '\(text)': No such file or directory")
                    continue
                }
                if file.isFolder { fail("\(name): read error: Is a directory") } else { bytes += file.data }
            }
        }
        guard name != "cat" else {
            output += bytes.prefix(DemoShell.outputLimit)
            return
        }
        var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        switch name {
        case "head": lines = Array(lines.prefix(max(0, count)))
        case "tail": lines = lines.suffix(max(0, count))
        case "sort": lines.sort { $0.lexicographicallyPrecedes($1) }
        case "grep":
            let inverted = has("v")
            lines = lines.filter { String(decoding: $0, as: UTF8.self).contains(pattern) != inverted }
            code = lines.isEmpty ? 1 : 0
        default:
            let counts = [
                ("l", lines.count), ("w", bytes.split { $0 == 0x20 || $0 == 0x0A }.count), ("c", bytes.count),
            ]
            let asked = counts.filter { has(Character($0.0)) }
            return say((asked.isEmpty ? counts : asked).map { String($0.1) }.joined(separator: " "))
        }
        for line in lines { say(String(decoding: line, as: UTF8.self)) }
    }

    private mutating func change(_ host: inout DemoHost, _ container: DemoContainer) {
        let files = host.files(of: container)
        if name == "cp" || name == "mv" {
            guard operands.count == 2 else { return fail("\(name): missing file operand") }
            let from = DemoHost.resolved(shell.path(operands[0]), in: files)
            guard let file = files[from], file.isFile else {
                return fail("\(name): can't stat '\(operands[0])': No such file or directory")
            }
            var to = shell.path(operands[1])
            if files[to]?.isFolder == true { to += "/" + (from.split(separator: "/").last ?? "") }
            host.write(file, to: to, of: container)
            if name == "mv" { host.removeFile(from, of: container) }
            return
        }
        for text in operands {
            let path = shell.path(text)
            let folder = path.split(separator: "/").dropLast().map { "/" + $0 }.joined()
            let known = files[path]
            switch name {
            case "touch", "mkdir":
                if known != nil {
                    if name == "mkdir", !has("p") { fail("mkdir: can't create directory '\(text)': File exists") }
                } else if files[folder]?.isFolder == true || has("p") {
                    host.write(
                        name == "touch" ? DemoFile([], time: host.now) : .folder(host.now), to: path, of: container)
                } else {
                    fail("\(name): \(text): No such file or directory")
                }
            default:
                if path.isEmpty {
                    fail("rm: can't remove '/': it is what this demo stands on")
                } else if known == nil {
                    if !has("f") { fail("rm: can't remove '\(text)': No such file or directory") }
                } else if known?.isFolder == true, !has("r"), !has("R") {
                    fail("rm: '\(text)' is a directory")
                } else {
                    host.removeFile(path, of: container)
                }
            }
        }
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

    private mutating func which(_ host: DemoHost, _ container: DemoContainer) {
        let files = host.files(of: container)
        for text in operands {
            if let path = Self.find(text, in: files) { say(path) } else { code = 127 }
        }
    }

    /// Where a program is.
    static func find(_ name: String, in files: [String: DemoFile]) -> String? {
        if name.contains("/") {
            let path = DemoHost.plain(name)
            return files[DemoHost.resolved(path, in: files)]?.isFile == true ? path : nil
        }
        return ["/usr/local/bin", "/usr/bin", "/bin", "/sbin"].map { $0 + "/" + name }.first { files[$0] != nil }
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
