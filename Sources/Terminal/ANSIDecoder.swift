/// Takes the escape sequences out of text that a program wrote for a terminal, and keeps what they say about style.
///
/// A state machine over scalars with no other input and no output but the style: whatever it is fed, it takes it.
struct ANSIDecoder {
    /// What the sequences so far ask for, over no base.
    private(set) var style = Style.plain

    /// Whether the next scalar is text unless it is a control.
    var isInText: Bool { state == .text }

    private enum State {
        case text
        /// Behind ESC.
        case escape
        /// Behind ESC and an intermediate byte: one byte more ends it.
        case escapeIntermediate
        /// In a control sequence; its parameters are being collected.
        case control
        /// In a control sequence that is not a plain one: its end is looked for, nothing else.
        case otherControl
        /// In OSC, DCS, SOS, PM or APC, which end with ST, OSC with BEL as well.
        case string
        /// Behind ESC in such a string.
        case stringEscape
    }

    private var state = State.text
    private var isOSC = false
    private var parameters = SGRParameters()

    /// Takes one scalar and gives it back if it is to be shown; controls other than sequences are given back too.
    mutating func take(_ scalar: Unicode.Scalar) -> Unicode.Scalar? {
        let value = scalar.value
        switch state {
        case .text:
            if value != 0x1B && (value < 0x80 || value > 0x9F) { return scalar }
            begin(value)
            return nil
        case .escape:
            switch value {
            case 0x20...0x2F: state = .escapeIntermediate
            case 0x40...0x5F: begin(value + 0x40)
            case 0x1B: break
            case 0x80...0x9F: begin(value)
            default: return leave(scalar, isPart: value >= 0x30 && value < 0x7F)
            }
            return nil
        case .escapeIntermediate:
            if value == 0x1B || value >= 0x80 && value <= 0x9F {
                begin(value)
                return nil
            }
            if value >= 0x20 && value <= 0x2F { return nil }
            return leave(scalar, isPart: value >= 0x30 && value < 0x7F)
        case .control, .otherControl:
            return takeInControl(scalar)
        case .string:
            switch value {
            case 0x1B: state = .stringEscape
            case 0x07 where isOSC, 0x9C, 0x18, 0x1A: state = .text
            default: break
            }
            return nil
        case .stringEscape:
            // Only a backslash makes it ST; any other ESC ends the string and begins a sequence of its own.
            if value == 0x5C {
                state = .text
                return nil
            }
            state = .escape
            return take(scalar)
        }
    }

    /// Begins what ESC or a C1 control begins.
    private mutating func begin(_ value: UInt32) {
        switch value {
        case 0x1B:
            state = .escape
        case 0x9B:
            state = .control
            parameters = SGRParameters()
        case 0x90, 0x98, 0x9D, 0x9E, 0x9F:
            state = .string
            isOSC = value == 0x9D
        default:
            state = .text
        }
    }

    private mutating func takeInControl(_ scalar: Unicode.Scalar) -> Unicode.Scalar? {
        let value = scalar.value
        switch value {
        case 0x30...0x3B:
            if state == .control { parameters.take(UInt8(value)) }
        case 0x20...0x3F:
            // A private marker or an intermediate: "CSI > 4 m" is no SGR though it ends like one.
            state = .otherControl
        case 0x40...0x7E:
            if state == .control, value == 0x6D { parameters.apply(to: &style) }
            state = .text
        case 0x1B, 0x80...0x9F:
            begin(value)
        case 0x18, 0x1A:
            state = .text
        case 0..<0x20, 0x7F:
            // Real terminals obey controls inside of a sequence; a log has no use for that.
            break
        default:
            return leave(scalar, isPart: false)
        }
        return nil
    }

    /// Ends a sequence at a scalar that is its last part, or that has no place in it and is text again.
    private mutating func leave(_ scalar: Unicode.Scalar, isPart: Bool) -> Unicode.Scalar? {
        state = .text
        return isPart || scalar.value == 0x18 || scalar.value == 0x1A ? nil : scalar
    }
}
