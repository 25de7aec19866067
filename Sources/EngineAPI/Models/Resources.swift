import FoundationEssentials

/// An image as the list has it.
public struct ImageSummary: Hashable, Sendable {
    /// Its identity, `sha256:…`.
    public var id: String
    /// Its names, `repository:tag`; empty when it has none.
    public var tags: [String] = []
    /// Its names by content, `repository@sha256:…`.
    public var digests: [String] = []
    /// When it was made.
    public var created = Date(timeIntervalSince1970: 0)
    /// Bytes, all layers together.
    public var size = 0
    /// The identity of the image that it was made from here, by a build or a commit; empty for one that was pulled.
    public var parentID = ""
    /// Its labels.
    public var labels: [String: String] = [:]

    /// Makes one; all but the identity is set afterwards.
    public init(id: String) { self.id = id }

    /// Whether no name leads to it.
    public var dangling: Bool { tags.isEmpty }

    /// The first 12 characters of the digest, as the docker client shows them.
    public var shortID: String { String((id.split(separator: ":").last ?? "").prefix(12)) }
}

extension ImageSummary: Decodable {
    private enum Key: String, CodingKey { case Id, ParentId, RepoTags, RepoDigests, Created, Size, Labels }

    /// Reads an entry of `GET /images/json`.
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: Key.self)
        self.init(id: try fields.decode(String.self, forKey: .Id))
        // Engines before 1.43 write <none> for what has no name.
        tags = (try fields.decodeIfPresent([String].self, forKey: .RepoTags) ?? []).filter { $0 != "<none>:<none>" }
        digests = (try fields.decodeIfPresent([String].self, forKey: .RepoDigests) ?? [])
            .filter { $0 != "<none>@<none>" }
        created = Date(timeIntervalSince1970: try fields.decodeIfPresent(Double.self, forKey: .Created) ?? 0)
        size = try fields.decodeIfPresent(Int.self, forKey: .Size) ?? 0
        parentID = try fields.decodeIfPresent(String.self, forKey: .ParentId) ?? ""
        labels = try fields.decodeIfPresent([String: String].self, forKey: .Labels) ?? [:]
    }
}

/// A volume as the list has it.
public struct VolumeSummary: Hashable, Sendable {
    /// Its name, which is its identity.
    public var name: String
    /// `local` or a plug-in.
    public var driver = ""
    /// Where it is on the Engine's host.
    public var mountpoint = ""
    /// When it was made; not every driver knows.
    public var created: Date?
    /// Its labels.
    public var labels: [String: String] = [:]
    /// `local` or `global`.
    public var scope = ""

    /// Makes one; all but the name is set afterwards.
    public init(name: String) { self.name = name }

    /// Whether the Engine made up the name: newer ones say so, and it has 64 hexadecimal digits.
    public var isAnonymous: Bool {
        labels["com.docker.volume.anonymous"] != nil
            || name.utf8.count == 64
                && name.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }
}

extension VolumeSummary: Decodable {
    private enum Key: String, CodingKey { case Name, Driver, Mountpoint, CreatedAt, Labels, Scope }

    /// Reads an entry of `GET /volumes`.
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: Key.self)
        self.init(name: try fields.decode(String.self, forKey: .Name))
        driver = try fields.decodeIfPresent(String.self, forKey: .Driver) ?? ""
        mountpoint = try fields.decodeIfPresent(String.self, forKey: .Mountpoint) ?? ""
        created = try fields.decodeIfPresent(String.self, forKey: .CreatedAt).flatMap(Date.init(engineTime:))
        labels = try fields.decodeIfPresent([String: String].self, forKey: .Labels) ?? [:]
        scope = try fields.decodeIfPresent(String.self, forKey: .Scope) ?? ""
    }
}
