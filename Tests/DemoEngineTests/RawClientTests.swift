import EngineAPI
import Glibc
import Testing

@testable import DemoEngine

/// Clients that do not behave.
@Suite struct RawClientTests {
    /// Connects, writes some bytes, and goes away: at once, or after having read the beginning of what comes.
    private static func send(_ bytes: [UInt8], to address: EngineAddress, reading: Bool) {
        guard case .unix(let path) = address.kind else { return }
        let client = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        guard client >= 0 else { return }
        defer { close(client) }
        var target = sockaddr_un()
        target.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &target.sun_path) { $0.copyBytes(from: path.utf8.prefix($0.count - 1)) }
        // An answer that does not come, or a request that nobody takes, must not hold up the test.
        var patience = timeval(tv_sec: 0, tv_usec: 30_000)
        setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(client, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        let connected = withUnsafePointer(to: &target) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(client, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard connected == 0 else { return }
        _ = Glibc.send(client, bytes, bytes.count, Int32(MSG_NOSIGNAL))
        if reading {
            var buffer = [UInt8](repeating: 0, count: 256)
            _ = recv(client, &buffer, buffer.count, 0)
        }
    }

    @Test func nothingThatComesOverTheSocketEndsIt() async throws {
        try await withDemo { _, engine async throws in
            var random = SplitMix(0xF022)
            let words = [
                "GET ", "POST ", "HEAD ", "DELETE ", "CONNECT ", "/containers/json", "/v1.41/containers/shop-db-1/logs",
                "?follow=1&stdout=1", "?stream=1", "/events", "/_ping", "/containers/shop-gateway-1/stats",
                " HTTP/1.1\r\n",
                " HTTP/1.0\r\n", "Host: x\r\n", "Content-Length: 99999999999\r\n", "Content-Length: -1\r\n",
                "Transfer-Encoding: chunked\r\n", "Connection: Upgrade\r\nUpgrade: tcp\r\n", "\r\n",
                "ffffffffffffffff\r\n",
                "\u{0}\u{7F}", "/containers/shop-cart-1/kill", "/containers/shop-cart-1/restart",
                "Expect: 100-continue\r\n",
            ]
            for round in 0..<300 {
                var text = round % 2 == 0 ? random.pick(["GET /", "POST /", "HEAD /"]) : ""
                for _ in 0..<random.below(12) { text += random.pick(words) }
                if random.often(500) { text += " HTTP/1.1\r\nHost: x\r\n\r\n" }
                Self.send(Array(text.utf8), to: engine.address, reading: random.often(200))
            }
            let large = [UInt8](repeating: UInt8(ascii: "a"), count: 1 << 20)
            Self.send(Array("GET /".utf8) + large, to: engine.address, reading: true)
            Self.send(
                Array("POST /containers/shop-db-1/kill HTTP/1.1\r\nContent-Length: 1048576\r\n\r\n".utf8) + large,
                to: engine.address, reading: true)
            #expect(try await engine.containers().count == 15)
        }
    }

    @Test func whoAsksForALogAndReadsNothingHoldsUpNobody() async throws {
        try await withDemo { demo, engine async throws in
            var streams: [LogStream] = []
            for _ in 0..<8 {
                streams.append(try await engine.logs(ContainerID("shop-gateway-1"), tty: false, follow: true))
            }
            #expect(try await engine.containers().count == 15)
            // And the one who reads after all has missed nothing.
            let lines = try await streams[0].texts(3000)
            let whole = try await engine.logs(ContainerID("shop-gateway-1"), tty: false, follow: false).texts()
            #expect(lines.map(\.text).elementsEqual(whole.prefix(lines.count).map(\.text)))
        }
    }
}
