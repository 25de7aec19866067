import EngineAPI

/// Which containers use the other resources, found for all of these at once: a look at every container for each row on
/// the screen would be too many.
struct ResourceUsers: Sendable {
    /// More names of containers than this stand in no column.
    static let mostNames = 16

    /// The version of the containers' rows that this was found from.
    fileprivate var version = -1
    fileprivate var images: [String: (count: Int, names: [String])] = [:]
    fileprivate var volumes: [String: VolumeUse] = [:]
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
            // What Gantry makes to look into a volume is no use that a person has for it.
            for mount in summary.mounts where !mount.name.isEmpty && !summary.isTemporary {
                volumes[mount.name, default: VolumeUse()].add(id, isRunning: summary.state.isAlive)
            }
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

/// The containers that mount a volume, in the order of their list.
struct VolumeUse: Hashable, Sendable {
    private(set) var running: [ContainerID] = []
    private(set) var stopped: [ContainerID] = []

    var all: [ContainerID] { running + stopped }
    var isEmpty: Bool { running.isEmpty && stopped.isEmpty }

    fileprivate mutating func add(_ id: ContainerID, isRunning: Bool) {
        // One that mounts it twice uses it once.
        if isRunning {
            if running.last != id { running.append(id) }
        } else if stopped.last != id {
            stopped.append(id)
        }
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

    /// The containers that mount a volume.
    func use(ofVolume name: String) -> VolumeUse { currentUsers.volumes[name] ?? VolumeUse() }

    /// The names of the first containers attached to a network.
    func containersUsing(network name: String) -> [String] { currentUsers.networks[name] ?? [] }

    /// A number that changes when others are in a network, or do something else there.
    func stamp(ofNetwork name: String) -> Int { currentUsers.networkStamps[name] ?? 0 }
}
