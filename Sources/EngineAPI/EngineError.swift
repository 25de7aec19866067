/// What can go wrong between us and an Engine.
public enum EngineError: Error, Hashable, Sendable {
    /// Why no connection came about.
    public enum Reason: Hashable, Sendable {
        /// There is no socket at the path.
        case noSocket
        /// Nobody listens there.
        case refused
        /// The socket is not ours to open.
        case noPermission
        /// The host's name is unknown.
        case unresolved
        /// Anything else, in the system's words.
        case other(String)
    }

    /// No connection to the Engine.
    case unreachable(EngineAddress, reason: Reason)
    /// The Engine speaks only API versions older than we do.
    case tooOld(engine: String, oldest: String)
    /// The Engine speaks only API versions newer than we do.
    case tooNew(engine: String, newest: String)
    /// The thing is not (or no longer) there (404); the Engine's words.
    case notFound(String)
    /// The state of the thing does not allow it (409); the Engine's words.
    case conflict(String)
    /// The Engine does not accept the request (400); the Engine's words.
    case badRequest(String)
    /// Any other answer that is an error; the Engine's words.
    case server(status: Int, message: String)
    /// What was begun did not come to a good end; the Engine's words, and the code of the step that failed if any.
    case failed(String, code: Int?)
    /// What was to be sent cannot be read, or a helper program cannot be asked; why.
    case unreadable(String)
    /// No answer in time; what was waited for.
    case timedOut(String)
    /// The answer is not what the API promises; what is wrong with it.
    case malformed(String)
    /// The connection ended in the middle of an exchange, or was shut down.
    case closed
    /// The task was cancelled.
    case cancelled

    /// One line for a person: what happened, and what to do where that is known.
    public var message: String {
        switch self {
        case .unreachable(let address, let reason): Self.message(of: reason, at: address)
        case .tooOld(let engine, let oldest):
            "the Engine speaks API \(engine) at most; \(oldest) is the oldest that works here: update the Engine"
        case .tooNew(let engine, let newest):
            "the Engine speaks API \(engine) at least; \(newest) is the newest that works here: update this program"
        case .notFound(let text), .conflict(let text), .badRequest(let text):
            text.isEmpty ? "the Engine refused without saying why" : text
        case .server(let status, let text):
            text.isEmpty ? "the Engine answered with an error (HTTP \(status))" : text
        case .failed(let text, _): text.isEmpty ? "the Engine failed without saying why" : text
        case .unreadable(let why): why
        case .timedOut(let what): "\(what): no answer in time"
        case .malformed(let what): "the answer makes no sense: \(what)"
        case .closed: "the connection to the Engine ended"
        case .cancelled: "cancelled"
        }
    }

    private static func message(of reason: Reason, at address: EngineAddress) -> String {
        switch reason {
        case .noSocket: "no Engine at \(address): there is no such socket. Is it running?"
        case .refused: "no Engine at \(address): nobody listens there. Is it running?"
        case .noPermission: "no permission to open \(address): add yourself to the group docker, or use sudo"
        case .unresolved: "no Engine at \(address): the host's name is unknown"
        case .other(let text): "no connection to \(address): \(text)"
        }
    }
}

extension EngineError: CustomStringConvertible {
    /// The message.
    public var description: String { message }
}
