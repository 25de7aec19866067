import EngineAPI
import Terminal

/// Build: an image from a folder.
enum BuildForm {
    static let id = "build"

    static func make() -> Form {
        var form = Form(
            id: id, title: "Build an image",
            fields: [
                .init(
                    id: "folder", label: "folder", hint: "the context, on this machine; Tab completes",
                    completes: .words { form, state in
                        LocalPath.completions(of: form.typed, onlyFolders: true, state.local)
                    }, tabCompletes: true),
                .init(
                    id: "dockerfile", label: "Dockerfile", hint: "Dockerfile in the folder",
                    completes: .words { form, state in
                        LocalPath.completions(of: form.typed, in: form["folder"].first ?? "", state.local)
                    }, tabCompletes: true),
                .init(id: "tags", label: "tags", kind: .lines, hint: "name:tag, or none", completes: .images),
                .init(
                    id: "target", label: "target", hint: "the last stage",
                    completes: .words { form, state in outline(form, state)?.stages ?? [] }, tabCompletes: true),
                .init(
                    id: "arguments", label: "arguments", kind: .lines,
                    hint: "NAME=VALUE, or NAME as it is on this machine",
                    completes: .words { form, state in (outline(form, state)?.arguments ?? []).map { "\($0)=" } }),
                .init(id: "noCache", label: "no cache", kind: .check, hint: "every step anew"),
                .init(id: "pull", label: "pull", kind: .check, hint: "look for newer images to build on"),
                .init(id: "builder", label: "builder", kind: .choice([BuildSpec.Builder.classic.title])),
            ],
            buttons: [.init(id: "build", title: "build", key: .ctrl("r"))],
            behaviour: Form.Behaviour(
                check: check, command: { spec(of: $0).line }, press: press, looks: questions))
        form["folder"] = ["."]
        return form
    }

    static func spec(of form: Form) -> BuildSpec {
        BuildSpec(
            folder: form["folder"].first ?? "", dockerfile: form["dockerfile"].first ?? "", tags: form["tags"],
            target: form["target"].first ?? "", arguments: form["arguments"], noCache: !form["noCache"].isEmpty,
            pulls: !form["pull"].isEmpty,
            builder: form["builder"].first == BuildSpec.Builder.buildx.title ? .buildx : .classic)
    }

    // MARK: This machine's files

    /// The Dockerfile that is meant; nil when it is not known yet which it is.
    private static func dockerfile(_ spec: BuildSpec, _ local: LocalKnowledge) -> String? {
        guard spec.dockerfile.isEmpty else { return LocalPath.joined(spec.dockerfile, in: spec.folder) }
        guard let entries = local.entries(of: LocalPath.expanded(spec.folder)) else { return nil }
        let name = ["Dockerfile", "dockerfile"].first { name in entries.contains { $0.name == name } }
        return name.map { LocalPath.joined($0, in: spec.folder) }
    }

    private static func outline(_ form: Form, _ state: State) -> DockerfileOutline? {
        guard let path = dockerfile(spec(of: form), state.local) else { return nil }
        if case .outline(let outline)? = state.local[.dockerfile(path)] { return outline }
        return nil
    }

    @Sendable private static func questions(_ form: Form, _ local: LocalKnowledge) -> [LocalQuestion] {
        let spec = spec(of: form)
        var questions: [LocalQuestion] = [.buildx]
        if !spec.folder.isEmpty { questions.append(.folder(LocalPath.expanded(spec.folder))) }
        switch form.focused?.id {
        case "folder": questions.append(.folder(LocalPath.folder(completing: form.typed)))
        case "dockerfile": questions.append(.folder(LocalPath.folder(completing: form.typed, in: spec.folder)))
        default: break
        }
        if let path = dockerfile(spec, local) { questions.append(.dockerfile(path)) }
        return questions
    }

    // MARK: What is wrong

    @Sendable private static func check(_ form: inout Form, _ state: State) {
        form.clearProblems()
        offerBuilders(&form, state)
        let spec = spec(of: form)
        checkFiles(spec, &form, state)
        for (index, tag) in form.lines(of: "tags").enumerated() where !tag.isEmpty {
            let name = ImageReference(tag)
            if let problem = name.problem
                ?? (name.digest == nil ? nil : "a digest cannot be given: it is what comes out")
            {
                form.say(problem, at: "tags", line: index)
                break
            }
        }
        let outline = outline(form, state)
        if !spec.target.isEmpty, let outline, !outline.hasStage(spec.target) {
            let stages = outline.stages.isEmpty ? "none has a name" : outline.stages.joined(separator: ", ")
            form.say("the Dockerfile has no stage “\(spec.target)”: \(stages)", at: "target")
        }
        for (index, argument) in form.lines(of: "arguments").enumerated() where !argument.isEmpty {
            let name = argument.prefix { $0 != "=" }
            if name.isEmpty {
                form.say("a name is missing before the =", at: "arguments", line: index)
                break
            }
            if name.contains(where: \.isWhitespace) {
                form.say("“\(name)” cannot be a name: NAME=VALUE", at: "arguments", line: index)
                break
            }
            if let outline, !outline.arguments.contains(String(name)), !predefined.contains(String(name)) {
                form.note("the Dockerfile has no ARG \(name)", at: "arguments")
            }
        }
    }

    /// What every builder knows without an `ARG`.
    private static let predefined: Set<String> = [
        "HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "FTP_PROXY", "ftp_proxy", "NO_PROXY", "no_proxy",
        "ALL_PROXY", "all_proxy",
    ]

    private static func checkFiles(_ spec: BuildSpec, _ form: inout Form, _ state: State) {
        guard !spec.folder.isEmpty else { return }
        switch state.local[.folder(LocalPath.expanded(spec.folder))] {
        case .problem(let reason)?: return form.say("\(spec.folder): \(reason)", at: "folder")
        case .entries(_, let isWhole)? where spec.dockerfile.isEmpty && isWhole:
            if dockerfile(spec, state.local) == nil {
                return form.say("there is no Dockerfile in \(spec.folder): another one?", at: "dockerfile")
            }
        default: break
        }
        if let path = dockerfile(spec, state.local), case .problem(let reason)? = state.local[.dockerfile(path)] {
            form.say("\(path): \(reason)", at: "dockerfile")
        }
    }

    /// What can build here, and what does.
    private static func offerBuilders(_ form: inout Form, _ state: State) {
        guard let index = form.index(of: "builder") else { return }
        var titles = [BuildSpec.Builder.classic.title]
        if case .buildx(let version?)? = state.local[.buildx] {
            titles.append(BuildSpec.Builder.buildx.title)
            form.note("docker buildx \(version) is installed".replacing("  ", with: " "), at: "builder")
        } else if case .buildx? = state.local[.buildx] {
            form.note("docker buildx is not installed on this machine", at: "builder")
        }
        form.fields[index].kind = .choice(titles)
        form.fields[index].choice = min(form.fields[index].choice, titles.count - 1)
    }

    // MARK: Building

    @Sendable private static func press(_ button: String, _ state: inout State) -> [Effect] {
        guard var form = state.form else { return [] }
        let spec = spec(of: form)
        if spec.folder.isEmpty { form.say("which folder?", at: "folder") }
        if let (id, label, problem) = form.firstProblem {
            form.move(to: id, line: problem.line)
            form.keepVisible(state)
            state.layers[state.layers.count - 1] = .form(form)
            state.tell(.failure, "\(label): \(problem.message)")
            return []
        }
        // The next time it is the same again, more often than not.
        state.keptForms[id] = form
        let number = state.nextAction
        let effects = state.start(BuildJob(spec: spec), form: form)
        if !effects.isEmpty { state.layers.append(.job(number)) }
        return effects
    }
}

extension Form {
    /// What stands in the line with the cursor.
    var typed: String { focused.flatMap { line < $0.lines.count ? $0.lines[line].text : nil } ?? "" }
}
