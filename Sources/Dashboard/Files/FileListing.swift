import Archives
import FoundationEssentials

/// A name in a folder of a container.
struct ContainerFile: Hashable, Sendable {
    enum Kind: Hashable, Sendable {
        case folder, file, link, special
    }

    let name: String
    var kind: Kind
    var mode: UInt32 = 0
    var size = 0
    /// When it was last changed, in seconds since 1970.
    var modified = 0
    /// Where a link leads; empty when that is not known.
    var target = ""
}

/// What is in a folder of a container, folders first.
struct FileListing: Hashable, Sendable {
    /// How it was found out.
    enum Way: Hashable, Sendable {
        /// By running `find` in the container.
        case exec
        /// By reading an archive of the folder, with all that is in it.
        case archive
    }

    var files: [ContainerFile]
    var way: Way
    /// Why it is not all; nil when it is.
    var cut: String?

    init(_ files: [ContainerFile], way: Way, cut: String? = nil) {
        self.files = files.sorted {
            ($0.kind == .folder ? 0 : 1, $0.name) < ($1.kind == .folder ? 0 : 1, $1.name)
        }
        self.way = way
        self.cut = cut
    }
}

/// Absolute paths in a container.
enum ContainerPath {
    /// Without `.`, `..` and slashes that say nothing.
    static func clean(_ path: String) -> String {
        var parts: [Substring] = []
        for part in path.split(separator: "/") {
            switch part {
            case ".": continue
            case "..": _ = parts.popLast()
            default: parts.append(part)
            }
        }
        return "/" + parts.joined(separator: "/")
    }

    static func joined(_ folder: String, _ name: String) -> String { folder == "/" ? "/" + name : "\(folder)/\(name)" }

    /// The folder that it is in; the root is in itself.
    static func parent(_ path: String) -> String { clean(path + "/..") }

    static func name(_ path: String) -> String { String(path.split(separator: "/").last ?? "/") }
}

/// Reads what `find … -exec stat …` prints, at whatever places it is cut.
struct FoundFiles {
    /// What `stat` is asked for, between marks that no name has: its bits, size and time, its name, its name with where
    /// it leads.
    static let format = "\u{1}%f %s %Y\u{2}%n\u{2}%N\u{3}"
    /// A record that is longer is none.
    private static let longest = 32 << 10

    private let folder: [UInt8]
    private var record: [UInt8] = []
    private var isInRecord = false
    private var outside: [UInt8] = []
    private(set) var files: [ContainerFile] = []
    /// Whether the folder itself was among them.
    private(set) var hasFolder = false

    /// - Parameter folder: the path that `find` was given.
    init(in folder: String) { self.folder = Array(folder.utf8) }

    /// What else was printed: what went wrong.
    var complaint: String { String(decoding: outside, as: UTF8.self) }

    mutating func take(_ bytes: [UInt8]) {
        for byte in bytes {
            switch byte {
            case 1:
                record = []
                isInRecord = true
            case 3 where isInRecord:
                isInRecord = false
                takeRecord()
            default:
                if isInRecord {
                    if record.count < Self.longest { record.append(byte) }
                } else if outside.count < 4096 {
                    outside.append(byte)
                }
            }
        }
    }

    private mutating func takeRecord() {
        let parts = record.split(separator: 2, maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3 else { return }
        let figures = String(decoding: parts[0], as: UTF8.self).split(separator: " ")
        guard figures.count == 3, let bits = UInt32(figures[0], radix: 16), let size = Int(figures[1]),
            let time = Int(figures[2])
        else { return }
        if Array(parts[1]) == folder {
            hasFolder = true
            return
        }
        guard parts[1].starts(with: folder) else { return }
        let name = parts[1].dropFirst(folder.count)
        var file = ContainerFile(
            name: String(decoding: name, as: UTF8.self), kind: Self.kind(bits), mode: bits & 0o7777, size: size,
            modified: time)
        if file.kind == .link {
            // Some put the names into quotes.
            let quote: [UInt8] = parts[2].first == UInt8(ascii: "'") ? [UInt8(ascii: "'")] : []
            let before = quote + parts[1] + quote + Array(" -> ".utf8) + quote
            if parts[2].starts(with: before) {
                file.target = String(decoding: parts[2].dropFirst(before.count).dropLast(quote.count), as: UTF8.self)
            }
        }
        files.append(file)
    }

    private static func kind(_ bits: UInt32) -> ContainerFile.Kind {
        switch bits & 0xF000 {
        case 0x4000: .folder
        case 0x8000: .file
        case 0xA000: .link
        default: .special
        }
    }
}

/// Takes what is directly in a folder out of an archive of it.
struct ArchivedFiles {
    private var reader = TarReader()
    private(set) var files: [ContainerFile] = []
    private var names: Set<String> = []

    mutating func take(_ bytes: [UInt8]) throws {
        var found: [TarEntry] = []
        try bytes.withUnsafeBytes { bytes in
            try reader.read(bytes) { if case .entry(let entry) = $0 { found.append(entry) } }
        }
        for entry in found { take(entry) }
    }

    private mutating func take(_ entry: TarEntry) {
        let parts = entry.name.split(separator: UInt8(ascii: "/")).filter { $0 != [UInt8(ascii: ".")] }
        guard let first = parts.first else { return }
        let name = String(decoding: first, as: UTF8.self)
        guard parts.count == 1 || !names.contains(name) else { return }
        names.insert(name)
        // What lies deeper tells that there is a folder.
        guard parts.count == 1 else { return files.append(ContainerFile(name: name, kind: .folder)) }
        let kind: ContainerFile.Kind =
            switch entry.kind {
            case .folder: .folder
            case .file, .hardLink, .sparse: .file
            case .symbolicLink: .link
            case .special, .unknown: .special
            }
        files.append(
            ContainerFile(
                name: name, kind: kind, mode: entry.mode, size: entry.size, modified: entry.time,
                target: String(decoding: entry.target, as: UTF8.self)))
    }
}
