/// Cuts a stream of JSON objects into objects, wherever the bytes were split: by brackets, not by line ends, so that
/// line feeds, record separators or nothing at all may stand between them.
struct JSONSplitter: Sendable {
    /// Bytes of one object at most.
    var limit = 1 << 20
    /// Whether they are the elements of one list, which is taken apart too.
    let isList: Bool
    private var pending: [UInt8] = []
    private var depth = 0
    private var inString = false
    private var escaped = false

    init(isList: Bool = false) { self.isList = isList }

    /// Gives every object that these bytes complete to `body`.
    mutating func split(_ bytes: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
        var start = 0
        // Where an object is whole: in the list, if there is one.
        let floor = isList ? 1 : 0
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
                guard depth > floor else {
                    throw EngineError.malformed("a JSON stream with a text between its objects")
                }
                inString = true
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                if depth == floor { start = position }
                if depth == 0, isList, byte == UInt8(ascii: "{") {
                    throw EngineError.malformed("a JSON object where a list was expected")
                }
                depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                guard depth > 0 else { throw EngineError.malformed("a JSON stream with a bracket too many") }
                depth -= 1
                if depth == floor {
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
            case UInt8(ascii: ","), UInt8(ascii: "n"), UInt8(ascii: "u"), UInt8(ascii: "l"):
                // An empty list may be null.
                guard depth > floor || isList else { throw EngineError.malformed("a stream that is not JSON") }
            default:
                guard depth > floor else { throw EngineError.malformed("a stream that is not JSON") }
            }
        }
        if depth > floor {
            pending.append(contentsOf: bytes[start...])
            guard pending.count <= limit else {
                throw EngineError.malformed("a JSON object larger than \(limit) bytes")
            }
        }
    }
}
