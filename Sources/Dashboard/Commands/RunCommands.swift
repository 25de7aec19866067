import EngineAPI
import Terminal

extension Command {
    static let runCommands: [Command] = [
        Command(
            id: "run.form", title: "run a container: a form, or a docker run line that is pasted", hint: "run",
            keys: .named("R"), scope: .everywhere, kind: .changes,
            applies: isReachable,
            run: { state in
                state.openRunForm()
                return []
            }),
        Command(
            id: "run.again", title: "run another one like this container, after a look at the form",
            keys: .named("A"), scope: .everywhere, kind: .changes,
            applies: { state in
                guard state.pane == .containers else { return .no(state.onlyContainers) }
                guard state.selectedContainer != nil else { return .no("no container is selected") }
                return state.engine.isConnected ? .yes : .no("the Engine is not reachable")
            },
            run: { state in
                guard let container = state.selectedContainer else { return [] }
                return [.recall(state.current, container.id)]
            }),
    ]
}

extension State {
    /// Opens the form of a run, with what was typed the last time, and with what is selected filled in.
    mutating func openRunForm() {
        var form = keptForms[RunForm.id] ?? RunForm.make()
        form.title = "Run a container"
        switch selected {
        case .image(let id)?:
            if let image = engine.images[id] {
                form[RunField.image.rawValue] = [image.tags.first ?? image.shortID]
                form.move(to: RunField.name.rawValue)
            }
        case .volume(let name)?:
            if form[RunField.mounts.rawValue].isEmpty { form[RunField.mounts.rawValue] = ["\(name):/"] }
        case .network(let id)?:
            if let network = engine.networks[id], form[RunField.network.rawValue].isEmpty {
                form[RunField.network.rawValue] = [network.name]
            }
        default: break
        }
        open(form)
    }

    /// Opens the form with what another container was made of.
    mutating func take(recalled: Result<RecalledRun, EngineError>, of id: ContainerID, on engineID: EngineID) {
        let name = engines[engineID]?.containers[id]?.name ?? id.short
        switch recalled {
        case .failure(let error): tell(.failure, "\(name): \(error.message)")
        case .success(let recalled):
            var spec = recalled.spec
            // Whoever has gone on meanwhile is not interrupted.
            guard layers.isEmpty, engineID == current else {
                return tell(.note, "\(name) was read too late: \(key(of: "run.again")) reads it again")
            }
            spec.name = freeName(like: name)
            var form = RunForm.make(spec.draft)
            form.title = "Run again like \(Sanitiser.clean(name))"
            if !recalled.leftOut.isEmpty {
                form.remark = "not taken over: " + recalled.leftOut.joined(separator: ", ")
            }
            open(form)
        }
    }

    /// `web-2` for `web`, `web-3` when that is taken.
    private func freeName(like name: String) -> String {
        let names = Set(engine.containers.values.map(\.name))
        let parts = name.split(separator: "-")
        var base = name
        if parts.count > 1, let last = parts.last, last.count < 4, Int(last) != nil {
            base = String(name.dropLast(last.count + 1))
        }
        for number in 2... where !names.contains("\(base)-\(number)") { return "\(base)-\(number)" }
        return ""
    }

    /// Says how a run went, and shows the new container.
    mutating func finish(run number: Int, _ outcome: RunOrder.Outcome, of id: EngineID) -> [Effect] {
        guard let entry = journal.entries.last(where: { $0.id == number }) else { return [] }
        let effects = outcome.container.map { welcome($0, of: id) } ?? []
        let warnings = outcome.warnings.map { "the Engine says: \($0)" }
        journal.note(number, warnings)
        guard let failure = outcome.failure else {
            let seconds = now.timeIntervalSince(entry.at)
            journal.finish(number, .done(seconds))
            // One that has ended already and was removed has only the name that it was asked for by.
            let verb = entry.done.prefix { $0 != " " }
            let done = outcome.container.map { "\(verb) \($0.name)" } ?? entry.done
            let text = (["\(done) after \(Units.fixed(seconds, 1)) s"] + warnings).joined(separator: "; ")
            tell(warnings.isEmpty ? .success : .note, text, docker: entry.docker)
            closeForm(waitingFor: number)
            keptForms[RunForm.id] = nil
            if outcome.attaches, let container = outcome.container, id == current {
                return effects + runAttached(container)
            }
            return effects
        }
        let (message, field) = words(for: failure, outcome)
        journal.finish(number, .failed(message))
        tell(.failure, "\(entry.title): \(message)", docker: entry.docker)
        if case .starting = failure, outcome.container != nil {
            // The form would only make another one of that name: it is kept, and the half-made one is shown.
            keepForm(waitingFor: number)
            return effects
        }
        release(formWaitingFor: number) { form in
            form.message = message
            if let field {
                form.say(message, at: field.rawValue)
                form.move(to: field.rawValue)
                form.message = nil
            }
        }
        if let image = missingImage(failure) {
            let button = outcome.attaches ? "attach" : entry.title.hasPrefix("create") ? "create" : "run"
            offerPull(of: image, presses: button, on: id)
        }
        return effects
    }

    /// The image that a container could not be made from, because it is not there.
    private func missingImage(_ failure: RunOrder.Failure) -> ImageReference? {
        guard case .creating(.notFound(let text)) = failure, text.lowercased().contains("no such image") else {
            return nil
        }
        let name = text.split(separator: ": ", maxSplits: 1).last.map { ImageReference(String($0)) }
        return name?.problem == nil ? name : nil
    }

    /// Asks whether the image is to be pulled; the form goes on by itself when that is done.
    private mutating func offerPull(of image: ImageReference, presses button: String, on id: EngineID) {
        guard form?.id == RunForm.id, id == current else { return }
        let job = PullJob(image: image, presses: button)
        layers.append(
            .question(
                Question(
                    engine: id, verb: "pull", noun: image.description,
                    notes: ["the Engine does not have it; when it is there, the container is made"],
                    docker: { _ in job.docker }, yes: { _, state in state.start(job) })))
    }

    /// A new container is in the list and selected.
    private mutating func welcome(_ summary: ContainerSummary, of id: EngineID) -> [Effect] {
        var effects = handle(.containers([summary], asked: [summary.id]), of: id)
        // It may have ended, and be gone, since it was listed: events that told so may have come before this.
        engines[id]?.refresh.containers.insert(summary.id)
        effects += flushRefresh(id)
        guard id == current else { return effects }
        pane = .containers
        focus = .list
        self[list: .containers].selected = .container(summary.id)
        self[list: .containers].awaited = nil
        if !rows(.containers).contains(.container(summary.id)) {
            self[list: .containers].filter = ""
            self[list: .containers].onlyTrouble = false
        }
        return effects
    }

    private mutating func keepForm(waitingFor number: Int) {
        for case .form(var form) in layers where form.working == number {
            form.working = nil
            keptForms[form.id] = form
        }
        closeForm(waitingFor: number)
    }

    /// A failure in one line, and the field that it is about.
    private func words(for failure: RunOrder.Failure, _ outcome: RunOrder.Outcome) -> (String, RunField?) {
        switch failure {
        case .file(let message): return (message, .environmentFiles)
        case .creating(let error):
            let text = error.message
            if case .notFound = error, text.lowercased().contains("no such image") {
                let image = text.split(separator: ": ", maxSplits: 1).last.map(String.init) ?? "the image"
                return (RunForm.missing(image), .image)
            }
            if case .conflict = error, text.contains("already in use") {
                // By whom, when the list has it: Conflict. The container name "/web" is already in use by container "…".
                let owner = engine.containers.values.first { text.contains($0.id.rawValue) }
                return (owner.map { "the name is taken: \(described($0))" } ?? text, .name)
            }
            if text.contains("No command specified") {
                return ("the image has no command of its own: give one", .command)
            }
            return (error.isUnanswered ? text + "; it may have been created all the same" : text, nil)
        case .starting(let error):
            let reason = portReason(error.message) ?? error.message
            guard let container = outcome.container else {
                return ("not started, and removed again: \(reason)", nil)
            }
            return (
                "\(container.name) was created but not started: \(reason); \(key(of: "container.remove")) removes it",
                nil
            )
        }
    }

    /// `port 8080 is in use by web`, from the Engine's many words.
    func portReason(_ message: String) -> String? {
        guard message.contains("already allocated") || message.contains("address already in use") else { return nil }
        let words = message.split { " ()".contains($0) }
        let port = words.lazy.compactMap { word -> Int? in
            // `listen tcp4 0.0.0.0:8080: bind: address already in use`
            let word = word.last == ":" ? word.dropLast() : word
            guard let colon = word.lastIndex(of: ":") else { return nil }
            return Int(word[word.index(after: colon)...].prefix { $0.isASCIIDigit })
        }.last { $0 > 0 }
        guard let port else { return nil }
        let owner = engine.containers.values.first { container in
            container.isRunning && container.summary.ports.contains { $0.publicPort == port }
        }
        return "port \(port) is in use" + (owner.map { " by \(described($0))" } ?? ", by no container of this Engine")
    }
}
