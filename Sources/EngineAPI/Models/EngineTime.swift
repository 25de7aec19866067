import FoundationEssentials

/// A moment to the nanosecond, as logs and events have it.
public struct LogTime: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// Nanoseconds since 1970-01-01T00:00:00Z.
    public var nanoseconds: Int64

    /// Makes a moment of nanoseconds since 1970.
    public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    /// The moment of a date, as exactly as a date is (some hundred nanoseconds).
    public init(_ date: Date) {
        let nanoseconds = (date.timeIntervalSince1970 * 1e9).rounded()
        self.nanoseconds = Int64(exactly: nanoseconds) ?? (nanoseconds < 0 ? .min : .max)
    }

    /// The same moment as a date.
    public var date: Date { Date(timeIntervalSince1970: Double(nanoseconds) / 1e9) }

    /// `seconds.nanoseconds` with nine digits, as the API's `since` and `until` take it.
    public var description: String {
        // The API has no negative times: what is before 1970 is before everything.
        let (seconds, rest) = max(0, nanoseconds).quotientAndRemainder(dividingBy: 1_000_000_000)
        let digits = String(rest)
        return "\(seconds).\(String(repeating: "0", count: 9 - digits.count))\(digits)"
    }

    /// Earlier is less.
    public static func < (left: LogTime, right: LogTime) -> Bool { left.nanoseconds < right.nanoseconds }
}

extension Date {
    /// Reads a time as the API writes it (RFC 3339); nil for the zero time `0001-01-01T00:00:00Z` and for nonsense.
    init?(engineTime text: String) {
        var text = text
        let nanoseconds = text.withUTF8 { bytes -> Int64? in
            guard let time = RFC3339.parse(UnsafeRawBufferPointer(bytes)), time.length == bytes.count else {
                return nil
            }
            return time.nanoseconds
        }
        guard let nanoseconds else { return nil }
        self = LogTime(nanoseconds: nanoseconds).date
    }
}

/// Times as text: `2026-11-24T04:14:02.966855962Z`, `2026-11-24T06:14:02.5+02:00`.
enum RFC3339 {
    /// The most bytes that a time takes: nine digits of a second and an offset.
    static let longest = 35

    /// The time at the beginning of some bytes, and how many bytes it takes; nil when there is none, or when it does
    /// not fit in 64 bits of nanoseconds (1677 to 2262; the zero time of year 1 does not).
    @inline(__always)
    static func parse(_ bytes: UnsafeRawBufferPointer) -> (nanoseconds: Int64, length: Int)? {
        guard bytes.count >= 20,
            bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
            bytes[10] == UInt8(ascii: "T") || bytes[10] == UInt8(ascii: "t"),
            bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":"),
            let century = pair(bytes, 0), let years = pair(bytes, 2), let month = pair(bytes, 5),
            let day = pair(bytes, 8), let hour = pair(bytes, 11), let minute = pair(bytes, 14),
            let second = pair(bytes, 17),
            (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second <= 60
        else { return nil }

        var position = 19
        var fraction: Int64 = 0
        if bytes[position] == UInt8(ascii: ".") {
            var scale: Int64 = 100_000_000
            position += 1
            let first = position
            while position < bytes.count, let digit = digit(bytes[position]) {
                fraction += digit * scale
                scale /= 10
                position += 1
            }
            guard position > first, position - first <= 9, position < bytes.count else { return nil }
        }

        var offset: Int64 = 0
        switch bytes[position] {
        case UInt8(ascii: "Z"), UInt8(ascii: "z"):
            position += 1
        case UInt8(ascii: "+"), UInt8(ascii: "-"):
            guard bytes.count >= position + 6, bytes[position + 3] == UInt8(ascii: ":"),
                let hours = pair(bytes, position + 1), let minutes = pair(bytes, position + 4),
                hours < 24, minutes < 60
            else { return nil }
            offset = hours * 3600 + minutes * 60
            if bytes[position] == UInt8(ascii: "-") { offset = -offset }
            position += 6
        default:
            return nil
        }

        let days = days(year: century * 100 + years, month: month, day: day)
        let seconds = days * 86400 + hour * 3600 + minute * 60 + second - offset
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        guard !overflow else { return nil }
        let (nanoseconds, overflow2) = product.addingReportingOverflow(fraction)
        return overflow2 ? nil : (nanoseconds, position)
    }

    @inline(__always)
    private static func digit(_ byte: UInt8) -> Int64? {
        let value = byte &- 0x30
        return value < 10 ? Int64(value) : nil
    }

    @inline(__always)
    private static func pair(_ bytes: UnsafeRawBufferPointer, _ at: Int) -> Int64? {
        guard let tens = digit(bytes[at]), let ones = digit(bytes[at + 1]) else { return nil }
        return tens * 10 + ones
    }

    /// Days since 1970-01-01 in the Gregorian calendar, counting years from March so that the leap day comes last.
    @inline(__always)
    private static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
        let year = month <= 2 ? year - 1 : year
        let era = (year >= 0 ? year : year - 399) / 400
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }
}
