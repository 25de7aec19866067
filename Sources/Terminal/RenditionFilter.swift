/// Leaves out of what is written to a terminal whatever changes nothing that can be seen.
///
/// ncurses sets colours and attributes anew wherever it turns to another cell, and resets them after each frame: in a
/// frame in which two figures change, that is half of all bytes. Here they are only written when something is that shows
/// them, and only as far as they differ from what the terminal has.
///
/// Only for terminals that understand what xterm does, with at most 256 colours.
struct RenditionFilter {
    /// What the terminal has; nil when that is not known.
    private var shown: Style?
    /// What it is to have when the next character is written.
    private var wanted = Style.plain
    private var charset: UInt8?
    private var output: [UInt8] = []
    private var rendition = SGRParameters()

    private static let escape: UInt8 = 0x1B
    /// Final bytes of sequences that only move the cursor: up, down, right, left, to a column, to a place, to a row.
    private static let movements = Set("ABCDGHd".utf8)

    /// What is to be written instead of this, which consists of whole sequences.
    mutating func filter(_ bytes: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        output.removeAll(keepingCapacity: true)
        var index = 0
        while index < bytes.count {
            let start = index
            let byte = bytes[index]
            index += 1
            if byte == Self.escape, index < bytes.count {
                switch bytes[index] {
                case UInt8(ascii: "["):
                    index = takeSequence(bytes, index + 1)
                case UInt8(ascii: "(") where index + 1 < bytes.count:
                    if charset != bytes[index + 1] { output += bytes[start...index + 1] }
                    charset = bytes[index + 1]
                    index += 2
                default: put(bytes[start..<index])
                }
            } else if byte < 0x20, byte != UInt8(ascii: "\n") {
                output.append(byte)
            } else {
                while index < bytes.count, bytes[index] >= 0x20 { index += 1 }
                put(bytes[start..<index])
            }
        }
        return output
    }

    /// Somebody else writes to the terminal: nothing is known any more.
    mutating func forget() {
        shown = nil
        charset = nil
        wanted = .plain
    }

    /// Takes a control sequence whose parameters begin at `first`; returns where it ends.
    private mutating func takeSequence(_ bytes: UnsafeBufferPointer<UInt8>, _ first: Int) -> Int {
        var index = first
        while index < bytes.count, !(0x40...0x7E).contains(bytes[index]) { index += 1 }
        guard index < bytes.count else {
            put(bytes[(first - 2)...])
            return index
        }
        let parameters = bytes[first..<index]
        if bytes[index] == UInt8(ascii: "m"), parameters.allSatisfy({ (0x30...0x3B).contains($0) }) {
            rendition.removeAll()
            for byte in parameters { rendition.take(byte) }
            rendition.apply(to: &wanted)
        } else if Self.movements.contains(bytes[index]) {
            output += bytes[(first - 2)...index]
        } else {
            // What erases does so in the colour that is set.
            put(bytes[(first - 2)...index])
        }
        return index + 1
    }

    private mutating func put(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) {
        if shown != wanted { changeRendition() }
        output += bytes
    }

    private mutating func changeRendition() {
        defer { shown = wanted }
        var before = shown ?? .plain
        output += [Self.escape, UInt8(ascii: "[")]
        // No parameter is a zero.
        if wanted != .plain {
            if shown == nil || !before.attributes.isSubset(of: wanted.attributes) {
                // One attribute alone can be ended, but bold and dim only both: what is left is set again.
                before = .plain
                put(0)
            }
            let attributes = wanted.attributes.subtracting(before.attributes)
            if attributes.contains(.bold) { put(1) }
            if attributes.contains(.dim) { put(2) }
            if attributes.contains(.italic) { put(3) }
            if attributes.contains(.underline) { put(4) }
            if attributes.contains(.reverse) { put(7) }
            if wanted.foreground != before.foreground { put(wanted.foreground, base: 30) }
            if wanted.background != before.background { put(wanted.background, base: 40) }
            output.removeLast()
        }
        output.append(UInt8(ascii: "m"))
    }

    private mutating func put(_ color: Color, base: Int) {
        guard let index = color.index.map(Int.init) else { return put(base + 9) }
        guard index >= 16 else { return put(index < 8 ? base + index : base + 60 + index - 8) }
        put(base + 8)
        put(5)
        put(index)
    }

    /// A parameter and the sign that another one follows.
    private mutating func put(_ parameter: Int) {
        if parameter >= 100 { output.append(UInt8(ascii: "0") + UInt8(parameter / 100)) }
        if parameter >= 10 { output.append(UInt8(ascii: "0") + UInt8(parameter / 10 % 10)) }
        output.append(UInt8(ascii: "0") + UInt8(parameter % 10))
        output.append(UInt8(ascii: ";"))
    }
}
