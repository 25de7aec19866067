#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Why files could not be packed or unpacked: one line, with the name of what is concerned.
public struct ArchiveError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The line.
    public let message: String

    /// An error with a line for a person.
    public init(_ message: String) { self.message = message }

    /// The message.
    public var description: String { message }

    /// What the system says of the call that has just failed.
    static func system(_ path: some Sequence<UInt8>, _ number: Int32 = errno) -> ArchiveError {
        ArchiveError("\(String(decoding: Array(path), as: UTF8.self)): \(String(cString: strerror(number)))")
    }

    static func system(_ path: String, _ number: Int32 = errno) -> ArchiveError { system(path.utf8, number) }
}
