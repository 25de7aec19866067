import EngineAPI

/// Takes images in from a tar: `docker load`.
struct LoadImagesJob: Job {
    let path: String

    var title: String { "load \(path)" }
    var done: String { "loaded \(path)" }
    var docker: String { "docker load -i \(path)" }
    var isWatched: Bool { true }
    var changes: [PaneKind] { [.images] }

    func run(on engine: Engine, tell: @escaping JobTeller) async throws -> JobOutcome {
        var loaded: [String] = []
        for try await messages in try await engine.load(Upload(file: FileWriting.absolute(path))) {
            // What was loaded is said at the end; as output it would stay on the screen.
            await tell(.progress(messages.filter { $0.output.isEmpty }))
            for line in messages.flatMap({ $0.output.split(whereSeparator: \.isNewline) }) {
                for start in ["Loaded image: ", "Loaded image ID: "] where line.hasPrefix(start) {
                    loaded.append(String(line.dropFirst(start.count)))
                }
            }
        }
        guard let first = loaded.first else { throw JobError("\(path): there is no image in it") }
        let more = loaded.count > 1 ? " and \(loaded.count - 1) more" : ""
        return JobOutcome(
            summary: "loaded \(first)\(more)", notes: loaded.map { "loaded \($0)" }, shows: .image(named: first))
    }
}
