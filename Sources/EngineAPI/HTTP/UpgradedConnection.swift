import FoundationEssentials
import NIOCore
import NIOHTTP1
import NIOPosix

/// A connection that no longer speaks HTTP: bytes in both directions, of an exec or of an attach.
///
/// What is not asked for is not read: a reader that is slow holds the container's output back.
public final class UpgradedConnection: Sendable {
    private let channel: any Channel
    private let handler: NIOLoopBound<UpgradedHandler>

    fileprivate init(channel: any Channel, handler: NIOLoopBound<UpgradedHandler>) {
        self.channel = channel
        self.handler = handler
    }

    deinit { channel.close(promise: nil) }

    /// Waits for the next bytes; nil is the end.
    /// - Throws: `EngineError.closed` when the connection broke, `.cancelled`.
    public func next() async throws -> [UInt8]? {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { waiter in
                channel.eventLoop.execute { [handler] in handler.value.take(waiter) }
            }
        } onCancel: {
            channel.eventLoop.execute { [handler] in handler.value.fail(.cancelled) }
        }
    }

    /// Sends bytes; returns when the system has taken them.
    /// - Throws: `EngineError.closed`.
    public func write(_ bytes: [UInt8]) async throws {
        do { try await channel.writeAndFlush(ByteBuffer(bytes: bytes)).get() } catch { throw EngineError.closed }
    }

    /// Says that no more bytes will be sent: the process reads the end of its input.
    public func closeInput() async {
        try? await channel.close(mode: .output).get()
    }

    /// Ends it. A process that was attached goes on; one of an exec without a terminal too.
    public func close() { channel.close(promise: nil) }
}

extension EngineConnection {
    /// Connects, sends a request, and turns the connection over when the Engine agrees (101, or an older 200).
    /// - Throws: `EngineError`: what the Engine says when it does not agree.
    static func upgraded(
        to address: EngineAddress, head: HTTPRequestHead, body: [UInt8], timeout: Duration, deadline: Duration
    ) async throws -> UpgradedConnection {
        let what = "\(head.method.rawValue) \(head.uri)"
        let bootstrap = ClientBootstrap(group: group)
            .connectTimeout(TimeAmount(timeout))
            .channelOption(.autoRead, value: false)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let decoder = ByteToMessageHandler(HTTPResponseDecoder(leftOverBytesStrategy: .dropBytes))
                    let encoder = HTTPRequestEncoder()
                    let splitter = HeadSplitter()
                    try channel.pipeline.syncOperations.addHandlers([
                        splitter, encoder, decoder,
                        UpgradingHandler(splitter: splitter, encoder: encoder, decoder: decoder), UpgradedHandler(),
                    ])
                }
            }
        let connecting =
            switch address.kind {
            case .unix(let path): bootstrap.connect(unixDomainSocketPath: path)
            case .tcp(let host, let port): bootstrap.connect(host: host, port: port)
            }
        let channel: any Channel
        do { channel = try await connecting.get() } catch { throw EngineError(connectingTo: address, error) }
        let opened = channel.eventLoop.flatSubmit {
            do {
                let upgrading = try channel.pipeline.syncOperations.handler(type: UpgradingHandler.self)
                let handler = NIOLoopBound(
                    try channel.pipeline.syncOperations.handler(type: UpgradedHandler.self),
                    eventLoop: channel.eventLoop)
                let timer = channel.eventLoop.scheduleTask(in: TimeAmount(deadline)) {
                    channel.pipeline.fireErrorCaught(EngineError.timedOut(what))
                }
                let answer = upgrading.send(head, body)
                answer.whenComplete { _ in timer.cancel() }
                return answer.map { UpgradedConnection(channel: channel, handler: handler) }
            } catch {
                return channel.eventLoop.makeFailedFuture(error)
            }
        }
        return try await withTaskCancellationHandler {
            do { return try await opened.get() } catch {
                channel.close(promise: nil)
                throw Task.isCancelled ? EngineError.cancelled : (error as? EngineError) ?? .closed
            }
        } onCancel: {
            channel.close(promise: nil)
        }
    }
}

/// Holds back what comes behind the head of the answer until it is known whether that is HTTP too.
private final class HeadSplitter: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private enum Phase { case head, holding, passing }

    private var phase = Phase.head
    private var bytes = ByteBuffer()
    private var hasEnded = false
    private var context: ChannelHandlerContext?

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard phase != .passing else { return context.fireChannelRead(data) }
        var piece = unwrapInboundIn(data)
        bytes.writeBuffer(&piece)
        guard phase == .head else { return }
        let end = Array("\r\n\r\n".utf8)
        if let range = bytes.readableBytesView.firstRange(of: end),
            let head = bytes.readSlice(length: range.upperBound - bytes.readerIndex)
        {
            phase = .holding
            context.fireChannelRead(wrapInboundOut(head))
        } else if bytes.readableBytes > ExchangeState.errorLimit {
            // No head is that long: the decoder finds out what is wrong with it.
            passOn()
        }
    }

    func passOn() {
        guard phase != .passing, let context else { return }
        phase = .passing
        if bytes.readableBytes > 0 {
            context.fireChannelRead(wrapInboundOut(bytes))
            bytes.clear()
            context.fireChannelReadComplete()
        }
        if hasEnded { context.fireUserInboundEventTriggered(ChannelEvent.inputClosed) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        guard phase == .holding else { return context.fireChannelInactive() }
        // After what is held back, which is passed on in a turn of the loop or two.
        let loop = context.eventLoop.assumeIsolated()
        loop.execute {
            loop.execute {
                self.passOn()
                context.fireChannelInactive()
            }
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case ChannelEvent.inputClosed? = event as? ChannelEvent {
            hasEnded = true
            if phase == .head { passOn() } else if phase == .passing { context.fireUserInboundEventTriggered(event) }
        } else {
            context.fireUserInboundEventTriggered(event)
        }
    }
}

/// Sends the request and waits for the head of its answer; where that is 101, it and the HTTP handlers go then.
private final class UpgradingHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias InboundOut = ByteBuffer
    typealias OutboundOut = HTTPClientRequestPart

    private let splitter: HeadSplitter
    private let encoder: HTTPRequestEncoder
    private let decoder: ByteToMessageHandler<HTTPResponseDecoder>
    private var context: ChannelHandlerContext?
    private var answered: EventLoopPromise<Void>?
    private var isBodyTheStream = false
    private var refusal: (head: HTTPResponseHead, body: ByteBuffer)?

    init(
        splitter: HeadSplitter, encoder: HTTPRequestEncoder, decoder: ByteToMessageHandler<HTTPResponseDecoder>
    ) {
        self.splitter = splitter
        self.encoder = encoder
        self.decoder = decoder
    }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func send(_ head: HTTPRequestHead, _ body: [UInt8]) -> EventLoopFuture<Void> {
        // The pipeline is whole until the answer is here.
        guard let context else { preconditionFailure("not in a pipeline") }
        let promise = context.eventLoop.makePromise(of: Void.self)
        answered = promise
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if !body.isEmpty { context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: body)))), promise: nil) }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        context.read()
        return promise.futureResult
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head) where head.status == .switchingProtocols: break
        case .head(let head) where head.isUpgradedOK:
            // Its body is the stream, and what is sent now is no HTTP.
            isBodyTheStream = true
            context.pipeline.syncOperations.removeHandler(encoder, promise: nil)
            passOnSoon(context)
            agree()
        case .head(let head):
            refusal = (head, ByteBuffer())
            passOnSoon(context)
        case .body(let bytes) where isBodyTheStream: context.fireChannelRead(wrapInboundOut(bytes))
        case .body(var bytes):
            if let count = refusal?.body.readableBytes, count < ExchangeState.errorLimit {
                refusal?.body.writeBuffer(&bytes)
            }
        case .end:
            guard let refusal else {
                if !isBodyTheStream { upgrade(context) }
                return
            }
            let answer = Answer(head: refusal.head, body: refusal.body)
            fail(Engine.error(in: answer) ?? .malformed("an answer where a connection was asked for"))
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if answered != nil { context.read() }
        context.fireChannelReadComplete()
    }

    func channelInactive(context: ChannelHandlerContext) {
        fail(.closed)
        context.fireChannelInactive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if answered != nil, case ChannelEvent.inputClosed? = event as? ChannelEvent { fail(.closed) }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        fail((error as? EngineError) ?? .malformed("an answer that is no HTTP"))
    }

    private func upgrade(_ context: ChannelHandlerContext) {
        let pipeline = context.pipeline.syncOperations
        pipeline.removeHandler(context: context, promise: nil)
        pipeline.removeHandler(encoder, promise: nil)
        pipeline.removeHandler(decoder).assumeIsolated().whenComplete { [splitter] _ in splitter.passOn() }
        agree()
    }

    /// Not at once: the decoder is still at the head.
    private func passOnSoon(_ context: ChannelHandlerContext) {
        context.eventLoop.assumeIsolated().execute { [splitter] in splitter.passOn() }
    }

    private func agree() {
        answered?.succeed()
        answered = nil
    }

    private func fail(_ error: EngineError) {
        answered?.fail(error)
        answered = nil
    }
}

extension HTTPResponseHead {
    /// Some answer a request for an upgrade with 200 and the stream itself.
    fileprivate var isUpgradedOK: Bool {
        status == .ok && headers.first(name: "Content-Type")?.hasPrefix("application/vnd.docker.") == true
    }
}

/// Keeps what has come until somebody asks for it.
private final class UpgradedHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private var context: ChannelHandlerContext?
    private var bytes = ByteBuffer()
    private var waiter: CheckedContinuation<[UInt8]?, any Error>?
    private var end: EngineError??

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func take(_ next: CheckedContinuation<[UInt8]?, any Error>) {
        guard waiter == nil else { return next.resume(throwing: EngineError.malformed("two readers at once")) }
        waiter = next
        deliver()
        if waiter != nil { context?.read() }
    }

    func fail(_ error: EngineError) {
        if end == nil { end = .some(error) }
        deliver()
        context?.close(promise: nil)
    }

    private func deliver() {
        guard let next = waiter else { return }
        if bytes.readableBytes > 0 {
            waiter = nil
            next.resume(returning: Array(buffer: bytes))
            bytes.clear()
        } else if let end {
            waiter = nil
            if let error = end { next.resume(throwing: error) } else { next.resume(returning: nil) }
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var piece = unwrapInboundIn(data)
        bytes.writeBuffer(&piece)
        deliver()
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if waiter != nil { context.read() }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case ChannelEvent.inputClosed? = event as? ChannelEvent else { return }
        if end == nil { end = .some(nil) }
        deliver()
    }

    func channelInactive(context: ChannelHandlerContext) {
        if end == nil { end = .some(nil) }
        deliver()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { fail((error as? EngineError) ?? .closed) }
}
