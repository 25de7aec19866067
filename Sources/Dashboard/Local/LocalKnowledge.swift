import FoundationEssentials

/// Something to be found out about this machine, for what is being typed.
enum LocalQuestion: Hashable, Sendable {
    /// What is in a folder.
    case folder(String)
    /// What stands in a Dockerfile.
    case dockerfile(String)
    /// Whether the docker client can build with buildx.
    case buildx
}

/// What was found out.
enum LocalAnswer: Sendable {
    /// The names in a folder, in order; not whole when there are too many.
    case entries([LocalEntry], isWhole: Bool)
    case outline(DockerfileOutline)
    /// Its version; nil when there is none.
    case buildx(String?)
    /// Why there is no answer: `no such file or directory`.
    case problem(String)
}

/// A name in a folder of this machine.
struct LocalEntry: Hashable, Sendable {
    let name: String
    let isFolder: Bool
}

/// What is known of this machine's files, as far as something that is typed is about them.
///
/// Only what is asked for is read, and only while it is asked for: ``State/localQuestions``.
struct LocalKnowledge: Sendable {
    /// How long an answer is taken for true, in seconds.
    static let freshness = 4.0
    /// How many are kept.
    static let bound = 40

    private var answers: [LocalQuestion: (answer: LocalAnswer, at: Date)] = [:]

    subscript(question: LocalQuestion) -> LocalAnswer? { answers[question]?.answer }

    mutating func take(_ answer: LocalAnswer, to question: LocalQuestion, at now: Date) {
        answers[question] = (answer, now)
        guard answers.count > Self.bound, let oldest = answers.min(by: { $0.value.at < $1.value.at }) else { return }
        answers[oldest.key] = nil
    }

    /// Whether it need not be found out again.
    func isKnown(_ question: LocalQuestion, at now: Date) -> Bool {
        guard let at = answers[question]?.at else { return false }
        // A program is not installed while somebody fills in a form.
        return question == .buildx || abs(now.timeIntervalSince(at)) < Self.freshness
    }

    /// The names in a folder, if they are known.
    func entries(of folder: String) -> [LocalEntry]? {
        if case .entries(let entries, _)? = self[.folder(folder)] { return entries }
        return nil
    }
}

extension State {
    /// What has to be found out about this machine for what is being typed.
    var localQuestions: [LocalQuestion] {
        switch layers.last {
        case .form(let form)?: form.behaviour.looks(form, local).filter { !local.isKnown($0, at: now) }
        case .prompt(let prompt)?:
            if case .ask(let ask) = prompt.purpose {
                ask.looks(prompt.text).filter { !local.isKnown($0, at: now) }
            } else {
                []
            }
        default: []
        }
    }

    /// Takes an answer; what is being typed is looked at anew.
    mutating func take(_ answer: LocalAnswer, to question: LocalQuestion) {
        local.take(answer, to: question, at: now)
        if let form { replace(form) }
    }
}
