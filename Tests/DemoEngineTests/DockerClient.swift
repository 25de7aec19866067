import EngineAPI
import Glibc
import Synchronization
import Testing

@testable import DemoEngine

/// A run of the real docker client that has begun: it fails where there is none, `Tests/run.sh` installs it.
struct DockerClient {
    let pid: pid_t
    let output: Int32

    init(_ words: [String], at address: EngineAddress, _ variables: [String] = []) throws {
        let (pid, output) = Self.spawning.withLock { _ in Self.spawn(words, address, variables) }
        try #require(pid > 0, "there is no docker client on the PATH")
        self.pid = pid
        self.output = output
    }

    /// One at a time: what is spawned while another one's pipe can be inherited would hold it open.
    private static let spawning = Mutex(())

    private static func spawn(_ words: [String], _ address: EngineAddress, _ variables: [String]) -> (pid_t, Int32) {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { return (0, 0) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
        posix_spawn_file_actions_adddup2(&actions, ends[1], 2)
        let line = ["env"] + variables + ["docker", "-H", address.description] + words
        var pointers = line.map { strdup($0) } + [nil]
        defer { for pointer in pointers { free(pointer) } }
        var pid = pid_t()
        let spawned = posix_spawnp(&pid, "env", &actions, nil, &pointers, environ)
        Glibc.close(ends[1])
        guard spawned == 0 else {
            Glibc.close(ends[0])
            return (0, 0)
        }
        return (pid, ends[0])
    }

    /// Reads until the end, or until there are so many lines; then it is ended.
    func finish(lines: Int = .max) -> (status: Int32, text: String) {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while bytes.count(where: { $0 == 0x0A }) < lines {
            let count = read(output, &buffer, buffer.count)
            guard count > 0 else { break }
            bytes += buffer[..<count]
        }
        if lines < .max { Glibc.kill(pid, SIGKILL) }
        var status: Int32 = 0
        waitpid(pid, &status, 0)
        Glibc.close(output)
        return (status, String(decoding: bytes, as: UTF8.self))
    }
}

/// Runs the client without holding up other tests, and gives what it wrote when it ended as expected.
@discardableResult
func docker(
    _ words: String..., at demo: DemoEngine, lines: Int = .max, expecting code: Int32 = 0,
    with variables: [String] = [],
    from location: SourceLocation = #_sourceLocation
) async throws -> String {
    let client = try DockerClient(words, at: demo.address, variables)
    let result = await withCheckedContinuation { waiter in
        Thread.detach { waiter.resume(returning: client.finish(lines: lines)) }
    }
    if lines == .max {
        try #require(
            result.status >> 8 == code, "docker \(words.joined(separator: " ")): \(result.status >> 8) \(result.text)",
            sourceLocation: location)
    }
    return result.text
}

private enum Thread {
    /// A read that blocks needs a thread of its own.
    static func detach(_ body: @escaping @Sendable () -> Void) {
        let box = Unmanaged.passRetained(Box(body))
        var thread = pthread_t()
        pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                Unmanaged<Box>.fromOpaque(argument).takeRetainedValue().body()
                return nil
            }, box.toOpaque())
        pthread_detach(thread)
    }

    private final class Box: Sendable {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
}
