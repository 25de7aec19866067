import FoundationEssentials

/// A time in a log as a person types it: `14:05`, `14:05:30`, `-10m`, `2026-11-24 14:05`.
enum LogMoment {
    /// - Parameters:
    ///   - now: the Engine's time.
    ///   - secondsFromGMT: the person's time zone.
    /// - Returns: nil for what is no time. A time of day is the last such one: today's, or yesterday's when today's is
    ///   still to come.
    static func parse(_ text: String, now: Date, secondsFromGMT: Int) -> Date? {
        let words = text.split(separator: " ")
        if words.count == 1, let first = text.first(where: { $0 != " " }), first == "-" || first == "+" {
            return duration(words[0].dropFirst()).map { now.addingTimeInterval(first == "-" ? -$0 : $0) }
        }
        let local = now.timeIntervalSince1970 + Double(secondsFromGMT)
        let today = (local / 86_400).rounded(.down) * 86_400
        func date(_ seconds: Double) -> Date { Date(timeIntervalSince1970: seconds - Double(secondsFromGMT)) }
        switch words.count {
        case 1:
            if let time = timeOfDay(words[0]) {
                let seconds = today + time
                return date(seconds > local ? seconds - 86_400 : seconds)
            }
            if let at = words[0].firstIndex(where: { $0 == "T" || $0 == "t" }) {
                guard let day = day(words[0][..<at]), let time = timeOfDay(words[0][words[0].index(after: at)...])
                else { return nil }
                return date(day + time)
            }
            return day(words[0]).map { date($0) }
        case 2:
            guard let day = day(words[0]), let time = timeOfDay(words[1]) else { return nil }
            return date(day + time)
        default: return nil
        }
    }

    /// Seconds of `10m`, `1h30m`, `90` (seconds), `2d`.
    private static func duration(_ text: Substring) -> Double? {
        let units: [Character: Double] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400]
        var total = 0.0
        var digits = ""
        for character in text {
            if character.isASCII, character.isNumber {
                digits.append(character)
            } else {
                guard let unit = units[character], let number = Double(digits) else { return nil }
                total += number * unit
                digits = ""
            }
        }
        if !digits.isEmpty {
            guard let number = Double(digits), total == 0 else { return nil }
            total = number
        }
        return text.isEmpty || total > 4e9 ? nil : total
    }

    /// Seconds since midnight.
    private static func timeOfDay(_ text: Substring) -> Double? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard (2...3).contains(parts.count), let hour = number(parts[0], 0...23), let minute = number(parts[1], 0...59)
        else { return nil }
        var seconds = 0.0
        if parts.count == 3 {
            guard let value = Double(parts[2]), value >= 0, value < 61 else { return nil }
            seconds = value
        }
        return Double(hour * 3_600 + minute * 60) + seconds
    }

    /// Seconds from 1970 to the beginning of a day.
    private static func day(_ text: Substring) -> Double? {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, let year = number(parts[0], 1970...9999), let month = number(parts[1], 1...12),
            let day = number(parts[2], 1...31)
        else { return nil }
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let last = month == 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
        guard day <= last else { return nil }
        // Days from the civil calendar; March is the first month of such a year, so that the leap day is its last.
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return Double(era * 146_097 + dayOfEra - 719_468) * 86_400
    }

    private static func number(_ text: Substring, _ range: ClosedRange<Int>) -> Int? {
        guard !text.isEmpty, text.allSatisfy({ $0.isASCII && $0.isNumber }), let value = Int(text) else { return nil }
        return range.contains(value) ? value : nil
    }
}
