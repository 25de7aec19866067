/// What is to be run in a container that runs.
public struct ExecRequest: Hashable, Sendable {
    /// The program and its arguments.
    public var command: [String]
    /// As which user (`name`, `uid`, `user:group`); nil is the container's own.
    public var user: String?
    /// In which directory; nil is the container's own.
    public var workingDirectory: String?
    /// More environment, as `NAME=value`.
    public var environment: [String] = []
    /// Whether it gets a terminal.
    public var tty = true
    /// Whether it may do all that the host's root may.
    public var privileged = false

    /// Runs a command with a terminal.
    public init(_ command: [String]) { self.command = command }
}

/// The identity of something that was or is to be run in a container.
public struct ExecID: Hashable, Sendable {
    /// The identity as the Engine has it.
    public let rawValue: String

    /// Makes an identity of an id.
    public init(_ rawValue: String) { self.rawValue = rawValue }
}

/// How it goes with what was run in a container.
public struct ExecDetails: Hashable, Sendable, Decodable {
    /// Whether it runs.
    public var isRunning: Bool
    /// How it ended; nil while it runs.
    public var exitCode: Int?

    private enum CodingKeys: String, CodingKey {
        case isRunning = "Running"
        case exitCode = "ExitCode"
    }
}

extension Engine {
    /// Makes ready to run something in a container.
    ///
    /// `POST /containers/{id}/exec`.
    /// - Throws: `EngineError.notFound`, or `.conflict` when the container is paused or does not run.
    public func createExec(_ container: ContainerID, _ request: ExecRequest) async throws -> ExecID {
        struct Body: Encodable {
            let AttachStdin, AttachStdout, AttachStderr, Tty, Privileged: Bool
            let User, WorkingDir: String?
            let Env, Cmd: [String]
        }
        struct Created: Decodable { let Id: String }
        let body = Body(
            AttachStdin: true, AttachStdout: true, AttachStderr: true, Tty: request.tty,
            Privileged: request.privileged, User: request.user, WorkingDir: request.workingDirectory,
            Env: request.environment, Cmd: request.command)
        let created: Created = try await post(["containers", container.rawValue, "exec"], body: body)
        return ExecID(created.Id)
    }

    /// Runs it, with its input and output on a connection: without a terminal the output comes in frames
    /// (``MultiplexedOutput``).
    ///
    /// `POST /exec/{id}/start`.
    /// - Throws: `EngineError.notFound`, `.conflict` when the container was paused, `.badRequest` when it cannot be run.
    public func startExec(_ exec: ExecID, tty: Bool) async throws -> UpgradedConnection {
        try await upgrade(["exec", exec.rawValue, "start"], json: #"{"Detach":false,"Tty":\#(tty)}"#)
    }

    /// Tells it the size of its terminal.
    ///
    /// `POST /exec/{id}/resize`.
    /// - Throws: `EngineError.notFound`, or `.server` when it does not run (yet, or any more).
    public func resizeExec(_ exec: ExecID, width: Int, height: Int) async throws {
        try await post(["exec", exec.rawValue, "resize"], query: [("h", "\(height)"), ("w", "\(width)")])
    }

    /// How it goes, or went.
    ///
    /// `GET /exec/{id}/json`.
    /// - Throws: `EngineError.notFound`.
    public func inspectExec(_ exec: ExecID) async throws -> ExecDetails {
        try await get(["exec", exec.rawValue, "json"])
    }
}
