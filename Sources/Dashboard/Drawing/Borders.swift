import Terminal

/// The lines that boxes are drawn with.
enum Borders: String, CaseIterable, Sendable {
    case rounded, plain, heavy, double, ascii

    /// Across, down, and the corners: at the top left and right, at the bottom left and right.
    var scalars: (across: Unicode.Scalar, down: Unicode.Scalar, corners: [Unicode.Scalar]) {
        switch self {
        case .rounded: ("─", "│", ["╭", "╮", "╰", "╯"])
        case .plain: ("─", "│", ["┌", "┐", "└", "┘"])
        case .heavy: ("━", "┃", ["┏", "┓", "┗", "┛"])
        case .double: ("═", "║", ["╔", "╗", "╚", "╝"])
        case .ascii: ("-", "|", ["+", "+", "+", "+"])
        }
    }
}
