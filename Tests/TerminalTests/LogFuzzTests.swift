import Testing

@testable import Terminal

/// Ten million random bytes, as lines of a log: nothing harmful ever gets onto the screen, and all ways to look at a
/// line agree.
@Suite struct LogFuzzTests {
    init() { TextWidth.prepareLocale("C.UTF-8") }

    /// Bytes of sequences more often than chance has them: else hardly any sequence would ever be complete.
    private static let likely = Array(
        "\u{1B}\u{1B}[[]];:0123456789mmHJKP_^X\\\u{7}\u{8}\r\t日é\u{301}\u{202E}\u{9B}\u{200D}👩 abc".utf8)

    private func bytes(_ count: Int, _ random: inout SeededGenerator) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count + 8)
        Self.likely.withUnsafeBufferPointer { likely in
            while bytes.count < count {
                // Eight bytes of one number: bit 7 of each tells whether it is a likely one.
                var word = random.next()
                for _ in 0..<8 {
                    let byte = UInt8(truncatingIfNeeded: word)
                    word >>= 8
                    bytes.append(byte < 160 ? likely[Int(byte) % likely.count] : UInt8(truncatingIfNeeded: word))
                }
            }
        }
        return bytes
    }

    @Test(arguments: 0..<20) func randomLinesAreHarmlessAndMeasuredRight(_ seed: Int) async {
        var random = SeededGenerator(seed: UInt64(seed))
        let input = bytes(500_000, &random)
        let screen = Size(width: 500, height: 1)
        var frame = Frame(size: screen)
        var rest = input[...]
        while !rest.isEmpty {
            let line = rest.prefix(Int.random(in: 1...120, using: &random))
            rest = rest.dropFirst(line.count)
            let extent = frame.put(log: line, x: 0, y: 0, style: .plain)
            expectHarmless(frame, extent.columns, line)
            if !extent.cutRight {
                // A tab or a backspace may leave the pen before what it drew; the width is where the pen ends.
                let width = LogText.width(line, limit: screen.width)
                if width != extent.columns {
                    Issue.record("\(width) columns are not the \(extent.columns) drawn: \(Array(line))")
                }
            }
            expectVisible(line)
            // The table of marks would fill up in a frame that is never replaced.
            if frame.marks.entries.count > 1_000 { frame = Frame(size: screen) }
            if rest.count % 64 == 0 { await Task.yield() }
        }
    }

    /// Written from the list of what must not get through, not from the code that keeps it out.
    private func isHarmful(_ value: UInt32) -> Bool {
        if value < 0x7F { return value < 0x20 }
        if value < 0x2000 { return value < 0xA0 }
        switch value {
        case 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x2069, 0xFE00...0xFE0F, 0xFEFF, 0xE0000...0xE0FFF: return true
        default: return false
        }
    }

    private func expectHarmless(_ frame: Frame, _ columns: Int, _ line: ArraySlice<UInt8>) {
        let row = frame.cells(row: 0)
        for cell in row.prefix(min(columns + 1, row.count)) {
            if isHarmful(cell.scalar.value) || frame.marks(of: cell).contains(where: { isHarmful($0.value) }) {
                Issue.record("U+\(String(cell.scalar.value, radix: 16)) on the screen: \(Array(line))")
                return
            }
        }
    }

    private func expectVisible(_ line: ArraySlice<UInt8>) {
        let visible = LogText.visible(line)
        var isBad = visible.count > 3 * line.count
        var previous: UInt8 = 0
        for byte in visible {
            if byte < 0x20 && byte != 9 || byte == 0x7F || previous == 0xC2 && byte < 0xA0 && byte >= 0x80 {
                isBad = true
            }
            previous = byte
        }
        if isBad { Issue.record("controls are seen of \(Array(line))") }
        // What is seen is seen as it is.
        if LogText.visible(visible[...]) != visible { Issue.record("seen again it is another: \(Array(line))") }
    }
}
