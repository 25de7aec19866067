import Testing

@testable import EngineAPI

/// A line as tests like to see it.
private struct Line: Equatable, CustomStringConvertible {
    var source = LogSource.stdout
    var time: Int64
    var text: String
    var continued = false
    var description: String { "\(source) \(time) \(continued ? "+" : "")\(text.prefix(60)) (\(text.utf8.count))" }
}

/// Feeds bytes in parts, and collects all lines.
private func decode(_ bytes: [UInt8], tty: Bool, parts: (Int) -> Int) throws -> [Line] {
    var decoder = LogDecoder(tty: tty)
    var lines: [Line] = []
    func take(_ batch: LogBatch?) {
        guard let batch else { return }
        #expect(!batch.lines.isEmpty)
        var end = 0
        for line in batch.lines {
            #expect(line.range.lowerBound == end)
            end = line.range.upperBound
            lines.append(
                Line(source: line.source, time: line.time, text: batch.string(of: line), continued: line.continued))
        }
        #expect(end == batch.bytes.count)
    }
    var position = 0
    while position < bytes.count {
        let count = min(max(1, parts(position)), bytes.count - position)
        take(try bytes[position..<position + count].withUnsafeBytes { try decoder.decode($0) })
        position += count
    }
    take(try decoder.finish())
    return lines
}

private func frame(_ source: UInt8, _ message: String) -> [UInt8] { frame(source, Array(message.utf8)) }

private func frame(_ source: UInt8, _ message: [UInt8]) -> [UInt8] {
    let count = UInt32(message.count)
    return [source, 0, 0, 0] + [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: count >> $0) } + message
}

private let second: Int64 = 1_000_000_000
private let noon: Int64 = 1_795_521_600 * second
private func stamp(_ nanoseconds: Int) -> String {
    let digits = String(nanoseconds)
    return "2026-11-24T12:00:00.\(String(repeating: "0", count: 9 - digits.count) + digits)Z "
}

@Suite(.timeLimit(.minutes(1)))
struct LogDecoderTests {
    /// Every way to split gives the same: at once, byte by byte, and at random.
    private func expect(_ bytes: [UInt8], tty: Bool = false, _ lines: [Line]) throws {
        #expect(try decode(bytes, tty: tty) { _ in .max } == lines)
        #expect(try decode(bytes, tty: tty) { _ in 1 } == lines)
        for seed in 1...20 as ClosedRange<UInt64> {
            var random = Seeded(seed)
            let limit = Int.random(in: 2...40_000, using: &random)
            #expect(
                try decode(bytes, tty: tty) { _ in .random(in: 1...limit, using: &random) } == lines, "seed \(seed)")
        }
    }

    @Test func framesOfBothSources() throws {
        let bytes = frame(1, stamp(1) + "out\n") + frame(2, stamp(2) + "err\r\n") + frame(1, stamp(3) + "\n")
        try expect(
            bytes,
            [
                Line(time: noon + 1, text: "out"), Line(source: .stderr, time: noon + 2, text: "err"),
                Line(time: noon + 3, text: ""),
            ])
        try expect([], [])
    }

    @Test func partsOfLinesComeMixed() throws {
        let bytes =
            frame(1, stamp(1) + "aaa") + frame(2, stamp(2) + "xxx") + frame(1, stamp(1) + "bbb")
            + frame(2, stamp(2) + "yyy\n") + frame(1, stamp(1) + "ccc\n") + frame(1, stamp(6) + "next\n")
        try expect(
            bytes,
            [
                Line(source: .stderr, time: noon + 2, text: "xxxyyy"), Line(time: noon + 1, text: "aaabbbccc"),
                Line(time: noon + 6, text: "next"),
            ])
    }

    @Test func aCharacterMaySpanMessages() throws {
        let snowman = Array("☃".utf8)
        let stamp = Array(stamp(1).utf8)
        try expect(
            frame(1, stamp + [snowman[0]]) + frame(1, stamp + snowman[1...] + [10]), [Line(time: noon + 1, text: "☃")])
    }

    @Test func theLastWordsOfARunAreALineOfTheirOwn() throws {
        // Without a line feed, and then the container was started again.
        let long = String(repeating: "x", count: 16384)
        let bytes =
            frame(1, stamp(1) + "last words") + frame(2, stamp(2) + "oops") + frame(1, stamp(3) + "first line\n")
            + frame(1, stamp(4) + long) + frame(1, stamp(4) + "rest") + frame(1, stamp(5) + "once more\n")
        try expect(
            bytes,
            [
                Line(time: noon + 1, text: "last words"), Line(time: noon + 3, text: "first line"),
                Line(time: noon + 4, text: long + "rest"), Line(time: noon + 5, text: "once more"),
                Line(source: .stderr, time: noon + 2, text: "oops"),
            ])
    }

    @Test func longLinesAreJoined() throws {
        var bytes: [UInt8] = []
        for index in 0..<6 { bytes += frame(1, stamp(index) + String(repeating: "x", count: 16384)) }
        bytes += frame(1, stamp(9) + "end\n")
        try expect(bytes, [Line(time: noon, text: String(repeating: "x", count: 6 * 16384) + "end")])
    }

    @Test func theLastPartOfACutLineNeedsNoEnd() throws {
        // As the local driver of Engine 20.10 has it: all parts of one moment, the last one shorter, or empty.
        let part = String(repeating: "x", count: 16384)
        let bytes =
            frame(1, stamp(1) + part) + frame(2, stamp(2) + part) + frame(1, stamp(1) + part)
            + frame(1, stamp(1) + "end") + frame(2, stamp(2) + "") + frame(1, stamp(3) + "next\n")
            + frame(1, stamp(4) + "short") + frame(1, stamp(4) + " parts\n") + frame(1, stamp(5) + part)
            + frame(1, stamp(5) + "with an end\n") + frame(1, stamp(6) + "last\n")
        try expect(
            bytes,
            [
                Line(time: noon + 1, text: part + part + "end"), Line(source: .stderr, time: noon + 2, text: part),
                Line(time: noon + 3, text: "next"), Line(time: noon + 4, text: "short parts"),
                Line(time: noon + 5, text: part + "with an end"), Line(time: noon + 6, text: "last"),
            ])
    }

    @Test func linesAreCutAtAMegabyte() throws {
        let text = String(repeating: "abcdefgh", count: 2048)
        var bytes: [UInt8] = []
        for index in 0..<130 { bytes += frame(1, stamp(index) + text) }
        bytes += frame(1, stamp(9) + "end\n")
        for size in [Int.max, 777, 65536] {
            let lines = try decode(bytes, tty: false) { _ in size }
            #expect(lines.map(\.continued) == [true, true, false])
            #expect(lines.map(\.text.utf8.count) == [1 << 20, 1 << 20, 2 * 16384 + 3])
            #expect(lines.map(\.text).joined() == String(repeating: text, count: 130) + "end")
            #expect(lines.allSatisfy { $0.time == noon })
        }
    }

    @Test func aFrameOfManyMegabytes() throws {
        // No Engine sends one, but the header can say so: memory must not follow.
        let bytes = frame(1, Array(stamp(1).utf8) + [UInt8](repeating: 0x61, count: 5 << 20) + [10])
        let lines = try decode(bytes, tty: false) { _ in 10_000 }
        #expect(lines.map(\.text.utf8.count) == [1 << 20, 1 << 20, 1 << 20, 1 << 20, 1 << 20])
        #expect(lines.map(\.continued) == [true, true, true, true, false])
    }

    @Test func badTimestampsStay() throws {
        let bytes =
            frame(1, stamp(1) + "good\n") + frame(1, "not a time\n") + frame(1, "2026-13-24T12:00:00Z x\n")
            + frame(1, "2026-11-24T12:00:00.5Zx\n") + frame(1, "\n") + frame(3, "Error grabbing logs: EOF\n")
        try expect(
            bytes,
            [
                Line(time: noon + 1, text: "good"), Line(time: noon + 1, text: "not a time"),
                Line(time: noon + 1, text: "2026-13-24T12:00:00Z x"),
                Line(time: noon + 1, text: "2026-11-24T12:00:00.5Zx"), Line(time: noon + 1, text: ""),
                Line(source: .engine, time: noon + 1, text: "Error grabbing logs: EOF"),
            ])
    }

    @Test func severalLinesInOneMessage() throws {
        try expect(
            frame(1, stamp(1) + "a\nb\r\nc") + frame(1, stamp(1) + "d\n"),
            [Line(time: noon + 1, text: "a"), Line(time: noon + 1, text: "b"), Line(time: noon + 1, text: "cd")])
    }

    @Test func whatIsUnfinishedIsGivenOut() throws {
        try expect(
            frame(1, stamp(1) + "out") + frame(2, stamp(2) + "err"),
            [Line(time: noon + 1, text: "out"), Line(source: .stderr, time: noon + 2, text: "err")])
        // A frame that was cut off.
        try expect(Array(frame(1, stamp(1) + "outer space\n").dropLast(7)), [Line(time: noon + 1, text: "outer")])
        try expect(Array(frame(1, stamp(1) + "out\n")) + [1, 0, 0], [Line(time: noon + 1, text: "out")])
    }

    @Test func brokenFrames() throws {
        for bytes in [[4, 0, 0, 0, 0, 0, 0, 1, 65], [1, 0, 1, 0, 0, 0, 0, 1, 65], Array("no frame".utf8)] as [[UInt8]] {
            #expect(throws: EngineError.malformed("a log with a broken frame")) {
                try decode(frame(1, stamp(1) + "fine\n") + bytes, tty: false) { _ in 3 }
            }
        }
    }

    @Test func terminals() throws {
        let text = stamp(1) + "one\r\n" + stamp(2) + "\r\n" + "bad\r\n" + stamp(3) + "col\rover\r\n" + stamp(4) + "open"
        try expect(
            Array(text.utf8), tty: true,
            [
                Line(time: noon + 1, text: "one"), Line(time: noon + 2, text: ""), Line(time: noon + 2, text: "bad"),
                Line(time: noon + 3, text: "col\rover"), Line(time: noon + 4, text: "open"),
            ])
        try expect(Array("x".utf8), tty: true, [Line(time: 0, text: "x")])
    }

    @Test func longLinesOfTerminals() throws {
        let part = String(repeating: "y", count: 16384)
        // A time that is part of the text stays: it does not stand where the Engine cuts.
        let odd = String(repeating: "z", count: 100) + stamp(7) + "rest"
        let text =
            stamp(1) + part + stamp(2) + part + stamp(3) + "end\r\n" + stamp(4) + odd + "\r\n" + stamp(5) + part
            + "\r\n"
        try expect(
            Array(text.utf8), tty: true,
            [
                Line(time: noon + 1, text: part + part + "end"), Line(time: noon + 4, text: odd),
                Line(time: noon + 5, text: part),
            ])
    }

    @Test func cutLinesOfTerminalsThatBecameLonger() throws {
        // The json-file driver makes U+FFFD of each byte of a letter that the Engine cut in two.
        let first = String(repeating: "猫", count: 5461) + "\u{FFFD}"
        let second = "\u{FFFD}\u{FFFD}" + String(repeating: "猫", count: 5460) + "\u{FFFD}\u{FFFD}"
        let third = "\u{FFFD}" + String(repeating: "猫", count: 100)
        let text =
            stamp(1) + first + stamp(1) + second + stamp(1) + third + "\r\n" + stamp(2) + "next\r\n" + stamp(3) + first
            + "\r\n" + stamp(4) + first + stamp(4) + "no end"
        try expect(
            Array(text.utf8), tty: true,
            [
                Line(time: noon + 1, text: first + second + third), Line(time: noon + 2, text: "next"),
                Line(time: noon + 3, text: first), Line(time: noon + 4, text: first + "no end"),
            ])
    }

    @Test func randomLogsInRandomParts() throws {
        let seed = UInt64.random(in: 0 ... .max)
        var random = Seeded(seed)
        for _ in 0..<20 {
            var bytes: [UInt8] = []
            for index in 0..<Int.random(in: 1...60, using: &random) {
                let length = Int.random(in: 0...10, using: &random) == 0 ? 20_000 : 80
                let text = (0..<Int.random(in: 0...length, using: &random)).map { _ in
                    UInt8.random(in: 0...255, using: &random)
                }
                let end: [UInt8] = Bool.random(using: &random) ? [10] : []
                bytes += frame(.random(in: 0...3, using: &random), Array(stamp(index).utf8) + text + end)
            }
            for tty in [false, true] {
                let whole = try decode(bytes, tty: tty) { _ in .max }
                let limit = Int.random(in: 1...5000, using: &random)
                let split = try decode(bytes, tty: tty) { _ in .random(in: 1...limit, using: &random) }
                #expect(whole == split, "seed \(seed)")
            }
        }
    }

    @Test func aMillionRandomBytes() throws {
        let seed = UInt64.random(in: 0 ... .max)
        var random = Seeded(seed)
        for tty in [false, true] {
            for round in 0..<20 {
                var bytes = (0..<50_000).map { _ in UInt8(truncatingIfNeeded: random.next()) }
                // Some rounds look like frames for a while.
                if round % 2 == 0 { bytes.replaceSubrange(0..<4, with: [1, 0, 0, 0]) }
                do {
                    _ = try decode(bytes, tty: tty) { _ in Int.random(in: 1...9000, using: &random) }
                } catch let error as EngineError {
                    #expect(error == .malformed("a log with a broken frame"), "seed \(seed)")
                }
            }
        }
    }

    @Test func timesOfAllShapes() throws {
        func parse(_ text: String) -> Int64? {
            Array(text.utf8).withUnsafeBytes { bytes in
                RFC3339.parse(bytes).flatMap { $0.length == bytes.count ? $0.nanoseconds : nil }
            }
        }
        #expect(parse("1970-01-01T00:00:00Z") == 0)
        #expect(parse("1970-01-01T00:00:00.000000001Z") == 1)
        #expect(parse("1969-12-31T23:59:59.5Z") == -second / 2)
        #expect(parse("2026-11-24T12:00:00Z") == noon)
        #expect(parse("2026-11-24T14:00:00.25+02:00") == noon + second / 4)
        #expect(parse("2026-11-24T06:30:00-05:30") == noon)
        #expect(parse("2024-02-29T00:00:00Z") == 1_709_164_800 * second)
        #expect(parse("2000-03-01T00:00:00Z") == 951_868_800 * second)
        #expect(parse("0001-01-01T00:00:00Z") == nil)
        #expect(parse("9999-01-01T00:00:00Z") == nil)
        for text in [
            "", "2026-11-24", "2026-11-24T12:00:00", "2026-11-24T12:00:00.Z", "2026-11-24T12:00:00.0000000000Z",
            "2026-11-24T24:00:00Z", "2026-11-24T12:60:00Z", "2026-00-24T12:00:00Z", "2026-11-32T12:00:00Z",
            "2026-11-24T12:00:00+2:00", "2026-11-24T12:00:00+02", "2026-11-24T12:00:00.5", "2026/11/24T12:00:00Z",
        ] {
            #expect(parse(text) == nil, "\(text)")
        }
        #expect(LogTime(nanoseconds: noon + 5).description == "1795521600.000000005")
        #expect(LogTime(nanoseconds: -5).description == "0.000000000")
        #expect(MemoryLayout<LogLine>.size == 16)
    }
}
