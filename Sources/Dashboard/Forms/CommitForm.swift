import EngineAPI
import Terminal

/// Commit: a container as an image.
enum CommitForm {
    static let id = "commit"

    static func make(_ container: Container) -> Form {
        let id = container.id
        let name = Sanitiser.clean(container.name)
        var form = Form(
            id: Self.id, title: "Commit \(name)",
            fields: [
                .init(id: "image", label: "image", hint: "name:tag, or none", completes: .images),
                .init(id: "message", label: "message", hint: "for the image's history"),
                .init(id: "author", label: "author", hint: "Somebody <somebody@example.org>"),
                .init(id: "pause", label: "pause", kind: .check, hint: "the container meanwhile, so that files fit"),
            ],
            buttons: [.init(id: "commit", title: "commit", key: .ctrl("r"))],
            behaviour: Form.Behaviour(
                check: check, command: { job($0, id, name).docker },
                press: { _, state in
                    guard let form = state.form, !state.refuses(form) else { return [] }
                    guard state.engine.containers[id] != nil else {
                        state.tell(.failure, "\(name) is gone: nothing was done")
                        return []
                    }
                    return state.start(job(form, id, name), form: form)
                }))
        form["pause"] = ["true"]
        return form
    }

    private static func job(_ form: Form, _ id: ContainerID, _ name: String) -> CommitJob {
        var options = CommitOptions()
        options.image = form["image"].first.map { ImageReference($0) }
        options.message = form["message"].first ?? ""
        options.author = form["author"].first ?? ""
        options.pauses = !form["pause"].isEmpty
        return CommitJob(container: id, name: name, options: options)
    }

    @Sendable private static func check(_ form: inout Form, _ state: State) {
        form.clearProblems()
        guard let text = form["image"].first else { return }
        let name = ImageReference(text)
        if let problem = name.problem {
            form.say(problem, at: "image")
        } else if name.digest != nil {
            form.say("a digest cannot be given: it is what the image is", at: "image")
        } else if let known = state.engine.image(named: text) {
            form.note("it is \(known.shortID) now, which loses the name", at: "image")
        }
    }
}
