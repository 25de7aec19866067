import Collections
import EngineAPI

/// The simulated host: a value without any I/O. The time is handed in, chance comes from the seed: the same seed and
/// the same requests at the same times give the same host.
struct DemoHost: Sendable {
    /// A request that cannot be granted, with the status and the words of an Engine.
    struct Refusal: Error, Hashable {
        var status: Int
        var message: String

        static func notFound(_ message: String) -> Refusal { Refusal(status: 404, message: message) }
        static func conflict(_ message: String) -> Refusal { Refusal(status: 409, message: message) }
        static func bad(_ message: String) -> Refusal { Refusal(status: 400, message: message) }
    }

    /// Something that happened.
    struct Happening: Sendable {
        let number: Int
        let time: Nanoseconds
        let type: String
        let action: String
        let actor: String
        let attributes: [String: String]
    }

    struct Image: Sendable {
        let id: String
        let name: String
        let size: Int
        let created: Nanoseconds
    }

    struct Volume: Sendable {
        let name: String
        let created: Nanoseconds
    }

    struct Network: Sendable {
        let id: String
        let name: String
        let driver: String
        let subnet: String
        let isInternal: Bool
        let created: Nanoseconds
    }

    private enum Step: Sendable {
        case die(code: Int, outOfMemory: Bool)
        case startAgain
        case health(ContainerDetails.Health.Status)
        /// The patience of a stop is over.
        case force
    }

    private struct Plan: Sendable, Comparable {
        let time: Nanoseconds
        let number: Int
        let container: Int
        let generation: Int
        let step: Step

        static func < (left: Plan, right: Plan) -> Bool { (left.time, left.number) < (right.time, right.number) }
        static func == (left: Plan, right: Plan) -> Bool { left.number == right.number }
    }

    /// What an Engine remembers.
    static let happeningsKept = 256

    let seed: UInt64
    let processors: Int
    /// Bytes.
    let memory: Int
    /// When the demo began.
    let epoch: Nanoseconds
    private(set) var now: Nanoseconds
    /// By their index; nil when removed.
    private(set) var containers: [DemoContainer?] = []
    private var byID: [String: Int] = [:]
    private var byName: [String: Int] = [:]
    let images: [Image]
    private(set) var volumes: [Volume]
    let networks: [Network]
    /// The last things that happened.
    private(set) var happenings: Deque<Happening> = []
    private(set) var nextHappening = 0
    private var plans = Heap<Plan>()
    private var nextPlan = 0

    init(seed: UInt64 = 1, containers count: Int = Shop.specs.count, epoch: Nanoseconds) {
        self.seed = seed
        self.epoch = epoch
        now = epoch
        // The shop's host, or a large one for more.
        let isLarge = count > 100
        processors = isLarge ? 128 : 8
        memory = (isLarge ? 2048 : 32) << 30
        images = Shop.images.enumerated().map { index, image in
            var random = SplitMix(seed, 0x1A, UInt64(index))
            return Image(
                id: "sha256:" + random.hex(64), name: image.name,
                size: image.megabytes * 1_000_000 + random.below(900_000),
                created: epoch - Nanoseconds(image.days) * .day - Nanoseconds(random.below(80_000)) * .second)
        }
        volumes = Shop.volumes.map { Volume(name: $0.name, created: epoch - Nanoseconds($0.days) * .day) }
        networks = Shop.networks.enumerated().map { index, network in
            var random = SplitMix(seed, 0x2E, UInt64(index))
            return Network(
                id: random.hex(64), name: network.name, driver: network.driver, subnet: network.subnet,
                isInternal: network.isInternal, created: epoch - 90 * .day)
        }
        containers.reserveCapacity(max(0, count))
        var numbers: [String: Int] = [:]
        for index in 0..<max(0, count) {
            let inShop = index < Shop.specs.count
            let spec = inShop ? Shop.specs[index] : Shop.fleetSpec(index)
            numbers[spec.service, default: 0] += 1
            add(index: index, spec: spec, inShop: inShop, number: numbers[spec.service] ?? 1)
        }
    }

    private mutating func add(index: Int, spec: Spec, inShop: Bool, number: Int) {
        var random = SplitMix(seed, 0xC0, UInt64(index))
        let id = random.hex(64)
        let name = inShop ? "shop-\(spec.service)-\(number)" : "\(spec.service)-\(Nanoseconds.digits(Int64(index), 5))"
        let own = random.next()
        let anonymous = spec.mounts.contains { $0.volume == nil } ? random.hex(64) : nil
        // No two were started in the same second.
        let spread =
            Nanoseconds(random.below(inShop ? 40 : 80_000)) * .second + Nanoseconds(random.below(1_000_000_000))
        let moment: Nanoseconds =
            switch spec.beginning {
            case .running(let since) where since < .minute: epoch - since
            case .running(let since), .paused(let since): epoch - since - spread
            case .exited(let ago): epoch - ago - spread
            case .created: epoch - 20 * .minute - spread
            }
        var container = DemoContainer(
            index: index, id: id, name: name, spec: spec, seed: own, created: moment - 5 * .hour,
            project: inShop ? Shop.project : nil, number: number, anonymousVolume: anonymous)
        if let anonymous { volumes.append(Volume(name: anonymous, created: container.created)) }
        byID[id] = index
        byName[name] = index
        switch (spec.beginning, spec.fate) {
        case (.created, _): break
        case (.exited, .ends(let after, let code, let outOfMemory)):
            var run = DemoContainer.Run(start: moment - after)
            run.end = moment
            run.fate = moment
            container.runs = [run]
            container.starts = 1
            container.state = .exited
            container.exitCode = code
            container.outOfMemory = outOfMemory
        case (_, .ends(let after, let code, _)):
            // It has crashed before, for a while.
            for past in stride(from: 12, to: 0, by: -1) {
                var run = DemoContainer.Run(start: moment - Nanoseconds(past) * (after + Self.pause))
                run.fate = run.start + after
                run.end = run.fate
                container.runs.append(run)
            }
            container.restartCount = 1412
            container.exitCode = code
            fallthrough
        default:
            var run = DemoContainer.Run(start: moment)
            container.starts = container.restartCount + 1
            container.state = .running
            if case .paused = spec.beginning {
                run.pauses = [.init(from: moment + .hour)]
                container.state = .paused
            }
            container.runs.append(run)
        }
        containers.append(container)
        if container.state == .running { plan(ahead: index, from: moment) }
    }

    /// A container that was made by a request.
    /// - Returns: its identity.
    mutating func add(_ spec: Spec, name: String, labels: [String: String]) -> String {
        let index = containers.count
        var random = SplitMix(seed, 0xC1, UInt64(index))
        let id = random.hex(64)
        var container = DemoContainer(
            index: index, id: id, name: name, spec: spec, seed: random.next(), created: now, project: nil, number: 1,
            anonymousVolume: nil)
        container.ownLabels = labels
        for volume in spec.mounts.compactMap(\.volume) where !volumes.contains(where: { $0.name == volume }) {
            volumes.append(Volume(name: volume, created: now))
            tell("volume", "create", actor: volume, ["driver": "local"])
        }
        byID[id] = index
        byName[name] = index
        containers.append(container)
        tell("create", index)
        return id
    }

    /// Between a crash and the next start.
    private static let pause: Nanoseconds = 4 * .second

    // MARK: - Time

    /// When something is going to happen next; nil when nothing is.
    var next: Nanoseconds? { plans.min?.time }

    /// Lets everything happen that was to happen up to a moment. Time does not go back.
    mutating func advance(to moment: Nanoseconds) {
        while let plan = plans.min, plan.time <= moment {
            plans.removeMin()
            guard let container = containers[plan.container], container.generation == plan.generation else { continue }
            now = max(now, plan.time)
            carryOut(plan.step, plan.container)
        }
        now = max(now, moment)
    }

    private mutating func schedule(_ step: Step, _ index: Int, at time: Nanoseconds) {
        guard let container = containers[index] else { return }
        nextPlan += 1
        plans.insert(
            Plan(time: time, number: nextPlan, container: index, generation: container.generation, step: step))
    }

    /// Plans what a container that was just started is going to do by itself.
    private mutating func plan(ahead index: Int, from start: Nanoseconds) {
        guard let spec = containers[index]?.spec else { return }
        containers[index]?.health = spec.health == .none ? .none : .starting
        for (after, status) in DemoContainer.healthChanges(spec.health) {
            if start + after <= now {
                containers[index]?.health = status
            } else {
                schedule(.health(status), index, at: start + after)
            }
        }
        if case .ends(let after, let code, let outOfMemory) = spec.fate {
            let end = max(start + after, now + 1)
            change(index) { $0.runs[$0.runs.count - 1].fate = end }
            schedule(.die(code: code, outOfMemory: outOfMemory), index, at: end)
        }
    }

    private mutating func carryOut(_ step: Step, _ index: Int) {
        switch step {
        case .health(let status):
            containers[index]?.health = status
            let word = status == .healthy ? "healthy" : "unhealthy"
            tell("health_status: \(word)", index)
        case .force:
            tell("kill", index, ["signal": "9"])
            die(index, code: 137)
        case .die(let code, let outOfMemory):
            if outOfMemory { tell("oom", index) }
            die(index, code: code, outOfMemory: outOfMemory)
        case .startAgain:
            begin(index)
        }
    }

    private mutating func change(_ index: Int, _ body: (inout DemoContainer) -> Void) {
        guard var container = containers[index] else { return }
        containers[index] = nil
        body(&container)
        containers[index] = container
    }

    // MARK: - What happens

    private mutating func tell(_ action: String, _ index: Int, _ more: [String: String] = [:]) {
        guard let container = containers[index] else { return }
        var attributes = container.labels
        attributes["name"] = container.name
        attributes["image"] = container.spec.image
        attributes.merge(more) { $1 }
        tell("container", action, actor: container.id, attributes)
    }

    mutating func tell(_ type: String, _ action: String, actor: String, _ attributes: [String: String]) {
        happenings.append(
            Happening(
                number: nextHappening, time: now, type: type, action: action, actor: actor, attributes: attributes))
        nextHappening += 1
        if happenings.count > Self.happeningsKept { happenings.removeFirst() }
    }

    private mutating func tellNetworks(_ action: String, _ index: Int) {
        guard let container = containers[index] else { return }
        for name in container.spec.networks {
            guard let network = networks.first(where: { $0.name == name }) else { continue }
            tell(
                "network", action, actor: network.id,
                ["container": container.id, "name": name, "type": network.driver])
        }
    }

    private mutating func begin(_ index: Int) {
        guard let container = containers[index] else { return }
        let start = max(now, (container.finishedAt ?? .min) + .millisecond)
        change(index) { container in
            container.generation += 1
            container.state = .running
            container.starts += 1
            container.heldDown = false
            container.stopping = nil
            container.runs.append(.init(start: start))
            if container.runs.count > DemoContainer.runsKept { container.runs.removeFirst() }
        }
        plan(ahead: index, from: start)
        tellNetworks("connect", index)
        tell("start", index)
    }

    private mutating func die(_ index: Int, code: Int, outOfMemory: Bool = false) {
        guard let container = containers[index], container.isRunning else { return }
        thaw(index)
        let stopping = container.stopping
        let again = stopping == nil && !container.heldDown && container.spec.startsAgain(after: code)
        let now = now
        change(index) { container in
            container.generation += 1
            container.stopping = nil
            container.exitCode = code
            container.outOfMemory = outOfMemory
            container.runs[container.runs.count - 1].end = now
            container.state = again ? .restarting : .exited
            if again { container.restartCount += 1 }
        }
        let lasted = (now - (container.startedAt ?? now)) / .second
        tell("die", index, ["exitCode": String(code), "execDuration": String(lasted)])
        tellNetworks("disconnect", index)
        if let stopping {
            tell("stop", index)
            if stopping.startsAgain {
                begin(index)
                tell("restart", index)
            }
        } else if again {
            schedule(.startAgain, index, at: now + Self.pause)
        }
    }

    private mutating func thaw(_ index: Int) {
        guard containers[index]?.state == .paused else { return }
        let now = now
        change(index) { container in
            container.state = .running
            let run = container.runs.count - 1
            let pause = container.runs[run].pauses.count - 1
            guard pause >= 0 else { return }
            container.runs[run].pauses[pause].until = now
            guard container.runs[run].pauses.count > DemoContainer.pausesKept else { return }
            let oldest = container.runs[run].pauses.removeFirst()
            container.runs[run].forgotten += oldest.until - oldest.from
        }
    }

    // MARK: - Finding

    /// The container of an identity, a name, or a beginning of an identity that only one has.
    func find(_ reference: String) throws(Refusal) -> DemoContainer {
        let name = reference.hasPrefix("/") ? String(reference.dropFirst()) : reference
        if let index = byID[reference] ?? byName[name], let container = containers[index] { return container }
        guard !reference.isEmpty, reference.utf8.count < 64 else {
            throw .notFound("No such container: \(reference)")
        }
        let found = byID.filter { $0.key.hasPrefix(reference) }
        guard found.count < 2 else { throw .bad("multiple IDs found with provided prefix: \(reference)") }
        guard let index = found.first?.value, let container = containers[index] else {
            throw .notFound("No such container: \(reference)")
        }
        return container
    }

    // MARK: - Acting

    /// Something that has to happen before a request is answered.
    struct Wait: Sendable {
        let index: Int
        let starts: Int
        let forStart: Bool
    }

    func isOver(_ wait: Wait) -> Bool {
        guard let container = containers[wait.index] else { return true }
        if container.starts > wait.starts { return true }
        // A restart that another stop turned into a mere stop is over as well.
        return !container.isRunning && !(wait.forStart && container.stopping != nil)
    }

    /// Starts a container; false when it runs already.
    mutating func start(_ reference: String) throws(Refusal) -> Bool {
        let container = try find(reference)
        if container.state == .paused {
            throw .conflict("cannot start a paused container, try unpause instead")
        }
        guard !container.state.isAlive else { return false }
        if let conflict = portConflict(of: container) { throw conflict }
        change(container.index) { $0.restartCount = 0 }
        begin(container.index)
        return true
    }

    /// Stops a container, or restarts it.
    /// - Returns: What to wait for; nil when nothing had to be done.
    mutating func stop(_ reference: String, timeout: Int?, startsAgain: Bool) throws(Refusal) -> Wait? {
        let container = try find(reference)
        let index = container.index
        if container.state == .restarting {
            change(index) { container in
                container.generation += 1
                container.heldDown = true
                container.state = .exited
            }
            if !startsAgain {
                tell("stop", index)
                return Wait(index: index, starts: container.starts, forStart: false)
            }
        }
        guard container.isRunning else {
            guard startsAgain else { return nil }
            begin(index)
            tell("restart", index)
            return Wait(index: index, starts: container.starts, forStart: true)
        }
        thaw(index)
        let isStopping = container.stopping != nil
        change(index) { container in
            container.stopping = .init(startsAgain: startsAgain)
            container.heldDown = true
        }
        // One that is being killed already does not live longer for it.
        if !isStopping, container.runs.last?.isEnding == false {
            askToEnd(index, goodbye: container.spec.goodbye, code: container.spec.goodbyeCode)
        }
        tell("kill", index, ["signal": "15"])
        let patience = timeout ?? 10
        if patience >= 0 { schedule(.force, index, at: now + Nanoseconds(min(patience, 86400)) * .second) }
        return Wait(index: index, starts: container.starts, forStart: startsAgain)
    }

    /// The main process has been asked to end, and does when it listens.
    private mutating func askToEnd(_ index: Int, goodbye: Nanoseconds?, code: Int) {
        let now = now
        change(index) { container in
            container.generation += 1
            guard goodbye != nil else { return }
            let run = container.runs.count - 1
            container.runs[run].fate = nil
            if container.runs[run].askedToEnd == nil { container.runs[run].askedToEnd = now }
        }
        if let goodbye {
            schedule(.die(code: code, outOfMemory: false), index, at: now + goodbye)
        } else if let fate = containers[index]?.runs.last?.fate,
            case .ends(_, let code, let outOfMemory)? = containers[index]?.spec.fate
        {
            schedule(.die(code: code, outOfMemory: outOfMemory), index, at: max(now, fate))
        }
    }

    private static let signals: [String: Int] = [
        "HUP": 1, "INT": 2, "QUIT": 3, "ILL": 4, "TRAP": 5, "ABRT": 6, "BUS": 7, "FPE": 8, "KILL": 9, "USR1": 10,
        "SEGV": 11, "USR2": 12, "PIPE": 13, "ALRM": 14, "TERM": 15, "STKFLT": 16, "CHLD": 17, "CONT": 18, "STOP": 19,
        "TSTP": 20, "TTIN": 21, "TTOU": 22, "URG": 23, "XCPU": 24, "XFSZ": 25, "VTALRM": 26, "PROF": 27, "WINCH": 28,
        "IO": 29, "PWR": 30, "SYS": 31,
    ]

    /// Sends a signal to a container's main process. What it brings about comes later.
    mutating func kill(_ reference: String, signal: String) throws(Refusal) {
        let container = try find(reference)
        let index = container.index
        let bare = signal.uppercased().hasPrefix("SIG") ? String(signal.dropFirst(3)) : signal
        let number = signal.isEmpty ? 9 : Int(bare) ?? Self.signals[bare.uppercased()]
        guard let number, (1...64).contains(number) else { throw .bad("Invalid signal: \(signal)") }
        if container.state == .restarting {
            change(index) { container in
                container.generation += 1
                container.heldDown = true
                container.state = .exited
            }
            return
        }
        guard container.isRunning else {
            throw .conflict("Cannot kill container: \(reference): Container \(container.id) is not running")
        }
        tell("kill", index, ["signal": String(number)])
        let now = now
        switch number {
        case 9, 4, 6, 7, 8, 11:
            // One that is frozen dies of these all the same.
            thaw(index)
            change(index) { container in
                container.heldDown = number == 9
                container.generation += 1
                container.runs[container.runs.count - 1].fate = nil
                container.runs[container.runs.count - 1].doomed = now
            }
            schedule(.die(code: 128 + number, outOfMemory: false), index, at: now + 20 * .millisecond)
        case 15, 2, 3:
            thaw(index)
            guard let goodbye = container.spec.goodbye, container.runs.last?.isEnding == false else { return }
            change(index) { $0.heldDown = true }
            let code = container.spec.goodbyeCode == 0 ? 0 : 128 + number
            askToEnd(index, goodbye: goodbye, code: code)
        default:
            return
        }
    }

    mutating func pause(_ reference: String) throws(Refusal) {
        let container = try find(reference)
        switch container.state {
        case .running: break
        case .paused: throw .conflict("Container \(container.id) is already paused")
        case .restarting:
            throw .conflict("Container \(container.id) is restarting, wait until the container is running")
        default: throw .conflict("Container \(container.id) is not running")
        }
        guard container.stopping == nil, container.runs.last?.isEnding == false else {
            throw .conflict("Container \(container.id) is being stopped")
        }
        let now = now
        change(container.index) { container in
            container.state = .paused
            container.generation += 1
            container.runs[container.runs.count - 1].fate = nil
            container.runs[container.runs.count - 1].pauses.append(.init(from: now))
        }
        tell("pause", container.index)
    }

    mutating func unpause(_ reference: String) throws(Refusal) {
        let container = try find(reference)
        guard container.isRunning else { throw .conflict("Container \(container.id) is not running") }
        guard container.state == .paused else { throw .conflict("Container \(container.id) is not paused") }
        thaw(container.index)
        change(container.index) { $0.generation += 1 }
        // What it was going to do by itself begins anew: its clock stood still.
        replan(container.index)
        tell("unpause", container.index)
    }

    private mutating func replan(_ index: Int) {
        guard let container = containers[index], let start = container.startedAt else { return }
        for (after, status) in DemoContainer.healthChanges(container.spec.health) where start + after > now {
            schedule(.health(status), index, at: start + after)
        }
        if case .ends(let after, let code, let outOfMemory) = container.spec.fate {
            let end = now + after
            change(index) { $0.runs[$0.runs.count - 1].fate = end }
            schedule(.die(code: code, outOfMemory: outOfMemory), index, at: end)
        }
    }

    mutating func remove(_ reference: String, force: Bool, volumes withVolumes: Bool) throws(Refusal) {
        let container = try find(reference)
        let index = container.index
        if container.state.isAlive, !force {
            let way =
                container.state == .paused
                ? "Unpause and then stop the container before attempting removal or force remove"
                : "Stop the container before attempting removal or force remove"
            throw .conflict("You cannot remove a \(container.state.name) container \(container.id). \(way)")
        }
        if container.isRunning {
            tell("kill", index, ["signal": "9"])
            change(index) { container in
                container.heldDown = true
                container.stopping = nil
                container.runs[container.runs.count - 1].fate = nil
            }
            die(index, code: 137)
        }
        tell("destroy", index)
        containers[index] = nil
        byID[container.id] = nil
        byName[container.name] = nil
        if withVolumes, let volume = container.anonymousVolume {
            volumes.removeAll { $0.name == volume }
            tell("volume", "destroy", actor: volume, ["driver": "local"])
        }
    }

    /// Its address in a network; empty when it has none.
    func address(of container: DemoContainer, in network: Network) -> String {
        guard !network.subnet.isEmpty, container.isRunning else { return "" }
        let parts = network.subnet.split(separator: ".")
        let host = container.index + 2
        return "\(parts[0]).\(parts[1]).\(host / 256 % 256).\(host % 256)"
    }

    func image(of container: DemoContainer) -> String {
        images.first { $0.name == container.spec.image }?.id ?? ""
    }

    /// The volumes that are mounted into a container, with the places where they are.
    func mounts(of container: DemoContainer) -> [(volume: String, destination: String)] {
        container.spec.mounts.compactMap { mount in
            (mount.volume ?? container.anonymousVolume).map { ($0, mount.destination) }
        }
    }

    /// Tells of a list of processes, as Engines do.
    mutating func tellTop(_ container: DemoContainer) { tell("top", container.index) }
}
