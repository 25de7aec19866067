import Terminal

// Lines on their way out of a log: to the clipboard, a file, the pager.
extension State {
    /// The shown lines of a range as text.
    private func text(of range: ClosedRange<Int>, in log: FollowedLog, limit: Int) -> (text: String, lines: Int) {
        var bytes: [UInt8] = []
        var count = 0
        var line = log.line(atLeast: range.lowerBound)
        while let number = line, number <= range.upperBound, let held = log.store[number] {
            guard bytes.count + held.text.count < limit else { break }
            if count > 0 { bytes.append(UInt8(ascii: "\n")) }
            bytes += LogText.visible(held.text)
            count += 1
            line = log.line(atLeast: number + 1)
        }
        return (String(decoding: bytes, as: UTF8.self), count)
    }

    mutating func copyLines() -> [Effect] {
        guard let log = engine.log else { return [] }
        let shown = LogWindow(log, logView, in: layout.body).lines
        guard let range = log.selection?.range ?? shown.first.flatMap({ first in shown.last.map { first...$0 } }) else {
            tell(.note, "there is nothing to copy")
            return []
        }
        // Terminals take some 100 KB at most.
        let (text, count) = text(of: range, in: log, limit: 74_000)
        engine.log?.selection = nil
        let isAll = count == range.count || log.filter != nil
        tell(
            .success,
            "\(Units.count(count)) line\(count == 1 ? "" : "s") sent to the terminal's clipboard"
                + (isAll ? "" : "; the rest is too long for it, \(key(of: "log.save")) saves"))
        return [.copy(text)]
    }

    /// What is to be written of the log.
    func extract(_ extract: LogExtract) -> LogWriting? {
        guard let log = engine.log else { return nil }
        return LogWriting(
            store: log.store,
            open: extract == .selection ? log.selection.map { Range($0.range) } ?? log.open : log.open,
            origins: log.origins.map { ($0.name, $0.container) }, isMerged: log.subject.isMerged,
            filter: log.filter.map { LogScan($0.matches, isFilter: true) }, context: log.filter?.context ?? 0,
            matching: log.filter.map { $0.matches.lines }, isWhole: extract == .whole)
    }

    mutating func pageLog() -> [Effect] {
        guard let log = engine.log, log.line(atMost: log.store.end - 1) != nil else {
            tell(.note, "there are no lines to show")
            return []
        }
        tell(.note, "writing the lines for the pager …")
        return extract(.held).map { [.page(current, $0)] } ?? []
    }

    /// Says how the writing of a log went, or shows it.
    mutating func written(_ outcome: LogWriting.Outcome) -> [Effect] {
        if let error = outcome.error {
            tell(.failure, "\(outcome.path) could not be written: \(error)")
            return []
        }
        if outcome.isForPager { return [.openPager(path: outcome.path)] }
        tell(.success, "\(Units.count(outcome.lines)) lines saved to \(outcome.path)")
        return []
    }
}
