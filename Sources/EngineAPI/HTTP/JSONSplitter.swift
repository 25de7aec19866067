/// Cuts a stream of JSON objects into objects, wherever the bytes were split: by brackets, not by line ends, so that
/// line feeds, record separators or nothing at all may stand between them.
struct JSONSplitter: Sendable {
    /// Bytes of one object at most.
    var limit = 1 << 20
    private var pending: [UInt8] = []
    private var depth = 0
    private var inString = false
    private var escaped = false

    /// Gives every object that these bytes complete to `body`.
    mutating func split(_ bytes: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
        var start = 0
        for position in bytes.indices {
            let byte = bytes[position]
            if inString {
                if escaped {
                    escaped = false
                } else if byte == UInt8(ascii: "\\") {
                    escaped = true
                } else if byte == UInt8(ascii: "\"") {
                    inString = false
                }
                continue
            }
            switch byte {
            case UInt8(ascii: "\""):
                guard depth > 0 else { throw EngineError.malformed("a JSON stream with a text between its objects") }
                inString = true
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                if depth == 0 { start = position }
                depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                guard depth > 0 else { throw EngineError.malformed("a JSON stream with a bracket too many") }
                depth -= 1
                if depth == 0 {
                    let part = UnsafeRawBufferPointer(rebasing: bytes[start...position])
                    if pending.isEmpty {
                        try body(part)
                    } else {
                        pending.append(contentsOf: part)
                        defer { pending.removeAll(keepingCapacity: true) }
                        try pending.withUnsafeBytes(body)
                    }
                }
            case UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "\t"), 0x1E:
                continue
            default:
                guard depth > 0 else { throw EngineError.malformed("a stream that is not JSON") }
            }
        }
        if depth > 0 {
            pending.append(contentsOf: bytes[start...])
            guard pending.count <= limit else {
                throw EngineError.malformed("a JSON object larger than \(limit) bytes")
            }
        }
    }
}
