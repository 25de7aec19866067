import EngineAPI
import Terminal

/// Fields to fill in, and what is done with them.
///
/// A form knows nothing of what it is for: that is its ``Behaviour``. A new one is a list of fields and three functions.
struct Form: Sendable {
    /// What a form is for.
    struct Behaviour: Sendable {
        /// Looks at what was typed and says what is wrong, at the fields: after every key, and before it is sent.
        var check: @Sendable (inout Form, State) -> Void = { _, _ in }
        /// The docker command that does the same.
        var command: @Sendable (Form) -> String = { _ in "" }
        /// Carries out a button. What it returns is done; the form stays until somebody closes it.
        var press: @Sendable (_ button: String, inout State) -> [Effect]
        /// Takes a pasted text as a whole, if it is one of those that it knows.
        var takesPaste: @Sendable (String, inout Form) -> Bool = { _, _ in false }
        /// Takes Enter in a field for itself.
        var takesEnter: @Sendable (inout Form) -> Bool = { _ in false }
        /// What has to be found out about this machine for what is typed.
        var looks: @Sendable (Form, LocalKnowledge) -> [LocalQuestion] = { _, _ in [] }
        /// The networks of which it has to be known who is in them.
        var networks: @Sendable (Form, State) -> [String] = { _, _ in [] }
    }

    struct Field: Sendable {
        enum Kind: Hashable, Sendable {
            case text
            /// Several values, one per line.
            case lines
            case choice([String])
            case check
        }

        let id: String
        let label: String
        var kind = Kind.text
        /// What stands there while nothing else does.
        var hint = ""
        var completes: Completion?
        /// Whether Tab completes, as in a shell, as long as there is something to complete.
        var tabCompletes = false
        /// The typed text; for several values one line each, never none.
        var lines = [TextLine()]
        var choice = 0
        var isOn = false
        /// What is wrong with it, and in which line.
        var error: Problem?
        /// What is to be known, and hinders nothing.
        var note: String?

        struct Problem: Hashable, Sendable {
            var line = 0
            let message: String
        }
    }

    /// What a field can be completed with.
    enum Completion: Sendable {
        case images, containers, networks, volumes
        /// Whatever else there is.
        case words(@Sendable (Form, State) -> [String])
    }

    struct Button: Sendable {
        let id: String
        let title: String
        let key: Key
    }

    /// What it is kept under when it is left.
    let id: String
    var title: String
    var fields: [Field]
    let buttons: [Button]
    let behaviour: Behaviour

    /// The field that has the cursor; behind the last one the buttons do.
    var focus = 0
    /// The line in it.
    var line = 0
    var button = 0
    /// The first row that is shown.
    var scroll = 0
    /// The suggestion that was chosen.
    var suggestion: Int?
    /// The action that it waits for.
    var working: Int?
    /// What is to be known of all of it.
    var remark: String?
    /// Whether a person has changed anything in it.
    var isTouched = false
    /// What went wrong with all of it.
    var message: String?

    init(
        id: String, title: String, fields: [Field], buttons: [Button], focus: String? = nil, behaviour: Behaviour
    ) {
        self.id = id
        self.title = title
        self.fields = fields
        self.buttons = buttons
        self.behaviour = behaviour
        if let focus { move(to: focus) }
    }

    // MARK: Values

    func index(of id: String) -> Int? { fields.firstIndex { $0.id == id } }

    /// The values of a field: its lines that are not empty, the chosen one, or `true`.
    subscript(id: String) -> [String] {
        get {
            guard let field = index(of: id).map({ fields[$0] }) else { return [] }
            return switch field.kind {
            case .text, .lines: field.lines.map(\.text).filter { !$0.isEmpty }
            case .choice(let choices): [choices[field.choice]]
            case .check: field.isOn ? ["true"] : []
            }
        }
        set {
            guard let index = index(of: id) else { return }
            switch fields[index].kind {
            case .text: fields[index].lines = [TextLine(newValue.first ?? "")]
            case .lines: fields[index].lines = newValue.isEmpty ? [TextLine()] : newValue.map { TextLine($0) }
            case .choice(let choices):
                fields[index].choice = newValue.first.flatMap { choices.firstIndex(of: $0) } ?? 0
            case .check: fields[index].isOn = newValue == ["true"]
            }
            if focus == index { line = min(line, fields[index].lines.count - 1) }
        }
    }

    /// The lines of a field as they stand, empty ones too: what problems count.
    func lines(of id: String) -> [String] { index(of: id).map { fields[$0].lines.map(\.text) } ?? [] }

    /// Says what is wrong with a field.
    mutating func say(_ message: String, at id: String, line: Int = 0) {
        guard let index = index(of: id) else { return }
        fields[index].error = .init(line: line, message: message)
    }

    mutating func clearProblems() {
        for index in fields.indices {
            fields[index].error = nil
            fields[index].note = nil
        }
    }

    var firstProblem: (id: String, label: String, problem: Field.Problem)? {
        fields.first { $0.error != nil }.flatMap { field in field.error.map { (field.id, field.label, $0) } }
    }

    /// The field that has the cursor.
    var focused: Field? { focus < fields.count ? fields[focus] : nil }

    mutating func move(to id: String, line: Int = 0) {
        guard let index = index(of: id) else { return }
        focus = index
        self.line = min(line, fields[index].lines.count - 1)
        suggestion = nil
    }

    /// Everything as in a new one.
    mutating func empty() {
        for field in fields { self[field.id] = [] }
        clearProblems()
        message = nil
        remark = nil
        line = 0
    }
}

extension Form {
    /// Suggestions for the text that is being typed, the ones that begin with it first.
    func suggestions(_ state: State) -> [String] {
        let (starting, containing) = completions(state)
        return Array((starting + containing).prefix(5))
    }

    /// All that what is typed may become: what begins with it, and what has it somewhere.
    private func completions(_ state: State) -> (starting: [String], containing: [String]) {
        guard let field = focused, let completion = field.completes, line < field.lines.count else { return ([], []) }
        let text = field.lines[line].text
        // A mount's place behind the volume's name is nothing to complete.
        if case .volumes = completion, text.contains(":") || text.contains("/") { return ([], []) }
        let all = completion.candidates(state, in: self).filter { $0 != text }
        let containing = text.isEmpty ? [] : all.filter { !$0.hasPrefix(text) && $0.contains(text) }
        return (all.filter { $0.hasPrefix(text) }, containing)
    }

    /// Completes what is typed as far as it can only go on in one way.
    /// - Returns: whether there was anything to complete.
    mutating func completeByTab(_ state: State) -> Bool {
        guard let field = focused, field.tabCompletes, !typed.isEmpty, !typed.hasSuffix("/") else { return false }
        let common = LocalPath.commonBeginning(completions(state).starting)
        guard common.count > typed.count else { return false }
        fields[focus].lines[line] = TextLine(common)
        suggestion = nil
        isTouched = true
        return true
    }
}

extension Form.Completion {
    func candidates(_ state: State, in form: Form? = nil) -> [String] {
        switch self {
        case .words(let words): form.map { words($0, state) } ?? []
        case .images: state.engine.images.items.flatMap(\.tags)
        case .containers: state.engine.order.compactMap { state.engine.containers[$0]?.name }
        case .networks: state.engine.networks.items.map(\.name)
        case .volumes: state.engine.volumes.items.filter { !$0.isAnonymous }.map { "\($0.name):/" }
        }
    }
}
