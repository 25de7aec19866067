import EngineAPI
import Testing

@testable import DemoEngine

/// Networks of the simulated host, asked through Gantry's own client.
@Suite struct DemoNetworkTests {
    private static let db = ContainerID("shop-db-1")
    private static let queue = ContainerID("shop-queue-1")

    private func creation(_ name: String, _ change: (inout NetworkCreation) -> Void = { _ in }) -> NetworkCreation {
        var creation = NetworkCreation(name: name)
        change(&creation)
        return creation
    }

    @Test func whatIsAskedForIsWhatIsInspected() async throws {
        try await withDemo { _, engine async throws in
            let created = try await engine.createNetwork(
                creation("lab") {
                    $0.internal = true
                    $0.attachable = true
                    $0.ipv6 = true
                    $0.addresses = .init(pools: [
                        NetworkPool(
                            subnet: "10.77.0.0/24", range: "10.77.0.128/25", gateway: "10.77.0.254",
                            reserved: ["printer": "10.77.0.128"]), NetworkPool(subnet: "fd00:7::/64"),
                    ])
                    $0.options = ["a": "b"]
                    $0.labels = ["c": "d"]
                })
            let network = try await engine.network(created.id).summary
            #expect(network.internal && network.attachable && network.ipv6)
            #expect(network.pools[0].range == "10.77.0.128/25" && network.gateways == ["10.77.0.254", "fd00:7::1"])
            #expect(network.pools[0].reserved == ["printer": "10.77.0.128"])
            #expect(network.options == ["a": "b"] && network.labels == ["c": "d"])
            // One that says nothing of addresses gets some that nobody has, of both kinds if it wants.
            let other = try await engine.createNetwork(creation("other") { $0.ipv6 = true })
            let subnets = try await engine.network(other.id).summary.subnets.compactMap { IPSubnet($0) }
            #expect(subnets.map(\.family) == [.v4, .v6])
            for known in try await engine.networks() where known.id != other.id {
                #expect(
                    !known.subnets.compactMap { IPSubnet($0) }.contains { one in subnets.contains { $0.overlaps(one) } }
                )
            }
        }
    }

    @Test func addressesAreHeldWhileAContainerRunsAndFreeAfterwards() async throws {
        try await withDemo { _, engine async throws in
            let lab = try await engine.createNetwork(
                creation("lab") {
                    $0.ipv6 = true
                    $0.addresses = .init(pools: [
                        NetworkPool(
                            subnet: "10.77.0.0/24", range: "10.77.0.128/25", reserved: ["printer": "10.77.0.129"]),
                        NetworkPool(subnet: "fd00:7::/64"),
                    ])
                }
            ).id
            func addresses() async throws -> [String: String] {
                let endpoints = try await engine.network(lab).endpoints
                return Dictionary(
                    uniqueKeysWithValues: endpoints.map { ($0.name, "\($0.ipv4Address) \($0.ipv6Address)") })
            }
            try await engine.connect(Self.db, to: lab)
            try await engine.connect(
                Self.queue, to: lab, .init(aliases: ["post"], addresses: .init(ipv4: "10.77.0.9", ipv6: "fd00:7::9")))
            #expect(
                try await addresses() == [
                    "shop-db-1": "10.77.0.128/24 fd00:7::2/64", "shop-queue-1": "10.77.0.9/24 fd00:7::9/64",
                ])
            await #expect(throws: EngineError.server(status: 403, message: "Address already in use")) {
                try await engine.connect(
                    ContainerID("shop-cart-1"), to: lab, .init(addresses: .init(ipv4: "10.77.0.9")))
            }
            // One that ends gives its address back, and has the one that it chose again when it starts.
            try await engine.stop(Self.db)
            try await engine.stop(Self.queue)
            #expect(try await addresses().isEmpty)
            try await engine.connect(ContainerID("shop-cart-1"), to: lab)
            #expect(try await addresses()["shop-cart-1"]?.hasPrefix("10.77.0.128/24") == true)
            let attached = try await engine.containers(attachedTo: try await engine.network(lab).summary)
            #expect(attached.map(\.name) == ["shop-cart-1", "shop-db-1", "shop-queue-1"])
            #expect(attached.last?.fixed == ["10.77.0.9", "fd00:7::9"])
            try await engine.start(Self.queue)
            try await engine.start(Self.db)
            #expect(try await addresses()["shop-queue-1"] == "10.77.0.9/24 fd00:7::9/64")
            #expect(try await addresses()["shop-db-1"]?.hasPrefix("10.77.0.130/24") == true)
            #expect(
                try await engine.inspect(Self.queue).value.networks.first { $0.name == "lab" }?.aliases.contains("post")
                    == true)
        }
    }

    @Test func aSmallSubnetIsFullAtSomeTime() throws {
        var host = DemoHost.shop()
        _ = host.answer(
            "POST", "/networks/create", body: #"{"Name":"tiny","IPAM":{"Config":[{"Subnet":"10.77.0.0/30"}]}}"#)
        for name in ["shop-db-1", "shop-queue-1"] {
            #expect(host.answer("POST", "/networks/tiny/connect", body: #"{"Container":"\#(name)"}"#) == "200")
        }
        let held = try ["shop-db-1", "shop-queue-1"].map { try host.find($0).endpoints["tiny"]?.held ?? [] }
        #expect(held == [[IPAddress("10.77.0.2")!], []])
    }

    @Test(
        arguments: [
            (#"{"Name":"a","Driver":"overlay"}"#, "503 This node is not a swarm manager."),
            (#"{"Name":"a","Driver":"host"}"#, "403 only one instance of \"host\" network is allowed"),
            (
                #"{"Name":"a","Driver":"macvlan","Options":{"parent":"nope0"}}"#,
                "500 invalid subinterface vlan name nope0"
            ),
            (
                #"{"Name":"a","Driver":"ipvlan","Options":{"parent":"nope0.2"}}"#,
                "500 -o parent interface was not found"
            ),
            (#"{"Name":"a","Driver":"ipvlan","Options":{"parent":"eth0.x"}}"#, "500 unable to parse a valid vlan id"),
            (#"{"Name":"a","Driver":"ipvlan","Options":{"ipvlan_mode":"l9"}}"#, "400 requested ipvlan mode 'l9'"),
            (#"{"Name":"a","IPAM":{"Config":[{"Subnet":"10.7.0.9/24"}]}}"#, "400 invalid network config"),
            (
                #"{"Name":"a","IPAM":{"Config":[{"Subnet":"10.7.0.0/24","Gateway":"10.8.0.1"}]}}"#,
                "400 invalid network config: invalid gateway 10.8.0.1"
            ),
            (
                #"{"Name":"a","IPAM":{"Config":[{"Subnet":"10.7.0.0/24","IPRange":"10.7.0.0/23"}]}}"#,
                "400 invalid network config: invalid IPRange"
            ),
            (
                #"{"Name":"a","IPAM":{"Config":[{"Subnet":"10.7.0.0/24"},{"Subnet":"10.7.0.0/25"}]}}"#,
                "403 invalid pool request: Pool overlaps"
            ),
        ]) func whatCannotBeMadeIsRefused(_ body: String, _ answer: String)
    {
        var host = DemoHost.shop()
        let given = host.answer("POST", "/networks/create", body: body)
        #expect(given.hasPrefix(answer), "\(given)")
        #expect(host.networks.count == Shop.networks.count)
    }

    @Test(
        arguments: [
            ("host", #"{"Container":"shop-db-1"}"#, "400 container cannot be disconnected from host network"),
            ("none", #"{"Container":"shop-db-1"}"#, "400 container cannot be connected to multiple networks"),
            ("bridge", #"{"Container":"shop-db-1","EndpointConfig":{"Aliases":["x"]}}"#, "400 network-scoped aliases"),
            (
                "bridge", #"{"Container":"shop-db-1","EndpointConfig":{"IPAMConfig":{"IPv4Address":"172.17.0.9"}}}"#,
                "400 user specified IP address is supported on user defined networks only"
            ),
            (
                "shop_front", #"{"Container":"shop-db-1","EndpointConfig":{"IPAMConfig":{"IPv4Address":"9.9.9.9"}}}"#,
                "400 invalid endpoint settings: no configured subnet contains IP address 9.9.9.9"
            ),
            (
                "shop_front",
                #"{"Container":"shop-db-1","EndpointConfig":{"IPAMConfig":{"IPv4Address":"172.18.0.1"}}}"#,
                "403 Address already in use"
            ),
        ]) func whoCannotJoinIsRefused(_ network: String, _ body: String, _ answer: String) throws
    {
        var host = DemoHost.shop()
        let before = try host.find("shop-db-1").networks
        let given = host.answer("POST", "/networks/\(network)/connect", body: body)
        #expect(given.hasPrefix(answer), "\(given)")
        #expect(try host.find("shop-db-1").networks == before)
    }

    @Test func namesAreFoundInSharedNetworksOnly() throws {
        var host = DemoHost.shop()
        let db = try host.find("shop-db-1")
        _ = host.answer(
            "POST", "/networks/create", body: #"{"Name":"lab","IPAM":{"Config":[{"Subnet":"10.77.0.0/24"}]}}"#)
        #expect(host.resolve("post", for: db) == nil)
        let joins = #"{"Container":"shop-queue-1","EndpointConfig":{"Aliases":["post"]}}"#
        #expect(host.answer("POST", "/networks/lab/connect", body: joins) == "200")
        #expect(try host.resolve("post", for: host.find("shop-db-1")) == nil)
        _ = host.answer("POST", "/networks/lab/connect", body: #"{"Container":"shop-db-1"}"#)
        #expect(try host.resolve("post", for: host.find("shop-db-1"))?.description == "10.77.0.2")
        _ = host.answer("POST", "/networks/lab/disconnect", body: #"{"Container":"shop-queue-1"}"#)
        #expect(try host.resolve("post", for: host.find("shop-db-1")) == nil)
    }

    @Test func whoseNetworkIsGoneCannotStart() throws {
        var host = DemoHost.shop()
        _ = host.answer("POST", "/networks/create", body: #"{"Name":"lab"}"#)
        let body = #"{"Image":"redis:7.4-alpine","HostConfig":{"NetworkMode":"lab"}}"#
        #expect(host.answer("POST", "/containers/create?name=late", body: body).contains("\"Id\""))
        #expect(host.answer("DELETE", "/networks/lab") == "204")
        #expect(host.answer("POST", "/containers/late/start").hasPrefix("404 network lab not found"))
        #expect(try host.state("late") == .created)
    }
}
