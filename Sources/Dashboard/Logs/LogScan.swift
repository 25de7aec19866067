/// A look for lines that match, in the next slice of a log.
struct LogScan: Hashable, Sendable {
    let isFilter: Bool
    let pattern: LogPattern
    let isInverted: Bool
    /// Tell the matches it was asked for from those that were made anew since.
    let version: Int
    let tailVersion: Int
    let from: Int
    let to: Int

    init(_ matches: LogMatches, isFilter: Bool) {
        self.isFilter = isFilter
        pattern = matches.pattern
        isInverted = matches.isInverted
        version = matches.version
        tailVersion = matches.tailVersion
        from = matches.from
        to = matches.to
    }

    /// Looks through the next slice of a log.
    func run(over store: LogStore) -> ScannedLog? {
        guard let matcher = try? LogMatcher(pattern) else { return nil }
        let held = store.first..<store.end
        // What came last comes first; then from the newest line that was not looked at upwards.
        let isNew = to < held.upperBound
        let range =
            isNew
            ? max(to, held.lowerBound)..<held.upperBound
            : held.lowerBound..<max(held.lowerBound, min(from, held.upperBound))
        guard !range.isEmpty else { return nil }
        // The very first look goes upwards too: `from` and `to` meet where it begins.
        let (lines, slice) = store.matches(matcher, isInverted: isInverted, in: range, newestFirst: !isNew)
        return ScannedLog(scan: self, range: slice, lines: lines)
    }
}

/// What a look through a slice has found.
struct ScannedLog: Sendable {
    let scan: LogScan
    let range: Range<Int>
    /// The numbers of the lines that match.
    let lines: [Int]
}
