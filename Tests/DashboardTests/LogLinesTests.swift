import EngineAPI
import Testing

@testable import Dashboard

@Suite struct LogLinesTests {
    private func random(_ history: inout LogHistory, _ count: Int) -> [LogHistory.Line] {
        history.next(count, of: history.below(3))
    }

    @Test(arguments: 0..<20) func aPartIsWhatItsLinesWere(_ seed: Int) {
        var history = LogHistory(seed: UInt64(seed), origins: 3)
        let lines = random(&history, 1 + history.below(40))
        let group = LogLines(lines)
        #expect(group.all == lines)
        #expect(group.size == lines.reduce(0) { $0 + $1.text.count + 16 })
        for _ in 0..<30 {
            let start = history.below(lines.count + 1)
            let part = start..<start + history.below(lines.count - start + 1)
            let slice = group[part]
            #expect(slice.all == Array(lines[part]))
            #expect(slice.bytes.count == lines[part].reduce(0) { $0 + $1.text.count })
            // And a part of a part.
            let inner = history.below(slice.count + 1)
            #expect(slice[inner..<slice.count].all == Array(lines[part].dropFirst(inner)))
        }
    }

    @Test(arguments: 0..<20) func whatIsAddedStandsBehind(_ seed: Int) {
        var history = LogHistory(seed: UInt64(seed) &+ 50, origins: 3)
        var group = LogLines()
        var lines: [LogHistory.Line] = []
        for _ in 0..<12 {
            let more = random(&history, history.below(8))
            switch history.below(3) {
            case 0:
                group.append(LogLines(more))
                lines += more
            case 1:
                let other = LogLines(more)
                for index in more.indices.reversed() {
                    group.append(index, of: other)
                    lines.append(more[index])
                }
            default:
                let event = history.event(of: 1)
                group.append(LogLines([event]))
                lines.append(event)
            }
            group.seal()
            #expect(group.all == lines)
        }
    }

    @Test(arguments: 0..<30) func mergedLinesAreInTheOrderOfTheirTimes(_ seed: Int) {
        var history = LogHistory(seed: UInt64(seed) &+ 100, origins: 3)
        let mine = history.next(history.below(40), of: 0)
        let theirs = history.next(history.below(40), of: 1)
        // Of lines of one time, this one's come first: so a stable sort gives the same.
        #expect(LogLines(mine).merged(with: LogLines(theirs)).all == (mine + theirs).byTime)
    }

    @Test(arguments: 0..<30) func aMergeKeepsEachOnesOwnOrder(_ seed: Int) {
        var history = LogHistory(seed: UInt64(seed) &+ 200, origins: 2)
        var lines = [history.next(30, of: 0), history.next(30, of: 1)]
        // The two streams of a container may be stamped slightly out of order.
        for origin in 0..<2 {
            for index in lines[origin].indices { lines[origin][index].time -= Int64(history.below(12)) }
        }
        let merged = LogLines(lines[0]).merged(with: LogLines(lines[1])).all
        for origin in 0..<2 { #expect(merged.written(by: origin) == lines[origin]) }
    }

    @Test(arguments: 0..<20) func aByteBelongsToTheLineItStandsIn(_ seed: Int) {
        var random = SplitMix(seed: UInt64(seed))
        var batch = LogBatch()
        // Empty lines are among them.
        for _ in 0..<1 + random.below(30) {
            batch.add([UInt8](repeating: 65, count: random.below(4)), time: 1)
        }
        let group = LogLines(batch)
        for index in 0..<group.count {
            for byte in group.range(index) { #expect(group.index(ofByte: byte) == index) }
        }
    }

    @Test(arguments: 0..<20) func linesThatWereLeftOutAreNotTaken(_ seed: Int) {
        var history = LogHistory(seed: UInt64(seed) &+ 300, origins: 1)
        let lines = history.next(60, of: 0)
        let held = history.below(50)
        var store = LogStore()
        store.append(LogLines(Array(lines[..<held])))
        var point = store.resumePoint()
        var batch = LogBatch()
        for line in lines[max(0, held - 20)...] {
            batch.add(line.text, time: line.time, source: line.isError ? .stderr : .stdout)
        }
        // The batch keeps the bytes of what is left out: the group must not.
        let group = LogLines(point.laterLines(of: batch))
        #expect(group.all == Array(lines[held...]))
        #expect(group.bytes.count == lines[held...].reduce(0) { $0 + $1.text.count })
    }

    @Test func whatIsNotedOfALineIsKept() {
        var batch = LogBatch()
        batch.lines = [
            LogLine(time: -5, start: 0, length: 2, source: .stderr, continued: true),
            LogLine(time: .max, start: 2, length: 0, source: .engine),
            LogLine(time: 7, start: 2, length: 1, source: .stdout),
        ]
        batch.bytes = Array("abc".utf8)
        for origin in [0, 1, 59, 100_000] {
            let records = LogLines(batch, origin: origin).records
            #expect(records.map(\.kind) == [.stderr, .engine, .stdout])
            #expect(records.map(\.continued) == [true, false, false])
            #expect(records.map(\.time) == [-5, .max, 7])
            #expect(records.allSatisfy { $0.origin == origin })
        }
        let event = LogLines(event: "started", time: 9, origin: 59)
        #expect(event.records.map(\.kind) == [.event])
        #expect(event.records.map(\.origin) == [59])
        #expect(MemoryLayout<LogLines.Record>.stride == 16)
    }

    @Test func nothingIsNothing() {
        #expect(LogLines(LogBatch()).isEmpty)
        #expect(LogLines()[0..<0].isEmpty)
        #expect(LogLines().merged(with: LogLines()).isEmpty)
        #expect(LogLines().size == 0)
    }
}
