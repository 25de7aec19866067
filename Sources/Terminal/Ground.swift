/// What lies under everything on a screen: the colours of text that has none of its own.
public struct Ground: Hashable, Sendable {
    /// The colours; of the terminal's own, what they are taken to be.
    public let foreground: Color
    /// The same of the background.
    public let background: Color
    /// Whether the screen is painted so; else the terminal's own colours are left.
    public let isPainted: Bool

    /// A ground of two colours of the palette.
    public init(foreground: Color, background: Color, isPainted: Bool) {
        self.foreground = foreground
        self.background = background
        self.isPainted = isPainted
    }

    /// The terminal's own colours, taken to be dark.
    public static let dark = Ground(foreground: .indexed(252), background: .indexed(234), isPainted: false)
    /// The terminal's own colours, taken to be light.
    public static let light = Ground(foreground: .indexed(236), background: .indexed(255), isPainted: false)

    /// Whether dark is written on light.
    public var isLight: Bool { background.luminance > 0.18 }
}
