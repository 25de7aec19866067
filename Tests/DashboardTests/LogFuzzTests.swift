import EngineAPI
import Terminal
import Testing

@testable import Dashboard

/// Ten million random bytes in random batches of several containers: what is held stays bounded, and in order.
@Suite struct LogFuzzTests {
    @Test(arguments: 0..<10) func theStoreTakesWhateverComes(_ seed: Int) async {
        var random = SplitMix(seed: UInt64(seed) &+ 1)
        let origins = 1 + seed % 5
        let bounds = LogStore.Bounds(lines: 200 + random.below(4_000), bytes: 20_000 + random.below(300_000))
        var store = LogStore(bounds: bounds)
        var clocks = [Int64](repeating: 0, count: origins)
        // The number of the last line of each container that was sent, which is its text's beginning.
        var sent = [UInt32](repeating: 0, count: origins)
        var fed = 0
        var dropped = 0
        var largest = 64 << 10
        while fed < 1_000_000 {
            let origin = random.below(origins)
            if random.below(8) == 0 {
                store.append(LogLines(event: "event", time: clocks[origin] - Int64(random.below(99)), origin: origin))
            } else if random.below(40) == 0, let time = store.record(store.first + store.count / 3)?.time {
                store.forget(before: time)
            }
            var batch = LogBatch()
            let longest = random.below(12) == 0 ? 5_000 : 200
            for _ in 0..<1 + random.below(random.below(10) == 0 ? 200 : 20) {
                // The two streams of a container are stamped slightly out of order.
                clocks[origin] += Int64(random.below(40))
                sent[origin] += 1
                let text =
                    withUnsafeBytes(of: sent[origin].bigEndian) { Array($0) } + bytes(random.below(longest), &random)
                batch.add(
                    text, time: clocks[origin] - Int64(random.below(9)),
                    source: random.below(4) == 0 ? .stderr : .stdout)
                fed += text.count
            }
            let lines = LogLines(batch, origin: origin)
            // A group of lines goes as a whole: what came at once, or what small ones were put together to.
            largest = max(largest, lines.size, 2 * (64 << 10))
            let end = store.end
            let changed = store.append(lines)
            if changed > end { Issue.record("seed \(seed): \(changed) of \(end)") }
            if store.count > bounds.lines { Issue.record("seed \(seed): \(store.count) lines") }
            if store.bytes > bounds.bytes + largest { Issue.record("seed \(seed): \(store.bytes) bytes") }
            if store.dropped < dropped { Issue.record("seed \(seed): what went came back") }
            dropped = store.dropped
            await Task.yield()
        }
        #expect(dropped > 0)
        expectSound(store, sent, seed)
    }

    /// All that is held is found, each container's lines in their order and without a hole up to the last one sent.
    private func expectSound(_ store: LogStore, _ sent: [UInt32], _ seed: Int) {
        var next = sent
        var size = 0
        for number in (store.first..<store.end).reversed() {
            guard let line = store[number] else {
                Issue.record("seed \(seed): \(number) is not held")
                return
            }
            size += line.text.count + 16
            guard !line.isEvent else { continue }
            let text = line.text.prefix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            if text != next[line.origin] {
                Issue.record("seed \(seed): line \(text) of \(line.origin) instead of \(next[line.origin])")
                return
            }
            next[line.origin] -= 1
        }
        // Of a chunk whose oldest lines went, the rest is still there.
        #expect(store.bytes >= size)
        #expect(store[store.first - 1] == nil && store[store.end] == nil)
    }

    @Test(arguments: 0..<8) func anyLineIsLaidOut(_ seed: Int) async throws {
        TextWidth.prepareLocale("C.UTF-8")
        var random = SplitMix(seed: UInt64(seed) &+ 100)
        let likely = Array(#"{}[]":,\u00d8\n 012.5e-ab"level":"msg"error INFO [warn]"#.utf8)
        let patterns = ["a", "\\d+", "[^a]b*$", "", "^", "(a|b)*"].map { LogPattern(text: $0, isRegex: seed % 2 == 0) }
        for round in 0..<700 {
            var line: [UInt8] = round % 2 == 0 ? Array(#"{"a":"#.utf8) : []
            for byte in bytes(random.below(150), &random) {
                line.append(byte < 200 ? likely[Int(byte) % likely.count] : byte)
            }
            if round % 2 == 0 { line.append(UInt8(ascii: "}")) }
            if let json = LogJSON(line[...]) {
                var frame = Frame(size: Size(width: 300, height: 1))
                frame.put(json.line, x: 0, y: 0, style: .plain)
                if !frame.forbiddenScalars().isEmpty { Issue.record("harmful: \(line)") }
                for row in json.folded where row.isEmpty { Issue.record("an empty row: \(line)") }
            }
            if let found = LogLevel.find(in: line), found.range.upperBound > line.count || found.range.isEmpty {
                Issue.record("\(found.range) of \(line)")
            }
            let matcher = try LogMatcher(patterns[round % patterns.count])
            for range in line.withUnsafeBufferPointer({ matcher.ranges(in: $0) }) where range.upperBound > line.count {
                Issue.record("\(range) of \(line)")
            }
            if round % 100 == 0 { await Task.yield() }
        }
    }

    private func bytes(_ count: Int, _ random: inout SplitMix) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count + 8)
        while bytes.count < count { withUnsafeBytes(of: random.next()) { bytes.append(contentsOf: $0) } }
        bytes.removeLast(bytes.count - count)
        return bytes
    }
}
