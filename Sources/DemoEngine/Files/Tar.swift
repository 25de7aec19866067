/// Writes the entries of a tar.
enum Tar {
    /// The header of an entry, with one of its own before it when its name is long.
    static func header(_ name: String, _ file: DemoFile) -> [UInt8] {
        var bytes: [UInt8] = []
        var name = Array(name.utf8)
        if case .folder = file.kind { name.append(UInt8(ascii: "/")) }
        if name.count > 100 {
            bytes += block("././@LongLink".utf8, size: name.count + 1, mode: 0, time: 0, type: "L", link: "")
            bytes += name + [UInt8](repeating: 0, count: 512 - name.count % 512)
        }
        let (type, link): (Character, String) =
            switch file.kind {
            case .file: ("0", "")
            case .folder: ("5", "")
            case .link(let target): ("2", target)
            }
        bytes += block(
            name.prefix(100), size: file.isFile ? file.size : 0, mode: file.mode, time: Int(file.time / .second),
            type: type, link: link)
        return bytes
    }

    /// A whole small file, padded.
    static func entry(_ name: String, _ text: some Sequence<UInt8>, at time: Nanoseconds) -> [UInt8] {
        let file = DemoFile(Array(text), time: time)
        return header(name, file) + file.data + padding(file.size)
    }

    static func padding(_ size: Int) -> [UInt8] { [UInt8](repeating: 0, count: (512 - size % 512) % 512) }

    /// The end of a tar.
    static let end = [UInt8](repeating: 0, count: 1024)

    private static func block(
        _ name: some Collection<UInt8>, size: Int, mode: Int, time: Int, type: Character, link: String
    ) -> [UInt8] {
        var block = [UInt8](repeating: 0, count: 512)
        func put(_ bytes: some Sequence<UInt8>, at place: Int, _ room: Int) {
            for (index, byte) in bytes.prefix(room).enumerated() { block[place + index] = byte }
        }
        func put(_ number: Int, at place: Int, _ digits: Int) {
            let text = String(max(0, number), radix: 8)
            put((String(repeating: "0", count: max(0, digits - text.count)) + text).utf8, at: place, digits)
        }
        put(name, at: 0, 100)
        put(mode, at: 100, 7)
        put(0, at: 108, 7)
        put(0, at: 116, 7)
        put(size, at: 124, 11)
        put(time, at: 136, 11)
        put([UInt8](repeating: 0x20, count: 8), at: 148, 8)
        put(String(type).utf8, at: 156, 1)
        put(link.utf8, at: 157, 100)
        put("ustar\u{0}00".utf8, at: 257, 8)
        put("root".utf8, at: 265, 32)
        put("root".utf8, at: 297, 32)
        put(block.reduce(0) { $0 + Int($1) }, at: 148, 6)
        block[154] = 0
        return block
    }
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
            piece.bytes += Tar.header(name, file)
            guard file.isFile else { continue }
            piece.bytes += file.data
            zeros = file.size - file.data.count + (512 - file.size % 512) % 512
        }
        return piece
    }
}
