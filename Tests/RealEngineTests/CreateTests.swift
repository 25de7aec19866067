import Foundation
import Testing

@testable import EngineAPI

/// Makes a container, gives it to `body`, and removes it whatever happens.
private func withCreated(
    _ change: (inout ContainerCreation) -> Void, name: String? = nil,
    _ body: (Engine, CreatedContainer) async throws -> Void
) async throws {
    let engine = try TestEngine.make()
    try await engine.negotiate()
    var creation = ContainerCreation()
    creation.configuration.image = "demo/busybox:1.35"
    creation.configuration.command = ["sh", "-c", "while :; do sleep 1; done"]
    creation.configuration.stopSignal = "KILL"
    change(&creation)
    let created = try await engine.create(creation, name: name)
    let result: Result<Void, any Error>
    do { result = .success(try await body(engine, created)) } catch { result = .failure(error) }
    do { try await engine.remove(created.id, force: true, volumes: true) } catch EngineError.notFound {}
    await engine.shutdown()
    try result.get()
}

@Suite(.enabled(if: TestEngine.isGiven, "GANTRY_TEST_ENGINE names no Engine"), .timeLimit(.minutes(2)))
struct RealCreate {
    @Test func portsMountsLimitsAndLabels() async throws {
        let (name, volume) = (uniqueName("created"), uniqueName("volume"))
        defer { _ = try? docker(["volume", "rm", "-f", volume]) }
        try await withCreated(
            {
                $0.configuration.labels = ["team": "shop"]
                $0.configuration.environment = ["A=1"]
                $0.configuration.user = "1000:1000"
                $0.configuration.workingDirectory = "/tmp"
                $0.configuration.hostname = "inside"
                $0.configuration.tty = true
                $0.configuration.openStdin = true
                $0.configuration.exposedPorts = ["80/tcp": EmptyObject()]
                $0.host.portBindings = ["80/tcp": [.init(hostIP: "127.0.0.1", hostPort: "")]]
                $0.host.binds = ["\(volume):/data:ro", "/tmp:/host"]
                $0.host.mounts = [.init(type: "tmpfs", target: "/scratch")]
                $0.host.memory = 64 << 20
                $0.host.nanoCPUs = 500_000_000
                $0.host.restartPolicy = .init(name: "on-failure", maximumRetryCount: 3)
                $0.host.runsInit = true
                $0.host.capAdd = ["NET_ADMIN"]
            }, name: name
        ) { engine, created in
            let made = try await engine.inspect(created.id).value
            #expect(made.name == name && made.state.state == .created)
            try await engine.start(created.id)
            let details = try await engine.inspect(created.id).value
            #expect(details.labels == ["team": "shop"])
            #expect(details.environment.contains("A=1"))
            #expect(details.user == "1000:1000" && details.workingDirectory == "/tmp" && details.hostname == "inside")
            #expect(details.tty && details.openStdin)
            #expect(details.memoryLimit == 64 << 20 && details.nanoCPUs == 500_000_000)
            #expect(details.restartPolicy.name == "on-failure" && details.restartPolicy.maximumRetryCount == 3)
            #expect(details.ports.first?.hostIP == "127.0.0.1" && (details.ports.first?.publicPort ?? 0) > 0)
            #expect(Set(details.mounts.map(\.destination)) == ["/data", "/host", "/scratch"])
            #expect(try await engine.volumes().contains { $0.name == volume })
            let origin = try await engine.origin(of: created.id)
            #expect(origin.name == name && origin.host.capAdd?.count == 1 && origin.host.runsInit == true)
            let image = try await engine.origin(ofImage: origin.imageID)
            #expect(origin.leftOut(image: image) == [])
            #expect(origin.host.binds == ["\(volume):/data:ro", "/tmp:/host"])
        }
    }

    @Test func aliasesInANetworkOfOnesOwn() async throws {
        let network = uniqueName("net")
        try docker(["network", "create", network])
        defer { _ = try? docker(["network", "rm", network]) }
        try await withCreated({
            $0.host.networkMode = network
            $0.endpoints[network] = .init(aliases: ["here"])
        }) { engine, created in
            try await engine.start(created.id)
            #expect(try await engine.inspect(created.id).value.networks.first?.aliases.contains("here") == true)
            #expect(try await engine.origin(of: created.id).aliases[network]?.contains("here") == true)
            try await withCreated({
                $0.host.networkMode = network
                $0.configuration.command = ["sh", "-c", "nslookup here 127.0.0.11 && echo found"]
            }) { engine, asking in
                try await engine.start(asking.id)
                let lines = try await engine.logs(asking.id, tty: false, follow: true).texts().map(\.1)
                #expect(lines.last == "found", "\(lines)")
            }
        }
    }

    @Test func whatAnotherOneWouldNotHaveIsNamed() async throws {
        let network = uniqueName("net")
        try docker(["network", "create", network])
        defer { _ = try? docker(["network", "rm", network]) }
        let options = [
            "--ulimit", "nofile=64", "--health-cmd", "true", "--cpu-shares", "512", "--sysctl", "net.ipv4.ip_forward=1",
        ]
        try await withContainer("sleep 1000", options) { engine, container in
            try docker(["network", "connect", network, container.rawValue])
            let origin = try await engine.origin(of: container)
            let image = try await engine.origin(ofImage: origin.imageID)
            #expect(
                origin.leftOut(image: image) == [
                    "CpuShares", "Healthcheck", "Sysctls", "Ulimits", "network \(network)",
                ])
        }
    }

    @Test func whatIsRemovedWhenItEnds() async throws {
        try await withCreated({
            $0.configuration.command = ["true"]
            $0.host.autoRemove = true
        }) { engine, created in
            try await engine.start(created.id)
            try await eventually("it is gone") {
                try await engine.containers(ids: [created.id]).isEmpty
            }
        }
    }

    @Test func aNameThatIsTakenAndAnImageThatIsNotThere() async throws {
        let name = uniqueName("taken")
        try await withCreated({ _ in }, name: name) { engine, created in
            var creation = ContainerCreation()
            creation.configuration.image = "demo/busybox:1.35"
            creation.configuration.command = ["true"]
            let taken = await #expect(throws: EngineError.self) { try await engine.create(creation, name: name) }
            guard case .conflict(let message)? = taken else {
                Issue.record("\(String(describing: taken))")
                return
            }
            #expect(message.contains("already in use") && message.contains(created.id.rawValue))
            creation.configuration.image = "nobody/here:1"
            let missing = await #expect(throws: EngineError.self) { try await engine.create(creation) }
            guard case .notFound(let message)? = missing else {
                Issue.record("\(String(describing: missing))")
                return
            }
            #expect(message.contains("No such image: nobody/here:1"))
        }
    }

    @Test func whatTheImageGivesAnyway() async throws {
        let engine = try TestEngine.make()
        try await engine.negotiate()
        let defaults = try await engine.origin(ofImage: "demo/busybox:1.35").configuration
        #expect(defaults.command ?? [] == [] && defaults.labels ?? [:] == [:])
        await #expect(throws: EngineError.self) { try await engine.origin(ofImage: "nobody/here") }
        await engine.shutdown()
    }
}
