import FoundationEssentials

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Which run of Gantry has made a temporary container: whether it still runs can be found out on its own machine.
struct TemporaryOwner: Hashable, Sendable {
    enum Life: Hashable, Sendable {
        case own
        case running
        /// It has ended.
        case gone
        /// It runs, or ran, where nobody here can look.
        case elsewhere
    }

    /// Seconds after which nobody looks into a volume any more.
    static let longest = 12 * 3600.0

    let host: String
    /// Since when its machine is up: a number that each start of it has for itself.
    let boot: String
    /// The processes among which its number means anything.
    let space: String
    let process: Int
    /// When it was started: numbers of processes are used again.
    let start: String

    /// This one.
    static let own = TemporaryOwner(
        host: hostName, boot: text("/proc/sys/kernel/random/boot_id"), space: space, process: Int(getpid()),
        start: start(of: Int(getpid())) ?? "0")

    init(host: String, boot: String, space: String, process: Int, start: String) {
        self.host = host
        self.boot = boot
        self.space = space
        self.process = process
        self.start = start
    }

    /// As it stands in the container's label; nil when it is none.
    init?(label: String) {
        let words = label.split(separator: " ").map(String.init)
        guard words.count == 5, let process = Int(words[3]), process > 0 else { return nil }
        self.init(host: words[0], boot: words[1], space: words[2], process: process, start: words[4])
    }

    var label: String { "\(host) \(boot) \(space) \(process) \(start)" }

    /// Whether it still runs.
    /// - Parameter created: when it made the container.
    func life(created: Date, now: Date) -> Life {
        let own = Self.own
        if self == own { return .own }
        guard boot == own.boot, space == own.space else {
            // What was made before this machine was started, by this machine.
            if host == own.host, boot != own.boot, let up = Self.upTime, created < now.addingTimeInterval(-up) {
                return .gone
            }
            return now.timeIntervalSince(created) > Self.longest ? .gone : .elsewhere
        }
        return Self.start(of: process) == start ? .running : .gone
    }

    // MARK: The system's words

    private static var hostName: String {
        var name = [CChar](repeating: 0, count: 256)
        guard gethostname(&name, 255) == 0 else { return "-" }
        let text = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return text.isEmpty || text.contains(" ") ? "-" : text
    }

    private static var space: String {
        var target = [UInt8](repeating: 0, count: 64)
        let count = target.withUnsafeMutableBytes { buffer in
            buffer.withMemoryRebound(to: CChar.self) { readlink("/proc/self/ns/pid", $0.baseAddress!, $0.count) }
        }
        return count > 0 ? String(decoding: target[..<count], as: UTF8.self) : "-"
    }

    /// The 22nd word of what the system says of a process; its name, which may hold anything, ends at the last bracket.
    private static func start(of process: Int) -> String? {
        let text = text("/proc/\(process)/stat")
        guard let end = text.lastIndex(of: ")") else { return nil }
        let words = text[text.index(after: end)...].split(separator: " ")
        // A zombie has ended.
        guard words.count > 19, words[0] != "Z", words[0] != "X" else { return nil }
        return String(words[19])
    }

    private static var upTime: Double? { text("/proc/uptime").split(separator: " ").first.flatMap { Double($0) } }

    private static func text(_ path: String) -> String {
        guard let data = try? Data(contentsOf: URL(filePath: path)) else { return "-" }
        let text = String(decoding: data, as: UTF8.self).split(whereSeparator: \.isNewline).first ?? "-"
        return String(text)
    }
}
