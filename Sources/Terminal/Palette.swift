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

    /// What ncurses is told for a style, on what lies under everything.
    func rendition(of style: Style, on ground: Ground = .dark) -> Rendition {
        var style = style
        if ground.isPainted, depth == .full || depth == .direct {
            style = style.over(Style(foreground: ground.foreground, background: ground.background))
        }
        var result = Rendition(attributes: style.attributes, foreground: -1, background: -1)
        if !hasItalic { result.attributes.remove(.italic) }
        switch depth {
        case .none:
            // A coloured background mostly means "selected", and has to be seen.
            if style.background != .standard { result.attributes.insert(.reverse) }
        case .eight:
            reduce(style, to: 8, ground, &result)
        case .sixteen:
            reduce(style, to: 16, ground, &result)
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

    /// Less contrast than this, and text is not worth its colour.
    private static let leastContrast = 2.0

    private func reduce(_ style: Style, to count: Int, _ ground: Ground, _ result: inout Rendition) {
        let (black, white): (Int32, Int32) = (0, count == 8 ? 7 : 15)
        let under = ground.isLight ? white : black
        let plain = ground.isLight ? black : 7
        if ground.isPainted { (result.foreground, result.background) = (plain, under) }
        if let index = style.background.index, style.background != ground.background || !ground.isPainted {
            let nearest = Int32(Color.nearest(to: index, among: count))
            result.background = nearest
            if nearest == under, !(ground.isLight ? Self.isWhite(index) : Self.isBlack(index)) {
                // A grey that is near the ground is there to be told from it.
                if count == 8 {
                    result.background = ground.isPainted ? under : -1
                    result.attributes.insert(.reverse)
                } else {
                    result.background = ground.isLight ? 7 : 8
                }
            }
        }
        if let index = style.foreground.index {
            if count == 8, index >= 8, index < 16 {
                result.foreground = Int32(index - 8)
                // Bright black without bright colours is black, which is nothing to read.
                if index == 8 {
                    result.foreground = ground.isLight ? black : 7
                    result.attributes.insert(.dim)
                } else {
                    result.attributes.insert(.bold)
                }
            } else {
                let nearest = Color.nearest(to: index, among: count)
                result.foreground = Int32(nearest)
                if nearest == 0, !Self.isBlack(index) {
                    result.foreground = count == 8 ? plain : 8
                    if count == 8 { result.attributes.insert(.dim) }
                }
            }
            // The blue of such terminals cannot be read on black, which most of them are.
            if count == 8, result.foreground == 4, result.background <= 0, !ground.isLight { result.foreground = 6 }
        }
        keepLegible(&result, plain: plain, under: under, white: white)
    }

    /// Black or white, where a colour cannot be read on what it stands on.
    private func keepLegible(_ result: inout Rendition, plain: Int32, under: Int32, white: Int32) {
        guard result.foreground >= 0 || result.background >= 0 else { return }
        func color(_ index: Int32) -> Color { .indexed(UInt8(index)) }
        let background = color(result.background < 0 ? under : result.background)
        let foreground = color(result.foreground < 0 ? plain : result.foreground)
        guard foreground.contrast(to: background) < Self.leastContrast else { return }
        let whites = [7, white].map { ($0, color($0).contrast(to: background)) }
        let blackContrast = color(0).contrast(to: background)
        result.foreground = 0
        for (index, contrast) in whites where contrast > max(blackContrast, Self.leastContrast) {
            result.foreground = index
            break
        }
    }

    private static func isWhite(_ index: UInt8) -> Bool {
        let (red, green, blue) = Color.components(of: index)
        return min(red, green, blue) > 245
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
