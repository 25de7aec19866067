import NIOCore
import NIOPosix
import Testing

@testable import EngineAPI

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

@Suite struct Addresses {
    @Test(arguments: [
        ("unix:///var/run/docker.sock", EngineAddress.standard), ("unix:///a b", .unix(path: "/a b")),
        ("tcp://host:1234", .tcp(host: "host", port: 1234)), ("tcp://host", .tcp(host: "host", port: 2375)),
        ("tcp://host:", .tcp(host: "host", port: 2375)), ("http://10.0.0.1:80/", .tcp(host: "10.0.0.1", port: 80)),
        ("TCP://[::1]:99", .tcp(host: "::1", port: 99)),
        ("tcp://[fe80::1%eth0]", .tcp(host: "fe80::1%eth0", port: 2375)),
    ])
    func areRead(_ text: String, _ address: EngineAddress) throws {
        #expect(try EngineAddress(parsing: text) == address)
        #expect(try EngineAddress(parsing: address.description) == address)
    }

    @Test(arguments: [
        "", "/var/run/docker.sock", "unix://", "unix://relative", "tcp://", "tcp://:2375", "tcp://host:0",
        "tcp://host:65536",
        "tcp://host:+1", "tcp://host:1x", "tcp://::1", "tcp://[::1", "tcp://[::1]x", "unix:///a\0b",
    ])
    func nonsenseIsRefused(_ text: String) {
        let error = #expect(throws: EngineAddressError.self) { try EngineAddress(parsing: text) }
        guard case .malformed? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test(arguments: [
        "ssh://user@host", "npipe:////./pipe/docker_engine", "fd://", "https://host", "ftp://host", "tcp://host:1/path",
        "tcp://user@host:1",
    ])
    func whatWeCannotDoIsSaid(_ text: String) {
        let error = #expect(throws: EngineAddressError.self) { try EngineAddress(parsing: text) }
        guard case .unsupported? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(error?.message.hasPrefix(text) == true)
    }

    @Test func theEnvironmentDecides() throws {
        let unix = EngineAddress.unix(path: "/x")
        #expect(try EngineAddress.fromEnvironment(host: nil, environment: [:]) == .standard)
        #expect(try EngineAddress.fromEnvironment(host: nil, environment: ["DOCKER_HOST": ""]) == .standard)
        #expect(try EngineAddress.fromEnvironment(host: nil, environment: ["DOCKER_HOST": "unix:///x"]) == unix)
        #expect(try EngineAddress.fromEnvironment(host: "unix:///x", environment: ["DOCKER_HOST": "tcp://h"]) == unix)
        let tls = ["DOCKER_TLS_VERIFY": "1"]
        #expect(try EngineAddress.fromEnvironment(host: "unix:///x", environment: tls) == unix)
        let error = #expect(throws: EngineAddressError.self) {
            try EngineAddress.fromEnvironment(host: "tcp://h", environment: tls)
        }
        #expect(error?.message.contains("TLS is not supported yet") == true)
    }
}

@Suite(.timeLimit(.minutes(1)))
struct Connecting {
    @Test func theSystemsWordsBecomeOurs() {
        let address = EngineAddress.unix(path: "/x")
        func reason(_ code: Int32) -> EngineError {
            EngineError(connectingTo: address, IOError(errnoCode: code, reason: ""))
        }
        #expect(reason(ENOENT) == .unreachable(address, reason: .noSocket))
        #expect(reason(ECONNREFUSED) == .unreachable(address, reason: .refused))
        #expect(reason(EACCES) == .unreachable(address, reason: .noPermission))
        #expect(reason(EACCES).message.contains("add yourself to the group docker"))
        #expect(reason(EHOSTUNREACH) == .unreachable(address, reason: .other("No route to host")))
        #expect(
            EngineError(connectingTo: address, ChannelError.connectTimeout(.seconds(1)))
                == .timedOut("connecting to unix:///x"))
    }

    private func error(_ address: EngineAddress) async -> EngineError? {
        await #expect(throws: EngineError.self) { try await within { try await Engine(address: address).ping() } }
    }

    @Test func nobodyThere() async throws {
        let missing = EngineAddress.unix(path: "/tmp/gantry-missing.sock")
        #expect(await error(missing) == .unreachable(missing, reason: .noSocket))
        let file = EngineAddress.unix(path: "/etc/hostname")
        #expect(await error(file) == .unreachable(file, reason: .refused))
        let long = EngineAddress.unix(path: "/" + String(repeating: "x", count: 200))
        #expect(await error(long) == .unreachable(long, reason: .other("the path is too long for a socket")))
        let port = EngineAddress.tcp(host: "127.0.0.1", port: 1)
        #expect(await error(port) == .unreachable(port, reason: .refused))
        let name = EngineAddress.tcp(host: "no-such-host.invalid", port: 1)
        #expect(await error(name) == .unreachable(name, reason: .unresolved))
    }

    @Test func cancellingEndsTheWaitForAConnection() async throws {
        // An address for documentation: nobody answers there, if it is not refused at once.
        var options = EngineOptions()
        options.connectTimeout = .seconds(30)
        let engine = Engine(address: .tcp(host: "192.0.2.1", port: 2375), options: options)
        let call = Task { try await engine.ping() }
        try await Task.sleep(for: .milliseconds(20))
        call.cancel()
        await #expect(throws: EngineError.self) { try await within(.seconds(5)) { try await call.value } }
        await engine.shutdown()
    }

    @Test func overTCP() async throws {
        // A server that says where it was spoken to.
        let group = MultiThreadedEventLoopGroup.singleton
        let server = try await ServerBootstrap(group: group)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Pong())
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let port = try #require(server.localAddress?.port)
        let engine = Engine(address: .tcp(host: "localhost", port: port))
        #expect(try await within { try await engine.ping() } == APIVersion(1, 47))
        await engine.shutdown()
        try await server.close()
    }

    private final class Pong: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let answer = "HTTP/1.1 200 OK\r\nApi-Version: 1.47\r\nContent-Length: 2\r\n\r\nOK"
            context.writeAndFlush(NIOAny(ByteBuffer(string: answer)), promise: nil)
        }
    }
}

@Suite struct Lanes {
    @Test func firstComeFirstServed() {
        var queue = SlotQueue(limit: 2)
        #expect(queue.ask(1) && queue.ask(2) && !queue.ask(3) && !queue.ask(4) && !queue.ask(5))
        #expect(queue.withdraw(4) && !queue.withdraw(4) && !queue.withdraw(1))
        #expect(queue.release() == 3)
        #expect(queue.release() == 5)
        #expect(queue.used == 2)
        #expect(queue.release() == nil && queue.release() == nil)
        #expect(queue.used == 0)
    }
}
