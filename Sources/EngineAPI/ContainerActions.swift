// None of these is ever sent twice: what a second kill or start would do is for a person to decide.
extension Engine {
    /// Starts a container.
    ///
    /// `POST /containers/{id}/start`. Answers when its main process runs; a nil deadline waits 2 minutes.
    /// - Returns: Whether that changed anything: false when it ran already.
    /// - Throws: `EngineError.notFound`, `.server` or `.badRequest` when it cannot be started.
    @discardableResult
    public func start(_ container: ContainerID, deadline: Duration? = nil) async throws -> Bool {
        try await post(["containers", container.rawValue, "start"], deadline: deadline ?? .seconds(120)) != 304
    }

    /// Asks a container to end, and kills it when it has not ended in time.
    ///
    /// `POST /containers/{id}/stop`. Answers when it has ended.
    /// - Parameters:
    ///   - timeout: Seconds before the kill; nil leaves it to the container's own `StopTimeout`.
    ///   - deadline: How long to wait for the answer; nil is 30 s more than `timeout`, or 10 minutes.
    /// - Returns: Whether that changed anything: false when it did not run.
    /// - Throws: `EngineError.notFound`; `.timedOut` after the deadline, when the Engine may still be at it.
    @discardableResult
    public func stop(_ container: ContainerID, timeout: Int? = nil, deadline: Duration? = nil) async throws -> Bool {
        try await post(
            ["containers", container.rawValue, "stop"], query: Self.timeout(timeout),
            deadline: deadline ?? Self.patience(timeout)) != 304
    }

    /// Stops a container as `stop` does, and starts it again.
    ///
    /// `POST /containers/{id}/restart`. Answers when it runs again. The parameters are those of `stop`.
    /// - Throws: `EngineError.notFound`; `.timedOut` after the deadline, when the Engine may still be at it.
    public func restart(_ container: ContainerID, timeout: Int? = nil, deadline: Duration? = nil) async throws {
        try await post(
            ["containers", container.rawValue, "restart"], query: Self.timeout(timeout),
            deadline: deadline ?? Self.patience(timeout))
    }

    /// Sends a signal to a container's main process.
    ///
    /// `POST /containers/{id}/kill`. The Engine answers before the process has ended: the `die` event tells when.
    /// - Throws: `EngineError.notFound`, or `.conflict` when the container is not running.
    public func kill(_ container: ContainerID, signal: Signal = .kill) async throws {
        try await post(["containers", container.rawValue, "kill"], query: [("signal", signal.name)])
    }

    /// Freezes a container's processes.
    ///
    /// `POST /containers/{id}/pause`.
    /// - Throws: `EngineError.notFound`, or `.conflict` when it is not running or paused already.
    public func pause(_ container: ContainerID) async throws {
        try await post(["containers", container.rawValue, "pause"])
    }

    /// Lets a paused container's processes go on.
    ///
    /// `POST /containers/{id}/unpause`.
    /// - Throws: `EngineError.notFound`; `.server` (500 in Engine 20.10) or `.conflict` when it is not paused.
    public func unpause(_ container: ContainerID) async throws {
        try await post(["containers", container.rawValue, "unpause"])
    }

    /// Removes a container; with `force` a running one too (it is killed), with `volumes` its anonymous volumes too.
    ///
    /// `DELETE /containers/{id}`. Answers when it is gone, which takes a while for a large one: nil waits 2 minutes.
    /// - Throws: `EngineError.notFound`, or `.conflict` when it runs and `force` is not given.
    public func remove(
        _ container: ContainerID, force: Bool = false, volumes: Bool = false, deadline: Duration? = nil
    ) async throws {
        try await delete(
            ["containers", container.rawValue], query: [("force", force ? "1" : "0"), ("v", volumes ? "1" : "0")],
            deadline: deadline ?? .seconds(120))
    }

    private static func timeout(_ seconds: Int?) -> [(String, String)] { seconds.map { [("t", String($0))] } ?? [] }

    /// A container may have been given minutes to end, and we do not know: only the Engine does.
    private static func patience(_ timeout: Int?) -> Duration {
        // A negative time means that the Engine waits without end.
        guard let timeout, timeout >= 0 else { return .seconds(600) }
        return .seconds(min(timeout, 86400) + 30)
    }
}
