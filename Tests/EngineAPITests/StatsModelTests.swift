import FoundationEssentials
import Testing

@testable import EngineAPI

/// Messages of `GET /containers/{id}/stats` as Engines send them, and as they must not upset us.
@Suite struct StatsModels {
    private func decode(_ json: String) throws -> StatsSample {
        try StatsSample(json: json)
    }

    /// Recorded from Engine 20.10.24 on a host with cgroup v1, a container with --cpus 0.5 and --memory 64m that had
    /// written a file; at that moment `docker stats` said `1.199MiB / 64MiB`, `736B / 0B`, `0B / 0B`, 1.
    @Test func recordedWithCgroup1() throws {
        let sample = try decode(
            #"""
            {"read":"2026-11-24T12:59:47.602050139Z","preread":"2026-11-24T12:59:46.599003666Z","pids_stats":{"current":1},
            "blkio_stats":{"io_service_bytes_recursive":[],"io_serviced_recursive":[],"io_queue_recursive":[],
            "io_service_time_recursive":[],"io_wait_time_recursive":[],"io_merged_recursive":[],"io_time_recursive":[],
            "sectors_recursive":[]},"num_procs":0,"storage_stats":{},"cpu_stats":{"cpu_usage":{"total_usage":1267724834,
            "percpu_usage":[369069828,898655006],"usage_in_kernelmode":10000000,"usage_in_usermode":1240000000},
            "system_cpu_usage":42014320000000,"online_cpus":2,"throttling_data":{"periods":42,"throttled_periods":1,
            "throttled_time":2417164}},"precpu_stats":{"cpu_usage":{"total_usage":985211996,"percpu_usage":[239295016,
            745916980],"usage_in_kernelmode":10000000,"usage_in_usermode":960000000},"system_cpu_usage":42012300000000,
            "online_cpus":2,"throttling_data":{"periods":32,"throttled_periods":1,"throttled_time":2417164}},
            "memory_stats":{"usage":5476352,"max_usage":6189056,"stats":{"active_anon":4096,"active_file":786432,
            "cache":5005312,"dirty":0,"hierarchical_memory_limit":67108864,"hierarchical_memsw_limit":134217728,
            "inactive_anon":57344,"inactive_file":4218880,"mapped_file":675840,"pgfault":1543,"pgmajfault":1,"pgpgin":1427,
            "pgpgout":1150,"rss":61440,"rss_huge":0,"total_active_anon":4096,"total_active_file":786432,
            "total_cache":5005312,"total_dirty":0,"total_inactive_anon":57344,"total_inactive_file":4218880,
            "total_mapped_file":675840,"total_pgfault":1543,"total_pgmajfault":1,"total_pgpgin":1427,"total_pgpgout":1150,
            "total_rss":61440,"total_rss_huge":0,"total_unevictable":0,"total_writeback":0,"unevictable":0,"writeback":0},
            "limit":67108864},"name":"/intelligent_euler",
            "id":"b299792de23b12c87f38262821b6613fdb00f15b19e8b7c153afb86f4e68e327","networks":{"eth0":{"rx_bytes":736,
            "rx_packets":8,"rx_errors":0,"rx_dropped":0,"tx_bytes":0,"tx_packets":0,"tx_errors":0,"tx_dropped":0}}}
            """#)
        // 282.5 ms of processor time of the 2,020 ms that two processors had.
        #expect(abs(try #require(sample.cpuPercent) - 27.9716) < 0.001)
        // Not without the whole cache, as the specification says: without the inactive part, as the client does it.
        #expect(sample.memory == 5_476_352 - 4_218_880)
        #expect(sample.memoryLimit == 64 << 20 && sample.pids == 1 && sample.onlineCPUs == 2)
        #expect(sample.networkPresent && sample.networkReceived == 736 && sample.networkSent == 0)
        #expect(sample.blockRead == 0 && sample.blockWritten == 0)
        #expect(sample.periods == 42 && sample.throttledPeriods == 1 && sample.throttledTime == 2_417_164)
        #expect(abs(sample.read.timeIntervalSince1970 - 1_795_525_187.602) < 0.001)
    }

    /// The whole example of the specification of API 1.41, cgroup v1; its host has used more by far than before.
    @Test func theSpecificationsExampleWithCgroup1() throws {
        let sample = try decode(
            #"""
            {"read":"2015-01-08T22:57:31.547920715Z","pids_stats":{"current":3},"networks":{"eth0":{"rx_bytes":5338,
            "rx_dropped":0,"rx_errors":0,"rx_packets":36,"tx_bytes":648,"tx_dropped":0,"tx_errors":0,"tx_packets":8},"eth5":
            {"rx_bytes":4641,"rx_dropped":0,"rx_errors":0,"rx_packets":26,"tx_bytes":690,"tx_dropped":0,"tx_errors":0,
            "tx_packets":9}},"memory_stats":{"stats":{"cache":0,"total_inactive_file":0,"rss":6537216,"inactive_file":0},
            "max_usage":6651904,"usage":6537216,"failcnt":0,"limit":67108864},"blkio_stats":{},"cpu_stats":{"cpu_usage":
            {"percpu_usage":[8646879,24472255,36438778,30657443],"usage_in_usermode":50000000,"total_usage":100215355,
            "usage_in_kernelmode":30000000},"system_cpu_usage":739306590000000,"online_cpus":4,"throttling_data":
            {"periods":0,"throttled_periods":0,"throttled_time":0}},"precpu_stats":{"cpu_usage":{"total_usage":100093996},
            "system_cpu_usage":9492140000000,"online_cpus":4}}
            """#)
        #expect(sample.memory == 6_537_216 && sample.memoryLimit == 67_108_864 && sample.pids == 3)
        #expect(sample.networkReceived == 5_338 + 4_641 && sample.networkSent == 648 + 690)
        #expect(sample.blockRead == 0 && sample.blockWritten == 0)
        let percent = 121_359.0 / 729_814_450_000_000 * 4 * 100
        #expect(abs(try #require(sample.cpuPercent) - percent) < percent / 1_000)
    }

    /// The examples of the specification of API 1.55 put together, cgroup v2: no `percpu_usage`, no `max_usage`, null for
    /// what that kernel does not count, a limit of pids that is no signed number.
    @Test func theSpecificationsExamplesWithCgroup2() throws {
        let sample = try decode(
            #"""
            {"id":"ede54ee1afda366ab42f824e8a5ffd195155d853ceaec74a927f249ea270c743","name":"boring_wozniak",
            "os_type":"linux","read":"2025-01-16T13:55:22.165243637Z","preread":"2025-01-16T13:55:21.160452595Z",
            "pids_stats":{"current":5,"limit":18446744073709551615},"num_procs":16,"storage_stats":{},"blkio_stats":
            {"io_service_bytes_recursive":[{"major":254,"minor":0,"op":"read","value":7593984},{"major":254,"minor":0,
            "op":"write","value":100}],"io_serviced_recursive":null,"io_queue_recursive":null},"cpu_stats":{"cpu_usage":
            {"total_usage":29912000,"usage_in_kernelmode":21994000,"usage_in_usermode":7918000},
            "system_cpu_usage":5000000000,"online_cpus":5,"throttling_data":{"periods":0,"throttled_periods":0,
            "throttled_time":0}},"precpu_stats":{"cpu_usage":{"total_usage":19912000},"system_cpu_usage":0},
            "memory_stats":{"usage":9000000,"stats":{"active_anon":1572864,"active_file":5115904,"anon":1572864,
            "file":7626752,"inactive_anon":0,"inactive_file":2510848,"kernel_stack":16384},"limit":67108864},"networks":
            {"eth0":{"rx_bytes":5338,"tx_bytes":648}}}
            """#)
        #expect(sample.memory == 9_000_000 - 2_510_848 && sample.pids == 5 && sample.onlineCPUs == 5)
        #expect(sample.blockRead == 7_593_984 && sample.blockWritten == 100)
        // Nothing is known of the host before: no figure, and no spike.
        #expect(sample.cpuPercent == nil)
    }

    @Test func whatIsMissingOrNullIsNoError() throws {
        let sample = try decode(
            #"""
            {"read":"2026-11-24T12:59:47Z","blkio_stats":null,"networks":null,"pids_stats":null,"memory_stats":null,
            "precpu_stats":null,"cpu_stats":{"cpu_usage":{"total_usage":7,"percpu_usage":null},"system_cpu_usage":null,
            "online_cpus":null,"throttling_data":null}}
            """#)
        #expect(sample.cpuTotal == 7 && sample.systemCPU == 0 && sample.onlineCPUs == 0)
        #expect(!sample.networkPresent && sample.memory == 0 && sample.cpuPercent == nil)
        #expect(try !decode(#"{"networks":{}}"#).networkPresent)
    }

    @Test func anEngineThatCountsProcessorsOneByOne() throws {
        // Older Engines have no `online_cpus`: the specification says to count these then.
        let sample = try decode(
            #"""
            {"read":"2026-11-24T12:59:47Z","cpu_stats":{"cpu_usage":{"total_usage":200,"percpu_usage":[100,50,50,0]},
            "system_cpu_usage":2000},"precpu_stats":{"cpu_usage":{"total_usage":100},"system_cpu_usage":1000}}
            """#)
        #expect(sample.onlineCPUs == 4 && sample.cpuPercent == 40)
        // And where nobody says how many there are, one has done it.
        let bare = try decode(
            #"""
            {"read":"2026-11-24T12:59:47Z","cpu_stats":{"cpu_usage":{"total_usage":200},"system_cpu_usage":2000},
            "precpu_stats":{"cpu_usage":{"total_usage":100},"system_cpu_usage":1000}}
            """#)
        #expect(bare.cpuPercent == 10)
    }

    @Test(arguments: ["{}", #"{"cpu_usage":{"total_usage":0},"throttling_data":{}}"#])
    func theFirstSampleTellsNoProcessorTime(_ before: String) throws {
        let sample = try decode(
            #"{"read":"2026-11-24T12:59:47Z","precpu_stats":"# + before
                + #","cpu_stats":{"cpu_usage":{"total_usage":9000000000},"system_cpu_usage":9000000000000,"online_cpus":2}}"#
        )
        #expect(sample.cpuPercent == nil)
    }

    @Test func countersThatWentBackTellNoProcessorTime() throws {
        func sample(_ total: Int, _ system: Int, _ before: Int, _ systemBefore: Int) throws -> StatsSample {
            try decode(
                """
                {"read":"2026-11-24T12:59:47Z","cpu_stats":{"cpu_usage":{"total_usage":\(total)},"system_cpu_usage":\(system),
                "online_cpus":2},"precpu_stats":{"cpu_usage":{"total_usage":\(before)},"system_cpu_usage":\(systemBefore)}}
                """)
        }
        #expect(try sample(99, 2_000, 100, 1_000).cpuPercent == nil)
        #expect(try sample(200, 999, 100, 1_000).cpuPercent == nil)
        #expect(try sample(200, 1_000, 100, 1_000).cpuPercent == nil)
        #expect(try sample(100, 2_000, 100, 1_000).cpuPercent == 0)
        let earlier = try sample(200, 2_000, 0, 0)
        #expect(try sample(100, 3_000, 0, 0).cpuPercent(since: earlier) == nil)
    }
}
