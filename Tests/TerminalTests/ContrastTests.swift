import Testing

@testable import Terminal

@Suite struct ContrastTests {
    @Test func blackAndWhiteHaveTheMost() {
        let (black, white) = (Color.indexed(16), Color.indexed(231))
        #expect(abs(black.contrast(to: white) - 21) < 0.001)
        #expect(black.contrast(to: white) == white.contrast(to: black))
        #expect(black.contrast(to: black) == 1)
        // #777777 on white is known for falling just short.
        #expect(abs(Color.indexed(243).contrast(to: white) - 4.54) < 0.05)
    }

    @Test func everyColourIsMadeLegibleOnEveryBackground() {
        for background in UInt8(16)...255 {
            for foreground in UInt8(16)...255 {
                let (color, under) = (Color.indexed(foreground), Color.indexed(background))
                let legible = color.legible(on: under, contrast: 4.5)
                #expect(legible.contrast(to: under) >= 4.5, "\(foreground) on \(background)")
                if color.contrast(to: under) >= 4.5 { #expect(legible == color) }
            }
        }
    }

    @Test func whatIsNotKnownIsLeft() {
        #expect(Color.standard.legible(on: .indexed(16), contrast: 4.5) == .standard)
        #expect(Color.indexed(4).legible(on: .indexed(16), contrast: 4.5) == .indexed(4))
        #expect(Color.indexed(17).legible(on: .standard, contrast: 4.5) == .indexed(17))
        #expect(Color.standard.mixed(with: .indexed(200), 0.5) == .standard)
    }

    @Test func aShadeLiesBetween() {
        #expect(Color.indexed(16).mixed(with: .indexed(231), 0) == .indexed(16))
        #expect(Color.indexed(16).mixed(with: .indexed(231), 1) == .indexed(231))
        let grey = Color.indexed(16).mixed(with: .indexed(231), 0.5)
        #expect(Color.components(of: grey.index ?? 0).red == 128)
    }

    // MARK: Ground

    private let paper = Ground(foreground: .indexed(236), background: .indexed(231), isPainted: true)
    private let night = Ground(foreground: .indexed(252), background: .indexed(236), isPainted: true)

    private func shown(_ style: Style, _ colors: Int, _ ground: Ground) -> Palette.Rendition {
        Palette(colors: colors, hasDim: true, hasItalic: true).rendition(of: style, on: ground)
    }

    @Test func aPaintedGroundLiesUnderWhatHasNoColours() {
        #expect(shown(.plain, 256, paper) == .init(attributes: [], foreground: 236, background: 231))
        #expect(
            shown(Style(foreground: .indexed(160)), 256, paper)
                == .init(attributes: [], foreground: 160, background: 231))
        #expect(shown(.plain, 16, paper) == .init(attributes: [], foreground: 0, background: 15))
        #expect(shown(.plain, 8, paper) == .init(attributes: [], foreground: 0, background: 7))
        // A dark ground is black, not reversed as a selection would be.
        #expect(shown(.plain, 8, night) == .init(attributes: [], foreground: 7, background: 0))
        #expect(shown(.plain, 16, night) == .init(attributes: [], foreground: 7, background: 0))
        #expect(shown(.plain, 0, night) == .init(attributes: [], foreground: -1, background: -1))
        #expect(shown(.plain, 8, .dark) == .init(attributes: [], foreground: -1, background: -1))
    }

    @Test func anotherGroundIsAnotherFrame() {
        let size = Size(width: 3, height: 2)
        var (a, b) = (Frame(size: size), Frame(size: size))
        #expect(a == b)
        b.ground = paper
        #expect(a != b)
        #expect(b.changedRows(since: a) == [0, 1])
        a.ground = paper
        #expect(b.changedRows(since: a).isEmpty)
    }
}
