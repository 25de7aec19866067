import EngineAPI
import FoundationEssentials
import Terminal

extension State {
    /// Asks for what the selected row of the system's pane shows, and lays it out.
    mutating func settleSystem() {
        guard case .system(let part)? = selected, pane == .system else { return }
        if part == .registries { registries.askOnce(now) }
        let source = SystemDetail.Source(part, self)
        guard tab == .inspect, engine.inspected?.made != source else { return }
        let lines = SystemDetail.lines(of: part, self)
        engine.inspected?.made = source
        engine.inspected?.loaded = true
        engine.inspected?.lines = lines
    }

    mutating func take(_ answer: Result<DiskUse, EngineError>, diskUseOf id: EngineID) {
        let cleaned = engines[id]?.disk.take(answer, now) ?? []
        switch answer {
        case .failure(let error): tell(.failure, "disk use could not be read: \(error.message)")
        case .success(let use):
            if var view = cleanup, view.engine == id {
                view.take(use: use)
                cleanup = view
            }
        }
        for (number, freed) in cleaned {
            // Others may have written meanwhile.
            let words =
                freed < 0
                ? "\(Units.bytes(Double(-freed))) more are taken than before, others have written"
                : "\(Units.bytes(Double(freed))) freed, as docker system df counts"
            journal.note(number, [words])
            // Said with the outcome, as long as nothing newer stands there.
            if let flash, let job = jobs.last(where: { $0.id == number }), flash.docker == job.job.docker {
                let short = freed < 0 ? words : "df: \(Units.bytes(Double(freed))) freed"
                tell(flash.kind, "\(flash.text); \(short)", docker: flash.docker)
            }
        }
    }

    /// Asks anew for all that the system's pane shows.
    mutating func askSystem() -> [Effect] {
        if let since = engine.disk.askedSince {
            let seconds = Units.shortDuration(now.timeIntervalSince(since))
            tell(.note, "the Engine is being asked for the disk use already, for \(seconds)")
        }
        engine.disk.ask(now)
        if registries.revision > 0 { registries.ask(now) }
        return [.describe(current)]
    }
}
