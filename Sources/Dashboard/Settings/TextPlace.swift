import Terminal

/// A place in a text that somebody wrote, as editors count: from 1, columns in characters.
struct TextPlace: Hashable, Comparable, Sendable, CustomStringConvertible {
    var line: Int
    var column: Int

    static func < (a: TextPlace, b: TextPlace) -> Bool { (a.line, a.column) < (b.line, b.column) }

    /// `3:5`.
    var description: String { "\(line):\(column)" }
}

/// What is wrong in a text, and where.
struct TextProblem: Error, Equatable, Sendable, CustomStringConvertible {
    let place: TextPlace
    /// May be shown as it is.
    let reason: String

    init(_ place: TextPlace, _ reason: String) {
        self.place = place
        // It quotes what somebody wrote, and an escape may have made anything of that.
        self.reason = Sanitiser.clean(reason)
    }

    /// `3:5: there is no setting “x”`.
    var description: String { "\(place): \(reason)" }
}
