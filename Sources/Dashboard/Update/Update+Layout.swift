import Terminal

extension State {
    /// Takes the next layout; where there is no room for it, says so.
    mutating func turnLayout() {
        let all = LayoutChoice.allCases
        let index = all.firstIndex(of: settings.layout) ?? 0
        settings.layout = all[(index + 1) % all.count]
        let choice = settings.layout
        if choice.fits(size) {
            tell(.note, "layout: \(choice.title)")
        } else {
            tell(
                .note,
                "layout: \(choice.title), once there is room for it: \(choice.least.width)x\(choice.least.height)")
        }
    }

    /// Gives the list a little more room, or less.
    mutating func moveSplit(by step: Int) {
        let layout = layout
        let before = remembered.splits
        moveSplit(toX: layout.detail.x + 4 * step, y: layout.detail.y + step)
        if remembered.splits == before { tell(.note, "there is no more room to give") }
    }

    /// Takes the border that is held to where the mouse is.
    mutating func dragBorder(to x: Int, _ y: Int) {
        switch held {
        case nil: break
        case .details: moveSplit(toX: x, y: y)
        case .pane(let kind, let below):
            let layout = layout
            guard layout.keepsShares else {
                // Once, not for each line that the mouse goes on.
                held = nil
                if case .no(let reason) = sharesOfPanes { tell(.note, reason) }
                return
            }
            remembered.splits = layout.splits(withTopOf: kind, at: y + below, remembered.splits)
        }
    }

    /// Whether the borders between the boxes that share a column can be moved.
    var sharesOfPanes: Command.Applicability {
        let layout = layout
        if layout.keepsShares { return .yes }
        if layout.mode != .wide || layout.panes.count < 2 { return .no("there are no lists under one another") }
        return .no(
            settings.accordion
                ? "the shown pane opens by itself: the setting “accordion” off (\(key(of: "palette")) finds it) gives each its share"
                : "there is too little room for shares")
    }

    /// Gives the shown pane's box a little more of the column, or less.
    mutating func movePane(by step: Int) {
        let (layout, before) = (layout, remembered.splits)
        let below = layout.panes.first { $0.kind.rawValue > pane.rawValue && !$0.rows.isEmpty }
        // The uppermost one grows at its lower edge.
        if pane == .containers, let below {
            remembered.splits = layout.splits(withTopOf: below.kind, at: below.frame.y + step, before)
        } else if let area = layout.area(of: pane) {
            remembered.splits = layout.splits(withTopOf: pane, at: area.frame.y - step, before)
        }
        if remembered.splits == before { tell(.note, "there is no more room to give") }
    }

    /// Moves the border between lists and details.
    mutating func moveSplit(toX x: Int, y: Int) {
        remembered.splits = layout.splits(movedTo: x, y, remembered.splits)
    }
}
