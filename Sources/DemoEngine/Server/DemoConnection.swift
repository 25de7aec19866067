import NIOCore
import NIOHTTP1

/// The server's side of a connection: takes requests, carries out what the router says, or what a fault wants.
final class DemoConnection: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private enum Phase {
        case idle
        case receiving(HTTPRequestHead)
        /// The answer comes when something has happened.
        case waiting(HTTPRequestHead, DemoHost.Wait, status: Int)
        case streaming(HTTPRequestHead, any DemoStream)
        /// Bytes in both directions, without HTTP.
        case talking(any DemoSession)
        /// The same bytes without end.
        case flooding([UInt8])
        case mute
    }

    private let core: DemoCore
    private var phase = Phase.idle
    private let raw: RawHandler
    private var body: [UInt8] = []
    private var tar: TarScanner?
    private static let bodyLimit = 1 << 20
    private var context: ChannelHandlerContext?
    private var timer: Scheduled<Void>?
    private var isGoing = false
    /// Whether something called for going on while it was going on.
    private var goesAgain = false

    init(_ core: DemoCore, _ raw: RawHandler) {
        self.core = core
        self.raw = raw
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        core.add(self)
    }

    func handlerRemoved(context: ChannelHandlerContext) { forget() }
    func channelInactive(context: ChannelHandlerContext) {
        forget()
        context.fireChannelInactive()
    }

    private func forget() {
        timer?.cancel()
        timer = nil
        phase = .mute
        context = nil
        core.remove(self)
    }

    func close() { context?.close(promise: nil) }

    /// What kind of stream it is busy with; nil when with none.
    var streamKind: String? {
        switch phase {
        case .streaming, .talking: kind
        default: nil
        }
    }
    private var kind = ""

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            body = []
            tar = DemoRequest(method: head.method.rawValue, uri: head.uri).scanner
            if case .idle = phase { phase = .receiving(head) }
        // A body that is longer than any that matters is let go, however long it is.
        case .body(let piece):
            if tar != nil {
                tar?.take(piece.readableBytesView)
            } else if body.count + piece.readableBytes <= Self.bodyLimit {
                body += piece.readableBytesView
            }
        case .end:
            if case .receiving(let head) = phase { take(head) }
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        go()
        context.fireChannelWritabilityChanged()
    }

    func somethingHappened() {
        switch phase {
        case .waiting(let head, let wait, let status):
            guard core.withHost({ $0.isOver(wait) }) else { return }
            finish(head, status)
        case .streaming, .talking: go()
        default: return
        }
    }

    // MARK: - A connection without HTTP

    /// Whether there is room for what the client sends.
    var wantsInput: Bool { context?.channel.isWritable ?? false }

    func take(_ bytes: [UInt8]) {
        guard case .talking(var session) = phase else { return }
        core.withHost { session.take(bytes, &$0) }
        phase = .talking(session)
        go()
    }

    func inputEnded() {
        guard case .talking(var session) = phase else { return close() }
        core.withHost { session.endInput(&$0) }
        phase = .talking(session)
        go()
    }

    private func talk(_ head: HTTPRequestHead, _ session: any DemoSession, hasTerminal: Bool) {
        let type = hasTerminal ? "application/vnd.docker.raw-stream" : "application/vnd.docker.multiplexed-stream"
        let agreed =
            head.headers.contains(name: "Upgrade")
            ? "HTTP/1.1 101 UPGRADED\r\nContent-Type: \(type)\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n"
            : "HTTP/1.1 200 OK\r\nContent-Type: \(type)\r\n"
        let version = "Api-Version: \(core.faults.apiVersion)\r\nOstype: linux\r\n\r\n"
        phase = .talking(session)
        raw.write(Array((agreed + version).utf8))
        raw.flush()
        raw.begin(for: self)
        go()
    }

    // MARK: - Answers

    private func take(_ head: HTTPRequestHead) {
        var request = DemoRequest(method: head.method.rawValue, uri: head.uri)
        request.body = body
        request.tar = tar
        body = []
        tar = nil
        kind = request.kind
        core.note(request)
        switch core.faults.take(request.plainPath) {
        case nil: answer(head, request)
        case .slow(let pause):
            phase = .mute
            after(pause) { self.answer(head, request) }
        case .silence: phase = .mute
        case .closed: close()
        case .error(let status, let message): refuse(head, .init(status: status, message: message))
        case .dropped(let pause):
            answer(head, request)
            guard let loop = context?.eventLoop else { return }
            loop.assumeIsolated().scheduleTask(in: TimeAmount(pause)) { self.close() }
        case .half:
            phase = .mute
            let bytes = answered(request)
            write(head, 200, type: "application/json", length: bytes.count)
            write(Array(bytes.prefix(bytes.count / 2)))
            flushAndClose()
        case .garbage:
            writePastHTTP("\u{16}\u{03}\u{01} this is no HTTP {]\r\n\r\n")
        case .nonsense:
            write(head, 200, type: "application/json", length: nil)
            write(Array("<html>{\"neither\": this, nor [that\u{0} \u{7F}</html>".utf8))
            end(head)
        case .endless:
            write(head, 200, type: "application/json", length: nil)
            write([UInt8(ascii: "[")])
            phase = .flooding([UInt8](repeating: UInt8(ascii: " "), count: 16 << 10))
            go()
        }
    }

    /// The whole of what would be answered; what comes in pieces gives its first.
    private func answered(_ request: DemoRequest) -> [UInt8] {
        core.withHost { host in
            switch Router.answer(request, &host, self.core.faults) {
            case .json(let json), .made(let json): json.bytes
            case .written(let bytes): bytes
            case .text(let text): Array(text.utf8)
            case .stream(var stream, _), .file(var stream, _, _): stream.next(&host).bytes
            case .session(var session, _): session.next(&host).bytes
            default: []
            }
        } + Array("\n\n".utf8)
    }

    private func answer(_ head: HTTPRequestHead, _ request: DemoRequest) {
        guard context != nil else { return }
        let faults = core.faults
        switch core.withHost({ Router.answer(request, &$0, faults) }) {
        case .json(let json): whole(head, 200, "application/json", json.bytes + [0x0A])
        case .made(let json): whole(head, 201, "application/json", json.bytes + [0x0A])
        case .written(let bytes): whole(head, 200, "application/json", bytes)
        case .text(let text): whole(head, 200, "text/plain; charset=utf-8", Array(text.utf8))
        case .status(let status): finish(head, status)
        case .refusal(let refusal): refuse(head, refusal)
        case .after(let wait, let status):
            phase = .waiting(head, wait, status: status)
            somethingHappened()
        case .stream(let stream, let type): begin(head, stream, type, [])
        case .file(let stream, let type, let headers): begin(head, stream, type, headers)
        case .head(let status, let headers):
            write(head, status, type: nil, length: nil, headers)
            end(head)
        case .session(let session, let hasTerminal): talk(head, session, hasTerminal: hasTerminal)
        }
    }

    private func begin(
        _ head: HTTPRequestHead, _ stream: any DemoStream, _ type: String, _ headers: [(String, String)]
    ) {
        write(head, 200, type: type, length: nil, headers)
        context?.flush()
        phase = .streaming(head, stream)
        go()
    }

    private func refuse(_ head: HTTPRequestHead, _ refusal: DemoHost.Refusal) {
        whole(head, refusal.status, "application/json", JSON.object([("message", .string(refusal.message))]).bytes)
    }

    private func whole(_ head: HTTPRequestHead, _ status: Int, _ type: String, _ bytes: [UInt8]) {
        write(head, status, type: type, length: bytes.count)
        if head.method != .HEAD { write(bytes) }
        end(head)
    }

    private func finish(_ head: HTTPRequestHead, _ status: Int) {
        write(head, status, type: nil, length: nil)
        end(head)
    }

    /// Goes on with what comes in pieces, as long as the client takes it.
    ///
    /// What it writes, and what it has the host do, may call for this again while it is at it: that is done afterwards, or
    /// an answer would be ended twice.
    private func go() {
        guard !isGoing else {
            goesAgain = true
            return
        }
        isGoing = true
        proceed()
        isGoing = false
        guard goesAgain else { return }
        goesAgain = false
        switch phase {
        case .streaming, .talking, .flooding: later(0)
        default: return
        }
    }

    private func proceed() {
        timer?.cancel()
        timer = nil
        while let context, context.channel.isActive, context.channel.isWritable {
            switch phase {
            case .flooding(let bytes):
                write(bytes)
                context.flush()
            case .streaming(let head, var stream):
                let piece = core.withHost { stream.next(&$0) }
                phase = .streaming(head, stream)
                if !piece.bytes.isEmpty {
                    write(piece.bytes)
                    context.flush()
                }
                guard let again = piece.again else { return end(head) }
                let wait = again - DemoCore.now()
                guard wait <= 0 else { return later(wait) }
                // Others have their turn between two pieces.
                if !piece.bytes.isEmpty { return later(0) }
                return later(.millisecond)
            case .talking(var session):
                let piece = core.withHost { session.next(&$0) }
                phase = .talking(session)
                if !piece.bytes.isEmpty {
                    raw.write(piece.bytes)
                    raw.flush()
                }
                guard let again = piece.again else {
                    phase = .mute
                    return raw.close()
                }
                if wantsInput { raw.read() }
                let wait = again - DemoCore.now()
                return later(max(wait, piece.bytes.isEmpty ? .millisecond : 0))
            default: return
            }
        }
    }

    private func later(_ wait: Nanoseconds) {
        timer?.cancel()
        timer = context?.eventLoop.assumeIsolated().scheduleTask(in: .nanoseconds(wait)) { self.go() }
    }

    private func after(_ pause: Duration, _ body: @escaping () -> Void) {
        timer = context?.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(pause)) { body() }
    }

    // MARK: - Bytes

    private func write(
        _ request: HTTPRequestHead, _ status: Int, type: String?, length: Int?, _ more: [(String, String)] = []
    ) {
        var headers = HTTPHeaders([
            ("Api-Version", core.faults.apiVersion.description), ("Docker-Experimental", "false"),
            ("Ostype", "linux"), ("Server", "Docker/\(Router.engineVersion) (linux)"),
        ])
        headers.add(contentsOf: more)
        if let type { headers.add(name: "Content-Type", value: type) }
        if let length { headers.add(name: "Content-Length", value: String(length)) }
        if !request.isKeepAlive { headers.add(name: "Connection", value: "close") }
        let head = HTTPResponseHead(
            version: request.version, status: HTTPResponseStatus(statusCode: status), headers: headers)
        context?.write(wrapOutboundOut(.head(head)), promise: nil)
    }

    private func write(_ bytes: [UInt8]) {
        context?.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: bytes)))), promise: nil)
    }

    private func end(_ head: HTTPRequestHead) {
        phase = .idle
        timer?.cancel()
        timer = nil
        context?.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        if !head.isKeepAlive { close() }
    }

    private func flushAndClose() {
        context?.flush()
        close()
    }

    /// Past the encoder, straight to the socket.
    private func writePastHTTP(_ text: String) {
        raw.write(Array(text.utf8))
        raw.flush()
        close()
    }
}
