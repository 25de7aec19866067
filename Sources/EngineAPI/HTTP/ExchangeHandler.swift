import NIOCore
import NIOHTTP1

/// Carries out what `ExchangeState` says, on the channel's event loop: reads, timers, and those who wait.
final class ExchangeHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    private let watcher: ByteWatcher
    private var state = ExchangeState()
    private var context: ChannelHandlerContext?
    private var opening: CheckedContinuation<Opening, any Error>?
    private var piece: CheckedContinuation<ByteBuffer?, any Error>?
    private var timer: Scheduled<Void>?
    private var patience = (time: TimeAmount.zero, what: "")
    /// Whether parts of a request's body are still to come.
    private var sendsBody = false
    private var lastPiece = NIODeadline.distantPast
    /// The number of the exchange that goes on, and the highest that was aborted: an abort may come before its exchange
    /// begins, and after it ended, when the connection is somebody else's.
    private var current: UInt64 = 0
    private var aborted: UInt64 = 0

    init(watcher: ByteWatcher) { self.watcher = watcher }

    /// An Engine sends a log line by line, and a reader that is quicker would wake up for each: who has just got a
    /// piece waits a moment for the next one, so that there is more in it. Longer would be dearer: the socket of a unix
    /// connection holds some 280 lines, and a full one stops the Engine.
    static let pause = TimeAmount.milliseconds(1)

    // MARK: What the connection asks for

    /// Sends a request, or its beginning when more of its body is to follow. `waiter` gets the opening.
    func begin(
        _ head: HTTPRequestHead, body: ByteBuffer?, isWhole: Bool, number: UInt64, delivery: Delivery,
        deadline: TimeAmount, what: String,
        waiter: CheckedContinuation<Opening, any Error>
    ) {
        if aborted >= number {
            waiter.resume(throwing: ExchangeFailure(error: .cancelled))
            carryOut(state.abort(.cancelled))
            close()
            return
        }
        guard let context else {
            waiter.resume(throwing: ExchangeFailure(error: .closed, untouched: true))
            return
        }
        if let failure = state.begin(delivery) {
            waiter.resume(throwing: failure)
            return
        }
        current = number
        watcher.seen = false
        opening = waiter
        patience = (deadline, what)
        wait()
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if let body { context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil) }
        sendsBody = !isWhole
        if isWhole { context.write(wrapOutboundOut(.end(nil)), promise: nil) }
        context.flush()
        context.read()
    }

    /// Sends a part of the body; `done` hears when it has gone out, or that it never will.
    func send(_ bytes: ByteBuffer, done: @escaping @Sendable (Bool) -> Void) {
        guard sendsBody, let context, context.channel.isActive else { return done(false) }
        let sent = context.eventLoop.makePromise(of: Void.self)
        sent.futureResult.assumeIsolated().whenComplete { [weak self] result in
            if case .success = result {
                self?.wait()
                done(true)
            } else {
                done(false)
            }
        }
        context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(bytes))), promise: sent)
    }

    /// The body is complete.
    func endBody() {
        guard sendsBody, let context, context.channel.isActive else { return }
        sendsBody = false
        wait()
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }

    /// From now on the answer has so much time to begin, if it has not.
    private func wait() {
        guard opening != nil, let context else { return }
        timer?.cancel()
        timer = context.eventLoop.assumeIsolated().scheduleTask(in: patience.time) { [weak self] in
            guard let self else { return }
            self.carryOut(self.state.abort(.timedOut(self.patience.what)))
        }
    }

    /// `waiter` gets the next piece.
    func take(_ waiter: CheckedContinuation<ByteBuffer?, any Error>) {
        guard piece == nil else {
            waiter.resume(throwing: ExchangeFailure(error: .malformed("two readers of one stream")))
            return
        }
        piece = waiter
        let action = state.take()
        guard case .read = action, let context, NIODeadline.now() < lastPiece + Self.pause else {
            carryOut(action)
            return
        }
        context.eventLoop.assumeIsolated().scheduleTask(deadline: lastPiece + Self.pause) { [weak self] in
            self?.carryOut(.read)
        }
    }

    /// Ends one exchange, unless it has ended.
    func abort(_ error: EngineError, number: UInt64) {
        aborted = max(aborted, number)
        guard number == current, opening != nil else { return }
        abort(error)
    }

    /// Ends whatever goes on, and the connection.
    func abort(_ error: EngineError) {
        carryOut(state.abort(error))
        close()
    }

    private func close() { context?.close(promise: nil) }

    private func carryOut(_ action: ExchangeState.Action) {
        switch action {
        case .nothing:
            break
        case .read:
            context?.read()
        case .open(let result):
            timer?.cancel()
            timer = nil
            let waiter = opening.take()
            var result = result
            if case .answer(let answer, _) = result, sendsBody {
                // It was refused before it was read: what is left of it would be taken for the next request.
                sendsBody = false
                result = .answer(answer, reusable: false)
            }
            if case .answer(_, reusable: false) = result { close() }
            waiter?.resume(returning: result)
        case .piece(let bytes):
            lastPiece = .now()
            piece.take()?.resume(returning: bytes)
        case .fail(let failure):
            timer?.cancel()
            timer = nil
            opening.take()?.resume(throwing: failure)
            piece.take()?.resume(throwing: failure)
            close()
        }
    }

    // MARK: What the channel tells

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) {
        carryOut(state.becameInactive(touched: watcher.seen))
        self.context = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): carryOut(state.received(head))
        case .body(let bytes): carryOut(state.received(bytes))
        case .end: carryOut(state.receivedEnd())
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        carryOut(state.readComplete())
    }

    func channelInactive(context: ChannelHandlerContext) {
        carryOut(state.becameInactive(touched: watcher.seen))
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch error {
        case is IOError, HTTPParserError.invalidEOFState:
            // An answer that stops is not an answer that makes no sense.
            carryOut(state.becameInactive(touched: watcher.seen))
            close()
        default:
            abort(.malformed("\(error)"))
        }
    }
}

/// Knows whether a byte of the answer has come: the parser keeps half a head to itself.
final class ByteWatcher: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    var seen = false

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        seen = true
        context.fireChannelRead(data)
    }
}
