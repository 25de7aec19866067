import EngineAPI

/// What lies over the panes. The topmost sees a key first.
enum Layer: Sendable {
    case question(Question)
    case help(Scroll)
    case journal(Scroll)
    /// The filter of the shown list is being typed; the text before, to go back to.
    case filter(before: String)
}

/// A question before something is done, bound to the container it was asked for.
///
/// The container is known by identity: whatever happens to the list under the question, the answer means this one.
struct Question: Sendable {
    /// What is asked about, with the choices made so far.
    enum Subject: Sendable, Hashable {
        case kill(Signal)
        case stop
        case remove(force: Bool, volumes: Bool)
    }

    let engine: EngineID
    let container: ContainerID
    /// The name when the question was asked, which is what the person read.
    let name: String
    var subject: Subject
}
