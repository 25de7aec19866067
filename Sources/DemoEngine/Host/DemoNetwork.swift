import EngineAPI

/// A network of the simulated host.
struct DemoNetwork: Sendable {
    /// A range of addresses, and what is set apart in it.
    struct Pool: Sendable {
        let subnet: IPSubnet
        var gateway: IPAddress?
        var range: IPSubnet?
        var reserved: [String: IPAddress] = [:]

        /// Whether no container may have an address.
        func keeps(_ address: IPAddress) -> Bool {
            address == subnet.first || address == gateway || reserved.values.contains(address)
                || subnet.family == .v4 && subnet.bits < 31 && address == subnet.last
        }
    }

    let id: String
    let name: String
    let driver: String
    var pools: [Pool]
    var isInternal = false
    let created: Nanoseconds
    var labels: [String: String] = [:]
    var options: [String: String] = [:]
    var isAttachable = false
    var ipv6 = false
    /// Whether it was there from the beginning: its containers have addresses by their numbers, which needs no list of
    /// who has which, however many they are.
    var isStock = false

    /// Whether it comes with the Engine.
    var isBuiltIn: Bool { ["bridge", "host", "none"].contains(name) }

    func pool(of family: IPAddress.Family) -> Pool? { pools.first { $0.subnet.family == family } }

    /// An address with the bits of its subnet, as an inspection has it.
    func withBits(_ address: IPAddress?) -> String {
        guard let address, let pool = pools.first(where: { $0.subnet.contains(address) }) else { return "" }
        return "\(address)/\(pool.subnet.bits)"
    }
}

/// What a container has in a network.
struct DemoEndpoint: Sendable {
    var aliases: [String] = []
    /// Addresses that were asked for, and come back at each start.
    var fixed: [IPAddress] = []
    /// Addresses that it has while it runs.
    var held: [IPAddress] = []

    init() {}

    /// What a request says of it.
    init(_ json: JSON?) {
        aliases = json?["Aliases"]?.texts ?? []
        fixed = ["IPv4Address", "IPv6Address"].compactMap { json?["IPAMConfig"]?[$0]?.text.flatMap { IPAddress($0) } }
    }

    func fixed(_ family: IPAddress.Family) -> IPAddress? { fixed.first { $0.family == family } }
    func held(_ family: IPAddress.Family) -> IPAddress? { held.first { $0.family == family } }
}

extension DemoNetwork {
    /// The pools of a request, with what is left out filled in.
    static func pools(
        _ request: JSON, isOverlay: Bool, _ networks: [DemoNetwork], _ random: inout SplitMix
    ) throws(DemoHost.Refusal) -> [Pool] {
        var pools: [Pool] = []
        for asked in request["IPAM"]?["Config"]?.elements ?? [] {
            guard let text = asked["Subnet"]?.text, !text.isEmpty else { continue }
            pools.append(try pool(asked, text, networks.flatMap(\.pools).map(\.subnet) + pools.map(\.subnet)))
        }
        let taken = networks.flatMap(\.pools).map(\.subnet) + pools.map(\.subnet)
        if !pools.contains(where: { $0.subnet.family == .v4 }) {
            guard let subnet = freeSubnet(taken) else {
                throw .init(status: 500, message: "all predefined address pools have been fully subnetted")
            }
            pools.insert(Pool(subnet: subnet), at: 0)
        }
        if request["EnableIPv6"]?.isTrue == true, !pools.contains(where: { $0.subnet.family == .v6 }) {
            let prefix = UInt128(0xFD) << 120 | UInt128(random.next() >> 24) << 80
            if let subnet = IPSubnet(around: IPAddress(.v6, prefix), bits: 64) { pools.append(Pool(subnet: subnet)) }
        }
        return pools.map { pool in
            var pool = pool
            pool.gateway = pool.gateway ?? IPAddress(pool.subnet.family, pool.subnet.first.value + 1)
            return pool
        }
    }

    private static func pool(
        _ asked: JSON, _ text: String, _ taken: [IPSubnet]
    ) throws(DemoHost.Refusal) -> Pool {
        guard let subnet = IPSubnet(text), subnet.bits > 0 else {
            throw .bad("invalid network config: invalid subnet \(text): invalid CIDR block")
        }
        guard IPAddress(text.prefix { $0 != "/" }) == subnet.first else {
            throw .bad("invalid network config: invalid subnet \(text): it should be \(subnet)")
        }
        guard !taken.contains(where: { $0.overlaps(subnet) }) else {
            throw .init(
                status: 403, message: "invalid pool request: Pool overlaps with other one on this address space")
        }
        func inside(_ what: String, _ text: String) throws(DemoHost.Refusal) -> IPAddress {
            guard let address = IPAddress(text), subnet.contains(address) else {
                throw .bad(
                    "invalid network config: invalid \(what) \(text): parent subnet \(subnet) doesn't contain it")
            }
            return address
        }
        var pool = Pool(subnet: subnet)
        if let gateway = asked["Gateway"]?.text, !gateway.isEmpty { pool.gateway = try inside("gateway", gateway) }
        if let range = asked["IPRange"]?.text, !range.isEmpty {
            guard let part = IPSubnet(range), subnet.contains(part) else {
                throw .bad(
                    "invalid network config: invalid IPRange \(range): parent subnet \(subnet) doesn't contain it")
            }
            pool.range = part
        }
        for (name, address) in asked["AuxiliaryAddresses"]?.textMap ?? [:] {
            pool.reserved[name] = try inside("auxiliary address", address)
        }
        return pool
    }

    private static func freeSubnet(_ taken: [IPSubnet]) -> IPSubnet? {
        let starts = (18...31).map { "172.\($0).0.0/16" } + (0...254).map { "10.\($0).0.0/16" }
        return starts.lazy.compactMap { IPSubnet($0) }.first { subnet in !taken.contains { $0.overlaps(subnet) } }
    }
}
