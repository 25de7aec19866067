/// Turns the bytes and keys of a terminal into input: UTF-8, pasted text, the mouse, and those escape sequences that the
/// terminal's description does not know.
///
/// No I/O: the screen feeds it. Sequences that mean nothing vanish instead of being typed into the dashboard.
struct InputDecoder {
    /// Pasted text beyond this is dropped: nobody pastes a megabyte into a filter on purpose.
    static let pasteLimit = 1 << 20

    /// A paste whose end has not come after such a pause has lost it: the keys are keys again.
    static let pastePause = Duration.seconds(2)

    private enum State {
        case text
        case utf8
        case escape
        case control
        /// Behind ESC O.
        case singleShift
        /// Behind ESC [ M: three bytes of an old mouse report.
        case oldMouse
    }

    private var state = State.text
    private var collected: [UInt8] = []
    private var expected = 0
    private var pasted: [UInt8]?
    private var inputs: [Input] = []
    /// When what is being fed came in.
    private var now = ContinuousClock.now
    /// The last press, and how many came there in quick succession.
    private var lastPress: (time: ContinuousClock.Instant, x: Int, y: Int, count: Int)?
    /// Whether the first button is held.
    private var isHeld = false

    /// Tells when the bytes that follow came in.
    mutating func begin(at time: ContinuousClock.Instant) {
        if time - now > Self.pastePause { finishPaste() }
        now = time
    }

    /// Takes one byte.
    mutating func take(_ byte: UInt8) {
        switch state {
        case .text:
            takeInText(byte)
        case .utf8:
            guard byte & 0xC0 == 0x80 else {
                state = .text
                takeInText(byte)
                return
            }
            collected.append(byte)
            if collected.count == expected { finishUTF8() }
        case .escape:
            switch byte {
            case UInt8(ascii: "["): begin(.control)
            case UInt8(ascii: "O"): begin(.singleShift)
            case 0x1B: emit(.escape)
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                state = .text
                emit(.alt(Character(Unicode.Scalar(byte))))
            default:
                state = .text
                emit(.escape)
                takeInText(byte)
            }
        case .control:
            takeInControl(byte)
        case .singleShift:
            state = .text
            if let key = Self.lettered[byte] {
                emit(key)
            } else if byte < 0x40 || byte > 0x7E {
                emit(.escape)
                emit(.character("O"))
                takeInText(byte)
            }
        case .oldMouse:
            collected.append(byte)
            if collected.count == 3 {
                state = .text
                mouse(
                    button: Int(collected[0]) - 32, x: Int(collected[1]) - 33, y: Int(collected[2]) - 33,
                    isPress: collected[0] & 3 != 3)
            }
        }
    }

    /// Takes a key that ncurses has recognised.
    mutating func take(_ key: Key) {
        flush()
        state = .text
        emit(key)
    }

    /// Takes out what has been recognised.
    /// - Parameter isComplete: whether no more bytes wait: what could still have become a sequence was typed by hand then.
    mutating func drain(isComplete: Bool = true) -> [Input] {
        if isComplete { flush() }
        defer { inputs = [] }
        return inputs
    }

    private mutating func flush() {
        // Nobody types into a paste; there, only the link is slow.
        guard pasted == nil else { return }
        switch state {
        case .escape:
            state = .text
            emit(.escape)
        case .control where collected.isEmpty:
            state = .text
            emit(.escape)
            emit(.character("["))
        case .singleShift:
            state = .text
            emit(.escape)
            emit(.character("O"))
        default:
            break
        }
    }

    private mutating func begin(_ next: State) {
        state = next
        collected.removeAll(keepingCapacity: true)
    }

    private mutating func emit(_ key: Key) {
        if pasted == nil { inputs.append(.key(key)) }
    }

    // MARK: - Text

    private mutating func takeInText(_ byte: UInt8) {
        switch byte {
        case 0x1B:
            state = .escape
        case 0..<0x20, 0x7F:
            if pasted != nil {
                // Terminals send a pasted line end as the Enter key does.
                if byte == 0x0D || byte == 0x0A { paste([0x0A]) }
                if byte == 0x09 { paste([byte]) }
            } else if let key = Key(control: byte) {
                emit(key)
            }
        case 0x20..<0x7F:
            if pasted != nil { paste([byte]) } else { emit(.character(Character(Unicode.Scalar(byte)))) }
        case 0xC2...0xF4:
            begin(.utf8)
            collected.append(byte)
            expected = byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4
        default:
            break
        }
    }

    private mutating func finishUTF8() {
        state = .text
        var index = 0
        let scalar = collected.withUnsafeBufferPointer { UTF8Scalars.next(in: $0, at: &index) }
        guard index == collected.count, scalar.value >= 0xA0 else { return }
        if pasted != nil { paste(collected) } else { emit(.character(Character(scalar))) }
    }

    private mutating func paste(_ bytes: [UInt8]) {
        guard let count = pasted?.count, count + bytes.count <= Self.pasteLimit else { return }
        pasted?.append(contentsOf: bytes)
    }

    private mutating func finishPaste() {
        guard let text = pasted else { return }
        inputs.append(.paste(String(decoding: text, as: UTF8.self)))
        pasted = nil
    }

    // MARK: - Sequences

    private mutating func takeInControl(_ byte: UInt8) {
        switch byte {
        case 0x20...0x3F:
            // What is too long to mean anything is still followed to its end.
            if collected.count < 64 { collected.append(byte) }
        case UInt8(ascii: "M") where collected.isEmpty:
            begin(.oldMouse)
        case 0x40...0x7E:
            state = .text
            finishControl(byte)
        case 0x1B:
            flush()
            state = .escape
        default:
            flush()
            state = .text
            takeInText(byte)
        }
    }

    private mutating func finishControl(_ final: UInt8) {
        if collected.first == UInt8(ascii: "<") {
            let numbers = numbers(collected.dropFirst())
            if numbers.count == 3, final == UInt8(ascii: "M") || final == UInt8(ascii: "m") {
                mouse(button: numbers[0], x: numbers[1] - 1, y: numbers[2] - 1, isPress: final == UInt8(ascii: "M"))
            }
            return
        }
        if collected.isEmpty, final == UInt8(ascii: "I") || final == UInt8(ascii: "O") {
            if pasted == nil { inputs.append(.focus(final == UInt8(ascii: "I"))) }
            return
        }
        guard collected.allSatisfy({ $0 >= 0x30 && $0 <= 0x3B }) else { return }
        let numbers = numbers(collected[...])
        if final == UInt8(ascii: "~") {
            switch numbers.first {
            case 200:
                pasted = []
            case 201:
                finishPaste()
            default:
                if let key = Self.numbered[numbers.first ?? 0] { emit(key) }
            }
        } else if let key = Self.lettered[final] {
            emit(key)
        }
    }

    private func numbers(_ bytes: ArraySlice<UInt8>) -> [Int] {
        bytes.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false).map { digits in
            digits.reduce(0) { $1 >= 0x30 && $1 <= 0x39 ? min($0 * 10 + Int($1 & 0x0F), 99_999) : $0 }
        }
    }

    private mutating func mouse(button: Int, x: Int, y: Int, isPress: Bool) {
        // Bits 4, 8 and 16 are shift, alt and ctrl, 32 is a movement, 64 the wheel.
        guard button >= 0, x >= 0, y >= 0, pasted == nil else { return }
        switch (button & ~0b11100, isPress) {
        case (0, true):
            isHeld = true
            var count = 1
            if let last = lastPress, last.x == x, last.y == y, now - last.time < .milliseconds(400) {
                count = last.count + 1
            }
            lastPress = (now, x, y, count)
            // What quick clicks after the second hit was not there when the hand began.
            guard count < 3 else { return }
            inputs.append(.mouse(Mouse(kind: count == 2 ? .doubleClick : .press, x: x, y: y)))
        case (32, true) where isHeld:
            // Where the pointer is now counts, not which way it took.
            if case .mouse(let last)? = inputs.last, last.kind == .drag { inputs.removeLast() }
            inputs.append(.mouse(Mouse(kind: .drag, x: x, y: y)))
        // The old reports do not say which button was let go.
        case (0, false) where isHeld, (3, false) where isHeld:
            isHeld = false
            inputs.append(.mouse(Mouse(kind: .release, x: x, y: y)))
        case (64, true): inputs.append(.mouse(Mouse(kind: .wheelUp, x: x, y: y)))
        case (65, true): inputs.append(.mouse(Mouse(kind: .wheelDown, x: x, y: y)))
        default: break
        }
    }

    /// Final letters behind ESC [ and ESC O: terminals are in either mode, whatever their description says.
    private static let lettered: [UInt8: Key] = [
        UInt8(ascii: "A"): .up, UInt8(ascii: "B"): .down, UInt8(ascii: "C"): .right, UInt8(ascii: "D"): .left,
        UInt8(ascii: "H"): .home, UInt8(ascii: "F"): .end, UInt8(ascii: "Z"): .backTab, UInt8(ascii: "M"): .enter,
        UInt8(ascii: "P"): .function(1), UInt8(ascii: "Q"): .function(2), UInt8(ascii: "R"): .function(3),
        UInt8(ascii: "S"): .function(4),
    ]

    /// Numbers before the tilde.
    private static let numbered: [Int: Key] = [
        1: .home, 2: .insert, 3: .delete, 4: .end, 5: .pageUp, 6: .pageDown, 7: .home, 8: .end,
        11: .function(1), 12: .function(2), 13: .function(3), 14: .function(4), 15: .function(5), 17: .function(6),
        18: .function(7), 19: .function(8), 20: .function(9), 21: .function(10), 23: .function(11), 24: .function(12),
    ]
}
