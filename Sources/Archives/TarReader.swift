/// Cuts a tar into its entries while its bytes arrive, at whatever places they are cut.
///
/// A plain value without I/O. It reads ustar, pax and what GNU tar adds to it, and holds at most one header.
public struct TarReader: Sendable {
    /// What the bytes are.
    public enum Part {
        /// An entry begins.
        case entry(TarEntry)
        /// A piece of its content.
        case content(UnsafeRawBufferPointer)
        /// All of its content has come.
        case entryEnd
    }

    private enum Phase {
        case header
        /// A header of GNU's sparse files goes on.
        case sparseMap
        /// The content of an entry.
        case content(left: Int, padding: Int)
        /// A header that says more of the next entry.
        case extra(letter: UInt8, left: Int, padding: Int)
        case padding(left: Int)
        case end
    }

    /// What stands in an extra header at most.
    static let extraLimit = 1 << 20

    private var phase = Phase.header
    private var block: [UInt8] = []
    private var extra: [UInt8] = []
    private var next = PaxValues()
    private var all = PaxValues()
    private var pending: TarEntry?
    private var zeroBlocks = 0
    private var count = 0

    /// At the beginning of a tar.
    public init() {}

    /// Bytes that are held now: of a header that is not whole yet.
    public var held: Int { block.count + extra.count }

    /// Whether the end has come that tars have.
    public var isAtEnd: Bool { if case .end = phase { true } else { false } }

    /// Takes the next bytes, and hands over what they are.
    /// - Throws: `ArchiveError` for bytes that are no tar, or whatever `take` throws.
    public mutating func read(_ bytes: UnsafeRawBufferPointer, _ take: (Part) throws -> Void) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            switch phase {
            case .end:
                // What follows is filling.
                return
            case .padding(let left):
                let some = min(left, rest.count)
                rest = rest.dropFirst(some)
                phase = some == left ? .header : .padding(left: left - some)
            case .content(let left, let padding):
                let some = min(left, rest.count)
                if some > 0 { try take(.content(UnsafeRawBufferPointer(rebasing: rest.prefix(some)))) }
                rest = rest.dropFirst(some)
                if some == left {
                    try take(.entryEnd)
                    phase = padding > 0 ? .padding(left: padding) : .header
                } else {
                    phase = .content(left: left - some, padding: padding)
                }
            case .extra(let letter, let left, let padding):
                let some = min(left, rest.count)
                extra += rest.prefix(some)
                rest = rest.dropFirst(some)
                if some == left {
                    try takeExtra(letter)
                    phase = padding > 0 ? .padding(left: padding) : .header
                } else {
                    phase = .extra(letter: letter, left: left - some, padding: padding)
                }
            case .header, .sparseMap:
                let some = min(Tar.block - block.count, rest.count)
                block += rest.prefix(some)
                rest = rest.dropFirst(some)
                if block.count == Tar.block {
                    let whole = block
                    block.removeAll(keepingCapacity: true)
                    if case .sparseMap = phase {
                        // Its last byte but seven says whether another one follows.
                        if whole[504] == 0 { try begin(take) }
                    } else {
                        try takeHeader(whole, take)
                    }
                }
            }
        }
    }

    /// Takes the end of the bytes.
    /// - Throws: `ArchiveError` when it comes in the middle of something.
    public mutating func finish() throws {
        switch phase {
        case .end: return
        // Some leave the end out.
        case .header where block.isEmpty: return
        case .padding: return
        default: throw ArchiveError("the tar ends in the middle of an entry")
        }
    }

    // MARK: Headers

    private mutating func takeHeader(_ header: [UInt8], _ take: (Part) throws -> Void) throws {
        count += 1
        if header.allSatisfy({ $0 == 0 }) {
            zeroBlocks += 1
            if zeroBlocks == 2 { phase = .end }
            return
        }
        zeroBlocks = 0
        guard Self.sumIsRight(header) else {
            throw ArchiveError(count == 1 ? "not a tar" : "the tar is damaged: header \(count) makes no sense")
        }
        let size = try Self.number(header[124..<136])
        guard size >= 0 else { throw ArchiveError("the tar is damaged: a size that is none") }
        let letter = header[156]
        switch letter {
        case UInt8(ascii: "x"), UInt8(ascii: "g"), UInt8(ascii: "L"), UInt8(ascii: "K"):
            guard size <= Self.extraLimit else { throw ArchiveError("the tar is damaged: a name of \(size) bytes") }
            extra = []
            phase = .extra(letter: letter, left: size, padding: Tar.padding(size))
            if size == 0 { try takeExtra(letter); phase = .header }
            return
        default: break
        }
        pending = try entry(header, size: size, letter: letter)
        next = PaxValues()
        if letter == UInt8(ascii: "S"), header[482] != 0 {
            phase = .sparseMap
        } else {
            try begin(take)
        }
    }

    /// An entry's content comes now.
    private mutating func begin(_ take: (Part) throws -> Void) throws {
        guard let entry = pending else { return }
        pending = nil
        try take(.entry(entry))
        if entry.size > 0 {
            phase = .content(left: entry.size, padding: Tar.padding(entry.size))
        } else {
            phase = .header
            try take(.entryEnd)
        }
    }

    private func entry(_ header: [UInt8], size: Int, letter: UInt8) throws -> TarEntry {
        var name = Self.text(header[0..<100])
        // GNU has other things where POSIX has the beginning of a long name.
        if header[257..<263].elementsEqual(Array("ustar\0".utf8)) {
            let prefix = Self.text(header[345..<500])
            if !prefix.isEmpty { name = prefix + [UInt8(ascii: "/")] + name }
        }
        let values = all.merged(with: next)
        name = values.name ?? name
        var kind: TarEntry.Kind =
            switch letter {
            case 0, UInt8(ascii: "0"), UInt8(ascii: "7"): .file
            case UInt8(ascii: "1"): .hardLink
            case UInt8(ascii: "2"): .symbolicLink
            case UInt8(ascii: "3"), UInt8(ascii: "4"), UInt8(ascii: "6"): .special
            case UInt8(ascii: "5"), UInt8(ascii: "D"): .folder
            case UInt8(ascii: "S"): .sparse
            default: .unknown(letter)
            }
        if kind == .file, values.isSparse { kind = .sparse }
        // How folders were written before they had a letter.
        if kind == .file, name.last == UInt8(ascii: "/") { kind = .folder }
        while name.count > 1, name.last == UInt8(ascii: "/") { name.removeLast() }
        // A link has no content, whatever its size says: it is that of the file it leads to.
        let hasContent = letter != UInt8(ascii: "1") && letter != UInt8(ascii: "2")
        return TarEntry(
            name: name, kind: kind, mode: UInt32(truncatingIfNeeded: try Self.number(header[100..<108])) & 0o7777,
            size: hasContent ? values.size ?? size : 0, time: try values.time ?? Self.number(header[136..<148]),
            owner: try values.owner ?? Self.number(header[108..<116]),
            group: try values.group ?? Self.number(header[116..<124]),
            target: values.target ?? Self.text(header[157..<257]))
    }

    private mutating func takeExtra(_ letter: UInt8) throws {
        defer { extra = [] }
        switch letter {
        case UInt8(ascii: "L"): next.name = Array(extra.prefix { $0 != 0 })
        case UInt8(ascii: "K"): next.target = Array(extra.prefix { $0 != 0 })
        case UInt8(ascii: "g"): try all.read(extra)
        default: try next.read(extra)
        }
    }

    // MARK: Fields

    private static func text(_ field: ArraySlice<UInt8>) -> [UInt8] { Array(field.prefix { $0 != 0 }) }

    /// Octal digits with blanks or zeros around, or binary when the first bit says so.
    private static func number(_ field: ArraySlice<UInt8>) throws -> Int {
        guard let first = field.first else { return 0 }
        var value = 0
        if first & 0x80 != 0 {
            // Two's complement without its first bit.
            value = first & 0x40 != 0 ? -1 : 0
            for (index, byte) in field.enumerated() {
                let byte = index == 0 ? (first & 0x40 != 0 ? byte : byte & 0x7F) : byte
                let (shifted, overflow) = value.multipliedReportingOverflow(by: 256)
                guard !overflow else { throw ArchiveError("the tar is damaged: a number too large") }
                value = shifted | Int(byte)
            }
            return value
        }
        for byte in field.drop(while: { $0 == UInt8(ascii: " ") || $0 == 0 }) {
            guard (UInt8(ascii: "0")...UInt8(ascii: "7")).contains(byte) else {
                if byte == 0 || byte == UInt8(ascii: " ") { break }
                throw ArchiveError("the tar is damaged: a number that is none")
            }
            value = value << 3 | Int(byte & 7)
        }
        return value
    }

    /// Some old programs took the bytes as signed.
    private static func sumIsRight(_ header: [UInt8]) -> Bool {
        guard let said = try? number(header[148..<156]) else { return false }
        var (unsigned, signed) = (0, 0)
        for (index, byte) in header.enumerated() {
            let byte = (148..<156).contains(index) ? UInt8(ascii: " ") : byte
            unsigned += Int(byte)
            signed += Int(Int8(bitPattern: byte))
        }
        return said == unsigned || said == signed
    }
}

/// What extra headers say of an entry.
private struct PaxValues: Sendable {
    var name: [UInt8]?
    var target: [UInt8]?
    var size, time, owner, group: Int?
    var isSparse = false

    func merged(with other: PaxValues) -> PaxValues {
        var values = other
        values.name = other.name ?? name
        values.target = other.target ?? target
        values.size = other.size ?? size
        values.time = other.time ?? time
        values.owner = other.owner ?? owner
        values.group = other.group ?? group
        values.isSparse = other.isSparse || isSparse
        return values
    }

    /// Reads records: length, blank, key, equals sign, value, line end.
    mutating func read(_ records: [UInt8]) throws {
        var rest = records[...]
        while let first = rest.first, first != 0 {
            guard let blank = rest.prefix(12).firstIndex(of: UInt8(ascii: " ")),
                let length = Int(String(decoding: rest[..<blank], as: UTF8.self)),
                length > blank - rest.startIndex, length <= rest.count
            else { throw ArchiveError("the tar is damaged: an extra header makes no sense") }
            let record = rest[(blank + 1)..<(rest.startIndex + length)]
            rest = rest.dropFirst(length)
            guard let equals = record.firstIndex(of: UInt8(ascii: "=")), record.last == UInt8(ascii: "\n") else {
                throw ArchiveError("the tar is damaged: an extra header makes no sense")
            }
            let value = Array(record[(equals + 1)...].dropLast())
            // Seconds may have a fraction.
            let number = Int(String(decoding: value.prefix { $0 != UInt8(ascii: ".") }, as: UTF8.self))
            switch String(decoding: record[..<equals], as: UTF8.self) {
            case "path": name = value
            case "linkpath": target = value
            case "size":
                guard let number, number >= 0 else { throw ArchiveError("the tar is damaged: a size that is none") }
                size = number
            case "mtime": time = number
            case "uid": owner = number
            case "gid": group = number
            case let key where key.hasPrefix("GNU.sparse."): isSparse = true
            default: break
            }
        }
    }
}
