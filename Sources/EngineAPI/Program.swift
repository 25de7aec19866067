import NIOPosix

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A program of this machine whose output is read while it runs: the docker client, where it can what the API cannot.
public struct Program: Sendable {
    /// The program and its arguments.
    public var words: [String]
    /// Variables besides those of this process, or instead of them.
    public var environment: [String: String] = [:]

    /// How long one that was asked to end may take.
    private static let grace = Duration.seconds(10)

    /// A program found by its name as a shell finds it.
    public init(_ words: [String]) { self.words = words }

    /// Runs it, and hands over what it prints, standard error among it, as it comes.
    ///
    /// When the task is cancelled it is told to end, with all that it has started, and killed when that
    /// does not help.
    /// - Returns: its exit code, 128 and the signal's number when it was killed.
    /// - Throws: `EngineError.unreadable` when there is no such program.
    public func run(_ take: ([UInt8]) async -> Void) async throws -> Int32 {
        var ends: [Int32] = [-1, -1]
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
            throw EngineError.unreadable("\(words.first ?? ""): \(String(cString: strerror(errno)))")
        }
        let output = ends[0]
        defer { close(output) }
        let process: pid_t
        do {
            defer { close(ends[1]) }
            process = try spawn(ends[1])
        }
        return await withTaskCancellationHandler {
            while let bytes = await Self.read(output) { await take(bytes) }
            return await Self.wait(process)
        } onCancel: {
            kill(-process, SIGTERM)
            Task.detached {
                try? await Task.sleep(for: Self.grace)
                // Until it is waited for nobody else gets its number; its group is gone with it.
                kill(-process, SIGKILL)
            }
        }
    }

    private static func read(_ descriptor: Int32) async -> [UInt8]? {
        let bytes = await onThread {
            [UInt8](unsafeUninitializedCapacity: 16 << 10) { buffer, count in
                while true {
                    let got = systemRead(descriptor, buffer.baseAddress, buffer.count)
                    if got < 0, errno == EINTR { continue }
                    count = max(0, got)
                    return
                }
            }
        }
        return bytes?.isEmpty == false ? bytes : nil
    }

    private static func wait(_ process: pid_t) async -> Int32 {
        let status = await onThread { () -> Int32 in
            var status: Int32 = 0
            while waitpid(process, &status, 0) == -1, errno == EINTR {}
            return status
        }
        guard let status else { return -1 }
        return status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + status & 0x7F
    }

    /// Waits for what blocks, also when the task is cancelled: the program is to be seen to its end.
    private static func onThread<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value? {
        await Task.detached { try? await NIOThreadPool.singleton.runIfActive(body) }.value
    }

    private func spawn(_ output: Int32) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
        posix_spawn_file_actions_adddup2(&actions, output, STDERR_FILENO)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // What is ignored or blocked here is not so there; and it is a group of its own, to be ended as a whole.
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        for signal in [SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGWINCH, SIGTSTP] { sigaddset(&signals, signal) }
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP))
        var variables: [String] = []
        var place = environ
        while let variable = place.pointee {
            let text = String(cString: variable)
            if environment[String(text.prefix { $0 != "=" })] == nil { variables.append(text) }
            place += 1
        }
        variables += environment.map { "\($0.key)=\($0.value)" }
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        var values: [UnsafeMutablePointer<CChar>?] = variables.map { strdup($0) } + [nil]
        defer { for text in arguments + values { free(text) } }
        var process = pid_t()
        let status = posix_spawnp(&process, words.first ?? "", &actions, &attributes, &arguments, &values)
        guard status == 0 else {
            throw EngineError.unreadable("\(words.first ?? ""): \(String(cString: strerror(status)))")
        }
        return process
    }
}

private func systemRead(_ descriptor: Int32, _ buffer: UnsafeMutableRawPointer?, _ count: Int) -> Int {
    read(descriptor, buffer, count)
}
