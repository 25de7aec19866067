import FoundationEssentials

/// A file, a folder or a link in a container's file system.
public struct PathStat: Hashable, Sendable {
    /// What it is.
    public enum Kind: Hashable, Sendable {
        /// A file with content.
        case file
        /// A folder.
        case folder
        /// A symbolic link.
        case link
        /// A device, a fifo, a socket.
        case special
    }

    /// Its name, without the folders before it.
    public var name: String
    /// Bytes of its content.
    public var size: Int
    /// What it is.
    public var kind: Kind
    /// The permission bits, with set-user-ID, set-group-ID and sticky.
    public var mode: UInt32
    /// When it was last changed; nil when that is not told.
    public var modified: Date?
    /// Where a link leads, resolved as the container sees it; empty for anything else.
    public var linkTarget: String
}

extension PathStat: Decodable {
    private enum Key: String, CodingKey { case name, size, mode, mtime, linkTarget }

    /// Reads what the header says.
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: Key.self)
        name = try fields.decode(String.self, forKey: .name)
        size = try fields.decodeIfPresent(Int.self, forKey: .size) ?? 0
        modified = try fields.decodeIfPresent(String.self, forKey: .mtime).flatMap { Date(engineTime: $0) }
        linkTarget = try fields.decodeIfPresent(String.self, forKey: .linkTarget) ?? ""
        // Go's own bits, not those of the system.
        let mode = try fields.decodeIfPresent(UInt32.self, forKey: .mode) ?? 0
        self.mode =
            mode & 0o777 | (mode >> 23 & 1) << 11 | (mode >> 22 & 1) << 10 | (mode >> 20 & 1) << 9
        kind =
            if mode & 1 << 31 != 0 { .folder } else if mode & 1 << 27 != 0 { .link } else if mode & 0x7 << 24 != 0 {
                .special
            } else { .file }
    }

    /// Reads the header of an answer.
    init(header: String) throws {
        guard let json = Data(base64Encoded: header) else { throw EngineError.malformed("PathStat: not base64") }
        self = try Engine.decode(PathStat.self, from: Array(json))
    }
}
