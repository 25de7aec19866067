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
        if let id = engine.log?.id { joinOrigins(of: id) }
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

    /// Ties a log to the containers there are.
    mutating func joinOrigins(of id: Int) {
        guard let log = engine[log: id], log.listVersion != engine.listVersion else { return }
        let version = engine.listVersion
        engine[log: id]?.listVersion = version
        for (index, origin) in log.origins.enumerated() where engines[current]?.containers[origin.container] == nil {
            if origin.phase != .removed { engine[log: id]?.origins[index].phase = .removed }
        }
        let containers = engine.containers
        let members: [Container] =
            switch log.subject {
            case .container(let id): [containers[id]].compactMap { $0 }
            default: engine.order.compactMap { containers[$0] }.filter { log.subject.covers($0) }
            }
        var leftOut = 0
        for member in members where engine[log: id]?.origin(of: member.id) == nil {
            let origins = engine[log: id]?.origins ?? []
            guard origins.count(where: { $0.phase != .removed }) < FollowedLog.mostOrigins else {
                leftOut += 1
                continue
            }
            let namesake = origins.lastIndex { $0.name == member.name }
            engine[log: id]?.origins.append(
                LogOrigin(
                    name: member.name, container: member.id,
                    colour: namesake.map { origins[$0].colour } ?? origins.count))
            guard let namesake else { continue }
            let time = timeOfMaking(member, after: namesake, in: id)
            engine[log: id]?.add(
                LogLines(
                    event: "made anew: another container of this name goes on here (\(member.id.short))", time: time,
                    origin: origins.count))
        }
        engine[log: id]?.leftOut = leftOut
    }

    /// When a container was made: the list has no more than the second, but the end of the one before it came before.
    private func timeOfMaking(_ container: Container, after namesake: Int, in id: Int) -> Int64 {
        let second = LogTime(container.summary.created).nanoseconds
        guard let store = engine[log: id]?.store else { return second }
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
        guard let index = engines[engineID]?[log: id]?.origin(of: container) else { return }
        switch news {
        case .opened(let driver):
            engines[engineID]?[log: id]?.origins[index].driver = driver
            engines[engineID]?[log: id]?.origins[index].phase = .following
        case .tail(let batch, let isStart, let history):
            takeTail(batch, isStart, history, index, id, engineID)
        case .lines(let batch):
            engines[engineID]?[log: id]?.add(LogLines(batch, origin: index))
            engines[engineID]?.lineRated.insert(container)
            engines[engineID]?.containers[container]?.lineRate.add(
                batch.lines.count, errors: batch.errorLines)
        case .gap:
            guard let end = engines[engineID]?[log: id]?.store.end, engines[engineID]?[log: id]?.store.isEmpty == false,
                engines[engineID]?[log: id]?.gaps.last != end
            else { return }
            engines[engineID]?[log: id]?.gaps.append(end)
        case .ended: engines[engineID]?[log: id]?.origins[index].phase = .ended
        case .failed(let error, let retrying):
            engines[engineID]?[log: id]?.origins[index].phase = .failed(error, retrying: retrying)
            if !retrying {
                engines[engineID]?.lineRated.insert(container)
                engines[engineID]?.containers[container]?.lineRate.fail()
            }
            // A log that cannot be read does not hold up the others.
            if engines[engineID]?[log: id]?.origins[index].reach == nil {
                engines[engineID]?[log: id]?.origins[index].reach = LogOrigin.start
            }
        }
    }

    /// The last lines of a container's log, as it is opened, and what happened to the container before.
    private mutating func takeTail(
        _ batch: LogBatch, _ isStart: Bool, _ history: [(time: Int64, text: String)], _ index: Int, _ log: Int,
        _ id: EngineID
    ) {
        guard let store = engines[id]?[log: log]?.store else { return }
        let reach = isStart ? LogOrigin.start : batch.lines.first?.time ?? LogOrigin.start
        var lines = LogLines(batch, origin: index)
        // What the live stream told already is not told again.
        let known = engines[id]?[log: log]?.earlier ?? []
        let events = history.map { PastEvent(time: $0.time, text: $0.text, origin: index) }
            .filter { !knows($0.text, at: $0.time, index, store) && !known.contains($0) }
        let earlier = lines.insert(events, from: reach)
        engines[id]?[log: log]?.earlier += earlier
        engines[id]?[log: log]?.add(lines)
        engines[id]?[log: log]?.origins[index].reach = reach
        engines[id]?[log: log]?.cutToReach()
    }

    /// Notes in the log what happened to one of its containers.
    mutating func noteInLog(_ event: EngineEvent, of id: EngineID) {
        guard event.type == "container", let text = LogEvents.text(of: event) else { return }
        for log in engines[id]?.followedLogs ?? [] {
            guard let index = engines[id]?[log: log]?.origin(of: ContainerID(event.actorID)) else { continue }
            addEvent(text, at: event.timeNano, origin: index, of: log, on: id)
        }
    }

    private mutating func addEvent(_ text: String, at time: Int64, origin: Int, of log: Int, on id: EngineID) {
        guard let store = engines[id]?[log: log]?.store, !knows(text, at: time, origin, store) else { return }
        var time = time
        if text == LogEvents.started { time = firstTime(ofRunAt: time, origin, store) }
        engines[id]?[log: log]?.add(LogLines(event: text, time: time, origin: origin))
    }

    /// Whether an event stands in the log already: the Engine's memory and the live stream may both tell of it.
    private func knows(_ text: String, at time: Int64, _ origin: Int, _ store: LogStore) -> Bool {
        if let code = LogEvents.exitCode(in: text) { return knowsEnd(code, at: time, origin, store) }
        var number = store.number(at: time + 1) - 1
        while let record = store.record(number), time - record.time < LogEvents.startDelay {
            if record.kind == .event, record.origin == origin {
                if record.time == time { return true }
                // A start was put before the first line of its run.
                return [LogEvents.started, LogEvents.outOfMemory].contains(text)
                    && store[number]?.text.elementsEqual(text.utf8) == true
            }
            number -= 1
        }
        return false
    }

    /// Whether an end stands in the log already. An event tells of it, and the container keeps it with a time of its own:
    /// after an Engine was started anew the event is forgotten, and nothing but the code and the time says that both
    /// mean the same. Ends with a start between them are two.
    private func knowsEnd(_ code: Int, at time: Int64, _ origin: Int, _ store: LogStore) -> Bool {
        var isLater = true
        var endsLater = false
        var number = store.number(at: time + LogEvents.slack) - 1
        while let record = store.record(number), time - record.time < LogEvents.slack {
            defer { number -= 1 }
            guard record.kind == .event, record.origin == origin, let line = store[number] else { continue }
            let text = String(decoding: line.text, as: UTF8.self)
            if isLater, record.time <= time {
                // Of what is later only what came before the next start counts.
                if endsLater { return true }
                isLater = false
            }
            if text == LogEvents.started {
                guard isLater else { return false }
                endsLater = false
            } else if LogEvents.exitCode(in: text) == code {
                guard isLater else { return true }
                endsLater = true
            }
        }
        return isLater && endsLater
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
        let jump = engines[engineID]?[log: id]?.jump
        switch answer {
        case .failure(let error):
            engines[engineID]?[log: id]?.older = .failed(error)
            engines[engineID]?[log: id]?.jump = nil
            if jump != nil { tell(.failure, "older lines could not be fetched: \(error.message)") }
        case .success(let page):
            guard takeOlder(page, log: id, on: engineID) else { return }
            guard let jump, var log = engines[engineID]?[log: id] else { return }
            go(to: jump, in: &log)
            engines[engineID]?[log: id] = log
        }
    }

    /// - Returns: whether there was room for them.
    private mutating func takeOlder(_ page: OlderPage, log id: Int, on engineID: EngineID) -> Bool {
        guard let earlier = engines[engineID]?[log: id]?.earlier else { return false }
        var lines = page.lines
        let left = lines.insert(earlier, from: page.isStart ? .min : page.reach.values.max() ?? .min)
        engines[engineID]?[log: id]?.jump = nil
        guard engines[engineID]?[log: id]?.store.prepend(lines) == true else {
            engines[engineID]?[log: id]?.older = .full
            return false
        }
        engines[engineID]?[log: id]?.earlier = left
        for (index, reach) in page.reach {
            guard let count = engines[engineID]?[log: id]?.origins.count, index < count else { continue }
            engines[engineID]?[log: id]?.origins[index].reach = reach
        }
        engines[engineID]?[log: id]?.older = page.isStart ? .start : .unknown
        return true
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
        past.add(lines)
        past.older = .full
        go(to: jump, in: &past)
        engines[engineID]?.log = past
        tell(
            .note,
            "the log from \(jump.text) on, up to \(Units.count(lines.count)) lines; \(key(of: "log.follow")) goes back to the newest"
        )
    }
}
