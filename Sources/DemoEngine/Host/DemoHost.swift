import Collections
import EngineAPI

/// The simulated host: a value without any I/O. What it is made of; how it changes stands in the files beside this.
///
/// The time is handed in, chance comes from the seed: the same seed and
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

    struct Volume: Sendable {
        let name: String
        let created: Nanoseconds
        var labels: [String: String] = [:]
        var options: [String: String] = [:]
        /// What was put into it when it was first mounted: what an image has at a place.
        var first: Content?
    }

    struct Content: Hashable, Sendable {
        let image: String
        let place: String
    }

    enum Step: Sendable {
        case die(code: Int, outOfMemory: Bool)
        case startAgain
        case health(ContainerDetails.Health.Status)
        /// The patience of a stop is over.
        case force
        /// The next of many events that were asked for.
        case storm
    }

    struct Plan: Sendable, Comparable {
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
    var now: Nanoseconds
    /// By their index; nil when removed.
    var containers: [DemoContainer?] = []
    var byID: [String: Int] = [:]
    var byName: [String: Int] = [:]
    var images: [DemoImage]
    /// The images' identities by their names.
    var imageNames: [String: String]
    /// How many images were made since the beginning.
    var imagesMade = 0
    /// What steps of builds have made: an image's identity by what it was made of.
    var buildCache: [UInt64: String] = [:]
    /// What builds have left, as `docker system df` counts it.
    var buildCacheBytes = 0
    var volumes: [Volume]
    var networks: [DemoNetwork]
    /// Networks that were made since the beginning.
    var networksMade = 0
    /// What was run in containers, by its identity, and in which order it was made.
    var execs: [String: DemoExec] = [:]
    var execOrder: Deque<String> = []
    var execsMade = 0
    /// The main processes that somebody can type to, by their containers' identities.
    var shells: [String: DemoProcess] = [:]
    /// What was changed of containers' files, by their identities, and of volumes', by ``volumeKey(_:)``.
    var overlays: [String: DemoOverlay] = [:]
    /// Bytes of contents that are kept in them.
    var bytesWritten = 0
    /// The last containers that are gone: whoever reads their logs or waits for their ends has a moment to finish.
    var gone: Deque<DemoContainer> = []
    /// Events a second that are made by nothing but the wish for them.
    let stormRate: Int
    var stormStep = 0
    /// The last things that happened.
    var happenings: Deque<Happening> = []
    var nextHappening = 0
    var plans = Heap<Plan>()
    var nextPlan = 0

    init(seed: UInt64 = 1, containers count: Int = Shop.specs.count, storm: Int = 0, epoch: Nanoseconds) {
        self.seed = seed
        stormRate = storm
        self.epoch = epoch
        now = epoch
        // The shop's host, or a large one for more.
        let isLarge = count > 100
        processors = isLarge ? 128 : 8
        memory = (isLarge ? 2048 : 32) << 30
        images = Self.firstImages(seed: seed, epoch: epoch)
        imageNames = Dictionary(images.flatMap { image in image.tags.map { ($0, image.id) } }) { first, _ in first }
        volumes = Shop.volumes.map {
            Volume(
                name: $0.name, created: epoch - Nanoseconds($0.days) * .day,
                labels: [
                    "com.docker.compose.project": Shop.project,
                    "com.docker.compose.volume": String($0.name.dropFirst(5)),
                ], first: Shop.content(of: $0.name))
        }
        networks = Shop.networks.enumerated().map { index, network in
            var random = SplitMix(seed, 0x2E, UInt64(index))
            let labels = [
                "com.docker.compose.project": Shop.project,
                "com.docker.compose.network": String(network.name.dropFirst(5)),
            ]
            let pool = IPSubnet(network.subnet).map { subnet in
                DemoNetwork.Pool(subnet: subnet, gateway: IPAddress(.v4, subnet.first.value + 1))
            }
            return DemoNetwork(
                id: random.hex(64), name: network.name, driver: network.driver, pools: pool.map { [$0] } ?? [],
                isInternal: network.isInternal, created: epoch - 90 * .day,
                labels: network.name.hasPrefix("shop_") ? labels : [:], isStock: true)
        }
        containers.reserveCapacity(max(0, count))
        var numbers: [String: Int] = [:]
        for index in 0..<max(0, count) {
            let inShop = index < Shop.specs.count
            let spec = inShop ? Shop.specs[index] : Shop.fleetSpec(index)
            numbers[spec.service, default: 0] += 1
            add(index: index, spec: spec, inShop: inShop, number: numbers[spec.service] ?? 1)
        }
        scheduleStorm()
    }

    /// Between a crash and the next start.
    static let pause: Nanoseconds = 4 * .second

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
            index: index, id: id, name: name, spec: spec, imageID: imageNames[spec.image] ?? "", seed: own,
            created: moment - 5 * .hour, project: inShop ? Shop.project : nil, number: number,
            anonymousVolume: anonymous)
        if let anonymous {
            volumes.append(
                Volume(
                    name: anonymous, created: container.created, labels: ["com.docker.volume.anonymous": ""],
                    first: spec.mounts.first { $0.volume == nil }.map {
                        Content(image: spec.image, place: $0.destination)
                    }))
        }
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
}
