import FoundationEssentials

/// What takes how much room at an Engine, as `GET /system/df` has it. Sizes are in bytes; nil where the Engine does not
/// know.
public struct DiskUse: Hashable, Sendable {
    /// An image and its layers.
    public struct Image: Hashable, Sendable {
        /// Its identity, `sha256:…`.
        public var id: String
        /// Its names, `repository:tag`; empty when it is dangling.
        public var tags: [String]
        /// When it was made.
        public var created: Date
        /// All its layers together.
        public var size: Int
        /// The layers that other images have too.
        public var shared: Int?
        /// How many containers were made from it.
        public var containers: Int
    }

    /// A container's own writable layer.
    public struct Container: Hashable, Sendable {
        /// Its identity.
        public var id: ContainerID
        /// Its name.
        public var name: String
        /// `running`, `exited`, …
        public var state: String
        /// What it has written.
        public var size: Int
    }

    /// A volume's content.
    public struct Volume: Hashable, Sendable {
        /// Its name, which is its identity.
        public var name: String
        /// What it holds.
        public var size: Int?
        /// How many containers mount it.
        public var containers: Int?
        /// Its labels.
        public var labels: [String: String]
    }

    /// What a builder keeps of one step.
    public struct BuildCache: Hashable, Sendable {
        /// Its identity.
        public var id: String
        /// What step it is of.
        public var description: String
        /// What it holds.
        public var size: Int
        /// Whether a build uses it at the moment.
        public var isInUse: Bool
        /// Whether another record holds the same.
        public var isShared: Bool
        /// When it was last used.
        public var lastUsed: Date?
        /// When it was made.
        public var created: Date?
        /// The records that it is built on: they cannot go before it.
        public var parents: [String] = []
    }

    /// All layers of all images, each counted once.
    public var layers = 0
    /// The images.
    public var images: [Image] = []
    /// The containers.
    public var containers: [Container] = []
    /// The volumes.
    public var volumes: [Volume] = []
    /// The records of the builder's cache.
    public var buildCache: [BuildCache] = []

    /// Nothing known.
    public init() {}
}

extension Engine {
    /// What takes how much room. The Engine walks through every volume and every container for it: with many of them it
    /// takes seconds to minutes, so it is asked for seldom and never in a loop.
    ///
    /// `GET /system/df`. Engines before API 1.42 answer one at a time and refuse whoever comes meanwhile: they are asked
    /// again until it is our turn.
    /// - Throws: `EngineError`.
    public func diskUse() async throws -> DiskUse {
        // From 1.52 on the single things are told only when they are asked for.
        let isNew = apiVersion.map { $0 >= APIVersion(1, 52) } ?? false
        let request = Request(.GET, ["system", "df"], query: isNew ? [("verbose", "1")] : [])
        while true {
            do {
                return try await get(request, as: DiskUseAnswer.self, deadline: .seconds(600)).diskUse
            } catch EngineError.server(_, let message) where message.contains("already running") {
                do { try await Task.sleep(for: .milliseconds(500)) } catch { throw EngineError.cancelled }
            }
        }
    }
}

/// The answer of `GET /system/df`.
private struct DiskUseAnswer: Decodable, Sendable {
    struct Image: Decodable, Sendable {
        var Id: String
        var RepoTags: [String]?
        var Created: Double?
        var Size, SharedSize, Containers: Int?
    }
    struct Container: Decodable, Sendable {
        var Id: ContainerID
        var Names: [String]?
        var State: String?
        var SizeRw: Int?
    }
    struct Volume: Decodable, Sendable {
        struct Usage: Decodable, Sendable { var Size, RefCount: Int? }
        var Name: String
        var UsageData: Usage?
        var Labels: [String: String]?
    }
    struct Record: Decodable, Sendable {
        var ID, Description, LastUsedAt, CreatedAt, Parent: String?
        var Parents: [String]?
        var InUse, Shared: Bool?
        var Size: Int?
    }
    /// What API 1.52 and later have instead of a list.
    struct Usage<Item: Decodable & Sendable>: Decodable, Sendable {
        var TotalSize: Int?
        var Items: [Item]?
    }
    var LayersSize: Int?
    var Images: [Image]?
    var Containers: [Container]?
    var Volumes: [Volume]?
    var BuildCache: [Record]?
    var ImageUsage: Usage<Image>?
    var ContainerUsage: Usage<Container>?
    var VolumeUsage: Usage<Volume>?
    var BuildCacheUsage: Usage<Record>?

    var diskUse: DiskUse {
        var use = DiskUse()
        use.layers = LayersSize ?? ImageUsage?.TotalSize ?? 0
        use.images = (Images ?? ImageUsage?.Items ?? []).map {
            DiskUse.Image(
                id: $0.Id, tags: ($0.RepoTags ?? []).filter { $0 != "<none>:<none>" },
                created: Date(timeIntervalSince1970: $0.Created ?? 0), size: $0.Size ?? 0, shared: known($0.SharedSize),
                containers: $0.Containers ?? 0)
        }
        use.containers = (Containers ?? ContainerUsage?.Items ?? []).map {
            DiskUse.Container(
                id: $0.Id, name: ContainerSummary.name(of: $0.Names ?? [], id: $0.Id),
                state: $0.State ?? "", size: $0.SizeRw ?? 0)
        }
        use.volumes = (Volumes ?? VolumeUsage?.Items ?? []).map {
            DiskUse.Volume(
                name: $0.Name, size: known($0.UsageData?.Size), containers: known($0.UsageData?.RefCount),
                labels: $0.Labels ?? [:])
        }
        use.buildCache = (BuildCache ?? BuildCacheUsage?.Items ?? []).map {
            DiskUse.BuildCache(
                id: $0.ID ?? "", description: $0.Description ?? "", size: $0.Size ?? 0, isInUse: $0.InUse ?? false,
                isShared: $0.Shared ?? false, lastUsed: $0.LastUsedAt.flatMap(Date.init(engineTime:)),
                created: $0.CreatedAt.flatMap(Date.init(engineTime:)),
                parents: $0.Parents ?? $0.Parent.map { $0.isEmpty ? [] : [$0] } ?? [])
        }
        return use
    }

    /// The Engine writes -1 for what it does not know.
    private func known(_ number: Int?) -> Int? { number.flatMap { $0 < 0 ? nil : $0 } }
}
