import Testing

/// The log on the screen, wherever it stands.
extension Screen {
    /// The rows of the log from the top down: without the frame around them, and without the column in front of the
    /// lines that marks the standard error and what is selected.
    var log: [String] { logRows.map(\.text) }

    /// The rows of what was written to the standard error.
    var errorLines: [String] { logRows.filter { $0.mark == "▎" }.map(\.text) }

    /// The rows of selected lines; on those of a log that is not focused there is no mark.
    var selectedLines: [String] { logRows.filter { $0.mark == "▌" }.map(\.text) }

    /// What the border of the log says, `following · 300 lines` for example.
    var logNote: String {
        guard let (row, column) = logPlace else { return "" }
        func inside(_ line: String) -> Substring { line.dropFirst(column) }
        if inside(lines[row]).first == "╭" {
            // In the lower edge of the box.
            let edge = lines.last { inside($0).first == "╰" }
            return edge.map { String(inside($0)).trimming { "╰─╯ ".contains($0) } } ?? ""
        }
        // Behind the tabs, or over the last of them.
        guard let tabs = Self.tabs(lines[row]) else { return "" }
        let rest = lines[row][tabs...]
        let known =
            ["Logs │ Stats │ Inspect │ Top │ Diff ", "Logs Stats Inspect Top Diff "].map {
                zip(rest, $0).prefix { $0 == $1 }.count
            }.max() ?? 0
        let note = String(rest.dropFirst(known)).trimming { "─ ".contains($0) }
        // The tabs that have no room beside it.
        return note.hasPrefix("… ") ? String(note.dropFirst(2)) : note
    }

    /// The rows of a merged log: who wrote it, and what.
    var mergedLog: [(name: String, text: String)] {
        log.filter { !$0.hasPrefix("──") && !$0.isEmpty }.map { row in
            let words = row.split(separator: " ", maxSplits: 1).map { String($0).trimmed }
            return (words[0], words.count > 1 ? words[1] : "")
        }
    }

    /// The texts of what happened to containers, from the top down, without the time: `started`.
    var logEvents: [String] {
        log.compactMap { row in
            row.firstMatch(of: /^── \d\d:\d\d:\d\d (.*?) ?─*$/).map { String($0.output.1) }
        }
    }

    /// The numbers that stand alone in their rows, from the top down.
    var logNumbers: [Int] { log.compactMap { Int($0) } }

    /// Where the tabs begin, which have no lines between them where there is little room.
    private static func tabs(_ line: String) -> String.Index? {
        (line.firstRange(of: "Logs │ ") ?? line.firstRange(of: "Logs Stats "))?.lowerBound
    }

    /// The row that has the tabs of the details, and the column where the details begin.
    private var logPlace: (row: Int, column: Int)? {
        for (row, line) in lines.enumerated() {
            guard let tabs = Self.tabs(line) else { continue }
            let corner = line[..<tabs].lastIndex(of: "╭")
            return (row, corner.map { line.distance(from: line.startIndex, to: $0) } ?? 0)
        }
        return nil
    }

    private var logRows: [(mark: Character, text: String)] {
        guard let (row, column) = logPlace else { return [] }
        let isBox = Array(lines[row])[column] == "╭"
        let rows = lines[(row + 1)..<max(row + 1, lines.count - 2)]
        return rows.compactMap { line in
            var cells = Array(line)
            if isBox {
                guard cells.count > column, cells[column] == "│" else { return nil }
                cells = Array(cells[(column + 1)...])
                if let end = cells.lastIndex(of: "│") { cells = Array(cells[..<end]) }
            }
            while cells.last == " " { cells.removeLast() }
            guard let first = cells.first else { return (" ", "") }
            return " ▎▌".contains(first) ? (first, String(cells.dropFirst())) : (" ", String(cells))
        }
    }
}

extension Session {
    /// Has a container write a line to its log, now.
    func write(_ line: String, in container: String) throws {
        try docker(["exec", container, "sh", "-c", "echo \(line.quoted) >/proc/1/fd/1"])
    }

    /// A line of its own on the screen, wherever the log is.
    func expect(line: String, at location: SourceLocation = #_sourceLocation) async throws {
        try await expect("the line “\(line)”", at: location) { $0.hasLine(line) }
    }

    func expectNo(line: String, at location: SourceLocation = #_sourceLocation) async throws {
        try await expect("no line “\(line)”", at: location) { !$0.hasLine(line) }
    }

    /// The log's rows are just these; the empty ones below them do not count.
    func expect(log rows: [String], at location: SourceLocation = #_sourceLocation) async throws {
        try await expect("the log \(rows)", at: location) { $0.log.filter { !$0.isEmpty } == rows }
    }

    /// The border of the log says something.
    func expect(note text: String, at location: SourceLocation = #_sourceLocation) async throws {
        try await expect("the note “\(text)”", at: location) { $0.logNote.contains(text) }
    }

    /// The log tells that something happened to a container.
    func expect(event text: String, at location: SourceLocation = #_sourceLocation) async throws {
        try await expect("the event “\(text)”", at: location) { $0.logEvents.contains(text) }
    }

    /// Opens a prompt with a key and types a text into it; Enter is left to the story.
    func prompt(_ key: String, _ text: String, at location: SourceLocation = #_sourceLocation) async throws {
        try await press(key)
        try await expect("a prompt", at: location) { $0.keys.contains(/Esc (leave|as before)$/) }
        try type(text)
        try await expectFlash(containing: text, at: location)
    }

    /// Scrolls up until there is nothing before the oldest line.
    func scrollToStart(at location: SourceLocation = #_sourceLocation) async throws {
        for _ in 0..<100 {
            let before = try screen().log
            if before.contains("── start of the log ──") { return }
            try await press("g")
            // Lines that are fetched push those on the screen down, out of it.
            try await expect("older lines", at: location) { screen in
                screen.log != before && !screen.text.contains("fetching older lines")
            }
        }
        try await expectScreen(contains: "── start of the log ──", at: location)
    }

    /// Has the log, and the whole screen for it.
    func zoomIntoLog(at location: SourceLocation = #_sourceLocation) async throws {
        try await press("enter", "z")
        try await expect("a zoomed log", at: location) { $0.containers.isEmpty && !$0.log.isEmpty }
    }
}

extension Screen {
    /// Whether the log shows just this line, in a box or without.
    func hasLine(_ line: String) -> Bool { logLines.contains(line) }

    /// The texts of all rows and of what stands in boxes, without the mark of the standard error.
    var logLines: [String] {
        lines.flatMap { row in [row] + row.split(separator: "│").map(String.init) }.map { part in
            String(part.trimmed.drop { $0 == "▎" })
        }
    }
}

extension String {
    /// Without the characters at both ends that a condition holds for.
    fileprivate func trimming(_ isGone: (Character) -> Bool) -> String {
        var text = self[...]
        while let first = text.first, isGone(first) { text.removeFirst() }
        while let last = text.last, isGone(last) { text.removeLast() }
        return String(text)
    }
}
