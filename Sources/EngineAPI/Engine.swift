import FoundationEssentials
import Logging
import Synchronization

/// How to talk to an Engine.
public struct EngineOptions: Sendable {
    /// Calls that ask (GET) at once at most; more wait their turn.
    public var maxCalls = 8
    /// Figures that take the Engine a second each, at once at most: those of a screen. Also the most connections that are
    /// kept open idle.
    public var maxIdle = 32
    /// Calls that act (POST, DELETE) at once at most: they have lanes of their own, so that slow stops hold up no list.
    public var maxActions = 16
    /// Streams (events, logs, stats) at once at most; more wait until one ends.
    public var maxStreams = 192
    /// How long a connection may take to come about.
    public var connectTimeout = Duration.seconds(5)
    /// How long an answer may take in all; for streams: how long until it begins.
    public var callDeadline = Duration.seconds(30)
    /// Bytes of an answer at most.
    public var bodyLimit = 64 << 20
    /// Where to tell of connections and requests (debug level); nil tells nobody.
    public var logger: Logger?

    /// The usual options.
    public init() {}
}

/// A client of one Docker Engine (or Podman). Use one per Engine, from any task.
///
/// All methods throw `EngineError` and nothing else. A cancelled task ends its call at once with `.cancelled`.
public final class Engine: Sendable {
    /// The newest API version that this client is tested with.
    public static let newestAPI = "1.55"
    /// The oldest API version that this client works with.
    public static let oldestAPI = "1.41"

    static let newest = APIVersion(1, 55)
    static let oldest = APIVersion(1, 41)

    /// Where the Engine listens.
    public let address: EngineAddress

    let options: EngineOptions
    let pool: ConnectionPool
    private let negotiated = Mutex<APIVersion?>(nil)

    /// Makes a client. Nothing is sent before the first call.
    public init(address: EngineAddress, options: EngineOptions = .init()) {
        self.address = address
        self.options = options
        pool = ConnectionPool(address: address, options: options)
    }

    /// The API version in use; nil before `negotiate` or `connect`: the Engine then answers in its newest.
    public var apiVersion: APIVersion? { negotiated.withLock { $0 } }

    /// How many requests have been sent, those that failed included.
    public var requestsSent: Int { pool.requestsSent }

    /// How many streams are open.
    public var streamsOpen: Int { pool.load.streams }

    /// How long the latest answer took that was no stream's: from the request to its last byte.
    public var answerTime: Duration? { pool.answerTime }

    /// Where the client tells of what it does; nil tells nobody.
    public var logger: Logger? { options.logger }

    /// Ends all calls and streams with `.closed`, and closes all connections. The client is of no use afterwards.
    public func shutdown() async {
        await pool.shutdown()
    }

    func negotiate(with engine: APIVersion) throws -> APIVersion {
        guard engine >= Self.oldest else {
            throw EngineError.tooOld(engine: engine.description, oldest: Self.oldestAPI)
        }
        let version = min(engine, Self.newest)
        negotiated.withLock { $0 = version }
        return version
    }
}
