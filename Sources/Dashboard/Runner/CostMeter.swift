import EngineAPI
import FoundationEssentials
import Glibc

/// Measures what Gantry itself costs, from one look to the next.
struct CostMeter {
    private struct Look {
        var at: ContinuousClock.Instant
        var cpu: Double
        var terminal: Int
        var requests: Int
    }

    private var last: Look?

    /// What it cost since the look before; nil at the first look.
    mutating func look(_ engine: Engine?, terminalBytes: Int) -> OwnCost? {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
        let new = Look(
            at: .now, cpu: seconds(usage.ru_utime) + seconds(usage.ru_stime), terminal: terminalBytes,
            requests: engine?.requestsSent ?? 0)
        defer { last = new }
        guard let last else { return nil }
        let time = (new.at - last.at) / .seconds(1)
        guard time > 0.1 else { return nil }
        return OwnCost(
            cpu: (new.cpu - last.cpu) / time * 100, memory: Self.resident,
            terminal: Double(new.terminal - last.terminal) / time,
            answerTime: engine?.answerTime.map { $0 / .seconds(1) },
            requests: Double(new.requests - last.requests) / time, streams: engine?.streamsOpen ?? 0)
    }

    /// Bytes in memory (`/proc/self/statm`), 0 where the kernel does not say.
    private static var resident: Double {
        let text = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
        let pages = text.split(separator: " ").dropFirst().first.flatMap { Double($0) } ?? 0
        return pages * Double(sysconf(Int32(_SC_PAGESIZE)))
    }
}
