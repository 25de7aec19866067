import NIOCore
import NIOPosix
import Synchronization

@testable import EngineAPI

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A server on a unix socket that answers requests with scripted bytes: whole, slowly, half, nonsense, without end.
final class FakeEngine: Sendable {
    /// What to do with a request.
    enum Reply: Sendable {
        /// Write these bytes.
        case bytes([UInt8])
        /// Write these parts, with a pause before each.
        case slowly([[UInt8]], pause: Duration)
        /// Write these bytes, then close.
        case thenClose([UInt8])
        /// Close without a word.
        case close
        /// Read the request and never answer.
        case silence
        /// Write these bytes, then this block again and again as fast as they are taken.
        case endless([UInt8], block: [UInt8])
    }

    /// A request as it arrived.
    struct Request: Sendable {
        var method: String
        var uri: String
        /// Which connection it came over, counting from 1, and its place on that connection, counting from 1.
        var connection: Int
        var place: Int
        /// The lines of the head behind the first.
        var head = ""
        /// What was sent along, when bodies are read.
        var body: [UInt8] = []

        /// The value of a field of the head.
        subscript(name: String) -> String? {
            head.split(separator: "\r\n").first { $0.lowercased().hasPrefix(name.lowercased() + ":") }
                .map { String($0.drop { $0 != ":" }.dropFirst().drop { $0 == " " }) }
        }
    }

    /// What becomes of what is sent along.
    enum Bodies {
        /// It is read before the answer.
        case read
        /// The answer comes when the head is there, and nothing is read any more.
        case left
    }

    let address: EngineAddress
    private let path: String
    private let script: @Sendable (Request) -> Reply
    private let state = Mutex((requests: [Request](), connections: 0, closed: 0, written: 0))
    private let server = Mutex<(any Channel)?>(nil)

    private static let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)

    private let bodies: Bodies

    private init(bodies: Bodies, script: @escaping @Sendable (Request) -> Reply) {
        self.bodies = bodies
        path = "/tmp/gantry-fake-\(String(UInt64.random(in: 0 ... .max), radix: 36)).sock"
        address = .unix(path: path)
        self.script = script
    }

    deinit { unlink(path) }

    var requests: [Request] { state.withLock { $0.requests } }
    var connections: Int { state.withLock { $0.connections } }
    var openConnections: Int { state.withLock { $0.connections - $0.closed } }
    /// Bytes that the endless replies got rid of.
    var written: Int { state.withLock { $0.written } }

    /// Runs a test against a server that answers as `script` says. `GET /_ping` is not special.
    static func run(
        options: EngineOptions = .init(), bodies: Bodies = .read, _ script: @escaping @Sendable (Request) -> Reply,
        _ body: (FakeEngine, Engine) async throws -> Void
    ) async throws {
        let fake = FakeEngine(bodies: bodies, script: script)
        let channel = try await ServerBootstrap(group: group)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Connection(fake))
                }
            }
            .bind(unixDomainSocketPath: fake.path).get()
        let engine = Engine(address: fake.address, options: options)
        do { try await body(fake, engine) } catch {
            await engine.shutdown()
            try? await channel.close()
            throw error
        }
        await engine.shutdown()
        try? await channel.close()
    }

    /// The server's side of a connection. A request ends with an empty line, or with the last chunk of its body.
    private final class Connection: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer
        let fake: FakeEngine
        var number = 0
        var place = 0
        var received: [UInt8] = []
        var pending: Request?
        var block: [UInt8] = []

        init(_ fake: FakeEngine) { self.fake = fake }

        func channelActive(context: ChannelHandlerContext) {
            number = fake.state.withLock { state in
                state.connections += 1
                return state.connections
            }
        }

        func channelInactive(context: ChannelHandlerContext) { fake.state.withLock { $0.closed += 1 } }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            received += Array(buffer: unwrapInboundIn(data))
            while let request = takeRequest(context) {
                fake.state.withLock { $0.requests.append(request) }
                reply(fake.script(request), context)
            }
        }

        /// A request that is there as far as it has to be.
        private func takeRequest(_ context: ChannelHandlerContext) -> Request? {
            if pending == nil, let range = received.firstRange(of: Array("\r\n\r\n".utf8)) {
                let head = String(decoding: received[..<range.lowerBound], as: UTF8.self)
                received.removeSubrange(..<range.upperBound)
                let words = head.split(separator: " ", maxSplits: 2)
                place += 1
                var request = Request(
                    method: String(words[0]), uri: String(words[1]), connection: number, place: place)
                request.head = String(head[(head.firstRange(of: "\r\n")?.upperBound ?? head.endIndex)...])
                pending = request
            }
            guard var request = pending else { return nil }
            guard request["transfer-encoding"] == "chunked" else {
                let length = request["content-length"].flatMap { Int($0) } ?? 0
                guard received.count >= length else { return nil }
                request.body = Array(received[..<length])
                received.removeSubrange(..<length)
                pending = nil
                return request
            }
            if case .left = fake.bodies {
                _ = context.channel.setOption(.autoRead, value: false)
                pending = nil
                return request
            }
            while let line = received.firstRange(of: Array("\r\n".utf8)),
                let size = Int(String(decoding: received[..<line.lowerBound], as: UTF8.self), radix: 16),
                received.count >= line.upperBound + size + 2
            {
                request.body += received[line.upperBound..<line.upperBound + size]
                received.removeSubrange(..<(line.upperBound + size + 2))
                pending = size == 0 ? nil : request
                if size == 0 { return request }
            }
            return nil
        }

        func reply(_ reply: Reply, _ context: ChannelHandlerContext) {
            switch reply {
            case .bytes(let bytes):
                write(bytes, context)
            case .thenClose(let bytes):
                write(bytes, context)
                context.close(promise: nil)
            case .close:
                context.close(promise: nil)
            case .silence:
                break
            case .slowly(let parts, let pause):
                guard let first = parts.first else { return }
                context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(pause)) {
                    guard context.channel.isActive else { return }
                    self.write(first, context)
                    self.reply(.slowly(Array(parts.dropFirst()), pause: pause), context)
                }
            case .endless(let head, let block):
                write(head, context)
                self.block = block
                writeBlocks(context)
            }
        }

        func channelWritabilityChanged(context: ChannelHandlerContext) { writeBlocks(context) }

        func writeBlocks(_ context: ChannelHandlerContext) {
            while !block.isEmpty, context.channel.isWritable, context.channel.isActive {
                fake.state.withLock { $0.written += block.count }
                write(block, context)
            }
        }

        func write(_ bytes: [UInt8], _ context: ChannelHandlerContext) {
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: nil)
        }
    }
}

extension FakeEngine.Reply {
    /// An answer with a length.
    static func answer(_ body: String, headers: String = "") -> Self {
        .bytes(bytes("200 OK", headers: headers, body))
    }

    /// An answer with another status.
    static func status(_ status: String, _ body: String = "") -> Self { .bytes(bytes(status, body)) }

    /// An answer in chunks, one per part.
    static func chunks(_ parts: [String]) -> Self {
        let body = parts.map { "\(String($0.utf8.count, radix: 16))\r\n\($0)\r\n" }.joined() + "0\r\n\r\n"
        return .bytes(Array("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\(body)".utf8))
    }

    static func bytes(_ status: String, headers: String = "", _ body: String) -> [UInt8] {
        Array("HTTP/1.1 \(status)\r\n\(headers)Content-Length: \(body.utf8.count)\r\n\r\n\(body)".utf8)
    }

    /// The head of a body that ends with the connection.
    static let streamHead = Array("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n".utf8)
}

/// Waits until something holds, asking again and again; false after a limit.
func eventually(within limit: Duration = .seconds(10), _ holds: () -> Bool) async -> Bool {
    let end = ContinuousClock.now + limit
    while !holds() {
        guard ContinuousClock.now < end else { return false }
        try? await Task.sleep(for: .milliseconds(5))
    }
    return true
}

/// Ends work that takes too long, so that a broken test fails instead of hanging.
func within<Value: Sendable>(
    _ limit: Duration = .seconds(20), _ work: @escaping @Sendable () async throws -> Value
) async throws -> Value {
    try await withThrowingTaskGroup(of: Value.self) { group in
        group.addTask { try await work() }
        group.addTask {
            try await Task.sleep(for: limit)
            throw EngineError.timedOut("the test")
        }
        defer { group.cancelAll() }
        guard let value = try await group.next() else { throw EngineError.cancelled }
        return value
    }
}

/// Random numbers that can be had again: SplitMix64.
struct Seeded: RandomNumberGenerator {
    var state: UInt64
    init(_ seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
