import Archives

/// Entries of the demo's tars.
enum DemoTar {
    /// The header of an entry.
    static func header(_ name: String, _ file: DemoFile) -> [UInt8] {
        var entry = TarEntry(
            name: Array(name.utf8), kind: .file, mode: UInt32(file.mode), size: file.size,
            time: Int(file.time / .second))
        switch file.kind {
        case .file: break
        case .folder: entry.kind = .folder
        case .link(let target):
            entry.kind = .symbolicLink
            entry.target = Array(target.utf8)
        }
        return TarHeader.bytes(of: entry)
    }

    /// A whole small file, padded.
    static func entry(_ name: String, _ text: some Sequence<UInt8>, at time: Nanoseconds) -> [UInt8] {
        let file = DemoFile(Array(text), time: time)
        return header(name, file) + file.data + [UInt8](repeating: 0, count: Tar.padding(file.size))
    }

    static let end = Tar.end
}

/// A tar in pieces.
struct TarStream: DemoStream {
    private var entries: ArraySlice<(name: String, file: DemoFile)>
    /// Bytes of a file that nobody kept: they read as zeros.
    private var zeros = 0

    init(_ entries: [(name: String, file: DemoFile)]) { self.entries = entries[...] }

    mutating func next(_ host: inout DemoHost) -> DemoPiece {
        var piece = DemoPiece(again: host.now)
        while piece.bytes.count < 32 << 10 {
            if zeros > 0 {
                let count = min(zeros, 32 << 10)
                piece.bytes += [UInt8](repeating: 0, count: count)
                zeros -= count
                continue
            }
            guard let (name, file) = entries.popFirst() else {
                piece.bytes += Tar.end
                piece.again = nil
                return piece
            }
            piece.bytes += DemoTar.header(name, file)
            guard file.isFile else { continue }
            piece.bytes += file.data
            zeros = file.size - file.data.count + Tar.padding(file.size)
        }
        return piece
    }
}
