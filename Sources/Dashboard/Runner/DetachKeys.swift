/// Finds Ctrl-p Ctrl-q among what is typed, as the docker client does.
struct DetachKeys {
    private static let first: UInt8 = 0x10
    private static let second: UInt8 = 0x11
    private var isHalf = false

    /// What of these bytes is to be sent, and whether the person detaches behind it.
    ///
    /// A Ctrl-p is held back until it is known what follows.
    mutating func take(_ bytes: [UInt8]) -> (send: [UInt8], detaches: Bool) {
        var send: [UInt8] = []
        for byte in bytes {
            if isHalf {
                if byte == Self.second { return (send, true) }
                send.append(Self.first)
                isHalf = byte == Self.first
                if !isHalf { send.append(byte) }
            } else if byte == Self.first {
                isHalf = true
            } else {
                send.append(byte)
            }
        }
        return (send, false)
    }
}

/// What is typed before there is anything to send it to, while the dashboard still has the screen.
struct TypeAhead {
    enum Answer { case waits, leaves }

    static let longest = 4096
    private var bytes: [UInt8] = []

    /// Ctrl-c, or Esc by itself, says that the person does not want to wait.
    mutating func add(_ more: [UInt8]) -> Answer {
        if more.contains(0x03) || more == [0x1B] { return .leaves }
        bytes += Self.withoutReports(more).prefix(max(0, Self.longest - bytes.count))
        return .waits
    }

    /// What was typed, once.
    mutating func take() -> [UInt8] {
        defer { bytes = [] }
        return bytes
    }

    /// The dashboard has the terminal report the mouse and the focus, and mark pastes: nobody typed that.
    static func withoutReports(_ bytes: [UInt8]) -> [UInt8] {
        var kept: [UInt8] = []
        var rest = bytes[...]
        while let byte = rest.first {
            if byte == 0x1B, let length = reportLength(rest) {
                rest = rest.dropFirst(length)
            } else {
                kept.append(byte)
                rest = rest.dropFirst()
            }
        }
        return kept
    }

    /// How long the report is that these bytes begin with.
    private static func reportLength(_ bytes: ArraySlice<UInt8>) -> Int? {
        let text = bytes.prefix(32)
        for report in ["\u{1B}[I", "\u{1B}[O", "\u{1B}[200~", "\u{1B}[201~"] where text.starts(with: report.utf8) {
            return report.utf8.count
        }
        guard text.starts(with: "\u{1B}[<".utf8),
            let end = text.dropFirst(3).firstIndex(where: { !(0x30...0x39).contains($0) && $0 != UInt8(ascii: ";") }),
            text[end] == UInt8(ascii: "M") || text[end] == UInt8(ascii: "m")
        else { return nil }
        return end - text.startIndex + 1
    }
}
