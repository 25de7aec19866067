/// What happened with the mouse, and in which cell.
public struct Mouse: Hashable, Sendable {
    /// What the mouse did.
    public enum Kind: Hashable, Sendable {
        case press
        case doubleClick
        /// The pointer moved while the button was held.
        case drag
        case release
        case wheelUp
        case wheelDown
    }

    /// What the mouse did.
    public var kind: Kind
    /// The column.
    public var x: Int
    /// The row.
    public var y: Int

    /// Creates an event of the mouse.
    public init(kind: Kind, x: Int, y: Int) {
        self.kind = kind
        self.x = x
        self.y = y
    }
}

/// What comes from the person at the terminal.
public enum Input: Hashable, Sendable {
    /// A key was pressed.
    case key(Key)
    /// Text was pasted; its only control characters are newlines and tabs.
    case paste(String)
    /// The mouse did something.
    case mouse(Mouse)
    /// The terminal's window has the person's attention, or has lost it. Not every terminal tells.
    case focus(Bool)
    /// The terminal is gone: nothing will ever come again.
    case end
}
