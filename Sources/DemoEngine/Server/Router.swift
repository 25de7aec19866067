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
            let reply: DemoReply? =
                switch request.path.first ?? "" {
                case "containers": try toContainers(request, &host)
                case "exec" where request.path.count == 3:
                    try exec(request.path[1], request.path[2], request, &host)
                case "images": try toImages(request, &host)
                case "volumes": try toVolumes(request, &host)
                case "networks": try toNetworks(request, &host)
                default: try toTheRest(request, &host, faults)
                }
            guard let reply else { throw DemoHost.Refusal.notFound("page not found") }
            return reply
        } catch {
            return .refusal(error as? DemoHost.Refusal ?? .init(status: 500, message: "\(error)"))
        }
    }

    private static func toTheRest(
        _ request: DemoRequest, _ host: inout DemoHost, _ faults: DemoFaults
    ) throws -> DemoReply? {
        switch (request.method, request.path.joined(separator: "/")) {
        case ("GET", "_ping"), ("HEAD", "_ping"): return .text("OK")
        case ("GET", "version"): return version(host, faults)
        case ("GET", "info"): return info(host)
        case ("GET", "events"): return try events(request, host)
        case ("GET", "system/df"): return diskUse(request, host)
        case ("POST", "auth"): return try login(request)
        case ("POST", "commit"): return try commit(request, &host)
        case ("POST", "build"): return try build(request, &host)
        case ("POST", "build/prune"): return try prune("build", request, &host)
        case ("GET", "plugins"): return .json([])
        default: break
        }
        guard ["configs", "nodes", "secrets", "services", "swarm", "tasks"].contains(request.path.first) else {
            return nil
        }
        throw DemoHost.Refusal(
            status: 503,
            message: "This node is not a swarm manager. Use \"docker swarm init\" or \"docker swarm join\" to connect "
                + "this node to swarm and try again.")
    }

    private static func toContainers(_ request: DemoRequest, _ host: inout DemoHost) throws -> DemoReply? {
        let path = request.path
        guard path.count == 3 else {
            switch (request.method, path.count == 2 ? path[1] : "") {
            case ("GET", "json"): return try containers(request, host)
            case ("POST", "create"): return try create(request, &host)
            case ("POST", "prune"): return try prune("containers", request, &host)
            case ("DELETE", let container) where !container.isEmpty:
                try host.remove(container, force: request.flag("force"), volumes: request.flag("v"))
                return .status(204)
            default: return nil
            }
        }
        let container = path[1]
        switch (request.method, path[2]) {
        case ("GET", "json"): return try inspect(container, host)
        case ("GET", "top"): return try top(container, request, &host)
        case ("GET", "stats"): return try stats(container, request, host)
        case ("GET", "logs"): return try logs(container, request, host)
        case ("GET", "changes"):
            let changes = host.changes(of: try host.find(container))
            return .json(.array(changes.map { ["Path": .string($0.path), "Kind": .int($0.kind)] }))
        case ("GET", "export"): return try export(container, &host)
        case (_, "archive") where ["GET", "HEAD", "PUT"].contains(request.method):
            return try archive(container, request, &host)
        case ("POST", let verb): return try act(verb, on: container, request, &host)
        default: return nil
        }
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
        case "rename": try host.rename(container, to: request["name"] ?? "")
        case "update":
            try host.update(container, try JSON.read(request.body))
            return .json(["Warnings": nil])
        case "wait": return try wait(container, request, host)
        case "exec": return try createExec(container, request, &host)
        case "attach": return try attach(container, request, &host)
        case "resize": return try resize(container, request, &host)
        default: return nil
        }
        return .status(204)
    }

    private static func toImages(_ request: DemoRequest, _ host: inout DemoHost) throws -> DemoReply? {
        let path = request.path
        switch (request.method, path.count == 2 ? path[1] : "") {
        case ("GET", "json"): return try images(request, host)
        case ("GET", "search"): return try search(request)
        case ("GET", "get"): return try save(request.values("names"), &host)
        case ("POST", "create"): return try createImage(request, &host)
        case ("POST", "load"): return try load(request, &host)
        case ("POST", "prune"): return try prune("images", request, &host)
        default: break
        }
        if request.method == "DELETE", path.count > 1 {
            let name = path.dropFirst().joined(separator: "/")
            return .json(removed(try host.removeImage(name, force: request.flag("force"))))
        }
        guard path.count > 2 else { return nil }
        let name = path.dropFirst().dropLast().joined(separator: "/")
        switch (request.method, path.last) {
        case ("GET", "json"): return try inspectImage(name, host)
        case ("GET", "history"): return try history(name, host)
        case ("GET", "get"): return try save([name], &host)
        case ("POST", "push"): return try push(name, request, host)
        case ("POST", "tag"): return try tag(name, request, &host)
        default: return nil
        }
    }

    private static func toVolumes(_ request: DemoRequest, _ host: inout DemoHost) throws -> DemoReply? {
        let path = request.path
        switch (request.method, path.count) {
        case ("GET", 1): return try volumes(request, host)
        case ("GET", 2): return try inspectVolume(path[1], host)
        case ("POST", 2) where path[1] == "create":
            return .made(json(try host.createVolume(try JSON.read(request.body))))
        case ("POST", 2) where path[1] == "prune": return try prune("volumes", request, &host)
        case ("DELETE", 2):
            try host.removeVolume(path[1], force: request.flag("force"))
            return .status(204)
        default: return nil
        }
    }

    private static func toNetworks(_ request: DemoRequest, _ host: inout DemoHost) throws -> DemoReply? {
        let path = request.path
        switch (request.method, path.count) {
        case ("GET", 1): return try networks(request, host)
        case ("GET", 2): return try inspectNetwork(path[1], host)
        case ("POST", 2) where path[1] == "create":
            return .made(["Id": .string(try host.createNetwork(try JSON.read(request.body)).id), "Warning": ""])
        case ("POST", 2) where path[1] == "prune": return try prune("networks", request, &host)
        case ("DELETE", 2):
            try host.removeNetwork(path[1])
            return .status(204)
        case ("POST", 3):
            let body = try JSON.read(request.body)
            let container = body["Container"]?.text ?? ""
            switch path[2] {
            case "connect":
                try host.connect(container, to: path[1], DemoEndpoint(body["EndpointConfig"]))
            case "disconnect":
                try host.disconnect(container, from: path[1], force: body["Force"]?.isTrue ?? false)
            default: return nil
            }
            return .status(200)
        default: return nil
        }
    }
}
