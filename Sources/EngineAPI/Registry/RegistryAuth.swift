import FoundationEssentials

/// Credentials for one registry, as the Engine passes them on.
public struct RegistryAuth: Hashable, Sendable, Codable {
    /// Who logs in.
    public var username = ""
    /// With which password.
    public var password = ""
    /// Instead of both: a token that was given for them.
    public var identitytoken: String?
    /// The registry that they are for.
    public var serveraddress: String?

    /// Nobody's.
    public init() {}

    /// A name and a password.
    public init(username: String, password: String) {
        self.username = username
        self.password = password
    }

    /// Whether there is nothing to log in with.
    public var isEmpty: Bool { username.isEmpty && password.isEmpty && (identitytoken ?? "").isEmpty }

    static func headers(_ auth: RegistryAuth?) throws -> [(String, String)] {
        guard let auth else { return [] }
        return [("X-Registry-Auth", try encode(auth))]
    }

    static func headers(registries: [String: RegistryAuth]) throws -> [(String, String)] {
        registries.isEmpty ? [] : [("X-Registry-Config", try encode(registries))]
    }

    /// JSON in base64url, padded as the Engine wants it.
    private static func encode(_ value: some Encodable) throws -> String {
        guard let json = try? JSONEncoder().encode(value) else {
            throw EngineError.malformed("credentials that JSON cannot hold")
        }
        return json.base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
    }
}

// What is secret must not get into a log with something around it.
extension RegistryAuth: CustomStringConvertible, CustomDebugStringConvertible {
    /// Who, without how.
    public var description: String { isEmpty ? "no credentials" : "credentials of \(username)" }
    /// Who, without how.
    public var debugDescription: String { description }
}
