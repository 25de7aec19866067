import FoundationEssentials
import Glibc
import Logging
import Synchronization

/// The log file, when one is asked for: the terminal itself gets frames only.
enum FileLog {
    /// A file that cannot be written.
    struct OpenError: Error, CustomStringConvertible {
        let path: String
        let reason: String
        var description: String { "cannot write the log file \(path): \(reason)" }
    }

    static func logger(_ path: String) throws -> Logger {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw OpenError(path: path, reason: String(cString: strerror(errno))) }
        return Logger(label: "gantry") { _ in FileLogHandler(descriptor: descriptor) }
    }
}

/// Appends a line per message; one `write` each, so that lines of several tasks do not mix.
struct FileLogHandler: LogHandler {
    let descriptor: Int32
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level = .debug

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let fields = metadata.merging(event.metadata ?? [:]) { $1 }
        let suffix = fields.isEmpty ? "" : " " + fields.map { "\($0)=\($1)" }.sorted().joined(separator: " ")
        let line = "\(Date().timeIntervalSince1970) \(event.level) \(event.message)\(suffix)\n"
        _ = line.utf8CString.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count - 1) }
    }
}
