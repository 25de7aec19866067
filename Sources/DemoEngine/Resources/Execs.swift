extension Router {
    /// `POST /containers/{id}/exec`.
    static func createExec(_ reference: String, _ request: DemoRequest, _ host: inout DemoHost) throws -> DemoReply {
        .made(["Id": .string(try host.createExec(in: reference, try JSON.read(request.body)))])
    }

    /// `POST` and `GET /exec/{id}/…`.
    static func exec(_ id: String, _ verb: String, _ request: DemoRequest, _ host: inout DemoHost) throws -> DemoReply?
    {
        switch (request.method, verb) {
        case ("POST", "start"):
            let body = try JSON.read(request.body)
            let isDetached = body["Detach"]?.isTrue ?? false
            var failure: String?
            do { try host.startExec(id, hasReader: !isDetached) } catch {
                // A program that cannot be run says so in its own output, where somebody reads that.
                guard error.status == 400, !isDetached else { throw error }
                failure = error.message
            }
            guard !isDetached else { return .status(200) }
            let exec = try host.findExec(id)
            return .session(ExecSession(exec, failure: failure), hasTerminal: exec.hasTerminal)
        case ("POST", "resize"):
            let exec = try host.findExec(id)
            guard case .runs = exec.state else {
                throw DemoHost.Refusal(
                    status: 500, message: "cannot resize a stopped container: exec \(id) does not run")
            }
            let size = try size(request)
            host.execs[id]?.process.resize(width: size.width, height: size.height)
            if let index = host.byID[exec.container] {
                host.tell("resize", index, ["height": String(size.height), "width": String(size.width)])
            }
            return .status(200)
        case ("GET", "json"): return .json(json(try host.findExec(id), host))
        default: return nil
        }
    }

    static func size(_ request: DemoRequest) throws -> (width: Int, height: Int) {
        guard let height = try request.number("h"), let width = try request.number("w"), (0...10_000).contains(height),
            (0...10_000).contains(width)
        else { throw DemoHost.Refusal.bad("invalid size: h and w are numbers") }
        return (width, height)
    }

    private static func json(_ exec: DemoExec, _ host: DemoHost) -> JSON {
        let code: Int? =
            switch exec.state {
            case .ended(let code): code
            case .runs where exec.process.hasEnded(at: host.now): exec.process.exitCode
            default: nil
            }
        let runs = if case .runs = exec.state { code == nil } else { false }
        return [
            "ID": .string(exec.id), "Running": .bool(runs), "ExitCode": code.map { .int($0) } ?? nil,
            "ProcessConfig": [
                "tty": .bool(exec.hasTerminal), "entrypoint": .string(exec.command.first ?? ""),
                "arguments": .strings(exec.command.dropFirst()), "privileged": .bool(exec.isPrivileged),
                "user": .string(exec.user),
            ],
            "OpenStdin": .bool(exec.readsInput), "OpenStderr": true, "OpenStdout": true, "CanRemove": .bool(!runs),
            "ContainerID": .string(exec.container), "DetachKeys": "", "Pid": .int(runs ? exec.pid : 0),
        ]
    }

    /// `POST /containers/{id}/attach`.
    static func attach(_ reference: String, _ request: DemoRequest, _ host: inout DemoHost) throws -> DemoReply {
        let container = try host.find(reference)
        if container.state == .paused {
            throw DemoHost.Refusal.conflict(
                "container \(container.id) is paused, unpause the container before attach")
        }
        if container.state == .restarting {
            throw DemoHost.Refusal.conflict(
                "container \(container.id) is restarting, wait until the container is running")
        }
        host.tell("attach", container.index)
        return .session(AttachSession(container, request, host), hasTerminal: container.spec.tty)
    }

    /// `POST /containers/{id}/resize`.
    static func resize(_ reference: String, _ request: DemoRequest, _ host: inout DemoHost) throws -> DemoReply {
        let container = try host.find(reference)
        let size = try size(request)
        guard container.isRunning else {
            throw DemoHost.Refusal.conflict("Container \(container.id) is not running")
        }
        host.shells[container.id]?.resize(width: size.width, height: size.height)
        host.tell("resize", container.index, ["height": String(size.height), "width": String(size.width)])
        return .status(200)
    }
}
