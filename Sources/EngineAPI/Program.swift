import NIOPosix
import Synchronization

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
        do throws(ChildProcess.Failure) {
            defer { close(ends[1]) }
            process = try ChildProcess.spawn(
                words, input: .nothing, output: .descriptor(ends[1]), error: .descriptor(ends[1]), group: .own,
                environment: environment)
        } catch {
            throw EngineError.unreadable("\(words.first ?? ""): \(error)")
        }
        let running = RunningProgram(process)
        return await withTaskCancellationHandler {
            while let bytes = await Self.read(output) { await take(bytes) }
            let status = await Self.wait(process)
            running.ended()
            return status
        } onCancel: {
            running.signal(SIGTERM)
            Task.detached {
                try? await Task.sleep(for: Self.grace)
                running.signal(SIGKILL)
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
        await onThread { ChildProcess.wait(process) } ?? -1
    }

    /// Waits for what blocks, also when the task is cancelled: the program is to be seen to its end.
    private static func onThread<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value? {
        await Task.detached { try? await NIOThreadPool.singleton.runIfActive(body) }.value
    }
}

/// A program that can be told something until it was waited for: then its number may be somebody else's.
private final class RunningProgram: Sendable {
    private let process: Mutex<pid_t?>

    init(_ process: pid_t) { self.process = Mutex(process) }

    /// Sends a signal to it and all that it has started.
    func signal(_ number: Int32) { process.withLock { if let process = $0 { kill(-process, number) } } }

    func ended() { process.withLock { $0 = nil } }
}

private func systemRead(_ descriptor: Int32, _ buffer: UnsafeMutableRawPointer?, _ count: Int) -> Int {
    read(descriptor, buffer, count)
}
