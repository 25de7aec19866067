import Testing

@testable import EngineAPI

/// Ten million random bytes with and without a terminal: whatever comes, and in whichever parts, gives the same lines.
@Suite struct LogDecoderFuzzTests {
    /// All lines of a log, so that two can be compared at once.
    private struct Lines: Equatable {
        struct Mark: Equatable {
            var time: Int64
            var length: Int
            var source: LogSource
            var continued: Bool
        }
        var marks: [Mark] = []
        var bytes: [UInt8] = []

        mutating func add(_ batch: LogBatch?) {
            guard let batch else { return }
            var end = 0
            for line in batch.lines {
                if Int(line.start) != end { Issue.record("a line does not begin where the one before ends") }
                end += line.length
                marks.append(
                    Mark(time: line.time, length: line.length, source: line.source, continued: line.continued))
            }
            if end != batch.bytes.count { Issue.record("a batch has bytes of no line") }
            bytes += batch.bytes
        }
    }

    private func decode(
        _ input: UnsafeRawBufferPointer, tty: Bool, _ part: () -> Int
    ) -> Result<Lines, EngineError> {
        var decoder = LogDecoder(tty: tty)
        var lines = Lines()
        var position = 0
        do {
            while position < input.count {
                let count = min(part(), input.count - position)
                lines.add(try decoder.decode(UnsafeRawBufferPointer(rebasing: input[position..<position + count])))
                position += count
            }
            lines.add(try decoder.finish())
            return .success(lines)
        } catch {
            return .failure(error as? EngineError ?? .closed)
        }
    }

    @Test(arguments: [false, true], 0..<10) func partsMakeNoDifference(_ tty: Bool, _ seed: Int) async {
        var random = Seeded(UInt64(seed) &+ 1)
        var count = 0
        var broken = 0
        var lines = 0
        while count < 1_000_000 {
            let kind = count == 0 ? 0 : Int.random(in: 0..<8, using: &random)
            let input = kind == 0 ? noise(&random) : tty ? terminal(&random) : frames(&random, breaks: kind == 1)
            count += input.count
            let limit = Int.random(in: 0..<6, using: &random) == 0 ? 7 : Int.random(in: 100...9_000, using: &random)
            let (whole, split) = input.withUnsafeBytes { bytes in
                (
                    decode(bytes, tty: tty) { .max },
                    decode(bytes, tty: tty) { Int.random(in: 1...limit, using: &random) }
                )
            }
            if whole != split { Issue.record("seed \(seed), in parts of up to \(limit): \(input.prefix(200))") }
            switch whole {
            case .success(let found):
                lines += found.marks.count
                if found.bytes.count > input.count { Issue.record("seed \(seed): more than there was") }
            case .failure(let error):
                broken += 1
                if tty || error != .malformed("a log with a broken frame") { Issue.record("seed \(seed): \(error)") }
            }
            // So that other tests have their turn.
            await Task.yield()
        }
        #expect(lines > 1_000)
        #expect(tty || broken > 0)
    }

    // MARK: What is fed

    private func bytes(_ count: Int, _ random: inout Seeded) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        bytes.withUnsafeMutableBytes { raw in
            var index = 0
            while index + 8 <= count {
                raw.storeBytes(of: random.next(), toByteOffset: index, as: UInt64.self)
                index += 8
            }
            while index < count {
                raw[index] = UInt8(truncatingIfNeeded: random.next())
                index += 1
            }
        }
        return bytes
    }

    private func noise(_ random: inout Seeded) -> [UInt8] { bytes(Int.random(in: 8...20_000, using: &random), &random) }

    private func stamp(_ random: inout Seeded) -> [UInt8] {
        let digits = String(Int.random(in: 100_000_000...999_999_999, using: &random))
        let stamps = [
            "2026-11-24T12:00:00.\(digits)Z ", "2026-11-24T12:00:00Z ", "2026-13-24T12:00:00Z ",
            "2026-11-24T12:00:00.\(digits)",
            "", "2026-11-24T14:00:00.\(digits)+02:00 ", "2026-11-24T12:00:00.\(digits)Zx",
        ]
        return Array(stamps[Int.random(in: 0..<9, using: &random) % stamps.count].utf8)
    }

    private func text(_ random: inout Seeded) -> [UInt8] {
        // Mostly a line, now and then what the Engine cuts, and what this cuts.
        let sizes = [20, 80, 80, 300, 300, 3_000, 16_384, 16_385, 40_000]
        let size = sizes[Int.random(in: 0..<60, using: &random) % (Bool.random(using: &random) ? sizes.count : 5)]
        return bytes(size >= 16_384 ? size : Int.random(in: 0...size, using: &random), &random)
    }

    private func frames(_ random: inout Seeded, breaks: Bool) -> [UInt8] {
        var log: [UInt8] = []
        for _ in 0..<Int.random(in: 1...60, using: &random) {
            var message = stamp(&random) + text(&random)
            if Int.random(in: 0..<4, using: &random) > 0 { message.append(10) }
            var length = UInt32(message.count)
            if breaks, Int.random(in: 0..<20, using: &random) == 0 {
                length &+= UInt32.random(in: 1...9, using: &random)
            }
            log.append(UInt8.random(in: 0...3, using: &random))
            log += [0, 0, 0] + [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: length >> $0) }
            log += message
        }
        return log.dropLast(Int.random(in: 0..<4, using: &random) == 0 ? Int.random(in: 0...40, using: &random) : 0)
    }

    private func terminal(_ random: inout Seeded) -> [UInt8] {
        var log: [UInt8] = []
        for _ in 0..<Int.random(in: 1...60, using: &random) {
            log += stamp(&random) + text(&random)
            switch Int.random(in: 0..<4, using: &random) {
            case 0: break
            case 1: log.append(10)
            default: log += [13, 10]
            }
        }
        return log
    }
}
