import EngineAPI

/// What came of the same done to several things, one after the other.
struct SeveralSum: Sendable {
    /// What was done: `removed`.
    let verb: String
    let count: Int
    /// What is worth keeping in the journal, whatever becomes of the rest.
    private(set) var notes: [String] = []
    private var failures: [String] = []

    init(verb: String, _ count: Int) {
        self.verb = verb
        self.count = count
    }

    mutating func note(_ text: String) { notes.append(text) }

    /// - Parameter words: plain ones, if there are any.
    mutating func fail(_ name: String, _ message: String, _ words: String? = nil) {
        if words != nil { notes.append("the Engine says: \(message)") }
        failures.append(words ?? (count > 1 ? "\(name): \(message)" : message))
    }

    /// The Engine does not answer any more: the rest is not tried.
    func broken(_ name: String, _ error: EngineError) -> any Error {
        if case .cancelled = error {
            return notes.isEmpty ? error : JobError("cancelled", notes: notes, left: notes.last)
        }
        let doubt = error.isUnanswered ? "; it may have been done all the same" : ""
        return JobError((count > 1 ? "\(name): " : "") + error.message + doubt, notes: notes)
    }

    func checkCancellation() throws {
        guard Task.isCancelled else { return }
        throw JobError("cancelled", notes: notes, left: notes.last)
    }

    /// - Parameters:
    ///   - also: what else was done, behind the sum.
    ///   - offer: what would help.
    func throwFailures(also: String = "", offer: JobError.Offer? = nil) throws {
        guard let first = failures.first else { return }
        let more = failures.count > 1 ? " and \(failures.count - 1) more" : ""
        let text = count == 1 ? first + also : "\(count - failures.count) of \(count) \(verb)\(also); \(first)\(more)"
        throw JobError(text, notes: notes + (failures.count > 1 ? failures : []), offer: offer)
    }
}
