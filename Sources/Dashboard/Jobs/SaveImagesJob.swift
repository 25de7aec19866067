import EngineAPI

/// Writes images with their layers and names to a tar: `docker save`.
struct SaveImagesJob: FileJob {
    /// Names; identities of those that have none.
    let names: [String]
    let path: String
    var replaces = false

    var title: String { "save \(names.count == 1 ? names[0] : "\(names.count) images") to \(path)" }
    var done: String { "saved \(path)" }
    var docker: String { "docker save -o \(path) \(names.joined(separator: " "))" }
    var isWatched: Bool { true }

    func run(on engine: Engine, tell: @escaping JobTeller) async throws -> JobOutcome {
        let count = try await writing(tell) { try await engine.save(names) }
        return JobOutcome(summary: "saved \(Units.bytes(Double(count))) to \(path)")
    }
}
