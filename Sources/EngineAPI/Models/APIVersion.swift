/// A version of the Engine API, such as 1.41.
public struct APIVersion: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The part before the dot.
    public let major: Int
    /// The part after the dot.
    public let minor: Int

    /// Makes a version of its two numbers.
    public init(_ major: Int, _ minor: Int) {
        self.major = major
        self.minor = minor
    }

    /// Reads `1.41`; nil for anything else.
    public init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, let major = Int(parts[0]), let minor = Int(parts[1]), major >= 0, minor >= 0 else {
            return nil
        }
        self.init(major, minor)
    }

    /// `1.41`.
    public var description: String { "\(major).\(minor)" }

    /// By number: 1.9 is before 1.41.
    public static func < (left: APIVersion, right: APIVersion) -> Bool {
        (left.major, left.minor) < (right.major, right.minor)
    }
}

/// What an Engine is, and how we talk to it.
public struct EngineVersion: Hashable, Sendable {
    /// The API version that is used: the lower of the Engine's and ours.
    public var api: APIVersion
    /// The newest API version that the Engine speaks.
    public var engineAPI: APIVersion
    /// The Engine's own version as it says it: `20.10.24+dfsg1`.
    public var version = ""
    /// What it calls itself: `Docker Engine - Community`, `Docker Engine`, `Podman Engine`.
    public var name = ""
    /// `linux`.
    public var os = ""
    /// `amd64`.
    public var arch = ""
    /// The kernel's version.
    public var kernel = ""
    /// The oldest API version that the Engine speaks.
    public var oldestAPI: APIVersion?

    /// Makes one with nothing but the versions known.
    public init(api: APIVersion, engineAPI: APIVersion) {
        self.api = api
        self.engineAPI = engineAPI
    }
}
