/// A line of a log as it is seen: without escape sequences and controls, without what was overwritten.
public enum LogText {
    /// Whether bytes are seen as they are: no control among them but the tab. What is not UTF-8 does not matter here.
    public static func isVisible(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        // Written so that the compiler makes vectors of it: no way out in the middle.
        var bad: UInt8 = 0
        var index = 0
        while index < bytes.count {
            let stop = min(index + 4_096, bytes.count)
            for position in index..<stop {
                let byte = bytes[position]
                bad |= (byte < 0x20 && byte != 9) || byte == 0x7F || byte == 0xC2 ? 1 : 0
            }
            if bad != 0 { return isVisibleWithC2(bytes, from: index) }
            index = stop
        }
        return true
    }

    /// C1 controls are C2 80 to C2 9F; what else begins with C2 is a letter or a sign.
    private static func isVisibleWithC2(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Bool {
        for index in start..<bytes.count {
            let byte = bytes[index]
            if (byte < 0x20 && byte != 9) || byte == 0x7F { return false }
            if byte == 0xC2, index + 1 < bytes.count, bytes[index + 1] < 0xA0 { return false }
        }
        return true
    }

    /// What is seen of a line, as UTF-8; what is not UTF-8 becomes U+FFFD.
    public static func visible(_ bytes: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        if isVisible(bytes) { return Array(bytes) }
        var line = LogLine(bytes, columns: bytes.count)
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        while let scalar = line.next() {
            if scalar == "\u{8}" {
                // A whole scalar goes, its continuation bytes first.
                while let last = result.popLast(), last & 0xC0 == 0x80 {}
            } else if scalar == "\t" || scalar.value >= 0x20 && scalar.value != 0x7F {
                if scalar.value < 0x80 {
                    result.append(UInt8(scalar.value))
                } else if let encoded = UTF8.encode(scalar) {
                    result.append(contentsOf: encoded)
                }
            }
        }
        return result
    }

    /// What is seen of a line.
    public static func visible(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        bytes.withUnsafeBufferPointer { visible($0) }
    }

    /// The columns that a line takes when it is drawn, or `limit` when it takes more.
    public static func width(_ bytes: ArraySlice<UInt8>, limit: Int) -> Int {
        bytes.withUnsafeBufferPointer { bytes in
            var index = 0
            while index < bytes.count, bytes[index] >= 0x20, bytes[index] < 0x7F {
                index += 1
                if index >= limit { return limit }
            }
            if index == bytes.count { return index }
            var line = LogLine(bytes, columns: limit)
            var rules = GraphemeRules()
            var columns = 0
            while columns < limit, let scalar = line.next() {
                switch scalar {
                case "\t":
                    columns += 8 - columns % 8
                    rules = GraphemeRules()
                case "\u{8}":
                    // As a frame has it: a mark that follows stands on a space of its own.
                    if columns > 0 { rules = GraphemeRules() }
                    columns = max(0, columns - 1)
                default: columns += max(0, rules.place(scalar).width)
                }
            }
            return min(columns, limit)
        }
    }

    /// The columns of a line at which its rows begin when it is wrapped: no wide grapheme is torn in two.
    /// - Parameters:
    ///   - width: columns of a row.
    ///   - limit: so many rows at most.
    public static func rowStarts(_ bytes: ArraySlice<UInt8>, width: Int, limit: Int) -> [Int] {
        var starts = [0]
        var columns = 0
        func place(_ count: Int) {
            while columns + count > starts[starts.count - 1] + width, starts[starts.count - 1] < columns {
                starts.append(min(columns, starts[starts.count - 1] + width))
            }
            columns += count
        }
        bytes.withUnsafeBufferPointer { bytes in
            // Most lines are ASCII: a column a byte.
            var index = 0
            while index < bytes.count, index <= width * limit, bytes[index] >= 0x20, bytes[index] < 0x7F { index += 1 }
            if index == bytes.count || index > width * limit {
                starts = Array(stride(from: 0, to: max(1, index), by: width))
                return
            }
            var line = LogLine(bytes, columns: width * limit)
            var rules = GraphemeRules()
            while starts.count <= limit, let scalar = line.next() {
                switch scalar {
                case "\t":
                    repeat { place(1) } while columns % 8 != 0
                    rules = GraphemeRules()
                case "\u{8}":
                    if columns > 0 { rules = GraphemeRules() }
                    columns = max(0, columns - 1)
                default: place(max(0, rules.place(scalar).width))
                }
            }
        }
        return Array(starts.prefix(limit))
    }
}

extension Frame {
    /// The text of a part of a row, as UTF-8, and the column that each byte stands in.
    public func text(in rect: Rect) -> (bytes: [UInt8], columns: [Int]) {
        var bytes: [UInt8] = []
        var columns: [Int] = []
        let row = cells(row: rect.y)
        let start = max(0, rect.x)
        for x in start..<max(start, min(rect.maxX, size.width)) {
            let cell = row[row.startIndex + x]
            guard !cell.isContinuation, let encoded = UTF8.encode(cell.scalar) else { continue }
            for byte in encoded {
                bytes.append(byte)
                columns.append(x)
            }
        }
        return (bytes, columns)
    }
}
