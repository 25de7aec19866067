/// Ways to set text off that need no colour.
public struct Attributes: OptionSet, Hashable, Sendable {
    /// The bits.
    public let rawValue: UInt8

    /// Creates a set from its bits.
    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// Stronger.
    public static var bold: Attributes { Attributes(rawValue: 1) }
    /// Fainter.
    public static var dim: Attributes { Attributes(rawValue: 2) }
    /// Slanted.
    public static var italic: Attributes { Attributes(rawValue: 4) }
    /// Underlined.
    public static var underline: Attributes { Attributes(rawValue: 8) }
    /// Foreground and background exchanged.
    public static var reverse: Attributes { Attributes(rawValue: 16) }
}

/// How a cell looks: two colours and attributes, in 26 bits so that a `Cell` stays at eight bytes.
public struct Style: Hashable, Sendable {
    /// Nine bits of foreground, nine of background, eight of attributes.
    var bits: UInt32

    init(bits: UInt32) {
        self.bits = bits
    }

    /// Creates a style; what is left out is the terminal's default.
    public init(foreground: Color = .standard, background: Color = .standard, attributes: Attributes = []) {
        bits = UInt32(foreground.code) | UInt32(background.code) << 9 | UInt32(attributes.rawValue) << 18
    }

    /// The terminal's own colours, no attributes.
    public static let plain = Style()

    /// The colour of the text.
    public var foreground: Color {
        get { Color(code: UInt16(bits & 0x1FF)) }
        set { bits = bits & ~0x1FF | UInt32(newValue.code) }
    }

    /// The colour behind the text.
    public var background: Color {
        get { Color(code: UInt16(bits >> 9 & 0x1FF)) }
        set { bits = bits & ~(0x1FF << 9) | UInt32(newValue.code) << 9 }
    }

    /// Bold, dim and so on.
    public var attributes: Attributes {
        get { Attributes(rawValue: UInt8(truncatingIfNeeded: bits >> 18)) }
        set { bits = bits & 0x3FFFF | UInt32(newValue.rawValue) << 18 }
    }

    /// This style laid over another: own colours win where they are not the default, attributes add up.
    public func over(_ base: Style) -> Style {
        var result = Style(bits: bits | base.bits & ~0x3FFFF)
        if foreground == .standard { result.foreground = base.foreground }
        if background == .standard { result.background = base.background }
        return result
    }

    /// The same style with more attributes.
    public func adding(_ more: Attributes) -> Style {
        Style(bits: bits | UInt32(more.rawValue) << 18)
    }

    /// Reads what themes say: attributes and a foreground in any order, then "on" and a background.
    ///
    /// Examples: "bold #ff8800 on #202020", "reverse", "dim cyan", "on 236", "plain".
    public init?(parsing text: String) {
        self.init()
        var isBackground = false
        var hasForeground = false
        var hasBackground = false
        let words = text.split(whereSeparator: { $0 == " " || $0 == "\t" })
        guard !words.isEmpty else { return nil }
        for word in words {
            let name = word.lowercased()
            if isBackground {
                guard !hasBackground, let color = Color(parsing: name) else { return nil }
                background = color
                hasBackground = true
                isBackground = false
            } else if name == "on" {
                isBackground = true
            } else if let attribute = Self.attributeNames[name] {
                attributes.formUnion(attribute)
            } else if let color = Color(parsing: name), !hasForeground {
                foreground = color
                hasForeground = true
            } else {
                return nil
            }
        }
        if isBackground { return nil }
    }

    private static let attributeNames: [String: Attributes] = [
        "plain": [], "bold": .bold, "dim": .dim, "italic": .italic, "underline": .underline, "reverse": .reverse,
    ]
}
