import EngineAPI

/// Which containers use the other resources, found for all of these at once: a look at every container for each row on
/// the screen would be too many.
struct ResourceUsers: Sendable {
    /// More names of containers than this stand in no column.
    static let mostNames = 16

    /// The version of the containers' rows that this was found from.
    fileprivate var version = -1
    fileprivate var images: [String: (count: Int, names: [String])] = [:]
    fileprivate var volumes: [String: [String]] = [:]
    fileprivate var networks: [String: [String]] = [:]
    /// Changes when others are in a network, or do something else there.
    fileprivate var networkStamps: [String: Int] = [:]

    fileprivate init(_ engine: EngineState) {
        version = engine.rowsVersion
        for id in engine.order {
            guard let summary = engine.containers[id]?.summary else { continue }
            images[summary.imageID, default: (0, [])].count += 1
            if images[summary.imageID]?.names.count ?? 0 < Self.mostNames {
                images[summary.imageID]?.names.append(summary.name)
            }
            for mount in summary.mounts where !mount.name.isEmpty { Self.add(summary.name, to: &volumes[mount.name]) }
            for network in summary.networks {
                Self.add(summary.name, to: &networks[network])
                var hasher = Hasher()
                hasher.combine(id)
                hasher.combine(summary.name)
                hasher.combine(summary.state)
                networkStamps[network, default: 0] &+= hasher.finalize()
            }
        }
    }

    init() {}

    private static func add(_ name: String, to names: inout [String]?) {
        guard names?.count ?? 0 < mostNames else { return }
        // One that mounts a volume twice uses it once.
        if names?.last != name { names = (names.take() ?? []) + [name] }
    }
}

extension EngineState {
    /// Finds which containers use what, when the list has changed.
    mutating func findUsers() {
        if users.version != rowsVersion { users = ResourceUsers(self) }
    }

    private var currentUsers: ResourceUsers { users.version == rowsVersion ? users : ResourceUsers(self) }

    /// How many containers an image is used by.
    func containersUsing(image id: String) -> Int { currentUsers.images[id]?.count ?? 0 }

    /// The names of the first of them.
    func namesUsing(image id: String) -> [String] { currentUsers.images[id]?.names ?? [] }

    /// The names of the first containers that mount a volume.
    func containersUsing(volume name: String) -> [String] { currentUsers.volumes[name] ?? [] }

    /// The names of the first containers attached to a network.
    func containersUsing(network name: String) -> [String] { currentUsers.networks[name] ?? [] }

    /// A number that changes when others are in a network, or do something else there.
    func stamp(ofNetwork name: String) -> Int { currentUsers.networkStamps[name] ?? 0 }
}
