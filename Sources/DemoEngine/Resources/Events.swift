extension Router {
    static func events(_ request: DemoRequest, _ host: DemoHost) throws -> DemoReply {
        let filters = try request.filters(allowing: [
            "type", "event", "container", "image", "label", "network", "volume", "scope", "daemon",
        ])
        let since = try request.time("since")
        let until = try request.time("until")
        return .stream(
            EventsStream(
                filters: filters, since: since ?? .min, until: until ?? .max,
                // Without `since` only what comes from now on.
                number: since == nil ? host.nextHappening : 0),
            type: "application/json")
    }
}

/// The events, one JSON object per line.
struct EventsStream: DemoStream {
    let filters: [String: [String]]
    let since: Nanoseconds
    let until: Nanoseconds
    var number: Int

    mutating func next(_ host: inout DemoHost) -> DemoPiece {
        var piece = DemoPiece()
        let first = host.nextHappening - host.happenings.count
        // Who takes too slowly misses what has been forgotten meanwhile.
        for happening in host.happenings.dropFirst(max(0, number - first)) where fits(happening) {
            Self.json(happening).write(&piece.bytes)
            piece.bytes.append(UInt8(ascii: "\n"))
        }
        number = host.nextHappening
        if host.now < until { piece.again = min(until, host.now + 3600 * .second) }
        return piece
    }

    private func fits(_ happening: DemoHost.Happening) -> Bool {
        guard since <= happening.time, happening.time <= until else { return false }
        return filters.allSatisfy { name, values in
            switch name {
            case "type": values.contains(happening.type)
            case "event":
                // `health_status` stands for `health_status: healthy` too.
                values.contains { happening.action == $0 || happening.action.hasPrefix($0 + ":") }
            case "container", "network", "volume":
                happening.type == name
                    && values.contains {
                        happening.actor.hasPrefix($0) && !$0.isEmpty || happening.attributes["name"] == $0
                    }
            case "image": happening.type == "container" && values.contains(happening.attributes["image"] ?? "")
            case "label": values.allSatisfy { Router.matches(happening.attributes, label: $0) }
            case "scope": values.contains("local")
            default: true
            }
        }
    }

    private static func json(_ happening: DemoHost.Happening) -> JSON {
        var members: [(String, JSON)] = []
        if happening.type == "container" {
            members = [
                ("status", .string(happening.action)), ("id", .string(happening.actor)),
                ("from", .string(happening.attributes["image"] ?? "")),
            ]
        }
        members += [
            ("Type", .string(happening.type)), ("Action", .string(happening.action)),
            ("Actor", ["ID": .string(happening.actor), "Attributes": .map(happening.attributes)]),
            ("scope", "local"), ("time", .int(Int(happening.time / .second))), ("timeNano", .int(Int(happening.time))),
        ]
        return .object(members)
    }
}
