import EngineAPI
import Terminal

/// Import: a tar of files as an image.
enum ImportForm {
    static let id = "import"

    static func make() -> Form {
        Form(
            id: id, title: "Import a tar of files as an image",
            fields: [
                .init(id: "path", label: "tar", hint: "a file on this machine, as docker export makes it"),
                .init(id: "name", label: "name", hint: "name:tag, or none", completes: .images),
                .init(id: "message", label: "message"),
                .init(id: "changes", label: "changes", kind: .lines, hint: "CMD [\"sh\"], ENV KEY=VALUE, EXPOSE 80"),
            ],
            buttons: [.init(id: "import", title: "import", key: .ctrl("r"))],
            behaviour: Form.Behaviour(check: check, command: { job($0).docker }, press: press))
    }

    private static func job(_ form: Form) -> ImportImageJob {
        ImportImageJob(
            path: form["path"].first ?? "", name: form["name"].first.map { ImageReference($0) },
            message: form["message"].first ?? "", instructions: form["changes"])
    }

    @Sendable private static func check(_ form: inout Form, _ state: State) {
        form.clearProblems()
        if let name = form["name"].first, let problem = ImageReference(name).problem { form.say(problem, at: "name") }
        let known = ["CMD", "ENTRYPOINT", "ENV", "EXPOSE", "LABEL", "ONBUILD", "USER", "VOLUME", "WORKDIR"]
        for (index, line) in form.lines(of: "changes").enumerated() where !line.isEmpty {
            let word = line.prefix { $0 != " " }.uppercased()
            if !known.contains(word) {
                return form.say(
                    "“\(word)” cannot be changed: \(known.joined(separator: ", "))", at: "changes", line: index)
            }
        }
    }

    @Sendable private static func press(_ button: String, _ state: inout State) -> [Effect] {
        guard var form = state.form else { return [] }
        if form["path"].isEmpty { form.say("which file?", at: "path") }
        if let problem = form.firstProblem {
            form.move(to: problem.id, line: problem.problem.line)
            state.layers[state.layers.count - 1] = .form(form)
            state.tell(.failure, "\(problem.label): \(problem.problem.message)")
            return []
        }
        return state.start(job(form), form: form)
    }
}
