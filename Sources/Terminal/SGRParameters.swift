/// The parameters of a "select graphic rendition" sequence, and what they do to a style.
struct SGRParameters {
    /// Values with whether a colon joins them to the one before. More than this in one sequence is noise.
    private static let limit = 32

    private var values: [UInt16] = []
    private var joined: UInt32 = 0
    private var current: UInt16 = 0
    private var isJoined = false
    private var isOverlong = false

    /// Begins anew, in the same memory.
    mutating func removeAll() {
        values.removeAll(keepingCapacity: true)
        joined = 0
        current = 0
        isJoined = false
    }

    /// Takes a digit, a semicolon or a colon.
    mutating func take(_ byte: UInt8) {
        if byte >= 0x3A {
            push()
            isJoined = byte == 0x3A
        } else {
            current = min(current, 999) * 10 + UInt16(byte & 0x0F)
        }
    }

    private mutating func push() {
        if values.count < Self.limit {
            if isJoined { joined |= 1 << UInt32(values.count) }
            values.append(current)
        }
        current = 0
    }

    mutating func apply(to style: inout Style) {
        push()
        var index = 0
        while index < values.count {
            let code = values[index]
            var next = index + 1
            while next < values.count, joined >> UInt32(next) & 1 == 1 { next += 1 }
            let subparameters = values[index + 1..<next]
            switch code {
            case 0: style = .plain
            case 1: style.attributes.insert(.bold)
            case 2: style.attributes.insert(.dim)
            case 3: style.attributes.insert(.italic)
            case 4:
                if subparameters.first == 0 {
                    style.attributes.remove(.underline)
                } else {
                    style.attributes.insert(.underline)
                }
            case 7: style.attributes.insert(.reverse)
            case 21: style.attributes.insert(.underline)
            case 22: style.attributes.subtract([.bold, .dim])
            case 23: style.attributes.remove(.italic)
            case 24: style.attributes.remove(.underline)
            case 27: style.attributes.remove(.reverse)
            case 30...37: style.foreground = .indexed(UInt8(code - 30))
            case 39: style.foreground = .standard
            case 40...47: style.background = .indexed(UInt8(code - 40))
            case 49: style.background = .standard
            case 90...97: style.foreground = .indexed(UInt8(code - 90 + 8))
            case 100...107: style.background = .indexed(UInt8(code - 100 + 8))
            case 38, 48, 58:
                let color: Color?
                if subparameters.isEmpty {
                    var used = 0
                    color = Self.color(values[next...], hasColorSpace: false, used: &used)
                    next += used
                } else {
                    var used = 0
                    color = Self.color(subparameters, hasColorSpace: subparameters.count > 4, used: &used)
                }
                if let color, code == 38 { style.foreground = color }
                if let color, code == 48 { style.background = color }
            default: break
            }
            index = next
        }
    }

    /// Reads "5;n" or "2;r;g;b"; between colons there may be a colour space before r.
    private static func color(_ values: ArraySlice<UInt16>, hasColorSpace: Bool, used: inout Int) -> Color? {
        let start = values.startIndex
        switch values.first {
        case 5:
            used = min(2, values.count)
            guard used == 2, let index = UInt8(exactly: values[start + 1]) else { return nil }
            return .indexed(index)
        case 2:
            let first = start + (hasColorSpace ? 2 : 1)
            used = min(first - start + 3, values.count)
            guard values.endIndex >= first + 3, let red = UInt8(exactly: values[first]),
                let green = UInt8(exactly: values[first + 1]), let blue = UInt8(exactly: values[first + 2])
            else { return nil }
            return Color(red: red, green: green, blue: blue)
        default:
            used = min(1, values.count)
            return nil
        }
    }
}
