/// A conversation on a connection that stopped speaking HTTP.
protocol DemoSession: DemoStream {
    /// Takes what the client has sent.
    mutating func take(_ bytes: [UInt8], _ host: inout DemoHost)
    /// The client sends nothing more, but reads on.
    mutating func endInput(_ host: inout DemoHost)
}

/// Frames of a process without a terminal.
enum DemoFrame {
    static func bytes(_ output: DemoProcess.Output, hasTerminal: Bool) -> [UInt8] {
        hasTerminal ? output.bytes : header(output.bytes.count, isError: output.isError) + output.bytes
    }

    static func header(_ count: Int, isError: Bool) -> [UInt8] {
        [isError ? 2 : 1, 0, 0, 0] + [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: count >> $0) }
    }
}

/// Finds the keys by which one leaves among those that are typed.
struct DetachWatch: Sendable {
    let keys: [UInt8]
    private var seen = 0

    init(_ keys: [UInt8]) { self.keys = keys }

    /// - Returns: what of it is for the process; nil when the keys were there.
    mutating func take(_ bytes: [UInt8]) -> [UInt8]? {
        guard !keys.isEmpty else { return bytes }
        var passed: [UInt8] = []
        for byte in bytes {
            if byte == keys[seen] {
                seen += 1
                if seen == keys.count { return nil }
            } else {
                passed += keys.prefix(seen) + [byte]
                seen = 0
            }
        }
        return passed
    }
}

/// What was run in a container, with its input and output.
struct ExecSession: DemoSession {
    let exec: String
    private var detach: DetachWatch
    private var isLeft = false
    /// What the runtime says of a program that cannot be run.
    private var failure: String?

    init(_ exec: DemoExec, failure: String? = nil) {
        self.exec = exec.id
        self.failure = failure
        detach = DetachWatch(exec.hasTerminal ? exec.detachKeys : [])
    }

    mutating func next(_ host: inout DemoHost) -> DemoPiece {
        if let text = failure {
            failure = nil
            let isRaw = host.execs[exec]?.hasTerminal ?? true
            let output = DemoProcess.Output(time: host.now, isError: true, bytes: Array((text + "\r\n").utf8))
            return DemoPiece(bytes: DemoFrame.bytes(output, hasTerminal: isRaw))
        }
        guard !isLeft, var own = host.execs[exec], case .runs = own.state else { return DemoPiece() }
        guard let container = try? host.find(own.container), container.isRunning, container.starts == own.starts else {
            host.endExec(exec, code: 137)
            return DemoPiece()
        }
        // A frozen process says nothing and reads nothing.
        guard container.state != .paused else { return DemoPiece(again: host.now + .hour) }
        var piece = DemoPiece()
        for output in own.process.output(&host) {
            piece.bytes += DemoFrame.bytes(output, hasTerminal: own.hasTerminal)
        }
        host.execs[exec]?.process = own.process
        if own.process.isOver(at: host.now) {
            host.endExec(exec, code: own.process.exitCode ?? 0)
        } else {
            piece.again = own.process.next ?? host.now + .hour
        }
        return piece
    }

    mutating func take(_ bytes: [UInt8], _ host: inout DemoHost) {
        guard var process = host.execs[exec]?.process, host.execs[exec]?.readsInput == true else { return }
        guard let passed = detach.take(bytes) else {
            isLeft = true
            guard let own = host.execs[exec], let index = host.byID[own.container] else { return }
            return host.tell("exec_detach", index, ["execID": exec])
        }
        process.take(passed, &host)
        host.execs[exec]?.process = process
    }

    mutating func endInput(_ host: inout DemoHost) {
        guard var process = host.execs[exec]?.process else { return }
        process.endInput(&host)
        host.execs[exec]?.process = process
    }
}
