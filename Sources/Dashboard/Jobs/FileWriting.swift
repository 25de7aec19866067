import EngineAPI
import Glibc
import Terminal

/// A file on this machine that bytes are written to as they come. It has its name only when it is whole: until then it
/// ends in `.part`, and what is given up is removed.
struct FileWriting {
    private let descriptor: Int32
    private let path: String
    private let partPath: String
    private(set) var count = 0

    /// Opens it.
    /// - Throws: ``JobError`` when there is such a file and it is not to be replaced, or it cannot be made.
    init(_ path: String, replaces: Bool) throws {
        let path = Self.absolute(path)
        self.path = path
        // A name that is taken is found before the Engine is asked for anything.
        if !replaces, access(path, F_OK) == 0 { throw FileIsThere(path: path) }
        // A name that nobody else has: what is there already is somebody's.
        partPath = "\(path).\(getpid()).part"
        descriptor = Glibc.open(partPath, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw JobError("\(path) cannot be written: \(Self.reason(errno))") }
    }

    /// One that is open already, under a name that it does not keep.
    init(_ descriptor: Int32, to path: String, under partPath: String) {
        self.descriptor = descriptor
        self.path = path
        self.partPath = partPath
    }

    mutating func write(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { throw JobError("\(path) cannot be written: \(Self.reason(errno))") }
            rest = rest.dropFirst(written)
            count += written
        }
    }

    /// Gives it its name; whatever comes of it, it is closed then.
    func finish() throws {
        // A disk that is full may say so only now.
        guard Glibc.close(descriptor) == 0, rename(partPath, path) == 0 else {
            let reason = Self.reason(errno)
            unlink(partPath)
            throw JobError("\(path) cannot be written: \(reason)")
        }
    }

    /// Removes what was written.
    func abandon() {
        Glibc.close(descriptor)
        unlink(partPath)
    }

    /// `~` is the person's home.
    static func absolute(_ path: String) -> String {
        guard path == "~" || path.hasPrefix("~/"), let home = getenv("HOME") else { return path }
        return String(cString: home) + path.dropFirst()
    }

    static func reason(_ code: Int32) -> String { String(cString: strerror(code)).lowercasingFirst }
}

/// The file that a job is to write is there already.
struct FileIsThere: Error {
    let path: String
}

extension String {
    /// `no space left on device`: as a reason stands behind a colon.
    fileprivate var lowercasingFirst: String { prefix(1).lowercased() + dropFirst() }
}
