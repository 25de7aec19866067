/// Turns the bytes of `GET /containers/{id}/logs?timestamps=1` into lines. Any split of the bytes gives the same lines.
public struct LogDecoder: StreamDecoder {
    public init(tty: Bool) {}
    public mutating func decode(_ input: UnsafeRawBufferPointer) throws -> LogBatch? { nil }
    public mutating func finish() throws -> LogBatch? { nil }
}
