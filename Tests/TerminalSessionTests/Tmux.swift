import Foundation
import Testing

/// A terminal of a test's own: one tmux server with one window, of which nobody but the test knows.
struct Tmux: Sendable {
    let name = "gantry-\(ProcessInfo.processInfo.processIdentifier)-\(String.suffix())\(String.suffix())"

    /// Columns and rows of a terminal.
    struct Size: Sendable, CustomTestStringConvertible {
        let width: Int
        let height: Int

        /// What every terminal has been since the VT100.
        static let small = Size(width: 80, height: 24)
        /// A window over most of a large display.
        static let large = Size(width: 200, height: 50)
        static let both = [small, large]

        var testDescription: String { "\(width)x\(height)" }
    }

    /// Opens the window with a command in it; when that ends, its last screen stays to be read.
    func open(_ size: Size, _ command: [String]) throws {
        let options = [
            ["status", "off"], ["remain-on-exit", "on"], ["escape-time", "0"], ["monitor-bell", "on"],
            ["default-terminal", "tmux-256color"], ["history-limit", "2000"],
            // What programs put in the clipboard is kept, for `clipboard()`.
            ["set-clipboard", "on"],
        ]
        try tmux(
            ["start-server"] + options.flatMap { [";", "set", "-g"] + $0 }
                + [";", "new-session", "-d", "-x", "\(size.width)", "-y", "\(size.height)", "--"] + command)
    }

    /// The screen as text, or with the escape sequences that make its styles.
    func capture(styles: Bool = false) throws -> [String] {
        var lines = try tmux(["capture-pane", "-p"] + (styles ? ["-e"] : [])).lines
        if lines.last == "" { lines.removeLast() }
        return lines
    }

    /// Presses keys by their names in tmux, or types text as it is.
    func send(keys: [String]) throws { try tmux(["send-keys"] + keys) }
    func type(_ text: String) throws { try tmux(["send-keys", "-l", "--", text]) }

    /// Pastes text, marked as such where the program asked for that.
    func paste(_ text: String) throws {
        try tmux(["set-buffer", "-b", "pasted", "--", text, ";", "paste-buffer", "-p", "-d", "-b", "pasted"])
    }

    func resize(_ size: Size) throws {
        try tmux(["resize-window", "-x", "\(size.width)", "-y", "\(size.height)"])
    }

    /// What tmux knows, for example `#{alternate_on}`.
    func value(_ format: String) throws -> String {
        try tmux(["display-message", "-p", format]).output.trimmingCharacters(in: .newlines)
    }

    /// The text that a program put in the terminal's clipboard last; empty when none did.
    func clipboard() throws -> String { try tmux(["show-buffer"], expecting: nil).output }

    /// Closes the window: what runs in it loses its terminal.
    func close() { _ = try? tmux(["kill-server"], expecting: nil) }

    @discardableResult
    private func tmux(_ words: [String], expecting status: Int32? = 0) throws -> Outcome {
        try run(["tmux", "-u", "-L", name, "-f", "/dev/null"] + words, expecting: status)
    }
}
