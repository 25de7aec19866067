import Foundation
import Testing

@testable import EngineAPI

@Suite(.timeLimit(.minutes(1))) struct VolumeTests {
    private static let made = """
        {"CreatedAt":"2026-11-24T19:47:00Z","Driver":"local","Labels":{"a":"b"},"Name":"data",\
        "Mountpoint":"/var/lib/docker/volumes/data/_data","Options":{},"Scope":"local"}
        """

    @Test func aNewVolumeIsSentAsItWasSaid() async throws {
        try await FakeEngine.run { _ in
            .status("201 Created", Self.made)
        } _: { fake, engine in
            var creation = VolumeCreation(name: "data")
            creation.driver = "local"
            creation.options = ["type": "tmpfs", "o": "size=1m,uid=3"]
            creation.labels = ["team": "späti", "empty": ""]
            let volume = try await engine.createVolume(creation)
            #expect(volume.name == "data" && volume.driver == "local" && volume.labels == ["a": "b"])
            #expect(volume.mountpoint == "/var/lib/docker/volumes/data/_data")
            #expect(volume.created == Date(timeIntervalSince1970: 1_795_549_620))
            let request = try #require(fake.requests.first)
            #expect(request.method == "POST" && request.uri == "/volumes/create")
            let sent = try JSONSerialization.jsonObject(with: Data(request.body)) as? NSDictionary
            let expected: NSDictionary = [
                "Name": "data", "Driver": "local",
                "DriverOpts": ["type": "tmpfs", "o": "size=1m,uid=3"] as NSDictionary,
                "Labels": ["team": "späti", "empty": ""] as NSDictionary,
            ]
            #expect(sent == expected)
        }
    }

    @Test func whatIsNotSaidIsLeftToTheEngine() async throws {
        try await FakeEngine.run { _ in
            .status("201 Created", Self.made)
        } _: { fake, engine in
            _ = try await engine.createVolume(VolumeCreation())
            #expect(String(decoding: fake.requests[0].body, as: UTF8.self) == "{}")
        }
    }

    @Test(arguments: [
        ("400 Bad Request", EngineError.badRequest("invalid option: \"x\"")),
        ("404 Not Found", .notFound("invalid option: \"x\"")), ("409 Conflict", .conflict("invalid option: \"x\"")),
        ("500 Internal Server Error", .server(status: 500, message: "invalid option: \"x\"")),
    ])
    func aRefusedVolumeSaysWhyAndIsAskedForOnce(status: String, error: EngineError) async throws {
        try await FakeEngine.run { _ in
            .status(status, #"{"message":"invalid option: \"x\""}"#)
        } _: { fake, engine in
            await #expect(throws: error) { _ = try await engine.createVolume(VolumeCreation(name: "data")) }
            #expect(fake.requests.count == 1)
        }
    }

    @Test(arguments: ["", "null", "[]", "{}", #"{"Name":3}"#, #"{"Name":"data","Labels":[]}"#, "{\"Name\":\"da"])
    func anAnswerThatIsNoVolumeIsSaid(_ body: String) async throws {
        try await FakeEngine.run { _ in
            .status("201 Created", body)
        } _: { _, engine in
            await #expect(throws: EngineError.self) { _ = try await engine.createVolume(VolumeCreation(name: "data")) }
        }
    }

    @Test func aVolumeIsRemovedByItsNameAndForceIsOnlySaidWhenMeant() async throws {
        try await FakeEngine.run { _ in
            .status("204 No Content")
        } _: { fake, engine in
            try await engine.removeVolume("data")
            try await engine.removeVolume("a b/c", force: true)
            #expect(fake.requests.map(\.method) == ["DELETE", "DELETE"])
            #expect(fake.requests.map(\.uri) == ["/volumes/data", "/volumes/a%20b%2Fc?force=1"])
        }
        try await FakeEngine.run { _ in
            .status("409 Conflict", #"{"message":"remove data: volume is in use - [abc]"}"#)
        } _: { fake, engine in
            await #expect(throws: EngineError.conflict("remove data: volume is in use - [abc]")) {
                try await engine.removeVolume("data")
            }
            #expect(fake.requests.count == 1)
        }
    }

    @Test func onlyContainersThatMountItAreItsUsers() async throws {
        // The filter takes the place of a mount for a volume's name as well.
        let list = """
            [{"Id":"1","Names":["/web"],"State":"running","Mounts":[{"Type":"volume","Name":"data","Destination":"/d"}]},
            {"Id":"2","Names":["/other"],"State":"exited","Mounts":[{"Type":"volume","Name":"x","Destination":"data"}]},
            {"Id":"3","Names":["/old"],"State":"exited","Mounts":[{"Type":"volume","Name":"data","Destination":"/e","RW":false}]}]
            """
        try await FakeEngine.run { _ in
            .answer(list)
        } _: { fake, engine in
            let users = try await engine.containers(mounting: "data")
            #expect(users.map(\.name) == ["web", "old"])
            let uri = try #require(fake.requests.first?.uri.removingPercentEncoding)
            #expect(uri == #"/containers/json?all=1&filters={"volume":["data"]}"#)
        }
        try await FakeEngine.run { _ in
            .answer("{}")
        } _: { _, engine in
            await #expect(throws: EngineError.self) { _ = try await engine.containers(mounting: "data") }
        }
    }

    @Test(arguments: [
        (#"{"Plugins":{"Volume":["local","nfs"],"Network":["bridge"]}}"#, ["local", "nfs"]),
        (#"{"Plugins":{"Volume":null}}"#, []), (#"{"Plugins":null}"#, []), ("{}", []),
    ])
    func theDriversThatTheEngineHasAreKnown(_ body: String, _ drivers: [String]) async throws {
        try await FakeEngine.run { _ in
            .answer(body)
        } _: { _, engine in
            let info = try await engine.info()
            #expect(info.volumeDrivers == drivers)
        }
    }
}
