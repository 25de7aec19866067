import Testing

@testable import Terminal

/// What is seen of a line, and in how many columns and rows.
@Suite struct LogTextTests {
    init() { TextWidth.prepareLocale("C.UTF-8") }

    private func visible(_ bytes: [UInt8]) -> String { String(decoding: LogText.visible(bytes[...]), as: UTF8.self) }

    private func columns(_ bytes: [UInt8]) -> Int {
        var frame = Frame(size: Size(width: 2_000, height: 1))
        return frame.put(log: bytes[...], x: 0, y: 0, style: .plain).columns
    }

    @Test(arguments: [
        ("plain", "plain"), ("", ""), ("a\tb", "a\tb"), ("\u{1B}[1;31mred\u{1B}[0m x", "red x"),
        ("a\u{0}b\u{7}c\u{7F}", "abc"),
        ("a\u{1B}]0;title\u{7}b", "ab"), ("a\u{9B}31mb\u{9D}0;t\u{9C}c\u{85}d", "abcd"), ("10%\r50%\r100%", "100%"),
        ("done\r", "done"), ("\r", ""), ("ab\u{8}c", "ac"), ("\u{8}\u{8}a", "a"), ("日\u{8}x", "x"), ("é ±", "é ±"),
        ("a\u{1B}", "a"), ("\u{1B}[31", ""), ("©®\u{A0}", "©®\u{A0}"), ("a\u{202E}b", "a\u{202E}b"),
    ])
    func whatIsSeen(line: String, shown: String) {
        #expect(visible(Array(line.utf8)) == shown)
    }

    @Test func whatIsNoUTF8IsOneSignEach() {
        #expect(visible([0x61, 0xFF, 0x1B, 0x5B, 0x6D, 0xE2, 0x82, 0x62]) == "a\u{FFFD}\u{FFFD}b")
        #expect(visible([0xC2, 0x1B, 0x5B, 0x6D]) == "\u{FFFD}")
        // Where nothing has to be taken out, it stays as it is.
        #expect(LogText.visible([0x61, 0xFF, 0xE2, 0x62][...]) == [0x61, 0xFF, 0xE2, 0x62])
    }

    @Test(arguments: [
        ("abc", true), ("", true), ("a\tb", true), ("é日", true), ("a\u{A0}b", true), ("\u{1B}", false), ("\r", false),
        ("\n", false), ("\u{7F}", false), ("\u{85}", false), ("\u{9F}", false), ("\u{0}", false),
    ])
    func whetherAllIsSeenAsItIs(line: String, isVisible: Bool) {
        // At the beginning, at the end, and behind more than is looked at at once.
        for padding in [0, 5, 4_095, 5_000] {
            for text in [padded(padding) + Array(line.utf8), Array(line.utf8) + padded(padding)] {
                #expect(text.withUnsafeBufferPointer { LogText.isVisible($0) } == isVisible)
            }
        }
    }

    private func padded(_ count: Int) -> [UInt8] { [UInt8](repeating: 0x2E, count: count) }

    @Test(arguments: [
        "", "plain", "a\tb", "\t\t", "日本語", "日\tx", "e\u{301}x", "\u{301}x", "a\t\u{301}x", "ab\u{8}\u{301}c",
        "\u{8}\u{301}",
        "e\u{8}\u{8}\u{301}x", "a\u{0}b", "👩\u{200D}👩x", "a\u{202E}b", "\u{1B}[31mred", "10%\r5%", "x\u{1B}]0;t\u{7}",
    ])
    func theWidthIsThatOfTheDrawnLine(line: String) {
        let bytes = Array(line.utf8)
        #expect(LogText.width(bytes[...], limit: 1_000) == columns(bytes))
        for limit in [1, 2, 5] { #expect(LogText.width(bytes[...], limit: limit) == min(limit, columns(bytes))) }
    }

    @Test func aWidthCountsInASliceToo() {
        let bytes = Array("xx日\ty".utf8)
        #expect(LogText.width(bytes[2...], limit: 100) == 9)
        #expect(LogText.rowStarts(bytes[2...], width: 4, limit: 10) == [0, 4, 8])
    }

    @Test(arguments: [
        ("", 5, [0]), ("abc", 3, [0]), ("abcd", 3, [0, 3]), ("abcdefg", 3, [0, 3, 6]), ("日本語", 4, [0, 4]),
        ("日本語", 3, [0, 2, 4]), ("a日本語", 4, [0, 3]), ("a日本語", 3, [0, 3, 5]), ("ab\tx", 5, [0, 5]), ("\t\t", 8, [0, 8]),
        ("\t日", 9, [0, 8]), ("abcde\u{301}f", 5, [0, 5]), ("日", 1, [0]), ("日x", 1, [0, 1, 2]),
        ("\u{1B}[1mabcd", 2, [0, 2]),
        ("xyz\rab", 1, [0, 1]), ("abc\u{8}\u{8}de", 3, [0]),
    ])
    func rowsOfAWrappedLine(line: String, width: Int, starts: [Int]) {
        #expect(LogText.rowStarts(Array(line.utf8)[...], width: width, limit: 100) == starts)
    }

    @Test func rowsAreBounded() {
        for text in [[UInt8](repeating: 0x61, count: 1 << 20), Array(String(repeating: "日", count: 100_000).utf8)] {
            #expect(LogText.rowStarts(text[...], width: 10, limit: 7) == [0, 10, 20, 30, 40, 50, 60])
        }
        #expect(LogText.rowStarts([UInt8](repeating: 0x1B, count: 1 << 20)[...], width: 10, limit: 7) == [0])
    }

    @Test func theColumnsOfTheTextOfAFrame() {
        var frame = Frame(size: Size(width: 12, height: 2))
        frame.put("a日é\u{301}x", x: 1, y: 1, style: .plain)
        let (bytes, columns) = frame.text(in: Rect(x: 1, y: 1, width: 5, height: 1))
        // Marks are left out: a letter is found without them.
        #expect(String(decoding: bytes, as: UTF8.self) == "a日éx")
        #expect(columns == [1, 2, 2, 2, 4, 4, 5])
        #expect(frame.text(in: Rect(x: 20, y: 1, width: 5, height: 1)).bytes.isEmpty)
        #expect(frame.text(in: Rect(x: -5, y: 0, width: 7, height: 1)).columns == [0, 1])
    }
}
