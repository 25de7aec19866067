import Testing

@testable import EngineAPI

/// What `docker stats --no-stream` prints of a container.
private struct Printed {
    let cpu: Double
    let memory, limit, received, sent, read, written: Figure
    let pids: Int

    /// A size as printed, and how far it may be from the size that was meant: half of its last digit.
    struct Figure: CustomStringConvertible {
        let text: String
        let bytes: Double
        let rounding: Double
        var description: String { text }

        /// `1.199MiB` (four digits, powers of 1024) or `1.05kB` (three digits, powers of 1000).
        init(_ text: String) throws {
            self.text = text
            let number = text.prefix { $0.isNumber || $0 == "." || $0 == "e" || $0 == "+" }
            let units: [String: Double] = [
                "B": 1, "KiB": 1_024, "MiB": 1_048_576, "GiB": 1_073_741_824, "TiB": 1_099_511_627_776, "kB": 1e3,
                "MB": 1e6, "GB": 1e9,
            ]
            let unit = try #require(units[String(text.dropFirst(number.count))], "\(text)")
            bytes = try #require(Double(number), "\(text)") * unit
            let digits = text.contains("i") ? 4 : 3
            // Of 1.199 half a thousandth, of 64 (which stands for 64.00) half a hundredth.
            let whole = number.prefix { $0 != "." }.count
            var step = unit
            for _ in whole..<max(whole, digits) { step /= 10 }
            rounding = step / 2
        }
    }

    init(_ line: String) throws {
        let cells = line.split(separator: "|").map(String.init)
        try #require(cells.count == 5, "\(line)")
        func pair(_ cell: String) throws -> [Figure] {
            let figures = try cell.split(separator: "/").map { try Figure($0.filter { $0 != " " }) }
            try #require(figures.count == 2, "\(line)")
            return figures
        }
        cpu = try #require(Double(cells[0].dropLast()), "\(line)")
        let (memory, network, block) = try (pair(cells[1]), pair(cells[2]), pair(cells[3]))
        (self.memory, limit) = (memory[0], memory[1])
        (received, sent) = (network[0], network[1])
        (read, written) = (block[0], block[1])
        pids = try #require(Int(cells[4]), "\(line)")
    }
}

/// The figures of this module and of the docker client for the same moments, of real containers.
///
/// The client takes its sample at some moment between the first and the last of ours. What only grows (bytes of network
/// and disk) must therefore lie between these two, give or take the client's rounding; what stays (limit, pids) must be
/// the same.
@Suite(.enabled(if: TestEngine.isGiven, "needs GANTRY_TEST_ENGINE"), .timeLimit(.minutes(2)))
struct StatsAgreement {
    /// Our samples, one a second, from before the client was asked until after it had answered; and what it printed.
    private func watch(_ engine: Engine, _ id: ContainerID) async throws -> (ours: [StatsSample], client: Printed) {
        let ours = Mutexed<[StatsSample]>([])
        let reader = Task {
            for try await sample in try await engine.stats(id) { ours.set(ours.get() + [sample]) }
        }
        defer { reader.cancel() }
        try await eventually("two samples") { ours.get().count >= 2 }
        let line = try docker([
            "stats", "--no-stream", "--format",
            "{{.CPUPerc}}|{{.MemUsage}}|{{.NetIO}}|{{.BlockIO}}|{{.PIDs}}", id.rawValue,
        ])
        let count = ours.get().count
        // The next one may have been measured before the client's, and only arrive now.
        try await eventually("samples after the client's") { ours.get().count >= count + 2 }
        return (ours.get(), try Printed(line))
    }

    /// Compares all figures but the processor time; gives what was compared.
    @discardableResult
    private func compare(_ engine: Engine, _ id: ContainerID) async throws -> (ours: [StatsSample], client: Printed) {
        let (ours, client) = try await watch(engine, id)
        let (first, last) = (try #require(ours.first), try #require(ours.last))
        func grows(_ figure: Printed.Figure, _ path: KeyPath<StatsSample, UInt64>, _ name: Comment) {
            let range = Double(first[keyPath: path]) - figure.rounding...Double(last[keyPath: path]) + figure.rounding
            #expect(range.contains(figure.bytes), "\(name): the client has \(figure), we have \(range)")
        }
        grows(client.received, \.networkReceived, "received")
        grows(client.sent, \.networkSent, "sent")
        grows(client.read, \.blockRead, "read")
        grows(client.written, \.blockWritten, "written")
        #expect(abs(client.limit.bytes - Double(last.memoryLimit)) <= client.limit.rounding, "limit \(client.limit)")
        // The kernel counts memory in lots of 32 pages for each processor and gives them back when it likes: between two
        // samples of a container that does nothing its memory may move by so much, here with two of them each way.
        let slack = Double(max(first.onlineCPUs, 1) * 2 * 32 * 4_096) + client.memory.rounding
        let memory = ours.map { Double($0.memory) }
        let range = (memory.min() ?? 0) - slack...(memory.max() ?? 0) + slack
        #expect(range.contains(client.memory.bytes), "memory: the client has \(client.memory), we have \(range)")
        #expect(ours.allSatisfy { $0.pids == client.pids }, "pids: \(client.pids)")
        return (ours, client)
    }

    /// A fifth of a processor, which its limit holds it to, also where other tests want the rest.
    ///
    /// Its periods of 100 ms do not begin with our second or the client's: either has a period of 20 ms more or less in
    /// it, which is two percent of a processor each way. And on a busy machine one second is not like the next.
    @Test func busy() async throws {
        try await withContainer("while :; do :; done", ["--cpus", "0.2"]) { engine, id in
            let (ours, client) = try await compare(engine, id)
            let figures = ours.dropFirst().compactMap(\.cpuPercent)
            #expect(figures.count == ours.count - 1)
            let range = (figures.min() ?? 0) - 10...(figures.max() ?? 0) + 10
            #expect(range.contains(client.cpu), "the client has \(client.cpu), we have \(figures)")
            // What the fields before say and what our sample before said is the same: no figure is of another time.
            // Of samples that follow each other: a busy Engine leaves some out.
            let pairs = zip(ours, ours.dropFirst()).filter { $1.previousCPUTotal == $0.cpuTotal }
            #expect(!pairs.isEmpty)
            for (before, sample) in pairs { #expect(sample.cpuPercent == sample.cpuPercent(since: before)) }
            // Never above its limit by more than a period.
            #expect(figures.allSatisfy { $0 < 30 })
            try await eventually("it is held back") { try await engine.sample(id).throttledPeriods > 0 }
        }
    }

    @Test func idleWithSeveralProcesses() async throws {
        try await withContainer("sleep 1000 & sleep 1000 & wait") { engine, id in
            try await eventually("its processes") { try await engine.sample(id).pids == 3 }
            let (ours, client) = try await compare(engine, id)
            #expect(client.pids == 3)
            let figures = ours.dropFirst().compactMap(\.cpuPercent)
            // Rounded to a hundredth.
            #expect(client.cpu < 1 && figures.allSatisfy { $0 < 1 }, "\(client.cpu), \(figures)")
            // Without a limit the host's memory stands there, for both.
            let host = try await engine.info().memory
            #expect(abs(Double(ours[0].memoryLimit) - Double(host)) < 0.01 * Double(host))
        }
    }

    /// 20 MiB that it holds, and a file of 8 MiB in the page cache, which neither counts.
    @Test func memoryWithALimit() async throws {
        let script = """
            head -c 20971520 /dev/zero >/dev/shm/held; dd if=/dev/zero of=/file bs=64k count=128 2>/dev/null; sync
            echo done; exec sleep 1000
            """
        try await withContainer(script, ["--memory", "64m"]) { engine, id in
            try await eventually("it is done") {
                try await engine.logs(id, tty: false, follow: false).texts().count == 1
            }
            let (ours, client) = try await compare(engine, id)
            #expect(client.limit.text == "64MiB" && ours[0].memoryLimit == 64 << 20)
            #expect(client.memory.bytes > 20 * 1_048_576)
            #expect(ours.allSatisfy { $0.memoryUsage >= $0.memory + (4 << 20) }, "the cache is in it")
            #expect(ours.allSatisfy { $0.memory < 28 << 20 }, "the cache is counted: \(ours[0].memory)")
        }
    }

    @Test func theHostsNetworkIsNobodysTraffic() async throws {
        try await withContainer("exec sleep 1000", ["--network", "host"]) { engine, id in
            let (ours, client) = try await compare(engine, id)
            #expect(client.received.text == "0B" && client.sent.text == "0B")
            #expect(ours.allSatisfy { !$0.networkPresent })
        }
    }

    /// The traffic of two networks, which both count together; it goes on while one looks.
    @Test func severalNetworks() async throws {
        let network = uniqueName("net")
        try docker(["network", "create", network])
        defer { _ = try? docker(["network", "rm", network]) }
        let script = """
            for a in $(ip -4 addr | sed -n 's/.*inet \\([0-9.]*\\)\\.[0-9]*\\/.*eth.*/\\1.1/p'); do
            n=0; while [ $n -lt 3 ]; do ping -c 1 -W 1 -s 20000 $a && n=$((n + 1)); done
            ping $a >/dev/null & done; echo done; wait
            """
        try await withContainer(script, start: false) { engine, id in
            try docker(["network", "connect", network, id.rawValue])
            try await engine.start(id)
            try await eventually("it is done") {
                try await engine.logs(id, tty: false, follow: false).texts().contains { $0.1 == "done" }
            }
            let (ours, client) = try await compare(engine, id)
            // Six pings of 20,000 bytes there and back, three on each; one that a busy machine loses is sent again.
            #expect(ours[0].networkReceived > 120_000 && ours[0].networkSent > 120_000, "\(ours[0])")
            #expect(client.sent.bytes > 120_000)
            #expect((ours.last?.networkSent ?? 0) > ours[0].networkSent)
        }
    }
}
