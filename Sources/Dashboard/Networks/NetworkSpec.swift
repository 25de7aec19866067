import EngineAPI

/// The fields of a new network.
enum NetworkField: String, CaseIterable, Sendable {
    case name, driver, subnets, gateways, ranges, reserved, parent, mode, `internal`, attachable, ipv6, options, labels
}

/// What a `docker network create` line says.
struct NetworkSpec: Hashable, Sendable {
    var name = ""
    /// Empty is what the Engine takes without one: bridge.
    var driver = ""
    var subnets: [String] = []
    var gateways: [String] = []
    var ranges: [String] = []
    /// `name=address`.
    var reserved: [String] = []
    /// The interface of the host that macvlan and ipvlan hang on.
    var parent = ""
    /// How they do so.
    var mode = ""
    var isInternal = false
    var isAttachable = false
    var ipv6 = false
    /// `key=value`.
    var options: [String] = []
    var labels: [String] = []

    /// The drivers that come with an Engine and that a network can be made with.
    static let drivers = ["bridge", "macvlan", "ipvlan", "overlay", "host"]
    /// The drivers whose networks hang on an interface of the host, and how they can.
    static let modes = ["macvlan": ["bridge", "private", "vepa", "passthru"], "ipvlan": ["l2", "l3", "l3s"]]

    var isOverlay: Bool { driver == "overlay" }

    /// What the driver is told, those of the fields first.
    private var allOptions: [String] {
        (parent.isEmpty ? [] : ["parent=\(parent)"]) + (mode.isEmpty ? [] : ["\(driver)_mode=\(mode)"]) + options
    }

    /// The docker command line.
    var words: [String] {
        func each(_ flag: String, _ values: [String]) -> [String] { values.flatMap { [flag, $0] } }
        var words = ["docker", "network", "create"]
        if !driver.isEmpty, driver != "bridge" { words += ["--driver", driver] }
        words += each("--subnet", subnets) + each("--gateway", gateways) + each("--ip-range", ranges)
        words += each("--aux-address", reserved)
        if isInternal { words.append("--internal") }
        if isAttachable { words.append("--attachable") }
        if ipv6 { words.append("--ipv6") }
        words += each("--opt", allOptions) + each("--label", labels)
        return words + (name.isEmpty ? [] : [name])
    }

    var docker: String { ShellWords.joined(Secrets.masked(words)) }

    /// What is sent to the Engine.
    var creation: NetworkCreation {
        var creation = NetworkCreation(name: name)
        if !driver.isEmpty { creation.driver = driver }
        let pools = pools
        if !pools.isEmpty { creation.addresses = .init(pools: pools) }
        if isInternal { creation.internal = true }
        if isAttachable { creation.attachable = true }
        if ipv6 { creation.ipv6 = true }
        let options = allOptions
        if !options.isEmpty { creation.options = Dictionary(options.map(RunSpec.pair), uniquingKeysWith: { $1 }) }
        if !labels.isEmpty { creation.labels = Dictionary(labels.map(RunSpec.pair), uniquingKeysWith: { $1 }) }
        return creation
    }

    /// The subnets, each with what lies in it, as the docker client sorts them.
    private var pools: [NetworkPool] {
        subnets.map { text in
            var pool = NetworkPool(subnet: text)
            guard let subnet = IPSubnet(text) else { return pool }
            pool.gateway = gateways.first { IPAddress($0).map(subnet.contains) ?? false }
            pool.range = ranges.first { IPSubnet($0).map(subnet.contains) ?? false }
            let inside = reserved.map(RunSpec.pair).filter { IPAddress($0.1).map(subnet.contains) ?? false }
            if !inside.isEmpty { pool.reserved = Dictionary(inside, uniquingKeysWith: { $1 }) }
            return pool
        }
    }
}
