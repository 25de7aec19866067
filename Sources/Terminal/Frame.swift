/// Where a text that is too long for its place loses what does not fit.
public enum Cut: Sendable {
    /// The end goes, and `…` says so.
    case end
    /// The middle goes, for names whose ends matter.
    case middle
    /// The end goes, silently.
    case none
}

/// A grid of cells for one size of screen, drawn anew for every change.
///
/// All drawing clips: no coordinates are wrong, what lies outside is not drawn. No control scalar ever gets into a cell,
/// whatever text is drawn.
public struct Frame: Sendable {
    /// Columns and rows.
    public let size: Size
    /// What lies under all cells.
    public var ground = Ground.dark

    var cells: [Cell]
    var marks = MarksTable()
    var spots: [Spot] = []

    /// Creates a frame of spaces.
    public init(size: Size, style: Style = .plain) {
        self.size = size
        cells = [Cell](repeating: Cell(" ", style: style), count: size.width * size.height)
    }

    /// Fills a rectangle with one scalar; one that does not take exactly one column counts as a space.
    public mutating func fill(_ rect: Rect, _ scalar: Unicode.Scalar = " ", style: Style) {
        let area = clip(rect)
        guard !area.isEmpty else { return }
        var rules = GraphemeRules()
        let placement = rules.place(scalar)
        let cell = Cell(placement.width == 1 ? placement.scalar : " ", style: style)
        for y in area.y..<area.maxY {
            let row = y * size.width
            separate(row: row, x: area.x)
            separate(row: row, x: area.maxX)
            for index in row + area.x..<row + area.maxX { cells[index] = cell }
        }
    }

    /// Draws text on one row.
    /// - Returns: the columns that the text takes from `x` on, so that the next text can follow; 0 when the row or the
    ///   column is not in the frame.
    @discardableResult
    public mutating func put(
        _ text: String, x: Int, y: Int, width: Int = .max, style: Style, cut: Cut = .end
    ) -> Int {
        withUTF8(of: text) { put($0, x: x, y: y, width: width, style: style, cut: cut) }
    }

    /// Draws a part of a text on one row; returns the same.
    @discardableResult
    public mutating func put(
        _ text: Substring, x: Int, y: Int, width: Int = .max, style: Style, cut: Cut = .end
    ) -> Int {
        withUTF8(of: text) { put($0, x: x, y: y, width: width, style: style, cut: cut) }
    }

    private mutating func put(
        _ text: UnsafeBufferPointer<UInt8>, x: Int, y: Int, width: Int, style: Style, cut: Cut
    ) -> Int {
        let x = clamp(x)
        let limit = min(clamp(width), size.width - x)
        guard y >= 0, y < size.height, limit > 0 else { return 0 }
        return place(text, x: x, y: y, limit: limit, style: style, cut: cut)
    }

    /// Changes the style of every cell in a rectangle.
    public mutating func restyle(_ rect: Rect, _ change: (Style) -> Style) {
        let area = clip(rect)
        guard !area.isEmpty else { return }
        for y in area.y..<area.maxY {
            for index in y * size.width + area.x..<y * size.width + area.maxX {
                cells[index].style = change(cells[index].style)
            }
        }
    }

    // MARK: - Placing text

    private mutating func place(
        _ bytes: UnsafeBufferPointer<UInt8>, x: Int, y: Int, limit: Int, style: Style, cut: Cut
    ) -> Int {
        var pen = Pen(row: y * size.width, offset: x, lower: max(0, x), upper: x + limit, style: style)
        var index = putASCII(bytes, &pen)
        if index == bytes.count {
            finish(&pen)
            return pen.column
        }
        while index < bytes.count {
            let placement = pen.rules.place(UTF8Scalars.next(in: bytes, at: &index))
            if pen.column + max(0, placement.width) > limit {
                switch cut {
                case .none: break
                case .end: cutEnd(&pen, limit)
                case .middle: cutMiddle(bytes, &pen, limit)
                }
                while pen.column < limit { write(&pen, " ", width: 1) }
                break
            }
            write(&pen, placement.scalar, width: placement.width)
        }
        finish(&pen)
        return pen.column
    }

    /// Draws the ASCII that a text begins with, as far as there is room for it, and tells how many bytes that were.
    private mutating func putASCII(_ bytes: UnsafeBufferPointer<UInt8>, _ pen: inout Pen) -> Int {
        let room = min(bytes.count, pen.upper - pen.offset)
        let start = pen.row + pen.offset
        let (lower, style) = (pen.lower - pen.offset, pen.style)
        if lower < room { separate(row: pen.row, x: pen.lower) }
        var count = cells.withUnsafeMutableBufferPointer { cells in
            var count = 0
            while count < room {
                let byte = bytes[count]
                guard byte &- 0x20 < 0x5F else { break }
                if count >= lower { cells[start + count] = Cell(ascii: byte, style: style) }
                count += 1
            }
            return count
        }
        // A mark may follow, and it belongs to the last of these.
        if count < bytes.count, count > 0, bytes[count] >= 0x80 {
            count -= 1
        }
        pen.column = count
        pen.lastColumn = max(0, count - 1)
        pen.hasBegun = count > 0
        return count
    }

    private mutating func cutEnd(_ pen: inout Pen, _ limit: Int) {
        if pen.column >= limit { pen.column = pen.lastColumn }
        write(&pen, "…", width: 1)
    }

    private mutating func cutMiddle(_ bytes: UnsafeBufferPointer<UInt8>, _ pen: inout Pen, _ limit: Int) {
        var total = 0
        var index = 0
        var rules = GraphemeRules()
        while index < bytes.count {
            total += max(0, rules.place(UTF8Scalars.next(in: bytes, at: &index)).width)
        }

        let head = limit / 2
        var column = 0
        pen.column = 0
        index = 0
        pen.rules = GraphemeRules()
        var part = Part.head
        while index < bytes.count {
            let placement = pen.rules.place(UTF8Scalars.next(in: bytes, at: &index))
            let width = max(0, placement.width)
            if part == .head, column + width > head {
                write(&pen, "…", width: 1)
                part = .gap
            }
            if part == .gap, width > 0, total - column <= limit - pen.column { part = .tail }
            if part != .gap { write(&pen, placement.scalar, width: placement.width) }
            column += width
        }
    }

    private enum Part { case head, gap, tail }

    /// Far beyond every screen, and near enough to zero that sums never overflow.
    func clamp(_ value: Int) -> Int { min(max(value, -1 << 30), 1 << 30) }

    private func clip(_ rect: Rect) -> Rect {
        let x = clamp(rect.x)
        let y = clamp(rect.y)
        return Rect(x: x, y: y, width: clamp(rect.width), height: clamp(rect.height)).intersection(Rect(size))
    }
}
