import EngineAPI

// Images: found, named, removed, made.
extension DemoHost {
    /// Images at most: who makes them without end is told so.
    static let imagesKept = 2_000

    /// The images of the beginning.
    static func firstImages(seed: UInt64, epoch: Nanoseconds) -> [DemoImage] {
        Shop.images.enumerated().map { index, image in
            var random = SplitMix(seed, 0x1A, UInt64(index))
            let id = "sha256:" + random.hex(64)
            let size = image.megabytes * 1_000_000 + random.below(900_000)
            let created = epoch - Nanoseconds(image.days) * .day - Nanoseconds(random.below(80_000)) * .second
            let spec = (Shop.specs + Shop.fleet).first { $0.image == image.name }
            let reference = DemoReference(image.name)
            var settings = DemoImage.Settings()
            if let spec {
                settings.command = spec.command
                settings.environment = Array(spec.environment.prefix(1))
                settings.user = spec.user
                settings.directory = "/app"
                settings.ports = spec.ports.map { "\($0.inside)/tcp" }
            }
            if settings.command.isEmpty {
                settings.command = DemoRegistry.hub.first { $0.name == reference.repository }?.command ?? []
            }
            let repository = image.name.isEmpty ? "untagged-\(index)" : reference.repository
            return .published(
                repository, tag: reference.tag, id: id, size: size, created: created, settings: settings, seed: seed)
        }
    }

    /// The image that a name, or the beginning of an identity, means.
    func findImage(_ reference: String) throws(Refusal) -> DemoImage {
        guard let image = image(reference) else { throw .notFound("No such image: \(reference)") }
        return image
    }

    func image(_ reference: String) -> DemoImage? {
        guard let index = imageIndex(reference) else { return nil }
        return images[index]
    }

    func imageIndex(_ reference: String) -> Int? {
        let bare = reference.hasPrefix("sha256:") ? String(reference.dropFirst(7)) : reference
        guard !bare.isEmpty else { return nil }
        if !reference.hasPrefix("sha256:") {
            let parsed = DemoReference(reference)
            if parsed.digest.isEmpty {
                if let named = images.firstIndex(where: { $0.tags.contains(parsed.name) }) { return named }
            } else if let known = images.firstIndex(where: {
                $0.digests.contains("\(parsed.repository)@\(parsed.digest)")
            }) {
                return known
            }
        }
        guard bare.utf8.count <= 64, bare.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) })
        else { return nil }
        return images.firstIndex { $0.id.dropFirst(7).hasPrefix(bare) }
    }

    func image(of container: DemoContainer) -> DemoImage? { images.first { $0.id == container.imageID } }

    /// The name of a container's image, or its identity when the name means another one by now, or none.
    func imageName(of container: DemoContainer) -> String {
        if imageNames[container.spec.image] == container.imageID { return container.spec.image }
        return image(container.spec.image)?.id == container.imageID ? container.spec.image : container.imageID
    }

    /// Takes an image in; one that has its names keeps its identity only.
    mutating func add(_ image: DemoImage) throws(Refusal) {
        if let index = images.firstIndex(where: { $0.id == image.id }) {
            for name in image.tags { give(name, toImageAt: index) }
            for digest in image.digests where !images[index].digests.contains(digest) {
                images[index].digests.append(digest)
            }
            return
        }
        guard images.count < Self.imagesKept else {
            throw Refusal(status: 500, message: "no space left on device: the demo has \(images.count) images")
        }
        var bare = image
        bare.tags = []
        images.append(bare)
        for name in image.tags { give(name, toImageAt: images.count - 1) }
    }

    /// Gives an image a name, which another one may lose by it.
    mutating func tag(_ reference: String, as name: DemoReference) throws(Refusal) {
        guard let index = imageIndex(reference) else { throw .notFound("No such image: \(reference)") }
        guard name.isValid else { throw .bad("invalid reference format") }
        give(name.name, toImageAt: index)
        tell("image", "tag", actor: images[index].id, ["name": name.name])
    }

    private mutating func give(_ name: String, toImageAt index: Int) {
        for other in images.indices where other != index { images[other].tags.removeAll { $0 == name } }
        if !images[index].tags.contains(name) { images[index].tags.append(name) }
        images[index].tagged = now
        imageNames[name] = images[index].id
    }

    private mutating func take(_ name: String, fromImageAt index: Int) -> [(String, String)] {
        images[index].tags.removeAll { $0 == name }
        imageNames[name] = nil
        tell("image", "untag", actor: images[index].id, ["name": images[index].id])
        var told = [("Untagged", name)]
        // With a repository's last name its digest goes as well.
        let repository = DemoReference(name).repository
        if !images[index].tags.contains(where: { DemoReference($0).repository == repository }) {
            for digest in images[index].digests where digest.hasPrefix(repository + "@") {
                told.append(("Untagged", digest))
            }
            images[index].digests.removeAll { $0.hasPrefix(repository + "@") }
        }
        return told
    }

    /// Takes a name from an image, or removes it with all its names.
    /// - Returns: what was done: `Untagged` or `Deleted`, and what.
    mutating func removeImage(_ reference: String, force: Bool) throws(Refusal) -> [(String, String)] {
        guard let index = imageIndex(reference) else { throw .notFound("No such image: \(reference)") }
        let image = images[index]
        let short = String(image.id.dropFirst(7).prefix(12))
        let users = containers.compactMap { $0 }.filter { $0.imageID == image.id }
        let name = DemoReference(reference).name
        if !image.id.dropFirst(7).hasPrefix(reference.hasPrefix("sha256:") ? reference.dropFirst(7) : reference[...]) {
            if let user = users.first, image.tags.count == 1, !force {
                throw .conflict(
                    "conflict: unable to remove repository reference \"\(reference)\" (must force) - container "
                        + "\(user.id.prefix(12)) is using its referenced image \(short)")
            }
            let told = take(name, fromImageAt: index)
            guard images[index].tags.isEmpty, users.isEmpty else { return told }
            return told + delete(index)
        }
        if let user = users.first(where: { $0.state.isAlive }) {
            throw .conflict(
                "conflict: unable to delete \(short) (cannot be forced) - image is being used by running container "
                    + user.id.prefix(12))
        }
        if let user = users.first, !force {
            throw .conflict(
                "conflict: unable to delete \(short) (must be forced) - image is being used by stopped container "
                    + user.id.prefix(12))
        }
        if Set(image.tags.map { DemoReference($0).repository }).count > 1, !force {
            throw .conflict(
                "conflict: unable to delete \(short) (must be forced) - image is referenced in multiple repositories")
        }
        var told: [(String, String)] = []
        for name in image.tags { told += take(name, fromImageAt: index) }
        return told + delete(index)
    }

    /// Removes an image that has no name any more, and says which of its layers went with it.
    mutating func delete(_ index: Int) -> [(String, String)] {
        let image = images.remove(at: index)
        tell("image", "delete", actor: image.id, ["name": image.id])
        let kept = Set(images.flatMap { $0.files.map(\.digest) })
        return [("Deleted", image.id)]
            + image.files.reversed().filter { !kept.contains($0.digest) }.map { ("Deleted", "sha256:" + $0.digest) }
    }

    /// A new image's identity: what chance gives for the next one.
    mutating func newImageID(_ parts: UInt64...) -> String {
        imagesMade += 1
        var random = SplitMix(seed, 0x1AD, UInt64(imagesMade), parts.reduce(0) { $0 &* 31 &+ $1 })
        return "sha256:" + random.hex(64)
    }
}
