/// A colour of the xterm palette of 256, or the one that the terminal has by default.
public struct Color: Hashable, Sendable {
    /// 0 is the terminal's default, n + 1 is palette index n: nine bits, which is what a `Style` has room for.
    let code: UInt16

    init(code: UInt16) {
        self.code = code
    }

    /// The terminal's own foreground or background.
    public static var standard: Color { Color(code: 0) }

    /// A colour by its index in the palette: 0–7 normal, 8–15 bright, 16–231 the cube, 232–255 greys.
    public static func indexed(_ index: UInt8) -> Color { Color(code: UInt16(index) + 1) }

    /// The palette colour that is nearest to a true colour, never one of the first 16: users redefine those.
    public init(red: UInt8, green: UInt8, blue: UInt8) {
        let cube = (Self.cubeStep(red), Self.cubeStep(green), Self.cubeStep(blue))
        let cubeIndex = 16 + 36 * cube.0 + 6 * cube.1 + cube.2

        let mean = (Int(red) + Int(green) + Int(blue)) / 3
        let greyStep = max(0, min(23, (mean - 3) / 10))

        func distance(_ r: Int, _ g: Int, _ b: Int) -> Int {
            let (dr, dg, db) = (Int(red) - r, Int(green) - g, Int(blue) - b)
            return dr * dr + dg * dg + db * db
        }
        let cubeDistance = distance(Self.cubeLevel(cube.0), Self.cubeLevel(cube.1), Self.cubeLevel(cube.2))
        let grey = 8 + 10 * greyStep
        self = .indexed(UInt8(distance(grey, grey, grey) < cubeDistance ? 232 + greyStep : cubeIndex))
    }

    /// Reads "default", one of the 16 names ("red", "bright-black"), an index "0" to "255", or "#rrggbb".
    public init?(parsing text: String) {
        let name = text.lowercased()
        if name == "default" || name == "standard" {
            self = .standard
        } else if let index = Self.names.firstIndex(of: name) {
            self = .indexed(UInt8(index))
        } else if name.hasPrefix("bright-"), let index = Self.names.firstIndex(of: String(name.dropFirst(7))) {
            self = .indexed(UInt8(index + 8))
        } else if name.hasPrefix("#"), name.utf8.count == 7, name.utf8.dropFirst().allSatisfy(Self.isHexDigit),
            let rgb = UInt32(name.dropFirst(), radix: 16)
        {
            self.init(
                red: UInt8(truncatingIfNeeded: rgb >> 16), green: UInt8(truncatingIfNeeded: rgb >> 8),
                blue: UInt8(truncatingIfNeeded: rgb))
        } else if name.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }), let index = UInt8(name) {
            self = .indexed(index)
        } else {
            return nil
        }
    }

    /// The index in the palette, or nothing for the terminal's default.
    public var index: UInt8? { code == 0 ? nil : UInt8(code - 1) }

    /// What xterm shows for a palette index.
    static func components(of index: UInt8) -> (red: Int, green: Int, blue: Int) {
        switch index {
        case 0..<16:
            return Self.first16[Int(index)]
        case 16..<232:
            let step = Int(index) - 16
            return (cubeLevel(step / 36), cubeLevel(step / 6 % 6), cubeLevel(step % 6))
        default:
            let grey = 8 + 10 * (Int(index) - 232)
            return (grey, grey, grey)
        }
    }

    /// The nearest among the first `count` (8 or 16) palette entries.
    static func nearest(to index: UInt8, among count: Int) -> UInt8 {
        if Int(index) < count { return index }
        let wanted = components(of: index)
        func distance(_ candidate: Int) -> Int {
            let (r, g, b) = first16[candidate]
            let (dr, dg, db) = (wanted.red - r, wanted.green - g, wanted.blue - b)
            return dr * dr + dg * dg + db * db
        }
        return UInt8((0..<min(count, 16)).min { distance($0) < distance($1) } ?? 7)
    }

    private static let names = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"]

    private static let first16: [(red: Int, green: Int, blue: Int)] = [
        (0, 0, 0), (205, 0, 0), (0, 205, 0), (205, 205, 0), (0, 0, 238), (205, 0, 205), (0, 205, 205), (229, 229, 229),
        (127, 127, 127), (255, 0, 0), (0, 255, 0), (255, 255, 0), (92, 92, 255), (255, 0, 255), (0, 255, 255),
        (255, 255, 255),
    ]

    private static func cubeLevel(_ step: Int) -> Int { step == 0 ? 0 : 55 + 40 * step }

    private static func cubeStep(_ level: UInt8) -> Int {
        level < 48 ? 0 : level < 115 ? 1 : (Int(level) - 35) / 40
    }

    private static func isHexDigit(_ byte: UInt8) -> Bool {
        (byte >= 0x30 && byte <= 0x39) || (byte >= 0x61 && byte <= 0x66)
    }
}
