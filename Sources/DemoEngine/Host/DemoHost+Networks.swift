import EngineAPI

// Networks: made, removed, joined and left.
extension DemoHost {
    static let networksKept = 200
    /// What a network can hang on.
    private static let interfaces = ["eth0", "eth1"]
    private static let modes = ["macvlan": ["bridge", "private", "vepa", "passthru"], "ipvlan": ["l2", "l3", "l3s"]]

    func network(_ reference: String) -> DemoNetwork? {
        guard !reference.isEmpty else { return nil }
        return networks.first { $0.name == reference || $0.id == reference }
            ?? networks.first { $0.id.hasPrefix(reference) }
    }

    private func found(_ reference: String) throws(Refusal) -> DemoNetwork {
        guard let network = network(reference) else { throw .notFound("network \(reference) not found") }
        return network
    }

    // MARK: Making

    mutating func createNetwork(_ request: JSON) throws(Refusal) -> DemoNetwork {
        let name = request["Name"]?.text ?? ""
        guard !name.isEmpty else { throw .bad("invalid network name: name is empty") }
        guard Self.isName(name) else {
            throw .bad(
                "\(name) includes invalid characters for a network name, only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed")
        }
        guard !networks.contains(where: { $0.name == name }) else {
            throw .conflict("network with name \(name) already exists")
        }
        let driver = request["Driver"]?.text.flatMap { $0.isEmpty ? nil : $0 } ?? "bridge"
        let options = request["Options"]?.textMap ?? [:]
        try check(driver: driver, options)
        guard networks.count < Self.networksKept else {
            throw Refusal(status: 500, message: "all predefined address pools have been fully subnetted")
        }
        networksMade += 1
        var random = SplitMix(seed, 0x2F, UInt64(networksMade))
        let network = DemoNetwork(
            id: random.hex(64), name: name, driver: driver,
            pools: try DemoNetwork.pools(request, isOverlay: false, networks, &random),
            isInternal: request["Internal"]?.isTrue ?? false, created: now, labels: request["Labels"]?.textMap ?? [:],
            options: options, isAttachable: request["Attachable"]?.isTrue ?? false,
            ipv6: request["EnableIPv6"]?.isTrue ?? false)
        networks.append(network)
        tell("network", "create", actor: network.id, ["name": name, "type": driver])
        return network
    }

    private func check(driver: String, _ options: [String: String]) throws(Refusal) {
        switch driver {
        case "bridge": return
        case "macvlan", "ipvlan": break
        case "host", "null":
            throw Refusal(status: 403, message: "only one instance of \"\(driver)\" network is allowed")
        case "overlay":
            throw Refusal(
                status: 503,
                message: "This node is not a swarm manager. Use \"docker swarm init\" or \"docker swarm join\" to "
                    + "connect this node to swarm and try again.")
        default: throw .notFound("could not find plugin \(driver) in v1 plugin registry: plugin not found")
        }
        let modes = Self.modes[driver] ?? []
        if let mode = options["\(driver)_mode"], !modes.contains(mode) {
            throw .bad(
                "requested \(driver) mode '\(mode)' is not valid, '\(modes.first ?? "")' mode is the \(driver) "
                    + "driver default")
        }
        guard let parent = options["parent"], !parent.isEmpty else { return }
        let parts = parent.split(separator: ".", maxSplits: 1).map(String.init)
        guard Self.interfaces.contains(parts[0]) else {
            let message =
                parts.count > 1
                ? "-o parent interface was not found on the host: \(parts[0])"
                : "invalid subinterface vlan name \(parent), example formatting is eth0.10"
            throw Refusal(status: 500, message: message)
        }
        if parts.count > 1, Int(parts[1]).map({ !(1...4094).contains($0) }) ?? true {
            throw Refusal(
                status: 500,
                message: "unable to parse a valid vlan id from: \(parts[1]) (ex. eth0.10 for vlan 10)")
        }
        if let other = networks.first(where: { $0.driver == driver && $0.options["parent"] == parent }) {
            throw Refusal(
                status: 500, message: "network dm-\(other.id.prefix(12)) is already using parent interface \(parent)")
        }
    }

    mutating func removeNetwork(_ reference: String) throws(Refusal) {
        let network = try found(reference)
        guard !network.isBuiltIn else {
            throw Refusal(status: 403, message: "\(network.name) is a pre-defined network and cannot be removed")
        }
        guard !containers.contains(where: { $0.map { $0.isRunning && $0.networks.contains(network.name) } ?? false })
        else {
            throw Refusal(
                status: 403,
                message: "error while removing network: network \(network.name) id \(network.id) has active endpoints")
        }
        networks.removeAll { $0.id == network.id }
        tell("network", "destroy", actor: network.id, ["name": network.name, "type": network.driver])
    }

    // MARK: Joining and leaving

    mutating func connect(_ reference: String, to networkReference: String, _ endpoint: DemoEndpoint) throws(Refusal) {
        let network = try found(networkReference)
        let container = try find(reference)
        let isOwn = !network.isBuiltIn
        if network.name == "host" {
            throw .bad("container cannot be disconnected from host network or connected to host network")
        }
        if !isOwn, !endpoint.aliases.isEmpty {
            throw .bad("network-scoped aliases are only supported for user-defined networks")
        }
        if !isOwn, !endpoint.fixed.isEmpty {
            throw .bad("user specified IP address is supported on user defined networks only")
        }
        if container.networks.contains("host") || container.networks.isEmpty && container.own?.sharesNetwork == true {
            throw .bad(
                "container sharing network namespace with another container or host cannot be connected to any other network"
            )
        }
        if network.name == "none" || container.networks.contains("none") {
            throw .bad(
                "container cannot be connected to multiple networks with one of the networks in private (none) mode")
        }
        guard !container.isRunning || !container.networks.contains(network.name) else {
            throw Refusal(
                status: 403,
                message: "endpoint with name \(container.name) already exists in network \(network.name)")
        }
        for address in endpoint.fixed {
            guard let pool = network.pools.first(where: { $0.subnet.contains(address) }) else {
                throw .bad("invalid endpoint settings: no configured subnet contains IP address \(address)")
            }
            guard !pool.keeps(address), !isHeld(address, in: network) else {
                throw Refusal(status: 403, message: "Address already in use")
            }
        }
        change(container.index) { container in
            if !container.networks.contains(network.name) { container.networks.append(network.name) }
            container.endpoints[network.name] = endpoint
        }
        guard container.isRunning else { return }
        join(container.index, network)
        tell(network, "connect", container)
    }

    mutating func disconnect(_ reference: String, from networkReference: String, force: Bool) throws(Refusal) {
        let network = try found(networkReference)
        let container: DemoContainer
        do { container = try find(reference) } catch {
            // One that is gone may be told to leave all the same.
            if force { return }
            throw error
        }
        if network.name == "host" {
            throw .bad("container cannot be disconnected from host network or connected to host network")
        }
        guard container.networks.contains(network.name) else {
            throw Refusal(
                status: 403,
                message: "container \(container.id) is not connected to network \(network.name)")
        }
        change(container.index) { container in
            container.networks.removeAll { $0 == network.name }
            container.endpoints[network.name] = nil
        }
        if container.isRunning { tell(network, "disconnect", container) }
    }

    private mutating func tell(_ network: DemoNetwork, _ action: String, _ container: DemoContainer) {
        tell(
            "network", action, actor: network.id,
            ["container": container.id, "name": network.name, "type": network.driver])
    }

    // MARK: Addresses

    /// Its address in a network while it runs; nil when it has none.
    func address(
        of container: DemoContainer, in network: DemoNetwork, _ family: IPAddress.Family = .v4
    ) -> IPAddress? {
        guard container.isRunning, let pool = network.pool(of: family) else { return nil }
        if let held = container.endpoints[network.name]?.held(family) { return held }
        guard network.isStock else { return nil }
        return IPAddress(family, pool.subnet.first.value + UInt128(container.index + 2))
    }

    private func isHeld(_ address: IPAddress, in network: DemoNetwork) -> Bool {
        containers.contains { container in
            guard let container, container.networks.contains(network.name) else { return false }
            return self.address(of: container, in: network, address.family) == address
        }
    }

    /// Gives a container that runs its addresses in a network.
    private mutating func join(_ index: Int, _ network: DemoNetwork) {
        guard let container = containers[index] else { return }
        let endpoint = container.endpoints[network.name] ?? DemoEndpoint()
        guard !network.isStock || !endpoint.fixed.isEmpty else { return }
        var held: [IPAddress] = []
        for pool in network.pools where !held.contains(where: { $0.family == pool.subnet.family }) {
            let family = pool.subnet.family
            if let fixed = endpoint.fixed(family), !isHeld(fixed, in: network) {
                held.append(fixed)
            } else if !network.isStock, let free = freeAddress(pool, network) {
                held.append(free)
            }
        }
        change(index) { container in
            var endpoint = endpoint
            endpoint.held = held
            container.endpoints[network.name] = endpoint
        }
    }

    private func freeAddress(_ pool: DemoNetwork.Pool, _ network: DemoNetwork) -> IPAddress? {
        let taken = Set(
            containers.compactMap { container -> IPAddress? in
                guard let container, container.networks.contains(network.name) else { return nil }
                return address(of: container, in: network, pool.subnet.family)
            })
        let range = pool.range ?? pool.subnet
        // No more than there are containers are taken.
        for offset in 0...UInt128(taken.count + pool.reserved.count + 3) {
            let address = IPAddress(range.family, range.first.value + offset)
            guard range.contains(address) else { return nil }
            if !pool.keeps(address), !taken.contains(address) { return address }
        }
        return nil
    }

    /// A container has begun to run: it has addresses.
    mutating func joinNetworks(_ index: Int) {
        for name in containers[index]?.networks ?? [] {
            if let network = networks.first(where: { $0.name == name }) { join(index, network) }
        }
    }

    /// It has ended: others may have them.
    mutating func leaveNetworks(_ index: Int) {
        guard containers[index]?.endpoints.values.contains(where: { !$0.held.isEmpty }) == true else { return }
        change(index) { container in
            for name in container.endpoints.keys { container.endpoints[name]?.held = [] }
        }
    }

    /// Who answers to a name in the networks of a container, as the Engine's name server tells it.
    func resolve(_ name: String, for container: DemoContainer) -> IPAddress? {
        for network in networks where container.networks.contains(network.name) && !network.isBuiltIn {
            for case let other? in containers where other.isRunning && other.networks.contains(network.name) {
                guard names(of: other, in: network.name).contains(name) else { continue }
                if let address = address(of: other, in: network) { return address }
            }
        }
        return nil
    }

    private func names(of container: DemoContainer, in network: String) -> [String] {
        [container.name, String(container.id.prefix(12))] + (container.own == nil ? [container.spec.service] : [])
            + (container.endpoints[network]?.aliases ?? [])
    }
}
