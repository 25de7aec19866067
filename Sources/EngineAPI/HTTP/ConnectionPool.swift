import Logging
import NIOCore
import NIOHTTP1
import Synchronization

/// The connections to one Engine: bounds how many there are, keeps some open, and decides what may be sent again.
final class ConnectionPool: Sendable {
    private struct State {
        var idle: [EngineConnection] = []
        var open: [ObjectIdentifier: EngineConnection] = [:]
        var shut = false
    }

    private let address: EngineAddress
    private let options: EngineOptions
    private let calls: Lane
    private let figures: Lane
    private let slowFigures: Lane
    private let actions: Lane
    private let streams: Lane
    private let state = Mutex(State())
    private let sent = Atomic<Int>(0)
    private let latest = Mutex<Duration?>(nil)

    init(address: EngineAddress, options: EngineOptions) {
        self.address = address
        self.options = options
        calls = Lane(limit: options.maxCalls)
        figures = Lane(limit: options.maxCalls)
        slowFigures = Lane(limit: options.maxIdle)
        actions = Lane(limit: options.maxActions)
        streams = Lane(limit: options.maxStreams)
    }

    deinit {
        for connection in state.withLock({ $0.idle }) { connection.close() }
    }

    /// How many requests have been sent.
    var requestsSent: Int { sent.load(ordering: .relaxed) }

    /// How long the latest whole answer to a question took that the Engine need not wait for itself.
    var answerTime: Duration? { latest.withLock { $0 } }

    /// How much goes on and waits now.
    var load: (calls: Int, actions: Int, streams: Int, waitingCalls: Int, waitingStreams: Int) {
        let (calls, actions, streams) = (calls.load, actions.load, streams.load)
        return (calls.used, actions.used, streams.used, calls.waiting, streams.waiting)
    }

    /// Sends a request and waits for the whole answer, whatever its status.
    ///
    /// Only a GET goes over a connection that was used before, and only a GET is sent again (once) when such a
    /// connection turns out to be dead. What changes something gets a connection of its own and is sent once.
    /// - Throws: `EngineError`.
    func call(_ request: Request, version: APIVersion?, deadline: Duration) async throws -> Answer {
        let lane =
            switch request.queue {
            case .usual: request.method == .GET ? calls : actions
            case .figures: figures
            case .slowFigures: slowFigures
            }
        try await lane.enter()
        defer { lane.leave() }
        if request.method == .GET, let connection = takeIdle() {
            do {
                return try await call(request, version: version, deadline: deadline, on: connection)
            } catch let failure as ExchangeFailure where failure.untouched {
                options.logger?.debug("an idle connection was dead", metadata: ["request": "\(request.summary)"])
            } catch let failure as ExchangeFailure {
                throw failure.error
            }
        }
        let connection = try await connect()
        do {
            return try await call(request, version: version, deadline: deadline, on: connection)
        } catch let failure as ExchangeFailure {
            throw failure.error
        }
    }

    private func call(
        _ request: Request, version: APIVersion?, deadline: Duration, on connection: EngineConnection
    ) async throws -> Answer {
        let began = ContinuousClock.now
        let opening = try await open(
            request, version: version, delivery: .whole(limit: options.bodyLimit), deadline: deadline, on: connection)
        if request.method == .GET, request.queue != .slowFigures {
            latest.withLock { $0 = ContinuousClock.now - began }
        }
        guard case .answer(let answer, let reusable) = opening else { throw ExchangeFailure(error: .closed) }
        if reusable { giveBack(connection) }
        return answer
    }

    /// Sends a request whose answer comes in pieces, and waits for its head. An error answer is thrown.
    /// - Throws: `EngineError`.
    func stream(_ request: Request, version: APIVersion?, deadline: Duration) async throws -> StreamBody {
        try await streams.enter()
        do {
            let connection = try await connect()
            let opening = try await open(
                request, version: version, delivery: .pieces, deadline: deadline, on: connection)
            switch opening {
            case .head(let head):
                return StreamBody(connection: connection, lane: streams, headers: head.headers)
            case .answer(let answer, let reusable):
                if reusable { giveBack(connection) }
                throw Engine.error(in: answer) ?? .malformed("an answer without a body")
            }
        } catch {
            streams.leave()
            throw (error as? ExchangeFailure)?.error ?? error
        }
    }

    /// Ends everything.
    func shutdown() async {
        for lane in [calls, figures, slowFigures, actions, streams] { lane.shut() }
        let open = state.withLock { state in
            state.shut = true
            state.idle = []
            return Array(state.open.values)
        }
        for connection in open { connection.close() }
        for connection in open { try? await connection.closed.get() }
    }

    // MARK: Connections

    private func open(
        _ request: Request, version: APIVersion?, delivery: Delivery, deadline: Duration,
        on connection: EngineConnection
    ) async throws -> Opening {
        sent.add(1, ordering: .relaxed)
        let began = ContinuousClock.now
        do {
            let opening = try await connection.exchange(
                head(request, version: version), body: request.body.map { ByteBuffer(bytes: $0) },
                upload: request.upload, delivery: delivery, deadline: deadline, what: request.summary)
            log(request, since: began, opening)
            return opening
        } catch {
            options.logger?.debug("no answer", metadata: ["request": "\(request.summary)", "error": "\(error)"])
            throw error
        }
    }

    func head(_ request: Request, version: APIVersion?) -> HTTPRequestHead {
        var headers = HTTPHeaders()
        let host =
            switch address.kind {
            case .unix: "docker"
            case .tcp(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
            }
        headers.add(name: "Host", value: host)
        headers.add(name: "User-Agent", value: "gantry")
        for (name, value) in request.headers { headers.add(name: name, value: value) }
        if let upload = request.upload {
            headers.add(name: "Content-Type", value: upload.type)
            headers.add(name: "Transfer-Encoding", value: "chunked")
        } else if request.method != .GET {
            headers.add(name: "Content-Length", value: "\(request.body?.count ?? 0)")
            if request.body != nil { headers.add(name: "Content-Type", value: "application/json") }
        }
        return HTTPRequestHead(
            version: .http1_1, method: request.method, uri: request.uri(version: version), headers: headers)
    }

    private func log(_ request: Request, since began: ContinuousClock.Instant, _ opening: Opening) {
        guard let logger = options.logger else { return }
        let status =
            switch opening {
            case .answer(let answer, _): answer.head.status.code
            case .head(let head): head.status.code
            }
        logger.debug(
            "answer",
            metadata: [
                "request": "\(request.summary)", "status": "\(status)", "took": "\(ContinuousClock.now - began)",
            ])
    }

    private func connect() async throws -> EngineConnection {
        let connection = try await EngineConnection.connect(to: address, timeout: options.connectTimeout)
        let key = ObjectIdentifier(connection)
        let shut = state.withLock { state in
            if !state.shut { state.open[key] = connection }
            return state.shut
        }
        guard !shut else {
            connection.close()
            throw EngineError.closed
        }
        connection.closed.whenComplete { [weak self] _ in
            self?.state.withLock { state in
                state.open[key] = nil
                state.idle.removeAll { ObjectIdentifier($0) == key }
            }
        }
        return connection
    }

    /// The connection that was used last: the others may then grow old and be closed by the Engine.
    private func takeIdle() -> EngineConnection? {
        state.withLock { state in
            while let connection = state.idle.popLast() {
                if connection.isOpen { return connection }
            }
            return nil
        }
    }

    private func giveBack(_ connection: EngineConnection) {
        let kept = state.withLock { state in
            guard !state.shut, connection.isOpen, state.idle.count < options.maxIdle else { return false }
            state.idle.append(connection)
            return true
        }
        if !kept { connection.close() }
    }
}

/// The body of an answer that comes in pieces, and the place in the lane that it takes.
final class StreamBody: Sendable {
    /// What the head of the answer says.
    let headers: HTTPHeaders
    private let connection: EngineConnection
    private let lane: Lane
    private let closed = Atomic<Bool>(false)

    init(connection: EngineConnection, lane: Lane, headers: HTTPHeaders = HTTPHeaders()) {
        self.connection = connection
        self.lane = lane
        self.headers = headers
    }

    deinit { close() }

    /// Waits for the next piece; nil is the end.
    /// - Throws: `EngineError`.
    func next() async throws -> ByteBuffer? {
        do {
            return try await connection.next()
        } catch let failure as ExchangeFailure {
            throw failure.error
        }
    }

    /// Closes the connection, and lets the next stream go.
    func close() {
        guard !closed.exchange(true, ordering: .relaxed) else { return }
        connection.close()
        lane.leave()
    }
}
