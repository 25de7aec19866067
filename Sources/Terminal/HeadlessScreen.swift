/// A screen without a terminal: keeps what was shown and hears what tests say.
@MainActor
public final class HeadlessScreen: Screen {
    /// Columns and rows; set it to resize.
    public var size: Size
    /// What the person should know about the terminal.
    public var notice: String?
    /// The last frame shown.
    public private(set) var frame: Frame?
    /// How many frames were shown.
    public private(set) var frameCount = 0
    /// How many rows were written in all: those that differed.
    public private(set) var rowsWritten = 0
    /// What `isReady` answers.
    public var isDrained = true
    /// Whether the mouse is reported.
    public private(set) var isMouseOn = true
    /// Whether somebody else has the terminal.
    public private(set) var isSuspended = false
    /// Whether `close` was called.
    public private(set) var isClosed = false
    /// What was copied last.
    public private(set) var clipboard: String?

    /// A byte for each cell of the rows that were written.
    public private(set) var bytesWritten = 0

    private var pending: [Input] = []

    /// Creates a screen of a size.
    public init(size: Size) {
        self.size = size
    }

    /// The last frame's rows, without the spaces at their ends.
    public var lines: [String] { frame?.lines ?? [] }

    /// Lets the next `readInput` find this.
    public func type(_ inputs: Input...) {
        pending += inputs
    }

    /// What `isDrained` says.
    public func isReady() -> Bool { isDrained }

    /// Keeps the frame.
    public func show(_ frame: Frame) {
        let rows = frame.changedRows(since: self.frame).count
        rowsWritten += rows
        bytesWritten += rows * frame.size.width
        self.frame = frame
        frameCount += 1
    }

    /// What was typed since the last call.
    public func readInput() -> [Input] {
        defer { pending = [] }
        return pending
    }

    /// Nothing: `size` is set by the test.
    public func updateSize() {}

    /// Notes whether the mouse is reported.
    public func setMouse(_ isOn: Bool) { isMouseOn = isOn }

    /// Keeps the text.
    public func copy(_ text: String) -> Bool {
        clipboard = text
        return true
    }

    /// Notes that somebody else has the terminal.
    public func suspend() { isSuspended = true }

    /// Forgets the frame, as a terminal would.
    public func resume() {
        isSuspended = false
        frame = nil
    }

    /// Notes that the terminal is given back.
    public func close() { isClosed = true }
}
