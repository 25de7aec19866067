import EngineAPI

/// Writes images with their layers and names to a tar: `docker save`.
struct SaveImagesJob: Job {
    /// Names; identities of those that have none.
    let names: [String]
    let path: String
    var replaces = false

    var title: String { "save \(names.count == 1 ? names[0] : "\(names.count) images") to \(path)" }
    var done: String { "saved \(path)" }
    var docker: String { "docker save -o \(path) \(names.joined(separator: " "))" }
    var isWatched: Bool { true }

    func run(on engine: Engine, tell: @escaping JobTeller) async throws -> JobOutcome {
        do {
            let count = try await FileWriting.write(
                try await engine.save(names), to: path, replaces: replaces, tell: tell)
            return JobOutcome(summary: "saved \(Units.bytes(Double(count))) to \(path)")
        } catch let error as FileIsThere {
            var again = self
            again.replaces = true
            throw JobError(
                "\(error.path) is there already", offer: .init(verb: "replace", noun: path, job: again))
        }
    }
}
