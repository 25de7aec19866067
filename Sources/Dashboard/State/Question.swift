import EngineAPI
import Terminal

/// A question before something is done.
///
/// What it is about is known by identity: whatever happens to the list under the question, the answer means these.
struct Question: Sendable {
    /// One thing that it is about.
    struct Target: Hashable, Sendable {
        let id: ResourceID
        /// The name when the question was asked, which is what the person read.
        let name: String
    }

    /// A choice within it.
    struct Option: Hashable, Sendable {
        enum Value: Hashable, Sendable {
            /// Turned by its key.
            case check(key: Character, isOn: Bool)
            /// One of several, by the arrow keys.
            case choice([String], index: Int)
        }

        /// What it is found by, and its one word in the line of keys: `force`.
        let id: String
        var title = ""
        var value: Value
    }

    let engine: EngineID
    /// None for a question about the program itself.
    var targets: [Target] = []
    /// What `yes` does, in a word or two: `remove`.
    let verb: String
    /// What the targets are called when there are several, or instead of them when there are none.
    let noun: String
    /// What follows in the title: ` from back`.
    var rest = ""
    var options: [Option] = []
    /// What is to be known before one answers.
    var notes: [String] = []
    /// What there is to be known besides, as its choices stand.
    var remarks: @Sendable (Question) -> [String] = { _ in [] }
    /// The docker command that does the same.
    var docker: @Sendable (Question) -> String? = { _ in nil }
    /// Carries it out.
    let yes: @Sendable (Question, inout State) -> [Effect]
    /// The first of the lines that is shown.
    var scroll = 0

    /// `Remove web?`
    var title: String { "\(verb.prefix(1).uppercased())\(verb.dropFirst()) \(subject)\(rest)?" }

    /// `web`, `3 containers`.
    var subject: String {
        switch targets.count {
        case 0: noun
        case 1: Sanitiser.clean(targets[0].name)
        default: "\(targets.count) \(noun)"
        }
    }

    /// Whether a check is on.
    func isOn(_ id: String) -> Bool {
        options.contains { if case .check(_, true) = $0.value { $0.id == id } else { false } }
    }

    /// Which of several was chosen.
    func chosen(_ id: String) -> Int {
        for option in options where option.id == id { if case .choice(_, let index) = option.value { return index } }
        return 0
    }

    /// A key while the question is on the screen: chooses, or nil when it is not one of its keys.
    func choosing(_ key: Key) -> Question? {
        var question = self
        for index in options.indices {
            switch (options[index].value, key) {
            case (.check(let own, let isOn), .character(let pressed)) where own == pressed:
                question.options[index].value = .check(key: own, isOn: !isOn)
                return question
            case (.choice(let choices, let chosen), .left), (.choice(let choices, let chosen), .character("h")),
                (.choice(let choices, let chosen), .backTab):
                question.options[index].value = .choice(choices, index: (chosen + choices.count - 1) % choices.count)
                return question
            case (.choice(let choices, let chosen), .right), (.choice(let choices, let chosen), .character("l")),
                (.choice(let choices, let chosen), .tab):
                question.options[index].value = .choice(choices, index: (chosen + 1) % choices.count)
                return question
            default: continue
            }
        }
        return nil
    }

    /// After a click on one of its choices: a check is turned, of several one is taken, counted from 1.
    func choosing(option number: Int, _ part: Int) -> Question {
        var question = self
        guard options.indices.contains(number) else { return self }
        switch options[number].value {
        case .check(let key, let isOn): question.options[number].value = .check(key: key, isOn: !isOn)
        case .choice(let choices, _):
            if choices.indices.contains(part - 1) {
                question.options[number].value = .choice(choices, index: part - 1)
            }
        }
        return question
    }

    /// The keys of its choices.
    var hints: [(key: String, title: String)] {
        options.map { option in
            switch option.value {
            case .check(let key, _): (String(key), option.id)
            case .choice: ("←→", option.id)
            }
        }
    }
}

extension State {
    /// Does what was asked about, if the Engine is there.
    mutating func answer(_ question: Question) -> [Effect] {
        guard question.targets.isEmpty || engines[question.engine]?.isConnected == true else {
            tell(.failure, "the Engine is not reachable: nothing was sent")
            return []
        }
        return question.yes(question, &self)
    }

    /// After a list of other resources has come: what is no longer in it is neither marked nor asked about.
    mutating func withdrawGone(_ kind: PaneKind, from engineID: EngineID) {
        guard let engine = engines[engineID] else { return }
        var known = marked
        for case .question(let question) in layers where question.engine == engineID {
            known.formUnion(question.targets.map(\.id))
        }
        for id in known {
            let isGone =
                switch (id, kind) {
                case (.image(let id), .images): engine.images[id] == nil
                case (.volume(let name), .volumes): engine.volumes[name] == nil
                case (.network(let id), .networks): engine.networks[id] == nil
                default: false
                }
            if isGone { withdraw(id, from: engineID) }
        }
    }

    /// Something is gone: no question is about it any more.
    mutating func withdraw(_ id: ResourceID, from engine: EngineID) {
        marked.remove(id)
        for index in layers.indices.reversed() {
            guard case .question(var question) = layers[index], question.engine == engine,
                let target = question.targets.first(where: { $0.id == id })
            else { continue }
            question.targets.removeAll { $0.id == id }
            if question.targets.isEmpty {
                layers.remove(at: index)
                tell(.note, "\(target.name) was removed while the question was open")
            } else {
                layers[index] = .question(question)
            }
        }
    }
}
