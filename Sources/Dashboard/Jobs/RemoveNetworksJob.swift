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
        var notes: [String] = []
        var left = 0
        var failures: [(text: String, retry: Target?)] = []
        for (index, target) in targets.enumerated() {
            try checkCancellation(notes)
            if targets.count > 1 { await tell(.status("\(index + 1) of \(targets.count): \(target.name)")) }
            do {
                for container in target.leaving where try await leave(container, target, engine) {
                    notes.append("disconnected \(container.name) from \(target.name)")
                    left += 1
                    try checkCancellation(notes)
                }
                try await remove(target, engine)
                notes.append("removed \(target.name)")
            } catch let error as JobError { throw error } catch {
                let error = EngineError(error)
                // Where nobody answers any more, the rest is not tried.
                guard error.isRefusal else {
                    let doubt = error.isUnanswered ? "; it may have been done all the same" : ""
                    throw JobError("\(target.name): \(error.message)\(doubt)", notes: notes)
                }
                let users = await users(of: target, error.message, engine)
                let words = NetworkWords.removing(target.name, error.message, users: users.map(\.name))
                if words != nil { notes.append("the Engine says: \(error.message)") }
                let retry = users.isEmpty ? nil : Target(id: target.id, name: target.name, leaving: users)
                failures.append((words ?? "\(target.name): \(error.message)", retry))
            }
        }
        let leaving = left == 0 ? "" : ", \(left) container\(left == 1 ? "" : "s") disconnected"
        guard let first = failures.first else { return JobOutcome(summary: done + leaving, notes: notes) }
        let text =
            targets.count == 1
            ? first.text + leaving
            : "\(targets.count - failures.count) of \(targets.count) removed\(leaving); \(first.text)"
                + (failures.count > 1 ? " and \(failures.count - 1) more" : "")
        throw JobError(
            text, notes: notes + (failures.count > 1 ? failures.map(\.text) : []),
            offer: offer(failures.compactMap(\.retry)))
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

    private func checkCancellation(_ notes: [String]) throws {
        guard Task.isCancelled else { return }
        throw JobError("cancelled", notes: notes, left: notes.last)
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
        guard message.lowercased().contains("active endpoints"),
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
