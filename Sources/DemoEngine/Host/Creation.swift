/// What a request for a new container says, read.
struct Creation: Sendable {
    let image: String
    /// What runs in it.
    let config: JSON
    /// How it stands on its host.
    let host: JSON
    /// Networks beside that of its mode, with what is said of it in each.
    let endpoints: [(String, JSON)]

    init(_ request: JSON) {
        image = request["Image"]?.text ?? ""
        host = request["HostConfig"] ?? .object([])
        endpoints = request["NetworkingConfig"]?["EndpointsConfig"]?.members ?? []
        config = .object(request.members.filter { !["HostConfig", "NetworkingConfig"].contains($0.0) && !$0.1.isNull })
    }

    /// The first of some members that is given and not empty.
    func says(_ names: String...) -> JSON? {
        for name in names {
            guard let value = config[name] else { continue }
            if value.text?.isEmpty == true || value.text == nil && value.elements.isEmpty && value.members.isEmpty {
                continue
            }
            return value
        }
        return nil
    }

    /// What is run: the request's own words, else the image's.
    func command(_ image: DemoImage.Settings) -> [String] {
        // An own entrypoint goes without the image's command.
        if let entrypoint = says("Entrypoint")?.texts {
            return entrypoint.filter { !$0.isEmpty } + (says("Cmd")?.texts ?? [])
        }
        return image.entrypoint + (says("Cmd")?.texts ?? image.command)
    }

    func environment(_ image: DemoImage.Settings) -> [String] {
        let own = config["Env"]?.texts ?? []
        let names = Set(own.map { $0.prefix { $0 != "=" } })
        return image.environment.filter { !names.contains($0.prefix { $0 != "=" }) } + own
    }

    var healthPlan: Spec.HealthPlan {
        let test = config["Healthcheck"]?["Test"]?.texts ?? []
        guard let first = test.first, first != "NONE" else { return .none }
        return test.contains { $0 == "false" || $0.hasPrefix("exit 1") } ? .failing : .well
    }

    func ports(_ image: DemoImage.Settings, free: Int) throws(DemoHost.Refusal) -> [Spec.Port] {
        var ports: [Spec.Port] = []
        for (key, bindings) in (host["PortBindings"]?.members ?? []).sorted(by: { $0.0 < $1.0 }) {
            let (inside, kind) = try Self.port(key)
            for binding in bindings.elements.isEmpty ? [.object([])] : bindings.elements {
                let wanted = binding["HostPort"]?.text ?? ""
                if wanted.isEmpty || wanted == "0" {
                    ports.append(.init(inside: inside, outside: free + ports.count, kind: kind))
                } else if let outside = Int(wanted.prefix { $0 != "-" }), (1...65_535).contains(outside) {
                    ports.append(.init(inside: inside, outside: outside, kind: kind))
                } else {
                    throw .bad("invalid port specification: \"\(wanted)\"")
                }
            }
        }
        let all = host["PublishAllPorts"]?.isTrue ?? false
        for key in (config["ExposedPorts"]?.members ?? []).map(\.0) + image.ports {
            let (inside, kind) = try Self.port(key)
            guard !ports.contains(where: { $0.inside == inside && $0.kind == kind }) else { continue }
            ports.append(.init(inside: inside, outside: all ? free + ports.count : nil, kind: kind))
        }
        return ports
    }

    private static func port(_ key: String) throws(DemoHost.Refusal) -> (Int, String) {
        let parts = key.split(separator: "/")
        guard let first = parts.first, let port = Int(first), (1...65_535).contains(port) else {
            throw .bad("invalid port specification: \"\(key)\"")
        }
        return (port, parts.count > 1 ? String(parts[1]) : "tcp")
    }

    /// Volumes, and folders of the host: the simulated one has none, but tells of them.
    static func mounts(_ host: JSON) throws(DemoHost.Refusal) -> (volumes: [Spec.Mount], binds: [Own.Bind]) {
        var volumes: [Spec.Mount] = []
        var binds: [Own.Bind] = []
        for bind in host["Binds"]?.texts ?? [] {
            let parts = bind.split(separator: ":").map(String.init)
            guard parts.count > 1, parts[1].hasPrefix("/") else {
                throw .bad("invalid volume specification: '\(bind)'")
            }
            let options = parts.count > 2 ? parts[2].split(separator: ",") : []
            if parts[0].hasPrefix("/") {
                binds.append(.init(source: parts[0], destination: parts[1], isReadOnly: options.contains("ro")))
            } else {
                guard DemoHost.isName(parts[0]) else { throw DemoHost.badVolumeName(parts[0]) }
                volumes.append(
                    .init(
                        volume: parts[0], destination: parts[1], isReadOnly: options.contains("ro"),
                        copies: !options.contains("nocopy")))
            }
        }
        for mount in host["Mounts"]?.elements ?? [] {
            guard let target = mount["Target"]?.text, target.hasPrefix("/") else {
                throw .bad("invalid mount config: the target must be an absolute path")
            }
            let source = mount["Source"]?.text ?? ""
            switch mount["Type"]?.text {
            case "volume":
                volumes.append(
                    .init(
                        volume: source.isEmpty ? nil : source, destination: target,
                        isReadOnly: mount["ReadOnly"]?.isTrue ?? false,
                        copies: mount["VolumeOptions"]?["NoCopy"]?.isTrue != true))
            case "bind":
                // Nothing but what every host has is there.
                let known = ["/", "/etc", "/home", "/srv", "/tmp", "/var", "/var/lib", "/var/run/docker.sock"]
                guard known.contains(source) || source.hasPrefix("/srv/") || source.hasPrefix("/home/") else {
                    throw .bad(
                        "invalid mount config for type \"bind\": bind source path does not exist: \(source)")
                }
                binds.append(
                    .init(source: source, destination: target, isReadOnly: mount["ReadOnly"]?.isTrue ?? false))
            default: break
            }
        }
        return (volumes, binds)
    }
}
