import Glibc

/// The private folders of demos' sockets: `gantry-demo.1234.a1B2c3`, with the process in the name.
enum DemoFolder {
    static let socket = "docker.sock"
    private static let prefix = "gantry-demo."

    /// Where they are made: `TMPDIR`, unless its path is too long, because that of a socket has 107 bytes at most.
    static var parent: String {
        let parent = getenv("TMPDIR").map { String(cString: $0) } ?? ""
        return (1...64).contains(parent.utf8.count) ? parent : "/tmp"
    }

    /// Makes one for this process.
    static func make() throws(DemoEngine.StartError) -> String {
        var template = Array("\(parent)/\(prefix)\(getpid()).XXXXXX".utf8) + [0]
        let made = template.withUnsafeMutableBytes {
            $0.bindMemory(to: CChar.self).baseAddress.map { mkdtemp($0) != nil } ?? false
        }
        guard made else {
            throw DemoEngine.StartError(
                description: "cannot make a folder for the demo's socket: \(String(cString: strerror(errno)))")
        }
        return String(decoding: template.dropLast(), as: UTF8.self)
    }

    static func remove(_ folder: String) {
        unlink(folder + "/" + socket)
        rmdir(folder)
    }

    /// Removes the folders of processes that could not do so themselves, because they were killed.
    static func removeLeftOvers(in parent: String = parent) {
        guard let directory = opendir(parent) else { return }
        defer { closedir(directory) }
        while let entry = readdir(directory) {
            // An entry ends with its name, not with the 256 bytes of its declaration: to copy those reads what is behind
            // the buffer, which may be nothing at all.
            let start = UnsafeRawPointer(entry) + (MemoryLayout<dirent>.offset(of: \.d_name) ?? 19)
            let name = String(cString: start.assumingMemoryBound(to: CChar.self))
            guard let process = process(of: name), !isDemo(process), !isHeard("\(parent)/\(name)/\(socket)") else {
                continue
            }
            remove("\(parent)/\(name)")
        }
    }

    private static func process(of name: String) -> pid_t? {
        guard name.hasPrefix(prefix) else { return nil }
        let parts = name.dropFirst(prefix.count).split(separator: ".")
        return parts.count == 2 ? parts.first.flatMap { pid_t($0) }.flatMap { $0 > 0 ? $0 : nil } : nil
    }

    /// Whether a process lives and may have made a demo: numbers of processes are given again.
    private static func isDemo(_ process: pid_t) -> Bool {
        if kill(process, 0) != 0 { return errno != ESRCH }
        guard let name = commandName(process), let own = commandName(getpid()) else { return true }
        return name == own
    }

    /// Whether somebody listens on a socket: a program by another name may have a demo too.
    private static func isHeard(_ path: String) -> Bool {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = path.utf8CString
        guard bytes.count <= MemoryLayout.size(ofValue: address.sun_path) else { return false }
        withUnsafeMutableBytes(of: &address.sun_path) { place in
            bytes.withUnsafeBytes { place.copyMemory(from: $0) }
        }
        let descriptor = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
        guard descriptor >= 0 else { return true }
        defer { close(descriptor) }
        let size = socklen_t(MemoryLayout<sockaddr_un>.size)
        let answer = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, size) }
        }
        // Refused, or no such socket: nobody is there. With a full backlog somebody is.
        return answer == 0 || errno == EAGAIN || errno == EINPROGRESS
    }

    private static func commandName(_ process: pid_t) -> String? {
        guard let file = fopen("/proc/\(process)/comm", "r") else { return nil }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 64)
        let count = fread(&bytes, 1, bytes.count, file)
        return String(decoding: bytes.prefix(count), as: UTF8.self)
    }
}
