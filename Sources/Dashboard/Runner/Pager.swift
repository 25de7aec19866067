import Dispatch
import EngineAPI
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
        let process: pid_t
        do throws(ChildProcess.Failure) { process = try ChildProcess.spawn(words) } catch {
            unlink(path)
            throw StartError(description: "the pager could not be started: \(error)")
        }
        self.process = process
        let child = process
        DispatchQueue.global().async { [weak self] in
            let status = ChildProcess.wait(child)
            DispatchQueue.main.async { MainActor.assumeIsolated { self?.ended(with: status) } }
        }
    }

    private func ended(with status: Int32) {
        isOver = true
        unlink(path)
        ended(status == 127 ? "no pager: set PAGER, or install less" : nil)
    }

    /// Ends it: the terminal is needed, or gone.
    func end() {
        if !isOver { kill(process, SIGTERM) }
        unlink(path)
    }
}
