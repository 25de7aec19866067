import EngineAPI
import Terminal

extension State {
    /// The mouse works on what is drawn under it: the wheel scrolls, a click selects, focuses, sorts, or is worth as much
    /// as the key whose hint or button it hits; borders are dragged.
    mutating func handle(_ mouse: Mouse) -> [Effect] {
        // Before the first list there is but a line of keys to be clicked.
        let isStart = !engine.isConnected && !engine.containersLoaded
        guard layout.mode != .tooSmall, layers.isEmpty ? !isStart || mouse.y == layout.keys.y : true else { return [] }
        switch mouse.kind {
        case .release:
            held = nil
            return []
        case .drag:
            if layers.isEmpty { dragBorder(to: mouse.x, mouse.y) }
            return []
        case .press, .doubleClick, .wheelUp, .wheelDown:
            held = nil
            // The line of keys shows what a sequence may go on with, and a click on it leaves that.
            let leaves = !pendingKeys.isEmpty && mouse.y == layout.keys.y
            pendingKeys = []
            if leaves { return [] }
            // The second of two clicks is meant for what the first one was.
            if mouse.kind == .press { pressed = layers.last?.keys.title }
            if mouse.kind == .doubleClick, pressed != layers.last?.keys.title { return [] }
        }
        if let layer = layers.last {
            return mouse.step == 0 ? click(mouse, on: layer) : turnWheel(mouse, on: layer)
        }
        return mouse.step == 0 ? click(mouse) : turnWheel(mouse)
    }

    // MARK: Panes and details

    private mutating func turnWheel(_ mouse: Mouse) -> [Effect] {
        let layout = layout
        if layout.detail.contains(x: mouse.x, y: mouse.y) {
            scrollDetail(mouse.step)
        } else if let area = layout.panes.first(where: { $0.frame.contains(x: mouse.x, y: mouse.y) }),
            !area.rows.isEmpty
        {
            moveSelection(mouse.step.signum(), in: area.kind)
        }
        return []
    }

    private mutating func click(_ mouse: Mouse) -> [Effect] {
        let layout = layout
        held = layout.border(at: mouse.x, mouse.y)
        if layout.tabs.contains(x: mouse.x, y: mouse.y),
            case .item(let number, Strip.tabPart)? = draw(self).click(x: mouse.x, y: mouse.y)
        {
            return show(Pane.of(pane).tabs[number])
        }
        // Who takes hold of the border of a pane does not choose that pane.
        if held == .details, layout.mode == .wide { return [] }
        if layout.detail.contains(x: mouse.x, y: mouse.y) {
            focus = .detail
            if tab == .top, case .item(let number, _)? = draw(self).click(x: mouse.x, y: mouse.y) {
                moveProcess(number - (engine.top?.index ?? 0))
            }
            return []
        }
        if let area = layout.panes.first(where: { $0.frame.contains(x: mouse.x, y: mouse.y) }) {
            click(mouse, on: area)
            return []
        }
        if layout.paneStrip.contains(x: mouse.x, y: mouse.y) {
            if let kind = Strip.pane(at: mouse.x, self) { show(kind) }
        } else if case .keys(let keys)? = draw(self).click(x: mouse.x, y: mouse.y) {
            return press(keys, mouse)
        }
        return []
    }

    /// The first of two clicks has pressed it; what has come to lie there since is not what the second one was for.
    private mutating func press(_ keys: [Key], _ mouse: Mouse) -> [Effect] {
        guard mouse.kind == .press else { return [] }
        return keys.flatMap { handle($0) }
    }

    private mutating func click(_ mouse: Mouse, on area: Layout.PaneArea) {
        if let column = PaneList.title(at: mouse.x, mouse.y, area, self) {
            // The first of two clicks has sorted already.
            if mouse.kind == .press { sort(area.kind, by: column) }
            return
        }
        let visible = visibleRows(area.kind)
        let row = mouse.y - area.rows.y
        let isOnRow = row >= 0 && row < visible.count && area.rows.contains(x: mouse.x, y: mouse.y)
        if mouse.kind == .doubleClick {
            // The first of the two has chosen the row, and may have opened its pane: another one may lie here now.
            if pane == area.kind, isOnRow, pane != .events { focus = .detail }
            return
        }
        if pane != area.kind { show(area.kind) }
        focus = .list
        if isOnRow { select(visible[visible.startIndex + row], in: area.kind) }
    }

    private mutating func select(_ row: ResourceID, in kind: PaneKind) {
        self[list: kind].selected = row
        self[list: kind].awaited = nil
        self[list: kind].follows = rows(kind).last == row
    }

    // MARK: Layers

    private mutating func turnWheel(_ mouse: Mouse, on layer: Layer) -> [Effect] {
        let key: Key = mouse.step > 0 ? .down : .up
        switch layer {
        case .prompt(let prompt):
            guard layers.count == 1 else { return [] }
            // What one types about can be looked at; only which rows are shown does not depend on the selected one.
            if case .rows = prompt.purpose { return turnWheel(mouse) }
            if layout.detail.contains(x: mouse.x, y: mouse.y) { scrollDetail(mouse.step) }
            return []
        case .form(var form):
            form.scrollRows(mouse.step, self)
            layers[layers.count - 1] = .form(form)
            return []
        // What has a chosen row moves that one.
        case .menu(var menu):
            menu.index = min(max(0, menu.index + mouse.step.signum()), menu.items.count - 1)
            layers[layers.count - 1] = .menu(menu)
            return []
        case .actions, .palette, .help:
            layers[layers.count - 1].list?.move(mouse.step.signum())
            return []
        case .tour: return []
        case .files, .cleanup, .totals, .columns: return handle(key, on: layer)
        case .wall(let wall):
            if case .item(let tile, _)? = draw(self).click(x: mouse.x, y: mouse.y) {
                scroll(wall, tile: tile, mouse.step)
            }
            return []
        case .question, .journal, .health, .job, .keys:
            var effects: [Effect] = []
            for _ in 0..<abs(mouse.step) { if let layer = layers.last { effects += handle(key, on: layer) } }
            return effects
        }
    }

    private mutating func click(_ mouse: Mouse, on layer: Layer) -> [Effect] {
        switch draw(self).click(x: mouse.x, y: mouse.y) {
        case .keys(let keys)?: return press(keys, mouse)
        case .item(let number, let part)?: return click(number, part, mouse, on: layer)
        case .nothing?: return []
        case nil:
            // Beside what only shows something, or has nothing typed into it, a click leaves it.
            switch layer {
            case .help, .journal, .health, .menu, .actions, .palette, .totals, .files, .columns, .job, .tour, .keys:
                return handle(.escape, on: layer)
            case .question, .prompt, .form, .cleanup, .wall: return []
            }
        }
    }

    /// A click on a thing of a layer, by its number.
    private mutating func click(_ number: Int, _ part: Int, _ mouse: Mouse, on layer: Layer) -> [Effect] {
        let top = layers.count - 1
        let isSecond = mouse.kind == .doubleClick
        switch layer {
        case .menu(let menu):
            guard menu.items.indices.contains(number) else { return [] }
            layers.removeLast()
            return choose(menu.items[number].choice)
        case .actions(var menu) where part > 0:
            guard menu.reaches.indices.contains(number) else { return [] }
            menu.reach = menu.reaches[number].reach
            layers[top] = .actions(settled(menu))
        case .actions, .palette, .help:
            guard var list = layer.list, list.items.indices.contains(number) else { return [] }
            // What acts at once is not to be hit by a finger that slips: the second click is the one that does it.
            let acts = number == list.index && list.wasChosen || isSecond
            list.choose(number)
            layers[top].list = list
            if acts, list.index == number { return take(layers[top]) }
        case .question(let question): layers[top] = .question(question.choosing(option: number, part))
        case .form(let form): click(number, part, mouse.x, in: form)
        case .totals(var view):
            view.choose(number)
            layers[top] = .totals(view)
            if isSecond { return handle(.enter, on: .totals(view)) }
        case .files(var browser):
            browser.move(number - browser.index, height: FilesLayer.height(size))
            layers[top] = .files(browser)
            if isSecond { return handle(.enter) }
        case .cleanup(var view):
            guard view.rows.indices.contains(number) else { return [] }
            view.move(to: number, height: CleanupLayer.listHeight(view, self))
            if case .kind(let kind) = view.rows[view.cursor] { view.toggle(kind) }
            cleanup = view
        case .columns(var view):
            guard view.items(self).indices.contains(number) else { return [] }
            view.index = number
            layers[top] = .columns(view)
            return handle(.character(" "), on: .columns(view))
        case .wall(var wall):
            wall.focus = number
            layers[top] = .wall(wall)
            if isSecond { return handle(.enter, on: .wall(wall)) }
        case .journal, .health, .prompt, .job, .tour, .keys: break
        }
        return []
    }
}

extension Mouse {
    /// How far the wheel scrolls; 0 for a click.
    fileprivate var step: Int { kind == .wheelDown ? 3 : kind == .wheelUp ? -3 : 0 }
}
