import EngineAPI
import Terminal

extension Command {
    static let volumeCommands: [Command] = [
        Command(
            id: "volume.browse", title: "what is in the volume: look, copy out and in", hint: "files",
            keys: .named("F"), scope: .volumes, kind: .changes, applies: { $0.appliesToVolumes() },
            run: { state in
                if let id = state.selected, let volume = state.engine.volume(id) { state.openFiles(of: volume) }
                return []
            }),
        Command(
            id: "volume.create", title: "create a volume", hint: "create", keys: .named("n"), scope: .volumes,
            kind: .changes, applies: isReachable,
            run: { state in
                state.open(state.keptForms[VolumeForm.id] ?? VolumeForm.make())
                return []
            }),
        Command(
            id: "volume.remove", title: "remove the volume, or the marked ones", hint: "remove",
            keys: .named("d", "delete"), scope: .volumes, kind: .destroys, takesSeveral: true,
            applies: { $0.appliesToVolumes() },
            run: { $0.askVolumeRemoval() }),
    ]
}

extension State {
    /// The volumes that a command is about: the marked ones that are listed, or the selected one.
    var aimedVolumes: [VolumeSummary] {
        guard pane == .volumes else { return [] }
        let marked = markedRows(.volumes).compactMap { engine.volume($0) }
        return marked.isEmpty ? selected.flatMap { engine.volume($0) }.map { [$0] } ?? [] : marked
    }

    fileprivate func appliesToVolumes() -> Command.Applicability {
        guard pane == .volumes, let selected, engine.volume(selected) != nil else {
            return .no("no volume is selected")
        }
        return engine.isConnected ? .yes : .no("the Engine is not reachable: nothing was sent")
    }

    fileprivate mutating func askVolumeRemoval() -> [Effect] {
        let volumes = aimedVolumes
        var question = Question(
            engine: current, targets: volumes.map { .init(id: .volume($0.name), name: $0.shownName) }, verb: "remove",
            noun: "volumes",
            docker: { question in
                Sanitiser.clean(RemoveVolumesJob(names: question.volumeNames, force: question.isOn("force")).docker)
            },
            yes: { question, state in
                for target in question.targets { state.marked.remove(target.id) }
                return state.start(RemoveVolumesJob(names: question.volumeNames, force: question.isOn("force")))
            })
        // The Engine's own driver never needs it; and Podman would remove the containers as well.
        if volumes.contains(where: { $0.driver != "local" }), engine.version?.isPodman != true {
            question.options = [
                .init(
                    id: "force", title: "force: also when its driver cannot, or is gone",
                    value: .check(key: "f", isOn: false))
            ]
        }
        question.notes = volumes.count == 1 ? [] : ["all that is in them goes"]
        let used = volumes.map { ($0, engine.use(ofVolume: $0.name)) }.filter { !$0.1.isEmpty }
        for (volume, use) in used.prefix(4) {
            let who = described(use)
            question.notes.append(
                volumes.count == 1
                    ? "used by \(who): the Engine is going to refuse" : "\(volume.shownName) is used by \(who)")
        }
        if used.count > 4 { question.notes.append("and \(used.count - 4) more are used") }
        if volumes.count == 1, used.isEmpty { question.notes.append("nobody uses it; all that is in it goes") }
        layers.append(.question(question))
        return []
    }

    /// `web and api (running), old (stopped)`.
    func described(_ use: VolumeUse) -> String {
        func part(_ ids: [ContainerID], _ word: String) -> String? {
            guard !ids.isEmpty else { return nil }
            let names = ids.prefix(4).map { engine.containers[$0]?.name ?? $0.short }
            let more = ids.count > names.count ? " and \(ids.count - names.count) more" : ""
            return "\(names.joined(separator: ", "))\(more) (\(word))"
        }
        return [part(use.running, "running"), part(use.stopped, "stopped")].compactMap { $0 }.joined(separator: ", ")
    }
}

extension Question {
    /// The volumes that it is still about.
    fileprivate var volumeNames: [String] {
        targets.compactMap { if case .volume(let name) = $0.id { name } else { nil } }
    }
}

extension EngineVersion {
    /// Podman does some things differently.
    var isPodman: Bool { name.hasPrefix("Podman") }
}
