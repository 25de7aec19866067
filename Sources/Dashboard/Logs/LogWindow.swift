import Terminal

/// Which rows of a log are on the screen: the one source for drawing, scrolling and looking for what is in view.
struct LogWindow {
    /// One row of the screen.
    enum Row: Hashable {
        /// A row of a line; most lines have but row 0.
        case line(Int, row: Int)
        /// Where lines are missing.
        case gap
        /// What stands above the oldest held line.
        case above
    }

    /// A wrapped line is cut after so many rows: sideways one sees all of it.
    static let mostRows = 200

    let log: FollowedLog
    let view: LogView
    /// Rows of the screen.
    let height: Int
    /// Columns for a line's text, without what stands in front of it.
    let width: Int

    init(_ log: FollowedLog, _ view: LogView, in area: Rect) {
        self.log = log
        self.view = view
        height = max(1, area.height)
        width = max(1, area.width - Self.prefix(log, view).total)
    }

    /// What stands in front of a line's text, in columns: each with the space behind it.
    static func prefix(_ log: FollowedLog, _ view: LogView) -> (
        mark: Int, number: Int, time: Int, name: Int, total: Int
    ) {
        let number = view.numbers ? String(max(1, log.store.count + log.store.dropped)).count + 1 : 0
        let time = view.times == .off ? 0 : view.times.width + 1
        let name = log.subject.isMerged ? min(20, log.origins.map { TextWidth.of($0.name) }.max() ?? 0) + 1 : 0
        return (1, number, time, name, 1 + number + time + name)
    }

    // MARK: Rows of lines

    /// How many rows a line takes.
    func rows(of number: Int) -> Int {
        guard view.wraps || view.json == .folded, let line = log.store[number], !line.isEvent else { return 1 }
        if view.json == .folded, let json = LogJSON(line.text) { return min(max(1, json.folded.count), Self.mostRows) }
        guard view.wraps else { return 1 }
        if view.json == .summary, let json = LogJSON(line.text) { return starts(of: Array(json.line.utf8)[...]).count }
        return starts(of: line.text).count
    }

    /// The columns at which the rows of a wrapped line begin.
    func starts(of text: ArraySlice<UInt8>) -> [Int] {
        // A byte takes a column at most, but for a tab.
        guard text.count * 8 > width, text.count > width || text.contains(9) else { return [0] }
        return LogText.rowStarts(text, width: width, limit: Self.mostRows)
    }

    /// The row before a row; nil at the beginning.
    func row(before position: FollowedLog.Position) -> FollowedLog.Position? {
        if position.row > 0 { return .init(line: position.line, row: position.row - 1) }
        return log.line(atMost: position.line - 1).map { .init(line: $0, row: rows(of: $0) - 1) }
    }

    /// The row after a row; nil at the end.
    func row(after position: FollowedLog.Position) -> FollowedLog.Position? {
        if position.row + 1 < rows(of: position.line) { return .init(line: position.line, row: position.row + 1) }
        return log.line(atLeast: position.line + 1).map { .init(line: $0, row: 0) }
    }

    /// The newest row.
    var last: FollowedLog.Position? {
        log.line(atMost: log.store.end - 1).map { .init(line: $0, row: rows(of: $0) - 1) }
    }

    /// The row at the bottom of the screen; nil when nothing is shown.
    var bottom: FollowedLog.Position? {
        guard let anchor = log.anchor else { return last }
        guard let line = log.line(atMost: anchor.line) else { return highest }
        let rows = rows(of: line)
        return .init(line: line, row: line == anchor.line ? min(anchor.row, rows - 1) : rows - 1)
    }

    /// The row that is at the bottom when the oldest line, and what stands above it, is at the top.
    var highest: FollowedLog.Position? {
        guard let first = log.line(atLeast: log.store.first) else { return nil }
        return row(below: .init(line: first, row: 0), by: height - 2 - (log.gaps.contains(first) ? 1 : 0))
    }

    /// The row so many rows of the screen below another, or the last one; where lines are missing takes a row too.
    private func row(below position: FollowedLog.Position, by rows: Int) -> FollowedLog.Position {
        var position = position
        var left = rows
        while left > 0, let next = row(after: position) {
            left -= next.row == 0 && log.gaps.contains(next.line) ? 2 : 1
            guard left >= 0 else { break }
            position = next
        }
        return position
    }

    /// The bottom row after scrolling by so many rows; nil to follow the newest.
    func scrolled(by rows: Int) -> FollowedLog.Position? {
        guard let last, let highest, var position = bottom else { return nil }
        if abs(rows) >= 1_000_000 { return rows < 0 && highest != last ? highest : nil }
        for _ in 0..<abs(rows) {
            guard let next = rows < 0 ? row(before: position) : row(after: position) else { break }
            position = next
        }
        if position < highest { position = highest }
        return position == last && (rows > 0 || highest == last) ? nil : position
    }

    /// The bottom row with which a line stands at a share of the screen's height.
    func position(showing line: Int, at share: Double) -> FollowedLog.Position? {
        guard let last, let highest else { return nil }
        let start = FollowedLog.Position(line: line, row: rows(of: line) - 1)
        let position = max(row(below: start, by: Int(Double(height - 1) * (1 - share))), highest)
        return position == last ? nil : position
    }

    // MARK: The screen

    /// The rows from the top down, at most as many as the screen has.
    ///
    /// - Parameter above: whether something is to be said above the oldest line.
    func visible(rows limit: Int, above: Bool) -> [Row] {
        var rows: [Row] = []
        var position = bottom
        while rows.count < limit, let here = position {
            rows.append(.line(here.line, row: here.row))
            if here.row == 0, log.gaps.contains(here.line), rows.count < limit { rows.append(.gap) }
            position = row(before: here)
        }
        if position == nil, above, rows.count < limit { rows.append(.above) }
        return rows.reversed()
    }

    /// The numbers of the lines on the screen, the topmost first.
    var lines: [Int] {
        var numbers: [Int] = []
        for case .line(let number, _) in visible(rows: height, above: false) where numbers.last != number {
            numbers.append(number)
        }
        return numbers
    }
}

extension FollowedLog.Position: Comparable {
    static func < (a: Self, b: Self) -> Bool { (a.line, a.row) < (b.line, b.row) }
}
