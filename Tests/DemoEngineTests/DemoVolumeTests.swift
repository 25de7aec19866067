import Archives
import EngineAPI
import Foundation
import Testing

@testable import Dashboard
@testable import DemoEngine

/// Volumes of the demo, through Gantry's own client and jobs.
@Suite(.timeLimit(.minutes(1))) struct DemoVolumeTests {
    private func names(
        in path: String, of container: ContainerID, _ engine: Engine
    ) async throws -> [String] {
        let lister = FileLister(engine: engine, container: container, path: path, isRunning: false)
        return try await lister.list { _ in }.files.map(\.name)
    }

    private func scratch(_ files: [String: String]) throws -> String {
        let path = NSTemporaryDirectory() + "gantry-demo-volume-\(UInt32.random(in: 0 ... .max))"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        for (name, text) in files { try text.write(toFile: path + "/" + name, atomically: true, encoding: .utf8) }
        return path
    }

    @Test func whatOneContainerWritesAnotherSees() async throws {
        let folder = try scratch(["note.txt": "hello"])
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await withDemo { _, engine async throws in
            let db = ContainerID("shop-db-1")
            let copy = CopyInJob(
                container: db, name: "shop-db-1", source: folder + "/note.txt", folder: "/var/lib/postgresql/data")
            _ = try await copy.run(on: engine) { _ in }
            let images = try await engine.images()
            let temporary = TemporaryContainer(volume: "shop_db-data", tail: "t1", images: images)
            let seen = try await temporary.lend(on: engine) {
                #expect(
                    try await engine.containers(mounting: "shop_db-data").map(\.name).sorted() == [
                        temporary.name, "shop-db-1",
                    ])
                return try await names(in: TemporaryContainer.place, of: temporary.id, engine)
            }
            #expect(seen == ["PG_VERSION", "note.txt", "pg_hba.conf", "postgresql.conf"])
            #expect(try await engine.containers(mounting: "shop_db-data").map(\.name) == ["shop-db-1"])
            // It is no change of the container.
            #expect(try await engine.changes(of: db).kept.allSatisfy { !$0.path.contains("note.txt") })
        }
    }

    @Test func aNewVolumeIsEmptyIsWrittenToAndLosesAllWhenItGoes() async throws {
        let folder = try scratch(["note.txt": "hello"])
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await withDemo { _, engine async throws in
            var creation = VolumeCreation(name: "fresh")
            creation.labels = ["team": "web"]
            let outcome = try await CreateVolumeJob(creation: creation).run(on: engine) { _ in }
            #expect(outcome.shows == .resource(.volume("fresh")))
            let images = try await engine.images()
            let reader = TemporaryContainer(volume: "fresh", tail: "r", images: images)
            let writer = TemporaryContainer(volume: "fresh", tail: "w", images: images, isWritable: true)
            try await reader.lend(on: engine) {
                #expect(try await names(in: TemporaryContainer.place, of: reader.id, engine).isEmpty)
                let refused = CopyInJob(
                    container: reader.id, name: reader.name, source: folder + "/note.txt",
                    folder: TemporaryContainer.place)
                let error = await #expect(throws: JobError.self) { _ = try await refused.run(on: engine) { _ in } }
                #expect(error?.message.contains("marked read-only") == true)
                let job = CopyIntoVolumeJob(temporary: writer, source: folder + "/note.txt", folder: "/")
                _ = try await job.run(on: engine) { _ in }
                #expect(try await names(in: TemporaryContainer.place, of: reader.id, engine) == ["note.txt"])
                // Who looks into it is in the way of its removal, and named.
                let inUse = await #expect(throws: JobError.self) {
                    _ = try await RemoveVolumesJob(names: ["fresh"]).run(on: engine) { _ in }
                }
                #expect(inUse?.message == "it is in use by gantry-volume-fresh-r (left by a Gantry)")
            }
            #expect(try await engine.diskUse().volumes.first { $0.name == "fresh" }?.size == 5)
            _ = try await RemoveVolumesJob(names: ["fresh"]).run(on: engine) { _ in }
            _ = try await CreateVolumeJob(creation: creation).run(on: engine) { _ in }
            let left = try await reader.lend(on: engine) {
                try await names(in: TemporaryContainer.place, of: reader.id, engine)
            }
            #expect(left.isEmpty)
        }
    }

    @Test func anEmptyVolumeGetsWhatTheImageHasUnlessToldNotTo() async throws {
        try await withDemo { _, engine async throws in
            func mounted(_ volume: String, copies: Bool) async throws -> [String] {
                var creation = ContainerCreation()
                creation.configuration.image = "postgres:16.4"
                creation.configuration.command = ["true"]
                var mount = HostConfiguration.Mount(type: "volume", source: volume, target: "/var/lib/postgresql/data")
                mount.volume = .init(noCopy: copies ? nil : true)
                creation.host.mounts = [mount]
                let made = try await engine.create(creation, name: volume + "-user")
                return try await names(in: "/var/lib/postgresql/data", of: made.id, engine)
            }
            #expect(try await mounted("full", copies: true) == ["PG_VERSION", "pg_hba.conf", "postgresql.conf"])
            #expect(try await mounted("bare", copies: false).isEmpty)
        }
    }

    @Test func whatCannotBeIsRefusedAsAnEngineDoes() async throws {
        try await withDemo { _, engine async throws in
            let taken = await #expect(throws: JobError.self) {
                _ = try await CreateVolumeJob(creation: VolumeCreation(name: "shop_db-data")).run(on: engine) { _ in }
            }
            #expect(taken?.message == "there is a volume shop_db-data already")
            let inUse = await #expect(throws: JobError.self) {
                _ = try await RemoveVolumesJob(names: ["shop_db-data"]).run(on: engine) { _ in }
            }
            #expect(inUse?.message == "it is in use by shop-db-1 (running)")
            var creation = VolumeCreation(name: "odd")
            creation.driver = "nobody"
            await #expect(throws: EngineError.self) { _ = try await engine.createVolume(creation) }
            #expect(try await engine.info().volumeDrivers == ["local"])
        }
    }
}
