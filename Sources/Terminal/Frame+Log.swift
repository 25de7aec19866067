/// What of a log line was drawn.
public struct LogExtent: Hashable, Sendable {
    /// The columns that were drawn.
    public var columns: Int
    /// Whether there is more on the left, skipped.
    public var cutLeft: Bool
    /// Whether there is more on the right.
    public var cutRight: Bool
    /// How many bytes were looked at: about as many as are visible, however long the line is.
    public var bytesRead: Int
}

extension Frame {
    /// Draws one line of a log: raw bytes that a program wrote, with escape sequences, tabs and carriage returns.
    ///
    /// Colours and attributes in the line lie over `style`. After a carriage return the line begins anew, so that of a
    /// progress bar the last state shows. An `…` tells where the line is cut.
    /// - Parameters:
    ///   - bytes: the line, without its newline.
    ///   - skip: columns that are scrolled away on the left.
    ///   - colours: whether the line's own colours and attributes show.
    ///   - showsCuts: whether an `…` tells where the line is cut.
    @discardableResult
    public mutating func put(
        log bytes: UnsafeBufferPointer<UInt8>, x: Int, y: Int, width: Int = .max, skip: Int = 0, style: Style,
        colours: Bool = true, showsCuts: Bool = true
    ) -> LogExtent {
        let x = clamp(x)
        let skip = max(0, clamp(skip))
        let limit = min(clamp(width), size.width - x)
        guard y >= 0, y < size.height, limit > 0 else {
            return LogExtent(columns: 0, cutLeft: false, cutRight: false, bytesRead: 0)
        }
        var line = LogLine(bytes, columns: skip + limit)
        var pen = Pen(
            row: y * size.width, offset: x - skip, lower: max(0, x), upper: x + limit, style: style)
        let end = skip + limit
        var known = line.style
        if colours { pen.style = known.over(style) }
        var isCut = false

        while let scalar = line.next() {
            if colours, line.style != known {
                known = line.style
                pen.style = known.over(style)
            }
            if scalar == "\t" {
                if pen.column >= end {
                    isCut = true
                    break
                }
                repeat { write(&pen, " ", width: 1) } while pen.column % 8 != 0 && pen.column < end
                pen.rules = GraphemeRules()
                continue
            }
            if scalar == "\u{8}" {
                erase(&pen)
                continue
            }
            let placement = pen.rules.place(scalar)
            if pen.column + max(0, placement.width) > end {
                isCut = true
                // The first half of a wide one would have been in view.
                while pen.column < end { write(&pen, " ", width: 1) }
                break
            }
            write(&pen, placement.scalar, width: placement.width)
        }
        finish(&pen)
        return mark(pen, skip: skip, limit: limit, isCut: isCut || line.isCut, line.bytesRead, showsCuts)
    }

    /// Draws one line of a log.
    @discardableResult
    public mutating func put(
        log bytes: ArraySlice<UInt8>, x: Int, y: Int, width: Int = .max, skip: Int = 0, style: Style,
        colours: Bool = true, showsCuts: Bool = true
    ) -> LogExtent {
        bytes.withUnsafeBufferPointer {
            put(
                log: $0, x: x, y: y, width: width, skip: skip, style: style, colours: colours, showsCuts: showsCuts)
        }
    }

    private mutating func erase(_ pen: inout Pen) {
        guard pen.column > 0 else { return }
        pen.column -= 1
        let x = pen.column + pen.offset
        if x >= pen.lower, x < pen.upper {
            separate(row: pen.row, x: x)
            cells[pen.row + x] = Cell(" ", style: pen.style)
            separate(row: pen.row, x: x + 1)
        }
        // A mark that follows must not land on what is gone.
        pen.lastColumn = pen.column
        pen.rules = GraphemeRules()
    }

    /// Puts the `…` where the line is cut.
    private mutating func mark(
        _ pen: Pen, skip: Int, limit: Int, isCut: Bool, _ bytesRead: Int, _ showsCuts: Bool
    ) -> LogExtent {
        let cutLeft = skip > 0 && pen.column > 0
        var columns = max(0, pen.column - skip)
        if cutLeft { columns = max(1, columns) }
        if isCut { columns = limit }
        let x = pen.offset + skip
        if cutLeft, showsCuts { putEllipsis(row: pen.row, x: x, style: pen.style) }
        if isCut, showsCuts { putEllipsis(row: pen.row, x: x + limit - 1, style: pen.style) }
        return LogExtent(columns: columns, cutLeft: cutLeft, cutRight: isCut, bytesRead: bytesRead)
    }

    private mutating func putEllipsis(row: Int, x: Int, style: Style) {
        guard x >= 0 else { return }
        separate(row: row, x: x)
        let style = cells[row + x].style.adding(.dim)
        cells[row + x] = Cell("…", style: style)
        separate(row: row, x: x + 1)
    }
}
