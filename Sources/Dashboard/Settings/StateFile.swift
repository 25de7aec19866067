import Dispatch
import FoundationEssentials
import Glibc
import Synchronization

/// Where it is written what is to be seen again at the next start.
///
/// It is never a reason not to start: what cannot be read was never seen.
public final class StateFile: Sendable {
    private let path: String
    /// One write after the other, so that the last one wins; a home that does not answer holds nobody up.
    private let queue = DispatchQueue(label: "gantry.state")
    private let isUsed = Atomic(false)

    /// A file that need not be there yet.
    public init(path: String) { self.path = path }

    /// What was seen last.
    public func read() -> Remembered {
        guard let bytes = try? PersonalFile.read(path, atMost: 1 << 20) else { return Remembered() }
        return (try? JSONDecoder().decode(Remembered.self, from: Data(bytes))) ?? Remembered()
    }

    /// Whether it can be kept, as far as that can be told without writing.
    public var canBeWritten: Bool {
        var folder = path[...]
        repeat {
            guard let slash = folder.lastIndex(of: "/"), slash > folder.startIndex else { return false }
            folder = folder[..<slash]
        } while access(String(folder), F_OK) != 0
        // The slash tells a folder from a device such as /dev/null.
        return access(folder + "/", W_OK | X_OK) == 0
    }

    /// Writes it, in a while; `failed` gets to know why it could not be done.
    func write(_ remembered: Remembered, failed: @escaping @Sendable (String) -> Void = { _ in }) {
        isUsed.store(true, ordering: .relaxed)
        queue.async { [path] in
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
            do { try PersonalFile.write(path, Array(encoder.encode(remembered))) } catch {
                failed((error as? JobError)?.message ?? "\(error)")
            }
        }
    }

    /// Waits until all is written, but not for long.
    func finish() {
        guard isUsed.load(ordering: .relaxed) else { return }
        let written = DispatchSemaphore(value: 0)
        queue.async { written.signal() }
        _ = written.wait(timeout: .now() + 1)
    }
}
