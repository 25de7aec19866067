/// Nanoseconds since 1970: all times in here.
typealias Nanoseconds = Int64

extension Nanoseconds {
    static let millisecond: Nanoseconds = 1_000_000
    static let second: Nanoseconds = 1_000_000_000
    static let minute = 60 * second
    static let hour = 60 * minute
    static let day = 24 * hour

    /// `2026-11-24T04:14:02.966855962Z`, always with nine digits, as logs have it.
    var rfc3339: String {
        var seconds = self / .second
        var rest = self % .second
        if rest < 0 {
            rest += .second
            seconds -= 1
        }
        var days = seconds / 86400
        var time = seconds % 86400
        if time < 0 {
            time += 86400
            days -= 1
        }
        let (year, month, day) = Self.civil(days)
        return Self.digits(year, 4) + "-" + Self.digits(month, 2) + "-" + Self.digits(day, 2) + "T"
            + Self.digits(time / 3600, 2) + ":" + Self.digits(time / 60 % 60, 2) + ":" + Self.digits(time % 60, 2)
            + "." + Self.digits(rest, 9) + "Z"
    }

    /// The time of the day, `04:14:02.966`.
    var clock: String { String(rfc3339.dropFirst(11).prefix(12)) }

    static func digits(_ value: Int64, _ count: Int) -> String {
        let text = String(value)
        return text.utf8.count < count ? String(repeating: "0", count: count - text.utf8.count) + text : text
    }

    /// The Gregorian date of a day since 1970, counting years from March so that the leap day comes last.
    private static func civil(_ days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let month = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * month + 2) / 5 + 1
        let actual = month < 10 ? month + 3 : month - 9
        return (yearOfEra + era * 400 + (actual <= 2 ? 1 : 0), actual, day)
    }

    /// Reads `2026-11-24T04:14:02.966855962Z`; nil for anything else.
    init?(rfc3339 text: String) {
        let parts = text.prefix { $0 != "." && $0 != "Z" && $0 != "+" }.split { "-T:".contains($0) }.map { Int64($0) }
        guard parts.count == 6, !parts.contains(nil) else { return nil }
        let values = parts.compactMap { $0 }
        guard (1970...9999).contains(values[0]), (1...12).contains(values[1]), (1...31).contains(values[2]) else {
            return nil
        }
        // Days since 1970 by the calendar that counts years from March.
        let year = values[1] <= 2 ? values[0] - 1 : values[0]
        let month = values[1] + (values[1] > 2 ? -3 : 9)
        let yearOfEra = year % 400
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + (153 * month + 2) / 5 + values[2] - 1
        let days = year / 400 * 146_097 + dayOfEra - 719_468
        self = (days * 86400 + values[3] * 3600 + values[4] * 60 + values[5]) * .second
    }

    /// How long, in the words of the Engine's lists: `About an hour`, `3 days`.
    var inWords: String {
        let seconds = self / .second
        let minutes = seconds / 60
        let hours = (seconds + 1800) / 3600
        return switch true {
        case seconds < 1: "Less than a second"
        case seconds == 1: "1 second"
        case seconds < 60: "\(seconds) seconds"
        case minutes == 1: "About a minute"
        case minutes < 60: "\(minutes) minutes"
        case hours == 1: "About an hour"
        case hours < 48: "\(hours) hours"
        case hours < 24 * 7 * 2: "\(hours / 24) days"
        case hours < 24 * 30 * 2: "\(hours / 24 / 7) weeks"
        case hours < 24 * 365 * 2: "\(hours / 24 / 30) months"
        default: "\(hours / 24 / 365) years"
        }
    }

    /// Reads `seconds` or `seconds.fraction`, as `since` and `until` have it; nil for anything else.
    init?(timestamp text: String) {
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first, let seconds = Int64(first) else { return nil }
        var fraction: Int64 = 0
        if parts.count == 2 {
            let digits = parts[1].prefix(9)
            guard parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) }), let value = Int64("0" + digits) else {
                return nil
            }
            fraction = value
            for _ in digits.utf8.count..<9 { fraction *= 10 }
        }
        let (product, overflow) = seconds.multipliedReportingOverflow(by: .second)
        guard !overflow, seconds >= 0 else {
            self = seconds < 0 ? 0 : .max
            return
        }
        let (sum, overflow2) = product.addingReportingOverflow(fraction)
        self = overflow2 ? .max : sum
    }
}
