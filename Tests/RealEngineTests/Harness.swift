import FoundationEssentials
import Synchronization
import Testing

@testable import EngineAPI

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The Engine to test with, from `GANTRY_TEST_ENGINE`; it must have the image demo/busybox:1.35.
enum TestEngine {
    static let address: String? = getenv("GANTRY_TEST_ENGINE").map { String(cString: $0) }
    static let isGiven = address != nil

    static func make(_ options: EngineOptions = .init()) throws -> Engine {
        Engine(address: try EngineAddress(parsing: try #require(address)), options: options)
    }
}

/// One client at a time: what is spawned while another one's pipe is open would hold it open.
private let clients = Mutex(())

/// Runs the docker client against the test's Engine: it makes what this module cannot make yet.
/// - Returns: The last line that it wrote.
@discardableResult
func docker(_ arguments: [String], options: [String] = []) throws -> String {
    try dockerLines(arguments, options: options).last ?? ""
}

/// Runs the docker client against the test's Engine.
/// - Returns: The lines that it wrote.
func dockerLines(_ arguments: [String], options: [String] = []) throws -> [String] {
    let address = try #require(TestEngine.address)
    let (status, text) = clients.withLock { _ in run(["docker", "-H", address] + options + arguments) }
    try #require(status == 0, "docker \(arguments.joined(separator: " ")): \(text)")
    return text.split(separator: "\n").map(String.init)
}

private func run(_ words: [String]) -> (status: Int32, text: String) {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { return (-1, "no pipe") }
    defer { close(ends[0]) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
    posix_spawn_file_actions_adddup2(&actions, ends[1], 2)
    posix_spawn_file_actions_addclose(&actions, ends[0])
    posix_spawn_file_actions_addclose(&actions, ends[1])
    var pointers: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
    defer { for pointer in pointers { free(pointer) } }
    var pid = pid_t()
    let spawned = posix_spawnp(&pid, words[0], &actions, nil, &pointers, environ)
    close(ends[1])
    guard spawned == 0 else { return (spawned, "no such program") }
    var output: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
        let count = read(ends[0], &buffer, buffer.count)
        guard count > 0 else { break }
        output.append(contentsOf: buffer[..<count])
    }
    var ended: Int32 = 0
    waitpid(pid, &ended, 0)
    return (ended, String(decoding: output, as: UTF8.self))
}

/// A name that no other test run has.
func uniqueName(_ hint: String) -> String { "gantry-\(hint)-\(String(UInt32.random(in: 0 ... .max), radix: 36))" }

/// Makes a container that runs a script, gives it to `body` and removes it whatever happens.
func withContainer(
    _ script: String, _ options: [String] = [], start: Bool = true,
    _ body: (Engine, ContainerID) async throws -> Void
) async throws {
    let engine = try TestEngine.make()
    let name = uniqueName("test")
    let words = ["create", "--name", name] + options + ["demo/busybox:1.35", "sh", "-c", script]
    let container = ContainerID(try docker(words))
    do {
        _ = try await engine.connect()
        if start { try await engine.start(container) }
        try await body(engine, container)
    } catch {
        try? await engine.remove(container, force: true, volumes: true)
        await engine.shutdown()
        throw error
    }
    do { try await engine.remove(container, force: true, volumes: true) } catch EngineError.notFound {}
    await engine.shutdown()
}

/// Waits until something holds, asking again and again; fails after a limit.
func eventually(
    _ what: Comment, within limit: Duration = .seconds(20), _ holds: () async throws -> Bool
) async throws {
    let end = ContinuousClock.now + limit
    while try await !holds() {
        try #require(ContinuousClock.now < end, what)
        try await Task.sleep(for: .milliseconds(20))
    }
}

/// Ends work that takes too long by cancelling it, so that a broken test fails instead of hanging.
func within<Value: Sendable>(
    _ limit: Duration = .seconds(30), _ work: @escaping @Sendable () async throws -> Value
) async throws -> Value {
    try await withThrowingTaskGroup(of: Value.self) { group in
        group.addTask { try await work() }
        group.addTask {
            try await Task.sleep(for: limit)
            throw EngineError.timedOut("the test")
        }
        defer { group.cancelAll() }
        guard let value = try await group.next() else { throw EngineError.cancelled }
        return value
    }
}

extension LogStream {
    /// All lines until the end, or until there are enough.
    func texts(_ count: Int = .max) async throws -> [(LogSource, String)] {
        try await within {
            var texts: [(LogSource, String)] = []
            for try await batch in self {
                texts += batch.lines.map { ($0.source, batch.string(of: $0)) }
                if texts.count >= count { break }
            }
            return texts
        }
    }
}

/// A value that tasks hand to each other.
final class Mutexed<Value: Sendable>: Sendable {
    private let value: Mutex<Value>
    init(_ value: Value) { self.value = Mutex(value) }
    func get() -> Value { value.withLock { $0 } }
    func set(_ new: Value) { value.withLock { $0 = new } }
}
