import Testing

@testable import Dashboard
@testable import EngineAPI

/// A network of a name that no other has, gone at the end with whoever is in it.
private func withNetwork(
    _ change: (inout NetworkCreation) -> Void = { _ in }, _ body: (Engine, NetworkSummary) async throws -> Void
) async throws {
    let engine = try TestEngine.make()
    _ = try await engine.connect()
    var creation = NetworkCreation(name: uniqueName("net"))
    change(&creation)
    let created = try await engine.createNetwork(creation)
    func remove() async {
        for endpoint in (try? await engine.network(created.id))?.endpoints ?? [] {
            try? await engine.disconnect(ContainerID(endpoint.container), from: created.id, force: true)
        }
        try? await engine.removeNetwork(created.id)
        await engine.shutdown()
    }
    do { try await body(engine, try await engine.network(created.id).summary) } catch {
        await remove()
        throw error
    }
    await remove()
}

/// A subnet that nobody on this machine has, in all likelihood.
private func anySubnet() -> String { "10.\(Int.random(in: 60...180)).\(Int.random(in: 0...255))" }

private let idle = "while :; do sleep 1; done"
private let quick = ["--stop-signal", "KILL"]

@Suite(.enabled(if: TestEngine.isGiven, "GANTRY_TEST_ENGINE names no Engine"), .timeLimit(.minutes(2)))
struct RealNetworks {
    @Test func aNetworkHasWhatItWasMadeOf() async throws {
        let prefix = anySubnet()
        try await withNetwork({
            $0.driver = "bridge"
            $0.internal = true
            $0.attachable = true
            $0.ipv6 = true
            $0.addresses = .init(pools: [
                NetworkPool(
                    subnet: "\(prefix).0/24", range: "\(prefix).128/25", gateway: "\(prefix).2",
                    reserved: ["host": "\(prefix).5"]), NetworkPool(subnet: "fd00:\(Int.random(in: 1...9999))::/64"),
            ])
            $0.options = ["com.docker.network.driver.mtu": "1400"]
            $0.labels = ["made": "here"]
        }) { engine, network in
            #expect(network.driver == "bridge" && network.scope == "local")
            #expect(network.internal && network.attachable && network.ipv6 && !network.ingress)
            #expect(network.pools.count == 2 && network.pools[0].range == "\(prefix).128/25")
            #expect(network.gateways.first == "\(prefix).2" && network.pools[0].reserved == ["host": "\(prefix).5"])
            #expect(network.options == ["com.docker.network.driver.mtu": "1400"] && network.labels == ["made": "here"])
            #expect(try await engine.networks().contains { $0.id == network.id && $0.pools == network.pools })
            try await engine.removeNetwork(network.id)
            #expect(try await !engine.networks().contains { $0.id == network.id })
            await #expect(throws: EngineError.self) { try await engine.removeNetwork(network.id) }
        }
    }

    @Test func aContainerJoinsWithNamesAndAnAddressIsFoundByThemAndLeaves() async throws {
        let prefix = anySubnet()
        try await withNetwork({ $0.addresses = .init(pools: [NetworkPool(subnet: "\(prefix).0/24")]) }) {
            engine, network in
            try await withContainer(idle, quick) { _, store in
                try await withContainer(idle, quick) { _, asking in
                    try await engine.connect(
                        store, to: network.id, .init(aliases: ["store"], addresses: .init(ipv4: "\(prefix).9")))
                    try await engine.connect(asking, to: network.id)
                    let members = try await NetworkMembers.read(network.id, from: engine, aliases: true)
                    let own = try #require(members.members.first { $0.id == store })
                    #expect(own.ipv4Address == "\(prefix).9/24" && own.fixed == ["\(prefix).9"])
                    #expect(own.aliases == ["store"] && own.state == .running && !own.macAddress.isEmpty)
                    #expect(members.owner(of: try #require(IPAddress("\(prefix).9"))) == own.name)
                    let first = try #require(IPAddress("\(prefix).1"))
                    #expect(members.owner(of: first) == "the gateway" || network.isLikelyGateway(first))
                    #expect(members.members.count == 2)
                    let found = try docker(["exec", asking.rawValue, "ping", "-c", "1", "-W", "2", "store"])
                    #expect(found.contains("min/avg/max"), "\(found)")
                    try await engine.disconnect(store, from: network.id)
                    let left = try await engine.network(network.id)
                    #expect(left.endpoints.map(\.container) == [asking.rawValue])
                    await #expect(throws: EngineError.self) { try await engine.disconnect(store, from: network.id) }
                }
            }
        }
    }

    @Test func whoDoesNotRunJoinsWhenItStarts() async throws {
        let prefix = anySubnet()
        try await withNetwork({ $0.addresses = .init(pools: [NetworkPool(subnet: "\(prefix).0/24")]) }) {
            engine, network in
            try await withContainer(idle, quick, start: false) { _, container in
                let job = ConnectJob(
                    network: network.id, networkName: network.name,
                    containers: [NamedContainer(id: container, name: "late")],
                    settings: .init(addresses: .init(ipv4: "\(prefix).9")))
                #expect(try await job.run(on: engine) { _ in }.summary == "late joins \(network.name) when it starts")
                var members = try await NetworkMembers.read(network.id, from: engine, aliases: true)
                #expect(members.members.map(\.isIn) == [false] && members.members[0].fixed == ["\(prefix).9"])
                #expect(
                    members.owner(of: try #require(IPAddress("\(prefix).9")))?.hasSuffix(", which does not run") == true
                )
                try await engine.start(container)
                members = try await NetworkMembers.read(network.id, from: engine, aliases: false)
                #expect(members.members.map(\.ipv4Address) == ["\(prefix).9/24"])
            }
        }
    }

    @Test func whatTheEngineRefusesIsSaidPlainlyWithItsOwnWordsKept() async throws {
        let prefix = anySubnet()
        func failure(_ job: some Job, _ engine: Engine) async -> (message: String, notes: [String]) {
            do {
                let outcome = try await job.run(on: engine) { _ in }
                return ("done: \(outcome.summary ?? "")", [])
            } catch let error as JobError { return (error.message, error.notes) } catch { return ("\(error)", []) }
        }
        try await withNetwork({ $0.addresses = .init(pools: [NetworkPool(subnet: "\(prefix).0/24")]) }) {
            engine, network in
            func creating(_ change: (inout NetworkSpec) -> Void) async -> String {
                var spec = NetworkSpec()
                spec.name = uniqueName("refused")
                change(&spec)
                let (message, notes) = await failure(CreateNetworkJob(spec: spec), engine)
                if message.hasPrefix("done") { try? await engine.removeNetwork(spec.name) }
                #expect(notes.contains { $0.hasPrefix("the Engine says: ") }, "\(message)")
                return message
            }
            #expect(
                await creating { $0.subnets = ["\(prefix).128/25"] }
                    == "\(prefix).128/25 overlaps with network \(network.name) (\(prefix).0/24)")
            #expect(await creating { $0.driver = "frobnet" } == "there is no network driver frobnet on this Engine")
            #expect(
                await creating {
                    $0.driver = "macvlan"
                    $0.parent = "nope0"
                } == "the Engine's host has no interface nope0")
            #expect(
                await creating {
                    $0.driver = "ipvlan"
                    $0.parent = "nope0.20"
                } == "the Engine's host has no interface nope0")
            #expect(await creating { $0.name = network.name }.hasPrefix("the name is taken by a network: bridge"))
            #expect(await creating { $0.driver = "host" } == "there is one host network, and there can be no other")
            if try await engine.info().swarm == "inactive" {
                #expect(await creating { $0.driver = "overlay" }.hasPrefix("an overlay needs a swarm"))
            }
            try await withContainer(idle, quick) { _, one in
                try await withContainer(idle, quick) { _, other in
                    func connect(_ id: ContainerID, _ address: String? = nil, to target: String? = nil) async -> String
                    {
                        let job = ConnectJob(
                            network: target ?? network.id, networkName: target ?? "lab",
                            containers: [NamedContainer(id: id, name: "web")],
                            settings: .init(addresses: address.map { .init(ipv4: $0) }))
                        return await failure(job, engine).message
                    }
                    let name = try await engine.inspect(one).value.name
                    #expect(await connect(one, "\(prefix).9") == "done: connected web to lab as \(prefix).9")
                    #expect(await connect(other, "\(prefix).9") == "\(prefix).9 is taken by \(name)")
                    #expect(await connect(other, "\(prefix).1") == "\(prefix).1 is taken by the gateway")
                    #expect(await connect(other, "9.9.9.9") == "9.9.9.9 is outside of the subnets of lab")
                    #expect(await connect(one) == "web is in lab already")
                    #expect(await connect(one, to: "host") == "nobody can join the host's network")
                    #expect(await connect(other, to: "bridge") == "web is in bridge already")
                    #expect(
                        await connect(other, "172.17.0.99", to: "bridge")
                            == "fixed addresses and aliases are for networks of one's own, which bridge is not")
                    #expect(await connect(ContainerID("nobody")) == "web is gone")
                    #expect(await connect(one, to: "gone") == "the network gone is gone")
                    let leave = DisconnectJob(
                        network: network.id, networkName: "lab", containers: [NamedContainer(id: other, name: "web")],
                        force: false)
                    #expect(await failure(leave, engine).message == "web is not in lab any more")
                    let target = RemoveNetworksJob.Target(id: network.id, name: network.name)
                    #expect(
                        await failure(RemoveNetworksJob(targets: [target]), engine).message
                            == "\(network.name) is in use by \(name)")
                }
            }
            let own = RemoveNetworksJob(targets: [.init(id: "bridge", name: "bridge")])
            #expect(await failure(own, engine).message == "bridge is the Engine's own")
        }
    }

    @Test func removingWithWhoIsInItHasThemLeaveFirstAndSaysSo() async throws {
        try await withNetwork { engine, network in
            try await withContainer(idle, quick) { _, one in
                try await engine.connect(one, to: network.id)
                let name = try await engine.inspect(one).value.name
                do {
                    _ = try await RemoveNetworksJob(targets: [.init(id: network.id, name: network.name)]).run(
                        on: engine
                    ) { _ in }
                    Issue.record("removed with somebody in it")
                } catch let error as JobError {
                    // What would help is offered, and names who leaves.
                    let offer = try #require(error.offer)
                    #expect(offer.verb == "disconnect 1 and remove")
                    #expect(
                        offer.job.docker
                            == "docker network disconnect \(network.name) \(name); docker network rm \(network.name)")
                    let outcome = try await offer.job.run(on: engine) { _ in }
                    #expect(outcome.summary == "removed network \(network.name), 1 container disconnected")
                    #expect(
                        outcome.notes == ["disconnected \(name) from \(network.name)", "removed \(network.name)"])
                }
                #expect(try await !engine.networks().contains { $0.id == network.id })
                #expect(try await engine.inspect(one).value.networks.map(\.name) == ["bridge"])
            }
        }
    }

    @Test func severalAreRemovedWithOneSum() async throws {
        try await withNetwork { engine, one in
            try await withNetwork { _, other in
                let targets = [one, other].map { RemoveNetworksJob.Target(id: $0.id, name: $0.name) }
                let gone = RemoveNetworksJob.Target(id: "gone", name: "gone")
                do {
                    _ = try await RemoveNetworksJob(targets: targets + [gone]).run(on: engine) { _ in }
                    Issue.record("what is gone was removed")
                } catch let error as JobError {
                    #expect(error.message == "2 of 3 removed; gone is gone already")
                    #expect(error.notes.prefix(2) == ["removed \(one.name)", "removed \(other.name)"])
                }
            }
        }
    }

    /// A bridge of the test's own is the interface that it hangs on.
    @Test func aMacvlanHangsOnAnInterface() async throws {
        let parent = "gt\(Int.random(in: 100_000...999_999))"
        try await withNetwork({ $0.options = ["com.docker.network.bridge.name": parent] }) { engine, _ in
            let prefix = anySubnet()
            var spec = NetworkSpec()
            spec.name = uniqueName("macvlan")
            spec.driver = "macvlan"
            spec.subnets = ["\(prefix).0/24"]
            spec.parent = parent
            spec.mode = "bridge"
            do { _ = try await CreateNetworkJob(spec: spec).run(on: engine) { _ in } } catch let error as JobError {
                // A kernel without macvlan says so, and that is what is told.
                #expect(error.message.contains("kernel"), "\(error.message)")
                return
            }
            func removeAll() async {
                try? await engine.removeNetwork(spec.name)
            }
            do {
                let network = try await engine.network(spec.name).summary
                #expect(network.driver == "macvlan" && network.options == ["parent": parent, "macvlan_mode": "bridge"])
                var second = spec
                second.name = uniqueName("macvlan")
                second.subnets = []
                do {
                    _ = try await CreateNetworkJob(spec: second).run(on: engine) { _ in }
                    try await engine.removeNetwork(second.name)
                } catch let error as JobError {
                    #expect(error.message == "\(parent) is the parent of network \(spec.name) already")
                }
            } catch {
                await removeAll()
                throw error
            }
            await removeAll()
        }
    }

    @Test func theEngineNamesItsDrivers() async throws {
        let engine = try TestEngine.make()
        _ = try await engine.connect()
        let info = try await engine.info()
        #expect(Set(info.networkDrivers).isSuperset(of: ["bridge", "host", "macvlan", "ipvlan", "overlay"]))
        #expect(!info.swarm.isEmpty)
        await engine.shutdown()
    }
}
