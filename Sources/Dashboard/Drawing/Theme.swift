import Terminal
import Themes

/// A style for each role, from a file under `Themes` or one of the person's own.
public struct Theme: Sendable {
    /// Something in a theme's file that cannot be used; the rest of the file can.
    public struct Mistake: Error, Hashable, CustomStringConvertible {
        let line: Int
        let reason: String
        /// One line.
        public var description: String { "line \(line): \(reason)" }
    }

    /// The name it is chosen by.
    public let name: String
    /// The lines around boxes.
    var borders = Borders.rounded
    /// What lies under everything; never painted where the person wants the terminal's own background.
    var ground: Ground {
        own.isPainted && !paintsBackground
            ? Ground(foreground: own.foreground, background: own.background, isPainted: false) : own
    }
    var paintsBackground = true
    private let own: Ground

    /// As the files have it, for themes that start from this one.
    let source: Source
    /// What text may stand on: the screen, and what has a background of its own.
    private let backgrounds: [Color]
    /// For each background, the style of each role there.
    private let styles: [Style]

    /// What files say.
    struct Source: Sendable {
        var styles = Array(repeating: Style.plain, count: Role.allCases.count)
        /// What the terminal's own colours are taken to be.
        var terminal = Ground.dark
        /// How much contrast text has at least.
        var contrast = 4.5
    }

    /// A theme of what files say. A colour that falls short of the contrast it needs is made lighter or darker, on each
    /// background for itself.
    init(name: String, _ source: Source) {
        self.name = name
        self.source = source
        let screen = source.styles[Role.screen.rawValue]
        let ground =
            screen.background == .standard
            ? source.terminal
            : Ground(
                foreground: screen.foreground == .standard
                    ? Color.indexed(16).legible(on: screen.background, contrast: 7) : screen.foreground,
                background: screen.background, isPainted: true)
        own = ground

        var written = source.styles
        for role in Role.allCases {
            guard let backdrop = role.backdrop, written[role.rawValue].background == .standard else { continue }
            written[role.rawValue].background = written[backdrop.rawValue].background
        }
        Self.fillGradient(&written)
        var backgrounds = [ground.background]
        for role in [Role.layer, .selected, .selectedUnfocused, .choiceSelected, .header] {
            let background = written[role.rawValue].background
            if background != .standard, !backgrounds.contains(background) { backgrounds.append(background) }
        }
        self.backgrounds = backgrounds
        styles = backgrounds.flatMap { background in
            Role.allCases.map { role in
                var style = written[role.rawValue]
                let under = style.background == .standard ? background : style.background
                // Text without a colour of its own has that of the screen, or of what it is laid over.
                let isLaid = style.foreground == .standard && style.background == .standard
                if isLaid || style.attributes.contains(.reverse) { return style }
                let own = style.foreground == .standard ? ground.foreground : style.foreground
                let legible = own.legible(on: under, contrast: role.leastContrast(text: source.contrast))
                if legible != own { style.foreground = legible }
                return style
            }
        }
    }

    /// The steps between the colours of the graphs; where these are none, or the terminal's own, those themselves.
    private static func fillGradient(_ styles: inout [Style]) {
        let steps = 9.0
        let (low, middle, high) = (Role.graphLow, Role.graphMiddle, Role.graphHigh)
        for step in 0...9 {
            let share = Double(step) / steps
            var style = styles[Role.graph(share).rawValue]
            let (from, to) = share < 0.6 ? (low, middle) : (middle, high)
            let part = share < 0.6 ? share / 0.6 : (share - 0.6) / 0.4
            let ends = [from, to].map { styles[$0.rawValue].foreground }
            if ends.allSatisfy({ $0.index ?? 0 >= 16 }) { style.foreground = ends[0].mixed(with: ends[1], part) }
            styles[Role.gradient0.rawValue + step] = style
        }
    }

    /// The style of a role on the screen itself, or on the background that it has of its own.
    subscript(role: Role) -> Style { styles[role.rawValue] }

    /// The style of a role laid over another: a selected row, a layer.
    subscript(role: Role, over base: Style) -> Style {
        let place = base.background == .standard ? 0 : backgrounds.firstIndex(of: base.background) ?? 0
        let style = styles[place * Role.allCases.count + role.rawValue]
        var result = style.over(base)
        if style.background != .standard, style.foreground == .standard, base.foreground != .standard {
            result.foreground = base.foreground.legible(on: style.background, contrast: source.contrast)
        }
        return result
    }

    /// Lays a role over cells that have their colours already: what stands beside each other mostly has the same.
    func laying(_ role: Role) -> (Style) -> Style {
        var last: (from: Style, to: Style)?
        return { style in
            if let last, last.from == style { return last.to }
            let result = self[role, over: style]
            last = (style, result)
            return result
        }
    }

    // MARK: The themes there are

    /// The names of the themes that come with the program.
    public static let builtIn = [
        "dark", "light", "high-contrast", "mono", "nord", "dracula", "gruvbox", "solarized-dark", "solarized-light",
        "catppuccin",
    ]

    /// The file of a theme that comes with the program; only that one is looked at.
    static func text(ofBuiltIn name: String) -> String? {
        let bytes: [UInt8]
        switch name {
        case "dark": bytes = Themes.dark
        case "light": bytes = Themes.light
        case "high-contrast": bytes = Themes.highContrast
        case "mono": bytes = Themes.mono
        case "nord": bytes = Themes.nord
        case "dracula": bytes = Themes.dracula
        case "gruvbox": bytes = Themes.gruvbox
        case "solarized-dark": bytes = Themes.solarizedDark
        case "solarized-light": bytes = Themes.solarizedLight
        case "catppuccin": bytes = Themes.catppuccin
        default: return nil
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// A theme that comes with the program, or nil when there is none of that name.
    public static func named(_ name: String) -> Theme? {
        // A test sees to it that there is no mistake in them.
        text(ofBuiltIn: name).map { ThemeFile($0).theme(name: name, from: nil) }
    }
}
