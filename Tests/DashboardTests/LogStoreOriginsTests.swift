import EngineAPI
import Testing

@testable import Dashboard

/// Lines of several containers, and events, in one store.
@Suite struct LogStoreOriginsTests {
    /// The next batch of a random container, or an event.
    private func batch(_ history: inout LogHistory, origins: Int, most: Int = 12) -> [LogHistory.Line] {
        let origin = history.below(origins)
        if history.below(6) == 0 { return [history.event(of: origin)] }
        return history.next(1 + history.below(most), of: origin)
    }

    @Test(arguments: 0..<16) func lateLinesArePutWhereTheirTimesBelong(_ seed: Int) {
        let origins = 2 + seed % 4
        var history = LogHistory(seed: UInt64(seed), origins: origins)
        var store = LogStore()
        var reference: [LogHistory.Line] = []
        var sent: [LogHistory.Line] = []
        for _ in 0..<80 {
            let new = batch(&history, origins: origins)
            sent += new
            let before = reference
            // Those of one time that were there first stay first.
            reference = (reference + new).byTime
            let changed = store.append(LogLines(new))

            #expect(store.all == reference)
            let same = zip(before, reference).prefix { $0 == $1 }.count
            #expect(changed == same, "the first number that is not what it was")
            #expect(store.events == reference.count { $0.isEvent })
            #expect(store.bytes == reference.reduce(0) { $0 + $1.text.count + 16 })
        }
        for origin in 0..<origins { #expect(store.all.written(by: origin) == sent.written(by: origin)) }
        #expect((0..<origins).reduce(0) { $0 + store.count(of: $1) } == sent.count { !$0.isEvent })
    }

    @Test(arguments: 0..<12) func eachContainersOwnOrderIsKeptThoughItsTimesAreMixed(_ seed: Int) {
        let origins = 2 + seed % 3
        var history = LogHistory(seed: UInt64(seed) &+ 100, origins: origins)
        var store = LogStore()
        var sent: [LogHistory.Line] = []
        for _ in 0..<120 {
            var new = batch(&history, origins: origins)
            for index in new.indices { new[index].time -= Int64(history.below(30)) }
            let before = store.all
            let changed = store.append(LogLines(new))
            sent += new
            #expect(store.lines(0..<changed) == Array(before[..<changed]))
            #expect(store.count == sent.count)
        }
        for origin in 0..<origins { #expect(store.all.written(by: origin) == sent.written(by: origin)) }
        #expect(Set(store.all.map(\.description)) == Set(sent.map(\.description)))
    }

    @Test func whatComesLateDoesNotTakeAllLinesAlongWhenThereIsNoMoreRoom() {
        let bounds = LogStore.Bounds(lines: 100_000, bytes: 2 << 20)
        var store = LogStore(bounds: bounds)
        var batch = LogBatch()
        for number in 0..<10_000 { batch.add([UInt8](repeating: 65, count: 100), time: Int64(1_000 + number)) }
        store.append(LogLines(batch, origin: 0))
        // It belongs before all others; then there is no more room for all.
        var late = LogBatch()
        late.add([66], time: 1)
        #expect(store.append(LogLines(late, origin: 1)) == 0)
        for round in 0..<100 {
            var more = LogBatch()
            for number in 0..<100 {
                more.add([UInt8](repeating: 67, count: 100), time: Int64(100_000 + round * 100 + number))
            }
            store.append(LogLines(more, origin: 0))
        }
        #expect(store.dropped > 0)
        #expect(store.bytes > bounds.bytes * 9 / 10)
        #expect(store.bytes <= bounds.bytes)
    }

    @Test(arguments: 0..<12) func theBoundsHoldAndTheNewestStay(_ seed: Int) {
        let origins = 2 + seed % 3
        var history = LogHistory(seed: UInt64(seed) &+ 300, origins: origins)
        let bounds = LogStore.Bounds(lines: 50 + history.below(400), bytes: 2_000 + history.below(60_000))
        var store = LogStore(bounds: bounds)
        var sent: [LogHistory.Line] = []
        var first = 0
        var dropped = 0
        // A chunk is what small batches are put together to, or what a late batch was put in place with.
        let chunk = 2 * (64 << 10) + 40 * (16 + 40)
        for _ in 0..<150 {
            let new = batch(&history, origins: origins, most: 40)
            let size = store.bytes + LogLines(new).size
            let count = store.count + new.count
            sent += new
            store.append(LogLines(new))
            #expect(store.count <= bounds.lines)
            #expect(store.bytes <= bounds.bytes + chunk)
            #expect(store.end == sent.count)
            #expect(store.first >= first)
            #expect(store.dropped == store.first)
            if store.dropped > dropped { #expect(size > bounds.bytes || count > bounds.lines) }
            (first, dropped) = (store.first, store.dropped)
            #expect(store[store.first - 1] == nil)
            #expect(store[store.end] == nil)
        }
        #expect(dropped > 0)
        let held = store.all
        #expect(held.count == store.count)
        for origin in 0..<origins {
            let mine = held.written(by: origin)
            #expect(mine == Array(sent.written(by: origin).suffix(mine.count)))
        }
    }

    /// Whatever is done to it, it holds what a plain list of lines would.
    @Test(arguments: 0..<12) func linesAreFoundUnderTheirNumbers(_ seed: Int) {
        let origins = 3
        var history = LogHistory(seed: UInt64(seed) &+ 400, origins: origins)
        // Some have room for all, some for little.
        let bounds = LogStore.Bounds(lines: seed % 2 == 0 ? 100_000 : 300, bytes: seed % 3 == 0 ? 20_000 : 32 << 20)
        var store = LogStore(bounds: bounds)
        var reference: [LogHistory.Line] = []
        var first = 0
        var dropped = 0
        for _ in 0..<140 {
            switch history.below(8) {
            case 0:
                let oldest = min(reference.first?.time ?? .max, history.earliest)
                let older = (0..<origins).map { history.older(history.below(10), before: oldest, of: $0) }
                let lines = older.reduce(LogLines()) { $0.merged(with: LogLines($1)) }
                let hasRoom =
                    dropped == 0 && reference.count + lines.count <= bounds.lines
                    && store.bytes + lines.size <= bounds.bytes
                let fits = store.prepend(lines)
                #expect(fits == hasRoom)
                if hasRoom {
                    reference = lines.all + reference
                    first -= lines.count
                }
            case 1:
                guard let time = reference.dropFirst(history.below(20)).first?.time else { continue }
                store.forget(before: time)
                let gone = reference.prefix { $0.time < time }.count
                reference.removeFirst(gone)
                first += gone
            default:
                let new = batch(&history, origins: origins, most: history.below(10) == 0 ? 120 : 10)
                reference = (reference + new).byTime
                store.append(LogLines(new))
                // Which chunks go is its own affair; what stays is not.
                let gone = store.first - first
                #expect(gone >= 0)
                reference.removeFirst(gone)
                first += gone
                dropped += gone
            }
            #expect(store.first == first)
            #expect(store.end == first + reference.count)
            #expect(store.dropped == dropped)
            let held = store.all
            #expect(held == reference)
            #expect(store.lineNumbersByGroups == Array(store.first..<store.end))
            for number in [store.first - 1, store.end] {
                #expect(store[number] == nil)
                #expect(store.record(number) == nil)
            }
            if held != reference { return }
        }
        #expect(!reference.isEmpty)
    }

    @Test func olderLinesComeBeforeThoseThatWereLetGo() {
        // The last lines of two containers, of which one reaches further back: what is before the other's first line
        // goes, and is fetched again with the other's older lines.
        var store = LogStore()
        var history = LogHistory(seed: 1, origins: 2)
        let lines = history.next(100, of: 0)
        store.append(LogLines(lines))
        store.forget(before: lines[50].time)
        let first = store.first
        let older = history.older(20, before: lines[50].time, of: 1)
        let fits = store.prepend(LogLines(older))
        #expect(fits)
        #expect(store.first == first - 20)
        #expect(store.lines(store.first..<first) == older)
        #expect(store.all == older + lines[first...])
    }

    @Test func whatWasLetGoDoesNotComeBackWhenOlderLinesAreDropped() {
        var history = LogHistory(seed: 2, origins: 2)
        var store = LogStore(bounds: .init(lines: 1_000, bytes: 200_000))
        let lines = history.next(100, of: 0)
        store.append(LogLines(lines))
        store.forget(before: lines[50].time)
        let older = history.older(20, before: lines[50].time, of: 1)
        let fits = store.prepend(LogLines(older))
        #expect(fits)
        // So large that the oldest chunk goes, the one of the older lines.
        history.advance(0, by: 1_000)
        let flood = history.next(40, of: 0, longest: 5_000)
        let held = store.all
        store.append(LogLines(flood))
        #expect(store.all == Array((held + flood).suffix(store.count)))
    }

    // MARK: Events

    @Test(arguments: 0..<8) func eventsAreNoLinesOfAContainer(_ seed: Int) {
        var history = LogHistory(seed: UInt64(seed) &+ 500, origins: 3)
        var store = LogStore()
        var with: [LogHistory.Line] = []
        var without = LogStore()
        for _ in 0..<60 {
            let new = batch(&history, origins: 3)
            with += new
            store.append(LogLines(new))
            if new.first?.isEvent != true { without.append(LogLines(new)) }
        }
        for origin in 0..<3 {
            #expect(store.count(of: origin) == with.written(by: origin).count)
            // They say nothing of where to go on.
            for (a, b) in [
                (store.resumePoint(of: origin), without.resumePoint(of: origin)),
                (store.olderPoint(of: origin), without.olderPoint(of: origin)),
            ] {
                #expect(a.since == b.since)
                #expect(a.newest == b.newest)
            }
        }
        #expect(store.count - store.events == without.count)
    }

    @Test(arguments: 0..<8) func theNextEventIsFoundInBothDirections(_ seed: Int) {
        var history = LogHistory(seed: UInt64(seed) &+ 600, origins: 2)
        var store = LogStore()
        for _ in 0..<40 { store.append(LogLines(batch(&history, origins: 2))) }
        let events = (store.first..<store.end).filter { store[$0]?.isEvent == true }
        #expect(!events.isEmpty)
        for number in store.first - 2...store.end + 2 {
            #expect(store.event(after: number) == events.first { $0 > number })
            #expect(store.event(before: number) == events.last { $0 < number })
        }
        #expect(LogStore().event(after: 0) == nil)
        #expect(LogStore().event(before: 0) == nil)
    }

    @Test(arguments: 0..<8) func aTimeIsFound(_ seed: Int) {
        var history = LogHistory(seed: UInt64(seed) &+ 700, origins: 3)
        var store = LogStore()
        for _ in 0..<40 { store.append(LogLines(batch(&history, origins: 3))) }
        let lines = store.all
        for time in (lines.first?.time ?? 0) - 2...(lines.last?.time ?? 0) + 2 {
            #expect(store.number(at: time) == lines.firstIndex { $0.time >= time } ?? lines.count)
        }
    }

    // MARK: Without a hole or a double

    /// What containers have written, each in its own order with some milliseconds of disorder. No two lines of one
    /// container have the same time, as the Engine stamps them: a line is known by its time, stream and length only.
    private func logs(_ history: inout LogHistory, origins: Int, count: Int, disorder: Int) -> [[LogHistory.Line]] {
        (0..<origins).map { origin in
            var lines = history.next(count, of: origin, step: 6)
            for index in lines.indices {
                let late = disorder > 0 ? Int64(history.below(disorder)) : 0
                lines[index].time = (lines[index].time - late) * 1_000 + Int64(index)
            }
            return lines
        }
    }

    private func logBatch(_ lines: some Sequence<LogHistory.Line>) -> LogBatch {
        var batch = LogBatch()
        for line in lines { batch.add(line.text, time: line.time, source: line.isError ? .stderr : .stdout) }
        return batch
    }

    @Test(arguments: 0..<8) func severalContainersGoOnWhereTheyWere(_ seed: Int) {
        var history = LogHistory(seed: UInt64(seed) &+ 800, origins: 4)
        let origins = 4
        let logs = logs(&history, origins: origins, count: 500, disorder: seed % 2 == 0 ? 0 : 8)
        var store = LogStore()
        var written = [Int](repeating: 0, count: origins)
        for round in 0...6 {
            // Each has written more; all streams are opened anew, and their batches come mixed.
            var streams: [(point: LogResumePoint, rest: ArraySlice<LogHistory.Line>)] = []
            for origin in 0..<origins {
                let left = 500 - written[origin]
                written[origin] += round == 6 ? left : history.below(left + 1) / 2
                let point = store.resumePoint(of: origin)
                let since = point.since ?? .min
                streams.append((point, logs[origin][..<written[origin]].filter { $0.time >= since }[...]))
            }
            while let origin = (0..<origins).filter({ !streams[$0].rest.isEmpty }).randomElement(using: &history) {
                let count = 1 + history.below(60)
                let wasEmpty = streams[origin].point.isEmpty
                let new = streams[origin].point.laterLines(of: logBatch(streams[origin].rest.prefix(count)))
                streams[origin].rest = streams[origin].rest.dropFirst(count)
                if !wasEmpty { #expect(streams[origin].point.joined) }
                store.append(LogLines(new, origin: origin))
                if history.below(5) == 0 { store.append(LogLines([history.event(of: origin)])) }
            }
        }
        for origin in 0..<origins { #expect(store.all.written(by: origin) == logs[origin]) }
    }

    @Test(arguments: 0..<16) func olderLinesOfSeveralContainersJoinOn(_ seed: Int) {
        var history = LogHistory(seed: UInt64(seed) &+ 900, origins: 3)
        let origins = 3
        let logs = logs(&history, origins: origins, count: 600, disorder: seed % 2 == 0 ? 0 : 8)
        var store = LogStore()
        var reach = [Int64](repeating: .min, count: origins)
        for origin in 0..<origins {
            let tail = logs[origin].suffix(30 + history.below(100))
            reach[origin] = tail.first?.time ?? .min
            store.append(LogLines(logBatch(tail), origin: origin))
            store.append(LogLines([history.event(of: origin)]))
        }
        store.forget(before: reach.max() ?? .min)

        // As the fetching of older lines does it: of each the lines up to the newest that it compares, as many as are
        // held and a page more; what stands before the time from which all are known waits for the next page.
        let page = 80
        for _ in 0..<60 {
            var lines = LogLines()
            var cut = Int64.min
            for origin in 0..<origins {
                let point = store.olderPoint(of: origin)
                let until = point.isEmpty ? store.record(store.first)?.time ?? .max : point.newest
                func fetch(_ tail: Int) -> LogBatch {
                    return point.olderLines(
                        of: logBatch(logs[origin].suffix(tail).filter { $0.time <= until }))
                }
                let held = store.count(of: origin)
                let first = fetch(held + page)
                let second = first.lines.count < page ? fetch(2 * (held + page)) : first
                let isStart = first.lines.count < page && second.lines.count == first.lines.count
                cut = max(cut, isStart ? .min : second.lines.first?.time ?? .max)
                lines = lines.merged(with: LogLines(second, origin: origin))
            }
            if let first = lines.records.firstIndex(where: { $0.time >= cut }), first > 0 {
                lines = lines[first..<lines.count]
            }
            let fits = store.prepend(lines)
            #expect(fits)
            if cut == .min { break }
        }
        for origin in 0..<origins { #expect(store.all.written(by: origin) == logs[origin]) }
    }

    // MARK: How much is held

    @Test func aHundredThousandLinesAreHeldInLittleMoreThanTheirBytes() {
        var random = SplitMix(seed: 66)
        var store = LogStore()
        var count = 0
        let text = Array(repeating: UInt8(ascii: "m"), count: 66)
        while count < 100_000 {
            var batch = LogBatch()
            // From a line to a flood, as a stream brings them.
            for _ in 0..<min(100_000 - count, 1 + random.below(random.below(20) == 0 ? 3_000 : 40)) {
                batch.add(text, time: Int64(count) * 1_000)
                count += 1
            }
            store.append(LogLines(batch))
        }
        #expect(store.count == 100_000)
        #expect(store.dropped == 0)
        let share = Double(store.bytes) / Double(100_000 * 66)
        #expect(share <= 1.3)
        #expect(share > 1)
    }
}

extension LogStore {
    /// The numbers that a walk over the groups finds.
    fileprivate var lineNumbersByGroups: [Int] {
        var numbers: [Int] = []
        forEachGroup(in: first..<end) { _, part, first in numbers += part.map { first + $0 } }
        return numbers
    }
}

extension LogHistory: RandomNumberGenerator {
    mutating func next() -> UInt64 { UInt64(below(1 << 30)) << 34 | UInt64(below(1 << 34)) }
}
