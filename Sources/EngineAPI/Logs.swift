/// Log lines in batches: all that had arrived.
public typealias LogStream = EngineStream<LogDecoder>

extension Engine {
    /// A container's log, the oldest line first; with `follow` it goes on while the container runs.
    ///
    /// `GET /containers/{id}/logs`, always with timestamps.
    /// - Parameters:
    ///   - tty: Whether the container has a terminal (`ContainerDetails.tty`): its log is then raw.
    ///   - follow: Whether to wait for more at the end.
    ///   - tail: Only so many lines from the end; nil is the whole log.
    ///   - since: Only lines of that moment or later. The Engine reads the file from its start for this.
    ///   - until: Only lines of that moment or before.
    ///   - stdout: Whether lines of the standard output are wanted.
    ///   - stderr: Whether lines of the standard error are wanted.
    /// - Throws: `EngineError.notFound`; `.server` in the Engine's words when the log driver cannot be read.
    public func logs(
        _ container: ContainerID, tty: Bool, follow: Bool, tail: Int? = nil, since: LogTime? = nil,
        until: LogTime? = nil, stdout: Bool = true, stderr: Bool = true
    ) async throws -> LogStream {
        var query = [("timestamps", "1"), ("follow", follow ? "1" : "0")]
        query += [("stdout", stdout ? "1" : "0"), ("stderr", stderr ? "1" : "0")]
        if let tail { query.append(("tail", String(max(0, tail)))) }
        if let since { query.append(("since", since.description)) }
        if let until { query.append(("until", until.description)) }
        return try await stream(
            ["containers", container.rawValue, "logs"], query: query, decoder: LogDecoder(tty: tty))
    }
}
