/// The bytes that stand before an entry's content: ustar, and before it what ustar has no room for, as pax has it.
///
/// Tar is written and read here rather than by a library because none fits: no Swift package for it is to be had, and
/// libarchive brings libxml2 and ICU along, which are larger than the rest of the program.
public enum TarHeader {
    /// The largest number that eleven octal digits hold.
    private static let largestSize = 1 << 33
    private static let largestID = 1 << 21

    /// The headers of an entry.
    public static func bytes(of entry: TarEntry) -> [UInt8] {
        let isFolder = entry.kind == .folder
        let name = entry.name + (isFolder ? [UInt8(ascii: "/")] : [])
        var records: [UInt8] = []
        var header = [UInt8](repeating: 0, count: Tar.block)
        func put(_ bytes: some Collection<UInt8>, at place: Int) {
            header.replaceSubrange(place..<place + bytes.count, with: bytes)
        }
        func put(_ number: Int, at place: Int, digits: Int) {
            let text = String(number, radix: 8)
            put(Array(repeating: UInt8(ascii: "0"), count: max(0, digits - text.utf8.count)) + text.utf8, at: place)
        }

        if let (prefix, rest) = split(name) {
            put(rest, at: 0)
            put(prefix, at: 345)
        } else {
            records += record("path", name)
            put(name.prefix(100), at: 0)
        }
        put(Int(entry.mode & 0o7777), at: 100, digits: 7)
        for (key, value, place) in [("uid", entry.owner, 108), ("gid", entry.group, 116)] {
            let fits = (0..<largestID).contains(value)
            if !fits { records += record(key, Array(String(value).utf8)) }
            put(fits ? value : 0, at: place, digits: 7)
        }
        let size = entry.kind == .file ? entry.size : 0
        if size >= largestSize { records += record("size", Array(String(size).utf8)) }
        put(size < largestSize ? size : 0, at: 124, digits: 11)
        let time = (0..<largestSize).contains(entry.time)
        if !time { records += record("mtime", Array(String(entry.time).utf8)) }
        put(time ? entry.time : 0, at: 136, digits: 11)
        header[156] =
            switch entry.kind {
            case .file: UInt8(ascii: "0")
            case .hardLink: UInt8(ascii: "1")
            case .symbolicLink: UInt8(ascii: "2")
            case .folder: UInt8(ascii: "5")
            case .special: UInt8(ascii: "6")
            case .sparse: UInt8(ascii: "S")
            case .unknown(let letter): letter
            }
        if entry.target.count > 100 || !isASCII(entry.target) {
            records += record("linkpath", entry.target)
            put(entry.target.prefix(100), at: 157)
        } else {
            put(entry.target, at: 157)
        }
        put(Array("ustar\0".utf8) + Array("00".utf8), at: 257)
        seal(&header)
        guard !records.isEmpty else { return header }
        return extended(records) + header
    }

    /// The pax header with its records.
    private static func extended(_ records: [UInt8]) -> [UInt8] {
        var entry = TarEntry(
            name: Array("PaxHeaders/entry".utf8), kind: .file, mode: 0o644, size: records.count)
        entry.time = 0
        var header = bytes(of: entry)
        header[156] = UInt8(ascii: "x")
        seal(&header)
        return header + records + [UInt8](repeating: 0, count: Tar.padding(records.count))
    }

    /// Writes the sum of all bytes, itself taken as blanks.
    private static func seal(_ header: inout [UInt8]) {
        header.replaceSubrange(148..<156, with: repeatElement(UInt8(ascii: " "), count: 8))
        let sum = String(header.reduce(0) { $0 + Int($1) }, radix: 8)
        let digits = Array(repeating: UInt8(ascii: "0"), count: 6 - sum.utf8.count) + sum.utf8
        header.replaceSubrange(148..<156, with: digits + [0, UInt8(ascii: " ")])
    }

    /// A record of pax: its length, which counts its own digits too, key and value.
    static func record(_ key: String, _ value: [UInt8]) -> [UInt8] {
        let rest = [UInt8(ascii: " ")] + key.utf8 + [UInt8(ascii: "=")] + value + [UInt8(ascii: "\n")]
        var length = rest.count + 1
        while String(length).utf8.count + rest.count != length { length = String(length).utf8.count + rest.count }
        return String(length).utf8 + rest
    }

    /// A name in the two fields that ustar has for it; nil when it does not fit, or is not plain ASCII.
    private static func split(_ name: [UInt8]) -> (prefix: ArraySlice<UInt8>, rest: ArraySlice<UInt8>)? {
        guard isASCII(name), name.count <= 256 else { return nil }
        if name.count <= 100 { return ([], name[...]) }
        // As late as possible, but not at a slash that ends the name.
        for place in stride(from: min(155, name.count - 2), through: max(1, name.count - 101), by: -1)
        where name[place] == UInt8(ascii: "/") {
            return (name[..<place], name[(place + 1)...])
        }
        return nil
    }

    private static func isASCII(_ name: [UInt8]) -> Bool { name.allSatisfy { $0 < 0x80 && $0 != 0 } }
}
