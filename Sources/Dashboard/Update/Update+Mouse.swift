import EngineAPI
import Terminal

extension State {
    /// The wheel scrolls what is under it; a click selects, focuses, or shows a tab.
    mutating func handle(_ mouse: Mouse) -> [Effect] {
        pendingKeys = []
        if let layer = layers.last { return handle(mouse, on: layer) }
        let layout = layout
        let step = mouse.step
        if layout.body.contains(x: mouse.x, y: mouse.y) {
            step == 0 ? (focus = .detail) : scrollDetail(step)
            return []
        }
        if let area = layout.panes.first(where: { $0.frame.contains(x: mouse.x, y: mouse.y) }) {
            if step != 0 {
                if area.kind == pane { moveSelection(step.signum()) }
                return []
            }
            let visible = visibleRows(area.kind)
            let row = mouse.y - area.rows.y
            if pane != area.kind { show(area.kind) }
            focus = .list
            if row >= 0, row < visible.count, area.rows.contains(x: mouse.x, y: mouse.y) {
                select(visible[visible.startIndex + row], in: area.kind)
            }
            if mouse.kind == .doubleClick { focus = .detail }
            return []
        }
        guard step == 0 else { return [] }
        if layout.paneStrip.contains(x: mouse.x, y: mouse.y) {
            if let kind = Strip.pane(at: mouse.x, self) { show(kind) }
        } else if layout.tabs.contains(x: mouse.x, y: mouse.y) {
            if let tab = Strip.tab(at: mouse.x, self, layout) { return show(tab) }
        }
        return []
    }

    private mutating func select(_ row: ResourceID, in kind: PaneKind) {
        self[list: kind].selected = row
        self[list: kind].awaited = nil
        self[list: kind].follows = rows(kind).last == row
    }

    /// In a menu a click chooses, the wheel moves, and a click beside it leaves it; other layers have keys only.
    private mutating func handle(_ mouse: Mouse, on layer: Layer) -> [Effect] {
        let top = layers.count - 1
        switch layer {
        case .menu(var menu):
            if mouse.step != 0 {
                menu.index = min(max(0, menu.index + mouse.step.signum()), menu.items.count - 1)
                layers[top] = .menu(menu)
            } else if let index = MenuLayer.item(menu, x: mouse.x, y: mouse.y, size) {
                layers.removeLast()
                return choose(menu.items[index].choice)
            } else if !MenuLayer.rect(menu, size).contains(x: mouse.x, y: mouse.y) {
                layers.removeLast()
            }
        case .actions, .palette, .help:
            guard var list = layer.list else { break }
            if mouse.step != 0 {
                list.move(mouse.step.signum())
            } else if let index = ChoiceLayer.item(list, x: mouse.x, y: mouse.y, size) {
                // What acts at once is not to be hit by a finger that slips: the second click is the one that does it.
                let isSecond = index == list.index || mouse.kind == .doubleClick
                list.choose(index)
                layers[top].list = list
                if isSecond, list.index == index { return take(layers[top]) }
            } else if !ChoiceLayer.rect(list, size).contains(x: mouse.x, y: mouse.y) {
                layers.removeLast()
                return []
            }
            layers[top].list = list
        case .tour:
            if mouse.step == 0 { return leaveTour(by: .escape) }
        default: break
        }
        return []
    }
}

extension Mouse {
    /// How far the wheel scrolls; 0 for a click.
    fileprivate var step: Int { kind == .wheelDown ? 3 : kind == .wheelUp ? -3 : 0 }
}
