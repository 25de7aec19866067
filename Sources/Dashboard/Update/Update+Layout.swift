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

    /// Moves the border between lists and details.
    mutating func moveSplit(toX x: Int, y: Int) {
        remembered.splits = layout.splits(movedTo: x, y, remembered.splits)
    }
}
