import NIOCore

final class StreamBody: Sendable {
    func close() {}
    func next() async throws -> ByteBuffer? { nil }
}
final class ConnectionPool: Sendable {
    init(address: EngineAddress, options: EngineOptions) {}
    var requestsSent: Int { 0 }
    func shutdown() async {}
    func call(_ request: Request, version: APIVersion?, deadline: Duration) async throws -> Answer {
        throw EngineError.closed
    }
    func stream(_ request: Request, version: APIVersion?) async throws -> StreamBody { throw EngineError.closed }
}
