import EngineAPI
import Terminal

/// Other limits and another restart policy for a container: only what was changed is sent.
enum UpdateForm {
    static let id = "update"

    static func make(_ details: ContainerDetails) -> Form {
        let name = Sanitiser.clean(details.name)
        var form = Form(
            id: id, title: "Update \(name)",
            fields: [
                .init(id: "memory", label: "memory", hint: "no limit; 512m, 1.5g"),
                .init(id: "cpus", label: "CPUs", hint: "no limit; 0.5, 2"),
                .init(id: "restart", label: "restart", kind: .choice(RunSpec.Restart.names)),
                .init(id: "retries", label: "retries", hint: "how often at most, for on-failure"),
            ],
            buttons: [.init(id: "update", title: "update", key: .ctrl("r"))],
            behaviour: Form.Behaviour(
                check: { form, state in check(&form, details, state) },
                command: { job($0, details).docker }, press: { _, state in press(details, &state) }))
        if details.memoryLimit > 0 { form["memory"] = [RunText.text(bytes: details.memoryLimit)] }
        if details.nanoCPUs > 0 { form["cpus"] = [RunText.text(nanoCPUs: details.nanoCPUs)] }
        form["restart"] = [details.restartPolicy.name]
        let times = details.restartPolicy.maximumRetryCount
        if times > 0 { form["retries"] = [String(times)] }
        return form
    }

    /// What was changed in the form.
    static func update(_ form: Form, _ details: ContainerDetails) -> ContainerUpdate {
        var update = ContainerUpdate()
        if let memory = form["memory"].first.flatMap(RunText.bytes), memory != details.memoryLimit {
            update.memory = memory
            // Swap is counted together with memory: what was allowed of it stays allowed.
            if details.memorySwap > 0 {
                update.memorySwap = memory + max(0, details.memorySwap - details.memoryLimit)
                if details.memorySwap == 2 * details.memoryLimit { update.memorySwap = 2 * memory }
            }
        }
        if let cpus = form["cpus"].first.flatMap(RunText.nanoCPUs), cpus != details.nanoCPUs { update.nanoCPUs = cpus }
        let policy = form["restart"].first ?? "no"
        let times = policy == "on-failure" ? form["retries"].first.flatMap { Int($0) } ?? 0 : 0
        if policy != details.restartPolicy.name || times != details.restartPolicy.maximumRetryCount {
            update.restartPolicy = .init(name: policy, maximumRetryCount: policy == "on-failure" ? times : nil)
        }
        return update
    }

    private static func job(_ form: Form, _ details: ContainerDetails) -> UpdateContainerJob {
        UpdateContainerJob(
            container: details.id, name: Sanitiser.clean(details.name), update: update(form, details))
    }

    private static func check(_ form: inout Form, _ details: ContainerDetails, _ state: State) {
        form.clearProblems()
        let cannotGo =
            "a limit cannot be taken away, only changed; \(state.key(of: "run.again")) runs another one without"
        if let text = form["memory"].first {
            if let bytes = RunText.bytes(text) {
                if bytes < 6 << 20 { form.say("the Engine wants 6m at least", at: "memory") }
                if let host = state.engine.info?.memory, host > 0, bytes > host {
                    form.note("more than the Engine's host has", at: "memory")
                }
                if let used = state.engine.containers[details.id]?.usage.latest?.memory, Double(bytes) < used {
                    form.note("less than it uses now: the kernel may kill it", at: "memory")
                }
            } else {
                form.say("“\(text)” is no size: 512m, 1.5g", at: "memory")
            }
        } else if details.memoryLimit > 0 {
            form.say(cannotGo, at: "memory")
        }
        if let text = form["cpus"].first {
            if let cpus = RunText.nanoCPUs(text) {
                if cpus < 10_000_000 { form.say("the Engine wants 0.01 at least", at: "cpus") }
                if let all = state.engine.info?.cpus, all > 0, cpus > all * 1_000_000_000 {
                    form.say("the Engine's host has \(all)", at: "cpus")
                }
            } else {
                form.say("“\(text)” is no number: 0.5, 2", at: "cpus")
            }
        } else if details.nanoCPUs > 0 {
            form.say(cannotGo, at: "cpus")
        }
        let policy = form["restart"].first ?? "no"
        if policy != "no", details.autoRemove {
            form.say("what is removed when it ends (--rm) cannot be restarted", at: "restart")
        }
        if let text = form["retries"].first {
            if Int(text).map({ $0 < 0 }) ?? true {
                form.say("“\(text)” is no number", at: "retries")
            } else if policy != "on-failure", text != String(details.restartPolicy.maximumRetryCount) {
                form.say("a number of times is for on-failure only", at: "retries")
            }
        }
    }

    private static func press(_ details: ContainerDetails, _ state: inout State) -> [Effect] {
        guard let form = state.form, !state.refuses(form) else { return [] }
        guard update(form, details) != ContainerUpdate() else {
            state.tell(.note, "nothing was changed: nothing was sent")
            return []
        }
        return state.start(job(form, details), form: form)
    }
}

extension Form {
    mutating func note(_ text: String, at id: String) {
        if let index = index(of: id) { fields[index].note = text }
    }
}

extension State {
    /// Says what is wrong with a form, if anything is, and leads to it.
    mutating func refuses(_ form: Form) -> Bool {
        guard let (id, label, problem) = form.firstProblem else { return false }
        var form = form
        form.move(to: id, line: problem.line)
        form.keepVisible(self)
        layers[layers.count - 1] = .form(form)
        tell(.failure, "\(label): \(problem.message)")
        return true
    }
}
