#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// What an image is built from: a folder as a tar, without what its `.dockerignore` leaves out.
public struct BuildContext: Sendable {
    /// The Dockerfile's name within the tar.
    public let dockerfile: String
    /// The file whose rules hold; nil when there is none.
    public let ignoreFile: String?
    /// What is sent.
    public let tar: TreeTar

    /// A `.dockerignore` or a Dockerfile has no more bytes.
    private static let largest = 4 << 20

    /// Looks at a folder; its content is read when it is sent.
    /// - Parameter dockerfile: a path, within the folder unless it is absolute; nil is `Dockerfile`.
    /// - Throws: `ArchiveError` that says what is not there, or cannot be.
    public init(folder: String, dockerfile: String? = nil, count: TransferCount = TransferCount()) throws {
        guard let root = Self.real(folder) else { throw ArchiveError.system(folder) }
        var status = stat()
        guard stat(folder, &status) == 0 else { throw ArchiveError.system(folder) }
        guard status.isFolder else { throw ArchiveError("\(folder): not a folder") }

        let given = Self.found(dockerfile, in: folder)
        guard stat(given, &status) == 0 else { throw ArchiveError.system(given) }
        guard !status.isFolder else { throw ArchiveError("\(given): a folder, not a Dockerfile") }
        // Where its name stands, not where a link of that name leads: the Engine follows it there.
        let parent = given.lastIndex(of: "/").map { String(given[..<$0]) } ?? "."
        guard let realParent = Self.real(parent.isEmpty ? "/" : parent) else { throw ArchiveError.system(given) }
        let base = String(given[(given.lastIndex(of: "/").map { given.index(after: $0) } ?? given.startIndex)...])
        let whole = realParent == "/" ? "/" + base : realParent + "/" + base
        let inside = root == "/" ? "/" : root + "/"
        let name = whole.hasPrefix(inside) ? String(whole.dropFirst(inside.count)) : nil

        var rules = IgnoreRules()
        let (own, common) = (given + ".dockerignore", root + "/.dockerignore")
        var ignoreFile: String?
        for path in [own, common] where access(path, F_OK) == 0 {
            let text = String(decoding: try Self.content(of: path), as: UTF8.self)
            do { rules = try IgnoreRules(text) } catch { throw ArchiveError("\(path): \(error.message)") }
            ignoreFile = path
            break
        }
        self.ignoreFile = ignoreFile

        var source = TreeTar.Source(path: Array(root.utf8))
        // The Engine takes the Dockerfile out by itself where a `.dockerignore` says so, and needs both for that. Only
        // that one file it knows: for what another one leaves out, the Dockerfile goes by another name.
        if let name, ignoreFile != own || !rules.ignores(name) {
            self.dockerfile = name
            if rules.ignores(name) { rules.keep(Array(name.utf8)) }
            if ignoreFile == common, rules.ignores(".dockerignore") { rules.keep(Array(".dockerignore".utf8)) }
        } else {
            let unique = ".dockerfile.\(String(UInt64.random(in: 0 ... .max), radix: 16))"
            self.dockerfile = unique
            var ignored = "\(unique)\n"
            if access(common, F_OK) == 0, ignoreFile == common || !rules.ignores(".dockerignore") {
                ignored = String(decoding: try Self.content(of: common), as: UTF8.self) + "\n" + ignored
            } else {
                ignored = ".dockerignore\n" + ignored
            }
            source.made = [
                TreeTar.MadeFile(name: Array(".dockerignore".utf8), content: Array(ignored.utf8)),
                TreeTar.MadeFile(name: Array(unique.utf8), content: try Self.content(of: given)),
            ]
        }
        source.rules = rules
        tar = TreeTar(source, count: count)
    }

    /// Where the Dockerfile is; without a name one in small letters counts too, where there is no other.
    private static func found(_ dockerfile: String?, in folder: String) -> String {
        let inside = folder.hasSuffix("/") ? folder : folder + "/"
        guard let dockerfile, !dockerfile.isEmpty else {
            let (usual, small) = (inside + "Dockerfile", inside + "dockerfile")
            return access(usual, F_OK) != 0 && access(small, F_OK) == 0 ? small : usual
        }
        return dockerfile.hasPrefix("/") ? dockerfile : inside + dockerfile
    }

    private static func real(_ path: String) -> String? {
        guard let name = realpath(path, nil) else { return nil }
        defer { free(name) }
        return String(cString: name)
    }

    /// All of a small file.
    private static func content(of path: String) throws(ArchiveError) -> [UInt8] {
        let descriptor = SystemFile.retrying { open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK) }
        guard descriptor >= 0 else { throw ArchiveError.system(path) }
        let file = SystemFile(descriptor: descriptor, path: Array(path.utf8))
        do {
            guard try file.status().isFile else { throw ArchiveError("\(path): not a file") }
            var content: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: 64 << 10)
            while true {
                let count = try buffer.withUnsafeMutableBytes { try file.read($0) }
                if count == 0 { return content }
                content += buffer[..<count]
                guard content.count <= largest else { throw ArchiveError("\(path): too large for what it is") }
            }
        } catch let error as ArchiveError { throw error } catch { throw ArchiveError("\(path): \(error)") }
    }
}
