/// A file of a simulated container.
struct DemoFile: Sendable {
    enum Kind: Hashable, Sendable { case file, folder, link(String) }

    var kind: Kind
    /// What is kept of it: all, or nothing where it is large.
    var data: [UInt8] = []
    var size: Int
    var mode: Int
    var time: Nanoseconds

    var isFile: Bool { kind == .file }
    var isFolder: Bool { kind == .folder }

    init(_ data: [UInt8], time: Nanoseconds, mode: Int = 0o644) {
        kind = .file
        self.data = data
        size = data.count
        self.mode = mode
        self.time = time
    }

    /// A file whose contents nobody kept.
    init(size: Int, time: Nanoseconds, mode: Int = 0o644) {
        kind = .file
        self.size = size
        self.mode = mode
        self.time = time
    }

    static func folder(_ time: Nanoseconds, mode: Int = 0o755) -> DemoFile {
        var folder = DemoFile(size: 4096, time: time, mode: mode)
        folder.kind = .folder
        return folder
    }

    static func link(_ target: String, _ time: Nanoseconds) -> DemoFile {
        var link = DemoFile(size: target.utf8.count, time: time, mode: 0o777)
        link.kind = .link(target)
        return link
    }

    /// `-rw-r--r--`
    var permissions: String {
        var text =
            switch kind {
            case .file: "-"
            case .folder: "d"
            case .link: "l"
            }
        for (index, letter) in "rwxrwxrwx".enumerated() { text += mode & (0o400 >> index) != 0 ? String(letter) : "-" }
        return text
    }
}

/// What was written to, changed in or removed from the files of containers. Bounded: of what is too much only the size
/// stays, and what comes after many files is let go.
struct DemoOverlay: Sendable {
    /// Files that are noted of one container.
    static let filesKept = 512
    /// Bytes of contents of all containers.
    static let bytesKept = 8 << 20

    /// nil is removed.
    private(set) var files: [String: DemoFile?] = [:]

    /// - Returns: by how many bytes what is kept has grown.
    mutating func set(_ path: String, _ file: DemoFile?, room: Int) -> Int {
        let before = files[path].flatMap { $0?.data.count } ?? 0
        guard files[path] != nil || files.count < Self.filesKept else { return 0 }
        var file = file
        if let count = file?.data.count, count > min(TarScanner.fileKept, room + before) { file?.data = [] }
        files[path] = .some(file)
        return (file?.data.count ?? 0) - before
    }

    /// Forgets a path, so that what the image has there shows again.
    mutating func forget(_ path: String) -> Int {
        let before = files[path].flatMap { $0?.data.count } ?? 0
        files[path] = nil
        return -before
    }

    var bytes: Int { files.values.reduce(0) { $0 + ($1?.data.count ?? 0) } }
    /// The size of what is in it, kept or not.
    var size: Int { files.values.reduce(0) { $0 + ($1.map { $0.isFile ? $0.size : 0 } ?? 0) } }
}
