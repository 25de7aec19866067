import EngineAPI
import FoundationEssentials
import Glibc
import Terminal

/// Lines of a log on their way to a file: as they are seen, with the container's name in front where several write.
struct LogWriting: Sendable {
    /// How it went.
    struct Outcome: Sendable {
        let path: String
        let lines: Int
        var error: String?
        /// Whether it was written for the pager.
        var isForPager = false
    }

    let store: LogStore
    /// The numbers of the lines that are meant.
    let open: Range<Int>
    let origins: [(name: String, container: ContainerID)]
    let isMerged: Bool
    let filter: LogScan?
    let context: Int
    /// The lines that match the filter, where there is one.
    let matching: [Int]?
    /// Whether all lines are meant that the Engine has.
    let isWhole: Bool

    /// Writes to a file that must not be there yet.
    func write(to path: String, engine: Engine) async -> Outcome {
        let descriptor = Glibc.open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            let reason = errno == EEXIST ? "there is such a file already" : String(cString: strerror(errno))
            return Outcome(path: path, lines: 0, error: reason)
        }
        defer { Glibc.close(descriptor) }
        do {
            let count = isWhole ? try await writeWhole(descriptor, engine) : try writeHeld(descriptor)
            return Outcome(path: path, lines: count)
        } catch {
            // Half a log would be taken for all of it; the file is ours, for it was not there before.
            unlink(path)
            return Outcome(path: path, lines: 0, error: (error as? WriteError)?.reason ?? EngineError(error).message)
        }
    }

    private struct WriteError: Error { let reason: String }

    private func writeHeld(_ descriptor: Int32) throws -> Int {
        let shown: [Int]? = matching.map { matching in
            guard context > 0 else { return matching }
            var lines: [Int] = []
            for line in matching {
                // What stands around the line before is there already. Older lines have numbers below zero.
                lines += max(line - context, lines.last.map { $0 + 1 } ?? .min)...line + context
            }
            return lines
        }
        var output = Output(descriptor)
        var count = 0
        for number in shown ?? Array(open) where open.contains(number) {
            guard let line = store[number] else { continue }
            if line.isEvent {
                try output.add(Array("── ".utf8) + line.text, name: name(line.origin))
            } else {
                try output.add(LogText.visible(line.text), name: name(line.origin))
            }
            count += 1
        }
        try output.flush()
        return count
    }

    /// One container after the other, as the Engine sends it: nothing is held but the piece that is written.
    private func writeWhole(_ descriptor: Int32, _ engine: Engine) async throws -> Int {
        let matcher = try filter.map { try LogMatcher($0.pattern) }
        var output = Output(descriptor)
        var count = 0
        for origin in origins {
            let tty: Bool
            do { tty = try await engine.inspect(origin.container).value.tty } catch EngineError.notFound { continue }
            for try await batch in try await engine.logs(origin.container, tty: tty, follow: false) {
                for line in batch.lines {
                    let text = LogText.visible(batch.text(of: line))
                    if let matcher, let filter {
                        let matches = text.withUnsafeBufferPointer { matcher.matches($0) }
                        guard matches != filter.isInverted else { continue }
                    }
                    try output.add(text, name: isMerged ? origin.name : nil)
                    count += 1
                }
            }
        }
        try output.flush()
        return count
    }

    private func name(_ origin: Int) -> String? {
        isMerged && origin < origins.count ? origins[origin].name : nil
    }

    /// Collects lines and writes them in large pieces.
    private struct Output {
        let descriptor: Int32
        private var bytes: [UInt8] = []

        init(_ descriptor: Int32) { self.descriptor = descriptor }

        mutating func add(_ text: [UInt8], name: String?) throws {
            if let name { bytes += Array("\(name) | ".utf8) }
            bytes += text
            bytes.append(UInt8(ascii: "\n"))
            if bytes.count > 256 << 10 { try flush() }
        }

        mutating func flush() throws {
            var written = 0
            while written < bytes.count {
                let count = bytes[written...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { throw WriteError(reason: String(cString: strerror(errno))) }
                written += count
            }
            bytes.removeAll(keepingCapacity: true)
        }
    }
}
