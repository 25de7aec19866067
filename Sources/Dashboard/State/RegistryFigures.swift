import EngineAPI
import FoundationEssentials

/// Where a person has logged in, as this machine knows it. Found out when somebody looks: a helper program may ask for a
/// password.
struct RegistryFigures: Sendable {
    private(set) var logins: [RegistryLoginState] = []
    private(set) var at: Date?
    private(set) var askedSince: Date?
    private(set) var error: EngineError?
    private(set) var revision = 0
    private(set) var answers = 0

    mutating func ask(_ now: Date) {
        guard askedSince == nil else { return }
        askedSince = now
        revision += 1
    }

    mutating func askOnce(_ now: Date) { if revision == 0 { ask(now) } }

    mutating func take(_ answer: Result<[RegistryLoginState], EngineError>, _ now: Date) {
        askedSince = nil
        at = now
        answers += 1
        switch answer {
        case .success(let logins):
            self.logins = logins
            error = nil
        case .failure(let failure): error = failure
        }
    }
}
