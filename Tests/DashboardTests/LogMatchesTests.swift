import Foundation
import Terminal
import Testing

@testable import Dashboard

/// What a look through a log finds, against a look at every single line.
@Suite struct LogMatchesTests {
    /// The lines whose visible text matches, looked at one by one.
    private func naive(_ store: LogStore, _ pattern: LogPattern, isInverted: Bool) -> [Int] {
        let expression =
            pattern.isRegex
            ? try! NSRegularExpression(
                pattern: pattern.text, options: pattern.ignoresCase ? [.caseInsensitive] : []) : nil
        let needle = Array((pattern.ignoresCase ? pattern.text.lowercased() : pattern.text).utf8)
        return (store.first..<store.end).filter { number in
            guard let line = store[number] else { return false }
            var text = LogText.visible(line.text)
            let isMatch: Bool
            if let expression {
                let string = String(decoding: text, as: UTF8.self)
                let whole = NSRange(location: 0, length: string.utf16.count)
                isMatch = expression.firstMatch(in: string, range: whole) != nil
            } else {
                if pattern.ignoresCase { text = text.map { (65...90).contains($0) ? $0 + 32 : $0 } }
                isMatch = contains(text, needle)
            }
            return isInverted ? !isMatch && !line.isEvent : isMatch
        }
    }

    private func contains(_ text: [UInt8], _ needle: [UInt8]) -> Bool {
        guard text.count >= needle.count else { return false }
        return (0...text.count - needle.count).contains { text[$0..<$0 + needle.count].elementsEqual(needle) }
    }

    /// Short lines of few letters, so that what is looked for often stands across the end of one and the beginning of
    /// the next; some with sequences and controls that are not seen.
    private func text(_ random: inout SplitMix, plain: Bool) -> [UInt8] {
        let pieces: [String] =
            plain
            ? ["a", "b", "ab", "A", "B", " ", "x", "7", "42"]
            : [
                "a", "b", "ab", "A", "B", " ", "x", "7", "42", "\u{1B}[31m", "\u{1B}[0m", "\u{1B}]0;ab\u{7}", "\t",
                "b\u{8}", "ab\r", "é", "日", "\u{9B}1m",
            ]
        var text = ""
        for _ in 0..<random.below(7) { text += pieces[random.below(pieces.count)] }
        return Array(text.utf8)
    }

    private func lines(_ random: inout SplitMix, _ count: Int, plain: Bool, time: Int64, origin: Int) -> LogLines {
        var lines: [LogHistory.Line] = []
        for index in 0..<count {
            lines.append(.init(origin: origin, time: time + Int64(index), text: text(&random, plain: plain)))
        }
        return LogLines(lines)
    }

    private static let patterns: [LogPattern] =
        ["ab", "aba", "AB", "b", " ", "a b", "bab", "x7", "é", "日a", "[31m", "0;ab", "abab"].map {
            LogPattern(text: $0)
        }
        + ["ab+a", "^ab", "ab$", "(ab|ba)x", "[0-9]{2}", "^$", "A.*B", "a x|^b", "7?42"]
        .map { LogPattern(text: $0, isRegex: true) }

    /// Has a log looked through to the end, slice by slice, as the runner does.
    private func scan(_ matches: inout LogMatches, _ store: LogStore) -> Int {
        var slices = 0
        while matches.next(of: store.first..<store.end) != nil {
            guard let found = LogScan(matches, isFilter: false).run(over: store), !found.range.isEmpty else { break }
            matches.take(found.lines, in: found.range)
            slices += 1
        }
        return slices
    }

    @Test(arguments: patterns, [false, true]) func aLookFindsWhatLinesShow(_ pattern: LogPattern, _ isInverted: Bool) {
        TextWidth.prepareLocale("C.UTF-8")
        for (seed, plain) in [(1, true), (2, false)] {
            var random = SplitMix(seed: UInt64(seed))
            var store = LogStore()
            for index in 0..<60 {
                let time = Int64(index) * 100
                store.append(lines(&random, random.below(8), plain: plain, time: time, origin: 0))
                if random.below(5) == 0 { store.append(LogLines(event: "ab event", time: time, origin: 0)) }
            }
            var matches = LogMatches(pattern, isInverted: isInverted, at: random.below(store.end + 1))
            _ = scan(&matches, store)
            #expect(matches.lines == naive(store, pattern, isInverted: isInverted))
            #expect(matches.next(of: store.first..<store.end) == nil)
        }
    }

    @Test func whatStandsAcrossTwoLinesIsNoMatch() throws {
        var store = LogStore()
        for text in ["xa", "bx", "", "ab", "a", "", "b"] {
            store.append(LogLines([.init(origin: 0, time: 1, text: Array(text.utf8))]))
        }
        var matches = LogMatches(LogPattern(text: "ab"), at: store.end)
        _ = scan(&matches, store)
        #expect(matches.lines == [3])
    }

    @Test func aLineIsFoundOnceHoweverOftenItMatches() {
        var store = LogStore()
        store.append(
            LogLines(["aaaa", "b", "aa"].map { LogHistory.Line(origin: 0, time: 1, text: Array($0.utf8)) }))
        var matches = LogMatches(LogPattern(text: "a"), at: 0)
        _ = scan(&matches, store)
        #expect(matches.lines == [0, 2])
    }

    @Test func aSequenceInsideOfAWordHidesNothing() {
        var store = LogStore()
        let texts = ["er\u{1B}[1mror", "\u{1B}]0;error\u{7}fine", "50 %\rerror", "error\r100 %", "errer\u{8}\u{8}or"]
        store.append(LogLines(texts.map { LogHistory.Line(origin: 0, time: 1, text: Array($0.utf8)) }))
        var matches = LogMatches(LogPattern(text: "error"), at: 0)
        _ = scan(&matches, store)
        #expect(matches.lines == [0, 2, 4])
    }

    @Test(arguments: [false, true]) func aLongLogIsLookedAtInSlices(_ isRegex: Bool) {
        var random = SplitMix(seed: 5)
        var store = LogStore()
        for index in 0..<40 {
            store.append(lines(&random, 1_000, plain: true, time: Int64(index) * 1_000, origin: 0))
        }
        let pattern = LogPattern(text: isRegex ? "ab+a" : "aba", isRegex: isRegex)
        var matches = LogMatches(pattern, at: store.end)
        // The newest lines come first.
        let first = LogScan(matches, isFilter: false).run(over: store)
        #expect(first?.range.upperBound == store.end)
        #expect((first?.range.count ?? 0) < store.count)
        #expect(scan(&matches, store) >= 3)
        #expect(matches.lines == naive(store, pattern, isInverted: false))
    }

    @Test func oneSliceIsBoundedInBytesToo() {
        var store = LogStore()
        for index in 0..<12 {
            let text = [UInt8](repeating: 97, count: 1 << 20)
            store.append(LogLines([.init(origin: 0, time: Int64(index), text: text)]))
        }
        var matches = LogMatches(LogPattern(text: "a"), at: store.end)
        #expect(scan(&matches, store) >= 5)
        #expect(matches.lines == Array(0..<12))
    }

    // MARK: While lines arrive, move and go

    /// What the state does with what a look has found.
    private func take(_ found: ScannedLog?, _ log: inout FollowedLog) {
        guard let found, log.filter?.matches.accepts(found) == true else { return }
        log.filter?.matches.take(found.lines, in: found.range)
        log.forgetDropped()
    }

    private func held(_ log: FollowedLog) -> [Int] {
        (log.filter?.matches.lines ?? []).filter { $0 >= log.store.first }
    }

    @Test(arguments: 0..<24) func nothingIsMissedOrMistakenWhileTheLogChanges(_ seed: Int) {
        var random = SplitMix(seed: UInt64(seed))
        let isInverted = seed % 4 == 3
        let pattern =
            seed % 3 == 2 ? LogPattern(text: "ab+a|x7", isRegex: true) : LogPattern(text: seed % 3 == 0 ? "ab" : "aB")
        let bounds = LogStore.Bounds(lines: seed % 2 == 0 ? 50_000 : 400, bytes: 32 << 20)
        var log = FollowedLog(id: 1, subject: .marked(["a", "b", "c"]), bounds: bounds)
        var clocks: [Int64] = [10_000, 10_000, 10_000]
        log.filter = .init(matches: LogMatches(pattern, isInverted: isInverted, at: 0))
        var looking: ScannedLog?
        for _ in 0..<160 {
            switch random.below(10) {
            case 0..<4:
                // A container whose clock is behind the others' is late.
                let origin = random.below(3)
                clocks[origin] += Int64(random.below(40))
                let new = lines(
                    &random, 1 + random.below(12), plain: random.below(2) == 0, time: clocks[origin], origin: origin)
                clocks[origin] += Int64(new.count)
                log.add(new)
            case 4:
                let event = LogLines(event: "ab x7", time: clocks[0] - Int64(random.below(60)), origin: 0)
                log.add(event)
            case 5:
                let time = (log.store.record(log.store.first)?.time ?? 10_000) - 20
                _ = log.store.prepend(lines(&random, random.below(12), plain: true, time: time, origin: 1))
            case 6 where random.below(3) == 0:
                for origin in 0..<3 { log.origins.append(origin: origin) }
                let count = max(1, log.store.count)
                log.origins[0].reach = log.store.record(log.store.first + random.below(count) / 4)?.time ?? .min
                log.cutToReach()
            case 7, 8:
                // A look begins; what it finds comes later, when much may have changed.
                looking = log.filter.flatMap { LogScan($0.matches, isFilter: true).run(over: log.store) }
            default:
                take(looking, &log)
                looking = nil
            }
            // What has been looked at is right, at any moment.
            if let matches = log.filter?.matches {
                let seen = max(matches.from, log.store.first)..<max(matches.to, matches.from, log.store.first)
                let right = naive(log.store, pattern, isInverted: isInverted).filter { seen.contains($0) }
                #expect(held(log) == right)
                if held(log) != right { return }
            }
        }
        take(looking, &log)
        while let matches = log.filter?.matches, matches.next(of: log.store.first..<log.store.end) != nil {
            take(LogScan(matches, isFilter: true).run(over: log.store), &log)
        }
        #expect(held(log) == naive(log.store, pattern, isInverted: isInverted))
    }

    @Test func aLookThatALateLineOvertookIsNotBelieved() {
        var log = FollowedLog(id: 1, subject: .marked(["a", "b"]), bounds: .init())
        func line(_ text: String, _ time: Int64, _ origin: Int) -> LogLines {
            LogLines([.init(origin: origin, time: time, text: Array(text.utf8))])
        }
        log.add(line("old", 1, 1))
        log.filter = .init(matches: LogMatches(LogPattern(text: "hit"), at: 0))
        take(LogScan(log.filter!.matches, isFilter: true).run(over: log.store), &log)
        log.add(line("none", 10, 0))
        log.add(line("hit", 20, 0))
        let looking = LogScan(log.filter!.matches, isFilter: true).run(over: log.store)
        #expect(looking?.lines == [2])
        // It belongs before the hit, whose number is another now.
        log.add(line("late", 15, 1))
        take(looking, &log)
        while log.filter?.matches.next(of: log.store.first..<log.store.end) != nil {
            take(LogScan(log.filter!.matches, isFilter: true).run(over: log.store), &log)
        }
        #expect(held(log).compactMap { log.store.line($0)?.text } == [Array("hit".utf8)])
    }

    @Test func lateLinesDoNotKeepALookFromItsEnd() {
        var random = SplitMix(seed: 8)
        var log = FollowedLog(id: 1, subject: .marked(["a", "b"]), bounds: .init())
        log.add(LogLines([.init(origin: 1, time: 0, text: [65])]))
        log.add(lines(&random, 40_000, plain: true, time: 1, origin: 0))
        log.filter = .init(matches: LogMatches(LogPattern(text: "aba"), at: log.store.end))
        var looks = 0
        while let matches = log.filter?.matches, matches.next(of: log.store.first..<log.store.end) != nil, looks < 20 {
            let looking = LogScan(matches, isFilter: true).run(over: log.store)
            // While a large slice is looked at, a line comes that belongs before the newest ones.
            if let looking, looking.range.count > 1_000 {
                log.add(LogLines([.init(origin: 1, time: 39_900 + Int64(looks), text: Array("aba".utf8))]))
            }
            take(looking, &log)
            looks += 1
        }
        #expect(log.filter?.matches.from == log.store.first)
        while let matches = log.filter?.matches, matches.next(of: log.store.first..<log.store.end) != nil {
            take(LogScan(matches, isFilter: true).run(over: log.store), &log)
        }
        #expect(held(log) == naive(log.store, LogPattern(text: "aba"), isInverted: false))
    }

    @Test func olderLinesAreLookedAtWhereOthersWereLetGo() {
        var log = FollowedLog(id: 1, subject: .marked(["a", "b"]), bounds: .init())
        log.add(LogLines((0..<40).map { .init(origin: 0, time: Int64($0), text: Array("none \($0)".utf8)) }))
        log.filter = .init(matches: LogMatches(LogPattern(text: "hit"), at: log.store.end))
        take(LogScan(log.filter!.matches, isFilter: true).run(over: log.store), &log)
        #expect(log.filter?.matches.next(of: log.store.first..<log.store.end) == nil)
        // Another container joins, known only from a later time on.
        log.origins.append(origin: 0)
        log.origins.append(origin: 1)
        log.origins[1].reach = 20
        log.cutToReach()
        #expect(log.store.first == 20)
        let fits = log.store.prepend(
            LogLines((0..<10).map { .init(origin: 1, time: Int64($0), text: Array("hit \($0)".utf8)) }))
        #expect(fits)
        #expect(log.filter?.matches.next(of: log.store.first..<log.store.end) == 10..<20)
        take(LogScan(log.filter!.matches, isFilter: true).run(over: log.store), &log)
        #expect(held(log) == Array(10..<20))
    }

    // MARK: Ranges in a line

    @Test(arguments: patterns) func everyHitInALineIsMarked(_ pattern: LogPattern) throws {
        TextWidth.prepareLocale("C.UTF-8")
        let matcher = try LogMatcher(pattern)
        var random = SplitMix(seed: 77)
        for _ in 0..<200 {
            let text = LogText.visible(self.text(&random, plain: false)[...])
            let ranges = text.withUnsafeBufferPointer { matcher.ranges(in: $0) }
            let isMatch = text.withUnsafeBufferPointer { matcher.matches($0) }
            #expect(zip(ranges, ranges.dropFirst()).allSatisfy { $0.upperBound <= $1.lowerBound })
            #expect(ranges.allSatisfy { !$0.isEmpty && $0.upperBound <= text.count })
            if !ranges.isEmpty { #expect(isMatch) }
            guard !pattern.isRegex else { continue }
            // A literal: as many as fit from the left.
            let folded = pattern.ignoresCase ? text.map { (65...90).contains($0) ? $0 + 32 : $0 } : text
            var expected: [Range<Int>] = []
            var start = 0
            let needle = Array(pattern.text.utf8)
            while start + needle.count <= folded.count {
                if folded[start..<start + needle.count].elementsEqual(needle) {
                    expected.append(start..<start + needle.count)
                    start += needle.count
                } else {
                    start += 1
                }
            }
            #expect(ranges == expected)
            #expect(isMatch == !expected.isEmpty)
        }
    }
}

extension [LogOrigin] {
    /// An origin of a log whose first line is held.
    fileprivate mutating func append(origin: Int) {
        append(LogOrigin(name: "c\(origin)", container: .named("c\(origin)"), colour: origin, reach: LogOrigin.start))
    }
}
