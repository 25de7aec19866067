import EngineAPI
import Synchronization
import Testing

@testable import Dashboard
@testable import DemoEngine

/// What is done to several containers together, on a simulated Engine.
@Suite(.timeLimit(.minutes(2))) struct SeveralTests {
    /// What the job tells, and how many containers were being worked on at once at most.
    private final class Heard: Sendable {
        private let state = Mutex((under: Set<ContainerID>(), most: 0, ended: [ContainerID](), failed: 0))

        var most: Int { state.withLock { $0.most } }
        var ended: [ContainerID] { state.withLock { $0.ended } }
        var failed: Int { state.withLock { $0.failed } }

        func take(_ news: JobNews) {
            state.withLock { state in
                switch news {
                case .began(let id):
                    state.under.insert(id)
                    state.most = max(state.most, state.under.count)
                case .ended(let id, let error):
                    state.under.remove(id)
                    state.ended.append(id)
                    if error != nil { state.failed += 1 }
                default: break
                }
            }
        }
    }

    private func targets(_ engine: Engine, _ fits: (ContainerSummary) -> Bool) async throws -> [ContainersJob.Target] {
        try await engine.containers().filter(fits).map { .init(id: $0.id, name: $0.name) }
    }

    @Test func hundredsAreAskedForAFewAtATimeAndTheOthersAreLeftAlone() async throws {
        try await withDemo(containers: 600) { _, engine async throws in
            // Those that crash in a loop run one moment, and not the next.
            let running = try await targets(engine) { $0.state == .running && !$0.name.hasPrefix("payments") }
            let chosen = Array(running.prefix(200))
            let heard = Heard()
            let job = ContainersJob(targets: chosen, action: .pause)
            _ = try await job.run(on: engine) { heard.take($0) }
            #expect((2...ContainersJob.atOnce).contains(heard.most))
            #expect(Set(heard.ended) == Set(chosen.map(\.id)) && heard.ended.count == 200 && heard.failed == 0)
            let states = try await engine.containers().reduce(into: [:]) { $0[$1.id] = $1.state }
            #expect(chosen.allSatisfy { states[$0.id] == .paused })
            // Whatever else becomes of them meanwhile: the demo's host lives.
            #expect(running.dropFirst(200).allSatisfy { states[$0.id] != .paused })
        }
    }

    @Test func whatFailsIsNamedAndTheRestIsDone() async throws {
        try await withDemo { _, engine async throws in
            let ended = try await targets(engine) { $0.state == .exited }
            let running = try await targets(engine) { $0.state == .running }
            let first = try #require(ended.first)
            let job = ContainersJob(targets: [first] + running.prefix(3), action: .pause)
            let error = await #expect(throws: JobError.self) { _ = try await job.run(on: engine) { _ in } }
            #expect(error?.message.hasPrefix("paused 3 of 4 containers; \(first.name): ") == true)
            #expect(error?.notes.count == 1)
        }
    }

    @Test func whoCancelsLeavesTheRestAlone() async throws {
        try await withDemo(containers: 300) { _, engine async throws in
            let running = try await targets(engine) { $0.state == .running }
            let (several, enough) = AsyncStream.makeStream(of: Void.self)
            let heard = Heard()
            let task = Task {
                try await ContainersJob(targets: running, action: .pause).run(on: engine) { news in
                    heard.take(news)
                    // Nothing goes on before it is cancelled.
                    if heard.ended.count >= 20 {
                        enough.finish()
                        while !Task.isCancelled { try? await Task.sleep(for: .seconds(60)) }
                    }
                }
            }
            for await _ in several {}
            task.cancel()
            let error = await #expect(throws: JobError.self) { _ = try await task.value }
            #expect(error?.left?.hasPrefix("paused ") == true)
            let paused = try await engine.containers().filter { $0.state == .paused }.count
            #expect(paused < running.count && paused <= 20 + 2 * ContainersJob.atOnce)
        }
    }

    /// On its own: the compiler breaks down over it in an asynchronous closure.
    private func sharing(_ owner: ContainerSummary) -> ContainerCreation {
        var creation = ContainerCreation()
        creation.configuration.image = owner.image
        creation.host.networkMode = "container:\(owner.name)"
        return creation
    }

    @Test func whatAContainerSharesItsNetworkWithIsInTheList() async throws {
        try await withDemo { _, engine async throws in
            let containers = try await engine.containers()
            let owner = try #require(containers.first)
            let made = try await engine.create(sharing(owner), name: "sharer")
            let listed = try await engine.containers(ids: [made.id])
            #expect(listed.map(\.networkOf) == [owner.id])
        }
    }
}
