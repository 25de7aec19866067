#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Bytes that are sent along with a request: made or read while they go out, never held as a whole.
///
/// The next part is asked for when the one before has gone out: an Engine that takes slowly holds the source back.
public struct Upload: Sendable {
    /// What is sent at once at most.
    static let partSize = 128 << 10

    /// `application/x-tar` and its like.
    let type: String
    /// Begins at the beginning: gives what asks for the next part.
    let open: @Sendable () throws -> @Sendable () async throws -> [UInt8]?

    /// What a sequence gives, from its beginning. What it throws ends the request: an `EngineError` as it is, anything
    /// else as `.unreadable`.
    public init<Parts: AsyncSequence & Sendable>(_ parts: Parts, type: String = "application/x-tar")
    where Parts.Element == [UInt8] {
        self.type = type
        open = {
            let iterator = Puller(parts)
            return { try await iterator.next() }
        }
    }

    /// A file. It is opened when its turn comes, and read as fast as it is taken.
    public init(file path: String, type: String = "application/x-tar") {
        self.type = type
        open = {
            let file = try UploadedFile(path)
            return { try file.next() }
        }
    }
}

/// Takes the parts of a sequence one by one.
private actor Puller<Parts: AsyncSequence & Sendable> where Parts.Element == [UInt8] {
    private var iterator: Parts.AsyncIterator

    init(_ parts: Parts) { iterator = parts.makeAsyncIterator() }

    func next() async throws -> [UInt8]? {
        // By a copy: nothing of an actor may be changed by what it waits for.
        var iterator = iterator
        defer { self.iterator = iterator }
        return try await iterator.next(isolation: self)
    }
}

/// A file that is being sent.
private final class UploadedFile: Sendable {
    private let descriptor: Int32
    private let path: String

    init(_ path: String) throws {
        self.path = path
        descriptor = Self.system { open(path, O_RDONLY | O_CLOEXEC) }
        guard descriptor >= 0 else { throw Self.error(path) }
    }

    deinit { close(descriptor) }

    func next() throws -> [UInt8]? {
        var failed = false
        let bytes = [UInt8](unsafeUninitializedCapacity: Upload.partSize) { buffer, count in
            let got = Self.system { read(descriptor, buffer.baseAddress, buffer.count) }
            failed = got < 0
            count = max(0, got)
        }
        if failed { throw Self.error(path) }
        return bytes.isEmpty ? nil : bytes
    }

    private static func error(_ path: String) -> EngineError {
        .unreadable("\(path): \(String(cString: strerror(errno)))")
    }

    private static func system<Result: SignedInteger>(_ call: () -> Result) -> Result {
        while true {
            let result = call()
            if result != -1 || errno != EINTR { return result }
        }
    }
}
