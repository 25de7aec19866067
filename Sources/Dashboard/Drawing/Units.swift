import EngineAPI
import FoundationEssentials

/// Numbers, sizes and times as text: three significant figures, a dash for “no figure”.
enum Units {
    static let none = "–"

    /// `12.4`, `101`, `0.05`: percent without the sign.
    static func percent(_ value: Double?) -> String {
        guard let value else { return none }
        if value >= 99.95 { return fixed(value, 0) }
        return fixed(value, 1)
    }

    /// `512B`, `1.25M`, `210M`, `1.90G`: binary multiples.
    static func bytes(_ value: Double?) -> String {
        guard var value else { return none }
        value = max(value, 0)
        if value < 1_000 { return "\(Int(value))B" }
        for unit in ["K", "M", "G", "T"] {
            value /= 1_024
            if value < 9.995 { return fixed(value, 2) + unit }
            if value < 99.95 { return fixed(value, 1) + unit }
            if value < 1_000 { return "\(Int(value.rounded()))\(unit)" }
        }
        return fixed(value, 0) + "T"
    }

    /// A rate's bytes in one second; nothing flowing is a middle dot, so that what flows stands out.
    static func rate(_ value: Double?) -> String {
        guard let value else { return none }
        return value < 1 ? "0" : bytes(value)
    }

    /// `0`, `312`, `1.2k`, `45k`, `1.2M`: a number in at most four columns.
    static func quantity(_ value: Int) -> String {
        switch value {
        case ..<1_000: "\(max(0, value))"
        case ..<10_000: fixed(Double(value / 100) / 10, 1) + "k"
        case ..<1_000_000: "\(value / 1_000)k"
        case ..<10_000_000: fixed(Double(value / 100_000) / 10, 1) + "M"
        default: "\(min(value / 1_000_000, 999))M"
        }
    }

    /// A number with so many digits after the point, rounded.
    static func fixed(_ value: Double, _ digits: Int) -> String {
        guard value.isFinite, abs(value) < 1e15 else { return none }
        if digits == 0 { return String(Int(value.rounded())) }
        let scale = digits == 1 ? 10 : 100
        let scaled = Int((abs(value) * Double(scale)).rounded())
        let fraction = String(scaled % scale)
        let sign = value < 0 && scaled > 0 ? "-" : ""
        return "\(sign)\(scaled / scale)." + String(repeating: "0", count: digits - fraction.count) + fraction
    }

    /// `1,204`.
    static func count(_ value: Int) -> String {
        var digits = String(value.magnitude)
        var groups: [String] = []
        while digits.count > 3 {
            groups.insert(String(digits.suffix(3)), at: 0)
            digits.removeLast(3)
        }
        groups.insert(digits, at: 0)
        return (value < 0 ? "-" : "") + groups.joined(separator: ",")
    }

    /// A duration in the docker client's words: `Less than a second`, `About a minute`, `3 hours` …
    static func dockerDuration(_ seconds: Double) -> String {
        let seconds = Int(max(seconds, 0))
        let minutes = seconds / 60
        let hours = Int((Double(seconds) / 3_600).rounded())
        switch seconds {
        case ..<1: return "Less than a second"
        case 1: return "1 second"
        case ..<60: return "\(seconds) seconds"
        default: break
        }
        if minutes == 1 { return "About a minute" }
        if minutes < 60 { return "\(minutes) minutes" }
        if hours == 1 { return "About an hour" }
        if hours < 48 { return "\(hours) hours" }
        if hours < 24 * 7 * 2 { return "\(hours / 24) days" }
        if hours < 24 * 30 * 2 { return "\(hours / 24 / 7) weeks" }
        if hours < 24 * 365 * 2 { return "\(hours / 24 / 30) months" }
        return "\(seconds / 3_600 / 24 / 365) years"
    }

    /// `7s`, `3m`, `5h`, `12d`: for where there is little room.
    static func shortDuration(_ seconds: Double) -> String {
        let seconds = Int(max(seconds, 0))
        switch seconds {
        case ..<60: return "\(seconds)s"
        case ..<3_600: return "\(seconds / 60)m"
        case ..<(48 * 3_600): return "\(seconds / 3_600)h"
        default: return "\(seconds / 86_400)d"
        }
    }

    /// `14:02:07`, or with milliseconds `14:02:07.120`.
    static func clock(_ date: Date, secondsFromGMT: Int, milliseconds: Bool = false) -> String {
        let total = date.timeIntervalSince1970 + Double(secondsFromGMT)
        guard total.isFinite, abs(total) < 1e12 else { return none }
        let whole = Int(total.rounded(.down))
        let day = ((whole % 86_400) + 86_400) % 86_400
        var text = "\(two(day / 3_600)):\(two(day / 60 % 60)):\(two(day % 60))"
        if milliseconds {
            // A Double is a little less than the milliseconds it stands for.
            let part = String(min(999, Int((total - Double(whole)) * 1_000 + 0.01)))
            text += "." + String(repeating: "0", count: max(0, 3 - part.count)) + part
        }
        return text
    }

    /// `2026-11-24`, in UTC.
    static func day(_ date: Date) -> String {
        let days = date.timeIntervalSince1970 / 86_400
        guard days.isFinite, days > 0, days < 3_000_000 else { return none.padded(10) }
        // Civil date from a count of days, the years beginning in March: 719,468 days lie between its year 0 and 1970.
        let shifted = Int(days.rounded(.down)) + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted % 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return "\(year)-\(two(month))-\(two(dayOfYear - (153 * shiftedMonth + 2) / 5 + 1))"
    }

    private static func two(_ value: Int) -> String { value < 10 ? "0\(value)" : String(value) }
}
