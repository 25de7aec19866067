import Glibc

extension Color {
    /// How bright a palette colour is to the eye: 0 for black to 1 for white, by the measure of the web's guidelines for
    /// accessible content.
    var luminance: Double { index.map { Self.luminances[Int($0)] } ?? 0 }

    /// From 1 for the same brightness to 21 for black and white; text is easy to read from 4.5 on.
    ///
    /// The terminal's default has no brightness that is known, and counts as black.
    public func contrast(to other: Color) -> Double {
        let (a, b) = (luminance, other.luminance)
        return (max(a, b) + 0.05) / (min(a, b) + 0.05)
    }

    /// The nearest colour to this one that has so much contrast to a background: a lighter or a darker shade of it.
    ///
    /// The first 16 colours are left as they are: what they look like is for the person's terminal to say.
    public func legible(on background: Color, contrast wanted: Double) -> Color {
        guard let index, index >= 16, background != .standard, contrast(to: background) < wanted else { return self }
        let own = Self.components(of: index)
        let isLighter = luminance >= background.luminance
        for target in isLighter ? [255, 0] : [0, 255] {
            for step in 1...20 {
                func mixed(_ value: Int) -> UInt8 { UInt8(value + (target - value) * step / 20) }
                let shade = Color(red: mixed(own.red), green: mixed(own.green), blue: mixed(own.blue))
                if shade.contrast(to: background) >= wanted { return shade }
            }
        }
        // More than black or white could give: the farther one of them.
        let (black, white) = (Color.indexed(16), Color.indexed(231))
        return black.contrast(to: background) > white.contrast(to: background) ? black : white
    }

    /// A colour between this one and another, 0 being this one; this one where either has no shade that is known.
    public func mixed(with other: Color, _ share: Double) -> Color {
        guard let index, let end = other.index, index >= 16, end >= 16 else { return self }
        let (a, b) = (Self.components(of: index), Self.components(of: end))
        func mixed(_ from: Int, _ to: Int) -> UInt8 {
            UInt8(min(max(Double(from) + Double(to - from) * share, 0), 255).rounded())
        }
        return Color(red: mixed(a.red, b.red), green: mixed(a.green, b.green), blue: mixed(a.blue, b.blue))
    }

    private static let luminances: [Double] = {
        let linear = (0...255).map { value -> Double in
            let part = Double(value) / 255
            return part <= 0.04045 ? part / 12.92 : pow((part + 0.055) / 1.055, 2.4)
        }
        return (0...255).map { index in
            let (red, green, blue) = components(of: UInt8(index))
            return 0.2126 * linear[red] + 0.7152 * linear[green] + 0.0722 * linear[blue]
        }
    }()
}
