import EngineAPI
import FoundationEssentials

/// A container's use of its host, from one or two stats samples.
struct Usage: Sendable, Hashable {
    /// When the Engine read it.
    var at: Date
    /// Percent of one core; nil until two samples are there.
    var cpu: Double?
    /// Bytes, without the page cache, as the docker client counts.
    var memory: Double
    /// Bytes; the host's memory when the container has no limit.
    var memoryLimit: Double
    /// Bytes per second; nil until two samples are there, or when the container has no network of its own.
    var received: Double?
    var sent: Double?
    /// Bytes per second; nil until two samples are there.
    var read: Double?
    var written: Double?
    var pids: Double
    /// The share of the time in which its processor limit held it back; nil without a limit, and until two samples are
    /// there.
    var throttled: Double?
}

extension Usage {
    /// Takes the larger of each figure; the time stays.
    mutating func raise(_ other: Usage) {
        func larger(_ a: Double?, _ b: Double?) -> Double? { a.map { max($0, b ?? $0) } ?? b }
        cpu = larger(cpu, other.cpu)
        memory = max(memory, other.memory)
        memoryLimit = other.memoryLimit
        received = larger(received, other.received)
        sent = larger(sent, other.sent)
        read = larger(read, other.read)
        written = larger(written, other.written)
        pids = max(pids, other.pids)
        throttled = larger(throttled, other.throttled)
    }
}

/// A container's use in the last minutes, second by second, and of the session before that, a quarter of a minute each.
struct UsageHistory: Sendable {
    /// Fifteen minutes at a sample a second.
    static let bound = 900
    /// A day of quarters of a minute.
    static let coarseBound = 5_760
    static let coarseTime = 15.0
    private(set) var points = UsagePoints(bound: bound)
    /// The peak of each quarter of a minute, the oldest first; the last one is still growing.
    private(set) var coarse = UsagePoints(bound: coarseBound)
    /// The least and the mean of all that was seen.
    private(set) var whole = UsageSummary()
    private var last: StatsSample?

    var latest: Usage? { points.last }

    /// Adds a sample; rates come from two samples, never from one, and a counter that went back gives none.
    mutating func add(_ sample: StatsSample) {
        var usage = Usage(
            at: sample.read, cpu: nil, memory: Double(sample.memory), memoryLimit: Double(sample.memoryLimit),
            received: nil, sent: nil, read: nil, written: nil, pids: Double(sample.pids))
        // A container that does not run is answered with a sample of zeros.
        guard sample.systemCPU > 0 || sample.cpuTotal > 0 || sample.memoryUsage > 0 else { return }
        // Told twice, by a stream and by a call: there is nothing new in it, and no rate.
        guard last != sample else { return }
        if let before = last, before.read < sample.read {
            let seconds = sample.read.timeIntervalSince(before.read)
            usage.cpu = sample.cpuPercent(since: before)
            func rate(_ new: UInt64, _ old: UInt64) -> Double? { new < old ? nil : Double(new - old) / seconds }
            if sample.networkPresent, before.networkPresent {
                usage.received = rate(sample.networkReceived, before.networkReceived)
                usage.sent = rate(sample.networkSent, before.networkSent)
            }
            if sample.periods > before.periods, sample.throttledPeriods >= before.throttledPeriods {
                usage.throttled =
                    Double(sample.throttledPeriods - before.throttledPeriods) / Double(sample.periods - before.periods)
            }
            usage.read = rate(sample.blockRead, before.blockRead)
            usage.written = rate(sample.blockWritten, before.blockWritten)
        } else {
            usage.cpu = sample.cpuPercent
        }
        last = sample
        points.append(usage)
        addCoarse(usage)
        whole.add(usage)
    }

    private mutating func addCoarse(_ usage: Usage) {
        guard let newest = coarse.last, usage.at.timeIntervalSince(newest.at) < Self.coarseTime else {
            coarse.append(usage)
            return
        }
        // Peaks are what one looks for hours later.
        coarse.raiseLast(usage)
    }

    /// The counters start anew when the container does; what it used before stays to be seen.
    mutating func restart() { last = nil }
}
