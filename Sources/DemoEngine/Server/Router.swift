import EngineAPI

/// Which answer a request gets; one file per resource has the answers.
enum Router {
    static func answer(_ request: DemoRequest, _ host: inout DemoHost, _ faults: DemoFaults) -> DemoReply {
        do {
            if let version = request.version {
                guard version <= faults.apiVersion else {
                    throw DemoHost.Refusal.bad(
                        "client version \(version) is too new. Maximum supported API version is \(faults.apiVersion)")
                }
                guard version >= faults.oldestAPI else {
                    throw DemoHost.Refusal.bad(
                        "client version \(version) is too old. Minimum supported API version is \(faults.oldestAPI), "
                            + "please upgrade your client to a newer version")
                }
            }
            return try route(request, &host, faults)
        } catch {
            return .refusal(error as? DemoHost.Refusal ?? .init(status: 500, message: "\(error)"))
        }
    }

    private static func route(
        _ request: DemoRequest, _ host: inout DemoHost, _ faults: DemoFaults
    ) throws -> DemoReply {
        let path = request.path
        let first = path.first ?? ""
        switch (request.method, first, path.count) {
        case ("GET", "_ping", 1), ("HEAD", "_ping", 1): return .text("OK")
        case ("GET", "version", 1): return version(host, faults)
        case ("GET", "info", 1): return info(host)
        case ("GET", "events", 1): return try events(request, host)
        case ("GET", "containers", 2) where path[1] == "json": return try containers(request, host)
        case ("GET", "containers", 3):
            switch path[2] {
            case "json": return try inspect(path[1], host)
            case "top": return try top(path[1], request, &host)
            case "stats": return try stats(path[1], request, host)
            case "logs": return try logs(path[1], request, host)
            default: break
            }
        case ("POST", "containers", 2) where path[1] == "create": return try create(request, &host)
        case ("POST", "containers", 3):
            if let reply = try act(path[2], on: path[1], request, &host) { return reply }
        case ("DELETE", "containers", 2):
            try host.remove(path[1], force: request.flag("force"), volumes: request.flag("v"))
            return .status(204)
        case ("GET", "images", 2) where path[1] == "json": return try images(request, host)
        case ("GET", "images", 3...) where path.last == "json":
            return try inspectImage(path.dropFirst().dropLast().joined(separator: "/"), host)
        case ("GET", "volumes", 1): return try volumes(request, host)
        case ("GET", "volumes", 2): return try inspectVolume(path[1], host)
        case ("GET", "networks", 1): return try networks(request, host)
        case ("GET", "networks", 2): return try inspectNetwork(path[1], host)
        default: break
        }
        throw DemoHost.Refusal.notFound("page not found")
    }

    private static func act(
        _ verb: String, on container: String, _ request: DemoRequest, _ host: inout DemoHost
    ) throws -> DemoReply? {
        switch verb {
        case "start": return .status(try host.start(container) ? 204 : 304)
        case "stop", "restart":
            let wait = try host.stop(container, timeout: try request.number("t"), startsAgain: verb == "restart")
            return wait.map { .after($0, status: 204) } ?? .status(304)
        case "kill": try host.kill(container, signal: request["signal"] ?? "")
        case "pause": try host.pause(container)
        case "unpause": try host.unpause(container)
        default: return nil
        }
        return .status(204)
    }
}
