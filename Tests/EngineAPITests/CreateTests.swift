import Foundation
import Testing

@testable import EngineAPI

@Suite(.timeLimit(.minutes(1)))
struct CreateTests {
    private func full() -> ContainerCreation {
        var creation = ContainerCreation()
        creation.configuration.image = "shop/web"
        creation.configuration.command = ["sh", "-c", "a"]
        creation.configuration.exposedPorts = ["80/tcp": EmptyObject()]
        creation.configuration.labels = ["a": "b"]
        creation.host.portBindings = ["80/tcp": [.init(hostIP: "127.0.0.1", hostPort: "8080")]]
        creation.host.mounts = [.init(type: "volume", source: "data", target: "/data")]
        creation.host.memory = 1 << 29
        creation.endpoints["back"] = .init(aliases: ["w"])
        return creation
    }

    @Test func theBodyIsWhatTheAPIHas() throws {
        let body = try JSONEncoder().encode(full())
        let json = try #require(try JSONSerialization.jsonObject(with: body) as? NSDictionary)
        let expected = """
            {"Image":"shop/web","Cmd":["sh","-c","a"],"ExposedPorts":{"80/tcp":{}},"Labels":{"a":"b"},
            "HostConfig":{"PortBindings":{"80/tcp":[{"HostIp":"127.0.0.1","HostPort":"8080"}]},"Memory":536870912,
            "Mounts":[{"Type":"volume","Source":"data","Target":"/data"}]},
            "NetworkingConfig":{"EndpointsConfig":{"back":{"Aliases":["w"]}}}}
            """
        let wanted = try JSONSerialization.jsonObject(with: Data(expected.utf8)) as? NSDictionary
        #expect(json == wanted)
    }

    @Test func nothingIsSentThatIsNotSaid() throws {
        let body = try JSONEncoder().encode(ContainerCreation())
        #expect(String(decoding: body, as: UTF8.self) == #"{"HostConfig":{}}"#)
    }

    @Test func createIsSentOnceWithItsNameAndBody() async throws {
        let creation = full()
        try await FakeEngine.run { _ in
            .status("201 Created", #"{"Id":"abc","Warnings":["no swap limit"]}"#)
        } _: { fake, engine in
            let created = try await engine.create(creation, name: "a b")
            #expect(created.id == ContainerID("abc"))
            #expect(created.warnings == ["no swap limit"])
            let request = try #require(fake.requests.first)
            #expect(fake.requests.count == 1)
            #expect(request.method == "POST" && request.uri == "/containers/create?name=a%20b")
            let sent = try JSONDecoder().decode(ContainerConfiguration.self, from: Data(request.body))
            #expect(sent == creation.configuration)
        }
    }

    @Test func noWarningsAreNone() async throws {
        try await FakeEngine.run { _ in
            .status("201 Created", #"{"Id":"abc","Warnings":null}"#)
        } _: { fake, engine in
            let created = try await engine.create(ContainerCreation())
            #expect(created.warnings.isEmpty)
            #expect(fake.requests.first?.uri == "/containers/create")
        }
    }

    @Test(
        arguments: [
            ("404 Not Found", EngineError.notFound("No such image: x")),
            ("409 Conflict", .conflict("No such image: x")),
            ("400 Bad Request", .badRequest("No such image: x")),
            ("500 Internal Server Error", .server(status: 500, message: "No such image: x")),
        ]) func refusalsKeepTheEnginesWords(_ status: String, _ expected: EngineError) async throws
    {
        try await FakeEngine.run { _ in
            .status(status, #"{"message":"No such image: x"}"#)
        } _: { fake, engine in
            await #expect(throws: expected) { try await engine.create(ContainerCreation()) }
            #expect(fake.requests.count == 1)
        }
    }

    @Test func aConnectionThatEndsIsNotTriedAgain() async throws {
        try await FakeEngine.run { _ in
            .close
        } _: { fake, engine in
            await #expect(throws: EngineError.closed) { try await engine.create(ContainerCreation()) }
            #expect(fake.requests.count == 1)
        }
    }

    @Test func originsOfImagesAndOfEnginesThatSayLittle() throws {
        let image = try JSONDecoder().decode(
            ContainerOrigin.self, from: Data(#"{"Id":"sha256:1","Config":null,"Size":3}"#.utf8))
        #expect(image.configuration == ContainerConfiguration())
        let container = try JSONDecoder().decode(
            ContainerOrigin.self,
            from: Data(
                #"{"Name":"/x","HostConfig":{"PortBindings":{"80/tcp":null},"Binds":null},"NetworkSettings":{"Networks":{"a":null}}}"#
                    .utf8))
        #expect(container.name == "x")
        #expect(container.host.portBindings?["80/tcp"] == .some(nil))
        #expect(container.aliases == ["a": []])
    }
}
