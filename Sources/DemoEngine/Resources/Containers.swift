import EngineAPI
import FoundationEssentials

extension Router {
    static func containers(_ request: DemoRequest, _ host: DemoHost) throws -> DemoReply {
        let filters = try request.filters(allowing: [
            "ancestor", "before", "exited", "health", "id", "label", "name", "network", "since", "status", "volume",
        ])
        let limit = try request.number("limit") ?? 0
        // A status, as a limit, asks for those that do not run as well.
        let all = request.flag("all") || limit > 0 || filters["status"] != nil || filters["exited"] != nil
        for word in filters["status"] ?? [] where ContainerState(word) == .unknown(word) {
            throw DemoHost.Refusal.bad("invalid filter 'status=\(word)'")
        }
        let before = try filters["before"]?.first.map { try host.find($0) }
        let since = try filters["since"]?.first.map { try host.find($0) }
        var count = 0
        let withSizes = request.flag("size")
        // Each is written at once: ten thousand trees of JSON would take more memory than the host.
        var bytes: [UInt8] = [UInt8(ascii: "[")]
        // Few of ten thousand are asked for after every event.
        let chosen = filters["id"].flatMap { host.containers(ofWholeIDs: $0) } ?? host.containers
        for case let container? in chosen.reversed() {
            guard all || container.state.isAlive, limit <= 0 || count < limit else { continue }
            guard fits(container, filters, host) else { continue }
            if let before, container.created >= before.created { continue }
            if let since, container.created <= since.created { continue }
            if count > 0 { bytes.append(UInt8(ascii: ",")) }
            (withSizes ? sized(container, host) : summary(of: container, host)).write(&bytes)
            count += 1
        }
        bytes.append(UInt8(ascii: "]"))
        return .written(bytes)
    }

    static func create(_ request: DemoRequest, _ host: inout DemoHost) throws -> DemoReply {
        let name = request["name"].flatMap { $0.isEmpty ? nil : $0 }
        let id = try host.create(try JSON.read(request.body), name: name)
        return .made(["Id": .string(id), "Warnings": []])
    }

    private static func fits(_ container: DemoContainer, _ filters: [String: [String]], _ host: DemoHost) -> Bool {
        filters.allSatisfy { name, values in
            switch name {
            case "id": values.contains { container.id.hasPrefix($0) }
            case "name": values.contains { container.name.contains($0.hasPrefix("/") ? String($0.dropFirst()) : $0) }
            case "label": values.allSatisfy { matches(container.labels, label: $0) }
            case "status": values.contains(container.state.name)
            case "health": values.contains(word(container.health))
            case "exited":
                container.state == .exited && values.contains(String(container.exitCode))
            case "ancestor":
                values.contains {
                    $0 == container.spec.image || container.imageID.hasPrefix($0)
                        || container.imageID.dropFirst(7).hasPrefix($0)
                }
            case "network":
                container.networks.contains { network in
                    values.contains(network) || host.networks.contains { $0.name == network && values.contains($0.id) }
                }
            case "volume":
                host.mounts(of: container).contains { values.contains($0.volume) || values.contains($0.destination) }
            default: true
            }
        }
    }

    /// Whether labels fit `key` or `key=value`.
    static func matches(_ labels: [String: String], label: String) -> Bool {
        let sides = label.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard let value = labels[sides[0]] else { return false }
        return sides.count == 1 || value == sides[1]
    }

    static func summary(of container: DemoContainer, _ host: DemoHost) -> JSON {
        [
            "Id": .string(container.id), "Names": [.string("/" + container.name)],
            "Image": .string(host.imageName(of: container)), "ImageID": .string(container.imageID),
            "Command": .string(container.spec.command.joined(separator: " ")),
            "Created": .int(Int(container.created / .second)), "Ports": ports(of: container),
            "Labels": .map(container.labels), "State": .string(container.state.name),
            "Status": .string(container.status(at: host.now)),
            "HostConfig": ["NetworkMode": .string(networkMode(of: container, host))],
            "NetworkSettings": ["Networks": networks(of: container, host)], "Mounts": mounts(of: container, host),
        ]
    }

    /// The first of its networks, or the container whose network it shares, by its identity.
    static func networkMode(of container: DemoContainer, _ host: DemoHost) -> String {
        let wanted = container.own?.host["NetworkMode"]?.text ?? ""
        guard wanted.hasPrefix("container:") else { return container.networks.first ?? "default" }
        let other = String(wanted.dropFirst(10))
        return "container:" + ((try? host.find(other))?.id ?? other)
    }

    private static func ports(of container: DemoContainer) -> JSON {
        guard container.isRunning else { return [] }
        return .array(
            container.spec.ports.flatMap { port -> [JSON] in
                guard let outside = port.outside, container.publishes else {
                    return [["PrivatePort": .int(port.inside), "Type": .string(port.kind)]]
                }
                return ["0.0.0.0", "::"].map {
                    [
                        "IP": .string($0), "PrivatePort": .int(port.inside), "PublicPort": .int(outside),
                        "Type": .string(port.kind),
                    ]
                }
            })
    }

    private static func mounts(of container: DemoContainer, _ host: DemoHost) -> JSON {
        .array(
            host.mounts(of: container).map {
                [
                    "Type": "volume", "Name": .string($0.volume), "Source": .string(mountpoint($0.volume)),
                    "Destination": .string($0.destination), "Driver": "local", "Mode": "z", "RW": .bool(!$0.isReadOnly),
                    "Propagation": "",
                ]
            }
                + container.binds.map {
                    [
                        "Type": "bind", "Source": .string($0.source), "Destination": .string($0.destination),
                        "Mode": "", "RW": .bool(!$0.isReadOnly), "Propagation": "rprivate",
                    ]
                })
    }

    private static func networks(of container: DemoContainer, _ host: DemoHost) -> JSON {
        .object(
            container.networks.compactMap { name in
                guard let network = host.networks.first(where: { $0.name == name }) else { return nil }
                let ipv4 = host.address(of: container, in: network)
                let ipv6 = host.address(of: container, in: network, .v6)
                func bits(_ family: IPAddress.Family) -> Int { network.pool(of: family)?.subnet.bits ?? 0 }
                func gateway(_ family: IPAddress.Family) -> JSON {
                    .string(network.pool(of: family)?.gateway?.description ?? "")
                }
                let fixed = container.endpoints[name]?.fixed ?? []
                let wanted = fixed.map {
                    ($0.family == .v4 ? "IPv4Address" : "IPv6Address", JSON.string($0.description))
                }
                return (
                    name,
                    [
                        "IPAMConfig": wanted.isEmpty ? nil : .object(wanted), "Links": nil,
                        "Aliases": aliases(of: container, in: name),
                        "NetworkID": .string(network.id), "EndpointID": .string(ipv4 == nil ? "" : container.id),
                        "Gateway": ipv4 == nil ? "" : gateway(.v4), "IPAddress": .string(ipv4?.description ?? ""),
                        "IPPrefixLen": .int(ipv4 == nil ? 0 : bits(.v4)),
                        "IPv6Gateway": ipv6 == nil ? "" : gateway(.v6),
                        "GlobalIPv6Address": .string(ipv6?.description ?? ""),
                        "GlobalIPv6PrefixLen": .int(ipv6 == nil ? 0 : bits(.v6)),
                        "MacAddress": .string(ipv4.map(mac) ?? ""), "DriverOpts": nil,
                    ]
                )
            })
    }

    private static func aliases(of container: DemoContainer, in network: String) -> JSON {
        guard network != "bridge" else { return nil }
        let aliases = container.endpoints[network]?.aliases ?? []
        guard container.own != nil else {
            return .strings([container.spec.service, container.name] + aliases)
        }
        return .strings(aliases + [String(container.id.prefix(12))])
    }

    static func inspect(_ reference: String, _ host: DemoHost) throws -> DemoReply {
        let container = try host.find(reference)
        let spec = container.spec
        let execs = host.runningExecs(in: container).map(\.id)
        let exposed = spec.ports.map { ("\($0.inside)/\($0.kind)", JSON.object([])) }
        let bindings: [(String, JSON)] = spec.ports.map { port in
            guard let outside = port.outside else { return ("\(port.inside)/\(port.kind)", nil) }
            let all: JSON = [
                ["HostIp": "0.0.0.0", "HostPort": .string(String(outside))],
                ["HostIp": "::", "HostPort": .string(String(outside))],
            ]
            return ("\(port.inside)/\(port.kind)", all)
        }
        return .json([
            "Id": .string(container.id), "Created": .string(container.created.rfc3339),
            "Path": .string(spec.command.first ?? ""), "Args": .strings(spec.command.dropFirst()),
            "State": state(of: container, host), "Image": .string(container.imageID),
            "ResolvConfPath": .string("/var/lib/docker/containers/\(container.id)/resolv.conf"),
            "HostnamePath": .string("/var/lib/docker/containers/\(container.id)/hostname"),
            "HostsPath": .string("/var/lib/docker/containers/\(container.id)/hosts"),
            "LogPath": .string("/var/lib/docker/containers/\(container.id)/\(container.id)-json.log"),
            "Name": .string("/" + container.name), "RestartCount": .int(container.restartCount),
            "Driver": "overlay2", "Platform": "linux", "MountLabel": "", "ProcessLabel": "",
            "AppArmorProfile": "docker-default", "ExecIDs": execs.isEmpty ? nil : .strings(execs),
            "HostConfig": JSON.merged(
                container.own?.host,
                under: [
                    "Binds": .strings(
                        host.mounts(of: container).map {
                            "\($0.volume):\($0.destination):\($0.isReadOnly ? "ro" : "rw")"
                        }),
                    "LogConfig": ["Type": "json-file", "Config": ["max-size": "10m"]],
                    "NetworkMode": .string(spec.networks.first ?? "default"),
                    "PortBindings": .object(bindings.filter { if case .null = $0.1 { false } else { true } }),
                    "RestartPolicy": ["Name": .string(spec.restartPolicy), "MaximumRetryCount": 0],
                    "AutoRemove": false, "Privileged": false, "ReadonlyRootfs": false,
                    "Memory": .int(spec.memoryLimit), "MemorySwap": .int(spec.memoryLimit),
                    "NanoCpus": .int(Int(spec.processors * 1e9)), "CpuShares": 0, "PidsLimit": nil,
                    "OomKillDisable": false,
                    "Runtime": "runc", "ShmSize": 67_108_864, "CapAdd": nil, "CapDrop": nil,
                ]),
            "GraphDriver": ["Name": "overlay2", "Data": [:]], "Mounts": mounts(of: container, host),
            "Config": JSON.merged(
                container.own?.config,
                under: [
                    "Hostname": .string(String(container.id.prefix(12))), "Domainname": "", "User": .string(spec.user),
                    "AttachStdin": false, "AttachStdout": true, "AttachStderr": true, "ExposedPorts": .object(exposed),
                    "Tty": .bool(spec.tty), "OpenStdin": false, "StdinOnce": false, "Env": .strings(spec.environment),
                    "Cmd": .strings(spec.command), "Image": .string(spec.image), "Volumes": nil,
                    "WorkingDir": .string(container.directory),
                    "Entrypoint": nil, "Labels": .map(container.labels),
                ]),
            "NetworkSettings": [
                "SandboxID": .string(container.isRunning ? container.id : ""),
                "Ports": container.isRunning ? .object(bindings) : [:],
                "Networks": networks(of: container, host),
            ],
        ])
    }

    private static let never = "0001-01-01T00:00:00Z"

    private static func state(of container: DemoContainer, _ host: DemoHost) -> JSON {
        var members: [(String, JSON)] = [
            ("Status", .string(container.state.name)), ("Running", .bool(container.state.isAlive)),
            ("Paused", .bool(container.state == .paused)), ("Restarting", .bool(container.state == .restarting)),
            ("OOMKilled", .bool(container.outOfMemory)), ("Dead", false), ("Pid", .int(container.pid)),
            ("ExitCode", .int(container.isRunning ? 0 : container.exitCode)), ("Error", .string(container.error)),
            ("StartedAt", .string(container.startedAt?.rfc3339 ?? never)),
            ("FinishedAt", .string(container.finishedAt?.rfc3339 ?? never)),
        ]
        if container.spec.health != .none {
            let probes = container.probes(at: host.now)
            members.append(
                (
                    "Health",
                    [
                        "Status": .string(word(container.health)), "FailingStreak": .int(probes.streak),
                        "Log": .array(
                            probes.log.map { probe in
                                [
                                    "Start": .string(probe.start.rfc3339),
                                    "End": .string((probe.start + 40 * .millisecond).rfc3339),
                                    "ExitCode": .int(probe.fails ? 1 : 0),
                                    "Output": .string(
                                        probe.fails
                                            ? "curl: (22) The requested URL returned error: 503\n" : "ok\n"),
                                ]
                            }),
                    ]
                ))
        }
        return .object(members)
    }

    private static func word(_ health: ContainerDetails.Health.Status) -> String {
        switch health {
        case .starting: "starting"
        case .healthy: "healthy"
        case .unhealthy: "unhealthy"
        case .none: "none"
        }
    }

    static func top(_ reference: String, _ request: DemoRequest, _ host: inout DemoHost) throws -> DemoReply {
        let container = try host.find(reference)
        guard container.isRunning, let start = container.startedAt else {
            let why =
                container.state == .restarting ? "is restarting, wait until the container is running" : "is not running"
            throw DemoHost.Refusal.conflict("Container \(container.id) \(why)")
        }
        host.tellTop(container)
        let seconds = Int((Usage(container, epoch: host.epoch, at: host.now)?.cpu ?? 0) / 1_000_000_000)
        let user = container.spec.user.isEmpty ? "root" : container.spec.user
        let main = container.spec.command.joined(separator: " ")
        let started = String(start.rfc3339.dropFirst(11).prefix(5))
        let share = [60, 25, 10, 5]
        let rows = (0..<min(4, max(1, container.spec.use.pids / 3))).map { number in
            let time = seconds * share[number] / 100
            let clock =
                "\(Nanoseconds.digits(Int64(time / 3600), 2)):\(Nanoseconds.digits(Int64(time / 60 % 60), 2)):\(Nanoseconds.digits(Int64(time % 60), 2))"
            let command = number == 0 ? main : "\(container.spec.service): worker \(number)"
            return (pid: String(container.pid + number * 7), clock: clock, command: command, number: number)
        }
        if (request["ps_args"] ?? "-ef").contains("u") {
            return .json([
                "Titles": .strings(
                    ["USER", "PID", "%CPU", "%MEM", "VSZ", "RSS", "TTY", "STAT", "START", "TIME", "COMMAND"]),
                "Processes": .array(
                    rows.map {
                        .strings([
                            user, $0.pid, "0.\(share[$0.number])", "0.4", "712340", "18240", "?", "Ssl", started,
                            $0.clock, $0.command,
                        ])
                    }),
            ])
        }
        return .json([
            "Titles": .strings(["UID", "PID", "PPID", "C", "STIME", "TTY", "TIME", "CMD"]),
            "Processes": .array(
                rows.map {
                    .strings([
                        user, $0.pid, $0.number == 0 ? "1" : String(container.pid), "0", started, "?", $0.clock,
                        $0.command,
                    ])
                }),
        ])
    }
}
