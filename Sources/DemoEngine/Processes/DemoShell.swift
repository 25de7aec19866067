import EngineAPI

/// A small shell in a simulated container: a line goes in, what it prints comes out.
struct DemoShell: Sendable {
    /// Something that is printed, after a while.
    struct Piece: Sendable {
        var isError = false
        var text: [UInt8] = []
        /// How long to wait before it is.
        var after: Nanoseconds = 0
    }

    /// What came of a line.
    struct Outcome: Sendable {
        var pieces: [Piece] = []
        /// The shell has ended with a code.
        var exit: Int?
        /// A shell that reads what is typed has taken its place.
        var isReplaced = false
        /// How long it took.
        var time: Nanoseconds { pieces.reduce(0) { $0 + $1.after } }
    }

    /// What a command prints at most.
    static let outputLimit = 256 << 10

    let container: String
    let name: String
    var variables: [String: String]
    var folder: String
    let user: String
    /// Of its terminal; nil without one.
    var size: (width: Int, height: Int)?
    var code = 0

    init(
        container: DemoContainer, name: String = "sh", environment: [String] = [], folder: String? = nil,
        user: String? = nil, hasTerminal: Bool = false
    ) {
        self.container = container.id
        self.name = name
        let user =
            user.flatMap { $0.isEmpty ? nil : $0 } ?? (container.spec.user.isEmpty ? "root" : container.spec.user)
        self.user = user == "0" ? "root" : user
        self.folder = folder.flatMap { $0.isEmpty ? nil : $0 } ?? container.directory
        variables = ["PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"]
        variables["HOSTNAME"] = container.hostname
        variables["HOME"] = self.user == "root" ? "/root" : "/home/\(self.user)"
        if hasTerminal { variables["TERM"] = "xterm" }
        for pair in container.spec.environment + environment {
            let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            variables[String(sides[0])] = sides.count > 1 ? String(sides[1]) : ""
        }
        if hasTerminal { size = (80, 24) }
    }

    var prompt: String { "\(folder.isEmpty ? "/" : folder) \(user == "root" ? "#" : "$") " }

    /// Runs a line, or a script of several.
    mutating func run(_ line: String, input: [UInt8] = [], _ host: inout DemoHost) -> Outcome {
        var outcome = Outcome()
        do {
            for pipeline in try ShellLine(line).pipelines {
                switch pipeline.joint {
                case .always: break
                case .whenWell: guard self.code == 0 else { continue }
                case .whenNot: guard self.code != 0 else { continue }
                }
                run(pipeline, input, &outcome, &host)
                if outcome.exit != nil || outcome.isReplaced { break }
            }
        } catch {
            outcome.pieces.append(Piece(isError: true, text: Array("\(name): \(error.message)\n".utf8)))
            self.code = 2
        }
        return outcome
    }

    /// What `$NAME` stands for.
    private func value(_ name: String) -> String {
        switch name {
        case "?": String(code)
        case "$": "1"
        case "0": self.name
        case "#": "0"
        case "PWD": folder.isEmpty ? "/" : folder
        default: variables[name] ?? ""
        }
    }

    private mutating func run(
        _ pipeline: ShellLine.Pipeline, _ first: [UInt8], _ outcome: inout Outcome, _ host: inout DemoHost
    ) {
        var input = first
        for (index, raw) in pipeline.commands.enumerated() {
            var command = raw
            command.words = raw.words.map { ShellLine.expand($0, value: value) }
            command.settings = raw.settings.map { ($0.0, ShellLine.expand($0.1, value: value)) }
            guard let first = command.words.first else {
                for (name, value) in command.settings { set(name, value) }
                code = 0
                continue
            }
            var run = DemoCommand(shell: self, words: command.words, input: input)
            for case .input(let path) in command.redirections {
                run.readInput(from: ShellLine.expand(path, value: value), host)
            }
            let known = variables
            for (name, value) in command.settings { run.shell.set(name, value) }
            switch first {
            case "exit":
                outcome.exit = command.words.dropFirst().first.flatMap { Int($0) }.map { $0 & 255 } ?? code
                return
            default: run.go(&host)
            }
            self = run.shell
            if run.isReplaced {
                outcome.isReplaced = true
                return
            }
            if !command.settings.isEmpty { variables = known }
            code = run.code
            if run.pause > 0 { outcome.pieces.append(Piece(after: run.pause)) }
            for case .errorToOutput in command.redirections {
                run.output += run.errors
                run.errors = []
            }
            for case .outputToError in command.redirections {
                run.errors += run.output
                run.output = []
            }
            for case .error in command.redirections { run.errors = [] }
            for case .output(let path, let appends) in command.redirections {
                run.write(ShellLine.expand(path, value: value), appends: appends, &host)
                code = run.code
            }
            if !run.errors.isEmpty { outcome.pieces.append(Piece(isError: true, text: run.errors)) }
            input = run.output
            if index == pipeline.commands.count - 1, !input.isEmpty {
                outcome.pieces.append(Piece(text: Array(input.prefix(Self.outputLimit))))
            }
        }
    }

    mutating func set(_ name: String, _ value: String) {
        guard name.utf8.count <= 256, variables[name] != nil || variables.count < 256 else { return }
        variables[name] = String(value.prefix(4096))
    }

    /// A path as the shell means it.
    func path(_ text: String) -> String {
        if text == "~" || text.hasPrefix("~/") { return DemoHost.plain((variables["HOME"] ?? "") + text.dropFirst()) }
        return DemoHost.plain(text.hasPrefix("/") ? text : folder + "/" + text)
    }
}
