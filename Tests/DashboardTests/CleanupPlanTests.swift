@testable import EngineAPI
import Foundation
import Testing

@testable import Dashboard

/// What would go, by what is chosen.
@Suite struct CleanupPlanTests {
    static let now = Bench.start
    static let anonymous = String(repeating: "a1", count: 32)

    static func image(_ id: String, _ tags: [String] = [], size: Int = 100, age: Double = 3_600) -> ImageSummary {
        var image = ImageSummary(id: "sha256:\(id)")
        image.tags = tags
        image.size = size
        image.created = now.addingTimeInterval(-age)
        return image
    }

    static func container(
        _ name: String, _ state: ContainerState = .running, image: String = "sha256:used",
        networks: [String] = ["bridge"],
        volumes: [String] = []
    ) -> ContainerSummary {
        var container = ContainerSummary.make(name, state, state == .running ? "Up 3 hours" : "Exited (0) 2 hours ago")
        container.imageID = image
        container.networks = networks
        container.mounts = volumes.map { ContainerMount(name: $0, destination: "/data") }
        return container
    }

    static func network(_ name: String, _ change: (inout NetworkSummary) -> Void = { _ in }) -> NetworkSummary {
        var network = NetworkSummary(id: "id-\(name)", name: name)
        network.driver = "bridge"
        network.created = now.addingTimeInterval(-3_600)
        change(&network)
        return network
    }

    /// One of everything that is used by what runs, by what has stopped, and by nobody.
    static let listing: CleanupListing = {
        var listing = CleanupListing()
        listing.containers = [
            container("web", image: "sha256:used", networks: ["shop"], volumes: ["data"]),
            container("old", .exited, image: "sha256:old", networks: ["legacy"], volumes: ["kept", anonymous]),
            container("made", .created, image: "sha256:used", networks: ["bridge"]),
            container("stuck", .paused, image: "sha256:stuck"), container("again", .restarting, image: "sha256:again"),
        ]
        listing.images = [
            image("used", ["shop/api:2"], size: 500), image("old", ["shop/api:1"], size: 400),
            image("free", ["tool:1", "tool:latest"], size: 300), image("dangling", size: 200), image("stuck", ["s:1"]),
            image("again", ["g:1"]),
        ]
        listing.networks = ["bridge", "host", "none", "ingress", "docker_gwbridge", "shop", "legacy", "free"].map {
            network($0)
        }
        listing.volumes = ["data", "kept", "spare", anonymous, String(repeating: "b2", count: 32)]
            .map { VolumeSummary(name: $0) }
        return listing
    }()

    static let use: DiskUse = {
        var use = DiskUse()
        use.layers = 1_000
        use.images = listing.images.map {
            DiskUse.Image(id: $0.id, tags: $0.tags, created: $0.created, size: $0.size, shared: 50, containers: 0)
        }
        use.containers = [.init(id: .named("old"), name: "old", state: "exited", size: 7)]
        use.volumes = [
            .init(name: "spare", size: 11, containers: 0, labels: [:]),
            .init(name: "kept", size: 13, containers: 1, labels: [:]),
        ]
        use.buildCache = [
            .init(id: "r1", description: "COPY", size: 20, isInUse: false, isShared: false, parents: ["r0"]),
            .init(id: "r0", description: "FROM", size: 30, isInUse: false, isShared: true),
            .init(id: "r2", description: "RUN", size: 40, isInUse: true, isShared: false),
        ]
        return use
    }()

    private func names(
        _ kind: CleanupKind, _ chosen: Set<CleanupKind>, filter: CleanupFilter = CleanupFilter(),
        listing: CleanupListing = Self.listing
    ) -> [String] {
        CleanupPlan(listing, Self.use, filter, going: chosen, now: Self.now).items[kind]?.map(\.name) ?? []
    }

    @Test func onlyWhatNobodyUsesGoes() {
        #expect(Set(names(.containers, [])) == ["old", "made"])
        #expect(names(.danglingImages, []) == ["<none> dangling"])
        #expect(names(.images, []) == ["tool:1", "<none> dangling"])
        #expect(names(.networks, []) == ["free"])
        #expect(names(.anonymousVolumes, []) == [String(repeating: "b2", count: 32)])
        #expect(names(.namedVolumes, []) == ["spare"])
        #expect(names(.buildCache, []) == ["r0", "r1"])
    }

    @Test func whatOnlyStoppedContainersUseGoesWithThem() {
        #expect(names(.images, [.containers, .images]) == ["shop/api:1", "tool:1", "<none> dangling"])
        #expect(names(.networks, [.containers]) == ["free", "legacy"])
        #expect(Set(names(.anonymousVolumes, [.containers])) == [Self.anonymous, String(repeating: "b2", count: 32)])
        #expect(Set(names(.namedVolumes, [.containers])) == ["kept", "spare"])
        // Of those that the filter leaves, what they use stays too.
        let young = CleanupFilter(until: "48h")
        #expect(names(.containers, [.containers], filter: young).isEmpty)
        #expect(names(.networks, [.containers], filter: young).isEmpty)
    }

    @Test func whatIsDanglingGoesOnce() {
        let plan = CleanupPlan(Self.listing, Self.use, .init(), going: [.danglingImages, .images], now: Self.now)
        #expect(plan.items(of: [.danglingImages, .images]).map(\.name) == ["<none> dangling", "tool:1"])
        #expect(plan.items[.images]?.first?.names == ["tool:1", "tool:latest"])
    }

    @Test func namedVolumesGoOnlyWhenTheyAreChosen() {
        let plan = CleanupPlan(Self.listing, Self.use, .init(), going: CleanupKind.harmless, now: Self.now)
        #expect(!plan.items(of: CleanupKind.harmless).contains { $0.kind == .namedVolumes })
        // Newer Engines say of a volume that its name is theirs.
        var listing = Self.listing
        listing.volumes = [VolumeSummary(name: "x")]
        listing.volumes[0].labels = ["com.docker.volume.anonymous": ""]
        #expect(names(.anonymousVolumes, [], listing: listing) == ["x"])
        #expect(names(.namedVolumes, [], listing: listing).isEmpty)
    }

    @Test func sizesAreWhatIsKnown() throws {
        let plan = CleanupPlan(Self.listing, Self.use, .init(), going: [], now: Self.now)
        let image = try #require(plan.items[.danglingImages]?.first)
        #expect(image.size == 200 && image.own == 150)
        #expect(CleanupSum([image]).size == "about 150B")
        let containers = try #require(plan.items[.containers])
        #expect(containers.map(\.size) == [7, nil])
        #expect(CleanupSum(containers).size == "at least 7B" && CleanupSum(containers).words == "2 containers")
        let blind = CleanupPlan(Self.listing, nil, .init(), going: [], now: Self.now)
        #expect(blind.items[.buildCache]?.isEmpty == true)
        #expect(CleanupSum(blind.items[.containers] ?? []).size == "sizes unknown")
        #expect(CleanupSum([]).words == "nothing" && CleanupSum([]).size.isEmpty)
        // A network takes no room, and that is known.
        #expect(CleanupSum(plan.items[.networks] ?? []).size == "0B")
    }

    @Test func aFilterTakesOnlyWhatIsOldEnough() {
        #expect(names(.images, [], filter: .init(until: "59m")) == ["tool:1", "<none> dangling"])
        #expect(names(.images, [], filter: .init(until: "1h1m")).isEmpty)
        // Nobody knows how old these are.
        #expect(names(.namedVolumes, [], filter: .init(until: "1s")).isEmpty)
        #expect(names(.buildCache, [], filter: .init(until: "1s")).isEmpty)
    }

    @Test(arguments: [
        ("24h", 86_400.0), ("1h30m", 5_400), ("7d", 604_800), ("90s", 90), ("", nil), ("24", nil), ("h", nil),
        ("-1h", nil),
        ("1w", nil), ("0h", nil), ("99999999h", nil), ("１h", nil), ("1h ", nil),
    ]) func anAgeIsADurationAsDockerHasIt(text: String, seconds: Double?) {
        #expect(CleanupFilter.seconds(text) == seconds)
        #expect((CleanupFilter.problem(withAge: text) == nil) == (seconds != nil))
    }

    @Test func labelsAreTakenAsDockerTakesThem() {
        func takes(_ labels: [String]) -> Bool {
            CleanupFilter(labels: labels).takes(created: nil, labels: ["a": "1", "b": ""], now: Self.now)
        }
        #expect(takes([]) && takes(["a"]) && takes(["a=1"]) && takes(["b="]) && takes(["!c"]) && takes(["!a=2", "b"]))
        #expect(!takes(["c"]) && !takes(["a=2"]) && !takes(["!a"]) && !takes(["a", "!b"]) && !takes(["b=1"]))
        #expect(CleanupFilter.problem(withLabels: "a !b c=d") == nil)
        for text in ["!", "=a", "a !=b"] { #expect(CleanupFilter.problem(withLabels: text) != nil) }
    }

    @Test func theDockerCommandsDoTheSame() {
        func line(_ chosen: Set<CleanupKind>, _ filter: CleanupFilter = .init(), isOld: Bool = false) -> String {
            let plan = CleanupPlan(Self.listing, Self.use, filter, going: chosen, now: Self.now)
            return CleanupCommandLine.of(chosen, filter, plan.items(of: chosen), isOld: isOld)
        }
        #expect(line([]) == "")
        #expect(line([.containers, .networks]) == "docker container prune; docker network prune")
        #expect(line([.danglingImages]) == "docker image prune")
        #expect(line([.danglingImages, .images]) == "docker image prune --all")
        #expect(line([.anonymousVolumes]) == "docker volume prune")
        #expect(line([.anonymousVolumes, .namedVolumes]) == "docker volume prune --all")
        #expect(line([.namedVolumes]) == "docker volume rm spare")
        // There it would take the named ones too.
        #expect(line([.anonymousVolumes], isOld: true) == "docker volume rm \(String(repeating: "b2", count: 32))")
        #expect(
            line([.containers, .buildCache], .init(until: "2d", labels: ["a=b", "!c"]))
                == "docker container prune --filter until=48h --filter label=a=b --filter label!=c; "
                + "docker builder prune --all --filter until=48h")
        #expect(line([.images], .init(until: "90m")) == "docker image prune --all --filter until=90m")
    }

    @Test func whoUsesAThingIsKnownByName() {
        let users = CleanupUsers(Self.listing.containers)
        func who(_ kind: CleanupKind, _ id: String) -> [String] {
            users.names(of: CleanupItem(kind: kind, id: id, name: id))
        }
        #expect(who(.images, "sha256:used") == ["web", "made"] && who(.namedVolumes, "kept") == ["old"])
        #expect(who(.networks, "legacy") == ["old"] && who(.networks, "free").isEmpty)
        #expect(who(.buildCache, "r1").isEmpty && who(.containers, "web").isEmpty)
    }
}
