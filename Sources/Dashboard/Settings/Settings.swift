/// What a person has chosen: in `config.yaml`, by options of the command line, or while Gantry runs. Without a choice
/// each is as it stands here.
///
/// Each is one value of ``Setting/all`` too: the file, what `gantry config --print-default` prints and the palette are
/// drawn from there.
public struct Settings: Sendable, Equatable {
    /// The name of the theme.
    public var theme = "dark"
    /// Whether the mouse is Gantry's from the start.
    public var mouse = true
    /// How many lines of a log are held at most.
    public var logLines = 100_000
    /// How many megabytes of a log are held at most.
    public var logMegabytes = 32
    /// Whether CPU figures are percent of the whole host instead of one core.
    public var cpuOfHost = false
    /// How lists and details share the screen.
    public var layout = LayoutChoice.auto
    /// Whether the pane that is shown opens and the others in its column fold; else each keeps its share.
    public var accordion = true
    /// The columns of the panes, by their ids, where others are wanted than Gantry shows by itself.
    var columns: [PaneKind: [String]] = [:]

    /// All as Gantry has it by itself.
    public init() {}
}

/// What was seen last, to be seen again at the next start: kept apart from what was chosen, in a file that nobody edits.
public struct Remembered: Sendable, Equatable {
    /// What the containers are sorted by, and whether in reverse.
    var sort = SortKey.name
    var isReversed = false
    /// What the rows of the other panes are sorted by.
    var sorts: [PaneKind: RowSort] = [:]
    /// How much of the screen the lists have.
    var splits = Splits()
    /// The columns that were chosen while Gantry ran, by their ids.
    var columns: [PaneKind: [String]] = [:]

    /// Nothing seen yet.
    public init() {}
}
