/// What a terminal can show, and the nearest it has for a style.
struct Palette {
    enum Depth {
        case none
        case eight
        case sixteen
        case full
        /// Colour numbers are red, green and blue, but for the first eight.
        case direct
    }

    /// What ncurses is to be told; -1 is the terminal's default colour.
    struct Rendition: Hashable {
        var attributes: Attributes
        var foreground: Int32
        var background: Int32
    }

    var depth: Depth
    var hasDim: Bool
    var hasItalic: Bool

    /// - Parameter colors: how many colours the terminal says it has.
    init(colors: Int, hasDim: Bool, hasItalic: Bool) {
        self.hasDim = hasDim
        self.hasItalic = hasItalic
        switch colors {
        case ..<8: depth = .none
        case ..<16: depth = .eight
        case ..<256: depth = .sixteen
        case 256: depth = .full
        default: depth = .direct
        }
    }

    func rendition(of style: Style) -> Rendition {
        var result = Rendition(attributes: style.attributes, foreground: -1, background: -1)
        if !hasItalic { result.attributes.remove(.italic) }
        switch depth {
        case .none:
            // A coloured background mostly means "selected", and has to be seen.
            if style.background != .standard { result.attributes.insert(.reverse) }
        case .eight:
            reduce(style, to: 8, &result)
        case .sixteen:
            reduce(style, to: 16, &result)
        case .full:
            if let index = style.foreground.index { result.foreground = Int32(index) }
            if let index = style.background.index { result.background = Int32(index) }
        case .direct:
            result.foreground = Self.direct(style.foreground)
            result.background = Self.direct(style.background)
        }
        if !hasDim, result.attributes.contains(.dim) {
            result.attributes.remove(.dim)
            if depth == .full || depth == .sixteen, style.foreground == .standard { result.foreground = 8 }
        }
        return result
    }

    private func reduce(_ style: Style, to count: Int, _ result: inout Rendition) {
        if let index = style.background.index {
            let nearest = Color.nearest(to: index, among: count)
            result.background = Int32(nearest)
            if nearest == 0, !Self.isBlack(index) {
                // A dark grey is there to be told from black.
                if count == 8 {
                    result.background = -1
                    result.attributes.insert(.reverse)
                } else {
                    result.background = 8
                }
            }
        }
        if let index = style.foreground.index {
            if count == 8, index >= 8, index < 16 {
                result.foreground = Int32(index - 8)
                // Bright black without bright colours is black, which is nothing to read.
                if index == 8 {
                    result.foreground = 7
                    result.attributes.insert(.dim)
                } else {
                    result.attributes.insert(.bold)
                }
            } else {
                let nearest = Color.nearest(to: index, among: count)
                result.foreground = Int32(nearest)
                if nearest == 0, !Self.isBlack(index) {
                    result.foreground = count == 8 ? 7 : 8
                    if count == 8 { result.attributes.insert(.dim) }
                }
            }
            // The blue of such terminals cannot be read on black, which most of them are.
            if count == 8, result.foreground == 4, result.background <= 0 { result.foreground = 6 }
        }
        if result.foreground >= 0, result.foreground == result.background {
            result.foreground = [0, 8].contains(result.background) || result.background == 4 ? 7 : 0
        }
    }

    private static func isBlack(_ index: UInt8) -> Bool {
        let (red, green, blue) = Color.components(of: index)
        return red + green + blue < 60
    }

    private static func direct(_ color: Color) -> Int32 {
        guard let index = color.index else { return -1 }
        if index < 8 { return Int32(index) }
        let (red, green, blue) = Color.components(of: index)
        return Int32(red << 16 | green << 8 | blue)
    }
}
