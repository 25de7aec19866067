import EngineAPI
import Foundation
import Testing

@testable import Dashboard

@Suite struct LogStoreTests {
    /// A line as a reference keeps it.
    private struct Kept: Equatable {
        var text: [UInt8]
        var time: Int64
        var isError: Bool
    }

    private func random(_ random: inout SplitMix, lines: Int, longest: Int, number: inout Int) -> (LogBatch, [Kept]) {
        var batch = LogBatch()
        var kept: [Kept] = []
        for _ in 0..<lines {
            let line = Kept(
                text: (0..<random.below(longest + 1)).map { _ in UInt8(truncatingIfNeeded: random.next()) },
                time: Int64(number) * 1_000, isError: random.below(5) == 0)
            batch.add(line.text, time: line.time, source: line.isError ? .stderr : .stdout)
            kept.append(line)
            number += 1
        }
        return (batch, kept)
    }

    private func kept(_ line: LogStore.Line) -> Kept {
        Kept(text: Array(line.text), time: line.time, isError: line.isError)
    }

    @Test func aSmallerBoundLetsTheOldestGoAtOnce() {
        var random = SplitMix(seed: 3)
        var number = 0
        var store = LogStore()
        store.append(LogLines(self.random(&random, lines: 5_000, longest: 40, number: &number).0))
        let newest = store[store.end - 1].map { Array($0.text) }
        store.bounds.lines = 1_000
        #expect(store.count == 1_000 && store.dropped == 4_000)
        #expect(store[store.end - 1].map { Array($0.text) } == newest)
        store.bounds.lines = 10_000
        #expect(store.count == 1_000)
    }

    @Test(arguments: 0..<12) func theLinesAreTheNewestOfAllThatCame(_ seed: Int) {
        var random = SplitMix(seed: UInt64(seed))
        let bounds = LogStore.Bounds(lines: 1 + random.below(3_000), bytes: 1_000 + random.below(400_000))
        var store = LogStore(bounds: bounds)
        var reference: [Kept] = []
        var number = 0
        var first = 0
        for _ in 0..<150 {
            // Mostly small batches, as a program that writes now and then; sometimes a flood.
            let lines = random.below(8) == 0 ? random.below(900) : random.below(20)
            let (batch, added) = self.random(&random, lines: lines, longest: 1 + random.below(300), number: &number)
            store.append(LogLines(batch))
            reference += added

            let size = LogLines(batch).size
            #expect(store.count <= bounds.lines)
            #expect(store.bytes <= bounds.bytes + max(size, 64 << 10))
            #expect(store.end == reference.count)
            #expect(store.dropped == store.first)
            #expect(store.count == store.end - store.first)
            #expect(store.first >= first)
            first = store.first
            #expect(store[store.first - 1] == nil)
            #expect(store[store.end] == nil)
            // Numbers stay: whatever is held under a number is what came under it.
            for _ in 0..<10 where !store.isEmpty {
                let number = store.first + random.below(store.count)
                #expect(store[number].map(kept) == reference[number])
            }
        }
        #expect((store.first..<store.end).compactMap { store[$0].map(kept) } == Array(reference[store.first...]))
        // What is dropped is dropped for a bound.
        #expect(store.count > 0)
    }

    @Test func aFloodInOneBatchIsCutToTheNewestLines() {
        var store = LogStore()
        var number = 0
        var random = SplitMix(seed: 1)
        store.append(LogLines(self.random(&random, lines: 150_000, longest: 4, number: &number).0))
        #expect(store.count == 100_000)
        #expect(store.dropped == 50_000)
        #expect(store[50_000]?.time == 50_000_000)
        #expect(store[49_999] == nil)
    }

    @Test func memoryStaysBoundedUnderLongLines() {
        var store = LogStore()
        for number in 0..<200 {
            var batch = LogBatch()
            batch.add([UInt8](repeating: 65, count: 1 << 20), time: Int64(number))
            store.append(LogLines(batch))
        }
        #expect(store.bytes <= (32 << 20) + (1 << 20) + 16)
        #expect(store.count >= 31)
        #expect(store.end == 200)
    }

    @Test(arguments: [0, 1, 250, 499, 500]) func whatWasForgottenDoesNotHideWhatIsFetchedAgain(_ forgotten: Int) {
        func lines(_ times: Range<Int>) -> LogLines {
            var batch = LogBatch()
            for time in times { batch.add(Array("line \(time)".utf8), time: Int64(time)) }
            return LogLines(batch)
        }
        var store = LogStore()
        store.append(LogLines(event: "started", time: -1, origin: 0))
        store.append(lines(0..<500))
        store.append(lines(500..<600))
        store.forget(before: Int64(forgotten))
        #expect(store.count == 600 - forgotten)
        #expect(store.events == 0)
        #expect(store.bytes == lines(forgotten..<600).size)
        // Not quite the same: other containers' lines stood between them.
        let older = lines(forgotten - 400..<forgotten - 100)
        let fits = store.prepend(older)
        #expect(fits)
        let times = (store.first..<store.end).compactMap { store[$0]?.time }
        #expect(times == older.records.map(\.time) + (Int64(forgotten)..<600).map { $0 })
        #expect(store.bytes == older.size + lines(forgotten..<600).size)
    }

    @Test func lateLinesFindTheirPlaceHoweverManyOfOthersCameFirst() {
        // As after a while in which nobody read: one container's lines come at once, then the next one's, in parts.
        var store = LogStore()
        for origin in 0..<3 {
            for part in 0..<20 {
                var batch = LogBatch()
                for number in part * 300..<part * 300 + 300 {
                    batch.add(Array("\(origin) \(number)".utf8), time: Int64(number * 3 + origin))
                }
                store.append(LogLines(batch, origin: origin))
            }
        }
        let times = (store.first..<store.end).compactMap { store.record($0)?.time }
        #expect(times == (0..<18_000).map { Int64($0) })
        #expect(store[12_345].map { String(decoding: $0.text, as: UTF8.self) } == "0 4115")
    }

    @Test func anEmptyStoreHoldsNothing() {
        var store = LogStore()
        store.append(LogLines())
        #expect(store.isEmpty)
        #expect(store.first == 0)
        #expect(store[0] == nil)
        #expect(store.resumePoint().isEmpty)
    }

    // MARK: Going on after a break

    private struct Line: Equatable {
        var time: Int64
        var isError: Bool
        var text: [UInt8]
    }

    private func batch(_ lines: some Sequence<Line>) -> LogBatch {
        var batch = LogBatch()
        for line in lines { batch.add(line.text, time: line.time, source: line.isError ? .stderr : .stdout) }
        return batch
    }

    /// A log as the Engine writes it: two streams, each in order, mixed with up to some milliseconds of disorder; many
    /// lines share a timestamp.
    private func history(_ count: Int, disorder: Int, _ random: inout SplitMix) -> [Line] {
        var time: Int64 = 1_772_373_727_000_000_000
        var lines: [Line] = []
        for number in 0..<count {
            if random.below(3) != 0 { time += Int64(random.below(700_000)) }
            let late = disorder > 0 ? Int64(random.below(disorder)) * 1_000_000 : 0
            lines.append(
                Line(time: time - late, isError: random.below(4) == 0, text: Array("\(number % 7) text \(number)".utf8))
            )
        }
        return lines
    }

    /// What the Engine gives since a moment: all lines stamped then or later, in the order they were written.
    private func since(_ moment: Int64, _ lines: [Line]) -> [Line] { lines.filter { $0.time >= moment } }

    /// Follows to a random place, breaks, goes on in random batches, several times; gives what is held in the end.
    private func follow(
        _ lines: [Line], breaks: Int, window: Int, _ random: inout SplitMix
    ) -> (lines: [Line], falseGaps: Int) {
        var falseGaps = 0
        var store = LogStore(bounds: .init(lines: 100_000, bytes: 64 << 20))
        var position = 0
        for round in 0...breaks {
            let available = round == breaks ? lines.count : position + random.below(lines.count - position + 1)
            var point = store.resumePoint(window: window)
            var stream = point.since.map { since($0, Array(lines[..<available])) } ?? Array(lines[..<available])
            while !stream.isEmpty {
                let count = 1 + random.below(60)
                let new = point.laterLines(of: batch(stream.prefix(count)))
                // Else the follower would say that lines are missing.
                if round > 0, point.isMissing { falseGaps += 1 }
                store.append(LogLines(new))
                stream.removeFirst(min(count, stream.count))
            }
            position = available
        }
        let held = (store.first..<store.end).compactMap { store[$0] }.map {
            Line(time: $0.time, isError: $0.isError, text: Array($0.text))
        }
        return (held, falseGaps)
    }

    @Test(arguments: 0..<30) func aResumedLogInOrderHasNoDoubleAndNoHole(_ seed: Int) {
        var random = SplitMix(seed: UInt64(seed) &+ 100)
        // Every timestamp its own: the window's beginning is exact.
        var lines = history(900, disorder: 0, &random)
        for index in lines.indices { lines[index].time += Int64(index) }
        let result = follow(lines, breaks: 6, window: 1 + random.below(300), &random)
        #expect(result.lines == lines)
        #expect(result.falseGaps == 0)
    }

    @Test(arguments: 0..<30) func aResumedShortLogWithDisorderHasNoDoubleAndNoHole(_ seed: Int) {
        var random = SplitMix(seed: UInt64(seed) &+ 200)
        // All held lines are in the window.
        let lines = history(800, disorder: 5, &random)
        let result = follow(lines, breaks: 5, window: 1_024, &random)
        #expect(result.lines == lines)
        #expect(result.falseGaps == 0)
    }

    @Test(arguments: 0..<10) func aResumedLongLogWithDisorderHasNoDoubleAndNoHole(_ seed: Int) {
        var random = SplitMix(seed: UInt64(seed) &+ 300)
        // More lines than the window: some before it are stamped after its beginning, or at the same time.
        let lines = history(3_000, disorder: 5, &random)
        let result = follow(lines, breaks: 4, window: 100, &random)
        let right = result.lines == lines && result.falseGaps == 0
        #expect(right, "\(lines.count) lines became \(result.lines.count), \(result.falseGaps) false gaps")
    }

    @Test func linesThatLookAlikeAreCounted() {
        // Same time, same stream, same length, other text: what was held once is left out once.
        let lines = ["aaa", "bbb", "ccc", "ddd"].map { Line(time: 5, isError: false, text: Array($0.utf8)) }
        var store = LogStore()
        store.append(LogLines(batch(lines[..<2])))
        var point = store.resumePoint()
        let new = point.laterLines(of: batch(lines))
        #expect(new.lines.map { new.string(of: $0) } == ["ccc", "ddd"])
        #expect(point.joined)
    }

    @Test func nothingIsJoinedWhereTheEngineHasForgotten() {
        var store = LogStore()
        store.append(LogLines(batch([Line(time: 5, isError: false, text: [65])])))
        var point = store.resumePoint()
        let later = [Line(time: 9, isError: false, text: [66])]
        #expect(point.laterLines(of: batch(later)).lines.count == 1)
        #expect(!point.joined && point.isMissing)
    }

    private func texts(_ store: LogStore) -> [String] { store.all.map { String(decoding: $0.text, as: UTF8.self) } }

    private func lines(_ lines: (String, Int64)...) -> LogLines {
        var batch = LogBatch()
        for (text, time) in lines { batch.add(Array(text.utf8), time: time, source: .stdout) }
        return LogLines(batch)
    }

    @Test func aStartThatCameBeforeTheFirstLinesStandsBeforeThoseOfItsRun() {
        let second: Int64 = 1_000_000_000
        var store = LogStore()
        store.append(LogLines(event: LogEvents.started, time: 90 * second, origin: 0))
        // The container wrote before the Engine told of its start, and had run before.
        store.append(lines(("old", 60 * second), ("first", 90 * second - 20), ("second", 90 * second + 5)))
        #expect(texts(store) == ["old", "started", "first", "second"])
        #expect(store.events == 1)
    }

    @Test func aStartStaysBehindWhatTheRunBeforeWroteLast() {
        let second: Int64 = 1_000_000_000
        var store = LogStore()
        store.append(LogLines(event: "exited (0)", time: 90 * second - 100, origin: 0))
        store.append(LogLines(event: LogEvents.started, time: 90 * second, origin: 0))
        store.append(lines(("last", 90 * second - 200), ("first", 90 * second - 20), ("second", 90 * second + 5)))
        #expect(texts(store) == ["last", "exited (0)", "started", "first", "second"])
    }

    @Test func ofTwoLinesThatLookAlikeTheLaterOneIsHeld() {
        var store = LogStore()
        store.append(lines(("bbb", 5), ("ccccc", 6)))
        var all = LogBatch()
        for (text, time) in [("a", 4), ("aaa", 5), ("bbb", 5), ("ccccc", 6)] as [(String, Int64)] {
            all.add(Array(text.utf8), time: time, source: .stdout)
        }
        let older = LogLines(store.olderPoint().olderLines(of: all))
        let fits = store.prepend(older)
        #expect(fits)
        #expect(texts(store) == ["a", "aaa", "bbb", "ccccc"])
    }
}
