#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Goes through all that is below a folder, in the order of names, folders before what is in them.
///
/// It holds the names of the folders that it stands in, and nothing else.
struct FolderWalk {
    struct Item {
        /// Below the folder.
        let name: [UInt8]
        let status: stat
    }

    private struct Level {
        let name: [UInt8]
        /// What is still to come, the next one last.
        var names: [[UInt8]]
        /// The folder itself, when it is sent only if something in it is.
        var unsent: Item?
        /// Which rules are about all that is in it.
        let matches: IgnoreRules.Matches
    }

    private let root: [UInt8]
    private let rules: IgnoreRules
    private var levels: [Level] = []
    private var ready: [Item] = []

    init(_ root: [UInt8], ignoring rules: IgnoreRules = IgnoreRules()) throws {
        self.root = root
        self.rules = rules
        levels = [Level(name: [], names: try Self.names(in: root), matches: rules.none)]
    }

    /// The next one; nil at the end.
    /// - Throws: `ArchiveError` with the name of what cannot be read.
    mutating func next() throws -> Item? {
        while ready.isEmpty {
            guard var level = levels.popLast() else { return nil }
            guard let last = level.names.popLast() else { continue }
            levels.append(level)
            let name = level.name.appending(path: last)
            // Gone since the folder was read: as if it had never been there.
            guard let status = try stat.of(root.appending(path: name)) else { continue }
            let item = Item(name: name, status: status)
            let (ignored, matches) = rules.judge(name, in: level.matches)
            if !ignored {
                for index in levels.indices {
                    if let folder = levels[index].unsent { ready.append(folder) }
                    levels[index].unsent = nil
                }
                ready.append(item)
            }
            if status.isFolder, !ignored || rules.mayKeepSomething(in: name) {
                levels.append(
                    Level(
                        name: name, names: try Self.names(in: root.appending(path: name)),
                        unsent: ignored ? item : nil, matches: matches))
            }
        }
        return ready.removeFirst()
    }

    /// The names in a folder, the last one first.
    private static func names(in path: [UInt8]) throws -> [[UInt8]] {
        guard let folder = path.withCString({ opendir($0) }) else {
            if errno == ENOENT { return [] }
            throw ArchiveError.system(path)
        }
        defer { closedir(folder) }
        var names: [[UInt8]] = []
        while true {
            errno = 0
            guard let entry = readdir(folder) else { break }
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
            if name != [UInt8(ascii: ".")], name != [UInt8(ascii: "."), UInt8(ascii: ".")] { names.append(name) }
        }
        guard errno == 0 else { throw ArchiveError.system(path) }
        return names.sorted { $1.lexicographicallyPrecedes($0) }
    }
}
