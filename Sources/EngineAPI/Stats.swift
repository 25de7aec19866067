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

extension StatsSample: Decodable {
    // Only what is used: every field more costs microseconds, fifty times a second.
    private struct Answer: Decodable {
        struct CPU: Decodable {
            struct Usage: Decodable {
                var total_usage: UInt64?
                var percpu_usage: [UInt64]?
            }
            struct Throttling: Decodable { var periods, throttled_periods, throttled_time: UInt64? }
            var cpu_usage: Usage?
            var system_cpu_usage: UInt64?
            var online_cpus: Int?
            var throttling_data: Throttling?
        }
        struct PreviousCPU: Decodable {
            struct Usage: Decodable { var total_usage: UInt64? }
            var cpu_usage: Usage?
            var system_cpu_usage: UInt64?
        }
        struct Memory: Decodable {
            struct Parts: Decodable { var inactive_file, total_inactive_file: UInt64? }
            var usage, limit: UInt64?
            var stats: Parts?
        }
        struct Pids: Decodable { var current: Int? }
        struct Block: Decodable {
            struct Entry: Decodable {
                var op: String?
                var value: UInt64?
            }
            var io_service_bytes_recursive: [Entry]?
        }
        struct Interface: Decodable { var rx_bytes, tx_bytes: UInt64? }
        var read: String?
        var cpu_stats: CPU?
        var precpu_stats: PreviousCPU?
        var memory_stats: Memory?
        var pids_stats: Pids?
        var blkio_stats: Block?
        var networks: [String: Interface]?
    }

    /// Reads a message of `GET /containers/{id}/stats`.
    public init(from decoder: any Decoder) throws {
        let answer = try Answer(from: decoder)
        read = answer.read.flatMap(Date.init(engineTime:)) ?? read
        let cpu = answer.cpu_stats
        cpuTotal = cpu?.cpu_usage?.total_usage ?? 0
        systemCPU = cpu?.system_cpu_usage ?? 0
        onlineCPUs = cpu?.online_cpus ?? 0
        if onlineCPUs == 0 { onlineCPUs = cpu?.cpu_usage?.percpu_usage?.count ?? 0 }
        periods = cpu?.throttling_data?.periods ?? 0
        throttledPeriods = cpu?.throttling_data?.throttled_periods ?? 0
        throttledTime = cpu?.throttling_data?.throttled_time ?? 0
        previousCPUTotal = answer.precpu_stats?.cpu_usage?.total_usage ?? 0
        previousSystemCPU = answer.precpu_stats?.system_cpu_usage ?? 0
        memoryUsage = answer.memory_stats?.usage ?? 0
        memoryLimit = answer.memory_stats?.limit ?? 0
        // A cgroup v1 has both: the total one includes its children.
        memoryCache = answer.memory_stats?.stats?.total_inactive_file ?? answer.memory_stats?.stats?.inactive_file ?? 0
        pids = answer.pids_stats?.current ?? 0
        for entry in answer.blkio_stats?.io_service_bytes_recursive ?? [] {
            switch entry.op?.lowercased() {
            case "read": blockRead &+= entry.value ?? 0
            case "write": blockWritten &+= entry.value ?? 0
            default: continue
            }
        }
        networkPresent = answer.networks.map { !$0.isEmpty } ?? false
        for interface in (answer.networks ?? [:]).values {
            networkReceived &+= interface.rx_bytes ?? 0
            networkSent &+= interface.tx_bytes ?? 0
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
        let path = ["containers", container.rawValue, "stats"]
        let query = [("stream", "0"), ("one-shot", "1")]
        if atOnce {
            var request = Request(.GET, path, query: query)
            request.isForFigures = true
            return try await get(request)
        }
        for try await sample in try await stream(path, query: query, decoder: StatsDecoder()) { return sample }
        throw EngineError.malformed("stats without a sample")
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
        try splitter.split(bytes) { newest = try Engine.decode(StatsSample.self, from: $0) }
        return newest
    }

    /// Nothing: half a sample is none.
    public mutating func finish() throws -> StatsSample? { nil }
}
