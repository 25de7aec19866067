import Terminal

/// Which of a log's lines match, as far as they have been looked at.
///
/// A background task looks at one slice at a time, the newest lines first; what arrives meanwhile comes next.
struct LogMatches: Sendable {
    /// Bytes and lines of one slice: a fraction of a frame's time.
    static let sliceBytes = 2 << 20
    static let sliceLines = 16_384

    let pattern: LogPattern
    /// Whether the lines that do not match are wanted.
    var isInverted = false
    /// The numbers of the lines, ascending.
    private(set) var lines: [Int] = []
    /// The lines that have been looked at: from `from` up to `to`.
    private(set) var from: Int
    private(set) var to: Int
    /// Counts what made answers about lines before `from` wrong, and those about lines behind `to`: what comes late
    /// while many lines are still to be looked at must not make the look begin again and again.
    private(set) var version = 0
    private(set) var tailVersion = 0

    init(_ pattern: LogPattern, isInverted: Bool = false, at end: Int) {
        self.pattern = pattern
        self.isInverted = isInverted
        from = end
        to = end
    }

    /// The lines to be looked at next, when the log holds those of a range; nil when there are none.
    func next(of held: Range<Int>) -> Range<Int>? {
        if to < held.upperBound { return max(to, held.lowerBound)..<held.upperBound }
        if from > held.lowerBound { return held.lowerBound..<min(from, held.upperBound) }
        return nil
    }

    /// Takes in what a task has found in a slice that it was asked for.
    mutating func take(_ found: [Int], in range: Range<Int>) {
        if range.lowerBound >= to {
            lines += found
            if from == to { from = range.lowerBound }
            to = range.upperBound
        } else if range.upperBound == from || from > to {
            lines.insert(contentsOf: found, at: 0)
            from = range.lowerBound
        }
    }

    /// The lines from a number on are no longer what they were.
    mutating func forget(from number: Int) {
        // Also where nothing was found yet: somebody may be looking at them as they were.
        tailVersion += 1
        guard number < to else { return }
        lines.removeSubrange(index(atLeast: number)...)
        to = max(from, number)
        guard number < from else { return }
        version += 1
        (from, to) = (number, number)
    }

    /// Whether what a task has found is still so.
    func accepts(_ found: ScannedLog) -> Bool {
        let scan = found.scan
        guard scan.pattern == pattern, scan.isInverted == isInverted else { return false }
        return found.range.upperBound <= scan.from
            ? scan.from == from && scan.version == version : scan.to == to && scan.tailVersion == tailVersion
    }

    /// The lines before a number are no longer held; `atOnce` where others may get their numbers.
    mutating func forget(before number: Int, atOnce: Bool = false) {
        if atOnce { version += 1 }
        guard atOnce ? from < number : lines.first.map({ $0 < number }) ?? false else { return }
        // Now and then, not at every line: moving what stays is the costly part.
        let gone = index(atLeast: number)
        if atOnce || gone > 1_000 || gone == lines.count || gone * 2 > lines.count { lines.removeFirst(gone) }
        from = max(from, number)
        to = max(to, from)
    }

    /// The index of the first matching line with a number or more.
    func index(atLeast number: Int) -> Int {
        var low = 0
        var high = lines.count
        while low < high {
            let middle = (low + high) / 2
            if lines[middle] < number { low = middle + 1 } else { high = middle }
        }
        return low
    }

    func line(atLeast number: Int) -> Int? {
        let index = index(atLeast: number)
        return index < lines.count ? lines[index] : nil
    }

    func line(atMost number: Int) -> Int? {
        let index = index(atLeast: number + 1)
        return index > 0 ? lines[index - 1] : nil
    }
}

extension LogStore {
    /// Looks at the newest or oldest part of a range, as much as makes a slice, for lines that match.
    /// - Returns: the numbers of the lines, and the part that was looked at.
    func matches(
        _ matcher: LogMatcher, isInverted: Bool, in range: Range<Int>, newestFirst: Bool
    ) -> (lines: [Int], range: Range<Int>) {
        let range = max(range.lowerBound, first)..<max(first, min(range.upperBound, end))
        guard !range.isEmpty else { return ([], range) }
        // Group by group from the side that is wanted first, until it is enough.
        var slice = newestFirst ? range.upperBound..<range.upperBound : range.lowerBound..<range.lowerBound
        var bytes = 0
        while slice.count < range.count, slice.count < LogMatches.sliceLines, bytes < LogMatches.sliceBytes {
            let number = newestFirst ? slice.lowerBound - 1 : slice.upperBound
            forEachGroup(in: number..<number + 1) { lines, _, first in
                bytes += lines.bytes.count
                slice =
                    newestFirst
                    ? max(first, range.lowerBound)..<slice.upperBound
                    : slice.lowerBound..<min(first + lines.count, range.upperBound)
            }
        }
        var found: [Int] = []
        forEachGroup(in: slice) { lines, part, first in
            found += lines.matching(matcher, in: part).map { first + $0 }
        }
        guard isInverted else { return (found, slice) }
        let matching = Set(found)
        return (slice.filter { !matching.contains($0) && record($0)?.kind != .event }, slice)
    }
}

extension LogLines {
    /// The indices of the lines whose visible text matches.
    fileprivate func matching(_ matcher: LogMatcher, in part: Range<Int>) -> [Int] {
        var found: [Int] = []
        bytes.withUnsafeBufferPointer { bytes in
            // Where no line has a control or an escape sequence, the bytes are the visible text, and a literal is
            // looked for in all of them at once.
            if matcher.isLiteral, LogText.isVisible(bytes) {
                let start = Int(records[part.lowerBound].start)
                let text = UnsafeBufferPointer(rebasing: bytes[start..<range(part.upperBound - 1).upperBound])
                matcher.forEachPlace(in: text) { place in
                    let index = index(ofByte: start + place)
                    let line = range(index)
                    // The end of one line and the beginning of the next make no match.
                    guard start + place + matcher.length <= line.upperBound else { return place + 1 }
                    found.append(index)
                    return line.upperBound - start
                }
                return
            }
            for index in part {
                let text = UnsafeBufferPointer(rebasing: bytes[range(index)])
                let isMatch =
                    LogText.isVisible(text)
                    ? matcher.matches(text) : LogText.visible(text).withUnsafeBufferPointer { matcher.matches($0) }
                if isMatch { found.append(index) }
            }
        }
        return found
    }
}
