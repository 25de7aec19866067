/// A file, a folder or a link in a tar, without its content.
///
/// Names are bytes, as file systems have them: not every name is UTF-8.
public struct TarEntry: Hashable, Sendable {
    /// What it is.
    public enum Kind: Hashable, Sendable {
        /// A file with content.
        case file
        /// A folder.
        case folder
        /// A symbolic link; it leads wherever it leads.
        case symbolicLink
        /// Another name of a file that came before.
        case hardLink
        /// A device, a fifo: nothing that is content.
        case special
        /// A file with holes, as GNU tar writes it.
        case sparse
        /// Anything else, by its letter.
        case unknown(UInt8)
    }

    /// Its name, without the slash that folders have at their end.
    public var name: [UInt8]
    /// What it is.
    public var kind: Kind
    /// The permission bits.
    public var mode: UInt32
    /// Bytes of content that follow.
    public var size: Int
    /// When it was last changed, in seconds since 1970.
    public var time: Int
    /// Who owns it.
    public var owner: Int
    /// The group that owns it.
    public var group: Int
    /// Where a link leads.
    public var target: [UInt8]

    /// An entry of root's.
    public init(
        name: [UInt8], kind: Kind, mode: UInt32, size: Int = 0, time: Int = 0, owner: Int = 0, group: Int = 0,
        target: [UInt8] = []
    ) {
        self.name = name
        self.kind = kind
        self.mode = mode
        self.size = size
        self.time = time
        self.owner = owner
        self.group = group
        self.target = target
    }

    /// Its name for a person.
    public var text: String { String(decoding: name, as: UTF8.self) }
}

/// What all that have to do with tars agree on.
public enum Tar {
    static let block = 512

    /// The end: two blocks of zeros.
    public static let end = [UInt8](repeating: 0, count: 2 * block)

    /// How many bytes fill up the last block of a content.
    public static func padding(_ size: Int) -> Int { (block - size % block) % block }
}
