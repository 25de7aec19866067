import FoundationEssentials

/// Which of what could go is meant: docker's filters `until` and `label`.
struct CleanupFilter: Hashable, Sendable {
    /// Only what is older: `24h`; empty for whatever age.
    var until = ""
    /// Only what has all of these: `a`, `a=b`, `!a`.
    var labels: [String] = []

    var isEmpty: Bool { until.isEmpty && labels.isEmpty }

    /// Seconds of a duration as docker takes it, `1h30m`, and days too; nil when it is none.
    static func seconds(_ text: String) -> Double? {
        let units: [Character: Double] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400]
        var total = 0.0
        var digits = ""
        for character in text {
            if character.isASCII, character.isNumber {
                digits.append(character)
            } else {
                guard let unit = units[character], let number = Double(digits), number < 1e7 else { return nil }
                total += number * unit
                digits = ""
            }
        }
        return digits.isEmpty && total > 0 ? total : nil
    }

    /// What is wrong with an age.
    static func problem(withAge text: String) -> String? {
        seconds(text) == nil ? "an age is a number of s, m, h or d: 24h, 7d, 1h30m" : nil
    }

    /// What is wrong with labels.
    static func problem(withLabels text: String) -> String? {
        text.split(separator: " ").contains { $0 == "!" || $0.hasPrefix("=") || $0.hasPrefix("!=") }
            ? "a label has a name: key, key=value, !key" : nil
    }

    /// Whether something of an age, with labels, is meant. Of what the age is not known, is not when one is wanted.
    func takes(created: Date?, labels own: [String: String], now: Date) -> Bool {
        if let seconds = Self.seconds(until) {
            guard let created, created.timeIntervalSince1970 > 0, now.timeIntervalSince(created) > seconds else {
                return false
            }
        }
        return labels.allSatisfy { label in
            let isExcluded = label.hasPrefix("!")
            return Self.matches(isExcluded ? label.dropFirst() : label[...], own) != isExcluded
        }
    }

    private static func matches(_ label: Substring, _ own: [String: String]) -> Bool {
        guard let sign = label.firstIndex(of: "=") else { return own[String(label)] != nil }
        return own[String(label[..<sign])] == String(label[label.index(after: sign)...])
    }

    /// As the docker client takes it: it knows no days.
    var flags: String {
        var flags = ""
        if let seconds = Self.seconds(until) {
            let whole = Int(seconds)
            let age = whole % 3_600 == 0 ? "\(whole / 3_600)h" : whole % 60 == 0 ? "\(whole / 60)m" : "\(whole)s"
            flags += " --filter until=\(age)"
        }
        for label in labels {
            flags += label.hasPrefix("!") ? " --filter label!=\(label.dropFirst())" : " --filter label=\(label)"
        }
        return flags
    }
}
