import Dispatch
import FoundationEssentials
import Glibc

/// The person's pager, in the terminal that was lent to it.
@MainActor
final class Pager {
    private let process: pid_t
    private var isOver = false
    private let path: String
    private let ended: @MainActor (_ failure: String?) -> Void

    /// Why it could not be started.
    struct StartError: Error, CustomStringConvertible {
        let description: String
    }

    /// Starts `$PAGER` (or `less`) with a file, which is removed when it ends.
    /// - Throws: ``StartError``.
    init(path: String, ended: @escaping @MainActor (_ failure: String?) -> Void) throws {
        self.path = path
        self.ended = ended
        let pager = getenv("PAGER").map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 } ?? "less"
        // By a shell, as others run it: $PAGER may have options. The path is an argument, never part of the command.
        let words = ["sh", "-c", "\(pager) \"$1\"", "sh", path]
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // What is ignored or blocked here is not so there.
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        var defaults = sigset_t()
        sigemptyset(&defaults)
        for signal in [SIGINT, SIGTERM, SIGHUP, SIGTSTP, SIGCONT, SIGWINCH, SIGPIPE] { sigaddset(&defaults, signal) }
        posix_spawnattr_setsigdefault(&attributes, &defaults)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        var process = pid_t()
        let status = posix_spawnp(&process, "sh", nil, &attributes, &arguments, environ)
        guard status == 0 else {
            unlink(path)
            throw StartError(description: "the pager could not be started: \(String(cString: strerror(status)))")
        }
        self.process = process
        let child = process
        DispatchQueue.global().async { [weak self] in
            var status: Int32 = 0
            while waitpid(child, &status, 0) == -1, errno == EINTR {}
            DispatchQueue.main.async { [status] in MainActor.assumeIsolated { self?.ended(with: status) } }
        }
    }

    private func ended(with status: Int32) {
        isOver = true
        unlink(path)
        let code = status >> 8 & 0xFF
        let isMissing = status & 0x7F == 0 && code == 127
        ended(isMissing ? "no pager: set PAGER, or install less; Ctrl-s saves to a file" : nil)
    }

    /// Ends it: the terminal is needed, or gone.
    func end() {
        if !isOver { kill(process, SIGTERM) }
        unlink(path)
    }
}
