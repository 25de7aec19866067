/// Where the next grapheme of a text goes.
struct Pen {
    /// Index of the row's first cell.
    let row: Int
    /// The frame's column at which the text's column 0 lies; outside of the frame when its beginning is scrolled away.
    let offset: Int
    /// The frame's columns that may be drawn: from `lower` up to `upper`, exclusive.
    let lower: Int
    let upper: Int
    var style: Style
    var rules = GraphemeRules()
    /// The text's column to be drawn next.
    var column = 0
    /// Where the last grapheme began, for its marks.
    var lastColumn = 0
    /// Whether anything has been drawn: what the pen draws over at its first cell may be half of a wide grapheme.
    var hasBegun = false

    init(row: Int, offset: Int, lower: Int, upper: Int, style: Style) {
        self.row = row
        self.offset = offset
        self.lower = lower
        self.upper = upper
        self.style = style
    }
}

extension Frame {
    /// Draws a grapheme of `width` columns and moves on; a mark (0) joins the last one, nothing (-1) is nothing.
    @inline(__always)
    mutating func write(_ pen: inout Pen, _ scalar: Unicode.Scalar, width: Int) {
        guard width > 0 else {
            if width == 0 { mark(pen, scalar) }
            return
        }
        let x = pen.column + pen.offset
        pen.lastColumn = pen.column
        pen.column += width
        guard x + width > pen.lower, x < pen.upper else { return }
        if !pen.hasBegun {
            separate(row: pen.row, x: max(x, pen.lower))
            pen.hasBegun = true
        }
        if width == 1 {
            cells[pen.row + x] = Cell(scalar, style: pen.style)
        } else if x >= pen.lower, x + 1 < pen.upper {
            cells[pen.row + x] = .wide(scalar, style: pen.style)
            cells[pen.row + x + 1] = .continuation(style: pen.style)
        } else {
            // Half of it is outside: the half inside stays empty.
            cells[pen.row + (x < pen.lower ? x + 1 : x)] = Cell(" ", style: pen.style)
        }
    }

    /// To be called when the pen has drawn its last.
    mutating func finish(_ pen: inout Pen) {
        separate(row: pen.row, x: min(pen.column + pen.offset, pen.upper))
    }

    /// Makes sure that no wide grapheme lies across the left edge of column `x`: half of it is about to be drawn over,
    /// or has just been.
    mutating func separate(row: Int, x: Int) {
        guard x >= 0, x < size.width, cells[row + x].isContinuation else { return }
        cells[row + x] = Cell(" ", style: cells[row + x].style)
        if x > 0, cells[row + x - 1].isWide {
            cells[row + x - 1] = Cell(" ", style: cells[row + x - 1].style)
        }
    }

    private mutating func mark(_ pen: Pen, _ mark: Unicode.Scalar) {
        let x = pen.lastColumn + pen.offset
        guard pen.column > pen.lastColumn, x >= pen.lower, x < pen.upper else { return }
        var all = marks[cells[pen.row + x].marks]
        all.append(mark)
        cells[pen.row + x].marks = marks.index(of: all)
    }
}
