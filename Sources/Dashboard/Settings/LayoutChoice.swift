import Terminal

/// How lists and details share the screen, as a person wants it.
public enum LayoutChoice: String, CaseIterable, Sendable {
    /// By the size of the screen.
    case auto
    /// Lists on the left, details on the right.
    case side
    /// The list above, the details below.
    case stacked
    /// Either the list or the details.
    case single

    /// The smallest screen on which it is of use.
    var least: Size {
        switch self {
        case .auto, .single: Layout.minimum
        case .side: Size(width: 80, height: 14)
        case .stacked: Size(width: 40, height: 14)
        }
    }

    func fits(_ size: Size) -> Bool { size.width >= least.width && size.height >= least.height }

    var title: String {
        switch self {
        case .auto: "by the size of the screen"
        case .side: "side by side"
        case .stacked: "stacked"
        case .single: "one thing at a time"
        }
    }
}

/// How much of the screen the lists have, as a person has moved the borders: in thousandths; what is not there is as
/// Gantry finds best.
struct Splits: Sendable, Equatable, Codable {
    /// Of the width, side by side.
    var side: Int?
    /// Of the height, stacked.
    var stacked: Int?
    /// Of the height, the boxes that share a column; the containers have what the others leave.
    var panes: [PaneKind: Int] = [:]

    init(side: Int? = nil, stacked: Int? = nil, panes: [PaneKind: Int] = [:]) {
        (self.side, self.stacked, self.panes) = (side, stacked, panes)
    }

    /// What is not there, or is of another kind, is as Gantry finds best.
    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        fields.read(.side, into: &side)
        fields.read(.stacked, into: &stacked)
        fields.read(.panes, into: &panes)
    }
}

/// What the rows of a list are sorted by: a column, by its id.
struct RowSort: Sendable, Hashable, Codable {
    var column: String
    var isReversed = false
}
