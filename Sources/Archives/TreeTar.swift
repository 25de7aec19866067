#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A folder, a file or a link of this machine as a tar that is made while it is read: a part at a time, never a file
/// as a whole.
///
/// All belongs to root in it; permission bits and times are kept, links stay links, sockets and fifos are passed over.
public struct TreeTar: AsyncSequence, Sendable {
    /// Bytes of a part, and so about what is held at once.
    public static let partSize = 128 << 10

    /// What has gone into it.
    public let count: TransferCount
    let source: Source

    struct Source: Sendable {
        var path: [UInt8]
        /// What it is called in the tar; nil is a folder's content without the folder.
        var name: [UInt8]?
        var rules = IgnoreRules()
        /// What stands in the tar in any case, in place of what the folder has by that name.
        var made: [MadeFile] = []
    }

    /// A file that is made of bytes.
    struct MadeFile: Sendable {
        let name: [UInt8]
        let content: [UInt8]
    }

    init(_ source: Source, count: TransferCount = TransferCount()) {
        self.source = source
        self.count = count
    }

    /// A file, a link, or a folder with all that is in it.
    /// - Parameter name: what it is called in the tar.
    public init(of path: String, as name: String, count: TransferCount = TransferCount()) {
        self.init(Source(path: Array(path.utf8), name: Array(name.utf8)), count: count)
    }

    /// Makes the tar, from its beginning.
    public func makeAsyncIterator() -> Iterator { Iterator(maker: TarMaker(source, count: count)) }

    /// Makes the tar.
    public struct Iterator: AsyncIteratorProtocol {
        let maker: TarMaker

        /// The next part; nil at the end.
        /// - Throws: `ArchiveError` with the name of what cannot be read.
        public mutating func next() async throws -> [UInt8]? { try maker.next() }
    }
}

/// What the iterator has in hand.
final class TarMaker {
    private struct Open {
        let file: SystemFile
        let size: Int
        var left: Int
    }

    private let source: TreeTar.Source
    private let count: TransferCount
    private var walk: FolderWalk?
    private var open: Open?
    private var made: [TreeTar.MadeFile]
    private var part: [UInt8] = []
    private var began = false
    private var ended = false
    /// The first name of a file that has several.
    private var names: [FileNumber: [UInt8]] = [:]
    /// The most bytes that a part had.
    private(set) var mostHeld = 0

    private struct FileNumber: Hashable { let device, number: UInt64 }

    init(_ source: TreeTar.Source, count: TransferCount) {
        self.source = source
        self.count = count
        made = source.made
    }

    func next() throws -> [UInt8]? {
        guard !ended else { return nil }
        part = []
        part.reserveCapacity(TreeTar.partSize + 4 * Tar.block)
        if !began { try begin() }
        while part.count < TreeTar.partSize, !ended {
            if open != nil {
                try readSome()
            } else if let file = made.popLast() {
                add(file)
            } else if let item = try walk?.next() {
                try add(item.status, name: item.name, path: source.path.appending(path: item.name))
            } else {
                part += Tar.end
                ended = true
            }
        }
        mostHeld = max(mostHeld, part.count)
        defer { part = [] }
        return part
    }

    private func begin() throws {
        began = true
        guard let status = try stat.of(source.path) else { throw ArchiveError.system(source.path, ENOENT) }
        if source.name != nil { try add(status, name: [], path: source.path) }
        if status.isFolder { walk = try FolderWalk(source.path, ignoring: source.rules) }
    }

    /// Its name in the tar.
    private func named(_ name: [UInt8]) -> [UInt8] {
        guard let root = source.name else { return name }
        return name.isEmpty ? root : root.appending(path: name)
    }

    private func add(_ file: TreeTar.MadeFile) {
        part += TarHeader.bytes(
            of: TarEntry(name: file.name, kind: .file, mode: 0o600, size: file.content.count))
        part += file.content
        part += repeatElement(0, count: Tar.padding(file.content.count))
    }

    private func add(_ status: stat, name below: [UInt8], path: [UInt8]) throws {
        let name = named(below)
        if source.made.contains(where: { $0.name == name }) { return }
        var entry = TarEntry(
            name: name, kind: .file, mode: UInt32(status.st_mode) & 0o7777, time: Int(status.st_mtim.tv_sec))
        switch status.kind {
        case S_IFDIR: entry.kind = .folder
        case S_IFLNK:
            entry.kind = .symbolicLink
            guard let target = try Self.target(of: path) else { return }
            entry.target = target
            count.file()
        case S_IFREG: return try addFile(entry, status, path)
        case S_IFSOCK: return count.skip(below, "a socket")
        case S_IFIFO: return count.skip(below, "a fifo")
        default: return count.skip(below, "a device")
        }
        part += TarHeader.bytes(of: entry)
    }

    private func addFile(_ entry: TarEntry, _ listed: stat, _ path: [UInt8]) throws {
        var entry = entry
        let number = FileNumber(device: UInt64(listed.st_dev), number: UInt64(listed.st_ino))
        if listed.st_nlink > 1, let first = names[number] {
            entry.kind = .hardLink
            entry.target = first
            count.file()
            part += TarHeader.bytes(of: entry)
            return
        }
        let file: SystemFile
        do { file = try SystemFile.reading(path) } catch {
            // Gone since the folder was read: as if it had never been there.
            guard try stat.of(path) != nil else { return }
            throw error
        }
        // What was opened counts: it may be another file by now, or have grown.
        let status = try file.status()
        guard status.isFile else { return count.skip(entry.name, "it was replaced while it was read") }
        entry.mode = UInt32(status.st_mode) & 0o7777
        if listed.st_nlink > 1 { names[number] = entry.name }
        entry.size = Int(status.st_size)
        part += TarHeader.bytes(of: entry)
        count.file()
        if entry.size > 0 { open = Open(file: file, size: entry.size, left: entry.size) }
    }

    /// The next bytes of the open file. Its size stands in the tar already: what was added since is left out.
    private func readSome() throws {
        guard var file = open else { return }
        let wanted = min(file.left, max(TreeTar.partSize - part.count, 4096))
        let piece = try [UInt8](unsafeUninitializedCapacity: wanted) { buffer, count in
            count = try file.file.read(UnsafeMutableRawBufferPointer(buffer))
        }
        guard !piece.isEmpty else {
            let name = String(decoding: file.file.path, as: UTF8.self)
            throw ArchiveError("\(name): became shorter while it was read")
        }
        part += piece
        count.bytes(piece.count)
        file.left -= piece.count
        if file.left == 0 {
            part += repeatElement(0, count: Tar.padding(file.size))
            open = nil
        } else {
            open = file
        }
    }

    /// Where a link leads; nil when it is gone.
    private static func target(of path: [UInt8]) throws -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = path.withCString { name in
            buffer.withUnsafeMutableBytes { buffer in
                buffer.baseAddress.map { readlink(name, $0, buffer.count) } ?? -1
            }
        }
        if count < 0 {
            if errno == ENOENT { return nil }
            throw ArchiveError.system(path)
        }
        return Array(buffer[..<count])
    }
}
