import Collections

/// A process that a person can type to: what is typed goes in, what it writes comes out at its time.
struct DemoProcess: Sendable {
    private enum Kind: Sendable {
        /// A shell that reads lines.
        case shell
        /// One that gives back what it reads.
        case cat
        /// A command that reads nothing.
        case command
    }

    struct Output: Sendable {
        let time: Nanoseconds
        let isError: Bool
        let bytes: [UInt8]
    }

    /// Bytes that wait for somebody who reads them, at most, and what is typed ahead.
    static let outputKept = 512 << 10
    private static let typedKept = 64 << 10

    private var kind: Kind
    private let command: [String]
    let hasTerminal: Bool
    private(set) var shell: DemoShell
    private var editor = LineEditor()
    private var waiting: Deque<Output> = []
    private var waitingBytes = 0
    /// What was typed while it was busy.
    private var typed: [UInt8] = []
    private var inputEnded = false
    private var busyUntil: Nanoseconds
    private(set) var exitCode: Int?

    init(_ command: [String], shell: DemoShell, hasTerminal: Bool, at now: Nanoseconds) {
        self.command = command
        self.shell = shell
        self.hasTerminal = hasTerminal
        busyUntil = now
        let program = command.first?.split(separator: "/").last.map(String.init) ?? ""
        let hasOperands = command.dropFirst().contains { !$0.hasPrefix("-") }
        kind =
            switch program {
            case "sh", "bash", "ash":
                hasOperands || command.contains { $0.hasPrefix("-") && $0.hasSuffix("c") } ? .command : .shell
            case "cat": hasOperands ? .command : .cat
            default: .command
            }
    }

    /// The main process of a container that reads what is typed.
    init(mainOf container: DemoContainer, at now: Nanoseconds) {
        self.init(
            container.spec.command, shell: DemoShell(container: container, hasTerminal: container.spec.tty),
            hasTerminal: container.spec.tty, at: now)
        // Whatever its command is, a shell has taken its place by then.
        if case .command = kind { kind = .shell }
        if case .shell = kind, hasTerminal { put(shell.prompt, at: now) }
    }

    var isTooFull: Bool { waitingBytes >= Self.outputKept }

    /// Whether it has ended and everything that it wrote was read.
    func isOver(at now: Nanoseconds) -> Bool { exitCode != nil && waiting.isEmpty && now >= busyUntil }
    /// Whether it has ended, by the clock.
    func hasEnded(at now: Nanoseconds) -> Bool { exitCode != nil && now >= busyUntil }

    /// When there is more to read, or it ends; nil when nothing comes before something is typed.
    var next: Nanoseconds? {
        waiting.first?.time ?? (exitCode != nil || !typed.isEmpty || inputEnded ? busyUntil : nil)
    }

    mutating func resize(width: Int, height: Int) { if hasTerminal { shell.size = (width, height) } }

    mutating func begin(_ host: inout DemoHost) {
        switch kind {
        case .shell: if hasTerminal { put(shell.prompt, at: host.now) }
        case .cat: break
        case .command:
            let outcome: DemoShell.Outcome
            if command.count > 2, ["sh", "bash", "ash"].contains(command[0].split(separator: "/").last ?? "") {
                outcome = shell.run(command[2], &host)
            } else {
                let line = command.map { "'" + $0.replacing("'", with: "'\\''") + "'" }.joined(separator: " ")
                outcome = shell.run(line, &host)
            }
            put(outcome, at: host.now)
            if outcome.isReplaced {
                kind = .shell
                if hasTerminal { put(shell.prompt, at: busyUntil) }
            } else {
                exitCode = outcome.exit ?? shell.code
            }
        }
    }

    /// What was written up to now.
    mutating func output(_ host: inout DemoHost) -> [Output] {
        goOn(&host)
        var pieces: [Output] = []
        while let first = waiting.first, first.time <= host.now {
            waitingBytes -= first.bytes.count
            pieces.append(first)
            waiting.removeFirst()
        }
        return pieces
    }

    mutating func take(_ bytes: [UInt8], _ host: inout DemoHost) {
        guard exitCode == nil || host.now < busyUntil else { return }
        // What is typed to interrupt does not wait in line.
        if hasTerminal, host.now < busyUntil, bytes.contains(3) {
            interrupt(host.now)
            return
        }
        typed += bytes.prefix(max(0, Self.typedKept - typed.count))
        goOn(&host)
    }

    mutating func endInput(_ host: inout DemoHost) {
        inputEnded = true
        goOn(&host)
    }

    private mutating func interrupt(_ now: Nanoseconds) {
        waiting = []
        waitingBytes = 0
        typed = []
        busyUntil = now
        put("^C\n", at: now)
        if case .shell = kind {
            exitCode = nil
            shell.code = 130
            put(shell.prompt, at: now)
        } else {
            exitCode = 130
        }
    }

    /// Reads what was typed, as long as it is not busy.
    private mutating func goOn(_ host: inout DemoHost) {
        while exitCode == nil, host.now >= busyUntil {
            guard !typed.isEmpty else {
                if inputEnded { end(host.now) }
                return
            }
            if !hasTerminal {
                guard let end = typed.firstIndex(of: 0x0A) else {
                    guard inputEnded || typed.count >= Self.typedKept else { return }
                    let rest = typed
                    typed = []
                    read(rest, &host)
                    continue
                }
                let line = Array(typed[...end])
                typed.removeFirst(line.count)
                read(line, &host)
                continue
            }
            let byte = typed.removeFirst()
            let (echo, what) = editor.take(byte, prompt: { if case .shell = kind { shell.prompt } else { "" } }())
            if !echo.isEmpty { write(echo, isError: false, at: host.now) }
            switch what {
            case .nothing: break
            case .line(let line): read(line + [0x0A], &host)
            case .end: end(host.now)
            case .interrupt:
                put("^C\n", at: host.now)
                if case .shell = kind { put(shell.prompt, at: host.now) } else { exitCode = 130 }
            }
        }
    }

    private mutating func end(_ now: Nanoseconds) {
        if case .shell = kind {
            if hasTerminal { put("\n", at: now) }
            exitCode = shell.code
        } else {
            exitCode = 0
        }
    }

    private mutating func read(_ line: [UInt8], _ host: inout DemoHost) {
        if case .cat = kind { return write(line, isError: false, at: host.now) }
        let outcome = shell.run(String(decoding: line, as: UTF8.self), &host)
        put(outcome, at: host.now)
        if let code = outcome.exit {
            exitCode = code
        } else if hasTerminal {
            put(shell.prompt, at: busyUntil)
        }
    }

    private mutating func put(_ outcome: DemoShell.Outcome, at now: Nanoseconds) {
        var time = max(now, busyUntil)
        for piece in outcome.pieces {
            time += piece.after
            write(piece.text, isError: piece.isError, at: time)
        }
        busyUntil = time
    }

    private mutating func put(_ text: String, at time: Nanoseconds) {
        write(Array(text.utf8), isError: false, at: time)
    }

    private mutating func write(_ bytes: [UInt8], isError: Bool, at time: Nanoseconds) {
        guard !bytes.isEmpty, waitingBytes < Self.outputKept else { return }
        var bytes = bytes
        if hasTerminal, bytes.contains(0x0A) {
            bytes = bytes.flatMap { $0 == 0x0A ? [0x0D, 0x0A] : [$0] }
        }
        waitingBytes += bytes.count
        waiting.append(Output(time: time, isError: isError && !hasTerminal, bytes: bytes))
    }
}

extension DemoProcess {
    /// Nobody is going to read what it writes.
    mutating func leave() {
        waiting = []
        waitingBytes = 0
        if case .command = kind { return }
        // A shell without input ends at once.
        exitCode = 0
    }
}
