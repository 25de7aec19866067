/// The identity of a container: 64 hexadecimal digits. The Engine also takes a name or a unique beginning.
public struct ContainerID: Hashable, Sendable, CustomStringConvertible, Codable {
    /// The identity as the Engine has it.
    public let rawValue: String

    /// Makes an identity of an id, a name or the beginning of an id.
    public init(_ rawValue: String) { self.rawValue = rawValue }

    /// The first 12 characters, as the docker client shows them.
    public var short: String { String(rawValue.prefix(12)) }

    /// The whole identity.
    public var description: String { rawValue }

    /// Reads a plain string.
    public init(from decoder: any Decoder) throws {
        rawValue = try decoder.singleValueContainer().decode(String.self)
    }

    /// Writes a plain string.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rawValue)
    }
}

/// A value decoded from an answer, together with the answer.
public struct Inspected<Value: Sendable>: Sendable {
    /// What was decoded.
    public var value: Value
    /// The JSON as the Engine sent it.
    public var json: [UInt8]

    /// Pairs a value with its JSON.
    public init(value: Value, json: [UInt8]) {
        self.value = value
        self.json = json
    }
}

/// A signal, by its name.
public struct Signal: Hashable, Sendable, CustomStringConvertible {
    /// `SIGKILL`.
    public let name: String

    /// Makes a signal of a name (`SIGWINCH`) or a number (`"28"`).
    public init(_ name: String) { self.name = name }

    /// Ends the process at once; it cannot catch this.
    public static let kill = Signal("SIGKILL")
    /// Asks the process to end.
    public static let term = Signal("SIGTERM")
    /// What ctrl-c sends.
    public static let int = Signal("SIGINT")
    /// The terminal went away; many servers read their configuration again.
    public static let hup = Signal("SIGHUP")
    /// Ends the process with a core dump; Go and Java print their stacks.
    public static let quit = Signal("SIGQUIT")
    /// For the program to define.
    public static let usr1 = Signal("SIGUSR1")
    /// For the program to define.
    public static let usr2 = Signal("SIGUSR2")
    /// The signals that are worth offering, the usual ones first.
    public static let all = [
        kill, term, int, hup, quit, usr1, usr2, Signal("SIGSTOP"), Signal("SIGCONT"), Signal("SIGWINCH"),
    ]

    /// The name.
    public var description: String { name }
}
