import FoundationEssentials
import NIOCore
import NIOHTTP1

// What the resource files are written in.
extension Engine {
    /// Asks for JSON and decodes it.
    func get<Value: Decodable & Sendable>(
        _ path: [String], query: [(String, String)] = [], as type: Value.Type = Value.self, versioned: Bool = true,
        headers: [(String, String)] = []
    ) async throws -> Value {
        try await get(Request(.GET, path, query: query, versioned: versioned, headers: headers))
    }

    /// Asks for JSON and decodes it.
    func get<Value: Decodable & Sendable>(
        _ request: Request, as type: Value.Type = Value.self, deadline: Duration? = nil
    ) async throws -> Value {
        let answer = try await call(request, deadline: deadline)
        return try answer.body.withUnsafeReadableBytes { try Self.decode(type, from: $0) }
    }

    /// Asks for bytes.
    func getBytes(_ path: [String], query: [(String, String)] = []) async throws -> [UInt8] {
        try await call(Request(.GET, path, query: query)).bytes
    }

    /// Acts, once. Returns the status, which is a success.
    @discardableResult
    func post(_ path: [String], query: [(String, String)] = [], deadline: Duration? = nil) async throws -> Int {
        Int(try await call(Request(.POST, path, query: query), deadline: deadline).head.status.code)
    }

    /// Acts, once, with JSON in the body; the answer says nothing.
    func post<Body: Encodable>(_ path: [String], body: Body, deadline: Duration? = nil) async throws {
        _ = try await answer(to: path, [], body, deadline)
    }

    private func answer<Body: Encodable>(
        to path: [String], _ query: [(String, String)], _ body: Body, _ deadline: Duration?
    ) async throws -> Answer {
        var request = Request(.POST, path, query: query)
        do { request.body = Array(try JSONEncoder().encode(body)) } catch {
            throw EngineError.malformed("\(request.summary): the request cannot be written as JSON")
        }
        return try await call(request, deadline: deadline)
    }

    /// Acts, once, with JSON in the body, and decodes the answer.
    func post<Body: Encodable, Value: Decodable & Sendable>(
        _ path: [String], query: [(String, String)] = [], body: Body, deadline: Duration? = nil
    ) async throws -> Value {
        let answer = try await answer(to: path, query, body, deadline)
        return try answer.body.withUnsafeReadableBytes { try Self.decode(Value.self, from: $0) }
    }

    /// Removes, once.
    func delete(_ path: [String], query: [(String, String)] = [], deadline: Duration? = nil) async throws {
        _ = try await call(Request(.DELETE, path, query: query), deadline: deadline)
    }

    /// Removes, once, and decodes what the Engine says of it.
    func delete<Value: Decodable & Sendable>(
        _ path: [String], query: [(String, String)], deadline: Duration?, as type: Value.Type
    ) async throws -> Value {
        let answer = try await call(Request(.DELETE, path, query: query), deadline: deadline)
        return try answer.body.withUnsafeReadableBytes { try Self.decode(type, from: $0) }
    }

    /// Sends a request and waits for the whole answer. What is not a success is thrown.
    func call(_ request: Request, deadline: Duration? = nil) async throws -> Answer {
        let answer = try await pool.call(
            request, version: apiVersion, deadline: deadline ?? options.callDeadline)
        if let error = Self.error(in: answer) { throw error }
        return answer
    }

    /// Sends a request and waits for the beginning of the answer. What is not a success is thrown.
    func stream<Decoder: StreamDecoder>(
        _ path: [String], query: [(String, String)], decoder: Decoder
    ) async throws -> EngineStream<Decoder> {
        try await stream(Request(.GET, path, query: query), decoder: decoder)
    }

    /// Sends a request and waits for the beginning of the answer, which may take a while where work comes first.
    func stream<Decoder: StreamDecoder>(
        _ request: Request, deadline: Duration? = nil, decoder: Decoder
    ) async throws -> EngineStream<Decoder> {
        let body = try await pool.stream(
            request, version: apiVersion, deadline: deadline ?? options.callDeadline)
        return EngineStream(body: body, decoder: decoder)
    }

    /// Decodes JSON; whatever is wrong with it becomes `EngineError.malformed`.
    static func decode<Value: Decodable>(_ type: Value.Type, from json: UnsafeRawBufferPointer) throws -> Value {
        do {
            return try JSONDecoder().decode(type, from: Data(json))
        } catch let error as DecodingError {
            throw EngineError.malformed("\(type): \(error.summary)")
        } catch {
            throw EngineError.malformed("\(type): not JSON")
        }
    }

    static func decode<Value: Decodable>(_ type: Value.Type, from json: [UInt8]) throws -> Value {
        try json.withUnsafeBytes { try decode(type, from: $0) }
    }

    /// The error that an answer is; nil for a success, and for 304: nothing had to be done.
    static func error(in answer: Answer) -> EngineError? {
        let status = Int(answer.head.status.code)
        if (200..<300).contains(status) || status == 304 { return nil }
        let message = message(in: answer.body)
        return switch status {
        case 400: .badRequest(message)
        case 404: .notFound(message)
        case 409: .conflict(message)
        default: .server(status: status, message: message)
        }
    }

    /// The Engine's words: `{"message": …}`, or plain text (what stands before the Engine speaks so); 4 KB at most.
    static func message(in body: ByteBuffer) -> String {
        struct Message: Decodable {
            var message: String?
            // Podman's own endpoints.
            var cause: String?
        }
        let text: String
        if let message = try? body.withUnsafeReadableBytes({ try decode(Message.self, from: $0) }) {
            text = message.message ?? message.cause ?? ""
        } else {
            text = String(decoding: body.readableBytesView.prefix(4096), as: UTF8.self)
        }
        return bounded(text)
    }

    /// At most 4 KB, and without white space around it.
    private static func bounded(_ text: String) -> String {
        var text = String(decoding: text.utf8.prefix(4096), as: UTF8.self)[...]
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}

extension DecodingError {
    /// Where in the JSON, and what.
    fileprivate var summary: String {
        switch self {
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
            "\(context.codingPath.map(\.stringValue).joined(separator: ".")): \(context.debugDescription)"
        case .keyNotFound(let key, _): "\(key.stringValue) is missing"
        @unknown default: "not as expected"
        }
    }
}
