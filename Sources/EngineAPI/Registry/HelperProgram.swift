import NIOPosix

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A small program that is asked one question: a credential helper.
enum HelperProgram {
    /// How long an answer may take: a keychain may ask the person for its password.
    static let patience: Int32 = 60_000
    /// Bytes of an answer at most.
    private static let limit = 64 << 10

    /// Runs `program get`, writes the question and reads the answer.
    /// - Throws: `EngineError.unreadable` when it is not there or does not answer.
    static func ask(_ program: String, _ input: String) async throws -> (status: Int32, output: String) {
        do {
            return try await NIOThreadPool.singleton.runIfActive { try run([program, "get"], Array(input.utf8)) }
        } catch let error as EngineError {
            throw error
        } catch {
            throw EngineError.unreadable("\(program): \(error)")
        }
    }

    private static func run(_ words: [String], _ input: [UInt8]) throws -> (Int32, String) {
        // One socket for both ways: writing to a program that has ended is then an error, not a signal.
        var ends: [Int32] = [-1, -1]
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
            throw EngineError.unreadable("\(words[0]): \(String(cString: strerror(errno)))")
        }
        defer { close(ends[0]) }
        let process: pid_t
        do {
            defer { close(ends[1]) }
            process = try spawn(words, ends[1])
        }
        var sent = 0
        while sent < input.count {
            let count = input[sent...].withUnsafeBytes { send(ends[0], $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { break }
            sent += count
        }
        shutdown(ends[0], Int32(SHUT_WR))
        let output = read(ends[0])
        if output == nil { kill(process, SIGKILL) }
        var status: Int32 = 0
        while waitpid(process, &status, 0) == -1, errno == EINTR {}
        guard let output else { throw EngineError.unreadable("\(words[0]): no answer in time") }
        return (status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + status & 0x7F, String(decoding: output, as: UTF8.self))
    }

    /// All until the end; nil when it does not come in time, or is too much.
    private static func read(_ descriptor: Int32) -> [UInt8]? {
        let end = ContinuousClock.now + .milliseconds(patience)
        var output: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let left = (end - ContinuousClock.now) / .milliseconds(1)
            var wanted = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard left > 0, poll(&wanted, 1, Int32(left)) != 0 else { return nil }
            let count = recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
            if count == 0 { return output }
            if count < 0 {
                if errno == EAGAIN || errno == EINTR { continue }
                return output
            }
            output += buffer[..<count]
            if output.count > limit { return nil }
        }
    }

    private static func spawn(_ words: [String], _ descriptor: Int32) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, descriptor, STDIN_FILENO)
        posix_spawn_file_actions_adddup2(&actions, descriptor, STDOUT_FILENO)
        // Not the terminal, which belongs to the dashboard.
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // What is ignored or blocked here is not so there.
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        for signal in [SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGWINCH] { sigaddset(&signals, signal) }
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var process = pid_t()
        let status = posix_spawnp(&process, words[0], &actions, &attributes, &arguments, environ)
        guard status == 0 else {
            throw EngineError.unreadable("\(words[0]): \(String(cString: strerror(status)))")
        }
        return process
    }
}
