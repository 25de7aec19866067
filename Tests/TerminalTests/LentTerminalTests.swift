import Testing

@testable import Terminal

@Suite struct OtherScreenTests {
    @Test(
        arguments: [
            ("", false), ("\u{1B}[?1049h", true), ("\u{1B}[?1049h\u{1B}[?1049l", false), ("\u{1B}[?25;1049h x", true),
            ("\u{1B}[?47h", true), ("\u{1B}[?1047h\u{1B}[31m\u{1B}[?25l", true), ("[?1049h", false),
            ("\u{1B}[?10490h", false), ("\u{1B}[1049h", false), ("\u{1B}\u{1B}[?1049h", true),
        ]) func itIsSeenHoweverTheBytesAreSplit(_ text: String, _ isShown: Bool)
    {
        let bytes = Array(text.utf8)
        for size in 1...max(1, bytes.count) {
            var screen = OtherScreen()
            for start in stride(from: 0, to: bytes.count, by: size) {
                screen.look(at: Array(bytes[start..<min(bytes.count, start + size)]))
            }
            #expect(screen.isShown == isShown)
        }
    }
}
