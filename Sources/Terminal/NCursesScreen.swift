import CNCurses
import Glibc

/// The terminal, through ncurses.
@MainActor
public final class NCursesScreen: Screen {
    public private(set) var size = Size(width: 80, height: 24)
    public private(set) var notice: String?

    /// Takes the terminal.
    /// - Throws: `ScreenError` when there is none, or none that can be drawn on.
    public init(options: ScreenOptions = ScreenOptions()) throws {
    }

    public func isReady() -> Bool { true }
    public func show(_ frame: Frame) {}
    public func readInput() -> [Input] { [] }
    public func updateSize() {}
    public func setMouse(_ isOn: Bool) {}
    public func copy(_ text: String) -> Bool { false }
    public func suspend() {}
    public func resume() {}
    public func close() {}
}
