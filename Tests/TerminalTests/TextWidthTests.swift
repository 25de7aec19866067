import Testing

@testable import Terminal

@Suite struct TextWidthTests {
    init() { TextWidth.prepareLocale("C.UTF-8") }

    @Test(arguments: [
        ("", 0), ("abc", 3), ("日本語", 6), ("é", 1), ("e\u{301}", 1), ("👍", 2), ("👍🏽", 2), ("👩‍⚕️", 2), ("👨‍👩‍👧‍👦x", 3),
        ("❤️‍🔥", 1), ("🇩🇪", 2), ("a\u{200B}b", 2), ("\u{FEFF}a", 1), ("한국어", 6), ("\u{1B}[0m", 4), ("a\tb", 3),
        ("─│●▁…", 5),
        ("\u{301}a", 2), ("क्\u{200D}ष", 2), ("\u{E0041}", 0), ("\u{10FFFE}", 1),
    ])
    func widths(text: String, width: Int) {
        #expect(TextWidth.of(text) == width)
        #expect(TextWidth.of("x\(text)x".dropFirst().dropLast()) == (text == "\u{301}a" ? 1 : width))
        var frame = Frame(size: Size(width: 40, height: 1))
        #expect(frame.put(text, x: 0, y: 0, style: .plain) == width)
    }

    @Test func scalars() {
        #expect(TextWidth.of("a" as Unicode.Scalar) == 1)
        #expect(TextWidth.of("語" as Unicode.Scalar) == 2)
        #expect(TextWidth.of("\u{301}" as Unicode.Scalar) <= 1)
        #expect(TextWidth.of("\u{202E}" as Unicode.Scalar) == 0)
    }

    @Test(arguments: [
        ("plain", "plain"), ("a\u{1B}[31mb", "a␛[31mb"), ("a\nb\r\nc\td\re", "a b c d e"),
        ("\u{7F}\u{9B}", "␡\u{FFFD}"),
        ("abc\u{202E}def\u{2066}", "abcdef"), ("a\u{200D}b\u{200B}c\u{FE0F}", "abc"), ("👩‍⚕️ Dr", "👩 Dr"),
        ("x\u{2028}y", "x y"),
        ("e\u{301}", "e\u{301}"), ("क्\u{200D}ष", "क्ष"),
    ])
    func cleaning(text: String, cleaned: String) {
        #expect(Sanitiser.clean(text).unicodeScalars.elementsEqual(cleaned.unicodeScalars))
    }

    @Test(
        arguments: [
            ([0x61, 0xFF, 0x62], "a\u{FFFD}b"), ([0xE6, 0x97], "\u{FFFD}"), ([0xE6, 0x97, 0x61], "\u{FFFD}a"),
            ([0xC0, 0x80], "\u{FFFD}\u{FFFD}"), ([0xED, 0xA0, 0x80], "\u{FFFD}\u{FFFD}\u{FFFD}"),
            ([0xF0, 0x9F, 0x91, 0x8D], "👍"), ([0xF4, 0x90, 0x80, 0x80], "\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}"),
            ([0xF0, 0x9F, 0x91], "\u{FFFD}"), ([0xE0, 0x80, 0xAF], "\u{FFFD}\u{FFFD}\u{FFFD}"),
        ] as [([UInt8], String)])
    func invalidUTF8(bytes: [UInt8], text: String) {
        #expect(decoded(bytes) == text)
        #expect(text == String(decoding: bytes, as: UTF8.self))
    }

    @Test func decodesRandomBytesAsTheStandardLibraryDoes() {
        var generator = SeededGenerator(seed: 42)
        for _ in 0..<2000 {
            let bytes = (0..<12).map { _ in
                Bool.random(using: &generator)
                    ? UInt8.random(in: 0x80...0xFF, using: &generator)
                    : [0xE0, 0xED, 0xF0, 0xF4, 0x41].randomElement(
                        using: &generator) ?? 0
            }
            #expect(decoded(bytes) == String(decoding: bytes, as: UTF8.self), "\(bytes)")
        }
    }

    private func decoded(_ bytes: [UInt8]) -> String {
        var text = String.UnicodeScalarView()
        bytes.withUnsafeBufferPointer {
            var index = 0
            while index < $0.count { text.append(UTF8Scalars.next(in: $0, at: &index)) }
        }
        return String(text)
    }
}
