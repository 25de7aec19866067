/// Reads JSON from its beginning to its end, and keeps nothing of what nobody asks for.
///
/// For what comes many times a second: a decoder of Foundation's makes a table of all values first, and an object for
/// each container in it. What is left out is only looked through for its end.
struct JSONReader {
    /// Where the JSON is not what it is expected to be.
    struct Failure: Error {
        let position: Int
    }

    private let bytes: UnsafeRawBufferPointer
    private var position = 0

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    /// Reads an object and gives each key to `body`, which reads or skips the value. Nothing for `null`.
    /// - Returns: how many keys it had; nil for `null`.
    @discardableResult
    mutating func object(_ body: (inout JSONReader, Key) throws -> Void) throws -> Int? {
        guard try !null() else { return nil }
        try take(UInt8(ascii: "{"))
        var count = 0
        guard peek() != UInt8(ascii: "}") else { return try end(count) }
        while true {
            let key = Key(bytes: try string())
            try take(UInt8(ascii: ":"))
            try body(&self, key)
            count += 1
            guard try goesOn(until: UInt8(ascii: "}")) else { return count }
        }
    }

    /// Reads an array and lets `body` read each element. Nothing for `null`.
    /// - Returns: how many there were; nil for `null`.
    @discardableResult
    mutating func array(_ body: (inout JSONReader) throws -> Void) throws -> Int? {
        guard try !null() else { return nil }
        try take(UInt8(ascii: "["))
        var count = 0
        guard peek() != UInt8(ascii: "]") else { return try end(count) }
        while true {
            try body(&self)
            count += 1
            guard try goesOn(until: UInt8(ascii: "]")) else { return count }
        }
    }

    /// Reads a whole number; nil for `null`.
    mutating func number() throws -> UInt64? {
        guard try !null() else { return nil }
        let start = position
        var value: UInt64 = 0
        while position < bytes.count, (0x30...0x39).contains(bytes[position]) {
            let (product, tooLarge) = value.multipliedReportingOverflow(by: 10)
            let (sum, tooLargeNow) = product.addingReportingOverflow(UInt64(bytes[position] & 0x0F))
            guard !tooLarge, !tooLargeNow else { throw failure }
            value = sum
            position += 1
        }
        guard position > start else { throw failure }
        if position < bytes.count, Self.isOfWord(bytes[position]) {
            // `1.0` and `1e3` are whole numbers too.
            while position < bytes.count, Self.isOfWord(bytes[position]) { position += 1 }
            let text = String(decoding: bytes[start..<position], as: UTF8.self)
            guard let whole = Double(text).flatMap({ UInt64(exactly: $0) }) else { throw failure }
            return whole
        }
        return value
    }

    /// Reads a text as it is written, with its escapes; nil for `null`.
    mutating func text() throws -> Key? { try null() ? nil : Key(bytes: try string()) }

    /// Goes past a value of any kind.
    mutating func skip() throws {
        var depth = 0
        repeat {
            guard let byte = peek() else { throw failure }
            switch byte {
            case UInt8(ascii: "\""): _ = try string()
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
                position += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                guard depth > 0 else { throw failure }
                depth -= 1
                position += 1
            case UInt8(ascii: ","), UInt8(ascii: ":"):
                guard depth > 0 else { throw failure }
                position += 1
            default:
                let start = position
                while position < bytes.count, Self.isOfWord(bytes[position]) { position += 1 }
                guard position > start else { throw failure }
            }
        } while depth > 0
    }

    // MARK: Pieces

    private var failure: Failure { Failure(position: position) }

    /// The next byte that is no space.
    private mutating func peek() -> UInt8? {
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "\t"): position += 1
            case let byte: return byte
            }
        }
        return nil
    }

    private mutating func take(_ byte: UInt8) throws {
        guard peek() == byte else { throw failure }
        position += 1
    }

    private mutating func end(_ count: Int) throws -> Int {
        position += 1
        return count
    }

    private mutating func goesOn(until end: UInt8) throws -> Bool {
        guard let byte = peek(), byte == UInt8(ascii: ",") || byte == end else { throw failure }
        position += 1
        guard byte != end else { return false }
        // A comma too many is overlooked, as Foundation does.
        guard peek() == end else { return true }
        position += 1
        return false
    }

    private mutating func null() throws -> Bool {
        guard peek() == UInt8(ascii: "n") else { return false }
        guard bytes[position...].starts(with: "null".utf8) else { throw failure }
        position += 4
        return true
    }

    /// The bytes between quotation marks.
    private mutating func string() throws -> UnsafeRawBufferPointer {
        try take(UInt8(ascii: "\""))
        let start = position
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            if byte == UInt8(ascii: "\\") {
                position += 1
            } else if byte == UInt8(ascii: "\"") {
                return UnsafeRawBufferPointer(rebasing: bytes[start..<(position - 1)])
            }
        }
        throw failure
    }

    /// Whether a byte may stand in a number, `true`, `false` or `null`.
    private static func isOfWord(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."): true
        default: false
        }
    }
}

extension JSONReader {
    /// A text of the JSON, as it is written there.
    struct Key {
        let bytes: UnsafeRawBufferPointer

        var text: String { String(decoding: bytes, as: UTF8.self) }

        static func ~= (pattern: StaticString, key: Key) -> Bool {
            pattern.utf8CodeUnitCount == key.bytes.count
                && key.bytes.elementsEqual(
                    UnsafeBufferPointer(start: pattern.utf8Start, count: pattern.utf8CodeUnitCount))
        }
    }
}
