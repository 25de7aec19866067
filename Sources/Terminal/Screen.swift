/// Something that shows frames and hears keys: a terminal, or a test.
@MainActor
public protocol Screen: AnyObject {
    /// Columns and rows right now.
    var size: Size { get }

    /// What the person should know about the terminal, for the flash line.
    var notice: String? { get }

    /// Whether the terminal takes more output now. When it does not, a later frame is worth more than this one.
    func isReady() -> Bool

    /// Shows a frame; writes only what differs from the frame before.
    func show(_ frame: Frame)

    /// How many bytes went to the terminal.
    var bytesWritten: Int { get }

    /// Everything that has come in since the last call; never waits.
    func readInput() -> [Input]

    /// Asks the terminal for its size again; for when it was resized.
    func updateSize()

    /// Turns the reporting of the mouse on or off; off, the terminal itself can select text.
    func setMouse(_ isOn: Bool)

    /// Puts text into the clipboard of the person's own terminal (OSC 52), over ssh too.
    /// - Returns: whether the terminal is of a kind that may know how. Whether it did, terminals do not say.
    func copy(_ text: String) -> Bool

    /// Gives the terminal back for a while: to a shell, or because the process is about to be stopped.
    func suspend()

    /// Takes the terminal again, or makes sure of it when it was not given back; the next frame is drawn in full.
    func resume()

    /// Gives the terminal back for good.
    func close()
}
