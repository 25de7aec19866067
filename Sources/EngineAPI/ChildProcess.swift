#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Starts programs of this machine. Signals that are ignored or blocked here are not so there.
public enum ChildProcess {
    /// Where one of its three streams leads.
    public enum Stream: Sendable {
        /// Where this process has it.
        case inherited
        /// `/dev/null`.
        case nothing
        /// An open file or socket.
        case descriptor(Int32)
    }

    /// Whose signals it hears.
    public enum Group: Sendable {
        /// Those of this process's group: the terminal's.
        case inherited
        /// Its own group's: it is ended with all that it starts.
        case own
        /// A session of its own: it outlives this process.
        case session
    }

    /// Why it could not be started.
    public struct Failure: Error, CustomStringConvertible {
        /// `errno`.
        public let code: Int32
        /// In words.
        public var description: String { String(cString: strerror(code)) }
    }

    /// POSIX 2024 has it; the header that Swift sees does not yet.
    private static let newSession: Int32 = 0x80

    /// Starts a program that is found by its name as a shell finds it.
    /// - Parameters:
    ///   - words: the program and its arguments.
    ///   - environment: variables besides those of this process, or instead of them.
    /// - Returns: its number, to be waited for.
    public static func spawn(
        _ words: [String], input: Stream = .inherited, output: Stream = .inherited, error: Stream = .inherited,
        group: Group = .inherited, environment: [String: String] = [:]
    ) throws(Failure) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (number, stream) in [(STDIN_FILENO, input), (STDOUT_FILENO, output), (STDERR_FILENO, error)] {
            switch stream {
            case .inherited: break
            case .nothing:
                let mode = number == STDIN_FILENO ? O_RDONLY : O_WRONLY
                posix_spawn_file_actions_addopen(&actions, number, "/dev/null", mode, 0)
            case .descriptor(let own): posix_spawn_file_actions_adddup2(&actions, own, number)
            }
        }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        for signal in [SIGINT, SIGTERM, SIGHUP, SIGTSTP, SIGCONT, SIGWINCH, SIGPIPE] { sigaddset(&signals, signal) }
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setpgroup(&attributes, 0)
        let place: Int32 =
            switch group {
            case .inherited: 0
            case .own: POSIX_SPAWN_SETPGROUP
            case .session: newSession
            }
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | place))
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        var values: [UnsafeMutablePointer<CChar>?] = variables(with: environment).map { strdup($0) } + [nil]
        defer { for text in arguments + values { free(text) } }
        var process = pid_t()
        let status = posix_spawnp(&process, words.first ?? "", &actions, &attributes, &arguments, &values)
        guard status == 0 else { throw Failure(code: status) }
        return process
    }

    /// Waits for its end, on this thread.
    /// - Returns: its exit code, 128 and the signal's number when it was killed.
    public static func wait(_ process: pid_t) -> Int32 {
        var status: Int32 = 0
        while waitpid(process, &status, 0) == -1, errno == EINTR {}
        return status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + status & 0x7F
    }

    private static func variables(with others: [String: String]) -> [String] {
        var variables: [String] = []
        var place = environ
        while let variable = place.pointee {
            let text = String(cString: variable)
            if others[String(text.prefix { $0 != "=" })] == nil { variables.append(text) }
            place += 1
        }
        return variables + others.map { "\($0.key)=\($0.value)" }
    }
}
