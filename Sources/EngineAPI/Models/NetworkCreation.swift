/// Everything that a new network is made of. What is nil is not sent, and left to the Engine.
public struct NetworkCreation: Hashable, Sendable, Encodable {
    /// Where a network's addresses come from.
    public struct AddressManagement: Hashable, Sendable, Encodable {
        /// `default` or a plug-in.
        public var driver: String?
        /// Its address ranges; none leaves them to the Engine.
        public var pools: [NetworkPool]?

        private enum CodingKeys: String, CodingKey {
            case driver = "Driver"
            case pools = "Config"
        }

        /// Address ranges.
        public init(driver: String? = nil, pools: [NetworkPool]? = nil) {
            self.driver = driver
            self.pools = pools
        }
    }

    /// Its name.
    public var name: String
    /// `bridge`, `macvlan`, …; the Engine takes `bridge` without one.
    public var driver: String?
    /// Whether it leads nowhere outside.
    public var `internal`: Bool?
    /// Whether containers that are no tasks may join (overlay).
    public var attachable: Bool?
    /// Whether its containers get IPv6 addresses.
    public var ipv6: Bool?
    /// Where its addresses come from.
    public var addresses: AddressManagement?
    /// For the driver.
    public var options: [String: String]?
    /// Its labels.
    public var labels: [String: String]?
    /// Engines before API 1.44 make a second one of a name unless they are told not to.
    private let checksDuplicate = true

    private enum CodingKeys: String, CodingKey {
        case name = "Name"
        case driver = "Driver"
        case `internal` = "Internal"
        case attachable = "Attachable"
        case ipv6 = "EnableIPv6"
        case addresses = "IPAM"
        case options = "Options"
        case labels = "Labels"
        case checksDuplicate = "CheckDuplicate"
    }

    /// A network of a name, all else left to the Engine.
    public init(name: String) { self.name = name }
}

/// What the Engine says when it has made a network.
public struct CreatedNetwork: Hashable, Sendable, Decodable {
    /// The new network's identity.
    public var id: String
    /// What the Engine could not do as it was asked; empty when it could.
    public var warning: String

    private enum Key: String, CodingKey { case Id, Warning }

    /// Reads the answer of `POST /networks/create`.
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: Key.self)
        id = try fields.decode(String.self, forKey: .Id)
        warning = try fields.decodeIfPresent(String.self, forKey: .Warning) ?? ""
    }
}

/// How a container joins a network. What is nil is not sent, and left to the Engine.
public struct EndpointSettings: Hashable, Sendable, Encodable {
    /// Addresses that it wants.
    public struct Addresses: Hashable, Sendable, Codable {
        /// An IPv4 address of the network.
        public var ipv4: String?
        /// An IPv6 address of the network.
        public var ipv6: String?

        private enum CodingKeys: String, CodingKey {
            case ipv4 = "IPv4Address"
            case ipv6 = "IPv6Address"
        }

        /// Addresses.
        public init(ipv4: String? = nil, ipv6: String? = nil) {
            self.ipv4 = ipv4
            self.ipv6 = ipv6
        }
    }

    /// Further names that others on the network know it by.
    public var aliases: [String]?
    /// Addresses that it wants; nil leaves them to the Engine.
    public var addresses: Addresses?

    private enum CodingKeys: String, CodingKey {
        case aliases = "Aliases"
        case addresses = "IPAMConfig"
    }

    /// All left to the Engine.
    public init(aliases: [String]? = nil, addresses: Addresses? = nil) {
        self.aliases = aliases
        self.addresses = addresses
    }
}
