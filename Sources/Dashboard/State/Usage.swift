import Collections
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

/// The last minutes of a container's use.
struct UsageHistory: Sendable {
    /// Five minutes at a sample a second.
    static let bound = 300
    private(set) var points: Deque<Usage> = []
    private var last: StatsSample?

    var latest: Usage? { points.last }

    /// Adds a sample; rates come from two samples, never from one, and a counter that went back gives none.
    mutating func add(_ sample: StatsSample) {
        var usage = Usage(
            at: sample.read, cpu: nil, memory: Double(sample.memory), memoryLimit: Double(sample.memoryLimit),
            received: nil, sent: nil, read: nil, written: nil, pids: Double(sample.pids))
        // A container that does not run is answered with a sample of zeros.
        guard sample.systemCPU > 0 else { return }
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
        if points.count == Self.bound { points.removeFirst() }
        points.append(usage)
    }

    /// The counters start anew when the container does; what it used before stays to be seen.
    mutating func restart() { last = nil }
}
