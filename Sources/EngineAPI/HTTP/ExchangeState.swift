import NIOCore
import NIOHTTP1

/// How an answer is to be handed over.
enum Delivery: Equatable, Sendable {
    /// When it is there entirely; so many bytes at most.
    case whole(limit: Int)
    /// Piece by piece as somebody asks for them. Error answers come whole all the same.
    case pieces
}

/// What an exchange begins with.
enum Opening: Sendable {
    /// The whole answer, and whether the connection can be used again.
    case answer(Answer, reusable: Bool)
    /// The head of an answer whose body comes in pieces.
    case head(HTTPResponseHead)
}

/// Why an exchange ended without an answer.
struct ExchangeFailure: Error, Equatable {
    var error: EngineError
    /// Whether the connection ended before anything of an answer: what an idle connection does that the Engine closed.
    var untouched = false
}

/// The exchanges on one connection, one after the other: a request, its answer, perhaps the next. No I/O: whoever
/// feeds it carries out the actions.
///
/// Reading is asked for only while somebody waits, but for an idle connection, which reads to notice its end.
struct ExchangeState {
    /// What is to be done now.
    enum Action {
        case nothing
        /// Ask the channel for bytes once.
        case read
        /// The exchange has begun, or is over already.
        case open(Opening)
        /// Who asked for a piece gets it; nil is the end.
        case piece(ByteBuffer?)
        /// Whoever waits fails; the channel is closed.
        case fail(ExchangeFailure)
    }

    private enum Phase {
        case idle
        case waitingForHead(Delivery)
        case gathering(head: HTTPResponseHead, limit: Int)
        case inPieces
        /// The last piece is here or taken.
        case complete
        case over(ExchangeFailure)
    }

    /// Bytes of an error answer at most; the message in it is cut shorter still.
    static let errorLimit = 64 << 10

    private var phase = Phase.idle
    private var gathered = ByteBuffer()
    private var wanted = false

    /// Whether the exchange goes on without anybody asking, so that the channel must not stop reading.
    var isIdle: Bool { if case .idle = phase { true } else { false } }

    /// A request is about to be sent.
    /// - Returns: The failure, when the connection is over.
    mutating func begin(_ delivery: Delivery) -> ExchangeFailure? {
        switch phase {
        case .idle:
            phase = .waitingForHead(delivery)
            return nil
        case .over(let failure):
            // Whatever ended the connection was not about this request, which has not been sent.
            return ExchangeFailure(error: failure.error, untouched: true)
        case .waitingForHead, .gathering, .inPieces, .complete:
            return ExchangeFailure(error: .malformed("two requests at once on one connection"))
        }
    }

    mutating func received(_ head: HTTPResponseHead) -> Action {
        guard case .waitingForHead(let delivery) = phase else { return abort(.malformed("an answer nobody asked for")) }
        switch delivery {
        case .whole(let limit):
            phase = .gathering(head: head, limit: limit)
            return .nothing
        case .pieces where (200..<300).contains(head.status.code):
            phase = .inPieces
            return .open(.head(head))
        case .pieces:
            phase = .gathering(head: head, limit: Self.errorLimit)
            return .nothing
        }
    }

    mutating func received(_ bytes: ByteBuffer) -> Action {
        switch phase {
        case .gathering(_, let limit):
            guard gathered.readableBytes + bytes.readableBytes <= limit else {
                return abort(.malformed("answer larger than \(limit >> 10) KB"))
            }
        case .inPieces:
            break
        case .over:
            return .nothing
        case .idle, .waitingForHead, .complete:
            return abort(.malformed("bytes that belong to no answer"))
        }
        if gathered.readableBytes == 0 { gathered = bytes } else { gathered.writeImmutableBuffer(bytes) }
        return .nothing
    }

    mutating func receivedEnd() -> Action {
        switch phase {
        case .gathering(let head, _):
            let answer = Answer(head: head, body: takeGathered())
            let reusable = head.isKeepAlive
            phase = reusable ? .idle : .over(ExchangeFailure(error: .closed, untouched: true))
            return .open(.answer(answer, reusable: reusable))
        case .inPieces:
            phase = .complete
            return deliver()
        case .over:
            return .nothing
        case .idle, .waitingForHead, .complete:
            return abort(.malformed("the end of an answer that never began"))
        }
    }

    /// The channel gave all that it had.
    mutating func readComplete() -> Action {
        switch phase {
        case .idle, .waitingForHead, .gathering: .read
        case .inPieces: gathered.readableBytes > 0 || !wanted ? deliver() : .read
        case .complete, .over: .nothing
        }
    }

    /// Somebody waits for a piece.
    mutating func take() -> Action {
        wanted = true
        switch phase {
        case .inPieces: return gathered.readableBytes > 0 ? deliver() : .read
        case .complete: return deliver()
        case .over(let failure):
            // What arrived before the failure is as good as ever.
            if gathered.readableBytes > 0 { return deliver() }
            wanted = false
            return .fail(failure)
        case .idle, .waitingForHead, .gathering:
            wanted = false
            return .fail(ExchangeFailure(error: .malformed("an answer that does not come in pieces")))
        }
    }

    /// The channel is closed, by whomever; `touched` tells whether a byte of the answer had come.
    mutating func becameInactive(touched: Bool) -> Action {
        switch phase {
        case .idle: end(ExchangeFailure(error: .closed, untouched: true))
        case .waitingForHead: end(ExchangeFailure(error: .closed, untouched: !touched))
        case .gathering, .inPieces: end(ExchangeFailure(error: .closed))
        case .complete, .over: .nothing
        }
    }

    /// Ends everything: bytes that make no sense, a deadline, a cancellation, a shutdown.
    mutating func abort(_ error: EngineError) -> Action {
        switch phase {
        // What follows a complete body spoils the connection, not the body.
        case .complete, .over: return .nothing
        case .idle, .waitingForHead, .gathering, .inPieces: break
        }
        if error == .cancelled { gathered = ByteBuffer() }
        return end(ExchangeFailure(error: error))
    }

    private mutating func end(_ failure: ExchangeFailure) -> Action {
        let inPieces = if case .inPieces = phase { true } else { false }
        phase = .over(failure)
        if inPieces, wanted, gathered.readableBytes > 0 { return deliver() }
        if !inPieces { gathered = ByteBuffer() }
        wanted = false
        return .fail(failure)
    }

    private mutating func deliver() -> Action {
        guard wanted else { return .nothing }
        wanted = false
        return .piece(gathered.readableBytes > 0 ? takeGathered() : nil)
    }

    private mutating func takeGathered() -> ByteBuffer {
        defer { gathered = ByteBuffer() }
        return gathered
    }
}
