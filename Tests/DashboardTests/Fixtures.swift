import EngineAPI
import Foundation
import Terminal

@testable import Dashboard

/// A dashboard fed with events as the runner sends them, on a clock of its own.
struct Bench {
    /// 2026-03-01 14:02:07 UTC.
    static let start = Date(timeIntervalSince1970: 1_772_373_727)

    var state: State
    var now: Date
    let id: EngineID
    /// Where the figures of the fixtures count from, so that they stay the same while the clock moves.
    private var samples: [ContainerID: StatsSample] = [:]

    init(width: Int = 80, height: Int = 24, address: EngineAddress = .standard, theme: String = "dark") {
        state = State(
            address: address, size: Size(width: width, height: height), now: Self.start,
            theme: Theme.named(theme)!)
        now = Self.start
        id = EngineID(address)
    }

    /// One that is connected and has its lists.
    static func connected(
        _ containers: [ContainerSummary], width: Int = 80, height: Int = 24, details: Bool = true
    ) -> Bench {
        var bench = Bench(width: width, height: height)
        bench.connect()
        bench.engine(.containers(containers, asked: nil))
        if details { bench.engine(.details(containers.map { .of($0) }, missing: [])) }
        return bench
    }

    @discardableResult
    mutating func send(_ event: Event, after seconds: Double = 0) -> [Effect] {
        now = now.addingTimeInterval(seconds)
        return update(&state, event, now: now)
    }

    @discardableResult
    mutating func engine(_ kind: EngineEventKind, after seconds: Double = 0) -> [Effect] {
        send(.engine(id, kind), after: seconds)
    }

    @discardableResult
    mutating func connect(after seconds: Double = 0) -> [Effect] {
        var version = EngineVersion(api: APIVersion(1, 45), engineAPI: APIVersion(1, 45))
        version.version = "26.1.5"
        version.name = "Docker Engine"
        let effects = engine(.connected, after: seconds)
        engine(.measuredSampling(.streams))
        engine(.version(version))
        var info = SystemInfo()
        info.name = "shop-prod"
        info.cpus = 8
        info.memory = 16 << 30
        info.systemTime = now
        engine(.described(info, roundTrip: 0))
        return effects
    }

    @discardableResult
    mutating func lose(after seconds: Double = 0, attempt: Int = 1) -> [Effect] {
        engine(.lost(.closed, retryIn: 0.25, attempt: attempt), after: seconds)
    }

    /// Presses keys by their names, and gives what all of them together ask for.
    @discardableResult
    mutating func press(_ names: String...) -> [Effect] {
        names.flatMap { send(.key(Key(parsing: $0)!)) }
    }

    @discardableResult
    mutating func events(_ events: (action: String, container: String)...) -> [Effect] {
        engine(.events(events.map { .container($0.action, $0.container) }))
    }

    mutating func tick(_ seconds: Double = 1) -> [Effect] { send(.tick, after: seconds) }

    /// A log that has been opened, with these lines.
    mutating func log(_ lines: [String], of container: String, errors: Set<Int> = []) {
        logNews(container, .opened(driver: "json-file"))
        logNews(container, .tail(.lines(lines, errors: errors), isStart: false, history: []))
    }

    /// What a task has read of a container's log, for the log that is shown.
    mutating func logNews(_ container: String, _ news: LogNews) {
        engine(.log(state.engine.log?.id ?? 0, .named(container), news))
    }

    /// Has the log looked through, as the runner does, until there is nothing left to look at.
    mutating func scan() {
        while let scan = state.subscriptions.compactMap({ if case .scanLog(_, _, let scan) = $0 { scan } else { nil } })
            .first,
            let log = state.engine.log, let found = scan.run(over: log.store)
        {
            engine(.scannedLog(log.id, found))
        }
    }

    /// So many samples of a running container, a second apart, with figures that only the name decides.
    mutating func stats(_ container: String, count: Int = 1, limit: UInt64 = 16 << 30) {
        let id = ContainerID.named(container)
        var random = SplitMix(seed: container.utf8.reduce(7) { $0 &* 31 &+ UInt64($1) })
        let memory = random.next() % (2 << 30)
        let level = random.next() % 120
        for _ in 0..<count {
            var sample = samples[id] ?? .zero(at: now.addingTimeInterval(-Double(count)))
            sample.previousCPUTotal = sample.cpuTotal
            sample.previousSystemCPU = sample.systemCPU
            sample.read = sample.read.addingTimeInterval(1)
            sample.systemCPU += 8_000_000_000
            sample.cpuTotal += (level + random.next() % 20) * 10_000_000
            sample.memoryUsage = memory + random.next() % (64 << 20)
            sample.memoryCache = 1 << 20
            sample.memoryLimit = limit
            sample.networkReceived += random.next() % 2_000_000
            sample.networkSent += random.next() % 300_000
            sample.blockRead += random.next() % 4_000
            sample.blockWritten += random.next() % 900_000
            samples[id] = sample
            engine(.stats(id, sample))
        }
    }

    func container(_ name: String) -> Container? { state.engine.containers[.named(name)] }
    var selected: String? { state.selectedContainer?.name }
    var names: [String] { state.engine.order.compactMap { state.engine.containers[$0]?.name } }
    var frame: Frame { draw(state) }
    var lines: [String] { draw(state).lines }
    var screen: String { lines.joined(separator: "\n") }
    var flash: String { state.flash?.text ?? "" }
    /// The docker command of the question on the screen.
    var asked: String? { question.flatMap { $0.docker($0) } }
    var question: Question? {
        if case .question(let question)? = state.layers.last { return question }
        return nil
    }
}

extension ContainerID {
    /// An id of 64 digits that a name always gets.
    static func named(_ name: String) -> ContainerID {
        var random = SplitMix(
            seed: name.utf8.reduce(14_695_981_039_346_656_037) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 })
        let digits = (0..<4).map { _ in
            let text = String(random.next(), radix: 16)
            return String(repeating: "0", count: 16 - text.count) + text
        }
        return ContainerID(digits.joined())
    }
}

extension ContainerSummary {
    static func make(
        _ name: String, _ state: ContainerState = .running, _ status: String = "Up 3 hours",
        image: String = "shop/api:2.4", id: String? = nil
    ) -> ContainerSummary {
        var summary = ContainerSummary(id: .named(id ?? name), name: name)
        summary.state = state
        summary.status = status
        summary.image = image
        summary.created = Bench.start.addingTimeInterval(-86_400)
        summary.ports = [PortMapping(hostIP: "0.0.0.0", publicPort: 8080, privatePort: 80)]
        summary.networks = ["bridge"]
        return summary
    }
}

extension ContainerDetails {
    /// What the inspection of a container from `make` says: up for three hours.
    static func of(_ summary: ContainerSummary, _ change: (inout ContainerDetails) -> Void = { _ in }) -> Self {
        var details = ContainerDetails(id: summary.id, name: summary.name)
        details.state.state = summary.state
        if summary.state != .created { details.state.startedAt = Bench.start.addingTimeInterval(-3 * 3_600) }
        if !summary.state.isAlive && summary.state != .created || summary.state == .restarting {
            details.state.finishedAt = Bench.start.addingTimeInterval(-120)
        }
        change(&details)
        return details
    }
}

extension EngineEvent {
    static func container(_ action: String, _ name: String) -> EngineEvent {
        EngineEvent(type: "container", action: action, actorID: ContainerID.named(name).rawValue)
    }
}

extension StatsSample {
    /// The counters of a container that has just started.
    static func zero(at date: Date) -> StatsSample {
        var sample = StatsSample()
        sample.read = date
        sample.systemCPU = 1_000_000_000_000
        sample.onlineCPUs = 8
        sample.networkPresent = true
        sample.pids = 12
        return sample
    }
}

extension LogBatch {
    /// Lines a millisecond apart, the first at a given millisecond of the fixtures' time.
    static func lines(_ texts: [String], errors: Set<Int> = [], from millisecond: Int64 = 0) -> LogBatch {
        var batch = LogBatch()
        let start = Int64(Bench.start.timeIntervalSince1970) * 1_000_000_000
        for (index, text) in texts.enumerated() {
            batch.add(
                Array(text.utf8), time: start + (millisecond + Int64(index)) * 1_000_000,
                source: errors.contains(index) ? .stderr : .stdout)
        }
        return batch
    }

    mutating func add(_ text: [UInt8], time: Int64, source: LogSource = .stdout) {
        lines.append(LogLine(time: time, start: UInt32(bytes.count), length: text.count, source: source))
        bytes += text
    }
}

extension Effect {
    /// The effect in words, containers by the names of a bench, for comparisons.
    func label(_ bench: Bench) -> String {
        func names(_ ids: some Sequence<ContainerID>) -> String {
            ids.map { bench.state.engine.containers[$0]?.name ?? $0.short }.sorted().joined(separator: " ")
        }
        switch self {
        case .list(_, let pane): return "list \(pane)"
        case .listContainers(_, let ids): return "list [\(names(ids))]"
        case .describe: return "describe"
        case .ping: return "ping"
        case .details(_, let ids): return "details [\(names(ids))]"
        case .refreshLater: return "refresh later"
        case .act(_, _, let id, let action): return "\(action) \(names([id]))"
        case .run(_, _, let order): return "\(order.starts ? "run" : "create") \(order.spec.line())"
        case .startJob(_, _, let job): return job.docker
        case .cancelJob(let number): return "cancel \(number)"
        case .recall(_, let id): return "recall \(names([id]))"
        case .measureSampling(_, let id): return "measure \(names([id]))"
        case .sample(_, let ids, _): return "sample [\(names(ids))]"
        case .setMouse(let on): return "mouse \(on)"
        case .suspend: return "suspend"
        case .redraw: return "redraw"
        case .reconnect: return "reconnect"
        case .copy(let text): return "copy \(text)"
        case .findOwners(_, let found): return "find owners of [\(names(found.map(\.id)))]"
        case .save(_, _, let path): return "save \(path)"
        case .page: return "page"
        case .openPager: return "open pager"
        case .open(let address): return "open \(address)"
        case .handOver(_, _, let id, let target, _): return "hand over to \(target) in \(names([id]))"
        }
    }

    var isList: Bool {
        switch self {
        case .list, .listContainers: true
        default: false
        }
    }

    var isDetails: Bool {
        if case .details = self { return true }
        return false
    }

    var isAct: Bool {
        if case .act = self { return true }
        return false
    }

    var delay: Double? {
        if case .refreshLater(_, let seconds) = self { return seconds }
        return nil
    }
}

extension [Effect] {
    func labels(_ bench: Bench) -> [String] { map { $0.label(bench) } }
}

/// Random numbers that are the same in every run.
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }
}

extension Frame {
    /// What no cell may hold: controls, and what turns the direction of text around.
    func forbiddenScalars() -> [Unicode.Scalar] {
        var found: [Unicode.Scalar] = []
        for row in 0..<size.height {
            for scalar in text(row: row).unicodeScalars {
                switch scalar.value {
                case 0..<0x20, 0x7F...0x9F, 0x200E, 0x200F, 0x2028, 0x2029, 0x202A...0x202E, 0x2066...0x2069:
                    found.append(scalar)
                default: continue
                }
            }
        }
        return found
    }
}

extension EngineEventKind {
    /// Details of exactly the containers that were asked for.
    static func details(_ details: [ContainerDetails], missing: Set<ContainerID>) -> EngineEventKind {
        .details(details, asked: details.map(\.id) + missing, missing: missing)
    }
}
