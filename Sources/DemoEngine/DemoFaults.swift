import EngineAPI

/// What the simulated Engine does wrong, for those who want to see how a client takes it.
public struct DemoFaults: Sendable {
    /// A way to be wrong.
    public enum Fault: Hashable, Sendable {
        /// Answers rightly, after a pause.
        case slow(Duration)
        /// Takes the request and never answers.
        case silence
        /// Promises a whole answer, sends half of it and closes.
        case half
        /// Answers rightly, but closes in the middle after a while: for streams.
        case dropped(after: Duration)
        /// Closes without a word.
        case closed
        /// Answers with an error in the Engine's form.
        case error(status: Int, message: String)
        /// Answers with bytes that are no HTTP.
        case garbage
        /// Answers with a right head and a body that is no JSON, no event and no log frame.
        case nonsense
        /// Answers with a body that does not end.
        case endless
    }

    /// Which requests are answered wrongly, and how.
    public struct Rule: Hashable, Sendable {
        /// The beginning of the paths, without version: `/containers/json`. Empty is all.
        public var prefix: String
        /// What is done to them.
        public var fault: Fault
        /// How many requests are left to be answered so; nil is all.
        public var times: Int?

        /// Makes a rule.
        public init(_ fault: Fault, prefix: String = "", times: Int? = nil) {
            self.fault = fault
            self.prefix = prefix
            self.times = times
        }
    }

    /// The first that fits a request counts.
    public var rules: [Rule]
    /// The newest API version that the Engine says it speaks: an old one makes it too old.
    public var apiVersion: APIVersion
    /// The oldest API version that the Engine says it speaks.
    public var oldestAPI: APIVersion

    /// Makes a set of faults; none when nothing is given.
    public init(
        _ rules: [Rule] = [], apiVersion: APIVersion = APIVersion(1, 51), oldestAPI: APIVersion = APIVersion(1, 24)
    ) {
        self.rules = rules
        self.apiVersion = apiVersion
        self.oldestAPI = oldestAPI
    }

    /// What is to be done to a request; counts it.
    mutating func take(_ path: String) -> Fault? {
        guard let index = rules.firstIndex(where: { $0.times != 0 && path.hasPrefix($0.prefix) }) else { return nil }
        if let times = rules[index].times { rules[index].times = times - 1 }
        return rules[index].fault
    }
}
