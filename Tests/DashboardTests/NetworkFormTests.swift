import EngineAPI
import Terminal
import Testing

@testable import Dashboard

/// The forms for networks: what is sent, and what is said before anything is.
@Suite struct NetworkFormTests {
    static func network(
        _ name: String, _ subnets: [String] = [], driver: String = "bridge", scope: String = "local",
        _ change: (inout NetworkSummary) -> Void = { _ in }
    ) -> NetworkSummary {
        var network = NetworkSummary(id: "id-of-\(name)", name: name)
        network.driver = driver
        network.scope = scope
        network.subnets = subnets
        change(&network)
        return network
    }

    static func container(_ name: String, _ networks: [String], _ state: ContainerState = .running) -> ContainerSummary
    {
        var summary = ContainerSummary.make(name, state, state == .running ? "Up 3 hours" : "Exited (0) 1 hour ago")
        summary.networks = networks
        return summary
    }

    /// The networks pane over a few networks and who is in them.
    static func bench(swarm: String = "inactive", width: Int = 120, height: Int = 40) -> Bench {
        var bench = Bench.connected(
            [
                container("web", ["back", "bridge"]), container("api", ["back"]), container("old", ["back"], .exited),
                container("agent", ["host"]), container("alone", ["none"]), container("free", ["bridge"]),
            ], width: width, height: height)
        var info = SystemInfo()
        info.networkDrivers = ["bridge", "host", "ipvlan", "macvlan", "null", "overlay", "weave"]
        info.swarm = swarm
        info.cpus = 8
        bench.engine(.described(info, roundTrip: 0))
        bench.engine(
            .networks([
                network("back", ["10.5.0.0/24", "fd00:5::/64"]) {
                    $0.pools[0].gateway = "10.5.0.1"
                    $0.pools[0].reserved = ["printer": "10.5.0.7"]
                    $0.ipv6 = true
                }, network("bridge", ["172.17.0.0/16"]), network("host", driver: "host"),
                network("none", driver: "null"),
                network("lan", ["192.168.7.0/24"], driver: "macvlan") {
                    $0.options = ["parent": "eth0"]
                }, network("mesh", ["10.0.9.0/24"], driver: "overlay", scope: "swarm"),
                network("empty", ["10.9.0.0/24"]),
            ]))
        bench.press("4")
        return bench
    }

    private func select(_ name: String, _ bench: inout Bench) {
        bench.state[list: .networks].selected = .network("id-of-\(name)")
        bench.send(.resized(bench.state.size))
    }

    private func type(_ text: String, _ bench: inout Bench) {
        for character in text { bench.send(.key(.character(character))) }
    }

    private func fill(_ values: [NetworkField: String], _ bench: inout Bench) {
        guard var form = bench.state.form else {
            Issue.record("no form to fill in")
            return
        }
        for (field, text) in values {
            form[field.rawValue] = text == "on" ? ["true"] : text.split(separator: "\n").map(String.init)
        }
        bench.state.replace(form)
    }

    private func job<Kind: Job>(_ effects: [Effect], _ kind: Kind.Type = Kind.self) -> (Int, Kind)? {
        for case .startJob(_, let number, let job) in effects { if let job = job as? Kind { return (number, job) } }
        return nil
    }

    // MARK: Creating

    @Test func theCommandGrowsAndWhatIsSentIsWhatItSays() throws {
        var bench = Self.bench()
        bench.press("n")
        #expect(bench.screen.contains("Create a network"))
        type("lab", &bench)
        #expect(bench.screen.contains("docker network create lab"))
        fill(
            [
                .driver: "macvlan", .subnets: "10.6.0.0/24\nfd00:6::/64", .gateways: "fd00:6::1\n10.6.0.1",
                .ranges: "10.6.0.128/25", .reserved: "printer=10.6.0.9", .parent: "eth1", .mode: "bridge",
                .internal: "on", .attachable: "on", .ipv6: "on", .options: "a=b=c", .labels: "team=shop",
            ], &bench)
        let line =
            "docker network create --driver macvlan --subnet 10.6.0.0/24 --subnet fd00:6::/64 --gateway fd00:6::1 "
            + "--gateway 10.6.0.1 --ip-range 10.6.0.128/25 --aux-address printer=10.6.0.9 --internal --attachable --ipv6 "
            + "--opt parent=eth1 --opt macvlan_mode=bridge --opt a=b=c --label team=shop lab"
        let (number, create) = try #require(job(bench.press("ctrl-r"), CreateNetworkJob.self))
        #expect(create.docker == line && bench.state.journal.entries.last?.docker == line)
        var wanted = NetworkCreation(name: "lab")
        wanted.driver = "macvlan"
        wanted.internal = true
        wanted.attachable = true
        wanted.ipv6 = true
        wanted.addresses = .init(pools: [
            NetworkPool(
                subnet: "10.6.0.0/24", range: "10.6.0.128/25", gateway: "10.6.0.1", reserved: ["printer": "10.6.0.9"]),
            NetworkPool(subnet: "fd00:6::/64", gateway: "fd00:6::1"),
        ])
        wanted.options = ["parent": "eth1", "macvlan_mode": "bridge", "a": "b=c"]
        wanted.labels = ["team": "shop"]
        #expect(create.spec.creation == wanted)
        // What the Engine refuses stays in the form, to be mended.
        bench.engine(.jobEnded(number, .failure(JobFailure(JobError("the Engine's host has no interface eth1")))))
        #expect(bench.screen.contains("has no interface eth1") && bench.screen.contains("10.6.0.128/25"))
        let (again, _) = try #require(job(bench.press("ctrl-r"), CreateNetworkJob.self))
        bench.engine(.jobEnded(again, .success(JobOutcome(shows: .resource(.network("id-of-lab"))))))
        #expect(bench.state.layers.isEmpty && bench.flash.hasPrefix("created network lab in "))
        // It is selected once the list has it, and the next form is an empty one.
        var list = bench.state.engine.networks.items
        list.append(Self.network("lab", ["10.6.0.0/24"]))
        bench.engine(.networks(list))
        #expect(bench.state.selectedNetwork?.name == "lab")
        bench.press("n")
        #expect(bench.state.form?["name"] == [])
    }

    @Test(
        arguments: [
            (.name, [:], "which name?"), (.name, [.name: "bridge"], "bridge is the Engine's own"),
            (.name, [.name: "-x"], "it begins with a letter or a digit"),
            (.name, [.name: "a b"], "only letters, digits and _ . -"),
            (.name, [.name: "back"], "taken by a network: bridge, 10.5.0.0/24, fd00:5::/64"),
            (.driver, [.driver: "host"], "there is one host network"),
            (.driver, [.driver: "null"], "there is one network none"),
            (.driver, [.driver: "overlay"], "an overlay needs a swarm"),
            (.subnets, [.subnets: "10.6.0.0"], "is no subnet: 10.5.0.0/24"),
            (.subnets, [.subnets: "10.6.0.7/24"], "addresses that begin so are 10.6.0.0/24"),
            (.subnets, [.subnets: "10.5.0.128/25"], "it overlaps with back (10.5.0.0/24)"),
            (.subnets, [.subnets: "172.16.0.0/12"], "it overlaps with bridge (172.17.0.0/16)"),
            (.subnets, [.subnets: "10.6.0.0/24\n10.6.0.0/16"], "it overlaps with 10.6.0.0/24 above"),
            (.subnets, [.subnets: "10.6.0.0/24\n10.6.0.0/24"], "it is there twice"),
            (.subnets, [.subnets: "fd00:6::/64"], "IPv6 is off"),
            (.subnets, [.subnets: "0.0.0.0/0"], "it overlaps with back"),
            (.gateways, [.gateways: "10.6.0.1"], "a gateway needs its subnet"),
            (.gateways, [.subnets: "10.6.0.0/24", .gateways: "10.7.0.1"], "it is outside of 10.6.0.0/24"),
            (.gateways, [.subnets: "10.6.0.0/24", .gateways: "10.6.0.0"], "the subnet's own address"),
            (.gateways, [.subnets: "10.6.0.0/24", .gateways: "10.6.0.255"], "the subnet's broadcast address"),
            (.gateways, [.subnets: "10.6.0.0/24", .gateways: "10.6.0.1\n10.6.0.2"], "has a gateway above"),
            (.gateways, [.subnets: "10.6.0.0/24", .gateways: "x"], "“x” is no address"),
            (.ranges, [.subnets: "10.6.0.0/24", .ranges: "10.6.0.0/23"], "it is outside of 10.6.0.0/24"),
            (.ranges, [.subnets: "10.6.0.0/24", .ranges: "10.6.0.9/25"], "addresses that begin so are 10.6.0.0/25"),
            (.ranges, [.ranges: "10.6.0.0/25"], "a range needs its subnet"),
            (.ranges, [.subnets: "10.6.0.0/24", .ranges: "10.6.0.0/26\n10.6.0.64/26"], "has a range above"),
            (.reserved, [.subnets: "10.6.0.0/24", .reserved: "10.6.0.9"], "NAME=ADDRESS"),
            (.reserved, [.subnets: "10.6.0.0/24", .reserved: "a=10.7.0.9"], "it is outside of"),
            (
                .reserved, [.subnets: "10.6.0.0/24", .gateways: "10.6.0.1", .reserved: "a=10.6.0.1"],
                "it is the gateway"
            ),
            (.reserved, [.subnets: "10.6.0.0/24", .reserved: "a=10.6.0.8\na=10.6.0.9"], "a is there twice"),
            (.parent, [.parent: "eth0"], "only macvlan and ipvlan hang on an interface"),
            (.parent, [.driver: "macvlan", .parent: "no such name"], "is no name of an interface"),
            (.mode, [.mode: "l2"], "only macvlan and ipvlan have a mode"),
            (.mode, [.driver: "ipvlan", .mode: "bridge"], "ipvlan has l2, l3, l3s"),
            (.options, [.options: "=x"], "a key has to be there"), (.labels, [.labels: "a=1\na=2"], "a is there twice"),
        ] as [(NetworkField, [NetworkField: String], String)])
    func whatCannotBeIsSaidAtItsFieldAndNothingIsSent(
        _ field: NetworkField, _ values: [NetworkField: String], _ words: String
    ) {
        var bench = Self.bench()
        bench.press("n")
        if values[.name] == nil, !values.isEmpty { fill([.name: "lab"], &bench) }
        fill(values, &bench)
        #expect(bench.press("ctrl-r").isEmpty)
        #expect(bench.state.form?.fields.first { $0.error != nil }?.id == field.rawValue)
        #expect(bench.flash.contains(words), "\(bench.flash)")
        #expect(bench.screen.contains(words))
        #expect(bench.state.form?.focused?.id == field.rawValue)
    }

    @Test func whatComesAndGoesMeanwhileIsSeenAtOnce() {
        var bench = Self.bench()
        bench.press("n")
        fill([.name: "lab", .subnets: "10.66.0.0/24"], &bench)
        #expect(bench.state.form?.firstProblem == nil)
        let before = bench.state.engine.networks.items
        bench.engine(.networks(before + [Self.network("behind", ["10.66.0.0/16"])]))
        #expect(bench.screen.contains("it overlaps with behind (10.66.0.0/16)"))
        bench.engine(.networks(before))
        #expect(bench.state.form?.firstProblem == nil)
    }

    @Test func anOverlaysAddressesAreCountedApartAndASwarmMakesThemPossible() throws {
        var bench = Self.bench(swarm: "active")
        bench.press("n")
        fill([.name: "lab", .driver: "overlay", .subnets: "10.0.9.0/25"], &bench)
        #expect(bench.screen.contains("it overlaps with mesh (10.0.9.0/24)"))
        // The same addresses as a network of this host alone has.
        fill([.subnets: "10.5.0.0/24"], &bench)
        #expect(bench.state.form?.firstProblem == nil)
        fill([.driver: "", .subnets: "10.0.9.0/24"], &bench)
        #expect(bench.state.form?.firstProblem == nil)
    }

    @Test func whatIsToBeKnownHindersNothing() {
        var bench = Self.bench()
        bench.press("n")
        fill([.name: "lab", .driver: "frob", .ipv6: "on"], &bench)
        #expect(bench.screen.contains("the Engine does not name it among its drivers: bridge, host, ipvlan"))
        #expect(bench.screen.contains("this Engine may want an IPv6 subnet"))
        fill([.driver: "macvlan"], &bench)
        #expect(bench.screen.contains("without one it leads nowhere outside"))
        fill([.parent: "eth0"], &bench)
        #expect(bench.screen.contains("lan hangs on it too"))
        #expect(bench.state.form?.firstProblem == nil)
        // The drivers are those that everybody knows and the Engine's own beside them.
        bench.press("tab")
        bench.press("ctrl-u")
        #expect(bench.state.form?.suggestions(bench.state).first == "bridge")
        type("we", &bench)
        #expect(bench.state.form?.suggestions(bench.state) == ["weave"])
    }

    // MARK: Connecting

    private func members(_ bench: inout Bench) {
        var details = NetworkDetails(bench.state.engine.networks["id-of-back"]!)
        var web = NetworkDetails.Endpoint()
        web.container = ContainerID.named("web").rawValue
        web.name = "web"
        web.ipv4Address = "10.5.0.2/24"
        web.ipv6Address = "fd00:5::2/64"
        details.endpoints = [web]
        var old = AttachedContainer(id: .named("old"), name: "old")
        old.state = .exited
        old.fixed = ["10.5.0.9"]
        bench.engine(.members("id-of-back", .success(NetworkMembers(details, attached: [old]))))
    }

    @Test func aContainerJoinsWithItsNamesAndAddresses() throws {
        var bench = Self.bench()
        select("back", &bench)
        bench.press("c")
        #expect(
            bench.state.subscriptions.contains { if case .members(_, "id-of-back", _) = $0 { true } else { false } })
        // Only who is not in it, and can be.
        #expect(bench.state.form?.suggestions(bench.state) == ["free"])
        type("fr", &bench)
        bench.press("right", "tab")
        type("store", &bench)
        bench.press("enter")
        type("shop.db", &bench)
        bench.press("tab")
        type("10.5.0.20", &bench)
        bench.press("tab")
        type("fd00:5::20", &bench)
        let line = "docker network connect --alias store --alias shop.db --ip 10.5.0.20 --ip6 fd00:5::20 back free"
        let (number, connect) = try #require(job(bench.press("ctrl-r"), ConnectJob.self))
        #expect(connect.docker == line && connect.network == "id-of-back")
        #expect(connect.containers == [NamedContainer(id: .named("free"), name: "free")])
        #expect(
            connect.settings
                == EndpointSettings(
                    aliases: ["store", "shop.db"], addresses: .init(ipv4: "10.5.0.20", ipv6: "fd00:5::20")))
        bench.engine(.jobEnded(number, .success(JobOutcome(summary: "connected free to back as 10.5.0.20"))))
        #expect(bench.state.layers.isEmpty && bench.state.engine.members.isEmpty)
        #expect(bench.engine(.refreshDue, after: 1).labels(bench).contains("list containers"))
    }

    @Test(
        arguments: [
            (["containers": "web"], "web is in back already"),
            (["containers": "nobody"], "there is no container nobody"),
            (["containers": "agent"], "agent shares the host's network"), (["containers": "alone"], "alone is in none"),
            (["containers": "free\nfree"], "free is there twice"),
            (["aliases": "a b"], "only letters, digits and _ . -"),
            (["address": "10.5.0.2"], "it is taken by web"),
            (["address": "10.5.0.9"], "it is taken by old, which does not run"),
            (["address": "10.5.0.1"], "it is taken by the gateway"),
            (["address": "10.5.0.7"], "it is taken by the reserved “printer”"),
            (["address": "10.6.0.2"], "it is outside of 10.5.0.0/24"), (["address": "10.5.0.255"], "broadcast address"),
            (["address": "fd00:5::9"], "is no IPv4 address"), (["address6": "10.5.0.9"], "is no IPv6 address"),
            (["address6": "fd00:5::2"], "it is taken by web"),
            (["address6": "fd00:6::2"], "it is outside of fd00:5::/64"),
            (["network": "bridge", "containers": "api", "aliases": "x"], "aliases are for networks of one's own"),
            (
                ["network": "bridge", "containers": "api", "address": "172.17.0.9"],
                "fixed addresses are for networks of"
            ),
            (["network": "empty", "address6": "fd00::9"], "empty has no IPv6"),
            (["network": "nowhere"], "there is no network nowhere"),
            (["network": "host"], "only for containers that are made"),
            (["network": "mesh"], "it was not made attachable"), (["network": ""], "which network?"),
            (["containers": ""], "which container?"),
            (
                ["network": "empty", "containers": "web\nfree", "address": "10.9.0.9"],
                "an address is for one container"
            ),
        ] as [([String: String], String)])
    func whoCannotJoinIsSaidBeforeAnythingIsSent(_ values: [String: String], _ words: String) throws {
        var bench = Self.bench()
        select("back", &bench)
        bench.press("c")
        members(&bench)
        var form = try #require(bench.state.form)
        form["containers"] = ["free"]
        for (field, text) in values { form[field] = text.split(separator: "\n").map(String.init) }
        bench.state.replace(form)
        #expect(bench.press("ctrl-r").isEmpty)
        #expect(bench.flash.contains(words), "\(bench.flash)")
        #expect(bench.screen.contains(words))
    }

    @Test func whoJoinsMeanwhileTakesTheAddress() throws {
        var bench = Self.bench()
        select("back", &bench)
        bench.press("c")
        var form = try #require(bench.state.form)
        form["containers"] = ["free"]
        form["address"] = ["10.5.0.2"]
        bench.state.replace(form)
        #expect(bench.state.form?.firstProblem == nil)
        func asked() -> Subscription? {
            bench.state.subscriptions.first { if case .members = $0 { true } else { false } }
        }
        let before = asked()
        var event = EngineEvent(type: "network", action: "connect", actorID: "id-of-back")
        event.attributes["container"] = ContainerID.named("web").rawValue
        bench.engine(.events([event]))
        #expect(asked() != nil && asked() != before)
        members(&bench)
        #expect(bench.screen.contains("it is taken by web"))
    }

    @Test(arguments: [(40, 12), (80, 24), (200, 50)]) func theFormsFit(_ width: Int, _ height: Int) {
        var bench = Self.bench(width: width, height: height)
        bench.press("n")
        fill(
            [.name: "lab", .driver: "macvlan", .subnets: "10.5.0.0/24\n10.6.0.0/24\nfd00::/64", .gateways: "x"], &bench)
        for _ in 0..<16 {
            #expect(bench.lines.allSatisfy { TextWidth.of($0) <= width })
            #expect(bench.screen.contains("create"))
            bench.press("tab")
        }
        bench.press("esc")
        select("back", &bench)
        bench.press("c")
        #expect(bench.screen.contains("Connect to a network"))
        #expect(bench.lines.allSatisfy { TextWidth.of($0) <= width })
    }
}
