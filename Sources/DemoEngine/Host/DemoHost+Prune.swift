// What nobody uses goes.
extension DemoHost {
    /// Which of what could go is meant, by its labels and its age.
    struct PruneFilter: Sendable {
        var labels: [String] = []
        var labelsNot: [String] = []
        /// Only what is older.
        var until: Nanoseconds?

        func fits(_ own: [String: String], _ created: Nanoseconds) -> Bool {
            labels.allSatisfy { Router.matches(own, label: $0) }
                && !labelsNot.contains { Router.matches(own, label: $0) }
                && until.map { created < $0 } ?? true
        }
    }

    mutating func pruneContainers(_ filter: PruneFilter) -> (ids: [String], bytes: Int) {
        var ids: [String] = []
        var bytes = 0
        for case let container? in containers
        where !container.state.isAlive && filter.fits(container.labels, container.created) {
            bytes += sizeWritten(by: container)
            ids.append(container.id)
            forget(container.index, withVolumes: false)
        }
        tell("container", "prune", actor: "", ["reclaimed": String(bytes)])
        return (ids, bytes)
    }

    mutating func pruneImages(_ filter: PruneFilter, all: Bool) -> (done: [(String, String)], bytes: Int) {
        let used = Set(containers.compactMap { $0?.imageID })
        let before = layerBytes
        var done: [(String, String)] = []
        for image in images where !used.contains(image.id) && (all || image.tags.isEmpty) {
            guard filter.fits(image.settings.labels, image.created) else { continue }
            done += (try? removeImage(image.id, force: true)) ?? []
        }
        let bytes = before - layerBytes
        tell("image", "prune", actor: "", ["reclaimed": String(bytes)])
        return (done, bytes)
    }

    mutating func pruneVolumes(_ filter: PruneFilter, all: Bool) -> (names: [String], bytes: Int) {
        let used = volumeUsers
        let gone = volumes.filter {
            used[$0.name] == nil && (all || $0.labels["com.docker.volume.anonymous"] != nil)
                && filter.fits($0.labels, $0.created)
        }
        let bytes = gone.reduce(0) { $0 + size(of: $1) }
        for volume in gone { try? removeVolume(volume.name, force: true) }
        tell("volume", "prune", actor: "", ["reclaimed": String(bytes)])
        return (gone.map(\.name), bytes)
    }

    mutating func pruneNetworks(_ filter: PruneFilter) -> [String] {
        let used = Set(containers.compactMap { $0 }.flatMap(\.networks))
        let gone = networks.filter {
            !$0.isBuiltIn && !used.contains($0.name) && filter.fits($0.labels, $0.created)
        }
        for network in gone { try? removeNetwork(network.id) }
        tell("network", "prune", actor: "", ["reclaimed": "0"])
        return gone.map(\.name)
    }

    /// - Parameter id: only the record of this identity.
    mutating func pruneBuildCache(id: String? = nil) -> (ids: [String], bytes: Int) {
        let keys = buildCache.keys.sorted().filter { id == nil || String($0, radix: 16) == id }
        let ids = keys.map { String($0, radix: 16) }
        let bytes = keys.isEmpty ? 0 : buildCacheBytes / max(1, buildCache.count) * keys.count
        for key in keys { buildCache[key] = nil }
        buildCacheBytes = buildCache.isEmpty ? 0 : buildCacheBytes - bytes
        tell("builder", "prune", actor: "", ["reclaimed": String(bytes)])
        return (ids, bytes)
    }

    /// Bytes of all layers, each counted once.
    var layerBytes: Int {
        var seen: Set<String> = []
        var bytes = 0
        for layer in images.lazy.flatMap(\.files) where seen.insert(layer.digest).inserted { bytes += layer.size }
        return bytes
    }

    /// Bytes of an image's layers that other images have as well.
    func sharedBytes(of image: DemoImage, _ users: [String: Int]) -> Int {
        image.files.reduce(0) { $0 + (users[$1.digest, default: 0] > 1 ? $1.size : 0) }
    }

    /// In how many images each layer is.
    var layerUsers: [String: Int] {
        var users: [String: Int] = [:]
        for image in images { for layer in Set(image.files.map(\.digest)) { users[layer, default: 0] += 1 } }
        return users
    }
}
