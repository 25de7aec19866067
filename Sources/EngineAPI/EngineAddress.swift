/// Where an Engine listens: a unix socket or a TCP port.
public struct EngineAddress: Hashable, Sendable, CustomStringConvertible {
    /// The kinds of address there are.
    public enum Kind: Hashable, Sendable {
        /// A unix socket, by its path.
        case unix(path: String)
        /// A TCP port, without TLS. The host is a name or an IP address (IPv6 without brackets).
        case tcp(host: String, port: Int)
    }

    /// What the address is.
    public let kind: Kind

    /// Makes an address of a kind.
    public init(_ kind: Kind) { self.kind = kind }

    /// The address of a unix socket.
    public static func unix(path: String) -> EngineAddress { EngineAddress(.unix(path: path)) }

    /// The address of a TCP port.
    public static func tcp(host: String, port: Int) -> EngineAddress { EngineAddress(.tcp(host: host, port: port)) }

    /// Where the docker client looks when nobody says otherwise: `unix:///var/run/docker.sock`.
    public static let standard = EngineAddress.unix(path: "/var/run/docker.sock")

    /// `unix` or `tcp`.
    public var scheme: String {
        switch kind {
        case .unix: "unix"
        case .tcp: "tcp"
        }
    }

    /// The address as `-H` and `DOCKER_HOST` take it: `unix:///var/run/docker.sock`, `tcp://[::1]:2375`.
    public var description: String {
        switch kind {
        case .unix(let path): "unix://\(path)"
        case .tcp(let host, let port): host.contains(":") ? "tcp://[\(host)]:\(port)" : "tcp://\(host):\(port)"
        }
    }
}

/// Why a text is no address that we can talk to.
public enum EngineAddressError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The scheme is known to Docker, but not (yet) to us.
    case unsupported(address: String, why: String)
    /// The text is not an address.
    case malformed(address: String, why: String)

    /// One line for a person.
    public var message: String {
        switch self {
        case .unsupported(let address, let why), .malformed(let address, let why): "\(address): \(why)"
        }
    }

    /// The message.
    public var description: String { message }
}

extension EngineAddress {
    /// Reads an address as `-H` and `DOCKER_HOST` have it.
    ///
    /// `unix:///path`, `tcp://host:port` (port 2375 when left out, IPv6 in brackets); `http://` means tcp.
    /// - Throws: `EngineAddressError.unsupported` for ssh, TLS, npipe and fd, `.malformed` for what is no address.
    public init(parsing text: String) throws(EngineAddressError) {
        guard let separator = text.firstRange(of: "://") else {
            throw .malformed(address: text, why: "not an address: use unix:///path or tcp://host:port")
        }
        let rest = text[separator.upperBound...]
        switch text[..<separator.lowerBound].lowercased() {
        case "unix":
            guard rest.hasPrefix("/"), !rest.utf8.contains(0) else {
                throw .malformed(
                    address: text, why: "a unix address needs an absolute path: unix:///var/run/docker.sock")
            }
            self = .unix(path: String(rest))
        case "tcp", "http":
            self = try Self.tcp(parsing: rest, of: text)
        case "https":
            throw .unsupported(address: text, why: "TLS is not supported yet")
        case "ssh":
            throw .unsupported(address: text, why: "ssh is not supported yet; forward the socket with ssh -L meanwhile")
        case "npipe":
            throw .unsupported(address: text, why: "named pipes exist on Windows only")
        case "fd":
            throw .unsupported(address: text, why: "fd:// is where an Engine listens, not where a client connects")
        case let scheme:
            throw .unsupported(address: text, why: "unknown scheme \"\(scheme)\": use unix:///path or tcp://host:port")
        }
    }

    private static func tcp(parsing rest: Substring, of text: String) throws(EngineAddressError) -> EngineAddress {
        var authority = rest
        if let slash = authority.firstIndex(of: "/") {
            guard authority[slash...] == "/" else {
                throw .unsupported(address: text, why: "a path after the port is not supported")
            }
            authority = authority[..<slash]
        }
        guard !authority.contains("@") else {
            throw .unsupported(address: text, why: "a user name has no place in a tcp address")
        }
        let host: Substring
        var port: Substring?
        if authority.hasPrefix("[") {
            guard let end = authority.firstIndex(of: "]") else {
                throw .malformed(address: text, why: "the bracket of the IPv6 address is not closed")
            }
            host = authority[authority.index(after: authority.startIndex)..<end]
            let after = authority[authority.index(after: end)...]
            guard after.isEmpty || after.hasPrefix(":") else {
                throw .malformed(address: text, why: "after the IPv6 address comes :port")
            }
            port = after.isEmpty ? nil : after.dropFirst()
        } else {
            let parts = authority.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count <= 2 else {
                throw .malformed(address: text, why: "an IPv6 address needs brackets: tcp://[::1]:2375")
            }
            host = parts.first ?? ""
            port = parts.count == 2 ? parts[1] : nil
        }
        guard !host.isEmpty else { throw .malformed(address: text, why: "the host is missing") }
        guard let port, !port.isEmpty else { return .tcp(host: String(host), port: 2375) }
        guard port.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(port), (1...65535).contains(number)
        else { throw .malformed(address: text, why: "\"\(port)\" is not a port") }
        return .tcp(host: String(host), port: number)
    }

    /// The Engine that the docker client would talk to: the value of `-H`, else `DOCKER_HOST`, else the standard socket.
    /// - Throws: `EngineAddressError`, also when `DOCKER_TLS_VERIFY` asks for TLS on a tcp address.
    public static func fromEnvironment(
        host: String?, environment: [String: String]
    ) throws(EngineAddressError) -> EngineAddress {
        guard let text = [host, environment["DOCKER_HOST"]].compactMap({ $0 }).first(where: { !$0.isEmpty }) else {
            return .standard
        }
        let address = try EngineAddress(parsing: text)
        if case .tcp = address.kind, let verify = environment["DOCKER_TLS_VERIFY"], !verify.isEmpty {
            throw .unsupported(address: text, why: "TLS is not supported yet (DOCKER_TLS_VERIFY is set)")
        }
        return address
    }
}
