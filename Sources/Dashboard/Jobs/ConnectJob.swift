import EngineAPI

/// Has containers join a network: `docker network connect`.
struct ConnectJob: Job {
    let network: String
    let networkName: String
    let containers: [NamedContainer]
    let settings: EndpointSettings

    var title: String { "connect \(subject) to \(networkName)" }
    var done: String { "connected \(subject) to \(networkName)" }
    var docker: String { Self.line(networkName, containers.map(\.name), settings) }
    var changes: [PaneKind] { [.containers] }

    private var subject: String { containers.count == 1 ? containers[0].name : "\(containers.count) containers" }

    /// The docker command lines, one for each container.
    static func line(_ network: String, _ containers: [String], _ settings: EndpointSettings) -> String {
        var words = ["docker", "network", "connect"]
        for alias in settings.aliases ?? [] { words += ["--alias", alias] }
        if let address = settings.addresses?.ipv4 { words += ["--ip", address] }
        if let address = settings.addresses?.ipv6 { words += ["--ip6", address] }
        if !network.isEmpty { words.append(network) }
        guard !containers.isEmpty else { return ShellWords.joined(words) }
        return containers.map { ShellWords.joined(words + [$0]) }.joined(separator: "; ")
    }

    func run(on engine: Engine, tell: @escaping JobTeller) async throws -> JobOutcome {
        var sum = SeveralSum(verb: "connected", containers.count)
        for (index, container) in containers.enumerated() {
            try sum.checkCancellation()
            if containers.count > 1 { await tell(.status("\(index + 1) of \(containers.count): \(container.name)")) }
            do {
                try await engine.connect(container.id, to: network, settings)
                sum.note("connected \(container.name) to \(networkName)")
            } catch {
                let error = EngineError(error)
                guard error.isRefusal else { throw sum.broken(container.name, error) }
                let words = NetworkWords.connecting(
                    container.name, to: networkName, settings, error.message, owner: await owner(error, engine))
                sum.fail(container.name, error.message, words)
            }
        }
        try sum.throwFailures()
        return JobOutcome(summary: await summary(engine), notes: sum.notes)
    }

    /// Who has the address that was wanted.
    private func owner(_ error: EngineError, _ engine: Engine) async -> String? {
        guard error.message.lowercased().contains("in use"),
            let members = try? await NetworkMembers.read(network, from: engine, aliases: false)
        else { return nil }
        let wanted = [settings.addresses?.ipv4, settings.addresses?.ipv6].compactMap { $0.flatMap { IPAddress($0) } }
        if let owner = wanted.lazy.compactMap({ members.owner(of: $0) }).first { return owner }
        return wanted.contains(where: members.network.isLikelyGateway) ? "the gateway" : nil
    }

    /// With the address that it got.
    private func summary(_ engine: Engine) async -> String? {
        guard containers.count == 1, let details = try? await engine.network(network) else { return nil }
        guard let own = details.endpoints.first(where: { $0.container == containers[0].id.rawValue }) else {
            return "\(containers[0].name) joins \(networkName) when it starts"
        }
        let addresses = [own.ipv4Address, own.ipv6Address].map { String($0.prefix { $0 != "/" }) }.filter {
            !$0.isEmpty
        }
        return addresses.isEmpty ? nil : "\(done) as \(addresses.joined(separator: ", "))"
    }
}

/// Has containers leave a network: `docker network disconnect`.
struct DisconnectJob: Job {
    let network: String
    let networkName: String
    let containers: [NamedContainer]
    let force: Bool

    var title: String { "disconnect \(subject) from \(networkName)" }
    var done: String { "disconnected \(subject) from \(networkName)" }
    var docker: String {
        containers.map {
            ShellWords.joined(
                ["docker", "network", "disconnect"] + (force ? ["--force"] : []) + [networkName, $0.name])
        }.joined(separator: "; ")
    }
    var changes: [PaneKind] { [.containers] }

    private var subject: String { containers.count == 1 ? containers[0].name : "\(containers.count) containers" }

    func run(on engine: Engine, tell: @escaping JobTeller) async throws -> JobOutcome {
        var sum = SeveralSum(verb: "disconnected", containers.count)
        for (index, container) in containers.enumerated() {
            try sum.checkCancellation()
            if containers.count > 1 { await tell(.status("\(index + 1) of \(containers.count): \(container.name)")) }
            do {
                try await engine.disconnect(container.id, from: network, force: force)
                sum.note("disconnected \(container.name) from \(networkName)")
            } catch {
                let error = EngineError(error)
                guard error.isRefusal else { throw sum.broken(container.name, error) }
                sum.fail(
                    container.name, error.message,
                    NetworkWords.disconnecting(container.name, from: networkName, error.message))
            }
        }
        try sum.throwFailures()
        return JobOutcome(notes: sum.notes)
    }
}
