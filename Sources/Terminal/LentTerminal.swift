import CNCurses
import Dispatch
import Glibc
import Synchronization

/// The terminal while it belongs to what runs elsewhere: bytes as they are typed, and bytes as they come.
///
/// What is typed is read from the beginning, with the screen still there: it is meant for what comes. The screen has to be
/// suspended before ``take()``, and its input paused before this is made.
@MainActor
public final class LentTerminal {
    private var before = termios()
    private var settings = termios()
    private let input: any DispatchSourceRead
    private let output = DispatchQueue(label: "gantry.lent-terminal")
    private let isOver = Atomic<Bool>(false)
    private var isTaken = false
    private let isXtermLike: Bool
    private var otherScreen = OtherScreen()

    /// Begins to read what is typed.
    /// - Parameter onInput: called with what was typed; with nothing when the terminal is gone.
    public init(onInput: @escaping @MainActor ([UInt8]) -> Void) {
        isXtermLike = gantry_capability("kmous").map { strncmp($0, "\u{1B}[", 2) == 0 } ?? false
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

    /// Takes the terminal: every byte goes through as it is, in both directions.
    public func take() {
        guard !isTaken, !isOver.load(ordering: .relaxed) else { return }
        isTaken = true
        tcgetattr(STDIN_FILENO, &before)
        settings = before
        cfmakeraw(&settings)
        tcsetattr(STDIN_FILENO, TCSANOW, &settings)
    }

    /// Its columns and rows right now; nil when the kernel does not know.
    public var size: Size? {
        var width: Int32 = 0
        var height: Int32 = 0
        return gantry_terminal_size(&width, &height) ? Size(width: Int(width), height: Int(height)) : nil
    }

    /// Has its settings as they were, for a while: the process is about to be stopped.
    public func stepAside() {
        if isTaken { tcsetattr(STDIN_FILENO, TCSANOW, &before) }
    }

    /// Makes its settings anew, after somebody else had it.
    public func retake() {
        if isTaken { tcsetattr(STDIN_FILENO, TCSANOW, &settings) }
    }

    /// Writes bytes; returns when the terminal has taken them, or is given back.
    public func write(_ bytes: [UInt8]) async {
        otherScreen.look(at: bytes)
        await withCheckedContinuation { (done: CheckedContinuation<Void, Never>) in
            output.async { [self] in
                Self.write(bytes) { isOver.load(ordering: .acquiring) }
                done.resume()
            }
        }
    }

    /// Writes bytes behind those that are being written.
    public func show(_ bytes: [UInt8]) {
        output.async { [self] in Self.write(bytes) { isOver.load(ordering: .acquiring) } }
    }

    /// In small pieces, each when there is room: a terminal that takes nothing holds nobody up.
    private nonisolated static func write(_ bytes: [UInt8], until isOver: () -> Bool) {
        var rest = bytes[...]
        while !rest.isEmpty, !isOver() {
            var descriptor = pollfd(fd: STDOUT_FILENO, events: Int16(POLLOUT), revents: 0)
            guard poll(&descriptor, 1, 50) > 0 else { continue }
            if descriptor.revents & Int16(POLLERR | POLLHUP | POLLNVAL) != 0 { return }
            let count = rest.prefix(1024).withUnsafeBytes { Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if errno != EAGAIN, errno != EINTR {
                return
            }
        }
    }

    /// Gives it back as it was, whatever was left switched on.
    public func giveBack() {
        guard !isOver.exchange(true, ordering: .acquiringAndReleasing) else { return }
        input.cancel()
        guard isTaken else { return }
        isTaken = false
        // What is being written is at its end in a moment; a terminal that takes nothing is not waited for.
        let idle = DispatchSemaphore(value: 0)
        output.async { idle.signal() }
        if idle.wait(timeout: .now() + 0.2) == .success, isXtermLike {
            let leave = otherScreen.isShown ? "\u{1B}[?1049l" : ""
            Self.write(Array((Self.resets + leave + Self.moreResets).utf8)) { false }
        }
        tcsetattr(STDIN_FILENO, TCSANOW, &before)
    }

    /// Undoes what full-screen programs switch on, for those that were left in the middle: the mouse, marks of pastes and
    /// of the focus, keys of applications; and, on the screen that is to stay, the region that scrolls, insertion, a hidden
    /// cursor, line drawing, colours.
    private static let resets =
        "\u{1B}[?1000l\u{1B}[?1002l\u{1B}[?1003l\u{1B}[?1006l\u{1B}[?1004l\u{1B}[?2004l\u{1B}[?1l\u{1B}>"
    private static let moreResets =
        "\u{1B}7\u{1B}[r\u{1B}8\u{1B}[?7h\u{1B}[4l\u{1B}[?25h\u{1B}(B\u{F}\u{1B}[m\r"
}

/// Whether programs have gone to the terminal's other screen. To leave it where one has not been moves the cursor.
struct OtherScreen {
    private(set) var isShown = false
    private var state = State.text
    private var digits: [UInt8] = []

    private enum State { case text, escape, control, modes }

    mutating func look(at bytes: [UInt8]) {
        for byte in bytes {
            switch (state, byte) {
            case (_, 0x1B): state = .escape
            case (.text, _): continue
            case (.escape, UInt8(ascii: "[")): state = .control
            case (.control, UInt8(ascii: "?")):
                state = .modes
                digits = []
            case (.modes, 0x30...0x3B) where digits.count < 32: digits.append(byte)
            case (.modes, UInt8(ascii: "h")), (.modes, UInt8(ascii: "l")):
                let modes = digits.split(separator: UInt8(ascii: ";"))
                if modes.contains(where: { ["47", "1047", "1049"].contains(String(decoding: $0, as: UTF8.self)) }) {
                    isShown = byte == UInt8(ascii: "h")
                }
                state = .text
            default: state = .text
            }
        }
    }
}

extension Key {
    /// What a terminal sends for it, with its keys as they are by default.
    public var bytes: [UInt8] {
        switch self {
        case .character(let character): Array(String(character).utf8)
        case .ctrl(let character): [(character.asciiValue ?? 0x40) & 0x1F]
        case .alt(let character): [0x1B] + Array(String(character).utf8)
        case .enter: [0x0D]
        case .escape: [0x1B]
        case .tab: [0x09]
        case .backspace: [0x7F]
        case .backTab: Array("\u{1B}[Z".utf8)
        case .up: Array("\u{1B}[A".utf8)
        case .down: Array("\u{1B}[B".utf8)
        case .right: Array("\u{1B}[C".utf8)
        case .left: Array("\u{1B}[D".utf8)
        case .home: Array("\u{1B}[H".utf8)
        case .end: Array("\u{1B}[F".utf8)
        case .insert: Array("\u{1B}[2~".utf8)
        case .delete: Array("\u{1B}[3~".utf8)
        case .pageUp: Array("\u{1B}[5~".utf8)
        case .pageDown: Array("\u{1B}[6~".utf8)
        case .function: []
        }
    }
}
