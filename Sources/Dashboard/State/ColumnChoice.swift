import Terminal

extension State {
    /// The columns that were chosen for a pane; nil when those are wanted that Gantry shows by itself.
    private func chosenColumns(_ kind: PaneKind) -> [Column]? {
        guard let ids = remembered.columns[kind] ?? settings.columns[kind] else { return nil }
        let all = Pane.of(kind).columns
        let chosen = ids.compactMap { id in all.first { $0.id == id } }
        // What it is called is never left out.
        return chosen.contains { $0.keep == 0 } ? chosen : [all[0]] + chosen
    }

    /// The ids of a pane's columns that are to be there, in their order.
    func columnIDs(_ kind: PaneKind) -> [String] {
        (chosenColumns(kind) ?? Pane.standardColumns[kind.rawValue]).map(\.id)
    }

    /// The columns of a pane as they are to stand, whether there is room for them or not.
    func columns(of kind: PaneKind) -> [Column] {
        var columns = Pane.standardColumns[kind.rawValue]
        if let chosen = chosenColumns(kind) {
            columns = chosen
            // Those that stand first are wanted most.
            for index in columns.indices where columns[index].keep > 0 { columns[index].keep = index + 1 }
        }
        // Where only trouble is shown, what it is stands among them.
        if kind == .containers, self[list: .containers].onlyTrouble {
            columns.insert(ContainerColumns.trouble, at: min(1, columns.count))
        }
        return columns
    }

    /// The columns of a list that has the whole screen: all figures there are, as far as they leave the others room to be
    /// read, and longer meters.
    func tableColumns(of kind: PaneKind, _ width: Int) -> [Column] {
        var columns = columns(of: kind)
        // Half of what each could take besides what it needs; all of it for what it is called.
        var used = columns.reduce(-1) { used, column in
            let bounds = PaneList.bounds(column, engine)
            return used + 1 + (column.keep == 0 ? bounds.upperBound : (bounds.lowerBound + bounds.upperBound) / 2)
        }
        for var column in Pane.of(kind).columns where !columns.contains(where: { $0.id == column.id }) {
            used += column.minimum + 1
            guard used <= width else { break }
            column.keep += 100
            columns.append(column)
        }
        for index in columns.indices { columns[index].stretches = columns[index].widest != nil }
        return columns
    }
}

/// The columns of a pane, being chosen and put into order.
struct ColumnsView: Sendable {
    struct Item: Sendable, Hashable {
        let id: String
        let title: String
        let isOn: Bool
        /// Whether it is there in any case.
        let isFixed: Bool
    }

    let kind: PaneKind
    var index = 0

    /// Those that are there, in their order, then the others.
    func items(_ state: State) -> [Item] {
        let all = Pane.of(kind).columns
        let on = state.columnIDs(kind).compactMap { id in all.first { $0.id == id } }
        let off = all.filter { column in !on.contains { $0.id == column.id } }
        return on.map { Item(id: $0.id, title: $0.title, isOn: true, isFixed: $0.keep == 0) }
            + off.map { Item(id: $0.id, title: $0.title, isOn: $0.keep == 0, isFixed: $0.keep == 0) }
    }
}

extension State {
    /// A key while columns are chosen; what is chosen is seen behind at once.
    mutating func handle(_ key: Key, on view: ColumnsView) -> [Effect] {
        var view = view
        let items = view.items(self)
        switch key {
        case .down, .character("j"): view.index = min(view.index + 1, items.count - 1)
        case .up, .character("k"): view.index = max(view.index - 1, 0)
        case .home, .character("g"): view.index = 0
        case .end, .character("G"): view.index = items.count - 1
        case .character(" "), .enter: toggleColumn(items[view.index], &view)
        case .right, .character("J"), .character("l"): moveColumn(1, items, &view)
        case .left, .character("K"), .character("h"): moveColumn(-1, items, &view)
        case .character("r"):
            remembered.columns[view.kind] = nil
            view.index = 0
            tell(.note, "the columns are as they were before you chose any")
        case _ where closes(key, orItsOwn: "list.columns"):
            layers.removeLast()
            return []
        default: return []
        }
        layers[layers.count - 1] = .columns(view)
        return []
    }

    private mutating func toggleColumn(_ item: ColumnsView.Item, _ view: inout ColumnsView) {
        guard !item.isFixed else { return tell(.note, "\(item.title) is always there") }
        var ids = columnIDs(view.kind)
        if item.isOn { ids.removeAll { $0 == item.id } } else { ids.append(item.id) }
        take(ids, for: view.kind)
        view.index = view.items(self).firstIndex { $0.id == item.id } ?? 0
    }

    private mutating func moveColumn(_ step: Int, _ items: [ColumnsView.Item], _ view: inout ColumnsView) {
        let item = items[view.index]
        var ids = columnIDs(view.kind)
        guard let place = ids.firstIndex(of: item.id) else { return tell(.note, "Space adds it first") }
        guard ids.indices.contains(place + step) else { return }
        ids.swapAt(place, place + step)
        take(ids, for: view.kind)
        view.index = min(max(0, view.index + step), items.count - 1)
    }

    private mutating func take(_ ids: [String], for kind: PaneKind) {
        let before = settings.columns[kind] ?? Pane.standardColumns[kind.rawValue].map(\.id)
        remembered.columns[kind] = ids == before ? nil : ids
    }
}
