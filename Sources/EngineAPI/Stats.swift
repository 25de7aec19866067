import FoundationEssentials

/// What a container used up to a moment. All totals count since the container was started.
public struct StatsSample: Hashable, Sendable {
    /// When it was measured.
    public var read = Date(timeIntervalSince1970: 0)
    /// Nanoseconds of processor time of the container.
    public var cpuTotal: UInt64 = 0
    /// Nanoseconds of processor time of the whole host; 0 when the Engine does not say (Windows).
    public var systemCPU: UInt64 = 0
    /// Processors that the container can use.
    public var onlineCPUs = 0
    /// `cpuTotal` of the sample before; 0 in the first.
    public var previousCPUTotal: UInt64 = 0
    /// `systemCPU` of the sample before; 0 in the first.
    public var previousSystemCPU: UInt64 = 0
    /// Scheduler periods that have passed; 0 when its processor time has no limit.
    public var periods: UInt64 = 0
    /// Scheduler periods in which the container was held back by its limit.
    public var throttledPeriods: UInt64 = 0
    /// Nanoseconds for which it was held back.
    public var throttledTime: UInt64 = 0
    /// Bytes of memory, file cache included.
    public var memoryUsage: UInt64 = 0
    /// Bytes of file cache that can be dropped: `inactive_file` (cgroup v2) or `total_inactive_file` (v1).
    public var memoryCache: UInt64 = 0
    /// Bytes of memory that it may use; without a limit the host's.
    public var memoryLimit: UInt64 = 0
    /// Processes and threads.
    public var pids = 0
    /// Bytes received, all interfaces together.
    public var networkReceived: UInt64 = 0
    /// Bytes sent, all interfaces together.
    public var networkSent: UInt64 = 0
    /// Whether it has a network of its own: not with `host` or `none`.
    public var networkPresent = false
    /// Bytes read from block devices.
    public var blockRead: UInt64 = 0
    /// Bytes written to block devices.
    public var blockWritten: UInt64 = 0

    /// Nothing measured.
    public init() {}

    /// Bytes of memory as the docker client shows them: without the file cache that can be dropped.
    public var memory: UInt64 { memoryCache < memoryUsage ? memoryUsage - memoryCache : memoryUsage }

    /// Percent of one processor since the sample before, as the docker client computes it: two busy cores are 200.
    /// Nil in the first sample, and where the Engine does not say what the host used.
    public var cpuPercent: Double? {
        cpuPercent(sinceCPU: previousCPUTotal, system: previousSystemCPU)
    }

    /// Percent of one processor since an earlier sample of the same container; nil when that cannot be told.
    public func cpuPercent(since earlier: StatsSample) -> Double? {
        cpuPercent(sinceCPU: earlier.cpuTotal, system: earlier.systemCPU)
    }

    private func cpuPercent(sinceCPU cpu: UInt64, system: UInt64) -> Double? {
        guard system > 0, systemCPU > system, cpuTotal >= cpu else { return nil }
        return Double(cpuTotal - cpu) / Double(systemCPU - system) * Double(max(onlineCPUs, 1)) * 100
    }
}

extension StatsSample {
    /// Reads a message of `GET /containers/{id}/stats`.
    /// - Throws: `EngineError.malformed`.
    init(json: UnsafeRawBufferPointer) throws {
        var reader = JSONReader(json)
        do { try take(&reader) } catch let failure as JSONReader.Failure {
            throw EngineError.malformed("a sample of figures makes no sense at its byte \(failure.position)")
        }
    }

    private mutating func take(_ reader: inout JSONReader) throws {
        let count = try reader.object { reader, key in
            switch key {
            case "read": read = try reader.text().flatMap { Date(engineTime: $0.text) } ?? read
            case "cpu_stats": try takeCPU(&reader)
            case "precpu_stats":
                try reader.object { reader, key in
                    switch key {
                    case "cpu_usage":
                        try reader.object { reader, key in
                            switch key {
                            case "total_usage": previousCPUTotal = try reader.number() ?? 0
                            default: try reader.skip()
                            }
                        }
                    case "system_cpu_usage": previousSystemCPU = try reader.number() ?? 0
                    default: try reader.skip()
                    }
                }
            case "memory_stats": try takeMemory(&reader)
            case "pids_stats":
                try reader.object { reader, key in
                    switch key {
                    case "current": pids = Int(clamping: try reader.number() ?? 0)
                    default: try reader.skip()
                    }
                }
            case "blkio_stats":
                try reader.object { reader, key in
                    switch key {
                    case "io_service_bytes_recursive": try reader.array { try takeBlocks(&$0) }
                    default: try reader.skip()
                    }
                }
            case "networks": networkPresent = try reader.object { try takeInterface(&$0, $1) } ?? 0 > 0
            default: try reader.skip()
            }
        }
        if count == nil { throw EngineError.malformed("no sample of figures") }
    }

    private mutating func takeCPU(_ reader: inout JSONReader) throws {
        var processors = 0
        try reader.object { reader, key in
            switch key {
            case "cpu_usage":
                try reader.object { reader, key in
                    switch key {
                    case "total_usage": cpuTotal = try reader.number() ?? 0
                    case "percpu_usage": processors = try reader.array { try $0.skip() } ?? 0
                    default: try reader.skip()
                    }
                }
            case "system_cpu_usage": systemCPU = try reader.number() ?? 0
            case "online_cpus": onlineCPUs = Int(clamping: try reader.number() ?? 0)
            case "throttling_data":
                try reader.object { reader, key in
                    switch key {
                    case "periods": periods = try reader.number() ?? 0
                    case "throttled_periods": throttledPeriods = try reader.number() ?? 0
                    case "throttled_time": throttledTime = try reader.number() ?? 0
                    default: try reader.skip()
                    }
                }
            default: try reader.skip()
            }
        }
        if onlineCPUs == 0 { onlineCPUs = processors }
    }

    private mutating func takeMemory(_ reader: inout JSONReader) throws {
        try reader.object { reader, key in
            switch key {
            case "usage": memoryUsage = try reader.number() ?? 0
            case "limit": memoryLimit = try reader.number() ?? 0
            case "stats":
                var own: UInt64?
                var total: UInt64?
                try reader.object { reader, key in
                    switch key {
                    case "inactive_file": own = try reader.number()
                    case "total_inactive_file": total = try reader.number()
                    default: try reader.skip()
                    }
                }
                // A cgroup v1 has both: the total one includes its children.
                memoryCache = total ?? own ?? 0
            default: try reader.skip()
            }
        }
    }

    private mutating func takeBlocks(_ reader: inout JSONReader) throws {
        var way = ""
        var value: UInt64 = 0
        try reader.object { reader, key in
            switch key {
            case "op": way = try reader.text()?.text.lowercased() ?? ""
            case "value": value = try reader.number() ?? 0
            default: try reader.skip()
            }
        }
        switch way {
        case "read": blockRead &+= value
        case "write": blockWritten &+= value
        default: break
        }
    }

    private mutating func takeInterface(_ reader: inout JSONReader, _ name: JSONReader.Key) throws {
        try reader.object { reader, key in
            switch key {
            case "rx_bytes": networkReceived &+= try reader.number() ?? 0
            case "tx_bytes": networkSent &+= try reader.number() ?? 0
            default: try reader.skip()
            }
        }
    }
}

/// Samples, about one a second. Of several that have arrived only the newest is given out: totals lose nothing.
public typealias StatsStream = EngineStream<StatsDecoder>

extension Engine {
    /// What a container uses, about once a second while it runs. A stream costs the Engine: ask for what is looked at.
    ///
    /// `GET /containers/{id}/stats`. A container that does not run gives samples of zeros.
    /// - Throws: `EngineError.notFound`; while iterating `.closed` when the Engine goes away.
    public func stats(_ container: ContainerID) async throws -> StatsStream {
        try await stream(
            ["containers", container.rawValue, "stats"], query: [("stream", "1")], decoder: StatsDecoder())
    }

    /// What a container uses at this moment: one sample, which tells no rate by itself.
    ///
    /// `GET /containers/{id}/stats?stream=0&one-shot=1`, API 1.41. Engine 20.10 takes a second for it.
    /// - Parameter atOnce: whether this Engine is known to answer at once; if not, the call stands in no other's way.
    /// - Throws: `EngineError.notFound`.
    public func sample(_ container: ContainerID, atOnce: Bool = false) async throws -> StatsSample {
        var request = Request(
            .GET, ["containers", container.rawValue, "stats"], query: [("stream", "0"), ("one-shot", "1")])
        request.queue = atOnce ? .figures : .slowFigures
        return try await call(request).body.withUnsafeReadableBytes { try StatsSample(json: $0) }
    }
}

/// Cuts the bytes of `GET /containers/{id}/stats` into samples.
public struct StatsDecoder: StreamDecoder {
    private var splitter = JSONSplitter()

    /// A decoder at the beginning of a stream.
    public init() {}

    /// The newest sample that these bytes complete; nil when none.
    public mutating func decode(_ bytes: UnsafeRawBufferPointer) throws -> StatsSample? {
        var newest: StatsSample?
        try splitter.split(bytes) { newest = try StatsSample(json: $0) }
        return newest
    }

    /// Nothing: half a sample is none.
    public mutating func finish() throws -> StatsSample? { nil }
}
