import NIOCore

/// Turns the bytes of an endless answer into elements. A plain value without I/O: any split of the bytes gives the same.
public protocol StreamDecoder: Sendable {
    /// What the stream is made of.
    associatedtype Element: Sendable

    /// Takes the next bytes.
    /// - Returns: What they complete; nil when that is nothing yet.
    mutating func decode(_ bytes: UnsafeRawBufferPointer) throws -> Element?

    /// Takes the end of the stream.
    /// - Returns: What was still open; nil when that is nothing.
    mutating func finish() throws -> Element?
}

/// An endless answer of an Engine: iterate over it once.
///
/// Nothing is read from the connection unless somebody waits for an element: a slow reader holds the Engine back.
/// When the iteration ends (by `break`, by cancellation, by an error) the connection is closed.
/// Throws `EngineError` only: `.closed` when the connection ended in the middle, `.cancelled` when the task was.
public struct EngineStream<Decoder: StreamDecoder>: AsyncSequence, Sendable {
    /// What the stream is made of.
    public typealias Element = Decoder.Element

    let body: StreamBody
    let decoder: Decoder

    /// Closes the connection; an iteration that waits ends with `.closed`.
    public func close() { body.close() }

    /// Begins the iteration; the second one finds nothing.
    public func makeAsyncIterator() -> Iterator { Iterator(lifetime: Lifetime(body), decoder: decoder) }

    /// Closes the body with the iterator, even when the sequence is still in somebody's hands.
    final class Lifetime: Sendable {
        let body: StreamBody
        init(_ body: StreamBody) { self.body = body }
        deinit { body.close() }
    }

    /// Pulls elements, one at a time.
    public struct Iterator: AsyncIteratorProtocol {
        let lifetime: Lifetime
        var decoder: Decoder
        var ended = false

        /// The next element; nil when the Engine ended the stream.
        public mutating func next() async throws -> Element? {
            guard !ended else { return nil }
            do {
                while let bytes = try await lifetime.body.next() {
                    if let element = try bytes.withUnsafeReadableBytes({ try decoder.decode($0) }) { return element }
                }
                ended = true
                lifetime.body.close()
                return try decoder.finish()
            } catch {
                ended = true
                lifetime.body.close()
                throw error
            }
        }
    }
}
