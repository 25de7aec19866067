import EngineAPI
import Testing

@testable import DemoEngine

@Suite struct DemoCreateTests {
    private func creation(_ image: String = "redis:7.4-alpine") -> ContainerCreation {
        var creation = ContainerCreation()
        creation.configuration.image = image
        return creation
    }

    @Test func whatIsMadeIsListedAndRuns() async throws {
        try await withDemo { _, engine async throws in
            var creation = self.creation()
            creation.configuration.command = ["redis-server", "--save", ""]
            creation.configuration.labels = ["team": "shop"]
            creation.host.portBindings = ["6379/tcp": [.init(hostPort: "16379")]]
            creation.host.binds = ["cache:/data"]
            creation.host.memory = 64 << 20
            creation.host.networkMode = "shop_back"
            let created = try await engine.create(creation, name: "cache-2")
            #expect(created.warnings.isEmpty)
            let listed = try #require(try await engine.containers(ids: [created.id]).first)
            #expect(listed.name == "cache-2" && listed.state == .created)
            try await engine.start(created.id)
            let details = try await engine.inspect(created.id).value
            #expect(details.state.state == .running)
            #expect(details.labels == ["team": "shop"])
            #expect(details.arguments == ["--save", ""])
            #expect(details.memoryLimit == 64 << 20)
            #expect(details.ports.first?.publicPort == 16379)
            #expect(details.mounts.map(\.name) == ["cache"])
            #expect(try await engine.volumes().contains { $0.name == "cache" })
            let origin = try await engine.origin(of: created.id)
            #expect(origin.configuration.command == ["redis-server", "--save", ""])
            try await engine.remove(created.id, force: true)
            #expect(try await engine.containers(ids: [created.id]).isEmpty)
        }
    }

    @Test func aNameIsMadeUpAndEventsTell() async throws {
        try await withDemo { _, engine async throws in
            let events = try await engine.events()
            let created = try await engine.create(self.creation())
            let listed = try #require(try await engine.containers(ids: [created.id]).first)
            #expect(!listed.name.isEmpty)
            for try await batch in events {
                let mine = batch.filter { $0.actorID == created.id.rawValue }
                if mine.contains(where: { $0.action == "create" && $0.attributes["name"] == listed.name }) { break }
            }
        }
    }

    @Test func whatARealEngineRefuses() async throws {
        try await withDemo { _, engine async throws in
            await #expect(throws: EngineError.notFound("No such image: nobody/here:latest")) {
                try await engine.create(self.creation("nobody/here"))
            }
            let taken = await #expect(throws: EngineError.self) {
                try await engine.create(self.creation(), name: "shop-db-1")
            }
            guard case .conflict(let message)? = taken else {
                Issue.record("\(String(describing: taken))")
                return
            }
            #expect(message.contains("already in use by container"))
            let bad = await #expect(throws: EngineError.self) { try await engine.create(self.creation(), name: "-x") }
            #expect(bad?.message.contains("Invalid container name (-x)") == true)
        }
    }

    @Test func aPortThatIsPublishedAlready() async throws {
        try await withDemo { _, engine async throws in
            var creation = self.creation()
            creation.host.portBindings = ["80/tcp": [.init(hostPort: "8080")]]
            let created = try await engine.create(creation, name: "late")
            let error = await #expect(throws: EngineError.self) { try await engine.start(created.id) }
            #expect(error?.message.contains("0.0.0.0:8080 failed: port is already allocated") == true)
            #expect(try await engine.inspect(created.id).value.state.state == .created)
        }
    }

    @Test func bodiesThatAreNone() {
        var host = DemoHost(epoch: 1_000 * .day)
        for body in ["", "{", "[]", "{\"Image\":3}", "{}"] {
            #expect(host.answer("POST", "/containers/create", body: body).hasPrefix("400 "))
        }
    }
}
