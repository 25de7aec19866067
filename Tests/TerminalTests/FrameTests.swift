import Testing

@testable import Terminal

@Suite struct FrameTests {
    init() { TextWidth.prepareLocale("C.UTF-8") }

    private func frame(_ width: Int, _ height: Int = 1, filledWith scalar: Unicode.Scalar = "#") -> Frame {
        var frame = Frame(size: Size(width: width, height: height))
        frame.fill(Rect(frame.size), scalar, style: .plain)
        return frame
    }

    @Test(arguments: [
        ("container", 9, "container"), ("container", 20, "container###########"), ("container", 5, "cont…"),
        ("container", 1, "…"), ("container", 0, ""), ("日本語", 6, "日本語"), ("日本語", 5, "日本…"), ("日本語", 4, "日… "),
        ("日本語", 3, "日…"), ("日本語", 2, "… "), ("日本語", 1, "…"), ("a日本", 4, "a日…"),
        ("e\u{301}e\u{301}e\u{301}", 2, "e\u{301}…"),
        ("ab\u{301}", 2, "ab\u{301}"), ("abc\u{301}d", 3, "ab…"),
    ])
    func cutAtTheEnd(text: String, width: Int, shown: String) {
        var frame = frame(20)
        let columns = frame.put(text, x: 0, y: 0, width: width, style: .plain)
        #expect(frame.text(row: 0).hasPrefix(shown))
        #expect(columns == min(width, TextWidth.of(text)))
        #expect(frame.text(row: 0).hasSuffix(String(repeating: "#", count: 20 - columns)))
    }

    @Test(arguments: [
        ("shop_checkout_worker_12", 12, "shop_c…er_12"), ("abcdef", 6, "abcdef"), ("abcdef", 5, "ab…ef"),
        ("abcdef", 2, "a…"), ("abcdef", 1, "…"), ("日本語日本語", 7, "日…本語"), ("日本語日本語", 8, "日本…語 "),
        ("ae\u{301}ie\u{301}o", 4, "ae\u{301}…o"), ("abcde\u{301}", 3, "a…e\u{301}"),
    ])
    func cutInTheMiddle(text: String, width: Int, shown: String) {
        var frame = frame(20)
        #expect(frame.put(text, x: 0, y: 0, width: width, style: .plain, cut: .middle) == width)
        #expect(frame.text(row: 0) == shown + String(repeating: "#", count: 20 - width))
    }

    @Test func cutSilently() {
        var frame = frame(8)
        #expect(frame.put("日本語", x: 0, y: 0, width: 5, style: .plain, cut: .none) == 5)
        #expect(frame.text(row: 0) == "日本 ###")
    }

    @Test(arguments: [Cut.end, .middle, .none])
    func everyTextInEveryPlaceStaysInIt(cut: Cut) {
        let texts = ["", "a", "plain ascii", "日本語日本語", "a日b本c", "👩‍⚕️e\u{301}🇩🇪x", "é\u{301}\u{302}\u{303}\u{304}\u{305}"]
        for text in texts {
            for width in 0...14 {
                for x in -14...14 {
                    var frame = frame(10, 3, filledWith: "界")
                    for row in 0..<3 { frame.put("界界界界界", x: 0, y: row, style: .plain) }
                    let columns = frame.put(text, x: x, y: 1, width: width, style: .plain, cut: cut)
                    #expect(columns <= width && columns <= max(0, 10 - x))
                    #expect(frame.lines[0] == "界界界界界" && frame.lines[2] == "界界界界界")
                    expectSound(frame, "\(text) at \(x) in \(width)")
                    // Nothing but halves of wide graphemes changes outside of the place.
                    for (column, cell) in frame.cells(row: 1).enumerated() {
                        let isOutside = column < x - 1 || column > max(x, x + columns)
                        if isOutside && !cell.isContinuation { #expect(cell.scalar == "界" || cell.scalar == " ") }
                    }
                }
            }
        }
    }

    @Test func noCoordinatesAreWrong() {
        var frame = frame(4, 2)
        for value in [Int.min, -1, 0, 1, 3, 4, .max] {
            for other in [Int.min, -1, 0, 1, 3, 4, .max] {
                frame.put("ab日", x: value, y: other, width: other, style: .plain)
                frame.put("ab日", x: other, y: 0, width: value, style: .plain, cut: .middle)
                frame.put(log: Array("ab\t日".utf8)[...], x: value, y: 0, width: other, skip: value, style: .plain)
                frame.fill(Rect(x: value, y: other, width: other, height: value), style: .plain)
                frame.restyle(Rect(x: value, y: other, width: value, height: other)) { $0 }
                _ = frame.style(x: value, y: other)
                _ = frame.cells(row: other)
            }
        }
        expectSound(frame, "")
        #expect(frame.put("x", x: 0, y: 2, style: .plain) == 0)
        #expect(Frame(size: Size(width: 0, height: 5)).lines == ["", "", "", "", ""])
    }

    @Test func halfOfAWideGraphemeDisappears() {
        var frame = frame(6)
        frame.put("日本語", x: 0, y: 0, style: .plain)
        frame.put("x", x: 1, y: 0, style: .plain)
        #expect(frame.text(row: 0) == " x本語")
        frame.put("x", x: 2, y: 0, style: .plain)
        #expect(frame.text(row: 0) == " xx 語")
        frame.fill(Rect(x: 5, y: 0, width: 1, height: 1), "|", style: .plain)
        #expect(frame.text(row: 0) == " xx  |")
    }

    @Test func noControlGetsIn() {
        var frame = frame(40)
        let columns = frame.put(
            "a\u{0}\u{1B}[2J\u{7F}\u{9B}\u{202E}\u{2066}\u{200E}\u{FEFF}\u{E0041}b\tc\n", x: 0, y: 0, style: .plain)
        #expect(frame.text(row: 0).hasPrefix("a␀␛[2J␡\u{FFFD}b c␊#"))
        #expect(columns == 12)
        frame.fill(Rect(frame.size), "\u{1B}", style: .plain)
        #expect(frame.text(row: 0).first == "␛")
    }

    @Test func fourMarksAreKept() {
        var frame = frame(3)
        frame.put("a\u{301}\u{302}\u{303}\u{304}\u{305}b", x: 0, y: 0, style: .plain)
        let first = frame.cells(row: 0).first
        #expect(first.map { frame.marks(of: $0).count } == 4)
        #expect(frame.text(row: 0).hasSuffix("b#"))
    }

    @Test func rowsAreComparedByWhatTheyShow() {
        let size = Size(width: 10, height: 3)
        var a = Frame(size: size)
        var b = Frame(size: size)
        // The same two graphemes, known to the frames in opposite order.
        a.put("e\u{301}", x: 0, y: 0, style: .plain)
        a.put("e\u{302}", x: 0, y: 1, style: .plain)
        b.put("e\u{302}", x: 0, y: 1, style: .plain)
        b.put("e\u{301}", x: 0, y: 0, style: .plain)
        #expect(a == b && a.changedRows(since: b) == [])
        b.put("e\u{303}", x: 0, y: 1, style: .plain)
        #expect(a != b && a.changedRows(since: b) == [1])
        b.put("e", x: 0, y: 1, style: .plain)
        #expect(a.changedRows(since: b) == [1])
        b = a
        b.restyle(Rect(x: 9, y: 2, width: 1, height: 1)) { $0.adding(.bold) }
        #expect(a.changedRows(since: b) == [2])
        #expect(a.changedRows(since: nil) == [0, 1, 2])
        #expect(a.changedRows(since: Frame(size: Size(width: 9, height: 3))) == [0, 1, 2])
    }

    @Test func stylesAndRows() {
        let red = Style(foreground: .indexed(1))
        var frame = Frame(size: Size(width: 5, height: 2), style: red)
        #expect(frame.style(x: 4, y: 1) == red && frame.style(x: 5, y: 1) == .plain)
        frame.put("ab", x: 1, y: 0, style: .plain)
        frame.restyle(Rect(x: 0, y: 0, width: 2, height: 1)) { $0.adding(.reverse) }
        #expect(
            frame.style(x: 0, y: 0) == red.adding(.reverse) && frame.style(x: 1, y: 0) == Style(attributes: .reverse))
        #expect(frame.style(x: 2, y: 0) == .plain)
        #expect(frame.lines == [" ab", ""] && frame.text(row: 0) == " ab  ")
        #expect(frame.put("x" as Substring, x: 0, y: 1, style: .plain) == 1)
    }

    @Test func geometry() {
        let rect = Rect(x: 1, y: 2, width: 10, height: 5)
        #expect(rect.maxX == 11 && rect.maxY == 7 && rect.contains(x: 10, y: 6) && !rect.contains(x: 11, y: 6))
        #expect(rect.inset(by: 1) == Rect(x: 2, y: 3, width: 8, height: 3) && rect.inset(by: 3).isEmpty)
        #expect(rect.intersection(Rect(x: 20, y: 0, width: 3, height: 3)).isEmpty)
    }
}

/// Every wide cell has its continuation, every continuation its wide cell, and nothing is a control.
func expectSound(_ frame: Frame, _ comment: @autoclosure () -> String) {
    for y in 0..<frame.size.height {
        var followsWide = false
        for cell in frame.cells(row: y) {
            let scalars = [cell.scalar] + frame.marks(of: cell)
            if cell.isContinuation != followsWide || !scalars.allSatisfy(isHarmless) {
                Issue.record("row \(y) is broken: \(comment())")
                return
            }
            followsWide = cell.isWide
        }
        if followsWide { Issue.record("row \(y) spills over: \(comment())") }
    }
}

/// Written from the list of what must not get through, not from the code that keeps it out.
private func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F..<0xA0, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x2069, 0xFE00...0xFE0F, 0xFEFF,
        0xE0000...0xE0FFF:
        false
    default: true
    }
}
