extension Frame: Equatable {
    /// Whether two frames look the same.
    public static func == (a: Frame, b: Frame) -> Bool {
        guard a.size == b.size, a.ground == b.ground else { return false }
        return (0..<a.size.height).allSatisfy { a.isSameRow($0, in: b) }
    }

    /// The rows that look different from those of an earlier frame; all of them when the sizes or the grounds differ.
    public func changedRows(since earlier: Frame?) -> [Int] {
        guard let earlier, earlier.size == size, earlier.ground == ground else { return Array(0..<size.height) }
        return (0..<size.height).filter { !isSameRow($0, in: earlier) }
    }

    /// The cells of a row; none outside of the frame.
    public func cells(row: Int) -> ArraySlice<Cell> {
        guard row >= 0, row < size.height else { return [] }
        return cells[row * size.width..<(row + 1) * size.width]
    }

    /// The combining marks of one of this frame's cells.
    public func marks(of cell: Cell) -> [Unicode.Scalar] {
        guard cell.marks > 0, cell.marks < marks.entries.count else { return [] }
        let entry = marks[cell.marks]
        return (0..<entry.count).map { entry[$0] }
    }

    /// The text of a row, with the spaces at its end.
    public func text(row: Int) -> String {
        var text = String.UnicodeScalarView()
        for cell in cells(row: row) where !cell.isContinuation {
            text.append(cell.scalar)
            if cell.marks > 0 { text.append(contentsOf: marks(of: cell)) }
        }
        return String(text)
    }

    /// The text of every row, without the spaces at its end.
    public var lines: [String] {
        (0..<size.height).map { row in
            let text = text(row: row)
            guard let last = text.lastIndex(where: { $0 != " " }) else { return "" }
            return String(text[...last])
        }
    }

    /// How a cell looks; plain outside of the frame.
    public func style(x: Int, y: Int) -> Style {
        guard x >= 0, x < size.width, y >= 0, y < size.height else { return .plain }
        return cells[y * size.width + x].style
    }

    private func isSameRow(_ row: Int, in other: Frame) -> Bool {
        let mine = cells(row: row)
        let theirs = other.cells(row: row)
        // Without marks in either frame, the bits tell.
        if marks.isEmpty && other.marks.isEmpty { return mine == theirs }
        return zip(mine, theirs).allSatisfy {
            $0.equalsWithoutMarks($1) && marks[$0.marks] == other.marks[$1.marks]
        }
    }
}
