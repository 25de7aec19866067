/// Something that was, is or will be run in a container.
struct DemoExec: Sendable {
    enum State: Sendable {
        case made, runs
        case ended(Int)
    }

    let id: String
    let container: String
    /// Which start of the container it belongs to.
    let starts: Int
    let command: [String]
    let user: String
    let hasTerminal: Bool
    let isPrivileged: Bool
    let readsInput: Bool
    let detachKeys: [UInt8]
    let pid: Int
    var state = State.made
    var process: DemoProcess

    static let kept = 256
}

extension DemoHost {
    func findExec(_ id: String) throws(Refusal) -> DemoExec {
        guard let exec = execs[id] else { throw .notFound("No such exec instance: \(id)") }
        return exec
    }

    func runningExecs(in container: DemoContainer) -> [DemoExec] {
        execOrder.compactMap { execs[$0] }.filter {
            guard case .runs = $0.state else { return false }
            return $0.container == container.id && $0.starts == container.starts && !$0.process.hasEnded(at: now)
        }
    }

    /// Makes ready to run something.
    /// - Returns: its identity.
    mutating func createExec(in reference: String, _ request: JSON) throws(Refusal) -> String {
        let container = try find(reference)
        let command = request["Cmd"]?.texts ?? []
        guard let first = command.first, !first.isEmpty else { throw .bad("No exec command specified") }
        switch container.state {
        case .running: break
        case .paused:
            throw .conflict("Container \(container.id) is paused, unpause the container before exec")
        case .restarting:
            throw .conflict("Container \(container.id) is restarting, wait until the container is running")
        default: throw .conflict("Container \(container.id) is not running")
        }
        execsMade += 1
        var random = SplitMix(seed, 0xE3EC, UInt64(execsMade))
        let id = random.hex(64)
        let hasTerminal = request["Tty"]?.isTrue ?? false
        let user = request["User"]?.text ?? ""
        let shell = DemoShell(
            container: container, name: first.split(separator: "/").last.map(String.init) ?? first,
            environment: request["Env"]?.texts ?? [], folder: request["WorkingDir"]?.text, user: user,
            hasTerminal: hasTerminal)
        let readsInput = request["AttachStdin"]?.isTrue ?? false
        execs[id] = DemoExec(
            id: id, container: container.id, starts: container.starts, command: command, user: user,
            hasTerminal: hasTerminal, isPrivileged: request["Privileged"]?.isTrue ?? false, readsInput: readsInput,
            detachKeys: DetachKeys.read(request["DetachKeys"]?.text), pid: container.pid + 100 + execsMade % 900,
            process: DemoProcess(command, shell: shell, hasTerminal: hasTerminal, at: now))
        execOrder.append(id)
        if execOrder.count > DemoExec.kept { execs[execOrder.removeFirst()] = nil }
        tell("exec_create: \(command.joined(separator: " "))", container.index, ["execID": id])
        return id
    }

    /// Runs it.
    mutating func startExec(_ id: String, hasReader: Bool) throws(Refusal) {
        var exec = try findExec(id)
        guard case .made = exec.state else {
            throw .conflict("Error: Exec command \(id) has already run")
        }
        let container = try find(exec.container)
        guard container.isRunning, container.starts == exec.starts else {
            throw .conflict("Container \(container.id) is not running")
        }
        guard container.state != .paused else {
            throw .conflict("Container \(container.id) is paused, unpause the container before exec")
        }
        exec.state = .runs
        tell("exec_start: \(exec.command.joined(separator: " "))", container.index, ["execID": id])
        let files = files(of: container)
        if DemoCommand.find(exec.command[0], in: files) == nil, !Self.isBuiltIn(exec.command[0], files) {
            execs[id]?.state = .ended(127)
            tell("exec_die", container.index, ["execID": id, "exitCode": "127"])
            throw .bad(
                "OCI runtime exec failed: exec failed: unable to start container process: exec: "
                    + "\"\(exec.command[0])\": \(Self.missing(exec.command[0]))")
        }
        exec.process.begin(&self)
        if !hasReader { exec.process.leave() }
        execs[id] = exec
        if !hasReader, exec.process.hasEnded(at: now) { endExec(id, code: exec.process.exitCode ?? 0) }
    }

    /// Programs that the simulated shell knows though they stand in no folder.
    private static func isBuiltIn(_ program: String, _ files: [String: DemoFile]) -> Bool {
        ["seq", "printf", "top", "which"].contains(program) && files["/bin/sh"] != nil
    }

    mutating func endExec(_ id: String, code: Int) {
        guard let exec = execs[id], case .runs = exec.state else { return }
        execs[id]?.state = .ended(code)
        guard let index = byID[exec.container] else { return }
        tell("exec_die", index, ["execID": id, "exitCode": String(code)])
    }
}

/// The keys by which one leaves a process alone.
enum DetachKeys {
    /// `ctrl-p,ctrl-q` unless others are wanted.
    static func read(_ text: String?) -> [UInt8] {
        guard let text, !text.isEmpty else { return [0x10, 0x11] }
        return text.split(separator: ",").compactMap { key in
            if key.hasPrefix("ctrl-"), let letter = key.dropFirst(5).utf8.first { return letter & 0x1F }
            return key.utf8.count == 1 ? key.utf8.first : nil
        }
    }
}
