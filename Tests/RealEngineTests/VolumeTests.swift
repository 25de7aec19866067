import Archives
import FoundationEssentials
import Testing

@testable import Dashboard
@testable import EngineAPI

@Suite(.enabled(if: TestEngine.isGiven), .timeLimit(.minutes(2))) struct VolumeTests {
    private func withVolume(
        _ creation: VolumeCreation = VolumeCreation(name: uniqueName("volume")),
        _ body: (Engine, VolumeSummary) async throws -> Void
    ) async throws {
        let engine = try TestEngine.make()
        _ = try await engine.connect()
        let volume = try await engine.createVolume(creation)
        do { try await body(engine, volume) } catch {
            try? await engine.removeVolume(volume.name, force: true)
            await engine.shutdown()
            throw error
        }
        try? await engine.removeVolume(volume.name, force: true)
        await engine.shutdown()
    }

    /// What is left of what was made to look into a volume.
    private func temporary(of volume: String, _ engine: Engine) async throws -> [ContainerSummary] {
        try await engine.containers().filter { $0.labels[TemporaryContainer.volumeLabel] == volume }
    }

    @Test func aVolumeIsMadeListedAndRemoved() async throws {
        var creation = VolumeCreation(name: uniqueName("volume"))
        creation.driver = "local"
        creation.options = ["type": "tmpfs", "device": "tmpfs", "o": "size=1m"]
        creation.labels = ["team": "data"]
        try await withVolume(creation) { engine, volume in
            #expect(volume.driver == "local" && volume.labels == ["team": "data"] && !volume.isAnonymous)
            let listed = try #require(try await engine.volumes().first { $0.name == creation.name })
            #expect(listed.mountpoint == volume.mountpoint && listed.labels == volume.labels)
            let details = String(decoding: try await engine.inspectVolume(volume.name), as: UTF8.self)
            #expect(details.contains(#""o":"size=1m""#))
            // The Engine gives back what is there and does not say so.
            let again = try await engine.createVolume(VolumeCreation(name: volume.name))
            #expect(again.labels == volume.labels)
            try await engine.removeVolume(volume.name)
            await #expect(throws: EngineError.self) { _ = try await engine.inspectVolume(volume.name) }
            await #expect(throws: EngineError.self) { try await engine.removeVolume(volume.name) }
            try await engine.removeVolume(volume.name, force: true)
        }
    }

    @Test func aVolumeWithoutANameIsAnonymous() async throws {
        try await withVolume(VolumeCreation()) { _, volume in #expect(volume.isAnonymous) }
    }

    @Test func whatCannotBeMadeIsRefused() async throws {
        let engine = try TestEngine.make()
        _ = try await engine.connect()
        func refused(_ change: (inout VolumeCreation) -> Void) async -> String {
            var creation = VolumeCreation(name: uniqueName("never"))
            change(&creation)
            do {
                let made = try await engine.createVolume(creation)
                try await engine.removeVolume(made.name)
                return ""
            } catch { return EngineError(error).message }
        }
        #expect(await refused { $0.name = "no/slash" }.contains("invalid characters"))
        #expect(await refused { $0.driver = "nobody" }.contains("nobody"))
        #expect(await refused { $0.options = ["speed": "high"] }.contains("speed"))
        #expect(await refused { $0.options = ["type": "tmpfs"] }.contains("device"))
        #expect(await refused { $0.options = ["o": "size=1m"] }.contains("missing"))
        #expect(try await engine.info().volumeDrivers.contains("local"))
        await engine.shutdown()
    }

    @Test func theFormKnowsWhatTheEngineWouldRefuse() {
        #expect(VolumeForm.problem(withName: "no/slash") != nil && VolumeForm.problem(withName: "data-1.x_Y") == nil)
    }

    @Test func aVolumeInUseIsNotRemovedAndItsUsersAreNamed() async throws {
        try await withVolume { engine, volume in
            let (running, stopped) = (uniqueName("runs"), uniqueName("stopped"))
            try docker([
                "run", "-d", "--name", running, "-v", "\(volume.name):/d", "demo/busybox:1.35", "sleep", "1000",
            ])
            try docker(["create", "--name", stopped, "-v", "\(volume.name):/d:ro", "demo/busybox:1.35", "true"])
            #expect(Set(try await engine.containers(mounting: volume.name).map(\.name)) == [running, stopped])
            await #expect(throws: EngineError.self) { try await engine.removeVolume(volume.name) }
            do {
                _ = try await RemoveVolumesJob(names: [volume.name]).run(on: engine) { _ in }
                Issue.record("a volume that is in use was removed")
            } catch let error as JobError {
                #expect(
                    error.message.contains("\(running) (running)") && error.message.contains("\(stopped) (created)"))
                // No numbers that nobody reads.
                #expect(!error.message.contains("["))
            }
            // Of several, those that can be go.
            let other = try await engine.createVolume(VolumeCreation(name: uniqueName("free")))
            do {
                _ = try await RemoveVolumesJob(names: [volume.name, other.name]).run(on: engine) { _ in }
                Issue.record("a volume that is in use was removed")
            } catch let error as JobError {
                #expect(error.message.hasPrefix("1 of 2 removed; \(volume.name): it is in use by"))
                #expect(error.notes.contains("removed \(other.name)"))
            }
            try docker(["rm", "-f", running, stopped])
            _ = try await RemoveVolumesJob(names: [volume.name]).run(on: engine) { _ in }
            await #expect(throws: EngineError.self) { _ = try await engine.inspectVolume(volume.name) }
        }
    }

    @Test func whatIsTakenIsSaidAndNotGivenBackAsNew() async throws {
        try await withVolume { engine, volume in
            await #expect(throws: JobError.self) {
                _ = try await CreateVolumeJob(creation: VolumeCreation(name: volume.name)).run(on: engine) { _ in }
            }
            let name = uniqueName("made")
            let outcome = try await CreateVolumeJob(creation: VolumeCreation(name: name)).run(on: engine) { _ in }
            #expect(outcome.shows == .resource(.volume(name)))
            try await engine.removeVolume(name)
        }
    }

    // MARK: What is in it

    private func container(_ volume: VolumeSummary, _ engine: Engine, isWritable: Bool = false) async throws
        -> TemporaryContainer
    {
        TemporaryContainer(
            volume: volume.name, tail: uniqueName("t"), images: try await engine.images(), isWritable: isWritable)
    }

    @Test func aVolumeThatNobodyMountsIsReadThroughAContainerThatNeverRan() async throws {
        try await withVolume { engine, volume in
            try docker([
                "run", "--rm", "-v", "\(volume.name):/d", "demo/busybox:1.35", "sh", "-c",
                "mkdir /d/sub; echo one >/d/sub/one; echo two >/d/two; ln -s /etc /d/link",
            ])
            let temporary = try await container(volume, engine)
            let names = try await temporary.lend(on: engine) {
                let made = try #require(try await self.temporary(of: volume.name, engine).first)
                #expect(made.name == temporary.name && made.state == .created && made.isTemporary)
                let details = try await engine.inspect(temporary.id)
                #expect(String(decoding: details.json, as: UTF8.self).contains(#""NetworkMode":"none""#))
                let owner = try #require(TemporaryOwner(label: made.labels[TemporaryContainer.ownerLabel] ?? ""))
                #expect(owner.life(created: made.created, now: Date()) == .own)
                // Nothing can be written through it.
                let scratch = Scratch()
                scratch.sh("echo x >new")
                let copy = CopyInJob(
                    container: temporary.id, name: temporary.name, source: scratch.path + "/new",
                    folder: TemporaryContainer.place)
                await #expect(throws: JobError.self) { _ = try await copy.run(on: engine) { _ in } }
                let lister = FileLister(
                    engine: engine, container: temporary.id, path: TemporaryContainer.place, isRunning: false)
                return try await lister.list { _ in }.files.map(\.name)
            }
            #expect(names == ["sub", "link", "two"])
            #expect(try await self.temporary(of: volume.name, engine).isEmpty)
        }
    }

    @Test func itGoesWhateverHappens() async throws {
        try await withVolume { engine, volume in
            struct Stumble: Error {}
            let first = try await container(volume, engine)
            await #expect(throws: Stumble.self) { try await first.lend(on: engine) { throw Stumble() } }
            #expect(try await self.temporary(of: volume.name, engine).isEmpty)
            let second = try await container(volume, engine)
            let task = Task {
                try await second.lend(on: engine) { try await Task.sleep(for: .seconds(1_000)) }
            }
            try await eventually("it is made") { try await !self.temporary(of: volume.name, engine).isEmpty }
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(try await self.temporary(of: volume.name, engine).isEmpty)
            // Cancelled before it was made: what was asked for is taken back.
            let third = try await container(volume, engine)
            let early = Task { try await third.lend(on: engine) { try await Task.sleep(for: .seconds(1_000)) } }
            early.cancel()
            await #expect(throws: (any Error).self) { try await early.value }
            #expect(try await self.temporary(of: volume.name, engine).isEmpty)
        }
    }

    @Test func itIsNotMadeOfAVolumeThatIsGoneNorOfNothing() async throws {
        try await withVolume { engine, volume in
            let gone = TemporaryContainer(volume: uniqueName("gone"), tail: "1", images: try await engine.images())
            await #expect(throws: EngineError.self) { try await gone.lend(on: engine) {} }
            await #expect(throws: EngineError.self) { _ = try await engine.inspectVolume(gone.volume) }
            let none = TemporaryContainer(volume: volume.name, tail: uniqueName("n"), images: [])
            await #expect(throws: EngineError.self) { try await none.lend(on: engine) {} }
        }
    }

    @Test func aFileIsCopiedInThroughAContainerOfItsOwnAndOutAgain() async throws {
        try await withVolume { engine, volume in
            let scratch = Scratch()
            scratch.sh("mkdir -p tree/sub && echo one >tree/sub/one && echo x >x")
            var job = CopyIntoVolumeJob(
                temporary: try await container(volume, engine, isWritable: true), source: scratch.path + "/tree",
                folder: "/")
            let outcome = try await job.run(on: engine) { _ in }
            #expect(outcome.summary?.hasPrefix("copied \(scratch.path)/tree to \(volume.name):/tree (1 file") == true)
            #expect(try await self.temporary(of: volume.name, engine).isEmpty)
            #expect(
                try docker(["run", "--rm", "-v", "\(volume.name):/d", "demo/busybox:1.35", "cat", "/d/tree/sub/one"])
                    == "one")
            // What is there is asked about, and replaced by a job that makes a container of its own again.
            do {
                _ = try await job.run(on: engine) { _ in }
                Issue.record("what was there was overwritten")
            } catch let error as JobError {
                #expect(error.message == "\(volume.name):/tree is there already")
                let again = try #require(error.offer?.job as? CopyIntoVolumeJob)
                _ = try await again.run(on: engine) { _ in }
            }
            job = CopyIntoVolumeJob(
                temporary: job.temporary, source: scratch.path + "/x", folder: "/no/such")
            await #expect(throws: (any Error).self) { _ = try await job.run(on: engine) { _ in } }
            #expect(try await self.temporary(of: volume.name, engine).isEmpty)
            let reader = try await container(volume, engine)
            try await reader.lend(on: engine) {
                var out = CopyOutJob(
                    container: reader.id, name: reader.name, path: "/volume/tree", target: scratch.path + "/out")
                out.volume = BrowsedVolume(name: volume.name, root: TemporaryContainer.place)
                let outcome = try await out.run(on: engine) { _ in }
                #expect(outcome.summary?.hasPrefix("copied \(volume.name):/tree to \(scratch.path)/out") == true)
            }
            #expect(scratch.sh("cat out/sub/one") == "one\n")
        }
    }
}
