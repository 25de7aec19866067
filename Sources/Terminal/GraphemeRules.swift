/// Decides what becomes of each scalar of a text: which are shown and how wide, which only mark the one before, which
/// are never let through. Frames, widths and the sanitiser all ask here, so they cannot disagree.
struct GraphemeRules {
    struct Placement {
        /// What to show, which need not be what was asked about.
        var scalar: Unicode.Scalar
        /// 1 or 2 columns, 0 for a mark on the grapheme before, -1 for nothing at all.
        var width: Int
    }

    private var base: Unicode.Scalar = " "
    private var hasBase = false
    private var isJoined = false

    mutating func place(_ scalar: Unicode.Scalar) -> Placement {
        let value = scalar.value
        if value >= 0x20 && value < 0x7F { return show(scalar, width: 1) }
        if value < 0x20 {
            return show(value == 9 ? " " : Unicode.Scalar(0x2400 + value) ?? "\u{FFFD}", width: 1)
        }
        if value == 0x7F { return show("\u{2421}", width: 1) }
        if value < 0xA0 { return show("\u{FFFD}", width: 1) }
        if value == 0x200D {
            isJoined = hasBase
            return Placement(scalar: scalar, width: -1)
        }
        if Self.isInvisible(value) { return Placement(scalar: scalar, width: -1) }
        // A separator is dangerous, but the words on both sides of it are still two.
        if value == 0x2028 || value == 0x2029 { return show(" ", width: 1) }

        // Terminals disagree about the width of skin tones and joined emoji; the first emoji alone is the same anywhere.
        let isSkinTone = value >= 0x1F3FB && value <= 0x1F3FF
        if hasBase, isJoined || isSkinTone, Self.isEmoji(base), Self.isEmoji(scalar) {
            isJoined = false
            return Placement(scalar: scalar, width: -1)
        }

        switch TextWidth.system(scalar) {
        case 0:
            // With nothing before it, a mark gets a space to stand on: it must not vanish, nor land on its neighbour.
            return hasBase ? Placement(scalar: scalar, width: 0) : show(" ", width: 1)
        case 1: return show(scalar, width: 1)
        case 2: return show(scalar, width: 2)
        default: return show("\u{FFFD}", width: 1)
        }
    }

    @inline(__always)
    private mutating func show(_ scalar: Unicode.Scalar, width: Int) -> Placement {
        base = scalar
        hasBase = true
        isJoined = false
        return Placement(scalar: scalar, width: width)
    }

    private static func isEmoji(_ scalar: Unicode.Scalar) -> Bool {
        // Digits, # and * are emoji for Unicode, © and ® too.
        scalar.value > 0xFF && scalar.properties.isEmoji
    }

    /// What has no shape of its own and may change how its neighbours look: bidi controls, joiners, zero-width spaces,
    /// variation selectors, tags, interlinear annotation, fillers.
    private static func isInvisible(_ value: UInt32) -> Bool {
        switch value {
        case 0xAD, 0x034F, 0x061C, 0x115F, 0x17B4...0x17B5, 0x180B...0x180F, 0x200B...0x200F, 0x202A...0x202E,
            0x2060...0x206F, 0x3164, 0xFE00...0xFE0F, 0xFEFF, 0xFFA0, 0xFFF0...0xFFFB, 0x1BCA0...0x1BCA3,
            0x1D173...0x1D17A, 0xE0000...0xE0FFF:
            return true
        default:
            return false
        }
    }
}
