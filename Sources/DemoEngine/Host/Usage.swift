import Glibc

/// What a container has used up to a moment, computed like its log: a load that swings, and its integral.
struct Usage: Sendable {
    var cpu: UInt64
    var memory: UInt64
    var cache: UInt64
    var received: UInt64
    var sent: UInt64
    var read: UInt64
    var written: UInt64
    var pids: Int

    /// Nil when there is nothing to measure: it does not run.
    init?(_ container: DemoContainer, epoch: Nanoseconds, at now: Nanoseconds) {
        guard container.isRunning, let run = container.runs.last else { return nil }
        let use = container.spec.use
        let load = Load(seed: container.seed, swing: use.swing)
        // Frozen processes use nothing: the time that counts is without the pauses.
        var seconds = max(0, load.total(from: run.start - epoch, to: now - epoch))
        for pause in run.pauses where pause.from < now {
            seconds -= load.total(from: pause.from - epoch, to: min(pause.until, now) - epoch)
        }
        seconds = max(0, seconds - Double(run.forgotten) / 1e9)
        cpu = UInt64(seconds * use.cpu * 1e7)
        received = UInt64(seconds * use.received)
        sent = UInt64(seconds * use.sent)
        read = UInt64(seconds * use.read) / 4096 * 4096
        written = UInt64(seconds * use.written) / 4096 * 4096
        var level = use.memory * (1 + 0.25 * use.swing * (load.level(at: now - epoch) - 1))
        // It takes its time to grow.
        level *= 1 - 0.5 * exp(-Double(now - run.start) / 6e9)
        if container.spec.memoryLimit > 0 { level = min(level, Double(container.spec.memoryLimit) * 0.998) }
        cache = UInt64(max(0, level * 0.04))
        memory = UInt64(max(0, level)) + cache
        if container.spec.memoryLimit > 0 { memory = min(memory, UInt64(container.spec.memoryLimit)) }
        pids = use.pids
    }
}

/// A load around 1 that swings in slow and quick waves; its integral never falls.
struct Load: Sendable {
    private let waves: [(height: Double, speed: Double, offset: Double)]

    init(seed: UInt64, swing: Double) {
        var random = SplitMix(seed, 0x10AD)
        let heights = [0.45, 0.3, 0.25].map { $0 * min(max(swing, 0), 1) }
        let periods = [97.0, 23.0, 7.3]
        waves = zip(heights, periods).map { height, period in
            (height, 2 * Double.pi / (period * (0.8 + 0.4 * random.unit())), 2 * Double.pi * random.unit())
        }
    }

    /// At a time since the demo's beginning.
    func level(at time: Nanoseconds) -> Double {
        let seconds = Double(time) / 1e9
        return waves.reduce(1) { $0 + $1.height * sin($1.speed * seconds + $1.offset) }
    }

    /// Seconds of an even load between two times.
    func total(from: Nanoseconds, to: Nanoseconds) -> Double {
        let start = Double(from) / 1e9
        let end = Double(to) / 1e9
        return waves.reduce(end - start) {
            $0 - $1.height / $1.speed * (cos($1.speed * end + $1.offset) - cos($1.speed * start + $1.offset))
        }
    }
}
