import Foundation
import Testing
import Yams

@testable import Dashboard
@testable import Terminal

@Suite struct ThemeTests {
    private static let words = ["terminal", "contrast"]

    private func text(_ name: String) throws -> String { try #require(Theme.text(ofBuiltIn: name)) }

    @Test(arguments: Theme.builtIn) func everyRoleIsNamedExactlyOnce(_ name: String) throws {
        let keys = try text(name).split(separator: "\n").filter { !$0.hasPrefix("#") }.map { $0.prefix { $0 != ":" } }
        let roles = keys.map(String.init).filter { !Self.words.contains($0) }
        #expect(roles.sorted() == Role.named.map(\.stringValue).sorted())
        #expect(try ThemeFile(text(name)).mistakes.isEmpty)
    }

    /// Our reader takes a part of YAML only: what it reads must be what YAML says.
    @Test(arguments: Theme.builtIn) func aYAMLLibraryReadsTheSame(_ name: String) throws {
        let theme = try #require(Theme.named(name))
        let yaml = try #require(try Yams.compose(yaml: text(name))?.mapping)
        #expect(yaml.count >= Role.named.count)
        for role in Role.named {
            let value = try #require(yaml[Node(role.stringValue)]?.string)
            #expect(theme.source.styles[role.rawValue] == Style(parsing: value), "\(role)")
        }
    }

    @Test func monoHasNoColour() throws {
        let theme = try #require(Theme.named("mono"))
        for role in Role.allCases {
            #expect(theme[role].foreground == .standard)
            #expect(theme[role].background == .standard)
        }
        #expect(!theme.ground.isPainted)
    }

    @Test func whatMattersDiffersWithoutColourToo() throws {
        let theme = try #require(Theme.named("mono"))
        #expect(theme[.selected] != theme[.text])
        #expect(theme[.choiceSelected] != theme[.choice])
        #expect(theme[.tabSelected] != theme[.tab])
        #expect(theme[.borderFocused] != theme[.border])
        #expect(theme[.stale] != theme[.text])
        #expect(theme[.endedBadly] != theme[.endedWell])
        #expect(theme[.stderr] != theme[.text])
    }

    // MARK: Contrast

    /// What text may lie on.
    private static let bases: [Role] = [.text, .selected, .selectedUnfocused, .layer, .choiceSelected, .header]

    /// The two colours that are seen.
    private func seen(_ style: Style, _ ground: Ground) -> (text: Color, background: Color) {
        let text = style.foreground == .standard ? ground.foreground : style.foreground
        let background = style.background == .standard ? ground.background : style.background
        return style.attributes.contains(.reverse) ? (background, text) : (text, background)
    }

    /// All colours of a theme are those of the palette of 256: what is measured here is what is shown.
    @Test(arguments: Theme.builtIn) func everyTextHasTheContrastItNeeds(_ name: String) throws {
        let theme = try #require(Theme.named(name))
        #expect(theme.source.contrast >= 4.5)
        for base in Self.bases {
            for role in Role.allCases {
                for style in [theme[role], theme[role, over: theme[base]]] {
                    let (text, background) = seen(style, theme.ground)
                    let least = role.leastContrast(text: theme.source.contrast)
                    let contrast = text.contrast(to: background)
                    #expect(contrast >= least, "\(role) on \(base): \(text.code) on \(background.code) is \(contrast)")
                }
            }
        }
    }

    /// What is laid over a row that has colours already: a selection over a log's line.
    @Test(arguments: Theme.builtIn) func whatIsSelectedStaysLegible(_ name: String) throws {
        let theme = try #require(Theme.named(name))
        let lay = theme.laying(.selected)
        for role in Role.named where theme[role].background == .standard {
            let (text, background) = seen(lay(theme[role]), theme.ground)
            let least = role.leastContrast(text: theme.source.contrast)
            #expect(text.contrast(to: background) >= least, "\(role)")
        }
    }

    @Test(arguments: Theme.builtIn) func aSelectionIsSeen(_ name: String) throws {
        let theme = try #require(Theme.named(name))
        guard name != "mono" else { return }
        #expect(theme[.selected].background != theme.ground.background)
        #expect(theme[.selectedUnfocused].background != theme.ground.background)
        #expect(theme[.selected] != theme[.selectedUnfocused])
        #expect(theme[.choiceSelected].background != theme[.layer].background)
        #expect(theme[.choiceSelected].background != theme.ground.background)
        #expect(theme[.choice].background == theme[.layer].background)
        #expect(theme[.hit].background != theme.ground.background)
    }

    @Test(arguments: Theme.builtIn, [0, 8, 16, 256]) func atEveryDepthTextIsSeen(_ name: String, _ colours: Int) throws
    {
        let theme = try #require(Theme.named(name))
        let palette = Palette(colors: colours, hasDim: true, hasItalic: true)
        let ground = theme.ground
        let white = colours == 8 ? 7 : 15
        let (plain, under) = ground.isLight ? (0, white) : (7, 0)
        for base in Self.bases {
            for role in Role.allCases where role != .border {
                let shown = palette.rendition(of: theme[role, over: theme[base]], on: ground)
                guard colours > 0 else {
                    #expect(shown.foreground == -1 && shown.background == -1)
                    continue
                }
                #expect(shown.foreground != shown.background || shown.foreground == -1)
                guard colours < 256 else { continue }
                let text = Color.indexed(UInt8(shown.foreground < 0 ? plain : Int(shown.foreground)))
                let background = Color.indexed(UInt8(shown.background < 0 ? under : Int(shown.background)))
                let contrast = text.contrast(to: background)
                #expect(contrast >= 2, "\(role) on \(base): \(shown)")
            }
        }
    }

    @Test(arguments: Theme.builtIn, [8, 16, 256]) func atEveryDepthASelectionIsSeen(_ name: String, _ colours: Int)
        throws
    {
        let theme = try #require(Theme.named(name))
        let palette = Palette(colors: colours, hasDim: true, hasItalic: true)
        func shown(_ role: Role, over base: Role) -> Palette.Rendition {
            palette.rendition(of: theme[role, over: theme[base]], on: theme.ground)
        }
        #expect(shown(.selected, over: .text) != shown(.text, over: .text))
        #expect(shown(.selectedUnfocused, over: .text) != shown(.text, over: .text))
        #expect(shown(.choiceSelected, over: .layer) != shown(.choice, over: .layer))
        #expect(shown(.choiceSelected, over: .layer) != shown(.layer, over: .layer))
    }

    // MARK: Files

    private func mistakes(_ text: String) -> [String] { ThemeFile(text).mistakes.map(\.description) }

    @Test(
        arguments: [
            ("text: default\nnonsense: bold", "line 2: unknown role “nonsense”"),
            ("# comment\n\ntext: default\ndim", "line 4: expected “role: style”"),
            ("text: purpleish", "line 1: “purpleish” is no style"),
            ("text: default\n  dim: dim", "line 2: unknown role “  dim”"),
            ("text:", "line 1: “” is no style"),
            ("\n\n\ntext: \"#12345\"", "line 4: “#12345” is no style"),
            ("dim: dim\ndim: bold", "line 2: “dim” stands here a second time"),
            ("dim: #8a8a8a", "line 1: a colour with # needs quotes around the style"),
            ("dim: bold #8a8a8a", "line 1: a colour with # needs quotes around the style"),
            ("dim: \"#8a8a8a", "line 1: a quote is not closed"),
            ("dim: \"#8a8a8a\" bold", "line 1: something stands behind the closing quote"),
            ("dim:bold", "line 1: a space is missing after the colon"),
            ("contrast: much", "line 1: “contrast” is a number from 1 to 21"),
            ("terminal: pink", "line 1: “terminal” is “dark” or “light”"),
            ("gradient3: bold", "line 1: unknown role “gradient3”"),
        ])
    func mistakesNameTheLine(_ text: String, _ mistake: String) {
        #expect(mistakes(text) == [mistake])
    }

    @Test func theRestOfAFileWithMistakesHolds() {
        let file = ThemeFile("text: purpleish\ndim: 200\n\nnonsense: bold\nstrong: italic # strong\n")
        #expect(file.mistakes.map(\.line) == [1, 4])
        let theme = file.theme(name: "x", from: Theme.named("dark"))
        #expect(theme[.dim].foreground == .indexed(200))
        #expect(theme[.strong] == Style(attributes: .italic))
        #expect(theme[.key] == Theme.named("dark")?[.key])
    }

    @Test func valuesMayBeQuoted() {
        let file = ThemeFile("text: \"bold #ff8888 on #000000\"  # why\n# c\n\ndim: 'dim'\r\nstrong:\t bold \n")
        #expect(file.mistakes.isEmpty)
        let theme = file.theme(name: "x", from: nil)
        #expect(theme[.text] == Style(parsing: "bold #ff8888 on #000000"))
        #expect(theme[.dim] == Style(attributes: .dim))
        #expect(theme[.strong] == Style(attributes: .bold))
        #expect(theme[.title] == .plain)
    }

    @Test func anUnknownThemeIsNone() {
        #expect(Theme.named("pink") == nil)
        #expect(ThemeFolder.theme("pink", in: nil) == nil)
        #expect(ThemeFolder.absence(of: "pink", in: nil).hasPrefix("there is no theme “pink”; there are: dark, light"))
    }

    @Test func aColourThatFallsShortIsMoved() {
        let file = ThemeFile(
            "screen: \"#ffffff on #202020\"\ndim: \"#404040\"\nkey: \"#ffffff\"\nselected: \"on #808080\"")
        let theme = file.theme(name: "x", from: Theme.named("dark"))
        #expect(theme.ground == Ground(foreground: .indexed(231), background: .indexed(234), isPainted: true))
        #expect(theme[.dim].foreground.contrast(to: theme.ground.background) >= 4.5)
        #expect(theme[.key].foreground == .indexed(231))
        // On a background that is neither light nor dark, black has more contrast than white.
        let key = theme[.key, over: theme[.selected]]
        #expect(key.foreground.contrast(to: key.background) >= 4.5)
        #expect(key.background == theme[.selected].background)
    }

    @Test func aLayerGivesItsBackgroundToWhatLiesOnIt() {
        let theme = ThemeFile("layer: \"on #444444\"").theme(name: "x", from: Theme.named("dark"))
        for role in [Role.layerBorder, .layerTitle, .choice] {
            #expect(theme[role].background == theme[.layer].background)
        }
    }

    @Test func theGradientGoesFromTheOneToTheOther() throws {
        let theme = try #require(Theme.named("dark"))
        let steps = (0...9).map { theme[Role.gradient(Double($0) / 9)].foreground }
        #expect(steps.first == theme[.graphLow].foreground)
        #expect(steps.last == theme[.graphHigh].foreground)
        #expect(Set(steps).count >= 6)
        #expect(Role.gradient(-1) == .gradient0)
        #expect(Role.gradient(7) == .gradient9)
        #expect(Role.gradient(.nan) == .gradient0)
        let mono = try #require(Theme.named("mono"))
        #expect(mono[.gradient0] == mono[.graphLow])
        #expect(mono[.gradient9] == mono[.graphHigh])
    }
}
