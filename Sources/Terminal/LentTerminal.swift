import CNCurses
import Dispatch
import Glibc

/// The terminal while it belongs to what runs elsewhere: bytes as they are typed, and bytes as they come.
///
/// The screen has to be suspended and its input paused.
@MainActor
public final class LentTerminal {
    /// Who looks after line ends and echo.
    public enum Mode: Sendable {
        /// A terminal on the other side: every byte goes through as it is.
        case raw
        /// Nobody on the other side: what is typed is shown here, and line feeds return to the first column.
        case cooked
    }

    private var before = termios()
    private var settings = termios()
    private let input: any DispatchSourceRead
    private let output = DispatchQueue(label: "gantry.lent-terminal")
    private var isRestored = false

    /// Takes the terminal.
    /// - Parameter onInput: called with what was typed; with nothing when the terminal is gone.
    public init(_ mode: Mode, onInput: @escaping @MainActor ([UInt8]) -> Void) {
        tcgetattr(STDIN_FILENO, &before)
        settings = before
        cfmakeraw(&settings)
        if mode == .cooked {
            settings.c_oflag |= tcflag_t(OPOST | ONLCR)
            settings.c_iflag |= tcflag_t(ICRNL)
            settings.c_lflag |= tcflag_t(ECHO)
        }
        tcsetattr(STDIN_FILENO, TCSADRAIN, &settings)
        input = DispatchSource.makeReadSource(fileDescriptor: STDIN_FILENO, queue: .main)
        input.setEventHandler {
            MainActor.assumeIsolated {
                var buffer = [UInt8](repeating: 0, count: 4096)
                let count = read(STDIN_FILENO, &buffer, buffer.count)
                if count > 0 {
                    onInput(Array(buffer[..<count]))
                } else if count == 0 || errno != EAGAIN && errno != EINTR {
                    onInput([])
                }
            }
        }
        input.activate()
    }

    /// Its columns and rows right now; nil when the kernel does not know.
    public var size: Size? {
        var width: Int32 = 0
        var height: Int32 = 0
        return gantry_terminal_size(&width, &height) ? Size(width: Int(width), height: Int(height)) : nil
    }

    /// Makes its settings anew, after somebody else had it.
    public func retake() {
        if !isRestored { tcsetattr(STDIN_FILENO, TCSADRAIN, &settings) }
    }

    /// Writes bytes; returns when the terminal has taken them.
    public func write(_ bytes: [UInt8]) async {
        await withCheckedContinuation { (done: CheckedContinuation<Void, Never>) in
            output.async {
                Self.write(bytes)
                done.resume()
            }
        }
    }

    private nonisolated static func write(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if errno == EAGAIN {
                var descriptor = pollfd(fd: STDOUT_FILENO, events: Int16(POLLOUT), revents: 0)
                poll(&descriptor, 1, 1_000)
            } else if errno != EINTR {
                return
            }
        }
    }

    /// Gives it back as it was.
    public func restore() {
        guard !isRestored else { return }
        isRestored = true
        input.cancel()
        tcsetattr(STDIN_FILENO, TCSADRAIN, &before)
    }
}
