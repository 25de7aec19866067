import EngineAPI
import FoundationEssentials

/// What can be cleaned up together: docker's prunes.
enum CleanupKind: Int, CaseIterable, Hashable, Sendable {
    case containers, danglingImages, images, networks, anonymousVolumes, namedVolumes, buildCache

    var title: String {
        switch self {
        case .containers: "stopped containers"
        case .danglingImages: "dangling images"
        case .images: "all unused images"
        case .networks: "unused networks"
        case .anonymousVolumes: "anonymous volumes"
        case .namedVolumes: "named volumes"
        case .buildCache: "build cache"
        }
    }

    /// What one of it is called, for sums: `3 images`.
    var noun: String {
        switch self {
        case .containers: "container"
        case .danglingImages, .images: "image"
        case .networks: "network"
        case .anonymousVolumes, .namedVolumes: "volume"
        case .buildCache: "cache record"
        }
    }

    /// The list that changes with it.
    var pane: PaneKind? {
        switch self {
        case .containers: .containers
        case .danglingImages, .images: .images
        case .networks: .networks
        case .anonymousVolumes, .namedVolumes: .volumes
        case .buildCache: nil
        }
    }

    /// The key that chooses it.
    var key: Character { Character(String(rawValue + 1)) }

    /// All but the named volumes: what is in these a person wanted to keep, and says so himself.
    static let harmless = Set(allCases).subtracting([.namedVolumes])
}

/// One thing that would go.
struct CleanupItem: Hashable, Sendable {
    let kind: CleanupKind
    /// Its identity.
    let id: String
    /// What a person knows it by.
    let name: String
    /// The names that have to be taken from an image, one after the other.
    var names: [String] = []
    /// What there is to know of it, in a few words.
    var about = ""
    /// Bytes that it takes; nil while that is not known.
    var size: Int?
    /// Bytes that go with it for certain: an image may share layers with others.
    var own: Int?
    var created: Date?
    /// The records of the builder's cache that it is built on.
    var parents: [String] = []

    /// `image shop/api:2.4`.
    var described: String { "\(kind.noun) \(name)" }
}
