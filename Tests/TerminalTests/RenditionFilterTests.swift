import Testing

@testable import Terminal

/// What ncurses writes for a frame, and what is left of it.
@Suite struct RenditionFilterTests {
    @Test func aFigureThatChangesCostsItsColoursOnce() {
        var filter = RenditionFilter()
        #expect(
            filter.text("\u{1B}[1;79H\u{1B}[38;5;250m\u{1B}[48;5;235m1\r\u{1B}[39;49m\u{1B}(B\u{1B}[m")
                == "\u{1B}[1;79H\u{1B}[0;38;5;250;48;5;235m1\r\u{1B}(B")
        // The colours are still set.
        #expect(
            filter.text("\u{1B}[1;79H\u{1B}[38;5;250m\u{1B}[48;5;235m2\r\u{1B}[39;49m\u{1B}(B\u{1B}[m")
                == "\u{1B}[1;79H2\r")
        #expect(
            filter.text(
                "\u{1B}[4;53H\u{1B}[48;5;237m6\u{1B}[61G\u{1B}[38;5;72m\u{1B}[48;5;237m▃\u{1B}[39;49m\u{1B}[48;5;237m  7"
            )
                == "\u{1B}[4;53H\u{1B}[39;48;5;237m6\u{1B}[61G\u{1B}[38;5;72m▃\u{1B}[39m  7")
    }

    @Test func anAttributeThatEndsTakesNothingElseAlong() {
        var filter = RenditionFilter()
        _ = filter.text("\u{1B}[mx")
        #expect(filter.text("\u{1B}[0;1m\u{1B}[38;5;75mr") == "\u{1B}[1;38;5;75mr")
        #expect(filter.text("\u{1B}(B\u{1B}[0;4m\u{1B}[38;5;75ms") == "\u{1B}(B\u{1B}[0;4;38;5;75ms")
        #expect(filter.text("\u{1B}(B\u{1B}[m ") == "\u{1B}[m ")
    }

    @Test func whatErasesDoesSoInItsColour() {
        var filter = RenditionFilter()
        #expect(filter.text("\u{1B}[48;5;4m\u{1B}[K") == "\u{1B}[0;44m\u{1B}[K")
        #expect(filter.text("\u{1B}[m\u{1B}[2;5H\u{1B}[49m\u{1B}[3X") == "\u{1B}[2;5H\u{1B}[m\u{1B}[3X")
    }

    @Test func nothingIsKnownAfterSomebodyElseHadTheTerminal() {
        var filter = RenditionFilter()
        _ = filter.text("\u{1B}[31ma")
        filter.forget()
        #expect(filter.text("\u{1B}[31mb") == "\u{1B}[0;31mb")
        #expect(filter.text("c") == "c")
    }

    /// Frames of anything that ncurses may write look the same with less: each cell its character and style.
    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func aTerminalShowsTheSameWithLess(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var filter = RenditionFilter()
        var whole = Paper()
        var less = Paper()
        var written = 0
        var left = 0
        for _ in 0..<200 {
            var frame = ""
            for _ in 0..<Int.random(in: 1...30, using: &random) { frame += Self.piece(&random) }
            frame += "\u{1B}[39;49m\u{1B}(B\u{1B}[m"
            let filtered = filter.text(frame)
            whole.write(frame)
            less.write(filtered)
            written += frame.utf8.count
            left += filtered.utf8.count
            #expect(less.cells == whole.cells, "\(frame.debugDescription) became \(filtered.debugDescription)")
            if Int.random(in: 0..<40, using: &random) == 0 { filter.forget() }
        }
        #expect(left < written)
    }

    private static func piece(_ random: inout SeededGenerator) -> String {
        func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
        switch number(0...11) {
        case 0: return "\u{1B}[\(number(1...Paper.rows));\(number(1...Paper.columns))H"
        case 1: return "\u{1B}[\(number(1...Paper.columns))G"
        case 2: return "\u{1B}[\(number(1...Paper.rows))d"
        case 3: return "\r"
        case 4: return "\u{1B}[K"
        case 5: return "\u{1B}[38;5;\(number(0...255))m"
        case 6: return "\u{1B}[48;5;\(number(0...255))m"
        case 7: return "\u{1B}[\([30, 41, 97, 104, 39, 49].randomElement(using: &random) ?? 0)m"
        case 8: return "\u{1B}(B\u{1B}[m"
        case 9: return "\u{1B}(B\u{1B}[0;\([1, 2, 3, 4, 7].randomElement(using: &random) ?? 0)m"
        case 10: return ["–", "▁▂", "é"].randomElement(using: &random) ?? ""
        default: return String(repeating: "\(number(0...9))", count: number(1...4))
        }
    }
}

extension RenditionFilter {
    fileprivate mutating func text(_ text: String) -> String {
        var text = text
        return text.withUTF8 { String(decoding: filter($0), as: UTF8.self) }
    }
}

/// A terminal that understands what the pieces are made of.
private struct Paper {
    struct Spot: Equatable {
        var character: Character = " "
        var style = Style.plain
    }

    static let columns = 20
    static let rows = 5

    var cells = [Spot](repeating: Spot(), count: columns * rows)
    private var x = 0
    private var y = 0
    private var style = Style.plain

    mutating func write(_ text: String) {
        var rest = Substring(text)
        while let character = rest.popFirst() {
            switch character {
            case "\r": x = 0
            case "\u{1B}":
                guard rest.popFirst() == "[" else {
                    rest.removeFirst()
                    continue
                }
                let parameters = rest.prefix { $0.isNumber || $0 == ";" }
                rest.removeFirst(parameters.count)
                let numbers = parameters.split(separator: ";").compactMap { Int($0) }
                switch rest.removeFirst() {
                case "H": (y, x) = (numbers[0] - 1, numbers[1] - 1)
                case "G": x = numbers[0] - 1
                case "d": y = numbers[0] - 1
                case "K":
                    let erased = Spot(style: Style(background: style.background))
                    for column in x..<Self.columns { cells[y * Self.columns + column] = erased }
                default:
                    var rendition = SGRParameters()
                    for byte in parameters.utf8 { rendition.take(byte) }
                    rendition.apply(to: &style)
                }
            default:
                cells[y * Self.columns + x] = Spot(character: character, style: style)
                x = min(x + 1, Self.columns - 1)
            }
        }
    }
}
