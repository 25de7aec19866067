/// What a terminal's driver does where there is none on the other side: a line can be mended until Enter sends it.
struct TypedLine {
    /// What came of some bytes.
    struct Outcome: Equatable {
        /// What is shown.
        var echo: [UInt8] = []
        /// What is sent.
        var send: [UInt8] = []
        /// Whether the input is at its end.
        var ends = false
    }

    static let longest = 4096
    private var line: [UInt8] = []
    /// Where in an escape sequence one is: such keys mean nothing here.
    private var escape = Escape.no
    private enum Escape { case no, begun, inside }

    mutating func take(_ bytes: [UInt8]) -> Outcome {
        var outcome = Outcome()
        for byte in bytes {
            switch (escape, byte) {
            case (.begun, UInt8(ascii: "[")), (.begun, UInt8(ascii: "O")): escape = .inside
            case (.begun, _): escape = .no
            case (.inside, 0x40...0x7E): escape = .no
            case (.inside, _): break
            case (_, 0x1B): escape = .begun
            case (_, 0x0A), (_, 0x0D):
                outcome.echo += [0x0D, 0x0A]
                outcome.send += line + [0x0A]
                line = []
            case (_, 0x04):
                if line.isEmpty { outcome.ends = true } else { outcome.send += line }
                line = []
            case (_, 0x7F), (_, 0x08): outcome.echo += removeLast()
            case (_, 0x15): while !line.isEmpty { outcome.echo += removeLast() }
            case (_, 0x09), (_, 0x20...):
                guard line.count < Self.longest else { continue }
                line.append(byte)
                outcome.echo.append(byte)
            default: break
            }
        }
        return outcome
    }

    /// Takes a letter back; what it says removes it from the screen.
    private mutating func removeLast() -> [UInt8] {
        guard let last = line.popLast() else { return [] }
        var byte = last
        // The bytes of one letter go together.
        while byte & 0xC0 == 0x80, let next = line.popLast() { byte = next }
        return [0x08, 0x20, 0x08]
    }
}
