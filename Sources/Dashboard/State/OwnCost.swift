/// What Gantry itself costs.
struct OwnCost: Sendable, Hashable {
    /// Percent of one core.
    var cpu: Double
    /// Bytes of memory, those shared with other programs included.
    var memory: Double
    /// Bytes per second to the terminal; nil where the kernel does not say.
    var terminal: Double?
    /// Seconds that the Engine took for its latest answer.
    var answerTime: Double?
    /// Requests per second to the Engine, and how many streams are open.
    var requests: Double
    var streams: Int
}
