import EngineAPI

/// Who is in a network, as it was read: what runs, with its addresses, and what joins when it starts.
struct NetworkMembers: Sendable {
    struct Member: Hashable, Sendable {
        /// The container's identity; for what is no container whatever the Engine knows it by.
        let id: ContainerID
        var name: String
        /// What it is doing; nil for what is no container of this Engine.
        var state: ContainerState?
        var ipv4Address = ""
        var ipv6Address = ""
        var macAddress = ""
        /// The addresses that it has chosen for itself.
        var fixed: [String] = []
        /// Its further names there; nil when nobody asked.
        var aliases: [String]?

        /// Whether it is in the network now.
        var isIn: Bool { !ipv4Address.isEmpty || !ipv6Address.isEmpty || !macAddress.isEmpty || state?.isAlive == true }
    }

    let network: NetworkSummary
    let members: [Member]

    init(_ details: NetworkDetails, attached: [AttachedContainer]) {
        network = details.summary
        var byID: [ContainerID: Member] = [:]
        for container in attached {
            byID[container.id] = Member(
                id: container.id, name: container.name, state: container.state, fixed: container.fixed)
        }
        for endpoint in details.endpoints {
            let id = ContainerID(endpoint.container)
            var member = byID[id] ?? Member(id: id, name: endpoint.name)
            member.ipv4Address = endpoint.ipv4Address
            member.ipv6Address = endpoint.ipv6Address
            member.macAddress = endpoint.macAddress
            byID[id] = member
        }
        members = byID.values.sorted {
            ($0.isIn ? 0 : 1, $0.name, $0.id.rawValue) < ($1.isIn ? 0 : 1, $1.name, $1.id.rawValue)
        }
    }

    private init(_ network: NetworkSummary, _ members: [Member]) {
        self.network = network
        self.members = members
    }

    /// Of so many containers at most the further names are asked for, one by one.
    static let mostAliases = 64

    /// Reads who is in a network.
    /// - Parameter aliases: whether the further names of the containers are asked for too.
    static func read(_ network: String, from engine: Engine, aliases: Bool) async throws -> NetworkMembers {
        let details = try await engine.network(network)
        let read = NetworkMembers(details, attached: try await engine.containers(attachedTo: details.summary))
        guard aliases else { return read }
        let asked = read.members.prefix(mostAliases).filter { $0.state != nil }
        let found = await withTaskGroup(of: (ContainerID, [String]?).self) { group in
            for member in asked {
                group.addTask {
                    // One that has gone meanwhile has no names any more.
                    let inspected = try? await engine.inspect(member.id)
                    let own = inspected?.value.networks.first { $0.name == details.summary.name }
                    return (member.id, own?.aliases)
                }
            }
            return await group.reduce(into: [ContainerID: [String]]()) { $0[$1.0] = $1.1 }
        }
        return NetworkMembers(
            read.network,
            read.members.map { member in
                var member = member
                // The short identity is a name of every container.
                member.aliases = found[member.id]?.filter { $0 != member.id.short && $0 != member.name }
                return member
            })
    }

    /// Whose an address of the network is, in a few words; nil when nobody's.
    func owner(of address: IPAddress) -> String? {
        func isIt(_ text: String) -> Bool { IPAddress(text.prefix { $0 != "/" }) == address }
        if let member = members.first(where: {
            isIt($0.ipv4Address) || isIt($0.ipv6Address) || $0.fixed.contains(where: isIt)
        }) {
            return member.name + (member.isIn ? "" : ", which does not run")
        }
        return network.reservation(of: address)
    }
}

extension NetworkSummary {
    /// The subnets, as far as they are any.
    var ranges: [IPSubnet] { subnets.compactMap { IPSubnet($0) } }

    /// What an address is that no container can have: the gateway, or one that is set apart.
    func reservation(of address: IPAddress) -> String? {
        if gateways.contains(where: { IPAddress($0.prefix { $0 != "/" }) == address }) { return "the gateway" }
        for pool in pools {
            for (name, text) in pool.reserved ?? [:] where IPAddress(text) == address {
                return "the reserved “\(name)”"
            }
        }
        return nil
    }

    /// Whether its subnets share the addresses of another: those of overlays are counted apart from local ones.
    func sharesAddresses(withOverlay isOverlay: Bool) -> Bool { isOverlay == (scope == "swarm" || scope == "global") }
}

extension NetworkSummary {
    /// Whether an address is the one that an Engine takes for the gateway when nobody names one, which some do not tell.
    func isLikelyGateway(_ address: IPAddress) -> Bool {
        pools.contains { pool in
            guard (pool.gateway ?? "").isEmpty, (pool.range ?? "").isEmpty,
                let subnet = pool.subnet.flatMap({ IPSubnet($0) })
            else { return false }
            return subnet.contains(address) && address.value == subnet.first.value + 1
        }
    }
}

extension [NetworkSummary] {
    /// The network that some addresses are of already.
    func overlapping(_ subnet: IPSubnet, isOverlay: Bool) -> (network: NetworkSummary, subnet: IPSubnet)? {
        for network in self where network.sharesAddresses(withOverlay: isOverlay) {
            if let other = network.ranges.first(where: { $0.overlaps(subnet) }) { return (network, other) }
        }
        return nil
    }
}

extension EngineState {
    /// The containers that belong to a network, running or not, in the list's order.
    func members(of network: NetworkSummary) -> [Container] {
        order.compactMap { id in
            guard let container = containers[id], container.summary.networks.contains(network.name) else { return nil }
            return container
        }
    }

    /// The network of a name or an identity.
    func network(named name: String) -> NetworkSummary? {
        networks.items.first { $0.name == name } ?? networks.items.first { $0.id == name }
            ?? (name.count >= 6 ? networks.items.first { $0.id.hasPrefix(name) } : nil)
    }
}
