import FoundationEssentials

/// A layer of an image, as its history has it.
public struct ImageLayer: Hashable, Sendable {
    /// The identity of the image that ends with it; nil where the Engine does not have that one (`<missing>`).
    public var id: String?
    /// When it was made.
    public var created = Date(timeIntervalSince1970: 0)
    /// The command that made it.
    public var createdBy = ""
    /// Bytes that it adds.
    public var size = 0
    /// The names that lead to it.
    public var tags: [String] = []
    /// What was said of it.
    public var comment = ""

    /// One that nothing is known of.
    public init() {}
}

extension ImageLayer: Decodable {
    private enum Key: String, CodingKey { case Id, Created, CreatedBy, Size, Tags, Comment }

    /// Reads an entry of `GET /images/{name}/history`.
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: Key.self)
        id = try fields.decodeIfPresent(String.self, forKey: .Id).flatMap { $0 == "<missing>" || $0.isEmpty ? nil : $0 }
        created = Date(timeIntervalSince1970: try fields.decodeIfPresent(Double.self, forKey: .Created) ?? 0)
        createdBy = try fields.decodeIfPresent(String.self, forKey: .CreatedBy) ?? ""
        size = try fields.decodeIfPresent(Int.self, forKey: .Size) ?? 0
        tags = try fields.decodeIfPresent([String].self, forKey: .Tags) ?? []
        comment = try fields.decodeIfPresent(String.self, forKey: .Comment) ?? ""
    }
}

/// What went with an image that was removed.
public struct ImageRemoval: Hashable, Sendable {
    /// The names that no longer lead anywhere.
    public var untagged: [String] = []
    /// The identities of images and layers that are gone.
    public var deleted: [String] = []

    /// Nothing.
    public init() {}
}

extension ImageRemoval: Decodable {
    private struct Entry: Decodable { var Untagged, Deleted: String? }

    /// Reads the answer of `DELETE /images/{name}`.
    public init(from decoder: any Decoder) throws {
        let entries = try decoder.singleValueContainer().decode([Entry].self)
        untagged = entries.compactMap(\.Untagged)
        deleted = entries.compactMap(\.Deleted)
    }
}

/// An image that a registry found.
public struct ImageSearchResult: Hashable, Sendable {
    /// Its name, to be pulled by.
    public var name: String
    /// What it says of itself.
    public var description = ""
    /// How many like it.
    public var stars = 0
    /// Whether Docker itself keeps it.
    public var isOfficial = false

    /// One of a name.
    public init(name: String) { self.name = name }
}

extension ImageSearchResult: Decodable {
    private enum Key: String, CodingKey { case name, description, star_count, is_official }

    /// Reads an entry of `GET /images/search`.
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: Key.self)
        self.init(name: try fields.decode(String.self, forKey: .name))
        description = try fields.decodeIfPresent(String.self, forKey: .description) ?? ""
        stars = try fields.decodeIfPresent(Int.self, forKey: .star_count) ?? 0
        isOfficial = try fields.decodeIfPresent(Bool.self, forKey: .is_official) ?? false
    }
}
