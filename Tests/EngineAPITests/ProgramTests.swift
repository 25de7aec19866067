import Foundation
import Testing

@testable import EngineAPI

@Suite(.timeLimit(.minutes(1))) struct ProgramTests {
    private func run(_ script: String, _ environment: [String: String] = [:]) async throws -> (Int32, String) {
        var program = Program(["sh", "-c", script])
        program.environment = environment
        var output: [UInt8] = []
        let status = try await program.run { output += $0 }
        return (status, String(decoding: output, as: UTF8.self))
    }

    @Test func bothOutputsAndTheCodeAreTold() async throws {
        let (status, text) = try await run("echo out; echo err >&2; exit 7")
        #expect(status == 7)
        #expect(text == "out\nerr\n")
    }

    @Test func aLotOfOutputComesWhole() async throws {
        let (status, text) = try await run("seq 1 100000")
        #expect(status == 0)
        #expect(text.split(separator: "\n").count == 100_000)
    }

    @Test func theEnvironmentIsThisOneWithChanges() async throws {
        let (_, text) = try await run("echo $MARK ${HOME:+home}; cat", ["MARK": "there"])
        #expect(text == "there home\n")
    }

    @Test func whatIsNotThereIsSaid() async throws {
        await #expect(throws: EngineError.unreadable("gantry-no-such-program: No such file or directory")) {
            _ = try await Program(["gantry-no-such-program"]).run { _ in }
        }
    }

    /// With all that it has started, which would hold the output open.
    @Test func whoIsCancelledEndsAll() async throws {
        let (started, starts) = AsyncStream.makeStream(of: String.self)
        let task = Task {
            try await Program(["sh", "-c", "sleep 1000 & echo $!; sleep 1000"]).run {
                starts.yield(String(decoding: $0, as: UTF8.self))
            }
        }
        var pid: Int32?
        for await line in started {
            pid = Int32(line.trimmingCharacters(in: .whitespacesAndNewlines))
            break
        }
        let child = try #require(pid)
        task.cancel()
        #expect(try await task.value == 128 + SIGTERM)
        // Its parent is gone: whoever takes its place sees it end.
        while kill(child, 0) == 0 {
            let state = try? String(contentsOfFile: "/proc/\(child)/stat", encoding: .utf8)
            if state?.contains(") Z ") ?? true { break }
            try await Task.sleep(for: .milliseconds(10))
        }
    }
}
