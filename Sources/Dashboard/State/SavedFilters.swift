/// A filter that can be had again: from the configuration, by a name, or saved while Gantry ran.
struct SavedFilter: Sendable, Equatable {
    /// Its name, or the filter itself.
    let title: String
    let text: String
}

extension State {
    /// More than so many are not kept.
    static let mostFilters = 50

    /// The filters that may be used in a pane: those of the configuration that ask only for what its rows have, and
    /// those that were saved there.
    func savedFilters(_ kind: PaneKind) -> [SavedFilter] {
        let named = settings.filters.sorted { $0.key < $1.key }.filter { RowFilter($0.value, kind).problems.isEmpty }
            .map { SavedFilter(title: $0.key, text: $0.value) }
        let prefix = prefix(kind)
        return named
            + remembered.filters.filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }
            .filter { text in !named.contains { $0.text == text } }
            .map { SavedFilter(title: $0, text: $0) }
    }

    /// Saves a filter for a pane, or forgets it if it was.
    /// - Returns: whether it is saved now.
    mutating func save(filter text: String, in kind: PaneKind) -> Bool {
        let entry = prefix(kind) + text
        if let known = remembered.filters.firstIndex(of: entry) {
            remembered.filters.remove(at: known)
            return false
        }
        remembered.filters.insert(entry, at: 0)
        if remembered.filters.count > Self.mostFilters { remembered.filters.removeLast() }
        return true
    }

    /// Filters the shown list, in the prompt if one is typing there.
    mutating func use(filter text: String) {
        if case .prompt(var prompt)? = layers.last, case .rows = prompt.purpose {
            prompt.text = text
            return replace(prompt)
        }
        focus = .list
        self[list: pane].filter = text
    }

    /// What stands before the filter in what is remembered: the pane.
    private func prefix(_ kind: PaneKind) -> String { Pane.of(kind).title.lowercased() + " " }
}
