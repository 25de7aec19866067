import CNCurses
import FoundationEssentials
import Glibc

/// The terminal, through ncurses.
@MainActor
public final class NCursesScreen: Screen {
    /// Columns and rows right now.
    public private(set) var size: Size

    /// Which terminal description was taken instead of an unknown one.
    public let notice: String?

    private let screen: OpaquePointer
    /// Input is read from a window that is never shown: reading from one that is would write to the terminal.
    private let inputPad: UnsafeMutablePointer<WINDOW>
    private let palette: Palette
    /// What lies under the cells of the frame that is shown.
    private var ground = Ground.dark
    private let isASCII: Bool
    /// Whether the terminal understands what xterm does: paste marks, the mouse, the clipboard.
    private let isXtermLike: Bool
    /// What shortens the output; nil where the terminal may not understand it.
    private var filter: RenditionFilter?

    /// How many bytes have been written, but for the few when the terminal is taken and given back.
    public private(set) var bytesWritten = 0

    /// Whether there is any colour to be seen.
    public var hasColours: Bool { palette.depth != .none }

    private var shown: Frame?
    private var decoder = InputDecoder()
    private var isMouseOn: Bool
    private var isSuspended = false
    private var isClosed = false
    private var row: [cchar_t] = []
    private var appearances: [Style: Appearance] = [:]
    private var pairs: [ColorPair: Int32] = [:]

    private struct Appearance {
        var attributes: attr_t
        var pair: Int32
    }

    private struct ColorPair: Hashable {
        var foreground: Int32
        var background: Int32
    }

    /// Takes the terminal.
    /// - Throws: `ScreenError` when there is none, or none that can be drawn on.
    public init(options: ScreenOptions = ScreenOptions()) throws {
        if isatty(STDIN_FILENO) == 0 { throw ScreenError.notATerminal("standard input") }
        if isatty(STDOUT_FILENO) == 0 { throw ScreenError.notATerminal("standard output") }
        let isUTF8 = TextWidth.prepareLocale()
        isASCII = options.ascii ?? !isUTF8

        let wanted = getenv("TERM").map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
        let type = try Self.findType(wanted)
        let complaint = wanted.map { "TERM=\(Sanitiser.clean($0)) is not known here" } ?? "TERM is not set"
        notice = type == wanted ? nil : "\(complaint), using \(type)"
        guard gantry_capability("cup") != nil else { throw ScreenError.tooSimple(type) }
        isXtermLike = gantry_capability("kmous").map { strncmp($0, "\u{1B}[", 2) == 0 } ?? false

        gantry_guard_terminal(isXtermLike ? Modes.mouseOff + Modes.focusOff + Modes.pasteOff : nil)
        guard let screen = gantry_newterm(type) else {
            gantry_unguard_terminal()
            throw ScreenError.unknownTerminal(wanted)
        }
        self.screen = screen
        guard let pad = newpad(1, 1) else {
            endwin()
            gantry_unguard_terminal()
            throw ScreenError.unknownTerminal(wanted)
        }
        inputPad = pad

        // Raw: Ctrl-C, Ctrl-S and Ctrl-Z are keys.
        raw()
        noecho()
        nonl()
        curs_set(0)
        set_escdelay(25)
        keypad(pad, true)
        nodelay(pad, true)
        // The decoder reads the mouse, in the same way whatever the description says.
        keyok(KEY_MOUSE, false)
        // The reports of the focus too, where the description has them.
        for report in ["\u{1B}[I", "\u{1B}[O"] {
            let code = key_defined(report)
            if code > 0 { keyok(code, false) }
        }

        let noColor = getenv("NO_COLOR").map { $0.pointee != 0 } ?? false
        var colors = 0
        if options.colours == .auto, !noColor, has_colors(), start_color() == OK, use_default_colors() == OK {
            colors = Int(gantry_colors())
        }
        let able = termattrs()
        palette = Palette(
            colors: colors, hasDim: able & gantry_dim() != 0, hasItalic: able & gantry_italic() != 0)

        if isXtermLike, colors <= 256 { filter = RenditionFilter() }
        // The cursor is hidden: it needs no place of its own after each frame.
        leaveok(gantry_stdscr(), true)
        // A key that waits would end an update half-way.
        typeahead(-1)

        size = Size(width: Int(getmaxx(gantry_stdscr())), height: Int(getmaxy(gantry_stdscr())))
        isMouseOn = options.mouse
        // The first byte goes out now: an empty screen at once is better than the shell's for a while longer.
        update()
        setModes()
    }

    private static func findType(_ wanted: String?) throws -> String {
        for type in [wanted, "xterm-256color", "xterm", "vt100"] {
            if let type, gantry_setupterm(type) { return type }
        }
        throw ScreenError.unknownTerminal(wanted)
    }

    /// Whether the terminal takes more output now.
    public func isReady() -> Bool {
        var descriptor = pollfd(fd: STDOUT_FILENO, events: Int16(POLLOUT), revents: 0)
        return poll(&descriptor, 1, 0) == 1 && descriptor.revents & Int16(POLLOUT) != 0
    }

    // MARK: - Showing

    /// Writes the rows that differ from the frame before.
    public func show(_ frame: Frame) {
        guard !isSuspended, !isClosed else { return }
        if shown?.size != frame.size { werase(gantry_stdscr()) }
        let changed = frame.changedRows(since: shown)
        if changed.isEmpty, shown != nil { return }
        if ground != frame.ground {
            ground = frame.ground
            appearances.removeAll()
        }
        for y in changed where y < size.height { draw(frame, y) }
        wnoutrefresh(gantry_stdscr())
        update()
        shown = frame
    }

    /// Brings the terminal up to date, in one write.
    private func update() {
        var length = 0
        guard let bytes = gantry_update(&length) else { return }
        let output = UnsafeBufferPointer(start: bytes, count: length)
        if let filtered = filter?.filter(output) {
            filtered.withUnsafeBufferPointer { write($0) }
        } else {
            write(output)
        }
    }

    private func draw(_ frame: Frame, _ y: Int) {
        let width = min(frame.size.width, size.width)
        if row.count < width { row = [cchar_t](repeating: cchar_t(), count: width) }
        let count = row.withUnsafeMutableBufferPointer { row in
            var count = 0
            var column = 0
            var style = Style.plain
            var appearance = appearance(of: style)
            for cell in frame.cells(row: y).prefix(width) {
                column += 1
                if cell.style != style, !cell.isContinuation {
                    style = cell.style
                    appearance = self.appearance(of: style)
                }
                var scalar = cell.scalar
                if isASCII {
                    // ncurses is told of two narrow cells where a wide one was.
                    scalar = cell.isContinuation ? "?" : ASCIIFallback.scalar(for: scalar)
                } else if cell.isContinuation {
                    continue
                } else if cell.isWide, column == width {
                    // The terminal has become smaller than the frame; half of a grapheme is none.
                    scalar = " "
                } else if cell.marks > 0 {
                    let marks = frame.marks(of: cell).map(\.value)
                    gantry_set_cell(
                        &row[count], scalar.value, marks, Int32(marks.count), appearance.attributes, appearance.pair)
                    count += 1
                    continue
                }
                gantry_set_cell(&row[count], scalar.value, nil, 0, appearance.attributes, appearance.pair)
                count += 1
            }
            return count
        }
        // Neither moves a cursor nor scrolls, in the last cell of the last row either.
        mvwadd_wchnstr(gantry_stdscr(), Int32(y), 0, row, Int32(count))
    }

    private func appearance(of style: Style) -> Appearance {
        if let known = appearances[style] { return known }
        let rendition = palette.rendition(of: style, on: ground)
        var attributes: attr_t = 0
        if rendition.attributes.contains(.bold) { attributes |= gantry_bold() }
        if rendition.attributes.contains(.dim) { attributes |= gantry_dim() }
        if rendition.attributes.contains(.italic) { attributes |= gantry_italic() }
        if rendition.attributes.contains(.underline) { attributes |= gantry_underline() }
        if rendition.attributes.contains(.reverse) { attributes |= gantry_reverse() }
        let pair = pair(ColorPair(foreground: rendition.foreground, background: rendition.background))
        let appearance = Appearance(attributes: attributes, pair: pair)
        appearances[style] = appearance
        return appearance
    }

    private func pair(_ wanted: ColorPair) -> Int32 {
        if wanted.foreground < 0, wanted.background < 0 { return 0 }
        if let known = pairs[wanted] { return known }
        if pairs.count + 1 >= Int(gantry_color_pairs()) {
            // Rare: a terminal with 64 pairs that has seen more in its logs. Cells of before may wear the new colours for
            // a moment; the next frame draws everything again.
            pairs.removeAll()
            appearances.removeAll()
            shown = nil
        }
        let pair = Int32(pairs.count + 1)
        guard init_extended_pair(pair, wanted.foreground, wanted.background) == OK else { return 0 }
        pairs[wanted] = pair
        return pair
    }

    // MARK: - Input

    /// Everything that has come in; `.end` when the terminal is gone.
    public func readInput() -> [Input] {
        guard !isSuspended, !isClosed else { return [] }
        decoder.begin(at: .now)
        // What is left waiting wakes us again: a huge paste must not keep the screen from being drawn.
        for _ in 0..<65536 {
            let code = wgetch(inputPad)
            if code == ERR {
                let inputs = decoder.drain()
                return isAtEnd ? inputs + [.end] : inputs
            }
            if let byte = UInt8(exactly: code) {
                decoder.take(byte)
            } else if let key = Self.keys[code] {
                decoder.take(key)
            }
        }
        return decoder.drain(isComplete: false)
    }

    /// Whether the terminal has hung up: it wakes us without having anything to read.
    private var isAtEnd: Bool {
        var descriptor = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
        guard poll(&descriptor, 1, 0) == 1 else { return false }
        if descriptor.revents & Int16(POLLHUP | POLLERR | POLLNVAL) != 0 { return true }
        return descriptor.revents & Int16(POLLIN) != 0 && gantry_pending_input() == 0
    }

    private static let keys: [Int32: Key] = {
        var keys: [Int32: Key] = [
            KEY_UP: .up, KEY_DOWN: .down, KEY_LEFT: .left, KEY_RIGHT: .right, KEY_SR: .up, KEY_SF: .down,
            KEY_SLEFT: .left, KEY_SRIGHT: .right, KEY_HOME: .home, KEY_END: .end, KEY_SHOME: .home, KEY_SEND: .end,
            KEY_FIND: .home, KEY_SELECT: .end, KEY_A1: .home, KEY_C1: .end, KEY_A3: .pageUp, KEY_C3: .pageDown,
            KEY_PPAGE: .pageUp, KEY_NPAGE: .pageDown, KEY_SPREVIOUS: .pageUp, KEY_SNEXT: .pageDown,
            KEY_BACKSPACE: .backspace, KEY_DC: .delete, KEY_SDC: .delete, KEY_IC: .insert, KEY_SIC: .insert,
            KEY_ENTER: .enter, KEY_BTAB: .backTab,
        ]
        for number in 1...24 { keys[KEY_F0 + Int32(number)] = .function(number) }
        return keys
    }()

    // MARK: - Size, mouse, clipboard

    /// Asks the terminal for its size again; when it has changed, the next frame is drawn in full.
    public func updateSize() {
        guard !isClosed, !isSuspended else { return }
        var width: Int32 = 0
        var height: Int32 = 0
        guard gantry_terminal_size(&width, &height) else { return }
        let new = Size(width: Int(width), height: Int(height))
        guard new != size else { return }
        resize_term(height, width)
        size = new
        redrawAll()
    }

    /// Turns the reporting of the mouse on or off.
    public func setMouse(_ isOn: Bool) {
        guard isOn != isMouseOn else { return }
        isMouseOn = isOn
        if isXtermLike, !isSuspended, !isClosed { write(isOn ? Modes.mouseOn : Modes.mouseOff) }
    }

    /// Puts text into the clipboard of the person's own terminal.
    public func copy(_ text: String) -> Bool {
        guard isXtermLike, !isSuspended, !isClosed else { return false }
        write("\u{1B}]52;c;\(Data(text.utf8).base64EncodedString())\u{7}")
        return true
    }

    // MARK: - Giving the terminal back

    /// Gives the terminal back for a while.
    public func suspend() {
        guard !isSuspended, !isClosed else { return }
        isSuspended = true
        unsetModes()
        endwin()
        gantry_guard_lent_terminal(true)
    }

    /// Takes the terminal again; the next frame is drawn in full.
    ///
    /// Good after SIGCONT in any case: who was stopped by SIGSTOP had no time to suspend.
    public func resume() {
        guard !isClosed else { return }
        if isSuspended {
            isSuspended = false
            gantry_guard_lent_terminal(false)
            // What was typed for somebody else is not for us.
            tcflush(STDIN_FILENO, TCIFLUSH)
            decoder = InputDecoder()
        } else {
            reset_prog_mode()
        }
        // First: ncurses sets the region that scrolls for the size it knows, and does not do so again.
        updateSize()
        redrawAll()
        // Not collected as a frame is: ncurses makes the terminal's settings anew here, by the descriptor it writes to. Where
        // that is no terminal, it never touches any settings again.
        doupdate()
        filter?.forget()
        // ncurses would do so with the next key: that one should be what it will be from then on.
        keypad(inputPad, true)
        setModes()
    }

    /// Gives the terminal back for good.
    public func close() {
        guard !isClosed else { return }
        if !isSuspended {
            unsetModes()
            endwin()
        }
        isClosed = true
        delwin(inputPad)
        delscreen(screen)
        gantry_close_output()
        gantry_unguard_terminal()
    }

    private func redrawAll() {
        shown = nil
        filter?.forget()
        clearok(gantry_curscr(), true)
    }

    private enum Modes {
        static let pasteOn = "\u{1B}[?2004h"
        static let pasteOff = "\u{1B}[?2004l"
        static let focusOn = "\u{1B}[?1004h"
        static let focusOff = "\u{1B}[?1004l"
        // Presses, the wheel, and movements while a button is held, where the terminal knows that; with decimal
        // coordinates, which have no limit at column 223.
        static let mouseOn = "\u{1B}[?1000h\u{1B}[?1002h\u{1B}[?1006h"
        static let mouseOff = "\u{1B}[?1006l\u{1B}[?1002l\u{1B}[?1000l"
    }

    private func setModes() {
        if isXtermLike { write(Modes.pasteOn + Modes.focusOn + (isMouseOn ? Modes.mouseOn : "")) }
    }

    private func unsetModes() {
        guard isXtermLike else { return }
        // Who gets the terminal now gets it without our last colours.
        write("\u{1B}[m" + Modes.mouseOff + Modes.focusOff + Modes.pasteOff)
        filter?.forget()
    }

    /// Writes past ncurses, which does not know of such modes; they change nothing that it keeps account of.
    private func write(_ text: String) {
        var text = text
        text.withUTF8 { write($0) }
    }

    private func write(_ bytes: UnsafeBufferPointer<UInt8>) {
        var written = 0
        while written < bytes.count {
            let count = Glibc.write(STDOUT_FILENO, bytes.baseAddress.map { $0 + written }, bytes.count - written)
            if count < 0, errno == EINTR { continue }
            if count <= 0 { return }
            written += count
        }
        bytesWritten += written
    }
}
