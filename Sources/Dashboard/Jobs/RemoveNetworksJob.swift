import EngineAPI

/// Removes networks, and has the containers in them leave first where that was chosen: `docker network rm`.
struct RemoveNetworksJob: Job {
    struct Target: Sendable {
        let id: String
        let name: String
        /// The containers that leave it first.
        var leaving: [NamedContainer] = []
    }

    let targets: [Target]

    var title: String { "remove \(subject)" }
    var done: String { "removed \(subject)" }
    var docker: String {
        let leaves = targets.flatMap { target in
            target.leaving.map { ["docker", "network", "disconnect", target.name, $0.name] }
        }
        let lines = leaves + [["docker", "network", "rm"] + targets.map(\.name)]
        return lines.map { ShellWords.joined($0) }.joined(separator: "; ")
    }
    var changes: [PaneKind] { targets.allSatisfy(\.leaving.isEmpty) ? [.networks] : [.networks, .containers] }

    private var subject: String { targets.count == 1 ? "network \(targets[0].name)" : "\(targets.count) networks" }

    func run(on engine: Engine, tell: @escaping JobTeller) async throws -> JobOutcome {
        var sum = SeveralSum(verb: "removed", targets.count)
        var left = 0
        var retries: [Target] = []
        for (index, target) in targets.enumerated() {
            try sum.checkCancellation()
            if targets.count > 1 { await tell(.status("\(index + 1) of \(targets.count): \(target.name)")) }
            do {
                for container in target.leaving where try await leave(container, target, engine) {
                    sum.note("disconnected \(container.name) from \(target.name)")
                    left += 1
                    try sum.checkCancellation()
                }
                try await remove(target, engine)
                sum.note("removed \(target.name)")
            } catch let error as JobError { throw error } catch {
                let error = EngineError(error)
                guard error.isRefusal else { throw sum.broken(target.name, error) }
                let users = await users(of: target, error.message, engine)
                sum.fail(
                    target.name, error.message,
                    NetworkWords.removing(target.name, error.message, users: users.map(\.name)))
                if !users.isEmpty { retries.append(Target(id: target.id, name: target.name, leaving: users)) }
            }
        }
        let leaving = left == 0 ? "" : ", \(left) container\(left == 1 ? "" : "s") disconnected"
        try sum.throwFailures(also: leaving, offer: offer(retries))
        return JobOutcome(summary: done + leaving, notes: sum.notes)
    }

    /// A swarm counts a container as a task of an overlay for seconds after it has left.
    private func remove(_ target: Target, _ engine: Engine) async throws {
        for attempt in 0... {
            do { return try await engine.removeNetwork(target.id) } catch {
                let isLate = EngineError(error).message.lowercased().contains("in use by task")
                guard isLate, !target.leaving.isEmpty, attempt < Self.patience else { throw error }
                try await Task.sleep(for: .milliseconds(500))
            }
        }
    }

    /// So many half seconds.
    private static let patience = 20

    /// To have them leave, and to remove it then: asked about, never done unasked.
    private func offer(_ retries: [Target]) -> JobError.Offer? {
        guard !retries.isEmpty else { return nil }
        let count = retries.reduce(0) { $0 + $1.leaving.count }
        let noun = retries.count == 1 ? retries[0].name : "\(retries.count) networks"
        return .init(
            verb: "disconnect \(count) and remove", noun: noun, job: RemoveNetworksJob(targets: retries))
    }

    /// - Returns: whether it was in it.
    private func leave(_ container: NamedContainer, _ target: Target, _ engine: Engine) async throws -> Bool {
        do {
            try await engine.disconnect(container.id, from: target.id)
            return true
        } catch {
            let error = EngineError(error)
            // One that has left by itself, or is gone, is what was wanted.
            let said = error.message.lowercased()
            if said.contains("not connected to") || said.contains("no such container") { return false }
            throw error
        }
    }

    private func users(of target: Target, _ message: String, _ engine: Engine) async -> [NamedContainer] {
        // A swarm calls a container in its overlay a task.
        let said = message.lowercased()
        guard said.contains("active endpoints") || said.contains("in use by task"),
            let members = try? await NetworkMembers.read(target.id, from: engine, aliases: false)
        else { return [] }
        return members.members.filter { $0.isIn && $0.state != nil }.map { NamedContainer(id: $0.id, name: $0.name) }
    }
}

/// A container, and the name that a person knows it by.
struct NamedContainer: Hashable, Sendable {
    let id: ContainerID
    let name: String
}
