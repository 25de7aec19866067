import Testing

@testable import Terminal

@Suite struct KeyTests {
    @Test(arguments: [
        ("ctrl-k", Key.ctrl("k"), "Ctrl-k"), ("Ctrl-K", .ctrl("k"), "Ctrl-k"), ("c-x", .ctrl("x"), "Ctrl-x"),
        ("ctrl-[", .ctrl("["), "Ctrl-["), ("ctrl-space", .ctrl(" "), "Ctrl-Space"), ("enter", .enter, "Enter"),
        ("esc", .escape, "Esc"), ("tab", .tab, "Tab"), ("shift-tab", .backTab, "Shift-Tab"), ("pgup", .pageUp, "PgUp"),
        ("PgDn", .pageDown, "PgDn"), ("f5", .function(5), "F5"), ("F12", .function(12), "F12"),
        ("K", .character("K"), "K"), ("k", .character("k"), "k"), ("space", .character(" "), "Space"),
        (" ", .character(" "), "Space"), ("/", .character("/"), "/"), ("f", .character("f"), "f"),
        ("alt-1", .alt("1"), "Alt-1"), ("M-9", .alt("9"), "Alt-9"), ("up", .up, "↑"), ("del", .delete, "Del"),
        ("é", .character("é"), "é"), ("-", .character("-"), "-"),
    ])
    func names(name: String, key: Key, hint: String) {
        #expect(Key(parsing: name) == key)
        #expect(key.description == hint)
    }

    @Test(arguments: [
        "alt-", "alt-12", "alt-a", "", "ctrl-", "ctrl-kk", "ctrl-é", "ctrl-1", "f0", "f99", "fx", "hyper-x", "\u{1B}",
        "\u{202E}", "\n",
    ])
    func noNames(name: String) {
        #expect(Key(parsing: name) == nil)
    }

    @Test func descriptionsAreNames() {
        let keys: [Key] = [
            .enter, .escape, .tab, .backTab, .backspace, .delete, .insert, .up, .down, .left, .right, .home, .end,
            .pageUp, .pageDown, .function(1), .function(12), .ctrl("a"), .ctrl(" "), .ctrl("\\"), .character("x"),
            .character(" "), .character("日"), .alt("1"),
        ]
        for key in keys {
            #expect(Key(parsing: key.description) == key, "\(key.description)")
        }
    }

    @Test func controls() {
        #expect(Key(control: 0x03) == .ctrl("c"))
        #expect(Key(control: 0x1A) == .ctrl("z"))
        #expect(Key(control: 0x1C) == .ctrl("\\"))
        #expect(Key(control: 0x1F) == .ctrl("_"))
        #expect(Key(control: 0x0D) == .enter)
    }
}

@Suite struct InputDecoderTests {
    private func decode(_ text: String) -> [Input] {
        var decoder = InputDecoder()
        for byte in text.utf8 { decoder.take(byte) }
        return decoder.drain()
    }

    @Test(
        arguments: [
            ("a", [.key(.character("a"))]), ("\u{1B}", [.key(.escape)]),
            ("\u{1B}\u{1B}", [.key(.escape), .key(.escape)]),
            ("ü日", [.key(.character("ü")), .key(.character("日"))]), ("\u{1B}[A", [.key(.up)]),
            ("\u{1B}OA", [.key(.up)]),
            ("\u{1B}[1~", [.key(.home)]), ("\u{1B}[7~", [.key(.home)]), ("\u{1B}[H", [.key(.home)]),
            ("\u{1B}OF", [.key(.end)]),
            ("\u{1B}[5~", [.key(.pageUp)]), ("\u{1B}[Z", [.key(.backTab)]), ("\u{1B}[1;5A", [.key(.up)]),
            ("\u{1B}[24~", [.key(.function(12))]), ("\u{1B}[", [.key(.escape), .key(.character("["))]),
            ("\u{1B}1\u{1B}4x", [.key(.alt("1")), .key(.alt("4")), .key(.character("x"))]),
            ("\u{1B}\u{1B}2", [.key(.escape), .key(.alt("2"))]),
            ("\u{1B}O", [.key(.escape), .key(.character("O"))]), ("\u{1B}j", [.key(.escape), .key(.character("j"))]),
            ("\u{1B}[?1;2c\u{1B}[99;5u\u{1B}[>4;1m", []),
            ("\u{1B}[I\u{1B}[Ox", [.focus(true), .focus(false), .key(.character("x"))]),
            (
                "\u{1B}[<0;5;6M\u{1B}[<0;5;6m",
                [.mouse(Mouse(kind: .press, x: 4, y: 5)), .mouse(Mouse(kind: .release, x: 4, y: 5))]
            ),
            // Movements while the button is held: where it is now counts. Others, and letting go of nothing, do not.
            (
                "\u{1B}[<32;2;2M\u{1B}[<0;5;6M\u{1B}[<32;6;6M\u{1B}[<32;7;8M\u{1B}[<0;7;8m\u{1B}[<0;7;8m\u{1B}[<35;9;9M",
                [
                    .mouse(Mouse(kind: .press, x: 4, y: 5)), .mouse(Mouse(kind: .drag, x: 6, y: 7)),
                    .mouse(Mouse(kind: .release, x: 6, y: 7)),
                ]
            ),
            // The same as old terminals report it.
            (
                "\u{1B}[M !!\u{1B}[M@#!\u{1B}[M##!",
                [
                    .mouse(Mouse(kind: .press, x: 0, y: 0)), .mouse(Mouse(kind: .drag, x: 2, y: 0)),
                    .mouse(Mouse(kind: .release, x: 2, y: 0)),
                ]
            ),
            (
                "\u{1B}[<64;1;1M\u{1B}[<65;300;1M",
                [.mouse(Mouse(kind: .wheelUp, x: 0, y: 0)), .mouse(Mouse(kind: .wheelDown, x: 299, y: 0))]
            ),
            ("\u{1B}[<32;1;1M\u{1B}[<2;1;1M\u{1B}[<0;0;1M", []),
            ("\u{1B}[M !!x", [.mouse(Mouse(kind: .press, x: 0, y: 0)), .key(.character("x"))]),
            (
                "\u{3}\u{1A}\u{7F}\r\t",
                [.key(.ctrl("c")), .key(.ctrl("z")), .key(.backspace), .key(.enter), .key(.tab)]
            ),
            ("\u{1B}[200~a\rb\tü\u{1B}[31m\u{3}日\u{1B}[201~q", [.paste("a\nb\tü日"), .key(.character("q"))]),
            ("\u{1B}[201~x", [.key(.character("x"))]),
        ] as [(String, [Input])])
    func sequences(text: String, inputs: [Input]) {
        #expect(decode(text) == inputs)
    }

    @Test func aPasteMayComeInPieces() {
        let bytes = Array("\u{1B}[200~grüße\u{1B}[201~".utf8)
        // From the sixth byte on, that is: before, an ESC that comes alone is the Esc key.
        for cut in 6..<bytes.count {
            var decoder = InputDecoder()
            for byte in bytes[..<cut] { decoder.take(byte) }
            #expect(decoder.drain() == [])
            for byte in bytes[cut...] { decoder.take(byte) }
            #expect(decoder.drain() == [.paste("grüße")], "cut at \(cut)")
        }
    }

    @Test func aPasteWithoutAnEndEnds() {
        var decoder = InputDecoder()
        let start = ContinuousClock.now
        decoder.begin(at: start)
        for byte in "\u{1B}[200~text".utf8 { decoder.take(byte) }
        #expect(decoder.drain() == [])
        decoder.begin(at: start + .seconds(3))
        decoder.take(UInt8(ascii: "q"))
        #expect(decoder.drain() == [.paste("text"), .key(.character("q"))])
    }

    @Test func aPasteHasABound() {
        var decoder = InputDecoder()
        for byte in "\u{1B}[200~".utf8 { decoder.take(byte) }
        for _ in 0..<InputDecoder.pasteLimit + 10 { decoder.take(0x61) }
        for byte in "\u{1B}[201~".utf8 { decoder.take(byte) }
        guard case .paste(let text) = decoder.drain().first else {
            Issue.record("no paste")
            return
        }
        #expect(text.utf8.count == InputDecoder.pasteLimit)
    }

    @Test func twoQuickPressesAreADoubleClick() {
        var decoder = InputDecoder()
        var now = ContinuousClock.now
        func press(_ x: Int, after time: Duration) -> [Input] {
            now += time
            decoder.begin(at: now)
            for byte in "\u{1B}[<0;\(x);1M".utf8 { decoder.take(byte) }
            return decoder.drain()
        }
        #expect(press(1, after: .zero) == [.mouse(Mouse(kind: .press, x: 0, y: 0))])
        #expect(press(1, after: .milliseconds(200)) == [.mouse(Mouse(kind: .doubleClick, x: 0, y: 0))])
        // What comes after the second is for nothing that a hand could have aimed at.
        #expect(press(1, after: .milliseconds(200)).isEmpty)
        #expect(press(1, after: .milliseconds(200)).isEmpty)
        #expect(press(1, after: .milliseconds(500)) == [.mouse(Mouse(kind: .press, x: 0, y: 0))])
        #expect(press(2, after: .milliseconds(200)) == [.mouse(Mouse(kind: .press, x: 1, y: 0))])
        #expect(press(2, after: .seconds(1)) == [.mouse(Mouse(kind: .press, x: 1, y: 0))])
    }

    @Test func randomBytesAreHarmless() {
        let seed = UInt64.random(in: 0...UInt64.max)
        var generator = SeededGenerator(seed: seed)
        var decoder = InputDecoder()
        for _ in 0..<200_000 {
            decoder.take(Bool.random(using: &generator) ? UInt8.random(in: 0...255, using: &generator) : 0x1B)
            if UInt8.random(in: 0...9, using: &generator) > 0 { continue }
            for input in decoder.drain() {
                if case .key(.character(let character)) = input {
                    let isControl = character.unicodeScalars.contains {
                        $0.value < 0x20 || (0x7F..<0xA0).contains($0.value)
                    }
                    #expect(!isControl, "seed \(seed)")
                }
            }
        }
    }
}
