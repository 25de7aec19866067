import Testing

@testable import Terminal

@Suite struct StyleTests {
    @Test(arguments: [
        ("default", Color.standard), ("red", .indexed(1)), ("White", .indexed(7)), ("bright-black", .indexed(8)),
        ("0", .indexed(0)), ("255", .indexed(255)), ("#000000", .indexed(16)), ("#ffffff", .indexed(231)),
        ("#ff8800", .indexed(208)), ("#808080", .indexed(244)), ("#303030", .indexed(236)), ("#FF0000", .indexed(196)),
    ])
    func coloursAreRead(name: String, color: Color) {
        #expect(Color(parsing: name) == color)
    }

    @Test(arguments: ["", "256", "-1", "+5", "#fff", "#ggg000", "#+12345", "reddish", "bright-", "bright-default", "٣"])
    func whatIsNoColourIsRefused(name: String) {
        #expect(Color(parsing: name) == nil)
    }

    @Test func everyPaletteColourIsItsOwnNearest() {
        for index in UInt8(16)...255 {
            let (red, green, blue) = Color.components(of: index)
            let nearest = Color(red: UInt8(red), green: UInt8(green), blue: UInt8(blue)).index ?? 0
            // The greys of the cube and of the ramp have colours in common.
            #expect(Color.components(of: nearest) == (red, green, blue))
        }
    }

    @Test func nearestIsNearest() {
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<500 {
            let (r, g, b) = (
                UInt8.random(in: 0...255, using: &generator), UInt8.random(in: 0...255, using: &generator),
                UInt8.random(in: 0...255, using: &generator)
            )
            func distance(_ index: UInt8) -> Int {
                let (red, green, blue) = Color.components(of: index)
                let (dr, dg, db) = (Int(r) - red, Int(g) - green, Int(b) - blue)
                return dr * dr + dg * dg + db * db
            }
            let best = (UInt8(16)...255).map(distance).min() ?? 0
            #expect(distance(Color(red: r, green: g, blue: b).index ?? 0) == best, "#\(r),\(g),\(b)")
        }
    }

    @Test func stylesAreRead() {
        #expect(
            Style(parsing: "bold #ff8800 on #202020")
                == Style(foreground: .indexed(208), background: .indexed(234), attributes: .bold))
        #expect(Style(parsing: "reverse") == Style(attributes: .reverse))
        #expect(Style(parsing: "dim italic underline") == Style(attributes: [.dim, .italic, .underline]))
        #expect(Style(parsing: "cyan") == Style(foreground: .indexed(6)))
        #expect(Style(parsing: "on 236") == Style(background: .indexed(236)))
        #expect(Style(parsing: "  Plain ") == .plain)
        for wrong in ["", "on", "cyan on", "cyan red", "on 1 on 2", "loud", "bold on on 1"] {
            #expect(Style(parsing: wrong) == nil, "\(wrong)")
        }
    }

    @Test func partsOfAStyleDoNotTouchEachOther() {
        var style = Style()
        style.foreground = .indexed(255)
        style.background = .indexed(255)
        style.attributes = Attributes(rawValue: 255)
        #expect(style.foreground == .indexed(255) && style.background == .indexed(255))
        style.background = .standard
        #expect(style.foreground == .indexed(255) && style.background == .standard)
        #expect(style.attributes == Attributes(rawValue: 255))
        let cell = Cell("x", style: style)
        #expect(cell.style == style && cell.scalar == "x" && !cell.isWide && !cell.isContinuation && cell.marks == 0)
        #expect(MemoryLayout<Cell>.stride == 8)
    }

    @Test func stylesLieOverOthers() {
        let base = Style(foreground: .indexed(1), background: .indexed(2), attributes: .bold)
        #expect(Style.plain.over(base) == base)
        #expect(
            Style(foreground: .indexed(3), attributes: .dim).over(base)
                == Style(foreground: .indexed(3), background: .indexed(2), attributes: [.bold, .dim]))
    }
}

@Suite struct PaletteTests {
    private func palette(_ colors: Int) -> Palette { Palette(colors: colors, hasDim: true, hasItalic: true) }

    @Test func withoutColoursASelectionIsReversed() {
        let shown = palette(0).rendition(of: Style(foreground: .indexed(3), background: .indexed(236)))
        #expect(shown == .init(attributes: .reverse, foreground: -1, background: -1))
        #expect(palette(0).rendition(of: Style(foreground: .indexed(3))).attributes == [])
    }

    @Test func blueIsNeverWrittenOnBlackWithEightColours() {
        for index in UInt8(0)...255 {
            for background in [Color.standard, .indexed(0), .indexed(16)] {
                let shown = palette(8).rendition(of: Style(foreground: .indexed(index), background: background))
                #expect(shown.foreground != 4)
            }
        }
    }

    @Test(arguments: [8, 16])
    func textIsNeverTheColourOfItsBackground(colors: Int) {
        for foreground in UInt8(16)...255 {
            for background in UInt8(16)...255 {
                let shown = palette(colors).rendition(
                    of: Style(foreground: .indexed(foreground), background: .indexed(background)))
                #expect(shown.foreground != shown.background || shown.foreground < 0)
                #expect(shown.foreground < Int32(colors) && shown.background < Int32(colors))
            }
        }
    }

    @Test func aDarkSelectionIsToldFromBlack() {
        #expect(palette(8).rendition(of: Style(background: .indexed(236))).attributes == .reverse)
        #expect(palette(16).rendition(of: Style(background: .indexed(236))).background == 8)
    }

    @Test func fullAndDirectColours() {
        let style = Style(foreground: .indexed(196), background: .indexed(5))
        #expect(palette(256).rendition(of: style) == .init(attributes: [], foreground: 196, background: 5))
        #expect(palette(1 << 24).rendition(of: style) == .init(attributes: [], foreground: 0xFF0000, background: 5))
        #expect(palette(88).depth == .sixteen)
    }

    @Test func dimIsGreyWhereThereIsNoDim() {
        let palette = Palette(colors: 256, hasDim: false, hasItalic: false)
        let shown = palette.rendition(of: Style(attributes: [.dim, .italic]))
        #expect(shown == .init(attributes: [], foreground: 8, background: -1))
    }
}
