import EngineAPI
import Foundation
import Terminal
import Testing

@testable import Dashboard

/// The networks pane: who is in which, leaving, removing, and the Engine's refusals in plain words.
@Suite struct NetworkTests {
    private func select(_ name: String, _ bench: inout Bench) {
        bench.state[list: .networks].selected = .network("id-of-\(name)")
        bench.send(.resized(bench.state.size))
    }

    private func job<Kind: Job>(_ effects: [Effect], _ kind: Kind.Type = Kind.self) -> (Int, Kind)? {
        for case .startJob(_, let number, let job) in effects { if let job = job as? Kind { return (number, job) } }
        return nil
    }

    // MARK: The pane

    @Test func theColumnsSayWhatANetworkIsAsFarAsThereIsRoom() {
        var wide = NetworkFormTests.bench(width: 200, height: 50)
        wide.press("z")
        var back = NetworkFormTests.network("back", ["10.5.0.0/24"])
        back.pools[0].gateway = "10.5.0.1"
        back.internal = true
        back.attachable = true
        back.ipv6 = true
        wide.engine(.networks([back, NetworkFormTests.network("bridge", ["172.17.0.0/16"])]))
        let row = wide.lines.first { $0.contains("10.5.0.0/24") } ?? ""
        for text in ["back", "bridge", "internal attachable IPv6", "10.5.0.1", "local"] {
            #expect(row.contains(text), "\(row)")
        }
        var narrow = NetworkFormTests.bench(width: 80, height: 24)
        narrow.engine(.networks([back]))
        let short = narrow.lines.first { $0.contains("10.5.0.0/24") } ?? ""
        #expect(
            short.contains("back") && short.contains("bridge") && short.contains("internal"),
            "\(short)\n\(narrow.screen)")
    }

    @Test func theFilterKnowsSubnets() {
        var bench = NetworkFormTests.bench()
        bench.press("/")
        bench.send(.paste("192.168"))
        #expect(bench.state.rows(.networks) == [.network("id-of-lan")])
    }

    // MARK: Who is in it

    private var members: NetworkMembers {
        var network = NetworkFormTests.network("back", ["10.5.0.0/24"])
        network.pools[0].gateway = "10.5.0.1"
        network.pools[0].range = "10.5.0.128/25"
        network.pools[0].reserved = ["printer": "10.5.0.7"]
        network.options = ["parent": "eth0", "bridge_mode": "x"]
        network.internal = true
        func endpoint(_ name: String, _ id: String, _ address: String, _ ipv6: String = "") -> NetworkDetails.Endpoint {
            var endpoint = NetworkDetails.Endpoint()
            (endpoint.name, endpoint.container) = (name, id)
            (endpoint.ipv4Address, endpoint.ipv6Address, endpoint.macAddress) = (address, ipv6, "02:42:0a:05:00:02")
            return endpoint
        }
        func attached(_ name: String, _ state: ContainerState, _ fixed: [String] = []) -> AttachedContainer {
            var container = AttachedContainer(id: .named(name), name: name)
            (container.state, container.fixed) = (state, fixed)
            return container
        }
        return NetworkMembers(
            NetworkDetails(
                network,
                endpoints: [
                    endpoint("web", ContainerID.named("web").rawValue, "10.5.0.2/24"),
                    endpoint("lb", "lb-back", "10.5.0.3/24"),
                ]),
            attached: [
                attached("web", .running), attached("old", .exited, ["10.5.0.9"]), attached("fresh", .created),
                attached("evil\u{1B}[31m\n", .paused),
            ])
    }

    private func texts(_ members: NetworkMembers) -> [String] {
        MembersDetail.lines(of: members).map { $0.spans.map(\.text).joined() }
    }

    @Test func theTabSaysWhoIsInItAndWhoJoins() {
        let lines = texts(members)
        #expect(lines[0] == "bridge · local · internal")
        #expect(lines[1] == "10.5.0.0/24  gateway 10.5.0.1  range 10.5.0.128/25  printer 10.5.0.7")
        #expect(lines[2] == "parent eth0  mode x")
        #expect(lines[4].split(separator: " ") == ["NAME", "IPv4", "MAC"])
        let rows = lines[5...]
        #expect(
            rows.contains { $0.hasPrefix("● web") && $0.contains("10.5.0.2/24") && $0.contains("02:42:0a:05:00:02") })
        #expect(rows.contains { $0.hasPrefix("○ old") && $0.hasSuffix("joins when it starts as 10.5.0.9") })
        #expect(rows.contains { $0.hasPrefix("◌ fresh") && $0.hasSuffix("joins when it starts") })
        #expect(rows.contains { $0.hasPrefix("· lb") && $0.hasSuffix("no container") })
        #expect(rows.contains { $0.hasPrefix("‖ evil") } && rows.allSatisfy { !$0.contains("\u{1B}") })
        // Who runs stands first.
        #expect(rows.last?.hasPrefix("○ old") == true)
        let empty = NetworkMembers(NetworkDetails(NetworkFormTests.network("empty")), attached: [])
        #expect(texts(empty).last == "No container is in it: connect one.")
    }

    @Test(arguments: [(40, 12), (80, 24), (200, 50)]) func theTabIsDrawn(_ width: Int, _ height: Int) {
        var bench = NetworkFormTests.bench(width: width, height: height)
        select("back", &bench)
        bench.press("l")
        let lines = MembersDetail.lines(of: members)
        bench.engine(.inspected(.network("id-of-back"), .success(lines), tab: .members))
        #expect(bench.screen.contains("Containers"))
        bench.press("G")
        #expect(bench.screen.contains("10.5.0.2/24"), "\(bench.screen)")
        #expect(bench.frame.forbiddenScalars().isEmpty)
        bench.press("/")
        bench.send(.paste("old"))
        bench.press("enter")
        #expect(bench.screen.contains("hit 1 of 1"))
    }

    @Test func itIsReadAgainWhenOthersAreInItOrDoSomethingElse() {
        var bench = NetworkFormTests.bench()
        select("back", &bench)
        func asked() -> Subscription? {
            bench.state.subscriptions.first { if case .inspect(_, _, _, .members) = $0 { true } else { false } }
        }
        var seen: Set<Subscription?> = [asked()]
        #expect(asked() != nil)
        // One joins without an event, as one does that does not run; one ends; one is renamed.
        let changes: [ContainerSummary] = [
            NetworkFormTests.container("free", ["back", "bridge"]),
            NetworkFormTests.container("free", ["back", "bridge"], .exited),
        ]
        for change in changes {
            bench.engine(.containers([change], asked: [change.id]))
            #expect(seen.insert(asked()).inserted)
        }
        // What happens elsewhere is nothing to it.
        let other = NetworkFormTests.container("agent", ["host"], .exited)
        bench.engine(.containers([other], asked: [other.id]))
        #expect(!seen.insert(asked()).inserted)
    }

    // MARK: Leaving

    @Test func oneOfSeveralLeavesAfterAQuestion() throws {
        var bench = NetworkFormTests.bench()
        select("back", &bench)
        bench.press("u")
        for text in ["Disconnect from back", "api", "old", "not running", "web", "all 3"] {
            #expect(bench.screen.contains(text), "\(text)")
        }
        bench.press("enter")
        #expect(bench.question?.title == "Disconnect api from back?")
        #expect(bench.screen.contains("api is in no other network"))
        #expect(bench.asked == "docker network disconnect back api")
        bench.press("f")
        #expect(bench.asked == "docker network disconnect --force back api")
        let (_, leave) = try #require(job(bench.press("y"), DisconnectJob.self))
        #expect(leave.force && leave.network == "id-of-back" && leave.containers.map(\.id) == [.named("api")])
        bench.press("u", "up", "enter")
        #expect(bench.question?.title == "Disconnect 3 containers from back?")
        // One that goes while the question is open is not told to leave.
        bench.events(("destroy", "web"))
        let (_, all) = try #require(job(bench.press("y"), DisconnectJob.self))
        #expect(all.containers.map(\.name) == ["api", "old"])
        #expect(all.docker == "docker network disconnect back api; docker network disconnect back old")
    }

    @Test func whereNobodyIsNobodyLeaves() {
        var bench = NetworkFormTests.bench()
        select("empty", &bench)
        bench.press("u")
        #expect(bench.flash == "no container is in empty")
        select("host", &bench)
        bench.press("u")
        #expect(bench.flash == "nobody can leave the host's network")
        bench.press("c")
        #expect(bench.flash.contains("only for containers that are made for it"))
    }

    @Test func aContainerLeavesAndJoinsFromItsOwnPane() throws {
        var bench = NetworkFormTests.bench()
        bench.press("1")
        bench.state[list: .containers].selected = .container(.named("web"))
        bench.press("n")
        for text in ["Networks of web", "connect to a network …", "disconnect from back", "disconnect from bridge"] {
            #expect(bench.screen.contains(text), "\(text)")
        }
        bench.press("down", "enter")
        #expect(bench.question?.title == "Disconnect web from back?")
        #expect(!bench.screen.contains("no other network"))
        bench.press("n", "n", "enter")
        #expect(bench.state.form?["containers"] == ["web"] && bench.state.form?.focused?.id == "network")
        #expect(bench.state.form?.suggestions(bench.state).contains("empty") == true)
        for character in "empty" { bench.send(.key(.character(character))) }
        let (_, connect) = try #require(job(bench.press("ctrl-r"), ConnectJob.self))
        #expect(connect.docker == "docker network connect empty web")
    }

    @Test func markedContainersJoinTogether() throws {
        var bench = NetworkFormTests.bench()
        bench.press("1")
        bench.state.marked = [.container(.named("free")), .container(.named("api"))]
        bench.press("n")
        #expect(bench.state.form?["containers"] == ["api", "free"])
        for character in "empty" { bench.send(.key(.character(character))) }
        let (_, connect) = try #require(job(bench.press("ctrl-r"), ConnectJob.self))
        #expect(connect.docker == "docker network connect empty api; docker network connect empty free")
        #expect(bench.state.marked.isEmpty)
    }

    // MARK: Removing

    @Test func removingSaysWhoIsInItAndDisconnectsNobodyUnasked() throws {
        var bench = NetworkFormTests.bench()
        select("back", &bench)
        bench.press("d")
        #expect(bench.question?.title == "Remove back?")
        #expect(bench.screen.contains("2 running · 1 stopped"))
        let notes = bench.question?.notes.joined(separator: "\n") ?? ""
        #expect(notes.contains("used by api and web: the Engine removes only what nobody uses"))
        #expect(notes.contains("old could not be started any more without it"))
        #expect(bench.asked == "docker network rm back")
        bench.press("c")
        #expect(
            bench.asked
                == "docker network disconnect back api; docker network disconnect back old; "
                + "docker network disconnect back web; docker network rm back")
        let (_, with) = try #require(job(bench.press("y"), RemoveNetworksJob.self))
        #expect(
            with.targets.map(\.id) == ["id-of-back"] && with.targets[0].leaving.map(\.name) == ["api", "old", "web"])
        bench.press("d")
        let (_, without) = try #require(job(bench.press("y"), RemoveNetworksJob.self))
        #expect(without.targets[0].leaving.isEmpty)
    }

    @Test func theEnginesOwnAreLeftOutAndRefusedAlone() throws {
        var bench = NetworkFormTests.bench()
        for name in ["bridge", "host", "none"] {
            select(name, &bench)
            #expect(bench.press("d").isEmpty && bench.state.layers.isEmpty)
            #expect(bench.flash == "\(name) is the Engine's own: it cannot be removed")
        }
        bench.press("*", "d")
        #expect(bench.question?.title == "Remove 4 networks?")
        #expect(bench.question?.notes.last == "left out: bridge, host and none, the Engine's own")
        // One that goes meanwhile is not asked about any more.
        let list = bench.state.engine.networks.items.filter { $0.name != "empty" }
        bench.engine(.networks(list))
        let (_, remove) = try #require(job(bench.press("y"), RemoveNetworksJob.self))
        #expect(remove.docker == "docker network rm back lan mesh")
    }

    // MARK: Words

    private let known = [
        NetworkFormTests.network("back", ["10.5.0.0/24"]) { $0.id = "0123456789abcdef" },
        NetworkFormTests.network("mesh", ["10.0.9.0/24"], driver: "overlay", scope: "swarm"),
    ]

    private func spec(_ driver: String = "", _ subnets: [String] = [], parent: String = "") -> NetworkSpec {
        var spec = NetworkSpec()
        (spec.name, spec.driver, spec.subnets, spec.parent) = ("lab", driver, subnets, parent)
        return spec
    }

    /// What Engines 20.10 to 28 say, recorded or from their source.
    @Test func refusalsToCreateAreSaidPlainly() {
        let overlap = "Pool overlaps with other one on this address space"
        let cases: [(NetworkSpec, String, String?)] = [
            (spec("", ["10.5.0.0/25"]), overlap, "10.5.0.0/25 overlaps with network back (10.5.0.0/24)"),
            (
                spec("", ["10.7.0.0/24"]), "invalid pool request: \(overlap)",
                "10.7.0.0/24 overlaps with a route of the Engine's host; no network of the list has it"
            ),
            (
                spec("", ["10.7.0.0/24"]),
                "cannot create network f00 (br-f00): conflicts with network 0123456789abcdef (br-0123): networks have overlapping IPv4",
                "it overlaps with network back (10.5.0.0/24)"
            ),
            (spec("overlay", ["10.0.9.0/25"]), overlap, "10.0.9.0/25 overlaps with network mesh (10.0.9.0/24)"),
            (spec("frob"), "plugin \"frob\" not found", "there is no network driver frob on this Engine"),
            (
                spec("frob"), "could not find plugin frob in v1 plugin registry: plugin not found",
                "there is no network driver frob on this Engine"
            ), (spec(), "network with name lab already exists", "the name is taken"),
            (
                spec("macvlan", parent: "nope0"), "invalid subinterface vlan name nope0, example formatting is eth0.10",
                "the Engine's host has no interface nope0"
            ),
            (
                spec("macvlan", parent: "nope0.20"), "-o parent interface does was not found on the host: nope0",
                "the Engine's host has no interface nope0"
            ),
            (
                spec("ipvlan", parent: "eth0.20"), "failed to create eth0.20 vlan link: operation not supported",
                "the Engine's host cannot make the VLAN eth0.20"
            ),
            (
                spec("macvlan", parent: "eth0.x"), "unable to parse a valid vlan id from: x (ex. eth0.10 for vlan 10)",
                "“eth0.x” is no VLAN of an interface, as eth0.20 is"
            ),
            (
                spec("macvlan", parent: "eth0"), "network dm-0123456789ab is already using parent interface eth0",
                "eth0 is the parent of network back already"
            ),
            (
                spec("macvlan"), "operation not supported",
                "the kernel of the Engine's host can make none without a parent: name an interface"
            ),
            (
                spec("ipvlan", parent: "eth0"), "operation not supported",
                "the kernel of the Engine's host has no ipvlan"
            ),
            (
                spec("overlay"),
                "This node is not a swarm manager. Use \"docker swarm init\" or \"docker swarm join\" to connect this node to swarm and try again.",
                "an overlay needs a swarm, and this Engine is in none (docker swarm init)"
            ),
            (
                spec("host"), "only one instance of \"host\" network is allowed",
                "there is one host network, and there can be no other"
            ),
            (
                spec(),
                "could not find an available, non-overlapping IPv6 address pool among the defaults to assign to the network",
                "the Engine has no free IPv6 subnet of its own to give: name one"
            ),
            (
                spec(), "all predefined address pools have been fully subnetted",
                "the Engine has no free subnet of its own to give: name one"
            ),
            (spec(), "operation is not permitted on predefined bridge network", "lab is the Engine's own"),
            (
                spec(), "Failed to Setup IP tables: Unable to enable SKIP DNAT rule",
                "the Engine cannot set up the firewall of its host for it"
            ),
            (spec(), "something that nobody has thought of", nil),
        ]
        for (spec, said, words) in cases { #expect(NetworkWords.creating(spec, said, known) == words, "\(said)") }
    }

    @Test func otherRefusalsAreSaidPlainly() {
        func connecting(_ said: String, _ address: String? = nil, owner: String? = nil) -> String? {
            NetworkWords.connecting(
                "web", to: "back", .init(addresses: address.map { .init(ipv4: $0) }), said, owner: owner)
        }
        #expect(connecting("Address already in use", "10.5.0.9", owner: "db") == "10.5.0.9 is taken by db")
        #expect(connecting("Address already in use") == "the address is taken")
        #expect(connecting("endpoint with name web already exists in network back") == "web is in back already")
        #expect(
            connecting("Invalid address 10.71.0.9: It does not belong to any of this network's subnets", "10.71.0.9")
                == "10.71.0.9 is outside of the subnets of back")
        #expect(
            connecting(
                "user specified IP address is supported only when connecting to networks with user configured subnets",
                "172.18.0.9") == "a fixed address needs a network that was made with a subnet, which back was not")
        #expect(
            connecting("network-scoped alias is supported only for containers in user defined networks")
                == "fixed addresses and aliases are for networks of one's own, which back is not")
        #expect(
            connecting(
                "container sharing network namespace with another container or host cannot be connected to any other network"
            ) == "web shares the network of another or of the host")
        #expect(
            connecting(
                "container cannot be connected to multiple networks with one of the networks in private (none) mode")
                == "web is in none, and has to leave that first")
        #expect(
            connecting(
                "Could not attach to network back: rpc error: code = PermissionDenied desc = network back not manually attachable"
            ) == "back takes only tasks of services: it was not made attachable")
        #expect(connecting("No such container: 1234") == "web is gone")
        #expect(connecting("network 1234 not found") == "the network back is gone")
        #expect(connecting("what else") == nil)
        let leaving = { NetworkWords.disconnecting("web", from: "back", $0) }
        #expect(leaving("container 12 is not connected to the network back") == "web is not in back any more")
        #expect(
            leaving("container cannot be disconnected from host network or connected to host network")
                == "nobody can leave the host's network")
        let active = "error while removing network: network back id 12 has active endpoints"
        #expect(NetworkWords.removing("back", active, users: ["web", "api"]) == "back is in use by web and api")
        #expect(NetworkWords.removing("back", active, users: []) == "back is in use")
        #expect(
            NetworkWords.removing("back", active, users: ["a", "b", "c", "d", "e", "f"])
                == "back is in use by a, b, c, d and 2 more")
        #expect(NetworkWords.removing("back", "network back not found", users: []) == "back is gone already")
        #expect(
            NetworkWords.removing("back", "bridge is a pre-defined network and cannot be removed", users: [])
                == "back is the Engine's own")
    }
}
