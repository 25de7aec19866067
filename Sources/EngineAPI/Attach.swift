import NIOCore
import NIOHTTP1

extension Engine {
    /// Connects to the input and the output of a container's main process: without a terminal the output comes in frames
    /// (``MultiplexedOutput``).
    ///
    /// `POST /containers/{id}/attach`. It ends with the process; closing it leaves the process alone.
    /// - Throws: `EngineError.notFound`, `.conflict` when the container is paused.
    public func attach(_ container: ContainerID) async throws -> UpgradedConnection {
        try await upgrade(
            ["containers", container.rawValue, "attach"],
            query: [("stream", "1"), ("stdin", "1"), ("stdout", "1"), ("stderr", "1")])
    }

    /// Tells a container the size of its terminal.
    ///
    /// `POST /containers/{id}/resize`.
    /// - Throws: `EngineError.notFound`, or `.server` when it does not run.
    public func resize(_ container: ContainerID, width: Int, height: Int) async throws {
        try await post(
            ["containers", container.rawValue, "resize"], query: [("h", "\(height)"), ("w", "\(width)")])
    }

    /// Sends a request for a connection that stops speaking HTTP.
    func upgrade(_ path: [String], query: [(String, String)] = [], json: String = "") async throws -> UpgradedConnection
    {
        let request = Request(.POST, path, query: query)
        let body = Array(json.utf8)
        var head = pool.head(request, version: apiVersion)
        head.headers.replaceOrAdd(name: "Content-Length", value: "\(body.count)")
        if !body.isEmpty { head.headers.add(name: "Content-Type", value: "application/json") }
        head.headers.add(name: "Connection", value: "Upgrade")
        head.headers.add(name: "Upgrade", value: "tcp")
        return try await EngineConnection.upgraded(
            to: address, head: head, body: body, timeout: options.connectTimeout, deadline: options.callDeadline)
    }
}

/// Takes the frames of a process without a terminal apart: source, three zeros, length (four bytes, big-endian), bytes.
public struct MultiplexedOutput: Sendable {
    private var header: [UInt8] = []
    private var remaining = 0

    /// At the beginning of a stream.
    public init() {}

    /// The bytes of both outputs in the order they came; any split of the stream gives the same.
    /// - Throws: `EngineError.malformed` for what are no frames.
    public mutating func decode(_ bytes: [UInt8]) throws -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count)
        var rest = bytes[...]
        while !rest.isEmpty {
            if remaining > 0 {
                let part = rest.prefix(remaining)
                output += part
                remaining -= part.count
                rest = rest.dropFirst(part.count)
                continue
            }
            let part = rest.prefix(8 - header.count)
            header += part
            rest = rest.dropFirst(part.count)
            guard header.count == 8 else { break }
            guard header[0] <= 3, header[1] | header[2] | header[3] == 0 else {
                throw EngineError.malformed("output with a broken frame")
            }
            remaining = header[4...].reduce(0) { $0 << 8 | Int($1) }
            header.removeAll(keepingCapacity: true)
        }
        return output
    }
}
