import Glibc
import NIOCore

/// The host and who is connected to it; lives on one event loop.
final class DemoCore {
    private(set) var host: DemoHost
    var faults: DemoFaults
    /// How many lists of any kind were asked for.
    private(set) var listsAsked = 0
    private(set) var connections: [ObjectIdentifier: DemoConnection] = [:]
    private let loop: any EventLoop
    private var timer: Scheduled<Void>?
    private var timerDue = Nanoseconds.max
    private var isTelling = false

    init(_ options: DemoOptions, _ loop: any EventLoop) {
        host = DemoHost(
            seed: options.seed, containers: options.containers, storm: options.eventsPerSecond, epoch: Self.now())
        faults = options.faults
        self.loop = loop
        plan()
    }

    static func now() -> Nanoseconds {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Nanoseconds(time.tv_sec) * .second + Nanoseconds(time.tv_nsec)
    }

    func add(_ connection: DemoConnection) { connections[ObjectIdentifier(connection)] = connection }
    func remove(_ connection: DemoConnection) { connections[ObjectIdentifier(connection)] = nil }

    private var counts = DemoCounts()

    /// What was counted, with the streams that are open now.
    var countsNow: DemoCounts {
        var counts = counts
        for connection in connections.values {
            if let kind = connection.streamKind { counts.streams[kind, default: 0] += 1 }
        }
        counts.events = host.nextHappening
        return counts
    }

    /// Counts what is asked.
    func note(_ request: DemoRequest) {
        counts.requests[request.kind, default: 0] += 1
        let lists = ["/containers/json", "/images/json", "/volumes", "/networks"]
        if request.method == "GET", lists.contains(request.plainPath) { listsAsked += 1 }
    }

    func stop() {
        timer?.cancel()
        for connection in connections.values { connection.close() }
    }

    /// Does something with the host of now. Whoever waits for something to happen is told when something has.
    func withHost<Result>(_ body: (inout DemoHost) -> Result) -> Result {
        let before = host.nextHappening
        host.advance(to: Self.now())
        let result = body(&host)
        plan()
        if host.nextHappening != before { tellSoon() }
        return result
    }

    private func tellSoon() {
        guard !isTelling else { return }
        isTelling = true
        loop.assumeIsolated().execute {
            self.isTelling = false
            for connection in self.connections.values { connection.somethingHappened() }
        }
    }

    private func plan() {
        guard let next = host.next, next != timerDue else { return }
        timer?.cancel()
        timerDue = next
        timer = loop.assumeIsolated().scheduleTask(in: .nanoseconds(max(0, next - Self.now()))) {
            self.timerDue = .max
            self.withHost { _ in }
        }
    }
}
