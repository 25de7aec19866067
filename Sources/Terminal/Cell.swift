/// One column of one row: a grapheme and its style, in eight bytes.
///
/// A wide grapheme takes two cells, its own and a continuation. Combining marks lie in a table of the frame, so cells of
/// different frames are compared by the frames, not by `==`.
public struct Cell: Hashable, Sendable {
    // Bits 0–20 scalar, 21 wide, 22 continuation, 23–37 index of the marks, 38–63 style.
    private var bits: UInt64

    @inline(__always)
    init(_ scalar: Unicode.Scalar, style: Style) {
        bits = UInt64(scalar.value) | UInt64(style.bits) << 38
    }

    @inline(__always)
    init(ascii byte: UInt8, style: Style) {
        bits = UInt64(byte) | UInt64(style.bits) << 38
    }

    static func wide(_ scalar: Unicode.Scalar, style: Style) -> Cell {
        var cell = Cell(scalar, style: style)
        cell.bits |= 1 << 21
        return cell
    }

    static func continuation(style: Style) -> Cell {
        var cell = Cell(" ", style: style)
        cell.bits |= 1 << 22
        return cell
    }

    /// The base of the grapheme; a space in a continuation.
    public var scalar: Unicode.Scalar { Unicode.Scalar(UInt32(bits & 0x1F_FFFF)) ?? " " }

    /// Whether the grapheme reaches into the next cell.
    public var isWide: Bool { bits & 1 << 21 != 0 }

    /// Whether this is the second column of a wide grapheme.
    public var isContinuation: Bool { bits & 1 << 22 != 0 }

    /// How the cell looks.
    public var style: Style {
        get { Style(bits: UInt32(bits >> 38)) }
        set { bits = bits & (1 << 38 - 1) | UInt64(newValue.bits) << 38 }
    }

    /// Where in the frame's table its combining marks are; 0 for none.
    var marks: Int {
        get { Int(bits >> 23 & 0x7FFF) }
        set { bits = bits & ~(0x7FFF << 23) | UInt64(newValue & 0x7FFF) << 23 }
    }

    /// Whether all but the marks is the same.
    func equalsWithoutMarks(_ other: Cell) -> Bool {
        bits & ~(0x7FFF << 23) == other.bits & ~(0x7FFF << 23)
    }
}
