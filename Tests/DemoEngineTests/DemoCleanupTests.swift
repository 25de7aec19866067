import EngineAPI
import Foundation
import Synchronization
import Testing

@testable import Dashboard
@testable import DemoEngine

/// Cleaning up, on a simulated Engine: what the dashboard lists there goes, and what goes wrong is told.
@Suite struct DemoCleanupTests {
    private static let everything = Set(CleanupKind.allCases)

    private func plan(_ engine: Engine, _ chosen: Set<CleanupKind> = everything) async throws -> [CleanupItem] {
        let listing = try await CleanupListing.of(engine)
        let use = try await engine.diskUse()
        return CleanupPlan(listing, use, .init(), going: chosen, now: Date()).items(of: chosen)
    }

    private func job(_ items: [CleanupItem]) -> CleanupJob { CleanupJob(items: items, docker: "", before: nil) }

    /// One of every kind that nobody uses.
    private func fill(_ engine: Engine) async throws {
        _ = try await engine.createVolume(VolumeCreation(name: "spare"))
        _ = try await engine.createVolume(VolumeCreation())
        _ = try await engine.createNetwork(NetworkCreation(name: "spare"))
    }

    @Test func whatIsListedGoesAndTheRestStays() async throws {
        try await withDemo { _, engine in
            try await fill(engine)
            let before = try await CleanupListing.of(engine)
            let items = try await plan(engine)
            let kinds = Set(items.map(\.kind))
            for kind in [CleanupKind.containers, .networks, .namedVolumes, .anonymousVolumes] {
                #expect(kinds.contains(kind), "\(kind)")
            }
            let outcome = try await job(items).run(on: engine) { _ in }
            #expect(outcome.summary?.hasPrefix("removed \(CleanupSum(items).words)") == true)
            #expect(try await plan(engine).isEmpty)
            let after = try await CleanupListing.of(engine)
            let gone = Set(items.map(\.id))
            #expect(after.containers.map(\.id) == before.containers.map(\.id).filter { !gone.contains($0.rawValue) })
            #expect(Set(after.images.map(\.id)) == Set(before.images.map(\.id)).subtracting(gone))
            #expect(Set(after.volumes.map(\.name)) == Set(before.volumes.map(\.name)).subtracting(gone))
            #expect(Set(after.networks.map(\.id)) == Set(before.networks.map(\.id)).subtracting(gone))
        }
    }

    @Test func whatTheEngineDoesNotAnswerIsNotTakenForDone() async throws {
        try await withDemo { demo, engine in
            for number in 0..<12 { _ = try await engine.createVolume(VolumeCreation(name: "spare-\(number)")) }
            let items = try await plan(engine, [.namedVolumes]).filter { $0.name.hasPrefix("spare-") }
            try #require(items.count == 12)
            try await demo.set(DemoFaults([.init(.closed, prefix: "/volumes/spare-", times: 4)]))
            await #expect {
                _ = try await job(items).run(on: engine) { _ in }
            } throws: { error in
                guard let error = error as? JobError else { return false }
                // Four were on their way at once; nothing is sent any more after the first that got no answer.
                return error.message.hasPrefix("removed 0 of 12") && error.message.contains("not tried")
                    && error.notes.contains { $0.hasSuffix("it may have been done all the same") }
                    && error.notes.count == 13
            }
            #expect(try await engine.volumes().count { $0.name.hasPrefix("spare-") } == 12)
        }
    }

    @Test func anErrorOfOneThingIsNoneOfTheOthers() async throws {
        try await withDemo { demo, engine in
            for name in ["bad", "good"] { _ = try await engine.createVolume(VolumeCreation(name: name)) }
            let items = try await plan(engine, [.namedVolumes]).filter { ["bad", "good"].contains($0.name) }
            try await demo.set(
                DemoFaults([.init(.error(status: 500, message: "driver\u{1B} failed"), prefix: "/volumes/bad")]))
            await #expect { _ = try await job(items).run(on: engine) { _ in } } throws: {
                ($0 as? JobError)?.message == "removed 1 of 2, 0B: bad: driver\u{1B} failed"
            }
            #expect(try await engine.volumes().filter { ["bad", "good"].contains($0.name) }.map(\.name) == ["bad"])
        }
    }

    @Test func progressCountsEveryThingOnce() async throws {
        try await withDemo { _, engine in
            try await fill(engine)
            let items = try await plan(engine)
            let counts = Mutex<[Int]>([])
            _ = try await job(items).run(on: engine) { news in
                if case .count(let done, let all) = news, all == items.count { counts.withLock { $0.append(done) } }
            }
            #expect(counts.withLock { $0.sorted() } == Array(1...items.count))
        }
    }

    @Test func anEngineWithoutTheFilterLosesItsCacheAsAWhole() async throws {
        try await withDemo { demo, engine in
            let file = "FROM debian:12-slim\nRUN echo 1 > /1\nRUN echo 2 > /2\nRUN echo 3 > /3\n"
            let context = DemoTar.entry("Dockerfile", file.utf8, at: 0) + DemoTar.end
            for try await _ in try await engine.build(
                Upload(
                    AsyncStream {
                        $0.yield(context); $0.finish()
                    }))
            {}
            let items = try await plan(engine, [.buildCache])
            try #require(items.count == 3)
            // One of them, by its identity.
            let one = try await job([items[1]]).run(on: engine) { _ in }
            #expect(one.summary?.hasPrefix("removed 1 cache record, ") == true)
            #expect(try await plan(engine, [.buildCache]).map(\.id) == [items[0].id, items[2].id])
            let refusal = DemoFaults.Rule(
                .error(status: 500, message: "failed to prune build cache: Invalid filter 'id'"),
                prefix: "/build/prune",
                times: 1)
            try await demo.set(DemoFaults([refusal]))
            let outcome = try await job([items[0]]).run(on: engine) { _ in }
            #expect(outcome.summary?.hasSuffix(": 1 more of the build cache went than listed") == true)
            #expect(outcome.notes.last == "removed though it was not listed: cache record \(items[2].id)")
            #expect(try await plan(engine, [.buildCache]).isEmpty)
        }
    }
}
