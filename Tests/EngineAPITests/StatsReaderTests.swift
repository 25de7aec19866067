import FoundationEssentials
import Testing

@testable import EngineAPI

extension StatsSample {
    /// Reads a message that is there as text.
    init(json: String) throws { self = try Array(json.utf8).withUnsafeBytes { try StatsSample(json: $0) } }
}

/// What is read without Foundation's decoder is what that reads.
@Suite struct StatsReader {
    private static let message = Array(
        #"""
        {"read":"2026-11-24T12:59:47.602050139Z","pids_stats":{"current":1,"limit":18446744073709551615},
        "blkio_stats":{"io_service_bytes_recursive":[{"major":8,"minor":0,"op":"Read","value":10},{"op":"write","value":7},
        {"op":"Total","value":22}],"io_time_recursive":null},"storage_stats":{},"cpu_stats":{"cpu_usage":
        {"total_usage":1267724834,"percpu_usage":[369069828,898655006]},"system_cpu_usage":42014320000000,"online_cpus":2,
        "throttling_data":{"periods":42,"throttled_periods":1,"throttled_time":2417164}},"precpu_stats":{"cpu_usage":
        {"total_usage":985211996},"system_cpu_usage":42012300000000},"memory_stats":{"usage":5476352,"stats":
        {"inactive_file":4218880,"total_inactive_file":4218881,"odd":-1.5e3},"limit":67108864},"name":"/a\"}{b",
        "networks":{"eth0":{"rx_bytes":736,"tx_bytes":0},"e\u0074h1":{"rx_bytes":5,"tx_bytes":6}}}
        """#.utf8)

    @Test func ofTheWholeMessageNothingIsMissed() throws {
        let sample = try Self.message.withUnsafeBytes { try StatsSample(json: $0) }
        #expect(sample == (try StatsSample(decoded: Self.message)))
        #expect(sample.networkReceived == 741 && sample.blockRead == 10 && sample.memoryCache == 4_218_881)
    }

    /// Messages that are damaged by chance: whatever Foundation makes sense of means the same to both.
    @Test(arguments: 1...8 as ClosedRange<UInt64>)
    func damagedMessagesMeanTheSame(seed: UInt64) throws {
        var random = Seeded(seed)
        let pieces = [
            "null", "{}", "[]", "0", "7", "\"\"", "-1", "1.5", "1e3", ",", ":", "{", "}", "[", "]", " ", "\\", "true",
        ]
        let whole = Self.names(Self.message)
        var agreed = 0
        for _ in 0..<4_000 {
            var bytes = Self.message
            for _ in 0..<Int.random(in: 1...2, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                let end = min(bytes.count, place + Int.random(in: 0...12, using: &random))
                switch Int.random(in: 0...3, using: &random) {
                case 0: bytes.removeSubrange(place..<end)
                case 1: bytes.insert(contentsOf: bytes[place..<end], at: place)
                case 2: bytes.replaceSubrange(place..<end, with: pieces.randomElement(using: &random)?.utf8 ?? "".utf8)
                default:
                    // A whole value becomes another one.
                    guard let colon = bytes[place...].firstIndex(of: UInt8(ascii: ":")),
                        let next = bytes[(colon + 1)...].firstIndex(where: { [0x2C, 0x7D, 0x5D].contains($0) })
                    else { continue }
                    bytes.replaceSubrange(
                        (colon + 1)..<next, with: pieces.randomElement(using: &random)?.utf8 ?? "".utf8)
                }
            }
            // Of two values of one key Foundation takes the first, others the last.
            guard Self.names(bytes).allSatisfy({ name, count in count <= whole[name] ?? 1 }),
                let expected = try? StatsSample(decoded: bytes)
            else { continue }
            let sample = try? bytes.withUnsafeBytes { try StatsSample(json: $0) }
            #expect(sample == expected, "\(String(decoding: bytes, as: UTF8.self))")
            agreed += 1
        }
        #expect(agreed > 100)
    }

    private static func names(_ message: [UInt8]) -> [Substring: Int] {
        let parts = String(decoding: message, as: UTF8.self).split(separator: "\"", omittingEmptySubsequences: false)
        return Dictionary(parts.map { ($0, 1) }, uniquingKeysWith: +)
    }

    /// No bytes are read behind the end, whatever stands before it.
    @Test func halfAMessageIsNone() throws {
        for end in 0..<Self.message.count {
            #expect(throws: EngineError.self) {
                try Array(Self.message[..<end]).withUnsafeBytes { try StatsSample(json: $0) }
            }
        }
    }
}

extension StatsSample {
    /// As Foundation reads it.
    private struct Answer: Decodable {
        struct CPU: Decodable {
            struct Usage: Decodable {
                var total_usage: UInt64?
                var percpu_usage: [UInt64]?
            }
            struct Throttling: Decodable { var periods, throttled_periods, throttled_time: UInt64? }
            var cpu_usage: Usage?
            var system_cpu_usage: UInt64?
            var online_cpus: UInt64?
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
        struct Pids: Decodable { var current: UInt64? }
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

    fileprivate init(decoded json: [UInt8]) throws {
        self.init()
        let answer = try JSONDecoder().decode(Answer.self, from: Data(json))
        read = answer.read.flatMap(Date.init(engineTime:)) ?? read
        let cpu = answer.cpu_stats
        cpuTotal = cpu?.cpu_usage?.total_usage ?? 0
        systemCPU = cpu?.system_cpu_usage ?? 0
        onlineCPUs = Int(clamping: cpu?.online_cpus ?? 0)
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
        pids = Int(clamping: answer.pids_stats?.current ?? 0)
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
