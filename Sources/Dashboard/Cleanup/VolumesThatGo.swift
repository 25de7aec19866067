import EngineAPI
import Terminal

extension State {
    /// Has the question about a removal of containers say which volumes go with them.
    mutating func nameVolumesThatGo() {
        guard case .question(var question)? = layers.last else { return }
        engines[question.engine]?.findUsers()
        let engine = engines[question.engine]
        var owned: [ResourceID: [String]] = [:]
        for case .container(let id) in question.targets.map(\.id) {
            guard let container = engine?.containers[id] else { continue }
            // The Engine leaves those that another container uses too.
            owned[.container(id)] = container.summary.mounts.compactMap { mount in
                guard (engine?.volumes[mount.name] ?? VolumeSummary(name: mount.name)).isAnonymous,
                    engine?.use(ofVolume: mount.name).all.allSatisfy({ $0 == id }) ?? true
                else { return nil }
                let size = engine?.volumes[mount.name].flatMap { engine?.size(of: $0) }
                let bytes = if case .bytes(let bytes)? = size { " \(Units.bytes(Double(bytes)))" } else { "" }
                return "\(mount.name.prefix(12))\(bytes) (\(mount.destination))"
            }
        }
        question.remarks = { [owned] question in
            guard question.isOn("volumes") else { return [] }
            let volumes = question.targets.flatMap { owned[$0.id] ?? [] }
            guard !volumes.isEmpty else { return ["no anonymous volume goes with it"] }
            let more = volumes.count > 6 ? " and \(volumes.count - 6) more" : ""
            let word = volumes.count == 1 ? "volume goes" : "volumes go"
            return ["\(volumes.count) anonymous \(word) too: \(volumes.prefix(6).joined(separator: ", "))\(more)"]
        }
        layers[layers.count - 1] = .question(question)
    }
}
