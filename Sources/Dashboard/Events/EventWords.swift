import EngineAPI
import FoundationEssentials
import Terminal

/// What an event says, in a person's words.
enum EventWords {
    /// What of it matters beside what happened, and to whom.
    static func details(of entry: EventHistory.Entry) -> String {
        guard let event = entry.event else { return "" }
        let attributes = event.attributes
        switch (event.type, event.verb) {
        case ("container", "die"):
            let code = attributes["exitCode"].flatMap { Int($0) } ?? 0
            let ran = attributes["execDuration"].flatMap { Double($0) }.map { ", ran \(Units.shortDuration($0))" } ?? ""
            return exit(code) + ran
        case ("container", "kill"):
            guard let signal = attributes["signal"] else { return "" }
            return Int(signal).flatMap { LogEvents.signal($0) } ?? "signal \(signal)"
        case ("container", "rename"): return attributes["oldName"].map { "from \($0.drop { $0 == "/" })" } ?? ""
        case ("container", "oom"): return "out of memory"
        case ("container", "health_status"), ("container", "exec_create"), ("container", "exec_start"):
            return argument(of: event)
        case ("container", "exec_die"):
            return attributes["exitCode"].flatMap { Int($0) }.map { exit($0) } ?? ""
        case ("network", "connect"), ("network", "disconnect"):
            return container(entry)
        case ("volume", "mount"), ("volume", "unmount"):
            let place = attributes["destination"].map { " at \($0)" } ?? ""
            let isReadOnly = attributes["read/write"] == "false" ? ", read only" : ""
            return container(entry) + place + isReadOnly
        case (_, "prune"):
            return attributes["reclaimed"].flatMap { Double($0) }.map { "reclaimed \(Units.bytes($0))" } ?? ""
        case ("container", _):
            // What was made from an image's identity has no name for it.
            return attributes["image"].map { $0.hasPrefix("sha256:") ? shortID($0) : $0 } ?? ""
        case ("network", _): return attributes["type"] ?? ""
        case ("volume", _): return attributes["driver"] ?? ""
        default: return rest(attributes)
        }
    }

    /// `exit 1`, or what the code usually means: there is not much room.
    private static func exit(_ code: Int) -> String {
        let words = LogEvents.exit(code)
        return words.contains(":") ? words : "exit \(words)"
    }

    /// What follows the colon of an action: `health_status: healthy`.
    private static func argument(of event: EngineEvent) -> String {
        String(event.action.dropFirst(event.verb.count).drop { $0 == ":" || $0 == " " })
    }

    private static func container(_ entry: EventHistory.Entry) -> String {
        entry.other ?? entry.event?.attributes["container"].map { shortID($0) } ?? ""
    }

    private static func rest(_ attributes: [String: String]) -> String {
        attributes.filter { $0.key != "name" }.sorted { $0.key < $1.key }.prefix(6)
            .map { "\($0.key)=\($0.value)" }.joined(separator: " ")
    }

    /// What happened, in a word.
    static func action(_ event: EngineEvent) -> String {
        event.verb == "health_status" ? "health" : String(event.verb)
    }

    /// A shape before a colour: what began, what ended and how.
    static func mark(of entry: EventHistory.Entry) -> Span {
        guard let event = entry.event else { return Span("!", .failure) }
        guard event.type == "container" else { return Span("·", .dim) }
        switch event.verb {
        case "start", "unpause": return Span("●", .running)
        case "die": return event.attributes["exitCode"] == "0" ? Span("○", .endedWell) : Span("✕", .endedBadly)
        case "oom": return Span("✕", .endedBadly)
        case "create": return Span("◌", .created)
        case "pause": return Span("‖", .paused)
        case "restart": return Span("◐", .restarting)
        case "health_status":
            let status = argument(of: event)
            return status == "healthy"
                ? Span("●", .healthy) : status == "unhealthy" ? Span("●", .unhealthy) : Span("◔", .starting)
        default: return Span("·", .dim)
        }
    }

    /// When it happened, in so many columns.
    static func time(_ time: Date, _ state: State, width: Int) -> String {
        switch state.eventTimes {
        case .utc: return Units.clock(time, secondsFromGMT: 0, milliseconds: width >= 13) + "Z"
        case .relative:
            let age = state.engine.engineTime(state.now).timeIntervalSince(time)
            return "-" + Units.shortDuration(age)
        case .off, .local:
            return Units.clock(time, secondsFromGMT: state.secondsFromGMT, milliseconds: width >= 12)
        }
    }

    /// The docker command that shows events of this kind about this one.
    static func docker(_ event: EngineEvent) -> String {
        let isNamed = ["container", "network", "volume", "image", "daemon", "plugin"].contains(event.type)
        let filters = [isNamed ? "\(event.type)=\(event.name)" : "type=\(event.type)", "event=\(event.verb)"]
        return "docker events --since 0 " + filters.map { "--filter \($0)" }.joined(separator: " ")
    }

    /// All that is known of it, to be read.
    static func lines(of entry: EventHistory.Entry, _ state: State) -> [InspectLine] {
        func line(_ text: String, _ role: Role) -> InspectLine {
            InspectLine(indent: 0, spans: [.init(text: Sanitiser.clean(text), role: role)])
        }
        func moment(_ date: Date) -> String {
            let offset = state.secondsFromGMT
            return Units.day(date.addingTimeInterval(Double(offset))) + " "
                + Units.clock(date, secondsFromGMT: offset, milliseconds: true)
                + (offset == 0 ? " UTC" : "  " + Units.clock(date, secondsFromGMT: 0, milliseconds: true) + " UTC")
        }
        switch entry.what {
        case .gap(let since, let until):
            return [
                line("The Engine was away for \(Units.shortDuration(until.timeIntervalSince(since))).", .note),
                line("from \(moment(since))", .text), line("to   \(moment(until))", .text),
                line("", .text),
                line("What happened meanwhile and it remembers follows; it forgets all when it is started anew.", .dim),
            ]
        case .event(let event):
            let details = details(of: entry)
            let lines = [
                line("\(event.type) \(event.verb) \(event.name)\(details.isEmpty ? "" : ": \(details)")", .strong),
                line(moment(event.time), .text), line(docker(event), .docker), line("", .text),
            ]
            return lines + InspectLine.lines(of: json(event))
        }
    }

    /// The event as the Engine sends it, with the attributes in order.
    private static func json(_ event: EngineEvent) -> [UInt8] {
        struct Answer: Encodable {
            struct Subject: Encodable {
                let ID: String
                let Attributes: [String: String]
            }
            let `Type`, Action: String
            let Actor: Subject
            let timeNano: Int64
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let answer = Answer(
            Type: event.type, Action: event.action, Actor: .init(ID: event.actorID, Attributes: event.attributes),
            timeNano: event.timeNano)
        return (try? encoder.encode(answer)).map { Array($0) } ?? []
    }
}
