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
    /// Filters of lists by names.
    public var filters: [String: String] = [:]
    /// How lists and details share the screen.
    public var layout = LayoutChoice.auto
    /// Whether the pane that is shown opens and the others in its column fold; else each keeps its share.
    public var accordion = true
    /// The columns of the panes, by their ids, where others are wanted than Gantry shows by itself.
    var columns: [PaneKind: [String]] = [:]
    /// Which keys mean which commands.
    var keys = Keymap()

    /// All as Gantry has it by itself.
    public init() {}
}
