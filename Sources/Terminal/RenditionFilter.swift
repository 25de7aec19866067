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
            var rendition = SGRParameters()
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
        var codes: [Int] = []
        if shown == nil || wanted == .plain || !before.attributes.isSubset(of: wanted.attributes) {
            // One attribute alone can be ended, but bold and dim only both: what is left is set again.
            before = .plain
            codes.append(0)
        }
        let attributes = wanted.attributes.subtracting(before.attributes)
        if attributes.contains(.bold) { codes.append(1) }
        if attributes.contains(.dim) { codes.append(2) }
        if attributes.contains(.italic) { codes.append(3) }
        if attributes.contains(.underline) { codes.append(4) }
        if attributes.contains(.reverse) { codes.append(7) }
        if wanted.foreground != before.foreground { codes += Self.codes(of: wanted.foreground, isBackground: false) }
        if wanted.background != before.background { codes += Self.codes(of: wanted.background, isBackground: true) }
        output += [Self.escape, UInt8(ascii: "[")]
        // No parameter is a zero.
        if codes != [0] { output += codes.map(String.init).joined(separator: ";").utf8 }
        output.append(UInt8(ascii: "m"))
    }

    private static func codes(of color: Color, isBackground: Bool) -> [Int] {
        let base = isBackground ? 40 : 30
        guard let index = color.index.map(Int.init) else { return [base + 9] }
        return index < 8 ? [base + index] : index < 16 ? [base + 60 + index - 8] : [base + 8, 5, index]
    }
}
