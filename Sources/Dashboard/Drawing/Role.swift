/// What a cell is for; a theme gives each its style.
///
/// A `CodingKey`, for the names that the compiler gives its cases: describing 60 values costs a millisecond at each start.
enum Role: Int, CaseIterable, CodingKey, Sendable {
    /// What lies under everything; the terminal's own colours where it is `default`.
    case screen
    case text, dim, strong
    case header, headerStrong
    case border, borderFocused, title, titleFocused, column
    case selected, selectedUnfocused, selectionBar
    case tab, tabSelected
    case running, starting, paused, created, restarting, endedWell, endedBadly
    case healthy, unhealthy, acting
    case graphLow, graphMiddle, graphHigh, axis
    case key, keyTitle
    case success, failure, note, docker
    case layer, layerBorder, layerTitle, choice, choiceSelected
    case stderr, stderrMark, timestamp, logMark, hit
    case levelDebug, levelInfo, levelWarning, levelError
    case name1, name2, name3, name4, name5, name6
    case jsonKey, jsonString, jsonNumber, jsonWord
    case stale
    // The steps between the three of the graphs, which no file names.
    case gradient0, gradient1, gradient2, gradient3, gradient4, gradient5, gradient6, gradient7, gradient8, gradient9

    /// Those that a theme's file names.
    static let named = allCases.filter { $0.rawValue < Role.gradient0.rawValue }

    /// The colour of one of many names that stand beside each other.
    static func name(_ index: Int) -> Role {
        let names: [Role] = [.name1, .name2, .name3, .name4, .name5, .name6]
        return names[index % names.count]
    }

    /// The colour of a share of the whole, in three steps: for what changes each second.
    static func graph(_ share: Double) -> Role { share < 0.6 ? .graphLow : share < 0.85 ? .graphMiddle : .graphHigh }

    /// The same without steps, as far as there are colours: for what seldom changes its colour.
    static func gradient(_ share: Double) -> Role {
        let step = share.isFinite ? Int((min(max(share, 0), 1) * 9).rounded()) : 0
        return Role(rawValue: Role.gradient0.rawValue + step) ?? .graphLow
    }

    /// How much contrast it needs to what it stands on, where text needs `text`: a mark or a bar is seen with less, and a
    /// frame around things is to be quiet.
    func leastContrast(text: Double) -> Double {
        switch self {
        case .border: 1
        case .borderFocused, .selectionBar, .stderrMark, .graphLow, .graphMiddle, .graphHigh: min(3, text)
        case _ where rawValue >= Role.gradient0.rawValue: min(3, text)
        default: text
        }
    }

    /// The role that gives its background to this one, which lies on it only.
    var backdrop: Role? {
        switch self {
        case .headerStrong: .header
        case .layerBorder, .layerTitle, .choice: .layer
        default: nil
        }
    }
}
