import FoundationEssentials

/// Whether a person has logged in to a registry. Never with which secret.
public struct RegistryLoginState: Hashable, Sendable {
    /// How it stands.
    public enum Outcome: Hashable, Sendable {
        /// As who; with a token there may be no name.
        case loggedIn(as: String?)
        /// Nobody has.
        case notLoggedIn
        /// It cannot be found out; why.
        case failed(String)
    }

    /// The registry, as the docker client calls it: a host, or the address of Docker Hub.
    public let registry: String
    /// Where the credentials are kept: `config.json`, or the name of a helper program.
    public let keeper: String
    /// How it stands.
    public let outcome: Outcome

    /// One that is known.
    public init(registry: String, keeper: String, outcome: Outcome) {
        self.registry = registry
        self.keeper = keeper
        self.outcome = outcome
    }
}

extension RegistryCredentials {
    /// The registries that `config.json` names and Docker Hub, each with whether one has logged in there. A helper program
    /// that waits for a person makes this wait too.
    public func logins() async -> [RegistryLoginState] {
        await withTaskGroup(of: (Int, RegistryLoginState).self) { group in
            // Not many at once: each may hold a thread for as long as its helper waits.
            var waiting = registries.enumerated().makeIterator()
            func begin() {
                guard let (number, registry) = waiting.next() else { return }
                group.addTask { (number, await login(registry)) }
            }
            begin()
            begin()
            var found: [(Int, RegistryLoginState)] = []
            while let next = await group.next() {
                found.append(next)
                begin()
            }
            return found.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }

    private func login(_ registry: String) async -> RegistryLoginState {
        let outcome: RegistryLoginState.Outcome
        do {
            let auth = try await auth(registry: registry)
            outcome = auth.map { .loggedIn(as: $0.username.isEmpty ? nil : $0.username) } ?? .notLoggedIn
        } catch { outcome = .failed((error as? EngineError)?.message ?? "\(error)") }
        return RegistryLoginState(registry: registry, keeper: keeper(of: registry), outcome: outcome)
    }
}
