import Archives

/// Reads a tar as it comes and keeps next to nothing of it: the names, and the beginning of the few files that matter.
///
/// Whatever is no tar is read all the same and counted.
struct TarScanner: Sendable {
    /// What is known of one entry.
    struct Entry: Sendable {
        enum Kind: Sendable { case file, folder, link(String) }
        /// Without `./` before it and `/` behind it.
        var name: String
        var kind: Kind
        var size: Int
        var mode: Int
        /// The whole contents of a file that was wanted and is small; nil for all others.
        var data: [UInt8]?
    }

    /// What is kept of a tar, however large it is.
    static let entriesKept = 4096
    static let bytesKept = 1 << 20
    static let fileKept = 64 << 10

    private let wants: @Sendable (String) -> Bool
    private(set) var entries: [Entry] = []
    /// Bytes that came.
    private(set) var total = 0
    /// Bytes of the files in it.
    private(set) var contents = 0
    /// Whether more entries came than are kept.
    private(set) var isCut = false
    /// Whether what came is a tar: one that ends in the middle of a header is none.
    var isTar: Bool { looksRight && reader.held == 0 }
    private var looksRight = true
    /// Whether it is a compressed one, of which nothing is known.
    private(set) var isCompressed = false
    private var reader = TarReader()
    private var isOver = false
    /// The entry whose contents come, as far as they are kept.
    private var current: Entry?
    private var kept: [UInt8]?
    private var keptInAll = 0

    /// - Parameter wants: which files' contents are kept, by name.
    init(wants: @escaping @Sendable (String) -> Bool) { self.wants = wants }

    func entry(_ name: String) -> Entry? { entries.first { $0.name == name } }

    mutating func take(_ bytes: some Collection<UInt8>) {
        if total == 0, bytes.starts(with: [0x1F, 0x8B]) {
            isCompressed = true
            isOver = true
        }
        total += bytes.count
        guard !isOver else { return }
        // Aside: whatever it hands over is taken by the rest of this.
        var reader = reader
        do { try Array(bytes).withUnsafeBytes { try reader.read($0) { take($0) } } } catch {
            looksRight = !entries.isEmpty
            isOver = true
            reader = TarReader()
        }
        self.reader = reader
    }

    private mutating func take(_ part: TarReader.Part) {
        switch part {
        case .entry(let entry):
            let kind: Entry.Kind =
                switch entry.kind {
                case .folder: .folder
                case .symbolicLink, .hardLink: .link(String(decoding: entry.target, as: UTF8.self))
                default: .file
                }
            let name = Self.plain(entry.text)
            current = Entry(name: name, kind: kind, size: entry.size, mode: Int(entry.mode))
            let isSmall = entry.size <= Self.fileKept && keptInAll + entry.size <= Self.bytesKept
            kept = isSmall && wants(name) ? [] : nil
        case .content(let bytes): kept? += bytes
        case .entryEnd: finish()
        }
    }

    private mutating func finish() {
        guard var entry = current else { return }
        current = nil
        if case .file = entry.kind {
            contents += entry.size
            entry.data = kept
            keptInAll += kept?.count ?? 0
        }
        kept = nil
        guard entries.count < Self.entriesKept, entry.name.utf8.count <= 512 else {
            isCut = true
            return
        }
        entries.append(entry)
    }

    /// `./a/b/` is `a/b`.
    static func plain(_ name: String) -> String {
        name.split(separator: "/").filter { $0 != "." }.joined(separator: "/")
    }
}
