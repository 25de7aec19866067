import EngineAPI

/// Sends a signal to one process of a container: `docker exec … kill`.
///
/// Processes are listed with the numbers of the Engine's host; in the container they have others, which are looked for.
/// The main process gets its signal from the Engine, as with `docker kill`.
struct SignalProcessJob: Job {
    let container: ContainerID
    let name: String
    /// The number on the host, and what is known of the process.
    let pid: Int
    let command: String
    let signal: Signal

    var title: String { "send \(signal.short) to \(what)" }
    var done: String { "sent \(signal.short) to \(what)" }
    var docker: String { "docker exec -u 0 \(name) kill -\(signal.short) PID" }

    private var what: String { "\(command) (\(pid)) in \(name)" }

    func run(on engine: Engine, tell: @escaping JobTeller) async throws -> JobOutcome {
        let details = try await engine.inspect(container).value
        if details.state.pid == pid {
            try await engine.kill(container, signal: signal)
            return JobOutcome(
                summary: "\(done), the main process", notes: ["docker kill --signal=\(signal.short) \(name)"])
        }
        let sharesHost = try await engine.origin(of: container).host.pidMode == "host"
        let inside = sharesHost ? pid : try await number(on: engine)
        let line = "docker exec -u 0 \(name) kill -\(signal.short) \(inside)"
        let (code, output) = try await exec(["kill", "-\(signal.short)", "\(inside)"], on: engine)
        guard code == 0 else {
            var reason = ExecLine.reason(output)
            if output.contains("exec failed") || code == 126 || code == 127 { reason = "there is no kill in it" }
            throw JobError(
                reason.isEmpty ? "kill ended with \(code)" : reason, notes: [line, output].filter { !$0.isEmpty })
        }
        return JobOutcome(notes: [sharesHost ? line : "\(line): it is \(inside) there"])
    }

    /// The number of the process in the container.
    private func number(on engine: Engine) async throws -> Int {
        // Processes come and go: the two lists may not be of the same moment.
        for attempt in 0..<3 {
            if attempt > 0 { try await Task.sleep(for: .milliseconds(100)) }
            let list = try await engine.top(container, arguments: ProcessMatch.arguments)
            let onHost = ProcessMatch.processes(titles: list.titles, rows: list.processes)
            guard onHost.contains(where: { $0.pid == pid }) else { throw JobError("the process has ended") }
            let (code, output) = try await exec(["sh", "-c", ProcessMatch.script], on: engine)
            guard code == 0 else {
                throw JobError(
                    "no shell in the container can tell which process it is there; a signal for the container goes to the main process",
                    notes: [output].filter { !$0.isEmpty })
            }
            let inContainer = ProcessMatch.processes(stats: output)
            if let found = ProcessMatch.pid(of: pid, onHost: onHost, inContainer: inContainer) { return found }
        }
        throw JobError(
            "which process it is in the container cannot be told: it shares them with others, or they change too fast; "
                + "K sends to the main process")
    }

    /// Runs something in the container and gives its code and what it printed.
    private func exec(_ command: [String], on engine: Engine) async throws -> (code: Int, output: String) {
        var request = ExecRequest(command)
        request.tty = false
        request.user = "0"
        let exec = try await engine.createExec(container, request)
        let connection: UpgradedConnection
        // Newer Engines refuse at once what cannot be run, older ones say so in its output.
        do { connection = try await engine.startExec(exec, tty: false) } catch EngineError.badRequest(let message) {
            return (127, message)
        }
        defer { connection.close() }
        await connection.closeInput()
        var frames = MultiplexedOutput()
        var output: [UInt8] = []
        var raw: [UInt8] = []
        while let bytes = try await connection.next() {
            if raw.count < 4_096 { raw += bytes }
            guard let text = try? frames.decode(bytes) else {
                output = raw
                break
            }
            output += text.prefix(max(0, 1 << 20 - output.count))
        }
        for _ in 0..<20 {
            let details = try await engine.inspectExec(exec)
            if !details.isRunning { return (details.exitCode ?? 0, String(decoding: output, as: UTF8.self)) }
            try await Task.sleep(for: .milliseconds(25))
        }
        throw JobError("what was run in the container does not end")
    }
}
