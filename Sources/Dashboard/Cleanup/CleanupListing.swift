import EngineAPI
import FoundationEssentials

/// What there is at an Engine, asked for when somebody wants to clean up: nothing older is asked about.
struct CleanupListing: Sendable {
    var containers: [ContainerSummary] = []
    var images: [ImageSummary] = []
    var networks: [NetworkSummary] = []
    var volumes: [VolumeSummary] = []

    /// Asks for all of it.
    /// - Throws: `EngineError`.
    static func of(_ engine: Engine) async throws -> CleanupListing {
        // The containers last: what one of them came to use meanwhile is then known to be used.
        async let images = engine.images()
        async let networks = engine.networks()
        async let volumes = engine.volumes()
        var listing = try await CleanupListing(images: images, networks: networks, volumes: volumes)
        listing.containers = try await engine.containers()
        return listing
    }
}

/// Which of it would go, by what is chosen.
struct CleanupPlan: Sendable {
    /// What is chosen, of each kind.
    private(set) var items: [CleanupKind: [CleanupItem]] = [:]

    /// - Parameters:
    ///   - use: what takes how much room, as far as that is known: the builder's cache is listed there only.
    ///   - chosen: what goes. What only stopped containers use goes with them, as docker's `system prune` does it.
    init(
        _ listing: CleanupListing, _ use: DiskUse?, _ filter: CleanupFilter, going chosen: Set<CleanupKind>, now: Date
    ) {
        let stopped = listing.containers.filter {
            [.created, .exited, .dead].contains($0.state)
                && filter.takes(created: $0.created, labels: $0.labels, now: now)
        }
        let going = chosen.contains(.containers) ? Set(stopped.map(\.id)) : []
        let users = CleanupUsers(listing.containers.filter { !going.contains($0.id) })
        items[.containers] = Self.containers(stopped, use)
        let images = listing.images.filter {
            users.images[$0.id] == nil && filter.takes(created: $0.created, labels: $0.labels, now: now)
        }
        let dangling = images.filter(\.dangling)
        items[.danglingImages] = Self.images(dangling, .danglingImages, use)
        // What is dangling is unused as well, and goes once.
        let unused = chosen.contains(.danglingImages) ? images.filter { !$0.dangling } : images
        items[.images] = Self.images(unused, .images, use)
        items[.networks] = listing.networks.filter {
            !$0.isPredefined && !["ingress", "docker_gwbridge"].contains($0.name) && users.networks[$0.name] == nil
                && filter.takes(created: $0.created, labels: $0.labels, now: now)
        }.map { network in
            let about = [network.driver, network.subnets.first ?? ""].filter { !$0.isEmpty }.joined(separator: " ")
            return CleanupItem(
                kind: .networks, id: network.id, name: network.name, about: about, size: 0, own: 0,
                created: network.created)
        }
        let volumes = listing.volumes.filter {
            users.volumes[$0.name] == nil && filter.takes(created: $0.created, labels: $0.labels, now: now)
        }
        let sizes = Dictionary((use?.volumes ?? []).map { ($0.name, $0.size) }, uniquingKeysWith: { first, _ in first })
        for kind in [CleanupKind.anonymousVolumes, .namedVolumes] {
            items[kind] = volumes.filter { $0.isAnonymous == (kind == .anonymousVolumes) }.map { volume in
                let size = sizes[volume.name] ?? nil
                return CleanupItem(
                    kind: kind, id: volume.name, name: volume.name, about: volume.driver, size: size, own: size,
                    created: volume.created)
            }
        }
        items[.buildCache] = Self.buildCache(use, filter, now)
        for kind in CleanupKind.allCases { items[kind]?.sort(by: Self.comesFirst) }
    }

    private static func containers(_ stopped: [ContainerSummary], _ use: DiskUse?) -> [CleanupItem] {
        let sizes = Dictionary(
            (use?.containers ?? []).map { ($0.id, $0.size) }, uniquingKeysWith: { first, _ in first })
        return stopped.map {
            CleanupItem(
                kind: .containers, id: $0.id.rawValue, name: $0.name,
                about: [$0.status.isEmpty ? $0.state.name : $0.status, $0.image].joined(separator: " · "),
                size: sizes[$0.id], own: sizes[$0.id], created: $0.created)
        }
    }

    private static func images(_ images: [ImageSummary], _ kind: CleanupKind, _ use: DiskUse?) -> [CleanupItem] {
        let known = Dictionary((use?.images ?? []).map { ($0.id, $0.unique) }, uniquingKeysWith: { first, _ in first })
        return images.map { image in
            CleanupItem(
                kind: kind, id: image.id, name: image.tags.first ?? "<none> \(image.shortID)", names: image.tags,
                about: image.tags.count > 1
                    ? "and \(image.tags.count - 1) more name\(image.tags.count == 2 ? "" : "s")"
                    : image.dangling ? "no name" : image.shortID,
                size: image.size, own: known[image.id] ?? nil, created: image.created)
        }
    }

    private static func buildCache(_ use: DiskUse?, _ filter: CleanupFilter, _ now: Date) -> [CleanupItem] {
        // A record has no labels: none that are wanted, none that are not.
        (use?.buildCache ?? []).filter { record in
            !record.isInUse && filter.takes(created: record.lastUsed ?? record.created, labels: [:], now: now)
        }.map { record in
            CleanupItem(
                kind: .buildCache, id: record.id, name: record.id,
                about: record.description + (record.isShared ? " (shared)" : ""),
                size: record.size, own: record.isShared ? 0 : record.size, created: record.lastUsed ?? record.created,
                parents: record.parents)
        }
    }

    /// What takes most, first.
    private static func comesFirst(_ a: CleanupItem, _ b: CleanupItem) -> Bool {
        (-(a.size ?? 0), a.name, a.id) < (-(b.size ?? 0), b.name, b.id)
    }

    /// All of some kinds.
    func items(of kinds: Set<CleanupKind>) -> [CleanupItem] {
        CleanupKind.allCases.filter { kinds.contains($0) }.flatMap { items[$0] ?? [] }
    }
}

/// Which containers use what.
struct CleanupUsers: Sendable {
    private(set) var images: [String: [String]] = [:]
    private(set) var networks: [String: [String]] = [:]
    private(set) var volumes: [String: [String]] = [:]

    init(_ containers: [ContainerSummary]) {
        for container in containers {
            images[container.imageID, default: []].append(container.name)
            for network in container.networks { networks[network, default: []].append(container.name) }
            for mount in container.mounts where !mount.name.isEmpty {
                volumes[mount.name, default: []].append(container.name)
            }
        }
    }

    /// Who uses a thing.
    func names(of item: CleanupItem) -> [String] {
        switch item.kind {
        case .containers, .buildCache: []
        case .danglingImages, .images: images[item.id] ?? []
        case .networks: networks[item.name] ?? []
        case .anonymousVolumes, .namedVolumes: volumes[item.id] ?? []
        }
    }
}

/// What some things are together.
struct CleanupSum: Hashable, Sendable {
    private(set) var counts: [String: Int] = [:]
    private(set) var count = 0
    /// Bytes that are known to go.
    private(set) var bytes = 0
    /// Of how many nobody knows the size.
    private(set) var unknown = 0
    /// Whether some of it has layers in common with other things.
    private(set) var isShared = false
    private var nouns: [String] = []

    init(_ items: [CleanupItem]) {
        for item in items {
            count += 1
            if counts[item.kind.noun] == nil { nouns.append(item.kind.noun) }
            counts[item.kind.noun, default: 0] += 1
            if let own = item.own { bytes += own } else { unknown += 1 }
            if item.own != item.size { isShared = true }
        }
    }

    /// `3 containers, 2 images`; `nothing`.
    var words: String {
        guard count > 0 else { return "nothing" }
        return nouns.map { noun in
            let count = counts[noun] ?? 0
            return "\(Units.count(count)) \(noun)\(count == 1 ? "" : "s")"
        }.joined(separator: ", ")
    }

    /// `462M`, `about 462M`, `at least 462M`; empty when nothing is known.
    var size: String {
        if unknown == count { return count == 0 ? "" : "sizes unknown" }
        // What layers have in common with others, and with the builder's cache, nobody can say beforehand.
        return (unknown > 0 ? "at least " : isShared ? "about " : "") + Units.bytes(Double(bytes))
    }
}
