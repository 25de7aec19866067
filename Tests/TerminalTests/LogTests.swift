import Testing

@testable import Terminal

@Suite struct LogTests {
    init() { TextWidth.prepareLocale("C.UTF-8") }

    private func draw(
        _ bytes: [UInt8], width: Int = 40, skip: Int = 0, colours: Bool = true, style: Style = .plain
    ) -> (text: String, extent: LogExtent, frame: Frame) {
        var frame = Frame(size: Size(width: width, height: 1))
        let extent = frame.put(log: bytes[...], x: 0, y: 0, skip: skip, style: style, colours: colours)
        expectSound(frame, "\(bytes.prefix(80))")
        return (frame.lines[0], extent, frame)
    }

    @Test(arguments: [
        ("plain", "plain"), ("", ""), ("\u{1B}[1;31mred\u{1B}[0m x", "red x"),
        ("a\u{1B}[2Jb\u{1B}[?25lc\u{1B}[10;20Hd", "abcd"),
        ("a\u{1B}]0;title\u{7}b", "ab"), ("a\u{1B}]8;;http://x\u{1B}\\link\u{1B}]8;;\u{1B}\\b", "alinkb"),
        ("a\u{1B}Pq#0\u{1B}\\b", "ab"), ("a\u{1B}_apc\u{1B}\\\u{1B}^pm\u{1B}\\\u{1B}Xsos\u{1B}\\b", "ab"),
        ("a\u{1B}(Bb\u{1B}7c\u{1B}=d\u{1B}#8e\u{1B}cf", "abcdef"), ("a\u{9B}31mb\u{9D}0;t\u{9C}c\u{85}d", "abcd"),
        ("a\u{1B}P one\u{7}two\u{1B}\\b", "ab"), ("a\u{1B}]0;x\u{1B}[31mb", "ab"), ("a\u{1B}[31\u{18}b", "ab"),
        ("a\u{1B}[3\u{1B}[1mb", "ab"), ("a\u{1B}[31日b", "a日b"), ("a\u{1B}日", "a日"), ("a\u{1B}", "a"), ("a\u{1B}[", "a"),
        ("a\u{1B}[31", "a"), ("a\u{1B}]never ends", "a"), ("a\u{1B}[>4;2mb\u{1B}[1 qc", "abc"),
        ("a\u{0}b\u{7}c\u{7F}", "a␀b␇c␡"), ("a\u{202E}b\u{200B}c", "abc"), ("a\u{8}b", "b"),
        ("ab\u{8}\u{8}\u{8}c", "c"),
        ("ab\u{8}", "a"), ("日\u{8}x", " x"), ("a\tb", "a       b"), ("\t|", "        |"), ("日\tx", "日      x"),
        ("\u{301}x", " x"), ("a\t\u{301}x", "a        x"), ("e\u{301}\u{1B}[1m\u{302}x", "e\u{301}\u{302}x"),
    ])
    func sequencesVanish(line: String, shown: String) {
        #expect(draw(Array(line.utf8)).text == shown)
    }

    @Test(arguments: [
        ("10%\r50%\r100%", "100%"), ("done\r", "done"), ("done\r\r\r", "done"), ("a\rb\r", "b"), ("a\r\u{1B}[K", "a"),
        ("a\r\u{1B}[0m\r", "a"), ("\rx", "x"), ("\r", ""), ("a\r\u{1B}]0;x\r\u{7}b", "b"),
        ("a\u{1B}]0;x\ry\u{7}b", "ab"),
        ("long line\rab", "ab"),
    ])
    func carriageReturns(line: String, shown: String) {
        #expect(draw(Array(line.utf8)).text == shown)
    }

    @Test func coloursOutliveACarriageReturn() {
        let frame = draw(Array("\u{1B}[31m10%\r20%".utf8)).frame
        #expect(frame.style(x: 0, y: 0) == Style(foreground: .indexed(1)))
    }

    @Test(arguments: [
        ("1", "bold"), ("2;3;4;7", "dim italic underline reverse"), ("1;22", "plain"), ("3;23;4;24;7;27", "plain"),
        ("31", "red"), ("97;100", "bright-white on bright-black"), ("38;5;208", "208"), ("48;5;16", "on 16"),
        ("38;2;255;136;0", "208"), ("38:2::255:136:0", "208"), ("38:2:255:136:0", "208"), ("38:5:9;1", "bold 9"),
        ("38;5;208;1", "bold 208"), ("38;2;255;136;0;4", "underline 208"), ("31;0", "plain"), ("31;", "plain"),
        ("31;39;41;49", "plain"), ("4:3", "underline"), ("4:0", "plain"), ("4;4:0", "plain"), ("58;5;3;1", "bold"),
        ("38;5", "plain"), ("38;2;1", "plain"), ("38;5;999", "plain"), ("38;2;999;0;0;1", "bold"), ("38", "plain"),
        ("99999999999999999999", "plain"), ("1;;", "plain"), ("5;8;9;53;1", "bold"), ("38;9;1", "bold"),
    ])
    func graphicRenditions(parameters: String, style: String) {
        let frame = draw(Array("\u{1B}[\(parameters)mx".utf8)).frame
        #expect(frame.style(x: 0, y: 0) == Style(parsing: style))
    }

    @Test func coloursLieOverTheStyle() {
        let selected = Style(foreground: .indexed(7), background: .indexed(236))
        let line = Array("a\u{1B}[31mb\u{1B}[0mc\u{1B}[m".utf8)
        let shown = draw(line, style: selected).frame
        #expect(shown.style(x: 0, y: 0) == selected && shown.style(x: 2, y: 0) == selected)
        #expect(shown.style(x: 1, y: 0) == Style(foreground: .indexed(1), background: .indexed(236)))
        #expect(draw(line, colours: false, style: selected).frame.style(x: 1, y: 0) == selected)
        #expect(draw(line, colours: false).text == "abc")
    }

    @Test(arguments: [
        (0, "0123456789", 10, false, false), (3, "…456789", 7, true, false), (9, "…", 1, true, false),
        (50, "…", 1, true, false),
    ])
    func skipping(skip: Int, shown: String, columns: Int, cutLeft: Bool, cutRight: Bool) {
        let (text, extent, _) = draw(Array("0123456789".utf8), width: 20, skip: skip)
        #expect(text == shown)
        #expect(extent.columns == columns && extent.cutLeft == cutLeft && extent.cutRight == cutRight)
    }

    @Test func cutting() {
        #expect(draw(Array("0123456789".utf8), width: 10).text == "0123456789")
        let cut = draw(Array("0123456789".utf8), width: 9)
        #expect(cut.text == "01234567…" && cut.extent.cutRight && cut.extent.columns == 9)
        #expect(cut.frame.style(x: 8, y: 0) == Style(attributes: .dim))
        #expect(draw(Array("0123456789".utf8), width: 5, skip: 3).text == "…456…")
        #expect(draw(Array("0123456789".utf8), width: 1, skip: 3).text == "…")
        #expect(draw(Array("日本語".utf8), width: 5).text == "日本…")
        #expect(draw(Array("日本語".utf8), width: 4).text == "日 …")
        #expect(draw(Array("日本語x".utf8), width: 8, skip: 1).text == "…本語x")
        #expect(draw(Array("日本語x".utf8), width: 8, skip: 2).text == "… 語x")
        #expect(draw(Array("a\tb\u{1B}[31mc\u{1B}[0m".utf8), width: 10, skip: 4).text == "…   bc")
        #expect(draw(Array("\u{1B}[31m\u{1B}[0m".utf8), width: 10, skip: 4).extent.cutLeft == false)
        #expect(!draw(Array("0123456789\u{1B}[0m\r".utf8), width: 10).extent.cutRight)
        #expect(!draw(Array("abc\t".utf8), width: 5).extent.cutRight)
        #expect(draw(Array("abc\td".utf8), width: 5).extent.cutRight)
    }

    @Test func drawsBesideOthers() {
        var frame = Frame(size: Size(width: 12, height: 1))
        frame.put("界界界界界界", x: 0, y: 0, style: .plain)
        frame.put(log: Array("\tab".utf8)[...], x: 3, y: 0, width: 4, skip: 7, style: .plain)
        expectSound(frame, "")
        #expect(frame.text(row: 0) == "界 …ab界界界")
        frame.put(log: Array("abcdef".utf8)[...], x: -2, y: 0, width: 5, style: .plain)
        #expect(frame.text(row: 0).hasPrefix("cd…"))
    }

    @Test func aLongLineCostsWhatIsSeen() {
        let megabytes = [UInt8](repeating: 0x61, count: 10_000_000)
        #expect(draw(megabytes, width: 200).extent.bytesRead <= 65536)
        #expect(draw(megabytes, width: 200, skip: 100_000).extent.bytesRead < 101_000)
        // What shows nothing is not read to its end either.
        let patterns = ["\u{1B}[31m", "\u{301}", "\u{200B}", "a\u{8}", "x\r", "\u{1B}]"]
        for pattern in patterns {
            let bytes = [UInt8]((0..<2_000_000 / pattern.utf8.count).flatMap { _ in Array(pattern.utf8) })
            let extent = draw(bytes, width: 200).extent
            #expect(extent.bytesRead < 100_000, "\(pattern.debugDescription)")
        }
    }

    @Test func aMillionRandomBytesAreHarmless() {
        let seed = UInt64.random(in: 0...UInt64.max)
        var generator = SeededGenerator(seed: seed)
        // Bytes of sequences more often than chance has them: else hardly any sequence would ever be complete.
        let likely = Array("\u{1B}\u{1B}[[]];:0123456789mmHJKP_^X\\\u{7}\u{8}\r\t日é\u{301}\u{202E}\u{9B}\u{200D}👩".utf8)
        let bytes = (0..<1_000_000).map { _ in
            Int.random(in: 0..<3, using: &generator) == 0
                ? UInt8.random(in: 0...255, using: &generator) : likely.randomElement(using: &generator) ?? 0
        }
        var rest = bytes[...]
        var frame = Frame(size: Size(width: 30, height: 1))
        while !rest.isEmpty {
            let line = rest.prefix(Int.random(in: 1...200, using: &generator))
            rest = rest.dropFirst(line.count)
            let skip = Bool.random(using: &generator) ? 0 : Int.random(in: 0...20, using: &generator)
            let x = Int.random(in: -3...28, using: &generator)
            let width = Int.random(in: 0...31, using: &generator)
            let extent = frame.put(log: line, x: x, y: 0, width: width, skip: skip, style: .plain)
            expectSound(frame, "seed \(seed), line \(Array(line))")
            if extent.columns > max(0, min(width, 30 - x)) { Issue.record("too wide: seed \(seed)") }
            // The table of marks would fill up in a frame that is never replaced.
            if frame.marks.entries.count > 1000 { frame = Frame(size: frame.size) }
        }
    }
}

@Suite struct ASCIIFallbackTests {
    @Test func everythingBecomesASCII() {
        for value in UInt32(0)...0x2FFFF {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let shown = ASCIIFallback.scalar(for: scalar)
            if shown.value < 0x20 || shown.value > 0x7E { Issue.record("U+\(String(value, radix: 16))") }
        }
    }

    @Test func whatIsDrawnKeepsItsMeaning() {
        let ours = "╭─┬╮│├┤╰┴╯●◐‖◌○✕◔▁▂▃▄▅▆▇█…↑↓←→▴▾▌✓·–‹›⣿⠁⡇⠀"
        let shown = String(String.UnicodeScalarView(ours.unicodeScalars.map(ASCIIFallback.scalar(for:))))
        #expect(shown == "+-++|+++++R~PC-Xs_.-=+*%#~^v<>^v>+.-<>#.: ")
        #expect(ASCIIFallback.scalar(for: "日") == "?")
    }
}

@MainActor @Suite struct HeadlessScreenTests {
    @Test func keepsWhatWasShown() {
        let screen = HeadlessScreen(size: Size(width: 10, height: 2))
        var frame = Frame(size: screen.size)
        frame.put("hello", x: 0, y: 1, style: .plain)
        screen.show(frame)
        #expect(screen.lines == ["", "hello"] && screen.rowsWritten == 2)
        frame.put("jello", x: 0, y: 1, style: .plain)
        screen.show(frame)
        #expect(screen.frameCount == 2 && screen.rowsWritten == 3 && screen.isReady())
        screen.type(.key(.enter), .end)
        #expect(screen.readInput() == [.key(.enter), .end] && screen.readInput() == [])
        screen.close()
        #expect(screen.isClosed)
    }
}
