#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Unpacks a tar into a folder while its bytes arrive, and never anywhere else.
///
/// No name with `..` is taken, and nothing is written through a symbolic link below the folder, whoever made it; links
/// themselves are made as they are. Files belong to whoever runs this, without set-user-ID bits. A file is there under
/// its name when it is whole: before that it has another one, and goes when the unpacking is given up.
public final class TarExtractor {
    private struct Folder {
        let path: [[UInt8]]
        let mode: mode_t
        let time: Int
    }

    private struct Writing {
        let file: SystemFile
        let folder: SystemFile
        let entry: TarEntry
        /// Where it lies until it is whole.
        let draft: [UInt8]
        let name: [UInt8]
    }

    /// Why something did not come about that does not hinder the rest.
    private struct Refusal: Error {
        let why: String
        init(_ why: String) { self.why = why }
    }

    /// What was written.
    public let count: TransferCount
    private let root: SystemFile
    private let prefix: [[UInt8]]
    private let stripped: Int
    private let replaces: Bool
    private var reader = TarReader()
    private var writing: Writing?
    /// Folders that were made, from the outermost to where the last entry lies: they get their bits when they are full.
    private var folders: [Folder] = []
    private var parent: (path: [[UInt8]], file: SystemFile)?

    /// Unpacks into a folder that is there.
    /// - Parameters:
    ///   - name: the folder (or the file) that all goes to below it.
    ///   - stripped: how many parts of each name fall away for it.
    ///   - replaces: whether files give way that are there already.
    /// - Throws: `ArchiveError` when the folder cannot be opened.
    public init(
        into folder: String, as name: String? = nil, stripping stripped: Int = 0, replaces: Bool = true,
        count: TransferCount = TransferCount()
    ) throws {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw ArchiveError.system(folder) }
        root = SystemFile(descriptor: descriptor, path: Array(folder.utf8))
        prefix = name.map { [Array($0.utf8)] } ?? []
        self.stripped = stripped
        self.replaces = replaces
        self.count = count
    }

    deinit { abandon() }

    /// Takes the next bytes of the tar.
    /// - Throws: `ArchiveError` when they are no tar, or cannot be written.
    public func take(_ bytes: [UInt8]) throws {
        try bytes.withUnsafeBytes { bytes in
            // The reader is a value: what it hands over must not find it taken.
            var reader = reader
            defer { self.reader = reader }
            try reader.read(bytes) { part in
                switch part {
                case .entry(let entry): try begin(entry)
                case .content(let bytes):
                    guard let writing else { return }
                    try write(bytes, to: writing)
                case .entryEnd: try end()
                }
            }
        }
    }

    /// Takes the end of the tar.
    /// - Throws: `ArchiveError` when it is not the end.
    public func finish() throws {
        try reader.finish()
        leaveFolders(but: [])
    }

    /// Removes the file that is not whole.
    public func abandon() {
        guard let writing else { return }
        _ = writing.draft.withCString { unlinkat(writing.folder.descriptor, $0, 0) }
        self.writing = nil
    }

    /// Removes all that was made below the folder: only where there was nothing of that name before.
    public func removeAll() {
        abandon()
        parent = nil
        folders = []
        for name in prefix.prefix(1) { Self.remove(name, in: root) }
    }

    private static func remove(_ name: [UInt8], in folder: SystemFile) {
        guard name.withCString({ unlinkat(folder.descriptor, $0, 0) }) != 0 else { return }
        let descriptor = name.withCString {
            openat(folder.descriptor, $0, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        }
        guard descriptor >= 0 else { return }
        let below = SystemFile(descriptor: descriptor, path: folder.path.appending(path: name))
        fchmod(descriptor, 0o700)
        // A stream of names has a descriptor of its own, which it closes.
        guard let names = fdopendir(dup(descriptor)) else { return }
        var all: [[UInt8]] = []
        while let entry = readdir(names) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
            if name != [UInt8(ascii: ".")], name != [UInt8(ascii: "."), UInt8(ascii: ".")] { all.append(name) }
        }
        closedir(names)
        for name in all { remove(name, in: below) }
        _ = name.withCString { unlinkat(folder.descriptor, $0, AT_REMOVEDIR) }
    }

    // MARK: Entries

    private func begin(_ entry: TarEntry) throws {
        do {
            let path = try place(of: entry.name)
            guard let name = path.last else { return }
            let folder = try self.folder(Array(path.dropLast()), makes: true)
            leaveFolders(but: path)
            switch entry.kind {
            case .file: try beginFile(entry, name, folder)
            case .folder: try makeFolder(entry, path, folder)
            case .symbolicLink: try makeLink(entry, name, folder)
            case .hardLink: try makeName(entry, name, folder)
            case .special: throw Refusal("a device or fifo")
            case .sparse: throw Refusal("a file with holes")
            case .unknown(let letter): throw Refusal("of kind \(Character(Unicode.Scalar(letter)))")
            }
        } catch let refusal as Refusal { count.skip(entry.name, refusal.why) }
    }

    /// The parts of a name, below the folder.
    private func place(of name: [UInt8]) throws -> [[UInt8]] {
        let parts = name.split(separator: UInt8(ascii: "/")).map(Array.init).filter { $0 != [UInt8(ascii: ".")] }
        guard !parts.contains([UInt8(ascii: "."), UInt8(ascii: ".")]), !name.contains(0) else {
            throw Refusal("its name leads elsewhere")
        }
        return prefix + parts.dropFirst(stripped)
    }

    /// A folder below the root, reached without following links.
    private func folder(_ path: [[UInt8]], makes: Bool) throws -> SystemFile {
        if let parent, parent.path == path { return parent.file }
        var folder = root
        for (index, name) in path.enumerated() {
            folder = try step(into: name, of: folder, makes: makes)
            // Below one that we have made it may be forbidden to write; it is ours all the same until it is full.
            if index == path.count - 1 { parent = (path, folder) }
        }
        return folder
    }

    private func step(into name: [UInt8], of folder: SystemFile, makes: Bool) throws -> SystemFile {
        let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
        let path = folder.path.appending(path: name)
        var descriptor = name.withCString { openat(folder.descriptor, $0, flags) }
        if descriptor < 0, errno == ENOENT, makes {
            guard name.withCString({ mkdirat(folder.descriptor, $0, 0o755) }) == 0 || errno == EEXIST else {
                throw ArchiveError.system(path)
            }
            descriptor = name.withCString { openat(folder.descriptor, $0, flags) }
        }
        if descriptor < 0 {
            let number = errno
            if let there = status(of: name, in: folder) {
                if there.isLink { throw Refusal("it would be written through the link \(text(path))") }
                if !there.isFolder { throw ArchiveError("\(text(path)): there already, and not a folder") }
            }
            throw ArchiveError.system(path, number)
        }
        return SystemFile(descriptor: descriptor, path: path)
    }

    private func beginFile(_ entry: TarEntry, _ name: [UInt8], _ folder: SystemFile) throws {
        try makeRoom(for: name, in: folder, removes: false)
        let draft = Array(".gantry-\(String(UInt64.random(in: 0 ... .max), radix: 36))".utf8)
        let descriptor = draft.withCString {
            openat(folder.descriptor, $0, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        }
        let path = folder.path.appending(path: name)
        guard descriptor >= 0 else { throw ArchiveError.system(path) }
        let file = SystemFile(descriptor: descriptor, path: path)
        writing = Writing(file: file, folder: folder, entry: entry, draft: draft, name: name)
    }

    private func write(_ bytes: UnsafeRawBufferPointer, to writing: Writing) throws {
        do { try writing.file.write(bytes) } catch {
            abandon()
            throw error
        }
        count.bytes(bytes.count)
    }

    private func end() throws {
        guard let writing else { return }
        fchmod(writing.file.descriptor, mode_t(writing.entry.mode & 0o777))
        let times = Self.times(writing.entry.time)
        futimens(writing.file.descriptor, times)
        let descriptor = writing.folder.descriptor
        let renamed = writing.draft.withCString { draft in
            writing.name.withCString { renameat(descriptor, draft, descriptor, $0) }
        }
        guard renamed == 0 else {
            let error = ArchiveError.system(writing.file.path)
            abandon()
            throw error
        }
        self.writing = nil
        count.file()
    }

    private func makeFolder(_ entry: TarEntry, _ path: [[UInt8]], _ folder: SystemFile) throws {
        guard let name = path.last else { return }
        let mode = mode_t(entry.mode & 0o777)
        if name.withCString({ mkdirat(folder.descriptor, $0, mode | 0o700) }) == 0 {
            folders.append(Folder(path: path, mode: mode, time: entry.time))
            return
        }
        let error = ArchiveError.system(folder.path.appending(path: name))
        guard errno == EEXIST, let there = status(of: name, in: folder) else { throw error }
        if there.isLink { throw Refusal("it would be written through a link of that name") }
        guard there.isFolder else {
            throw ArchiveError("\(text(folder.path.appending(path: name))): there already, and not a folder")
        }
    }

    private func makeLink(_ entry: TarEntry, _ name: [UInt8], _ folder: SystemFile) throws {
        guard !entry.target.isEmpty, !entry.target.contains(0) else { throw Refusal("a link to nowhere") }
        try makeRoom(for: name, in: folder, removes: true)
        let made = entry.target.withCString { target in
            name.withCString { symlinkat(target, folder.descriptor, $0) }
        }
        guard made == 0 else { throw ArchiveError.system(folder.path.appending(path: name)) }
        let times = Self.times(entry.time)
        _ = name.withCString { utimensat(folder.descriptor, $0, times, AT_SYMLINK_NOFOLLOW) }
        count.file()
    }

    private func makeName(_ entry: TarEntry, _ name: [UInt8], _ folder: SystemFile) throws {
        let path = try place(of: entry.target)
        guard let first = path.last, path != (try place(of: entry.name)) else { throw Refusal("a name of itself") }
        let source: SystemFile
        do { source = try self.folder(Array(path.dropLast()), makes: false) } catch is ArchiveError {
            throw Refusal("another name of what is not here")
        }
        guard let there = status(of: first, in: source), !there.isFolder else {
            throw Refusal("another name of what is not here")
        }
        try makeRoom(for: name, in: folder, removes: true)
        let made = first.withCString { first in
            name.withCString { linkat(source.descriptor, first, folder.descriptor, $0, 0) }
        }
        guard made == 0 else { throw ArchiveError.system(folder.path.appending(path: name)) }
        count.file()
    }

    /// What has the name gives way, unless it is a folder.
    private func makeRoom(for name: [UInt8], in folder: SystemFile, removes: Bool) throws {
        guard let there = status(of: name, in: folder) else { return }
        let path = folder.path.appending(path: name)
        guard !there.isFolder else { throw ArchiveError("\(text(path)): there already, and a folder") }
        guard replaces else { throw ArchiveError("\(text(path)): there already") }
        guard removes else { return }
        guard name.withCString({ unlinkat(folder.descriptor, $0, 0) }) == 0 else { throw ArchiveError.system(path) }
    }

    private func status(of name: [UInt8], in folder: SystemFile) -> stat? {
        var status = stat()
        let found = name.withCString { fstatat(folder.descriptor, $0, &status, AT_SYMLINK_NOFOLLOW) }
        return found == 0 ? status : nil
    }

    /// Gives the folders their bits that nothing more is written into.
    private func leaveFolders(but path: [[UInt8]]) {
        while let last = folders.last, !path.starts(with: last.path) {
            folders.removeLast()
            guard let name = last.path.last, let above = try? folder(Array(last.path.dropLast()), makes: false) else {
                continue
            }
            let descriptor = name.withCString {
                openat(above.descriptor, $0, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
            }
            guard descriptor >= 0 else { continue }
            let file = SystemFile(descriptor: descriptor, path: above.path.appending(path: name))
            fchmod(file.descriptor, last.mode)
            let times = Self.times(last.time)
            futimens(file.descriptor, times)
        }
    }

    private static func times(_ seconds: Int) -> [timespec] {
        let time = timespec(tv_sec: seconds, tv_nsec: 0)
        return [time, time]
    }

    private func text(_ path: [UInt8]) -> String { String(decoding: path, as: UTF8.self) }
}
