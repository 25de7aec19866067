import EngineAPI
import FoundationEssentials
import Terminal

// MARK: Which log is shown

extension State {
    /// Whose log is to be shown now.
    var logSubject: LogSubject? {
        if pane == .containers, let merged { return merged }
        guard case .container(let id)? = selected else { return nil }
        return .container(id)
    }

    /// Ties the log to what is selected or merged, and its containers to those there are.
    mutating func settleLog() {
        guard let subject = logSubject else {
            engine.log = nil
            return
        }
        if engine.log?.subject != subject { openLog(subject) }
        joinOrigins()
    }

    /// A container that got the name of one that is gone goes on in that one's log; else a new log is opened.
    private mutating func openLog(_ subject: LogSubject) {
        if case .container(let id) = subject, let name = engine.containers[id]?.name {
            for known in [engine.log, engine.lostLog].compactMap({ $0 }) {
                guard case .container(let old) = known.subject, engine.containers[old] == nil,
                    known.origins.first?.name == name
                else { continue }
                var log = known
                log.subject = subject
                engine.log = log
                engine.lostLog = nil
                return
            }
        }
        if let log = engine.log, case .container(let old) = log.subject, engine.containers[old] == nil,
            !log.origins.isEmpty
        {
            engine.lostLog = log
        }
        let opened = FollowedLog(id: nextLog, subject: subject, bounds: logBounds)
        nextLog += 1
        engine.log = opened
    }

    private mutating func joinOrigins() {
        guard let log = engine.log, log.listVersion != engine.listVersion else { return }
        let version = engine.listVersion
        engine.log?.listVersion = version
        for (index, origin) in log.origins.enumerated() where engines[current]?.containers[origin.container] == nil {
            if origin.phase != .removed { engine.log?.origins[index].phase = .removed }
        }
        let containers = engine.containers
        let members: [Container] =
            switch log.subject {
            case .container(let id): [containers[id]].compactMap { $0 }
            default: engine.order.compactMap { containers[$0] }.filter { log.subject.covers($0) }
            }
        var leftOut = 0
        for member in members where engine.log?.origin(of: member.id) == nil {
            let origins = engine.log?.origins ?? []
            guard origins.count(where: { $0.phase != .removed }) < FollowedLog.mostOrigins else {
                leftOut += 1
                continue
            }
            let namesake = origins.lastIndex { $0.name == member.name }
            engine.log?.origins.append(
                LogOrigin(
                    name: member.name, container: member.id,
                    colour: namesake.map { origins[$0].colour } ?? origins.count))
            guard let namesake else { continue }
            let time = timeOfMaking(member, after: namesake)
            engine.log?.add(
                LogLines(
                    event: "made anew: another container of this name goes on here (\(member.id.short))", time: time,
                    origin: origins.count))
        }
        engine.log?.leftOut = leftOut
    }

    /// When a container was made: the list has no more than the second, but the end of the one before it came before.
    private func timeOfMaking(_ container: Container, after namesake: Int) -> Int64 {
        let second = LogTime(container.summary.created).nanoseconds
        guard let store = engine.log?.store else { return second }
        var number = store.end - 1
        while let record = store.record(number), record.time >= second {
            if record.origin == namesake { return min(record.time + 1, second + 999_999_999) }
            number -= 1
        }
        return second
    }

    // MARK: What arrives

    /// Takes in what a task has read of a log.
    mutating func take(_ news: LogNews, of container: ContainerID, log id: Int, on engineID: EngineID) {
        guard engines[engineID]?.log?.id == id, let index = engines[engineID]?.log?.origin(of: container) else {
            return
        }
        switch news {
        case .opened(let driver):
            engines[engineID]?.log?.origins[index].driver = driver
            engines[engineID]?.log?.origins[index].phase = .following
        case .tail(let batch, let isStart, let history):
            takeTail(batch, isStart, history, index, engineID)
        case .lines(let batch):
            engines[engineID]?.log?.add(LogLines(batch, origin: index))
            engines[engineID]?.containers[container]?.lineRate.add(batch.lines.count)
        case .gap:
            guard let end = engines[engineID]?.log?.store.end, engines[engineID]?.log?.store.isEmpty == false,
                engines[engineID]?.log?.gaps.last != end
            else { return }
            engines[engineID]?.log?.gaps.append(end)
        case .ended: engines[engineID]?.log?.origins[index].phase = .ended
        case .failed(let error, let retrying):
            engines[engineID]?.log?.origins[index].phase = .failed(error, retrying: retrying)
            if !retrying { engines[engineID]?.containers[container]?.lineRate.fail() }
            // A log that cannot be read does not hold up the others.
            if engines[engineID]?.log?.origins[index].reach == nil {
                engines[engineID]?.log?.origins[index].reach = LogOrigin.start
            }
        }
    }

    /// The last lines of a container's log, as it is opened, and what happened to the container before.
    private mutating func takeTail(
        _ batch: LogBatch, _ isStart: Bool, _ history: [(time: Int64, text: String)], _ index: Int, _ id: EngineID
    ) {
        guard let store = engines[id]?.log?.store else { return }
        let reach = isStart ? LogOrigin.start : batch.lines.first?.time ?? LogOrigin.start
        var lines = LogLines(batch, origin: index)
        // What the live stream told already is not told again.
        let events = history.filter { !knows($0.text, at: $0.time, index, store) }
        let earlier = lines.insert(
            events.map { PastEvent(time: $0.time, text: $0.text, origin: index) }, from: reach)
        engines[id]?.log?.earlier += earlier
        engines[id]?.log?.add(lines, reach: .max)
        engines[id]?.log?.origins[index].reach = reach
        engines[id]?.log?.cutToReach()
    }

    /// Notes in the log what happened to one of its containers.
    mutating func noteInLog(_ event: EngineEvent, of id: EngineID) {
        guard event.type == "container", let text = LogEvents.text(of: event),
            let index = engines[id]?.log?.origin(of: ContainerID(event.actorID))
        else { return }
        addEvent(text, at: event.timeNano, origin: index, on: id)
    }

    private mutating func addEvent(_ text: String, at time: Int64, origin: Int, on id: EngineID) {
        guard let store = engines[id]?.log?.store, !knows(text, at: time, origin, store) else { return }
        var time = time
        if text == LogEvents.started { time = firstTime(ofRunAt: time, origin, store) }
        engines[id]?.log?.add(LogLines(event: text, time: time, origin: origin))
    }

    /// Whether an event stands in the log already: the Engine's memory and the live stream may both tell of it.
    private func knows(_ text: String, at time: Int64, _ origin: Int, _ store: LogStore) -> Bool {
        var number = store.number(at: time + 1) - 1
        while let record = store.record(number), time - record.time < LogEvents.startDelay {
            if record.kind == .event, record.origin == origin {
                if record.time == time { return true }
                // A start was put before the first line of its run.
                return text == LogEvents.started && store[number]?.text.elementsEqual(text.utf8) == true
            }
            number -= 1
        }
        return false
    }

    /// The Engine tells of a start when the container may have written already: the start belongs before its lines.
    private func firstTime(ofRunAt time: Int64, _ origin: Int, _ store: LogStore) -> Int64 {
        var first = time
        var number = store.number(at: time) - 1
        while let record = store.record(number), time - record.time < LogEvents.startDelay {
            if record.origin == origin {
                guard record.kind != .event else { break }
                first = record.time - 1
            }
            number -= 1
        }
        return first
    }

    /// Takes in lines before the oldest held ones.
    mutating func take(_ answer: Result<OlderPage, EngineError>, log id: Int, on engineID: EngineID) {
        guard var log = engines[engineID]?.log, log.id == id else { return }
        // The copy would make a copy of the lines: it is the only one while they change.
        engines[engineID]?.log = nil
        defer { engines[engineID]?.log = log }
        switch answer {
        case .failure(let error):
            log.older = .failed(error)
            if log.jump != nil {
                log.jump = nil
                tell(.failure, "older lines could not be fetched: \(error.message)")
            }
        case .success(let page):
            var lines = page.lines
            let earlier = lines.insert(log.earlier, from: page.isStart ? .min : page.reach.values.max() ?? .min)
            guard log.store.prepend(lines) else {
                log.older = .full
                log.jump = nil
                return
            }
            log.earlier = earlier
            for (index, reach) in page.reach where index < log.origins.count { log.origins[index].reach = reach }
            log.older = page.isStart ? .start : .unknown
            if let jump = log.jump {
                log.jump = nil
                go(to: jump, in: &log)
            }
        }
    }

    /// Takes in a stretch of the past that is too far from now to be held together with what is held.
    mutating func take(past lines: LogLines, _ jump: FollowedLog.Jump, log id: Int, on engineID: EngineID) {
        guard let log = engines[engineID]?.log, log.id == id else { return }
        var past = FollowedLog(id: nextLog, subject: log.subject, bounds: logBounds)
        nextLog += 1
        past.origins = log.origins
        past.listVersion = log.listVersion
        past.past = jump
        var lines = lines
        let end = lines.records.last?.time ?? jump.time
        let events = log.earlier.filter { (jump.time...end).contains($0.time) }
        // What it begins with is what was asked for: where there is no room for all, the end goes.
        lines = lines[0..<max(0, min(lines.count, logBounds.lines - events.count))]
        _ = lines.insert(events, from: jump.time)
        past.add(lines, reach: .max)
        past.older = .full
        go(to: jump, in: &past)
        engines[engineID]?.log = past
        tell(.note, "the log from \(jump.text) on, up to \(Units.count(lines.count)) lines; f goes back to the newest")
    }

    // MARK: Looking for lines

    /// Takes in which lines of a slice match.
    mutating func take(_ found: ScannedLog, log id: Int, on engineID: EngineID) {
        guard var log = engines[engineID]?.log, log.id == id else { return }
        engines[engineID]?.log = nil
        defer { engines[engineID]?.log = log }
        if found.scan.isFilter {
            guard let matches = log.filter?.matches, LogScan(matches, isFilter: true) == found.scan else { return }
            log.filter?.matches.take(found.lines, in: found.range)
        } else {
            guard let matches = log.search, LogScan(matches, isFilter: false) == found.scan else { return }
            log.search?.take(found.lines, in: found.range)
            seekHit(in: &log)
        }
        log.forgetDropped()
    }

    /// Goes to the first hit of a new search: the nearest one upwards, else the first one below.
    private func seekHit(in log: inout FollowedLog) {
        guard let from = log.seeking, let search = log.search else { return }
        var hit = search.line(atMost: from)
        while let line = hit, log.line(atMost: line) != line { hit = search.line(atMost: line - 1) }
        if hit == nil {
            guard search.next(of: log.store.first..<log.store.end) == nil else { return }
            hit = search.line(atLeast: from)
            while let line = hit, log.line(atLeast: line) != line { hit = search.line(atLeast: line + 1) }
        }
        log.seeking = nil
        guard let hit else { return }
        log.hit = hit
        show(hit, in: &log)
    }

    /// Makes a line visible, and the hit in it.
    private func show(_ line: Int, in log: inout FollowedLog) {
        let window = LogWindow(log, logView, in: layout.body)
        if !window.lines.contains(line) {
            if let position = window.position(showing: line, at: 0.4) { log.stand(at: position) } else { log.follow() }
        } else if log.following, let bottom = window.bottom {
            // What is looked at stays where it is while lines arrive.
            log.stand(at: bottom)
        }
        guard !logView.wraps, logView.json == .raw, let pattern = log.search?.pattern, let held = log.store[line],
            let matcher = try? LogMatcher(pattern)
        else { return }
        let text = LogText.visible(held.text)
        guard let hit = text.withUnsafeBufferPointer({ matcher.ranges(in: $0) }).first else { return }
        let start = LogText.width(text[..<hit.lowerBound], limit: 1 << 20)
        let end = LogText.width(text[..<hit.upperBound], limit: 1 << 20)
        if start < log.column || end > log.column + window.width - 1 {
            log.column = end < window.width ? 0 : max(0, start - window.width / 3)
        }
    }

    mutating func nextHit(_ step: Int) {
        guard var log = engine.log else { return }
        guard let search = log.search else { return tell(.note, "nothing was searched for: / does") }
        guard !search.lines.isEmpty else {
            return tell(.note, "“\(search.pattern.text)” is not among the held lines")
        }
        engine.log = nil
        defer { engine.log = log }
        let window = LogWindow(log, logView, in: layout.body)
        let here = log.hit ?? window.bottom.map { step > 0 ? $0.line : $0.line + 1 } ?? 0
        func next(_ line: Int) -> Int? { step > 0 ? search.line(atLeast: line + 1) : search.line(atMost: line - 1) }
        func isShown(_ line: Int) -> Bool { log.line(atMost: line) == line }
        var hit = next(here)
        while let line = hit, !isShown(line) { hit = next(line) }
        if hit == nil {
            hit = step > 0 ? search.lines.first : search.lines.last
            while let line = hit, !isShown(line) { hit = next(line) }
            guard hit != nil else { return tell(.note, "no hit among the shown lines") }
            tell(.note, step > 0 ? "from the oldest on again" : "from the newest on again")
        }
        guard let hit else { return }
        log.hit = hit
        show(hit, in: &log)
    }

    mutating func nextEvent(_ step: Int) {
        guard var log = engine.log else { return }
        let window = LogWindow(log, logView, in: layout.body)
        let lines = window.lines
        // From the event that one is at, else from what is in view.
        let isAt = log.hit.flatMap { log.store.record($0)?.kind } == .event
        let here = isAt ? log.hit ?? 0 : step > 0 ? lines.first.map { $0 - 1 } ?? 0 : (lines.last ?? 0) + 1
        var event = step > 0 ? log.store.event(after: here) : log.store.event(before: here)
        while let number = event, log.line(atMost: number) != number {
            event = step > 0 ? log.store.event(after: number) : log.store.event(before: number)
        }
        guard let event else {
            return tell(
                .note, step > 0 ? "no later event among the held lines" : "no earlier event among the held lines")
        }
        engine.log = nil
        log.hit = event
        show(event, in: &log)
        engine.log = log
    }

    // MARK: Commands

    mutating func followLog() {
        // A stretch of the past is no longer followed: the log is opened anew.
        if engine.log?.past != nil { engine.log = nil } else { engine.log?.follow() }
        engine.log?.selection = nil
    }

    mutating func clearLog() {
        guard let log = engine.log else { return }
        if log.cleared != nil {
            engine.log?.cleared = nil
            tell(.note, "all lines are shown")
        } else {
            let now = now
            engine.log?.cleared = (log.store.end, now)
            engine.log?.follow()
            tell(.note, "lines up to now are hidden: C shows them")
        }
    }

    mutating func selectLines() {
        guard let log = engine.log else { return }
        if log.selection != nil {
            engine.log?.selection = nil
            return
        }
        let window = LogWindow(log, logView, in: layout.body)
        guard let bottom = window.bottom else { return tell(.note, "there are no lines to select") }
        // What is selected must not move away.
        engine.log?.stand(at: bottom)
        engine.log?.selection = .init(anchor: bottom.line, head: bottom.line)
        tell(.note, "↑ ↓ select lines · y copies them · Ctrl-s saves them · Esc ends")
    }

    /// Moves the moving end of the selection by lines, and the screen along.
    mutating func moveLogSelection(_ lines: Int) {
        guard var log = engine.log, var selection = log.selection else { return }
        if abs(lines) >= 1_000_000 {
            selection.head =
                (lines < 0 ? log.line(atLeast: log.store.first) : log.line(atMost: log.store.end - 1)) ?? selection.head
        } else {
            for _ in 0..<abs(lines) {
                let next = lines < 0 ? log.line(atMost: selection.head - 1) : log.line(atLeast: selection.head + 1)
                guard let next else { break }
                selection.head = next
            }
        }
        log.selection = selection
        let window = LogWindow(log, logView, in: layout.body)
        let shown = window.lines
        if let first = shown.first, let last = shown.last, let bottom = window.last {
            if selection.head > last {
                log.stand(at: .init(line: selection.head, row: window.rows(of: selection.head) - 1))
            } else if selection.head < first {
                log.stand(at: window.position(showing: selection.head, at: 0) ?? bottom)
            }
        }
        engine.log = log
    }

    mutating func leaveLogModes() {
        if engine.log?.selection != nil {
            engine.log?.selection = nil
        } else if engine.log?.filter != nil {
            engine.log?.filter = nil
        } else {
            engine.log?.search = nil
            engine.log?.hit = nil
        }
    }

    // MARK: Going to a time

    /// Goes to the first line of a time; fetches it when it is not held.
    mutating func goToTime(_ text: String) -> String? {
        let date = LogMoment.parse(text, now: engine.engineTime(now), secondsFromGMT: secondsFromGMT)
        guard let date else { return "a time is 14:05, 14:05:30, -10m or 2026-11-24 14:05" }
        guard var log = engine.log else { return "no log is shown" }
        let jump = FollowedLog.Jump(time: LogTime(date).nanoseconds, text: text)
        let oldest = log.store.record(log.store.first)?.time ?? .max
        if jump.time >= oldest || log.older == .start && log.store.dropped == 0 || log.past != nil {
            engine.log = nil
            go(to: jump, in: &log)
            engine.log = log
        } else {
            engine.log?.jump = jump
            tell(.note, "fetching the log from \(text) on …")
        }
        return nil
    }

    private func go(to jump: FollowedLog.Jump, in log: inout FollowedLog) {
        if log.cleared != nil { log.cleared = nil }
        let window = LogWindow(log, logView, in: layout.body)
        guard let line = log.line(atLeast: log.store.number(at: jump.time)) else { return log.follow() }
        if let position = window.position(showing: line, at: 0) { log.stand(at: position) } else { log.follow() }
    }

    // MARK: Merging

    /// The logs that can be shown as one: of the marked containers, the selected one's project, its labels.
    var mergeChoices: [(subject: LogSubject, count: Int)] {
        var choices: [LogSubject] = []
        let names = engine.order.filter { marked.contains($0) }.compactMap { engine.containers[$0]?.name }
        if !names.isEmpty { choices.append(.marked(names)) }
        if let container = selectedContainer {
            let labels = container.summary.labels
            if let project = labels[LogSubject.projectLabel] {
                choices.append(.label(LogSubject.projectLabel, project))
            }
            for (key, value) in labels.sorted(by: { $0.key < $1.key }) where !key.hasPrefix("com.docker.compose.") {
                choices.append(.label(key, value))
            }
        }
        return choices.prefix(40).map { subject in
            (subject, engine.containers.values.count { subject.covers($0) })
        }
    }

    mutating func mergeLogs() {
        if merged != nil {
            merged = nil
            return tell(.note, "the log of the selected container")
        }
        let choices = mergeChoices
        if let only = choices.first, choices.count == 1 || !marked.isEmpty {
            showMerged(only.subject)
        } else {
            layers.append(.mergeMenu(MergeMenu(choices: choices)))
        }
    }

    mutating func showMerged(_ subject: LogSubject) {
        merged = subject
        _ = show(DetailTab.logs)
        tell(.note, "one log of \(subject.title); m goes back")
    }

    mutating func markSelected() {
        guard let id = selectedContainer?.id else { return }
        if marked.remove(id) == nil { marked.insert(id) }
        moveSelection(1)
    }

    mutating func markAll() {
        let listed = Set(
            rows(.containers).compactMap { row -> ContainerID? in
                if case .container(let id) = row { return id }
                return nil
            })
        marked = listed.isSubset(of: marked) ? marked.subtracting(listed) : marked.union(listed)
        tell(.note, marked.isEmpty ? "nothing is marked" : "\(marked.count) marked: m merges their logs")
    }

    // MARK: Taking lines out

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
                + (isAll ? "" : "; the rest is too long for it, Ctrl-s saves"))
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
