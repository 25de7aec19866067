/// Decodes untrusted UTF-8, one scalar at a time.
enum UTF8Scalars {
    /// Takes the scalar at `index` and moves on behind it. What is not UTF-8 becomes one U+FFFD per maximal part that
    /// could have begun a scalar, as the Unicode standard recommends (table 3-7 tells which bytes may follow which).
    @inline(__always)
    static func next(in bytes: UnsafeBufferPointer<UInt8>, at index: inout Int) -> Unicode.Scalar {
        let lead = bytes[index]
        index += 1
        if lead < 0x80 { return Unicode.Scalar(lead) }
        return multibyte(lead, in: bytes, at: &index)
    }

    private static func multibyte(
        _ lead: UInt8, in bytes: UnsafeBufferPointer<UInt8>, at index: inout Int
    ) -> Unicode.Scalar {
        var missing: Int
        var value: UInt32
        var allowed: ClosedRange<UInt8> = 0x80...0xBF
        switch lead {
        case 0xC2...0xDF:
            (missing, value) = (1, UInt32(lead & 0x1F))
        case 0xE0...0xEF:
            (missing, value) = (2, UInt32(lead & 0x0F))
            if lead == 0xE0 { allowed = 0xA0...0xBF }
            if lead == 0xED { allowed = 0x80...0x9F }
        case 0xF0...0xF4:
            (missing, value) = (3, UInt32(lead & 0x07))
            if lead == 0xF0 { allowed = 0x90...0xBF }
            if lead == 0xF4 { allowed = 0x80...0x8F }
        default:
            return "\u{FFFD}"
        }
        while missing > 0 {
            guard index < bytes.count, allowed.contains(bytes[index]) else { return "\u{FFFD}" }
            value = value << 6 | UInt32(bytes[index] & 0x3F)
            index += 1
            missing -= 1
            allowed = 0x80...0xBF
        }
        return Unicode.Scalar(value) ?? "\u{FFFD}"
    }
}
