import EngineAPI
import FoundationEssentials
import Terminal

/// Run and create: the form of a `docker run` line.
enum RunForm {
    static let id = "run"

    static func make(_ draft: RunDraft = RunDraft()) -> Form {
        func field(
            _ field: RunField, _ label: String, _ kind: Form.Field.Kind = .text, hint: String = "",
            completes: Form.Completion? = nil
        ) -> Form.Field {
            Form.Field(id: field.rawValue, label: label, kind: kind, hint: hint, completes: completes)
        }
        var form = Form(
            id: id, title: "Run a container",
            fields: [
                field(.line, "from a line", hint: "paste a docker run line, Enter fills the form with it"),
                field(.image, "image", completes: .images),
                field(.name, "name", hint: "one that the Engine makes up"),
                field(.command, "command", hint: "the image's own"),
                field(.ports, "ports", .lines, hint: "8080:80, 127.0.0.1:53:53/udp, 8000-8010:80-90"),
                field(.publishAll, "publish all", .check, hint: "every exposed port, the Engine chooses where"),
                field(
                    .mounts, "mounts", .lines, hint: "name:/path, /host:/path:ro, type=tmpfs,target=/path",
                    completes: .volumes),
                field(.environment, "environment", .lines, hint: "KEY=VALUE, or KEY as it is on this machine"),
                field(.environmentFiles, "env files", .lines, hint: "read on this machine"),
                field(.network, "network", hint: "bridge", completes: .networks),
                field(.aliases, "aliases", .lines, hint: "its names in that network"),
                field(.restart, "restart", .choice(RunSpec.Restart.names)),
                field(.retries, "retries", hint: "how often at most, for on-failure"),
                field(.memory, "memory", hint: "no limit; 512m, 1.5g"),
                field(.cpus, "CPUs", hint: "no limit; 0.5, 2"),
                field(.labels, "labels", .lines, hint: "KEY=VALUE"),
                field(.entrypoint, "entrypoint", hint: "the image's own; '' takes it away"),
                field(.user, "user", hint: "the image's own; NAME, 1000:1000"),
                field(.workdir, "workdir", hint: "the image's own"),
                field(.hostname, "hostname"),
                field(.autoRemove, "--rm", .check, hint: "remove it when it has ended"),
                field(.interactive, "-i", .check, hint: "keep its standard input open"),
                field(.tty, "-t", .check, hint: "give it a terminal"),
                field(.more, "more flags", .lines, hint: "--privileged, --cap-add NET_ADMIN, --tmpfs /run"),
            ],
            buttons: [
                .init(id: "run", title: "run", key: .ctrl("r")),
                .init(id: "attach", title: "run attached", key: .ctrl("t")),
                .init(id: "create", title: "create", key: .ctrl("o")),
            ],
            focus: RunField.image.rawValue,
            behaviour: Form.Behaviour(
                check: check, command: { spec(of: $0).spec.shownLine() }, press: press,
                takesPaste: { text, form in
                    guard RunDraft.isLine(text) else { return false }
                    takeLine(text, &form)
                    return true
                },
                takesEnter: { form in
                    guard form.focused?.id == RunField.line.rawValue, let line = form[RunField.line.rawValue].first
                    else { return false }
                    takeLine(line, &form)
                    return true
                }))
        fill(&form, with: draft)
        return form
    }

    // MARK: Form and draft

    static func fill(_ form: inout Form, with draft: RunDraft) {
        for field in RunField.allCases where field != .line { form[field.rawValue] = draft[field] }
    }

    static func draft(of form: Form) -> RunDraft {
        var draft = RunDraft()
        for field in RunField.allCases where field != .line {
            switch form.focusedKind(of: field.rawValue) {
            // Lines that are empty count, so that a problem is named at the right one.
            case .lines: draft[field] = form.lines(of: field.rawValue)
            // What stands first is what the Engine does anyway.
            case .choice(let choices): draft[field] = form[field.rawValue].filter { $0 != choices.first }
            default: draft[field] = form[field.rawValue]
            }
        }
        return draft
    }

    static func spec(of form: Form) -> (spec: RunSpec, problems: RunSpec.Problems) {
        var problems: RunSpec.Problems = [:]
        let spec = RunSpec(draft(of: form), &problems)
        return (spec, problems)
    }

    /// Fills the form from a whole line; one that is wrong stays to be mended.
    private static func takeLine(_ line: String, _ form: inout Form) {
        let text = line.split(whereSeparator: \.isNewline).joined(separator: "\n")
        do {
            let draft = try RunDraft(line: text)
            form.empty()
            fill(&form, with: draft)
            form.move(to: RunField.image.rawValue)
        } catch {
            // In one line, as a field has it; a line that goes on ends in a backslash.
            let flat = text.replacing("\\\n", with: " ").replacing("\n", with: " ")
            form[RunField.line.rawValue] = [String(flat.prefix(TextLine.longest))]
            form.move(to: RunField.line.rawValue)
        }
    }

    // MARK: What is wrong

    @Sendable private static func check(_ form: inout Form, _ state: State) {
        form.clearProblems()
        let (spec, problems) = spec(of: form)
        for (field, problem) in problems { form.say(problem.message, at: field.rawValue, line: problem.line) }
        if let line = form[RunField.line.rawValue].first {
            do {
                _ = try RunDraft(line: line)
                form.say("Enter fills the form with it, Ctrl-u takes it away", at: RunField.line.rawValue)
            } catch { form.say(error.description, at: RunField.line.rawValue) }
        }
        if !spec.name.isEmpty, let owner = state.engine.container(named: spec.name) {
            form.say("\(spec.name) is taken: \(state.described(owner))", at: RunField.name.rawValue)
        }
        let networks = state.engine.networks
        if networks.loaded, !spec.network.isEmpty, spec.network != "default", !spec.network.hasPrefix("container:"),
            !networks.items.contains(where: { $0.name == spec.network || $0.id.hasPrefix(spec.network) })
        {
            form.say("there is no network \(spec.network)", at: RunField.network.rawValue)
        }
        if let nanoCPUs = spec.nanoCPUs, let cpus = state.engine.info?.cpus, cpus > 0, nanoCPUs > cpus * 1_000_000_000 {
            form.say("the Engine's host has \(cpus)", at: RunField.cpus.rawValue)
        }
        if !spec.environmentFiles.isEmpty { form.note("read on this machine, when it is run", at: .environmentFiles) }
        if let (port, owner) = conflict(of: spec, state) {
            form.note("\(port) is published by \(Sanitiser.clean(owner.name)): it could not start", at: .ports)
        }
        if !spec.image.isEmpty, state.engine.images.loaded, state.engine.image(named: spec.image) == nil {
            form.note(missing(spec.image), at: .image)
        }
    }

    /// What is said of an image that is not there. Where pulling is offered, here is its place.
    static func missing(_ image: String) -> String { "it is not there: docker pull \(image) gets it" }

    /// A port that a running container of the Engine publishes already.
    static func conflict(of spec: RunSpec, _ state: State) -> (port: Int, owner: Container)? {
        let wanted = spec.ports.filter { $0.host?.count == $0.container.count }
        guard !wanted.isEmpty else { return nil }
        func isEverywhere(_ address: String) -> Bool { ["", "0.0.0.0", "::"].contains(address) }
        for id in state.engine.order {
            guard let container = state.engine.containers[id], container.isRunning else { continue }
            for mapping in container.summary.ports {
                guard let taken = mapping.publicPort else { continue }
                let address = mapping.hostIP ?? ""
                let port = wanted.first { port in
                    port.proto == mapping.proto && port.host?.contains(taken) == true
                        && (isEverywhere(port.address) || isEverywhere(address) || port.address == address)
                }
                if port != nil { return (taken, container) }
            }
        }
        return nil
    }

    // MARK: Running

    @Sendable private static func press(_ button: String, _ state: inout State) -> [Effect] {
        guard var form = state.form else { return [] }
        // Attached, it is started by whoever listens: nothing that it says is missed.
        let starts = button == "run"
        let attaches = button == "attach"
        let (spec, _) = spec(of: form)
        if spec.image.isEmpty, form.firstProblem == nil { form.say("which image?", at: RunField.image.rawValue) }
        if starts || attaches, form.firstProblem == nil, let (port, owner) = conflict(of: spec, state) {
            form.say(
                "\(port) is in use: \(state.described(owner)) publishes it; Ctrl-o creates without starting",
                at: RunField.ports.rawValue)
        }
        if let (id, label, problem) = form.firstProblem {
            form.move(to: id, line: problem.line)
            form.keepVisible(state)
            state.layers[state.layers.count - 1] = .form(form)
            state.tell(.failure, "\(label): \(problem.message)")
            return []
        }
        guard state.engine.isConnected else {
            state.tell(.failure, "the Engine is not reachable: nothing was sent")
            return []
        }
        let number = state.nextAction
        state.nextAction += 1
        let what = spec.name.isEmpty ? spec.image : spec.name
        state.journal.append(
            Journal.Entry(
                id: number, at: state.now, engine: state.current, title: "\(starts ? "run" : "create") \(what)",
                done: "\(starts ? "running" : "created") \(what)", docker: spec.shownLine(creating: !starts),
                outcome: .running))
        form.working = number
        form.message = nil
        state.replace(form)
        return [.run(state.current, id: number, RunOrder(spec: spec, starts: starts, attaches: attaches))]
    }
}

extension Form {
    fileprivate func focusedKind(of id: String) -> Field.Kind? { index(of: id).map { fields[$0].kind } }

    fileprivate mutating func note(_ text: String, at field: RunField) {
        guard let index = index(of: field.rawValue) else { return }
        fields[index].note = text
    }
}

extension EngineState {
    func container(named name: String) -> Container? { containers.values.first { $0.name == name } }

    /// The image that a name or an identity means.
    func image(named name: String) -> ImageSummary? {
        let bare = name.hasPrefix("sha256:") ? String(name.dropFirst(7)) : name
        return images.items.first { image in
            image.tags.contains { $0 == name || $0 == "\(name):latest" } || image.digests.contains(name)
                || name.contains("@")
                    && image.digests.contains { $0.split(separator: "@").last == name.split(separator: "@").last }
                || image.id.split(separator: ":").last?.hasPrefix(bare) == true
        }
    }
}

extension State {
    /// A container in half a line: `web (shop/web:2.4, Up 3 hours)`.
    func described(_ container: Container) -> String {
        let status = container.status(at: engine.engineTime(now))
        return Sanitiser.clean("\(container.name) (\(container.summary.image), \(status))")
    }
}
