/// A container's main process, with its output from now on and what is typed to it.
struct AttachSession: DemoSession {
    private let container: String
    private let hasTerminal: Bool
    private let stdin: Bool
    private let stream: Bool
    private var detach: DetachWatch
    private var isLeft = false
    private var log: LogsStream
    /// Which start it is attached to; nil while it waits for one.
    private var starts: Int?

    init(_ container: DemoContainer, _ request: DemoRequest, _ host: DemoHost) {
        self.container = container.id
        hasTerminal = container.spec.tty
        stdin = request.flag("stdin") && container.own?.readsInput == true
        stream = request.flag("stream")
        detach = DetachWatch(request.flag("stdin") && container.spec.tty ? DetachKeys.read(request["detachKeys"]) : [])
        starts = container.isRunning ? container.starts : nil
        let stdout = request.flag("stdout")
        let stderr = request.flag("stderr")
        log = LogsStream(
            container: container.id, after: request.flag("logs") ? .min : host.now, until: .max, follow: stream,
            end: host.now, timestamps: false, stdout: stdout, stderr: stderr, tty: container.spec.tty,
            starts: container.starts + (container.isRunning ? 0 : 1))
    }

    mutating func next(_ host: inout DemoHost) -> DemoPiece {
        guard !isLeft, let container = host.lately(container) else { return DemoPiece() }
        if stream, starts == nil {
            // Whoever attaches to one that does not run waits for its start.
            guard container.starts >= log.starts else { return DemoPiece(again: host.now + .hour) }
            starts = container.starts
        }
        guard container.own?.isShell == true, stream else { return logPiece(&host) }
        guard container.isRunning, container.starts == starts, var shell = host.shells[container.id] else {
            return DemoPiece()
        }
        guard container.state != .paused else { return DemoPiece(again: host.now + .hour) }
        var piece = DemoPiece()
        for output in shell.output(&host) { piece.bytes += DemoFrame.bytes(output, hasTerminal: hasTerminal) }
        host.shells[container.id] = shell
        if shell.isOver(at: host.now) {
            host.die(container.index, code: shell.exitCode ?? 0)
        } else {
            piece.again = shell.next ?? host.now + .hour
        }
        return piece
    }

    private mutating func logPiece(_ host: inout DemoHost) -> DemoPiece {
        var piece = log.next(&host)
        // The log of one that has just ended: its last lines came with this piece.
        if piece.again == nil, stream, let container = host.lately(container), container.isRunning,
            container.starts == starts
        {
            piece.again = host.now + .second
        }
        return piece
    }

    mutating func take(_ bytes: [UInt8], _ host: inout DemoHost) {
        guard let passed = detach.take(bytes) else {
            isLeft = true
            if let index = host.byID[container] { host.tell("detach", index) }
            return
        }
        guard stdin, var shell = host.shells[container] else { return }
        shell.take(passed, &host)
        host.shells[container] = shell
    }

    mutating func endInput(_ host: inout DemoHost) {
        guard stdin, var shell = host.shells[container] else { return }
        shell.endInput(&host)
        host.shells[container] = shell
    }
}
