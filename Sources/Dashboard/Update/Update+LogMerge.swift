import EngineAPI

// Which logs are shown as one.
extension State {
    /// The logs that can be shown as one, and of how many containers each is.
    var mergeChoices: [(subject: LogSubject, count: Int)] {
        mergeSubjects.map { subject in (subject, engine.containers.values.count { subject.covers($0) }) }
    }

    /// The logs that can be shown as one: of the marked containers, the selected one's project, its labels. Every frame
    /// asks for them, so that nothing is counted here.
    var mergeSubjects: [LogSubject] {
        var choices: [LogSubject] = []
        let marks = marked.isEmpty ? [] : engine.order.filter { marked.contains($0) }
        let names = marks.compactMap { engine.containers[$0]?.name }
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
        return Array(choices.prefix(40))
    }

    mutating func mergeLogs() {
        if merged != nil {
            merged = nil
            return tell(.note, "the log of the selected container")
        }
        let choices = mergeChoices
        if let only = choices.first, choices.count == 1 || !marked.isEmpty {
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
        tell(.note, "one log of \(subject.title); m goes back")
    }

    mutating func markSelected() {
        guard let id = selectedContainer?.id else { return }
        if marked.remove(id) == nil { marked.insert(id) }
        moveSelection(1)
    }

    mutating func markAll() {
        let listed = Set(
            rows(.containers).compactMap { row -> ContainerID? in
                if case .container(let id) = row { return id }
                return nil
            })
        marked = listed.isSubset(of: marked) ? marked.subtracting(listed) : marked.union(listed)
        tell(.note, marked.isEmpty ? "nothing is marked" : "\(marked.count) marked: m merges their logs")
    }
}
