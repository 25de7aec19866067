import Foundation
import Testing

@testable import EngineAPI

@Suite(.timeLimit(.minutes(1))) struct NetworkTests {
    private let container = ContainerID("abc")

    private func sent(_ request: FakeEngine.Request) throws -> NSDictionary? {
        try JSONSerialization.jsonObject(with: Data(request.body)) as? NSDictionary
    }

    @Test func aNetworkIsMadeOfWhatIsSaidAndNothingElse() async throws {
        try await FakeEngine.run { _ in
            .status("201 Created", #"{"Id":"n1","Warning":"careful"}"#)
        } _: { fake, engine in
            var creation = NetworkCreation(name: "lab")
            let plain = try await engine.createNetwork(creation)
            #expect(plain.id == "n1" && plain.warning == "careful")
            creation.driver = "macvlan"
            creation.internal = true
            creation.attachable = true
            creation.ipv6 = true
            creation.addresses = .init(pools: [
                NetworkPool(
                    subnet: "10.5.0.0/24", range: "10.5.0.128/25", gateway: "10.5.0.1", reserved: ["host": "10.5.0.9"]),
                NetworkPool(subnet: "fd00::/64"),
            ])
            creation.options = ["parent": "eth0"]
            creation.labels = ["a": "b"]
            _ = try await engine.createNetwork(creation)
            #expect(fake.requests.map(\.method) == ["POST", "POST"])
            #expect(fake.requests.map(\.uri) == ["/networks/create", "/networks/create"])
            let first: NSDictionary = ["Name": "lab", "CheckDuplicate": true]
            #expect(try sent(fake.requests[0]) == first)
            let pools: [NSDictionary] = [
                [
                    "Subnet": "10.5.0.0/24", "IPRange": "10.5.0.128/25", "Gateway": "10.5.0.1",
                    "AuxiliaryAddresses": ["host": "10.5.0.9"] as NSDictionary,
                ], ["Subnet": "fd00::/64"],
            ]
            let second: NSDictionary = [
                "Name": "lab", "CheckDuplicate": true, "Driver": "macvlan", "Internal": true, "Attachable": true,
                "EnableIPv6": true, "IPAM": ["Config": pools] as NSDictionary,
                "Options": ["parent": "eth0"] as NSDictionary, "Labels": ["a": "b"] as NSDictionary,
            ]
            #expect(try sent(fake.requests[1]) == second)
        }
    }

    @Test func joiningLeavingAndRemovingAreSentOnce() async throws {
        try await FakeEngine.run { request in
            request.method == "DELETE" ? .status("204 No Content") : .answer("")
        } _: { fake, engine in
            try await engine.connect(container, to: "n/1")
            try await engine.connect(
                container, to: "n1", .init(aliases: ["store"], addresses: .init(ipv4: "10.5.0.9", ipv6: "fd00::9")))
            try await engine.disconnect(container, from: "n1")
            try await engine.disconnect(container, from: "n1", force: true)
            try await engine.removeNetwork("n1")
            #expect(
                fake.requests.map { "\($0.method) \($0.uri)" } == [
                    "POST /networks/n%2F1/connect", "POST /networks/n1/connect", "POST /networks/n1/disconnect",
                    "POST /networks/n1/disconnect", "DELETE /networks/n1",
                ])
            let bodies = try fake.requests.prefix(4).map { try sent($0) }
            let expected: [NSDictionary] = [
                ["Container": "abc", "EndpointConfig": [:] as NSDictionary],
                [
                    "Container": "abc",
                    "EndpointConfig": [
                        "Aliases": ["store"],
                        "IPAMConfig": ["IPv4Address": "10.5.0.9", "IPv6Address": "fd00::9"] as NSDictionary,
                    ] as NSDictionary,
                ], ["Container": "abc", "Force": false], ["Container": "abc", "Force": true],
            ]
            #expect(bodies == expected)
        }
    }

    @Test func anInspectionSaysWhoIsInIt() async throws {
        let json = """
            {"Name":"lab","Id":"n1","Created":"2026-11-24T20:03:21.183297608Z","Scope":"swarm","Driver":"overlay",
            "EnableIPv6":true,"IPAM":{"Driver":"default","Options":null,"Config":[{"Subnet":"10.70.0.0/24",
            "Gateway":"10.70.0.1","AuxiliaryAddresses":{"host":"10.70.0.5"}},{"Subnet":"fd00::/64"}]},"Internal":false,
            "Attachable":true,"Ingress":true,"Containers":{"b":{"Name":"w2","EndpointID":"e","MacAddress":"02:42:0a:46:00:02",
            "IPv4Address":"10.70.0.2/24","IPv6Address":""},"lb-lab":{"Name":"lab-endpoint"},"a":null},
            "Options":{"parent":"eth0"},"Labels":null,"Peers":[{"Name":"x","IP":"127.0.0.1"}]}
            """
        try await FakeEngine.run { request in
            request.uri == "/networks/n1" ? .answer(json) : .answer(#"{"Id":"n2"}"#)
        } _: { _, engine in
            let details = try await engine.network("n1")
            #expect(details.summary.name == "lab" && details.summary.scope == "swarm" && details.summary.ipv6)
            #expect(
                details.summary.attachable && details.summary.ingress && details.summary.options == ["parent": "eth0"])
            #expect(
                details.summary.subnets == ["10.70.0.0/24", "fd00::/64"] && details.summary.gateways == ["10.70.0.1"])
            #expect(details.summary.pools[0].reserved == ["host": "10.70.0.5"])
            #expect(details.endpoints.map(\.name) == ["lab-endpoint", "w2"])
            #expect(details.endpoints[1].ipv4Address == "10.70.0.2/24" && details.endpoints[1].container == "b")
            let bare = try await engine.network("n2")
            #expect(bare == NetworkDetails(NetworkSummary(id: "n2", name: "")))
        }
    }

    @Test func whoBelongsToItIsFoundByIdentityAndBeforeTheFirstStartByName() async throws {
        let list = """
            [{"Id":"1","Names":["/web"],"State":"running","NetworkSettings":{"Networks":{"lab":{"NetworkID":"n1",
            "IPAMConfig":{"IPv4Address":"10.5.0.9"}},"bridge":{"NetworkID":"n0"}}}},
            {"Id":"2","Names":["/db"],"State":"created","NetworkSettings":{"Networks":{"lab":{"NetworkID":"",
            "IPAMConfig":null}}}},{"Id":"3","Names":["/other"],"State":"exited",
            "NetworkSettings":{"Networks":{"lab":{"NetworkID":"n9"}}}},
            {"Id":"4","Names":null,"State":"exited","NetworkSettings":{"Networks":{"lab":null}}},
            {"Id":"5","NetworkSettings":null}]
            """
        try await FakeEngine.run { _ in
            .answer(list)
        } _: { fake, engine in
            let found = try await engine.containers(attachedTo: NetworkSummary(id: "n1", name: "lab"))
            #expect(found.map(\.name) == ["4", "db", "web"])
            #expect(found.map(\.state) == [.exited, .created, .running])
            #expect(found.map(\.fixed) == [[], [], ["10.5.0.9"]])
            let query = fake.requests[0].uri.removingPercentEncoding
            #expect(query == #"/containers/json?all=1&filters={"network":["lab","n1"]}"#)
        }
    }

    @Test(
        arguments: [
            ("400 Bad Request", EngineError.badRequest("no")), ("403 Forbidden", .server(status: 403, message: "no")),
            ("404 Not Found", .notFound("no")), ("409 Conflict", .conflict("no")),
            ("500 Internal Server Error", .server(status: 500, message: "no")),
            ("503 Service Unavailable", .server(status: 503, message: "no")),
        ]) func aRefusalIsThrownInTheEnginesWords(_ status: String, _ error: EngineError) async throws
    {
        try await FakeEngine.run { _ in
            .status(status, #"{"message":"no"}"#)
        } _: { _, engine in
            await #expect(throws: error) { _ = try await engine.createNetwork(.init(name: "lab")) }
            await #expect(throws: error) { try await engine.removeNetwork("lab") }
            await #expect(throws: error) { try await engine.connect(container, to: "lab") }
            await #expect(throws: error) { try await engine.disconnect(container, from: "lab") }
            await #expect(throws: error) { _ = try await engine.network("lab") }
        }
    }

    @Test(arguments: ["", "[]", "{}", "null", "nonsense", #"{"Id":7}"#, #"{"Warning":"x"}"#])
    func whatIsNoAnswerIsSaid(_ body: String) async throws {
        try await FakeEngine.run { _ in
            .answer(body)
        } _: { _, engine in
            do {
                _ = try await engine.createNetwork(.init(name: "lab"))
                Issue.record("a network of nothing")
            } catch EngineError.malformed {}
            do {
                _ = try await engine.network("lab")
                Issue.record("a network of nothing")
            } catch EngineError.malformed {}
            guard body != "[]" else { return }
            await #expect(throws: EngineError.self) {
                _ = try await engine.containers(attachedTo: NetworkSummary(id: "n1", name: "lab"))
            }
        }
    }

    @Test func aConnectionThatEndsIsNoAnswer() async throws {
        try await FakeEngine.run { _ in
            .close
        } _: { fake, engine in
            await #expect(throws: EngineError.closed) { try await engine.connect(container, to: "lab") }
            await #expect(throws: EngineError.closed) { _ = try await engine.createNetwork(.init(name: "lab")) }
            // Never twice: the first may have been done.
            #expect(fake.requests.count == 2)
        }
    }
}
