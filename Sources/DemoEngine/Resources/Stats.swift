extension Router {
    static func stats(_ reference: String, _ request: DemoRequest, _ host: DemoHost) throws -> DemoReply {
        let container = try host.find(reference)
        let isStream = request["stream"] == nil || request.flag("stream")
        return .stream(
            StatsStream(container: container.id, isStream: isStream, oneShot: !isStream && request.flag("one-shot")),
            type: "application/json")
    }
}

/// A sample a second, or only one.
struct StatsStream: DemoStream {
    let container: String
    let isStream: Bool
    /// Without a sample before it, as a stream's first.
    let oneShot: Bool
    var isFirst = true

    /// When the next is due.
    private var due = Nanoseconds.min

    init(container: String, isStream: Bool, oneShot: Bool) {
        self.container = container
        self.isStream = isStream
        self.oneShot = oneShot
    }

    mutating func next(_ host: inout DemoHost) -> DemoPiece {
        guard let container = try? host.find(container) else { return DemoPiece() }
        // Something has happened, but not to the clock.
        guard host.now >= due else { return DemoPiece(again: due) }
        due = host.now + .second
        var piece = DemoPiece(again: isStream ? due : nil)
        let hasBefore = isStream ? !isFirst : !oneShot
        Self.json(container, host, hasBefore: hasBefore).write(&piece.bytes)
        piece.bytes.append(UInt8(ascii: "\n"))
        isFirst = false
        return piece
    }

    private static func json(_ container: DemoContainer, _ host: DemoHost, hasBefore: Bool) -> JSON {
        let identity: [(String, JSON)] = [("name", .string("/" + container.name)), ("id", .string(container.id))]
        guard let usage = Usage(container, epoch: host.epoch, at: host.now) else {
            // What an Engine says of one that does not run.
            return .object(
                identity + [
                    ("read", "0001-01-01T00:00:00Z"), ("preread", "0001-01-01T00:00:00Z"), ("pids_stats", [:]),
                    ("blkio_stats", ["io_service_bytes_recursive": nil]), ("num_procs", 0), ("storage_stats", [:]),
                    ("cpu_stats", cpu(nil, 0, host.processors)), ("precpu_stats", cpu(nil, 0, host.processors)),
                    ("memory_stats", [:]),
                ])
        }
        let before = hasBefore ? Usage(container, epoch: host.epoch, at: host.now - .second) : nil
        let limit = container.spec.memoryLimit > 0 ? container.spec.memoryLimit : host.memory
        var members =
            identity + [
                ("read", .string(host.now.rfc3339)),
                (
                    "preread",
                    .string(before == nil ? "0001-01-01T00:00:00Z" : (host.now - .second).rfc3339)
                ),
                ("pids_stats", ["current": .int(usage.pids), "limit": .unsigned(.max)]),
                (
                    "blkio_stats",
                    [
                        "io_service_bytes_recursive": [
                            ["major": 254, "minor": 0, "op": "read", "value": .unsigned(usage.read)],
                            ["major": 254, "minor": 0, "op": "write", "value": .unsigned(usage.written)],
                        ]
                    ]
                ),
                ("num_procs", 0), ("storage_stats", [:]),
                ("cpu_stats", cpu(usage.cpu, system(host, host.now), host.processors)),
                (
                    "precpu_stats",
                    before.map { cpu($0.cpu, system(host, host.now - .second), host.processors) }
                        ?? cpu(nil, 0, host.processors)
                ),
                (
                    "memory_stats",
                    [
                        "usage": .unsigned(usage.memory), "limit": .int(limit),
                        "stats": [
                            "inactive_file": .unsigned(usage.cache), "active_file": 0,
                            "anon": .unsigned(usage.memory - usage.cache),
                            "file": .unsigned(usage.cache),
                        ],
                    ]
                ),
            ]
        if !container.networks.contains("host"), !container.networks.contains("none") {
            members.append(
                (
                    "networks",
                    [
                        "eth0": [
                            "rx_bytes": .unsigned(usage.received), "rx_packets": .unsigned(usage.received / 700),
                            "rx_errors": 0, "rx_dropped": 0, "tx_bytes": .unsigned(usage.sent),
                            "tx_packets": .unsigned(usage.sent / 900), "tx_errors": 0, "tx_dropped": 0,
                        ]
                    ]
                ))
        }
        return .object(members)
    }

    /// All that the host's processors could have done since long ago.
    private static func system(_ host: DemoHost, _ time: Nanoseconds) -> UInt64 {
        UInt64(max(0, time - host.epoch + 90 * .day)) * UInt64(host.processors)
    }

    private static func cpu(_ total: UInt64?, _ system: UInt64, _ processors: Int) -> JSON {
        guard let total else {
            return [
                "cpu_usage": ["total_usage": 0, "usage_in_kernelmode": 0, "usage_in_usermode": 0],
                "throttling_data": ["periods": 0, "throttled_periods": 0, "throttled_time": 0],
            ]
        }
        return [
            "cpu_usage": [
                "total_usage": .unsigned(total), "usage_in_kernelmode": .unsigned(total / 5),
                "usage_in_usermode": .unsigned(total - total / 5),
            ],
            "system_cpu_usage": .unsigned(system), "online_cpus": .int(processors),
            "throttling_data": ["periods": 0, "throttled_periods": 0, "throttled_time": 0],
        ]
    }
}
