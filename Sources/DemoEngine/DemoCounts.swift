/// What a simulated Engine was asked for, by kinds: `GET /containers/{id}/stats`.
public struct DemoCounts: Hashable, Sendable {
    /// Requests since the beginning.
    public var requests: [String: Int] = [:]
    /// Streams that are open: events, logs, stats, progress, what is typed to.
    public var streams: [String: Int] = [:]
    /// Events that were told since the beginning.
    public var events = 0

    /// All requests.
    public var all: Int { requests.values.reduce(0, +) }
    /// Lists of any kind.
    public var lists: Int {
        ["GET /containers/json", "GET /images/json", "GET /volumes", "GET /networks"].reduce(0) {
            $0 + (requests[$1] ?? 0)
        }
    }

    /// What was asked for since an earlier count.
    public func since(_ earlier: DemoCounts) -> DemoCounts {
        var counts = self
        counts.requests = requests.reduce(into: [:]) { rest, request in
            let count = request.value - (earlier.requests[request.key] ?? 0)
            if count > 0 { rest[request.key] = count }
        }
        counts.events -= earlier.events
        return counts
    }
}

extension DemoRequest {
    /// What kind of request it is: without the names in it, so that there are few kinds.
    var kind: String {
        guard let first = path.first else { return "other" }
        let known = [
            "_ping", "auth", "build", "commit", "containers", "events", "exec", "images", "info", "networks", "system",
            "version", "volumes",
        ]
        let verbs = [
            "archive", "attach", "changes", "connect", "create", "df", "disconnect", "exec", "export", "get", "history",
            "json", "kill", "load", "logs", "pause", "prune", "push", "rename", "resize", "restart", "search", "start",
            "stats", "stop", "tag", "top", "unpause", "update", "wait",
        ]
        guard known.contains(first), method.utf8.count <= 7 else { return "other" }
        guard path.count > 1, let last = path.last else { return "\(method) /\(first)" }
        guard verbs.contains(last) else { return "\(method) /\(first)/{id}" }
        return path.count == 2 ? "\(method) /\(first)/\(last)" : "\(method) /\(first)/{id}/\(last)"
    }
}
