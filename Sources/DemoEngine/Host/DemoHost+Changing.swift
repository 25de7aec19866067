// What can be changed of a container that is there.
extension DemoHost {
    mutating func rename(_ reference: String, to name: String) throws(Refusal) {
        let container = try find(reference)
        let name = name.hasPrefix("/") ? String(name.dropFirst()) : name
        guard !name.isEmpty else { throw .bad("Neither old nor new names may be empty") }
        guard name != container.name else {
            throw .bad("Renaming a container with the same name as its current name")
        }
        if let owner = byName[name].flatMap({ containers[$0] }) {
            throw .conflict(
                "Error when allocating new name: Conflict. The container name \"/\(name)\" is already in use by "
                    + "container \"\(owner.id)\". You have to remove (or rename) that container to be able to reuse "
                    + "that name.")
        }
        guard name.utf8.count > 1, Self.isName(name) else {
            throw .bad(
                "Error when allocating new name: Invalid container name (\(name)), only [a-zA-Z0-9][a-zA-Z0-9_.-] "
                    + "are allowed")
        }
        byName[container.name] = nil
        byName[name] = container.index
        change(container.index) { $0.name = name }
        tell("rename", container.index, ["oldName": "/" + container.name])
    }

    /// Changes limits and the restart policy.
    mutating func update(_ reference: String, _ changes: JSON) throws(Refusal) {
        let container = try find(reference)
        let memory = changes["Memory"]?.number.flatMap { $0 == 0 ? nil : $0 }
        if let memory, memory < 6 << 20 { throw .bad("Minimum memory limit allowed is 6MB") }
        if let memory, memory > self.memory {
            throw .bad("Memory limit of \(memory) bytes is more than the host has")
        }
        let policy = changes["RestartPolicy"]?["Name"]?.text.flatMap { $0.isEmpty ? nil : $0 }
        if let policy, !["no", "always", "unless-stopped", "on-failure"].contains(policy) {
            throw .bad(
                "invalid restart policy: unknown policy '\(policy)'; use one of 'no', 'always', 'on-failure', or 'unless-stopped'"
            )
        }
        let retries = changes["RestartPolicy"]?["MaximumRetryCount"]?.number
        if let retries, retries > 0, policy != "on-failure" {
            throw .bad("invalid restart policy: maximum retry count can only be used with 'on-failure'")
        }
        if container.own?.removesItself == true, let policy, policy != "no" {
            throw .bad("Restart policy cannot be updated because AutoRemove is enabled for the container")
        }
        let processors = changes["NanoCpus"]?.number.flatMap { $0 == 0 ? nil : Double($0) / 1e9 }
        if let processors, processors > Double(self.processors) {
            throw .bad(
                "Range of CPUs is from 0.01 to \(self.processors).00, as there are only \(self.processors) CPUs available"
            )
        }
        // Zero means that nothing is said.
        let said = changes.members.filter { $0.1.number != 0 && !$0.1.isNull && $0.0 != "RestartPolicy" }
        change(container.index) { container in
            container.spec = container.spec.changed(
                memoryLimit: memory, processors: processors, restartPolicy: policy)
            container.own = container.own?.changed(
                host: .object(said + (policy == nil ? [] : [("RestartPolicy", changes["RestartPolicy"] ?? .null)])),
                retries: policy == nil ? nil : retries ?? 0)
        }
        tell("update", container.index)
    }

    /// Makes an image of a container as it is.
    /// - Returns: its identity.
    mutating func commit(
        _ reference: String, as name: DemoReference?, comment: String, author: String, config: JSON, changes: [String]
    ) throws(Refusal) -> String {
        let container = try find(reference)
        if let name, !name.isValid { throw .bad("invalid reference format") }
        let base = image(of: container)
        var settings = base?.settings ?? .init()
        settings.command = container.spec.command
        settings.environment = container.spec.environment
        if let labels = config["Labels"]?.textMap { settings.labels.merge(labels) { $1 } }
        for change in changes { try settings.change(by: change) }
        var random = SplitMix(seed, 0xC0117, UInt64(imagesMade), container.seed)
        let layer = DemoImage.Layer(
            digest: random.hex(64), instruction: container.spec.command.joined(separator: " "),
            size: sizeWritten(by: container), created: now, comment: comment)
        var image = DemoImage(
            id: newImageID(container.seed), tags: name.map { [$0.name] } ?? [], layers: (base?.layers ?? []) + [layer],
            created: now, settings: settings)
        image.comment = comment
        image.author = author
        image.parent = container.imageID
        try add(image)
        tell(
            "commit", container.index,
            ["comment": comment, "imageID": image.id, "imageRef": name.map(\.name) ?? ""])
        if let name { tell("image", "tag", actor: image.id, ["name": name.name]) }
        return image.id
    }
}
