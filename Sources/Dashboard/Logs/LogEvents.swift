import EngineAPI
import FoundationEssentials

/// Something that happened to one of a log's containers and is not in the log yet.
struct PastEvent: Hashable, Sendable {
    let time: Int64
    let text: String
    let origin: Int
}

extension LogLines {
    /// Puts what happened where it belongs among the lines, of which all from a time on are here.
    /// - Returns: what happened before that, or in a run whose first lines are not here.
    mutating func insert(_ events: [PastEvent], from: Int64) -> [PastEvent] {
        var left: [PastEvent] = []
        for event in events {
            let time = event.text == LogEvents.started ? beginning(ofRunAt: event.time, event.origin) : event.time
            if time <= from {
                left.append(event)
            } else {
                self = merged(with: LogLines(event: event.text, time: time, origin: event.origin))
            }
        }
        return left
    }

    /// A moment before the first line of a run, of which the Engine tells when the container may have written already.
    private func beginning(ofRunAt time: Int64, _ origin: Int) -> Int64 {
        var first = time
        for record in records[..<(records.firstIndex { $0.time > time } ?? count)].reversed() {
            guard time - record.time < LogEvents.startDelay else { break }
            guard record.origin == origin else { continue }
            guard record.kind != .event else { break }
            first = record.time - 1
        }
        return first
    }
}

/// What happens to a container, as a line of its log.
enum LogEvents {
    static let started = "started"
    static let outOfMemory = "out of memory"
    /// The Engine tells of each process that had to die for the memory: within so many nanoseconds they are one.
    static let outOfMemoryOnce: Int64 = 1_000_000_000
    /// The Engine may tell of a start so many nanoseconds after the container's first line.
    static let startDelay: Int64 = 1_000_000_000
    /// The times that a container keeps of its start and its end are so many nanoseconds at most from those of the
    /// events that tell of them.
    static let slack: Int64 = 2_000_000_000

    /// The words for an event, or nil for one that a log need not tell of.
    static func text(of event: EngineEvent) -> String? {
        switch event.verb {
        case "start": return started
        case "die": return "exited (\(exit(event.attributes["exitCode"].flatMap { Int($0) } ?? 0)))"
        case "oom": return outOfMemory
        case "health_status":
            let status = event.action.drop { $0 != ":" }.dropFirst().drop { $0 == " " }
            return "health: \(status)"
        case "kill":
            guard let number = event.attributes["signal"].flatMap({ Int($0) }) else { return "signal sent" }
            return "\(signal(number) ?? "signal \(number)") sent"
        case "pause": return "paused"
        case "unpause": return "unpaused"
        case "restart": return "restarted"
        case "rename":
            return event.attributes["oldName"].map { "renamed from \($0.drop { $0 == "/" })" } ?? "renamed"
        case "destroy": return "removed"
        default: return nil
        }
    }

    /// An exit code, and what it usually means.
    static func exit(_ code: Int, outOfMemory: Bool = false) -> String {
        if outOfMemory { return "\(code): out of memory" }
        switch code {
        case 125: return "125: the Engine could not run it"
        case 126: return "126: the command cannot be executed"
        case 127: return "127: the command was not found"
        case 129...192:
            return signal(code - 128).map { "\(code): \($0)" } ?? "\(code)"
        default: return "\(code)"
        }
    }

    /// The exit code in the words for an end; nil for those of anything else.
    static func exitCode(in text: some StringProtocol) -> Int? {
        guard text.hasPrefix("exited (") else { return nil }
        return Int(text.dropFirst(8).prefix { $0 == "-" || $0.isNumber })
    }

    /// The name of a signal by its number, on Linux.
    static func signal(_ number: Int) -> String? {
        let names = [
            1: "SIGHUP", 2: "SIGINT", 3: "SIGQUIT", 4: "SIGILL", 5: "SIGTRAP", 6: "SIGABRT", 7: "SIGBUS", 8: "SIGFPE",
            9: "SIGKILL", 10: "SIGUSR1", 11: "SIGSEGV", 12: "SIGUSR2", 13: "SIGPIPE", 14: "SIGALRM", 15: "SIGTERM",
        ]
        return names[number]
    }

    /// What the Engine remembers and what the container itself knows, as lines in order: the last start and the last
    /// end are among them however long ago they were.
    static func history(_ remembered: [EngineEvent], _ details: ContainerDetails) -> [(time: Int64, text: String)] {
        var lines: [(time: Int64, text: String)] = []
        for event in remembered where event.actorID == details.id.rawValue {
            if let text = text(of: event) { lines.append((event.timeNano, text)) }
        }
        func add(_ date: Date?, _ verb: String, _ text: String) {
            guard let date else { return }
            let time = LogTime(date).nanoseconds
            let isKnown = remembered.contains {
                $0.verb == verb && $0.actorID == details.id.rawValue && abs($0.timeNano - time) < slack
            }
            if !isKnown { lines.append((time, text)) }
        }
        add(details.state.startedAt, "start", started)
        if details.state.state == .exited || details.state.state == .dead {
            let code = exit(details.state.exitCode, outOfMemory: details.state.oomKilled)
            add(details.state.finishedAt, "die", "exited (\(code))")
        }
        lines.sort { $0.time < $1.time }
        var lastOutOfMemory = Int64.min
        return lines.filter { line in
            guard line.text == outOfMemory else {
                // Another run has its own.
                if line.text == started { lastOutOfMemory = .min }
                return true
            }
            defer { lastOutOfMemory = line.time }
            return line.time &- lastOutOfMemory > outOfMemoryOnce || lastOutOfMemory == .min
        }
    }
}
