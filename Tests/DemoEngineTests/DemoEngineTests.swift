import EngineAPI
import FoundationEssentials
import Glibc
import Testing

@testable import DemoEngine

/// Runs a test against a simulated Engine and a client of it, and ends both.
func withDemo(
    containers: Int = 15, faults: DemoFaults = .init(), engine options: EngineOptions = .init(),
    _ body: @escaping @Sendable (DemoEngine, Engine) async throws -> Void
) async throws {
    var demoOptions = DemoOptions()
    demoOptions.containers = containers
    demoOptions.faults = faults
    let demo = try DemoEngine(demoOptions)
    let engine = Engine(address: demo.address, options: options)
    do { try await within { try await body(demo, engine) } } catch {
        await engine.shutdown()
        await demo.stop()
        throw error
    }
    await engine.shutdown()
    await demo.stop()
}

/// Ends work that takes too long, so that a broken test fails instead of hanging.
func within<Value: Sendable>(
    _ limit: Duration = .seconds(120), _ work: @escaping @Sendable () async throws -> Value
) async throws -> Value {
    try await withThrowingTaskGroup(of: Value.self) { group in
        group.addTask { try await work() }
        group.addTask {
            try await Task.sleep(for: limit)
            throw EngineError.timedOut("the test")
        }
        defer { group.cancelAll() }
        guard let value = try await group.next() else { throw EngineError.cancelled }
        return value
    }
}

/// Waits until something holds, asking again and again; fails after a limit.
func eventually(
    _ what: Comment, within limit: Duration = .seconds(20), _ holds: () async throws -> Bool
) async throws {
    let end = ContinuousClock.now + limit
    while try await !holds() {
        try #require(ContinuousClock.now < end, what)
        try await Task.sleep(for: .milliseconds(20))
    }
}

extension LogStream {
    /// Lines until the end, or until there are enough.
    func texts(_ count: Int = .max) async throws -> [(source: LogSource, text: String)] {
        var texts: [(LogSource, String)] = []
        for try await batch in self {
            texts += batch.lines.map { ($0.source, batch.string(of: $0)) }
            if texts.count >= count { break }
        }
        return texts
    }
}

@Suite struct DemoEngineTests {
    private static let db = ContainerID("shop-db-1")

    @Test func theClientConnectsAndSeesThatItIsTheDemo() async throws {
        try await withDemo { _, engine async throws in
            let version = try await engine.connect()
            #expect(version.name == "Demo Engine")
            #expect(version.api == APIVersion(1, 51))
            let info = try await engine.info()
            #expect(info.name == "demo")
            #expect((info.containers, info.running, info.stopped) == (15, 13, 2))
            #expect(info.images == Shop.images.count)
            #expect(abs(try #require(info.systemTime).timeIntervalSinceNow) < 60)
        }
    }

    @Test func theClientListsAndInspectsAllThereIs() async throws {
        try await withDemo { _, engine async throws in
            try await engine.negotiate()
            let containers = try await engine.containers()
            #expect(containers.count == 15)
            #expect(try await engine.containers(all: false).count == 13)
            // The one that crashes may do so between the two answers.
            for container in containers where container.name != "shop-payments-1" {
                let details = try await engine.inspect(container.id).value
                #expect(details.name == container.name)
                #expect(details.imageID == container.imageID)
                #expect(details.state.state == container.state)
                #expect(details.labels == container.labels)
                #expect((details.state.health?.status ?? .none) == container.health)
                #expect(details.networks.map(\.name) == container.networks)
                #expect(details.mounts == container.mounts)
            }
            let db = try #require(containers.first { $0.name == "shop-db-1" })
            #expect(db.ports.contains { $0.publicPort == 15432 && $0.privatePort == 5432 })
            #expect(try await engine.containers(ids: [db.id]).map(\.id) == [db.id])
            #expect(try await engine.inspect(Self.db).value.id == db.id)
            #expect(try await engine.inspect(ContainerID(db.id.short)).value.id == db.id)
            let top = try await engine.top(db.id)
            #expect(top.titles.contains("PID") && !top.processes.isEmpty)
            #expect(top.processes.allSatisfy { $0.count == top.titles.count })
            #expect(try await engine.top(db.id, arguments: "aux").titles.contains("%CPU"))
            let images = try await engine.images()
            #expect(images.contains { $0.tags == ["postgres:16.4"] && $0.id == db.imageID })
            #expect(images.contains { $0.dangling })
            let image = String(
                decoding: try await engine.inspectImage("registry.example.com/shop/cart:1.9.3"), as: UTF8.self)
            #expect(image.contains("shop/cart"))
            let volumes = try await engine.volumes()
            #expect(volumes.contains { $0.name == "shop_db-data" } && volumes.contains { $0.isAnonymous })
            let volume = String(decoding: try await engine.inspectVolume("shop_db-data"), as: UTF8.self)
            #expect(volume.contains("Mountpoint"))
            let networks = try await engine.networks()
            #expect(networks.first { $0.name == "shop_back" }?.subnets == ["172.19.0.0/16"])
            let network = String(decoding: try await engine.inspectNetwork("shop_back"), as: UTF8.self)
            #expect(network.contains("shop-db-1"))
        }
    }

    @Test func whatIsNotThereIsNotFound() async throws {
        try await withDemo { _, engine async throws in
            let nobody = ContainerID("nobody")
            let missing = EngineError.notFound("No such container: nobody")
            await #expect(throws: missing) { try await engine.inspect(nobody) }
            await #expect(throws: missing) { try await engine.top(nobody) }
            await #expect(throws: missing) { try await engine.kill(nobody) }
            await #expect(throws: missing) { try await engine.start(nobody) }
            await #expect(throws: missing) { try await engine.remove(nobody) }
            await #expect(throws: missing) { _ = try await engine.logs(nobody, tty: false, follow: false) }
            await #expect(throws: missing) { _ = try await engine.stats(nobody) }
            await #expect(throws: EngineError.notFound("No such image: nothing")) {
                try await engine.inspectImage("nothing")
            }
            await #expect(throws: EngineError.notFound("get nothing: no such volume")) {
                try await engine.inspectVolume("nothing")
            }
            await #expect(throws: EngineError.notFound("network nothing not found")) {
                try await engine.inspectNetwork("nothing")
            }
        }
    }

    @Test func everyActionChangesTheStateAndIsToldInOrder() async throws {
        try await withDemo { _, engine async throws in
            let events = try await engine.events()
            let id = try await engine.inspect(Self.db).value.id
            func state() async throws -> ContainerState { try await engine.inspect(id).value.state.state }
            #expect(try await !engine.start(id), "it runs already")
            try await engine.pause(id)
            #expect(try await state() == .paused)
            try await engine.unpause(id)
            #expect(try await engine.stop(id))
            #expect(try await state() == .exited)
            #expect(try await !engine.stop(id))
            await #expect(throws: EngineError.self) { try await engine.kill(id) }
            await #expect(throws: EngineError.self) { try await engine.pause(id) }
            #expect(try await engine.start(id))
            try await engine.restart(id)
            #expect(try await state() == .running)
            try await engine.kill(id, signal: .kill)
            try await eventually("the kill ends it") { try await state() == .exited }
            #expect(try await engine.inspect(id).value.state.exitCode == 137)
            try await engine.remove(id)
            await #expect(throws: EngineError.notFound("No such container: \(id)")) { try await engine.inspect(id) }
            var told: [String] = []
            for try await batch in events {
                told += batch.filter { $0.actorID == id.rawValue }.map(\.action)
                if told.last == "destroy" { break }
            }
            #expect(
                told == [
                    "pause", "unpause", "kill", "die", "stop", "start", "kill", "die", "stop", "start", "restart",
                    "kill", "die", "destroy",
                ])
            let remembered = try await engine.events(of: id)
            #expect(remembered.map(\.action) == told)
            #expect(remembered.first { $0.action == "die" }?.attributes["exitCode"] == "0")
        }
    }

    @Test func logsFollowAndEndWithTheirContainer() async throws {
        try await withDemo { _, engine async throws in
            let clicks = ContainerID("shop-clickstream-1")
            let last = try await engine.logs(clicks, tty: false, follow: false, tail: 7).texts()
            #expect(last.count == 7)
            let following = try await engine.logs(clicks, tty: false, follow: true, tail: 10)
            async let all = following.texts()
            _ = try await engine.logs(clicks, tty: false, follow: true, tail: 0).texts(5)
            try await engine.stop(clicks)
            let texts = try await all
            #expect(texts.count >= 15)
            #expect(texts.last?.text == "received SIGTERM, shutting down")
            let errors = try await engine.logs(
                ContainerID("shop-payments-1"), tty: false, follow: false, stdout: false)
            #expect(try await errors.texts().allSatisfy { $0.source == .stderr })
            let raw = try await engine.logs(ContainerID("shop-cache-1"), tty: true, follow: false, tail: 3).texts()
            #expect(raw.count == 3 && raw.allSatisfy { !$0.text.contains("\r") })
        }
    }

    @Test func statsComeEverySecondAndMakeSense() async throws {
        try await withDemo { _, engine async throws in
            var samples: [StatsSample] = []
            for try await sample in try await engine.stats(ContainerID("shop-search-1")) {
                samples.append(sample)
                if samples.count == 3 { break }
            }
            #expect(samples[0].cpuPercent == nil)
            let percent = try #require(samples[2].cpuPercent)
            #expect((20...120).contains(percent))
            #expect(samples[2].cpuTotal > samples[1].cpuTotal)
            #expect(Double(samples[2].memory) > 0.9 * Double(samples[2].memoryLimit))
            #expect(samples[2].networkPresent && samples[2].networkReceived > samples[0].networkReceived)
            for try await sample in try await engine.stats(ContainerID("shop-migrate-1")) {
                #expect(sample.memoryUsage == 0 && sample.cpuTotal == 0)
                break
            }
        }
    }

    @Test func tenThousandContainersAreListed() async throws {
        try await withDemo(containers: 10_000) { _, engine async throws in
            try await engine.negotiate()
            #expect(try await engine.containers().count == 10_000)
        }
    }

    @Test func itsFolderIsPrivateAndGoneAfterwards() async throws {
        let demo = try DemoEngine()
        var status = stat()
        #expect(stat(demo.folder, &status) == 0)
        #expect(status.st_mode & 0o777 == 0o700)
        await demo.stop()
        #expect(stat(demo.folder, &status) != 0)
    }

    @Test func connectionsThatGoAwayAreForgotten() async throws {
        try await withDemo { demo, engine async throws in
            for _ in 0..<20 {
                let stream = try await engine.logs(ContainerID("shop-gateway-1"), tty: false, follow: true, tail: 1)
                #expect(try await stream.texts(1).count >= 1)
            }
            await engine.shutdown()
            try await eventually("all are gone") { try await demo.connections == 0 }
        }
    }
}
