/// The line that is being typed at a terminal: what is echoed of each key, and what comes of it.
struct LineEditor: Sendable {
    enum What: Sendable {
        case nothing
        case line([UInt8])
        /// Ctrl-D in an empty line.
        case end
        case interrupt
    }

    private static let lineKept = 4096
    private static let historyKept = 50

    private var line: [UInt8] = []
    private var history: [[UInt8]] = []
    /// Which of the lines before is shown; their count is none.
    private var place = 0
    /// Bytes of a key's sequence so far.
    private var escape: [UInt8] = []

    mutating func take(_ byte: UInt8, prompt: String) -> (echo: [UInt8], What) {
        if !escape.isEmpty { return (takeEscape(byte, prompt), .nothing) }
        switch byte {
        case 0x1B:
            escape = [byte]
            return ([], .nothing)
        case 0x0D, 0x0A:
            let done = line
            line = []
            if !done.isEmpty, history.last != done {
                history.append(done)
                if history.count > Self.historyKept { history.removeFirst() }
            }
            place = history.count
            return ([0x0A], .line(done))
        case 0x03:
            line = []
            place = history.count
            return ([], .interrupt)
        case 0x04: return ([], line.isEmpty ? .end : .nothing)
        case 0x7F, 0x08:
            guard !line.isEmpty else { return ([], .nothing) }
            while let last = line.popLast(), last & 0xC0 == 0x80 {}
            return (shown(prompt), .nothing)
        case 0x15:
            line = []
            return (shown(prompt), .nothing)
        case 0x0C: return (Array("\u{1B}[H\u{1B}[2J".utf8) + shown(prompt), .nothing)
        case 0x20...:
            guard line.count < Self.lineKept else { return ([0x07], .nothing) }
            line.append(byte)
            return ([byte], .nothing)
        default: return ([], .nothing)
        }
    }

    /// Arrows up and down bring the lines before; all other keys of that kind do nothing.
    private mutating func takeEscape(_ byte: UInt8, _ prompt: String) -> [UInt8] {
        escape.append(byte)
        if escape.count == 2, byte == UInt8(ascii: "[") || byte == UInt8(ascii: "O") { return [] }
        guard escape.count == 2 || (0x40...0x7E).contains(byte) || escape.count > 32 else { return [] }
        let isArrow = escape.count == 3
        escape = []
        guard isArrow, byte == UInt8(ascii: "A") || byte == UInt8(ascii: "B") else { return [] }
        place = max(0, min(history.count, place + (byte == UInt8(ascii: "A") ? -1 : 1)))
        line = place < history.count ? history[place] : []
        return shown(prompt)
    }

    private func shown(_ prompt: String) -> [UInt8] { Array("\r\(prompt)".utf8) + line + Array("\u{1B}[K".utf8) }
}
