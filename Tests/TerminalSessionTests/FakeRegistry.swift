import Foundation

/// A registry of one image with one large layer, which it sends as slowly as a test wants, or not to its end.
final class FakeRegistry: @unchecked Sendable {
    // Safe without a check: what changes is changed under the lock; sockets are used by one thread each.

    /// What becomes of the layer after its first half.
    enum Ending {
        /// Nothing more comes, and the connection stays.
        case stalls
        /// The connection is closed, and nobody listens any more.
        case vanishes
        /// The registry refuses the layer from the start.
        case refuses
    }

    let port: Int
    /// The image's name, for a pull.
    var image: String { "127.0.0.1:\(port)/slow/image:1" }

    private let listener: Int32
    private let ending: Ending
    private let manifest: [UInt8]
    private let config: [UInt8]
    private let lock = NSLock()
    private var isOver = false
    private var open: Set<Int32> = []
    private var count = 0

    private static let layerSize = 40 << 20
    private static let layer = "sha256:" + String(repeating: "ab", count: 32)

    init(_ ending: Ending) throws {
        self.ending = ending
        let config =
            #"{"architecture":"amd64","os":"linux","config":{},"rootfs":{"type":"layers","diff_ids":["\#(Self.layer)"]}}"#
        let digest = try Self.digest(config)
        let manifest = """
            {"schemaVersion":2,"mediaType":"application/vnd.docker.distribution.manifest.v2+json","config":\
            {"mediaType":"application/vnd.docker.container.image.v1+json","size":\(config.utf8.count),\
            "digest":"\(digest)"},"layers":[{"mediaType":"application/vnd.docker.image.rootfs.diff.tar.gzip",\
            "size":\(Self.layerSize),"digest":"\(Self.layer)"}]}
            """
        self.config = Array(config.utf8)
        self.manifest = Array(manifest.utf8)
        let manifestDigest = try Self.digest(manifest)
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, size) == 0 && listen(listener, 16) == 0 && getsockname(listener, $0, &size) == 0
            }
        }
        guard bound else { throw CommandFailure(text: "no port for a registry") }
        port = Int(UInt16(bigEndian: address.sin_port))
        self.listener = listener
        Thread.detachNewThread { [self] in
            while true {
                let connection = accept(listener, nil, nil)
                guard connection >= 0 else { return }
                lock.withLock { _ = open.insert(connection) }
                Thread.detachNewThread { [self] in
                    serve(connection, manifestDigest)
                    lock.withLock { _ = open.remove(connection) }
                    close(connection)
                }
            }
        }
    }

    struct CommandFailure: Error { let text: String }

    /// How often the layer was asked for.
    var layerRequests: Int { lock.withLock { count } }

    func stop() {
        lock.withLock {
            guard !isOver else { return }
            isOver = true
            shutdown(listener, Int32(SHUT_RDWR))
            close(listener)
            for connection in open { shutdown(connection, Int32(SHUT_RDWR)) }
        }
    }

    private static func digest(_ text: String) throws -> String {
        let output = try run(["sh", "-c", "printf %s \"$1\" | sha256sum", "sh", text]).output
        return "sha256:" + output.prefix(64)
    }

    private func serve(_ connection: Int32, _ digest: String) {
        var head = ""
        var buffer = [UInt8](repeating: 0, count: 4_096)
        while true {
            let length = recv(connection, &buffer, buffer.count, 0)
            guard length > 0 else { return }
            head += String(decoding: buffer[..<length], as: UTF8.self)
            guard head.hasSuffix("\r\n\r\n") else { continue }
            let words = head.split(separator: " ")
            head = ""
            guard words.count > 1, answer(String(words[0]), String(words[1]), connection, digest) else { return }
        }
    }

    /// - Returns: whether the connection goes on.
    private func answer(_ method: String, _ path: String, _ connection: Int32, _ digest: String) -> Bool {
        func reply(_ status: String, _ type: String, _ body: [UInt8], length: Int? = nil) -> Bool {
            let head =
                "HTTP/1.1 \(status)\r\nContent-Type: \(type)\r\nContent-Length: \(length ?? body.count)\r\n"
                + "Docker-Content-Digest: \(digest)\r\nDocker-Distribution-Api-Version: registry/2.0\r\n\r\n"
            return write(Array(head.utf8) + (method == "HEAD" ? [] : body), to: connection)
        }
        if path == "/v2/" { return reply("200 OK", "application/json", Array("{}".utf8)) }
        if path.contains("/manifests/") {
            return reply("200 OK", "application/vnd.docker.distribution.manifest.v2+json", manifest)
        }
        guard path.hasSuffix(Self.layer) else { return reply("200 OK", "application/octet-stream", config) }
        lock.withLock { count += 1 }
        if ending == .refuses {
            let words = #"{"errors":[{"code":"DENIED","message":"this layer is not for you"}]}"#
            return reply("403 Forbidden", "application/json", Array(words.utf8))
        }
        let half = [UInt8](repeating: 0, count: Self.layerSize / 2)
        guard reply("200 OK", "application/octet-stream", half, length: Self.layerSize) else { return false }
        if ending == .vanishes {
            stop()
            return false
        }
        // Until the other side goes.
        var byte: UInt8 = 0
        _ = recv(connection, &byte, 1, 0)
        return false
    }

    private func write(_ bytes: [UInt8], to connection: Int32) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let sent = rest.withUnsafeBytes { send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard sent > 0 else { return false }
            rest = rest.dropFirst(sent)
        }
        return true
    }
}
