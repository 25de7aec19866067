import Glibc

/// Files that Gantry has for one person, where the XDG rules put them.
public enum PersonalFile {
    /// What the person wrote: `$XDG_CONFIG_HOME/gantry/config.yaml`. Nil for somebody without a home.
    public static var settings: String? { folder("XDG_CONFIG_HOME", orAtHome: ".config").map { $0 + "/config.yaml" } }

    /// The folder of the person's own themes: `$XDG_CONFIG_HOME/gantry/themes`.
    static var themes: String? { folder("XDG_CONFIG_HOME", orAtHome: ".config").map { $0 + "/themes" } }

    /// What Gantry remembers: `$XDG_STATE_HOME/gantry/state.json`.
    public static var state: String? { folder("XDG_STATE_HOME", orAtHome: ".local/state").map { $0 + "/state.json" } }

    private static func folder(_ variable: String, orAtHome name: String) -> String? {
        func value(_ variable: String) -> String? { getenv(variable).map { String(cString: $0) } }
        // The rules have relative ones ignored.
        if let folder = value(variable), folder.hasPrefix("/") { return folder + "/gantry" }
        guard let home = value("HOME"), !home.isEmpty else { return nil }
        return "\(home)/\(name)/gantry"
    }

    /// Why a file cannot be read.
    struct ReadError: Error {
        let reason: String
        var isMissing = false
    }

    /// The whole of a file. A fifo is waited for only when the person named it, as `--config <(…)` does.
    static func read(_ path: String, atMost bound: Int, waits: Bool = false) throws(ReadError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | (waits ? 0 : O_NONBLOCK))
        guard descriptor >= 0 else {
            throw ReadError(reason: FileWriting.reason(errno), isMissing: errno == ENOENT || errno == ENOTDIR)
        }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16 << 10)
        while true {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw ReadError(reason: FileWriting.reason(errno)) }
            guard count > 0 else { return bytes }
            bytes += chunk[..<count]
            guard bytes.count <= bound else { throw ReadError(reason: "more than \(bound >> 10) KB") }
        }
    }

    /// Puts a file there, whole or not at all, and the folders that it stands in.
    static func write(_ path: String, _ bytes: [UInt8]) throws {
        makeFolder(of: path[...])
        // A name that nobody else has.
        let part = "\(path).\(String(UInt64.random(in: 0 ... .max), radix: 36))"
        let descriptor = open(part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw JobError("\(path) cannot be written: \(FileWriting.reason(errno))") }
        var file = FileWriting(descriptor, to: path, under: part)
        do { try file.write(bytes) } catch {
            file.abandon()
            throw error
        }
        try file.finish()
    }

    /// Only the person may look into what is made, as the XDG rules have it.
    private static func makeFolder(of path: Substring) {
        guard let slash = path.lastIndex(of: "/"), slash > path.startIndex else { return }
        let folder = String(path[..<slash])
        guard access(folder, F_OK) != 0 else { return }
        makeFolder(of: folder[...])
        mkdir(folder, 0o700)
    }
}

extension SettingsFile {
    /// Why a file that was named cannot be read.
    public struct ReadError: Error, CustomStringConvertible {
        /// One line.
        public let description: String
    }

    /// Reads the file that a person named, or else the one at its usual place, if there is one.
    /// - Throws: when a named file cannot be read. One at the usual place keeps nobody from starting: it says so among
    ///   its problems.
    public static func read(named path: String? = nil) throws(ReadError) -> SettingsFile {
        guard let place = path ?? PersonalFile.settings else { return SettingsFile() }
        do {
            return SettingsFile(try PersonalFile.read(place, atMost: 1 << 20, waits: path != nil))
        } catch {
            guard path == nil else { throw ReadError(description: "\(place) cannot be read: \(error.reason)") }
            guard !error.isMissing else { return SettingsFile() }
            var file = SettingsFile([])
            file.refuse("", "it cannot be read: \(error.reason)")
            return file
        }
    }

    /// What is wrong, a line each, with the name of the file in front as compilers have it.
    public func lines(_ path: String) -> [String] { problems.map { "\(path):\($0)" } }
}
