import NIOCore

/// Stands between the socket and HTTP: what comes on a connection that stopped speaking HTTP goes past it.
final class RawHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private var connection: DemoConnection?
    private var context: ChannelHandlerContext?

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }
    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        connection = nil
    }

    /// From here on nothing but bytes; what the client sends is read when there is room for it.
    func begin(for connection: DemoConnection) {
        self.connection = connection
        context?.read()
    }

    func write(_ bytes: [UInt8]) { context?.write(NIOAny(ByteBuffer(bytes: bytes)), promise: nil) }
    func flush() { context?.flush() }
    func read() { context?.read() }

    /// Closes when all that was written is on its way.
    func close() { context?.close(promise: nil) }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard let connection else { return context.fireChannelRead(data) }
        connection.take(Array(unwrapInboundIn(data).readableBytesView))
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        guard let connection else { return context.fireChannelReadComplete() }
        if connection.wantsInput { context.read() }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case ChannelEvent.inputClosed? = event as? ChannelEvent else {
            return context.fireUserInboundEventTriggered(event)
        }
        // Who sends nothing more of HTTP does not read either; a process's input may end before its output.
        if let connection { connection.inputEnded() } else { context.close(promise: nil) }
    }
}
