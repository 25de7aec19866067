import EngineAPI

/// A job that writes what the Engine sends to a file on this machine.
protocol FileJob: Job {
    var path: String { get }
    /// Whether a file that is there is to be replaced.
    var replaces: Bool { get set }
}

extension FileJob {
    /// Writes a stream to the file; the Engine is asked for it when the file is open.
    /// - Returns: the number of bytes.
    /// - Throws: ``JobError``; for a file that is there, with the offer to replace it.
    func writing(_ tell: JobTeller, _ stream: () async throws -> ByteStream) async throws -> Int {
        var file: FileWriting
        do { file = try FileWriting(path, replaces: replaces) } catch let error as FileIsThere {
            var again = self
            again.replaces = true
            throw JobError("\(error.path) is there already", offer: .init(verb: "replace", noun: path, job: again))
        }
        do {
            for try await bytes in try await stream() {
                try file.write(bytes)
                await tell(.amount(done: file.count, total: nil))
            }
            try Task.checkCancellation()
        } catch {
            file.abandon()
            throw error
        }
        try file.finish()
        return file.count
    }
}
