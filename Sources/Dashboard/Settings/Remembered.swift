import FoundationEssentials

/// What was seen last, to be seen again at the next start: kept apart from what was chosen, in a file that nobody edits.
///
/// To remember something more, add a field and a line to `init(from:)`.
public struct Remembered: Sendable, Equatable, Codable {
    /// What the containers are sorted by, and whether in reverse.
    var sort = SortKey.name
    var isReversed = false
    /// What was last chosen in the palette, the newest first.
    var recent: [String] = []
    /// The filters that were saved, each behind the name of its pane, the newest first.
    var filters: [String] = []
    /// Whether the first start is over.
    var hasSeenTour = false
    /// What the rows of the other panes are sorted by.
    var sorts: [PaneKind: RowSort] = [:]
    /// How much of the screen the lists have.
    var splits = Splits()
    /// The columns that were chosen while Gantry ran, by their ids.
    var columns: [PaneKind: [String]] = [:]

    /// The theme that was chosen in the menu of themes.
    var theme: ChosenTheme?

    /// A theme, and the one that the settings had then: once they have another one, that is what was chosen last.
    struct ChosenTheme: Sendable, Equatable, Codable {
        let name: String
        let over: String
    }

    /// The theme that was chosen and is still to be seen instead of that of the settings.
    public func theme(over settings: Settings) -> String? {
        theme.flatMap { $0.over == settings.theme ? $0.name : nil }
    }

    /// Nothing seen yet.
    public init() {}

    /// Reads what it knows of. What is not there, or is of another kind (a newer Gantry, or another hand, wrote it), is as
    /// if it had never been seen.
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        fields.read(.sort, into: &sort)
        fields.read(.isReversed, into: &isReversed)
        fields.read(.recent, into: &recent)
        fields.read(.filters, into: &filters)
        fields.read(.hasSeenTour, into: &hasSeenTour)
        // Another hand may have written more than Gantry does.
        recent = Array(recent.prefix(State.mostRecent))
        filters = Array(filters.prefix(State.mostFilters))
        fields.read(.sorts, into: &sorts)
        fields.read(.splits, into: &splits)
        fields.read(.columns, into: &columns)
        fields.read(.theme, into: &theme)
    }
}

extension SortKey: Codable {}

// Known by its name in files, whatever order the panes are in.
extension PaneKind: Codable, CodingKeyRepresentable {
    private struct Name: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    private var name: String { Pane.of(self).title.lowercased() }

    var codingKey: any CodingKey { Name(stringValue: name) }

    init?(codingKey: some CodingKey) {
        guard let kind = Self.allCases.first(where: { $0.name == codingKey.stringValue }) else { return nil }
        self = kind
    }
}

extension KeyedDecodingContainer {
    /// What makes no sense is as if it were not there.
    func read<Value: Decodable>(_ key: Key, into value: inout Value) {
        if let found = try? decode(Value.self, forKey: key) { value = found }
    }
}
