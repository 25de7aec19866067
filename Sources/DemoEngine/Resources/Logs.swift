extension Router {
    static func logs(_ reference: String, _ request: DemoRequest, _ host: DemoHost) throws -> DemoReply {
        let container = try host.find(reference)
        guard request.flag("stdout") || request.flag("stderr") else {
            throw DemoHost.Refusal.bad("Bad parameters: you must choose at least one stream")
        }
        let since = try request.time("since")
        let until = try request.time("until")
        var after = Nanoseconds.min
        if let tail = request["tail"].flatMap({ Int($0) }), tail >= 0 {
            after = DemoLog(container, epoch: host.epoch, now: host.now).start(ofLast: tail)
        }
        if let since { after = max(after, since - 1) }
        return .stream(
            LogsStream(
                container: container.id, after: after, until: until ?? .max, follow: request.flag("follow"),
                end: host.now, timestamps: request.flag("timestamps"), stdout: request.flag("stdout"),
                stderr: request.flag("stderr"), tty: container.spec.tty, starts: container.starts),
            type: container.spec.tty
                ? "application/vnd.docker.raw-stream" : "application/vnd.docker.multiplexed-stream")
    }
}

/// A log, a piece of some hundred lines at a time.
struct LogsStream: DemoStream {
    let container: String
    var after: Nanoseconds
    let until: Nanoseconds
    let follow: Bool
    /// Without following the log is what it was when it was asked for.
    let end: Nanoseconds
    let timestamps: Bool
    let stdout: Bool
    let stderr: Bool
    let tty: Bool
    let starts: Int

    private static let linesAtOnce = 400

    mutating func next(_ host: inout DemoHost) -> DemoPiece {
        guard let container = host.lately(container) else { return DemoPiece() }
        let log = DemoLog(container, epoch: host.epoch, now: follow ? host.now : end)
        let lines = log.lines(after: after, limit: Self.linesAtOnce)
        var piece = DemoPiece()
        for line in lines where line.time <= until { write(line, &piece.bytes) }
        if let last = lines.last { after = last.time }
        if after >= until { return piece }
        // The log that was followed is the one of that start: the next start is another's to follow.
        let isOpen = follow && log.isOpen && container.starts == starts && host.now < until
        if lines.count >= Self.linesAtOnce {
            piece.again = host.now
        } else if isOpen {
            piece.again = min(host.now + log.patience, until)
        }
        return piece
    }

    private func write(_ line: DemoLine, _ bytes: inout [UInt8]) {
        guard tty || (line.isError ? stderr : stdout) else { return }
        var text: [UInt8] = []
        if timestamps {
            text += line.time.rfc3339.utf8
            text.append(UInt8(ascii: " "))
        }
        text += line.text.utf8
        text += (tty ? "\r\n" : "\n").utf8
        if !tty {
            let count = UInt32(text.count)
            bytes += [line.isError ? 2 : 1, 0, 0, 0]
            bytes += [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: count >> $0) }
        }
        bytes += text
    }
}
