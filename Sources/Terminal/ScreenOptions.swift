/// How a terminal is to be used.
public struct ScreenOptions: Sendable {
    /// When to use colours.
    public enum Colours: Sendable {
        /// As the terminal can, unless `NO_COLOR` is set.
        case auto
        case never
    }

    /// When to use colours.
    public var colours: Colours
    /// Whether to hear the mouse from the start.
    public var mouse: Bool
    /// Whether to draw with ASCII only; nothing for as the locale says.
    public var ascii: Bool?

    /// Creates options; the defaults are what most people want.
    public init(colours: Colours = .auto, mouse: Bool = true, ascii: Bool? = nil) {
        self.colours = colours
        self.mouse = mouse
        self.ascii = ascii
    }
}

/// Why there can be no screen.
public enum ScreenError: Error, Hashable, CustomStringConvertible {
    /// Standard input or output is a file or a pipe.
    case notATerminal(String)
    /// Not even the simplest of terminal descriptions was found.
    case unknownTerminal(String?)
    /// The terminal cannot place its cursor, such as TERM=dumb.
    case tooSimple(String)

    /// What to tell the person.
    public var description: String {
        switch self {
        case .notATerminal(let stream):
            "\(stream) is not a terminal; gantry draws a full screen and needs one (over ssh: ssh -t, in docker run: -it)"
        case .tooSimple(let name):
            "TERM=\(name) says that this terminal cannot draw a full screen; "
                + "if it can, set TERM to what it is, such as xterm-256color"
        case .unknownTerminal(let name):
            "no terminal description found for TERM=\(name ?? "(unset)"), nor for xterm-256color, xterm or vt100; "
                + "is ncurses-base installed, or TERMINFO set wrongly?"
        }
    }
}
