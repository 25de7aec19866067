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

    private enum Place: Sendable {
        case header
        /// Bytes of an entry, then its padding.
        case contents(left: Int, padding: Int, keeps: Bool)
        case over
    }

    private let wants: @Sendable (String) -> Bool
    private(set) var entries: [Entry] = []
    /// Bytes that came.
    private(set) var total = 0
    /// Bytes of the files in it.
    private(set) var contents = 0
    /// Whether more entries came than are kept.
    private(set) var isCut = false
    /// Whether what came is a tar: one that ends in the middle of a header is none.
    var isTar: Bool { looksRight && header.isEmpty }
    private var looksRight = true
    /// Whether it is a compressed one, of which nothing is known.
    private(set) var isCompressed = false
    private var place = Place.header
    private var header: [UInt8] = []
    /// The contents of the current entry, as far as they are kept.
    private var kept: [UInt8] = []
    private var keptInAll = 0
    private var current: Entry?
    /// From an entry that has nothing but the name of the next.
    private var longName: String?
    private var currentType: UInt8 = 0

    /// - Parameter wants: which files' contents are kept, by name.
    init(wants: @escaping @Sendable (String) -> Bool) { self.wants = wants }

    func entry(_ name: String) -> Entry? { entries.first { $0.name == name } }

    mutating func take(_ bytes: some Collection<UInt8>) {
        if total == 0, bytes.starts(with: [0x1F, 0x8B]) {
            isCompressed = true
            place = .over
        }
        total += bytes.count
        var rest = bytes[...]
        while !rest.isEmpty {
            switch place {
            case .over: return
            case .header:
                let part = rest.prefix(512 - header.count)
                header += part
                rest = rest.dropFirst(part.count)
                guard header.count == 512 else { return }
                begin()
                header.removeAll(keepingCapacity: true)
            case .contents(let left, let padding, let keeps):
                let part = rest.prefix(left + padding)
                if keeps { kept += part.prefix(left) }
                rest = rest.dropFirst(part.count)
                let more = left + padding - part.count
                let leftNow = max(0, left - part.count)
                place = .contents(left: leftNow, padding: more - leftNow, keeps: keeps)
                if more == 0 { finish() }
            }
        }
    }

    private mutating func begin() {
        guard header.contains(where: { $0 != 0 }) else {
            place = .over
            return
        }
        guard sumIsRight, let size = Self.number(header[124..<136]), let mode = Self.number(header[100..<108]) else {
            looksRight = !entries.isEmpty
            place = .over
            return
        }
        currentType = header[156]
        let ustar = header[257..<262].elementsEqual("ustar".utf8)
        let prefix = ustar && header[345] != 0 && header[263] == 0x30 ? Self.text(header[345..<500]) + "/" : ""
        let name = longName ?? prefix + Self.text(header[0..<100])
        let linked = Self.text(header[157..<257])
        let kind: Entry.Kind =
            switch currentType {
            case UInt8(ascii: "5"): .folder
            case UInt8(ascii: "1"), UInt8(ascii: "2"): .link(linked)
            default: .file
            }
        current = Entry(name: Self.plain(name), kind: kind, size: size, mode: mode & 0o7777)
        kept = []
        let isName = isNameOnly
        let keeps =
            isName ? size <= 8192 : size <= Self.fileKept && keptInAll + size <= Self.bytesKept && wants(current!.name)
        place = .contents(left: size, padding: (512 - size % 512) % 512, keeps: keeps)
        if size == 0 { finish() }
    }

    /// Whether it tells of the next entry only: GNU's long names, and what POSIX puts before an entry.
    private var isNameOnly: Bool { "LKxg".utf8.contains(currentType) }

    private mutating func finish() {
        guard case .contents(_, _, let keeps) = place, var entry = current else { return }
        place = .header
        defer { current = nil }
        guard !isNameOnly else {
            if currentType == UInt8(ascii: "L") { longName = Self.text(kept[...]) }
            if currentType == UInt8(ascii: "x") { longName = Self.path(inRecords: kept) ?? longName }
            return
        }
        longName = nil
        if case .file = entry.kind {
            contents += entry.size
            if keeps {
                entry.data = kept
                keptInAll += kept.count
            }
        }
        kept = []
        guard entries.count < Self.entriesKept, entry.name.utf8.count <= 512 else {
            isCut = true
            return
        }
        entries.append(entry)
    }

    private var sumIsRight: Bool {
        guard let told = Self.number(header[148..<156]) else { return false }
        let sum = header.enumerated().reduce(0) { $0 + ((148..<156).contains($1.offset) ? 32 : Int($1.element)) }
        return sum == told
    }

    /// An octal number, or a large one in base 256.
    private static func number(_ field: ArraySlice<UInt8>) -> Int? {
        if let first = field.first, first & 0x80 != 0 {
            let bytes = field.dropFirst()
            guard bytes.prefix(bytes.count - 7).allSatisfy({ $0 == 0 }) else { return nil }
            return bytes.suffix(7).reduce(0) { $0 << 8 | Int($1) }
        }
        let digits = field.drop { $0 == 0x20 }.prefix { (0x30...0x37).contains($0) }
        return digits.count > 12 ? nil : digits.reduce(0) { $0 * 8 + Int($1 - 0x30) }
    }

    private static func text(_ field: ArraySlice<UInt8>) -> String {
        String(decoding: field.prefix { $0 != 0 }, as: UTF8.self)
    }

    /// `12 path=name\n` among the records of a header of POSIX.
    private static func path(inRecords bytes: [UInt8]) -> String? {
        for record in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
            guard let range = record.firstRange(of: " path=") else { continue }
            return String(record[range.upperBound...])
        }
        return nil
    }

    /// `./a/b/` is `a/b`.
    static func plain(_ name: String) -> String {
        name.split(separator: "/").filter { $0 != "." }.joined(separator: "/")
    }
}
