import EngineAPI

// Which logs are shown as one.
extension State {
    /// The logs that can be shown as one: of the marked containers, the selected one's project, its labels.
    var mergeChoices: [(subject: LogSubject, count: Int)] {
        var choices: [LogSubject] = []
        let names = markedContainers.compactMap { name(of: $0) }
        if !names.isEmpty { choices.append(.marked(names)) }
        if let container = selectedContainer {
            let labels = container.summary.labels
            if let project = labels[LogSubject.projectLabel] {
                choices.append(.label(LogSubject.projectLabel, project))
            }
            for (key, value) in labels.sorted(by: { $0.key < $1.key }) where !key.hasPrefix("com.docker.compose.") {
                choices.append(.label(key, value))
            }
        }
        return choices.prefix(40).map { subject in
            (subject, engine.containers.values.count { subject.covers($0) })
        }
    }

    /// Whether there are any, which is asked at every frame.
    var hasMergeChoices: Bool {
        let isMarked = marked.contains { mark in
            if case .container(let id) = mark { engine.containers[id] != nil } else { false }
        }
        if isMarked { return true }
        return selectedContainer?.summary.labels.keys.contains {
            $0 == LogSubject.projectLabel || !$0.hasPrefix("com.docker.compose.")
        } ?? false
    }

    private func name(of id: ContainerID) -> String? { engine.containers[id]?.name }

    mutating func mergeLogs() {
        if merged != nil {
            merged = nil
            return tell(.note, "the log of the selected container")
        }
        let choices = mergeChoices
        if let only = choices.first, choices.count == 1 || only.subject.isMarked {
            showMerged(only.subject)
        } else {
            let items = choices.map { subject, count in
                Menu.Item(
                    title: subject.title, note: "\(count) container\(count == 1 ? "" : "s")", choice: .merge(subject))
            }
            layers.append(.menu(Menu(title: "One log of", items: items)))
        }
    }

    mutating func showMerged(_ subject: LogSubject) {
        merged = subject
        _ = show(DetailTab.logs)
        tell(.note, "one log of \(subject.title); \(key(of: "log.merge")) goes back")
    }
}
