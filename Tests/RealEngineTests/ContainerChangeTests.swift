import Testing

@testable import EngineAPI

@Suite(.enabled(if: TestEngine.isGiven, "GANTRY_TEST_ENGINE names no Engine"), .timeLimit(.minutes(2)))
struct RealContainerChanges {
    private let idle = "while :; do sleep 1; done"

    @Test func aNameIsChangedAndOneThatIsTakenIsNot() async throws {
        try await withContainer(idle, start: false) { engine, container in
            let name = uniqueName("renamed")
            try await engine.rename(container, to: name)
            #expect(try await engine.inspect(container).value.name == name)
            try await withContainer(idle, start: false) { _, other in
                do {
                    try await engine.rename(other, to: name)
                    Issue.record("two of one name")
                } catch EngineError.conflict(let message) {
                    // By whom: the identity stands in the Engine's words.
                    #expect(message.contains(container.rawValue))
                }
                await #expect(throws: EngineError.self) { try await engine.rename(other, to: "not a name") }
            }
        }
        let engine = try TestEngine.make()
        await #expect(throws: EngineError.self) { try await engine.rename(ContainerID("nobody"), to: "x") }
        await engine.shutdown()
    }

    @Test func limitsAndTheRestartPolicyAreChangedWhileItRuns() async throws {
        try await withContainer(idle, ["--memory", "64m", "--stop-signal", "KILL"]) { engine, container in
            var update = ContainerUpdate()
            update.memory = 96 << 20
            update.memorySwap = 192 << 20
            update.nanoCPUs = 250_000_000
            update.restartPolicy = .init(name: "on-failure", maximumRetryCount: 2)
            try await engine.update(container, update)
            var details = try await engine.inspect(container).value
            #expect(details.memoryLimit == 96 << 20 && details.memorySwap == 192 << 20)
            #expect(details.nanoCPUs == 250_000_000)
            #expect(details.restartPolicy.name == "on-failure" && details.restartPolicy.maximumRetryCount == 2)
            // What is not said stays.
            update = ContainerUpdate()
            update.restartPolicy = .init(name: "no")
            try await engine.update(container, update)
            details = try await engine.inspect(container).value
            #expect(details.memoryLimit == 96 << 20 && details.nanoCPUs == 250_000_000)
            #expect(details.restartPolicy.name == "no")
            update = ContainerUpdate()
            update.memory = 1 << 10
            await #expect(throws: EngineError.self) { try await engine.update(container, update) }
        }
    }

    @Test func aCommitIsAnImageWithWhatWasChanged() async throws {
        try await withContainer("echo new > /added; \(idle)", ["--stop-signal", "KILL"]) { engine, container in
            try await eventually("the file") { try await engine.changes(of: container).total > 0 }
            let name = uniqueName("commit").lowercased()
            var options = CommitOptions()
            options.image = ImageReference("\(name):1.0")
            options.message = "with a file"
            options.author = "Somebody"
            options.changes = [#"LABEL made="here""#]
            let id = try await engine.commit(container, options)
            defer { _ = try? docker(["rmi", "-f", "\(name):1.0"]) }
            #expect(id.hasPrefix("sha256:"))
            let layers = try await engine.history(of: "\(name):1.0")
            #expect(layers.first?.comment == "with a file")
            let inspected = String(decoding: try await engine.inspectImage(id), as: UTF8.self)
            #expect(inspected.contains("Somebody") && inspected.contains("\"made\":\"here\""))
            #expect(try await engine.inspect(container).value.state.state == .running)
            options.image = ImageReference("NOT/A/Name")
            await #expect(throws: EngineError.self) { _ = try await engine.commit(container, options) }
        }
    }

    @Test func whatWasAddedChangedAndDeletedIsTold() async throws {
        let script = "mkdir /new; echo x > /new/file; rm -r /tmp; touch /etc/made; \(idle)"
        try await withContainer(script, ["--stop-signal", "KILL"]) { engine, container in
            try await eventually("the changes") {
                try await engine.changes(of: container).kept.contains(FileChange(.added, "/etc/made"))
            }
            let changes = try await engine.changes(of: container)
            #expect(changes.total == changes.kept.count)
            #expect(changes.kept.contains(FileChange(.added, "/new/file")))
            #expect(changes.kept.contains(FileChange(.changed, "/etc")))
            #expect(changes.kept.contains(FileChange(.deleted, "/tmp")))
            let few = try await engine.changes(of: container, limit: 1)
            #expect(few.kept.count == 1 && few.total == changes.total)
        }
        try await withContainer("true", start: false) { engine, container in
            let changes = try await engine.changes(of: container)
            #expect(changes.total == 0)
        }
    }

    @Test func aWaitEndsWithTheContainer() async throws {
        try await withContainer("trap 'exit 3' USR1; while :; do sleep 0.1; done") { engine, container in
            let task = Task { try await engine.wait(container) }
            try await eventually("the wait") { engine.streamsOpen == 1 }
            try await engine.kill(container, signal: .usr1)
            #expect(try await task.value == 3)
            // One that has ended is not waited for,
            #expect(try await engine.wait(container) == 3)
            // and one who does not want to wait any more is let go.
            let next = Task { try await engine.wait(container, until: .nextExit) }
            try await eventually("the wait") { engine.streamsOpen == 1 }
            next.cancel()
            await #expect(throws: EngineError.cancelled) { try await next.value }
        }
        let engine = try TestEngine.make()
        await #expect(throws: EngineError.self) { _ = try await engine.wait(ContainerID("nobody")) }
        await engine.shutdown()
    }

    @Test func processesHaveTheColumnsThatAreAskedFor() async throws {
        try await withContainer(idle) { engine, container in
            let list = try await engine.top(container, arguments: "-o pid,comm")
            #expect(list.titles == ["PID", "COMMAND"])
            #expect(list.processes.allSatisfy { $0.count == 2 })
            #expect(!list.processes.isEmpty)
        }
    }
}
