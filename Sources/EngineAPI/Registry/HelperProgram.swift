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
        do throws(ChildProcess.Failure) {
            defer { close(ends[1]) }
            // Its errors do not go to the terminal, which belongs to the dashboard.
            process = try ChildProcess.spawn(
                words, input: .descriptor(ends[1]), output: .descriptor(ends[1]), error: .nothing)
        } catch {
            throw EngineError.unreadable("\(words[0]): \(error)")
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
        let status = ChildProcess.wait(process)
        guard let output else { throw EngineError.unreadable("\(words[0]): no answer in time") }
        return (status, String(decoding: output, as: UTF8.self))
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
}
