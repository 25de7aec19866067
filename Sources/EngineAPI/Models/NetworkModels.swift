import FoundationEssentials

/// A range of addresses of a network, and what is set apart in it.
public struct NetworkPool: Hashable, Sendable, Codable {
    /// `172.20.0.0/16`.
    public var subnet: String?
    /// Where new containers get their addresses from: a part of the subnet.
    public var range: String?
    /// The way out.
    public var gateway: String?
    /// Addresses that no container gets, by names of their own.
    public var reserved: [String: String]?

    private enum CodingKeys: String, CodingKey {
        case subnet = "Subnet"
        case range = "IPRange"
        case gateway = "Gateway"
        case reserved = "AuxiliaryAddresses"
    }

    /// A range of addresses.
    public init(
        subnet: String? = nil, range: String? = nil, gateway: String? = nil, reserved: [String: String]? = nil
    ) {
        self.subnet = subnet
        self.range = range
        self.gateway = gateway
        self.reserved = reserved
    }
}

/// A network as the list has it.
public struct NetworkSummary: Hashable, Sendable {
    /// Its identity.
    public var id: String
    /// Its name.
    public var name: String
    /// `bridge`, `host`, `overlay`, …
    public var driver = ""
    /// `local`, `swarm` or `global`.
    public var scope = ""
    /// Whether it leads nowhere outside.
    public var `internal` = false
    /// Whether containers that are no tasks may join (overlay).
    public var attachable = false
    /// Whether it is the one that a swarm's published ports come in by.
    public var ingress = false
    /// Whether its containers have IPv6 addresses.
    public var ipv6 = false
    /// Its address ranges.
    public var pools: [NetworkPool] = []
    /// What its driver was told: `parent`, `com.docker.network.bridge.name`, …
    public var options: [String: String] = [:]
    /// When it was made.
    public var created: Date?
    /// Its labels.
    public var labels: [String: String] = [:]

    /// Makes one; all but identity and name are set afterwards.
    public init(id: String, name: String) {
        self.id = id
        self.name = name
    }

    /// Its address ranges, `172.17.0.0/16`.
    public var subnets: [String] {
        get { pools.compactMap(\.subnet) }
        set { pools = newValue.map { NetworkPool(subnet: $0) } }
    }

    /// The ways out of it.
    public var gateways: [String] { pools.compactMap(\.gateway).filter { !$0.isEmpty } }

    /// Whether the Engine made it: it cannot be removed.
    public var isPredefined: Bool { ["bridge", "host", "none", "podman"].contains(name) }
}

extension NetworkSummary: Decodable {
    private enum Key: String, CodingKey {
        case Id, Name, Driver, Scope, Internal, Attachable, Ingress, EnableIPv6, IPAM, Options, Created, Labels
    }
    private struct Addresses: Decodable { var Config: [NetworkPool]? }

    /// Reads an entry of `GET /networks`.
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: Key.self)
        self.init(
            id: try fields.decode(String.self, forKey: .Id),
            name: try fields.decodeIfPresent(String.self, forKey: .Name) ?? "")
        driver = try fields.decodeIfPresent(String.self, forKey: .Driver) ?? ""
        scope = try fields.decodeIfPresent(String.self, forKey: .Scope) ?? ""
        `internal` = try fields.decodeIfPresent(Bool.self, forKey: .Internal) ?? false
        attachable = try fields.decodeIfPresent(Bool.self, forKey: .Attachable) ?? false
        ingress = try fields.decodeIfPresent(Bool.self, forKey: .Ingress) ?? false
        ipv6 = try fields.decodeIfPresent(Bool.self, forKey: .EnableIPv6) ?? false
        pools = try fields.decodeIfPresent(Addresses.self, forKey: .IPAM)?.Config ?? []
        options = try fields.decodeIfPresent([String: String].self, forKey: .Options) ?? [:]
        created = try fields.decodeIfPresent(String.self, forKey: .Created).flatMap(Date.init(engineTime:))
        labels = try fields.decodeIfPresent([String: String].self, forKey: .Labels) ?? [:]
    }
}

/// A network as its inspection has it: what the list says, and who is in it.
public struct NetworkDetails: Hashable, Sendable {
    /// One end of a network: a running container's, or one that the Engine keeps for itself.
    public struct Endpoint: Hashable, Sendable {
        /// The container's identity; for what is no container whatever the Engine knows it by.
        public var container = ""
        /// The container's name.
        public var name = ""
        /// Its hardware address.
        public var macAddress = ""
        /// `172.20.0.2/16`; empty when it has none.
        public var ipv4Address = ""
        /// `fd00::2/64`; empty when it has none.
        public var ipv6Address = ""

        /// An empty end.
        public init() {}
    }

    /// What the list says.
    public var summary: NetworkSummary
    /// Who is in it and runs, by name.
    public var endpoints: [Endpoint]

    /// A network with what is in it.
    public init(_ summary: NetworkSummary, endpoints: [Endpoint] = []) {
        self.summary = summary
        self.endpoints = endpoints
    }
}

extension NetworkDetails: Decodable {
    private enum Key: String, CodingKey { case Containers }
    private struct Entry: Decodable { var Name, MacAddress, IPv4Address, IPv6Address: String? }

    /// Reads the answer of `GET /networks/{id}`.
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: Key.self)
        let entries = try fields.decodeIfPresent([String: Entry?].self, forKey: .Containers) ?? [:]
        self.init(
            try NetworkSummary(from: decoder),
            endpoints: entries.compactMap { id, entry in
                guard let entry else { return nil }
                var endpoint = Endpoint()
                endpoint.container = id
                endpoint.name = entry.Name ?? ""
                endpoint.macAddress = entry.MacAddress ?? ""
                endpoint.ipv4Address = entry.IPv4Address ?? ""
                endpoint.ipv6Address = entry.IPv6Address ?? ""
                return endpoint
            }.sorted { ($0.name, $0.container) < ($1.name, $1.container) })
    }
}

/// A container that belongs to a network, whether it runs or joins when it starts.
public struct AttachedContainer: Hashable, Sendable {
    /// Its identity.
    public var id: ContainerID
    /// Its name.
    public var name: String
    /// What it is doing.
    public var state = ContainerState.created
    /// The addresses that it has chosen for itself; empty when the Engine chooses.
    public var fixed: [String] = []

    /// A container.
    public init(id: ContainerID, name: String) {
        self.id = id
        self.name = name
    }
}

/// The containers of a list that belong to a network.
struct AttachedList: Decodable, Sendable {
    private struct Settings: Decodable {
        struct Endpoint: Decodable {
            var NetworkID: String?
            var IPAMConfig: EndpointSettings.Addresses?
        }
        var Networks: [String: Endpoint?]?
    }
    private struct Entry: Decodable {
        var Id: ContainerID
        var Names: [String]?
        var State: String?
        var NetworkSettings: Settings?
    }

    private let entries: [Entry]

    init(from decoder: any Decoder) throws { entries = try decoder.singleValueContainer().decode([Entry].self) }

    func containers(of network: NetworkSummary) -> [AttachedContainer] {
        entries.compactMap { entry in
            // Of one that never ran the Engine knows the network by its name only.
            let endpoint = (entry.NetworkSettings?.Networks ?? [:]).first { name, endpoint in
                let id = endpoint?.NetworkID ?? ""
                return id.isEmpty ? name == network.name || name == network.id : id == network.id
            }
            guard let endpoint else { return nil }
            var container = AttachedContainer(
                id: entry.Id, name: ContainerSummary.name(of: entry.Names ?? [], id: entry.Id))
            container.state = ContainerState(entry.State ?? "")
            let addresses = endpoint.value?.IPAMConfig
            container.fixed = [addresses?.ipv4, addresses?.ipv6].compactMap { $0 }.filter { !$0.isEmpty }
            return container
        }.sorted { ($0.name, $0.id.rawValue) < ($1.name, $1.id.rawValue) }
    }
}
