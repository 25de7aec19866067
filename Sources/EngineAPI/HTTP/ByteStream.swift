/// A tar (or other bytes) as it arrives, in parts; none is kept.
public typealias ByteStream = EngineStream<ByteDecoder>

/// Hands bytes through.
public struct ByteDecoder: StreamDecoder {
    /// A decoder that knows nothing.
    public init() {}

    /// The bytes.
    public mutating func decode(_ bytes: UnsafeRawBufferPointer) -> [UInt8]? { bytes.isEmpty ? nil : Array(bytes) }

    /// Nothing is kept.
    public mutating func finish() -> [UInt8]? { nil }
}
