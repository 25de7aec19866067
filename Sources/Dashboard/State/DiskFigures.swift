import EngineAPI
import FoundationEssentials

/// What takes how much room, as it was last asked for.
///
/// The Engine walks through everything for it, so it is asked for when somebody wants to know, in the background, and
/// not again by itself.
struct DiskFigures: Sendable {
    private(set) var use: DiskUse?
    /// What each volume holds, of those that the Engine knows it of.
    private(set) var volumes: [String: Int] = [:]
    /// When that was told.
    private(set) var at: Date?
    /// Since when an answer is waited for.
    private(set) var askedSince: Date?
    private(set) var error: EngineError?
    /// Counts the times it was asked for.
    private(set) var revision = 0

    /// Asks for it, unless an answer is on its way.
    mutating func ask(_ now: Date) {
        guard askedSince == nil else { return }
        askedSince = now
        revision += 1
    }

    /// Asks for it if nobody ever has.
    mutating func askOnce(_ now: Date) { if revision == 0 { ask(now) } }

    mutating func take(_ answer: Result<DiskUse, EngineError>, _ now: Date) {
        askedSince = nil
        switch answer {
        case .success(let use):
            self.use = use
            volumes = Dictionary(use.volumes.compactMap { volume in volume.size.map { (volume.name, $0) } }) { $1 }
            at = now
            error = nil
        case .failure(let failure): error = failure
        }
    }
}
