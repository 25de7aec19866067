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
    /// What each part of the system takes, and all of it: counted once, for every frame reads them.
    private(set) var figures: [SystemPart: DiskFigure] = [:]
    private(set) var total: Int?
    /// When that was told.
    private(set) var at: Date?
    /// Since when an answer is waited for.
    private(set) var askedSince: Date?
    private(set) var error: EngineError?
    /// Counts the times it was asked for.
    private(set) var revision = 0
    /// Counts the answers.
    private(set) var answers = 0
    /// Whether the answer that is on its way is too old already.
    private var asksAgain = false
    /// Cleanings by their numbers in the journal, what everything took before each, and the answer that knows of it.
    private var cleanings: [(number: Int, before: Int, revision: Int)] = []

    /// Asks for it, unless an answer is on its way.
    mutating func ask(_ now: Date) {
        guard askedSince == nil else { return }
        askedSince = now
        revision += 1
    }

    /// Asks for it if nobody ever has.
    mutating func askOnce(_ now: Date) { if revision == 0 { ask(now) } }

    /// Asks for it as it is from now on: an answer that is on its way may not know of all that has happened.
    mutating func askAnew(_ now: Date) {
        if askedSince == nil { ask(now) } else { asksAgain = true }
    }

    /// After something was removed: what that freed is known with the next answer.
    mutating func ask(afterCleaning number: Int, before: Int?, _ now: Date) {
        let isOnItsWay = askedSince != nil
        askAnew(now)
        if let before { cleanings.append((number, before, isOnItsWay ? revision + 1 : revision)) }
    }

    /// - Returns: the cleanings that can be counted up now, with the bytes that they have freed.
    mutating func take(_ answer: Result<DiskUse, EngineError>, _ now: Date) -> [(number: Int, freed: Int)] {
        askedSince = nil
        answers += 1
        var done: [(Int, Int)] = []
        switch answer {
        case .success(let use):
            self.use = use
            figures = [
                .images: use.imageFigure, .containers: use.containerFigure, .volumes: use.volumeFigure,
                .buildCache: use.buildCacheFigure,
            ]
            total = use.total
            volumes = Dictionary(use.volumes.compactMap { volume in volume.size.map { (volume.name, $0) } }) { $1 }
            at = now
            error = nil
            done = cleanings.filter { $0.revision <= revision }.map { ($0.number, $0.before - use.total) }
        case .failure(let failure): error = failure
        }
        cleanings.removeAll { $0.revision <= revision }
        if asksAgain {
            asksAgain = false
            ask(now)
        }
        return done
    }
}
