import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// One connection to an Engine. One exchange at a time; from any task.
///
/// A transport is whatever makes a channel with these handlers: TLS and `docker system dial-stdio` fit in here.
final class EngineConnection: Sendable {
    private let channel: any Channel
    private let handler: NIOLoopBound<ExchangeHandler>

    /// All connections of the program share one thread: it does no more than parse heads and copy bytes.
    static let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    private static let exchanges = Atomic<UInt64>(0)

    /// To be made on the channel's event loop.
    private init(channel: any Channel, handler: ExchangeHandler) {
        self.channel = channel
        self.handler = NIOLoopBound(handler, eventLoop: channel.eventLoop)
    }

    /// Whether it is still open, as far as is known.
    var isOpen: Bool { channel.isActive }

    /// Done when it is closed.
    var closed: EventLoopFuture<Void> { channel.closeFuture }

    /// Sends a request and waits for the answer, or for its head. The deadline begins anew with each part of the body
    /// that was taken.
    ///
    /// A body may still be on its way when the answer begins: it ends with the connection at the latest.
    /// - Throws: `ExchangeFailure`.
    func exchange(
        _ head: HTTPRequestHead, body: ByteBuffer? = nil, upload: Upload? = nil, delivery: Delivery, deadline: Duration,
        what: String
    ) async throws -> Opening {
        let number = Self.exchanges.wrappingAdd(1, ordering: .relaxed).newValue
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { waiter in
                channel.eventLoop.execute { [handler, self] in
                    handler.value.begin(
                        head, body: body, isWhole: upload == nil, number: number, delivery: delivery,
                        deadline: TimeAmount(deadline), what: what, waiter: waiter)
                    if let upload { send(upload) }
                }
            }
        } onCancel: {
            channel.eventLoop.execute { [handler] in handler.value.abort(.cancelled, number: number) }
        }
    }

    /// Sends a body, no faster than it is taken.
    private func send(_ upload: Upload) {
        let task = Task {
            do {
                let next = try upload.open()
                while let bytes = try await next() {
                    for start in stride(from: 0, to: bytes.count, by: Upload.partSize) {
                        let part = bytes[start..<min(start + Upload.partSize, bytes.count)]
                        guard await send(ByteBuffer(bytes: part)) else { return }
                    }
                }
                channel.eventLoop.execute { [handler] in handler.value.endBody() }
            } catch {
                // Half a body must not pass for a whole one: only the end of the connection tells the Engine.
                close(error as? EngineError ?? .unreadable("\(error)"))
            }
        }
        channel.closeFuture.whenComplete { _ in task.cancel() }
    }

    /// Waits until a part of a body has gone out; false when nobody takes any more.
    private func send(_ bytes: ByteBuffer) async -> Bool {
        await withCheckedContinuation { waiter in
            channel.eventLoop.execute { [handler] in
                handler.value.send(bytes) { waiter.resume(returning: $0) }
            }
        }
    }

    /// Waits for the next piece of a body that comes in pieces; nil is its end.
    /// - Throws: `ExchangeFailure`.
    func next() async throws -> ByteBuffer? {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { waiter in
                channel.eventLoop.execute { [handler] in handler.value.take(waiter) }
            }
        } onCancel: {
            close(.cancelled)
        }
    }

    /// Ends whatever goes on with `error`, and closes.
    func close(_ error: EngineError = .closed) {
        channel.eventLoop.execute { [handler] in handler.value.abort(error) }
    }
}

// MARK: Connecting

extension EngineConnection {
    /// Connects to an Engine.
    /// - Throws: `EngineError.unreachable`, `.timedOut`, `.cancelled`.
    static func connect(to address: EngineAddress, timeout: Duration) async throws -> EngineConnection {
        let end = ContinuousClock.now + timeout
        while true {
            do {
                return try await attempt(address, timeout: timeout)
            } catch let error as IOError where error.errnoCode == EAGAIN && ContinuousClock.now < end {
                // A unix socket whose queue is full says so at once instead of letting us wait.
                do { try await Task.sleep(for: .milliseconds(10)) } catch { throw EngineError.cancelled }
            } catch let error as EngineError {
                throw error
            } catch {
                throw EngineError(connectingTo: address, error)
            }
        }
    }

    private static func attempt(_ address: EngineAddress, timeout: Duration) async throws -> EngineConnection {
        let bootstrap = ClientBootstrap(group: group)
            .connectTimeout(TimeAmount(timeout))
            .channelOption(.autoRead, value: false)
            // Starts small for the many that carry little, and grows for logs.
            .channelOption(
                .recvAllocator, value: AdaptiveRecvByteBufferAllocator(minimum: 2048, initial: 8192, maximum: 128 << 10)
            )
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let watcher = ByteWatcher()
                    try channel.pipeline.syncOperations.addHandlers([
                        watcher,
                        HTTPRequestEncoder(),
                        ByteToMessageHandler(
                            HTTPResponseDecoder(leftOverBytesStrategy: .dropBytes, informationalResponseStrategy: .drop)
                        ),
                        ExchangeHandler(watcher: watcher),
                    ])
                }
            }
        let channel =
            switch address.kind {
            case .unix(let path): bootstrap.connect(unixDomainSocketPath: path)
            case .tcp(let host, let port): bootstrap.connect(host: host, port: port)
            }
        let connection = channel.flatMapThrowing { channel in
            EngineConnection(
                channel: channel, handler: try channel.pipeline.syncOperations.handler(type: ExchangeHandler.self))
        }
        return try await wait(for: connection)
    }

    /// Waits for a connection, but no longer than the task is wanted; one that comes too late is closed.
    private static func wait(for connection: EventLoopFuture<EngineConnection>) async throws -> EngineConnection {
        let once = Once<EngineConnection>()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { waiter in
                once.wait(waiter)
                connection.whenComplete { result in
                    if !once.resume(with: result), case .success(let late) = result { late.close() }
                }
            }
        } onCancel: {
            once.resume(with: .failure(EngineError.cancelled))
        }
    }
}

/// A waiter that several may resume; the first one does.
final class Once<Value: Sendable>: Sendable {
    private enum State {
        case empty
        case waiting(CheckedContinuation<Value, any Error>)
        case early(Result<Value, any Error>)
        case done
    }

    private let state = Mutex(State.empty)

    /// To be called once.
    func wait(_ waiter: CheckedContinuation<Value, any Error>) {
        let early: Result<Value, any Error>? = state.withLock { state in
            if case .early(let result) = state {
                state = .done
                return result
            }
            state = .waiting(waiter)
            return nil
        }
        if let early { waiter.resume(with: early) }
    }

    /// Whether this one was the first.
    @discardableResult
    func resume(with result: Result<Value, any Error>) -> Bool {
        let (first, waiter): (Bool, CheckedContinuation<Value, any Error>?) = state.withLock { state in
            switch state {
            case .empty:
                state = .early(result)
                return (true, nil)
            case .waiting(let waiter):
                state = .done
                return (true, waiter)
            case .early, .done:
                return (false, nil)
            }
        }
        waiter?.resume(with: result)
        return first
    }
}

extension EngineError {
    /// What the system says when a connection does not come about.
    init(connectingTo address: EngineAddress, _ error: any Error) {
        switch error {
        case let error as IOError:
            let reason: Reason =
                switch error.errnoCode {
                case ENOENT, ENOTDIR: .noSocket
                case ECONNREFUSED, ENOTSOCK: .refused
                case EACCES, EPERM: .noPermission
                case let code: .other(String(cString: strerror(code)))
                }
            self = .unreachable(address, reason: reason)
        case ChannelError.connectTimeout:
            self = .timedOut("connecting to \(address)")
        case let error as NIOConnectionError:
            // One host may have several addresses: what the last one said is as good as any.
            if let last = error.connectionErrors.last {
                self.init(connectingTo: address, last.error)
            } else {
                self = .unreachable(address, reason: .unresolved)
            }
        case SocketAddressError.unixDomainSocketPathTooLong:
            self = .unreachable(address, reason: .other("the path is too long for a socket"))
        case is SocketAddressError, is SocketAddressError.FailedToParseIPByteBuffer:
            self = .unreachable(address, reason: .unresolved)
        default:
            self = .unreachable(address, reason: .other("\(error)"))
        }
    }
}
