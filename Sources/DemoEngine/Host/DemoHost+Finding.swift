extension DemoHost {
    /// The container of an identity, a name, or a beginning of an identity that only one has.
    func find(_ reference: String) throws(Refusal) -> DemoContainer {
        let name = reference.hasPrefix("/") ? String(reference.dropFirst()) : reference
        if let index = byID[reference] ?? byName[name], let container = containers[index] { return container }
        guard !reference.isEmpty, reference.utf8.count < 64 else {
            throw .notFound("No such container: \(reference)")
        }
        let found = byID.filter { $0.key.hasPrefix(reference) }.values
        guard found.count < 2 else { throw .bad("multiple IDs found with provided prefix: \(reference)") }
        guard let index = found.first, let container = containers[index] else {
            throw .notFound("No such container: \(reference)")
        }
        return container
    }

    /// The containers of some whole identities, in the order they were made; nil when one of these is only a beginning.
    func containers(ofWholeIDs ids: [String]) -> [DemoContainer?]? {
        guard ids.allSatisfy({ $0.utf8.count == 64 }) else { return nil }
        return Set(ids.compactMap { byID[$0] }).sorted().map { containers[$0] }
    }

    /// The volumes that are mounted into a container, with the places where they are.
    func mounts(of container: DemoContainer) -> [(volume: String, destination: String, isReadOnly: Bool)] {
        container.spec.mounts.compactMap { mount in
            (mount.volume ?? container.anonymousVolume).map { ($0, mount.destination, mount.isReadOnly) }
        }
    }
}
