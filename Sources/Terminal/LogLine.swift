import Glibc

/// The scalars of one log line that are to be drawn: escape sequences taken out, the part before the last carriage
/// return left out.
struct LogLine {
    /// Carriage returns are looked for in so many bytes; a progress bar is done long before.
    private static let window = 65536

    /// What the line's own sequences ask for at this point.
    var style: Style { decoder.style }
    private(set) var bytesRead = 0
    /// Whether reading ended because what there is to see so far took too many bytes.
    private(set) var isCut = false

    private let bytes: UnsafeBufferPointer<UInt8>
    private let end: Int
    private var index = 0
    private var decoder = ANSIDecoder()

    /// - Parameter columns: how many columns will be drawn at most. It bounds how much is read of a line that has megabytes
    ///   of sequences and marks but nothing to see.
    init(_ bytes: UnsafeBufferPointer<UInt8>, columns: Int) {
        self.bytes = bytes
        var length = bytes.count
        while length > 0, bytes[length - 1] == 0x0D { length -= 1 }
        end = min(length, Self.window + 64 * columns)
        skipOverwritten(in: min(length, Self.window))
    }

    mutating func next() -> Unicode.Scalar? {
        while index < end {
            let byte = bytes[index]
            if byte == 0x0D, decoder.isInText {
                return nil
            }
            let scalar = UTF8Scalars.next(in: bytes, at: &index)
            bytesRead = max(bytesRead, index)
            if byte >= 0x20, byte < 0x7F, decoder.isInText { return scalar }
            if let shown = decoder.take(scalar) { return shown }
        }
        isCut = end < bytes.count && bytes[end] != 0x0D
        return nil
    }

    /// Moves to the last part between carriage returns that has anything to show.
    private mutating func skipOverwritten(in count: Int) {
        bytesRead = count
        guard count > 0, let base = bytes.baseAddress, memchr(base, 0x0D, count) != nil else { return }
        var start = (index: 0, decoder: decoder)
        var candidate = start
        var isShown = false
        var position = 0
        var decoder = decoder
        while position < count {
            let scalar = UTF8Scalars.next(in: bytes, at: &position)
            let wasInText = decoder.isInText
            guard let shown = decoder.take(scalar) else { continue }
            if shown == "\r", wasInText {
                candidate = (position, decoder)
                isShown = false
            } else if !isShown {
                isShown = true
                start = candidate
            }
        }
        (index, self.decoder) = start
    }
}
