#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// An open file of this machine; it is closed when nobody has it any more.
final class SystemFile: Sendable {
    let descriptor: Int32
    /// For messages.
    let path: [UInt8]

    init(descriptor: Int32, path: [UInt8]) {
        self.descriptor = descriptor
        self.path = path
    }

    deinit { close(descriptor) }

    /// Opens a file to read it. A fifo that took its place meanwhile does not hold us up.
    static func reading(_ path: [UInt8]) throws -> SystemFile {
        let descriptor = path.withCString { name in
            retrying { open(name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW) }
        }
        guard descriptor >= 0 else { throw ArchiveError.system(path) }
        return SystemFile(descriptor: descriptor, path: path)
    }

    func status() throws -> stat {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw ArchiveError.system(path) }
        return status
    }

    /// Reads once; nothing at the end.
    func read(_ buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        let count = Self.retrying { Self.readOnce(descriptor, buffer) }
        guard count >= 0 else { throw ArchiveError.system(path) }
        return count
    }

    private static func readOnce(_ descriptor: Int32, _ buffer: UnsafeMutableRawBufferPointer) -> Int {
        #if canImport(Glibc)
            Glibc.read(descriptor, buffer.baseAddress, buffer.count)
        #else
            Musl.read(descriptor, buffer.baseAddress, buffer.count)
        #endif
    }

    /// Writes all.
    func write(_ bytes: UnsafeRawBufferPointer) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = Self.retrying { [rest] in
                Self.writeOnce(descriptor, UnsafeRawBufferPointer(rebasing: rest))
            }
            guard count > 0 else { throw ArchiveError.system(path) }
            rest = rest.dropFirst(count)
        }
    }

    private static func writeOnce(_ descriptor: Int32, _ buffer: UnsafeRawBufferPointer) -> Int {
        #if canImport(Glibc)
            Glibc.write(descriptor, buffer.baseAddress, buffer.count)
        #else
            Musl.write(descriptor, buffer.baseAddress, buffer.count)
        #endif
    }

    static func retrying<Result: SignedInteger>(_ call: () -> Result) -> Result {
        while true {
            let result = call()
            if result != -1 || errno != EINTR { return result }
        }
    }
}

extension SystemFile {
    /// Removes what has a name in this folder, with all that is in it; links are removed, not followed.
    func removeAll(_ name: [UInt8]) {
        guard name.withCString({ unlinkat(descriptor, $0, 0) }) != 0 else { return }
        let opened = name.withCString { openat(descriptor, $0, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) }
        guard opened >= 0 else { return }
        let below = SystemFile(descriptor: opened, path: path.appending(path: name))
        fchmod(opened, 0o700)
        // A stream of names has a descriptor of its own, which it closes.
        guard let names = fdopendir(dup(opened)) else { return }
        var all: [[UInt8]] = []
        while let entry = readdir(names) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
            if name != [UInt8(ascii: ".")], name != [UInt8(ascii: "."), UInt8(ascii: ".")] { all.append(name) }
        }
        closedir(names)
        for name in all { below.removeAll(name) }
        _ = name.withCString { unlinkat(descriptor, $0, AT_REMOVEDIR) }
    }
}

extension Array<UInt8> {
    /// The bytes as the system takes names.
    func withCString<Result>(_ body: (UnsafePointer<CChar>) throws -> Result) rethrows -> Result {
        try (self + [0]).withUnsafeBufferPointer { buffer in
            try buffer.withMemoryRebound(to: CChar.self) { text in
                // It holds the zero at least.
                guard let start = text.baseAddress else { preconditionFailure("an empty buffer") }
                return try body(start)
            }
        }
    }

    /// A name below this one.
    func appending(path name: [UInt8]) -> [UInt8] {
        if isEmpty { return name }
        return last == UInt8(ascii: "/") ? self + name : self + [UInt8(ascii: "/")] + name
    }
}

extension stat {
    var kind: mode_t { st_mode & S_IFMT }
    var isFolder: Bool { kind == S_IFDIR }
    var isFile: Bool { kind == S_IFREG }
    var isLink: Bool { kind == S_IFLNK }

    /// What is there, without following a link; nil when nothing is.
    static func of(_ path: [UInt8]) throws -> stat? {
        var status = stat()
        if path.withCString({ lstat($0, &status) }) == 0 { return status }
        if errno == ENOENT { return nil }
        throw ArchiveError.system(path)
    }
}
