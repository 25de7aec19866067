/// What a person has chosen: in `config.yaml`, by options of the command line, or while Gantry runs. Without a choice
/// each is as it stands here.
///
/// Each is one value of ``Setting/all`` too: the file, what `gantry config --print-default` prints and the palette are
/// drawn from there.
public struct Settings: Sendable, Equatable {
    /// The name of the theme.
    public var theme = "dark"
    /// Whether a theme may paint a background of its own.
    public var paintsBackground = true
    /// The lines around boxes.
    var borders = Borders.rounded
    /// Whether the mouse is Gantry's from the start.
    public var mouse = true
    /// How many lines of a log are held at most.
    public var logLines = 100_000
    /// How many megabytes of a log are held at most.
    public var logMegabytes = 32
    /// Whether CPU figures are percent of the whole host instead of one core.
    public var cpuOfHost = false

    /// All as Gantry has it by itself.
    public init() {}
}

/// What was seen last, to be seen again at the next start: kept apart from what was chosen, in a file that nobody edits.
public struct Remembered: Sendable, Equatable {
    /// What the containers are sorted by, and whether in reverse.
    var sort = SortKey.name
    var isReversed = false

    /// Nothing seen yet.
    public init() {}
}
