import Terminal

/// What a row is sorted by.
enum SortValue: Sendable, Comparable {
    case number(Double)
    case text(String)
    /// Nothing is known: it stands last, whichever way the rows are sorted.
    case none

    /// Nothing where there is none.
    init(_ number: Double?) { self = number.map { .number($0) } ?? .none }
}

extension State {
    /// The rows of a pane in the order that was chosen; those that are alike stay in the order they had.
    func sorted(_ rows: [ResourceID], of kind: PaneKind) -> [ResourceID] {
        guard let sort = remembered.sorts[kind],
            let order = Pane.of(kind).columns.first(where: { $0.id == sort.column })?.order
        else { return rows }
        let engine = engine
        let values = rows.map { order($0, engine) }
        return rows.indices.sorted { a, b in
            let (x, y) = (values[a], values[b])
            if x == y { return a < b }
            if x == .none || y == .none { return y == .none }
            // The largest figure first, and the first letter.
            if case .number = x { return (x > y) != sort.isReversed }
            return (x < y) != sort.isReversed
        }.map { rows[$0] }
    }

    /// Sorts a pane's rows by one of its columns; by the same one again, the other way round.
    mutating func sort(_ kind: PaneKind, by column: Column) {
        let title = column.title.lowercased()
        if kind == .containers {
            guard let key = column.sort else { return tell(.note, "containers are not sorted by \(title)") }
            return engine.sort.key == key ? reverseSort() : sort(by: key)
        }
        guard column.order != nil else {
            return tell(.note, "\(Pane.of(kind).title.lowercased()) are not sorted by \(title)")
        }
        if remembered.sorts[kind]?.column == column.id {
            remembered.sorts[kind]?.isReversed.toggle()
        } else {
            remembered.sorts[kind] = RowSort(column: column.id)
        }
        tellSort(of: kind)
    }

    /// Turns the order of a pane's rows around.
    mutating func reverseRows(_ kind: PaneKind) {
        guard let first = Pane.of(kind).columns.first(where: { $0.order != nil }) else { return }
        if remembered.sorts[kind] == nil { remembered.sorts[kind] = RowSort(column: first.id) }
        remembered.sorts[kind]?.isReversed.toggle()
        tellSort(of: kind)
    }

    private mutating func tellSort(of kind: PaneKind) {
        guard let sort = remembered.sorts[kind],
            let column = Pane.of(kind).columns.first(where: { $0.id == sort.column })
        else { return }
        let rest = sort.isReversed ? ", reversed" : "; \(key(of: "list.reverse")) reverses"
        tell(.note, "sorted by \(column.title.lowercased())\(rest)")
    }
}
