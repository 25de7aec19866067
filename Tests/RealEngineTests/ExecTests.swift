import Testing

@testable import EngineAPI

@Suite(.enabled(if: TestEngine.isGiven)) struct ExecTests {
    /// Reads until a text has come, or to the end.
    private func read(_ connection: UpgradedConnection, until text: String? = nil) async throws -> String {
        var bytes: [UInt8] = []
        while let next = try await connection.next() {
            bytes += next
            if let text, String(decoding: bytes, as: UTF8.self).contains(text) { break }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test(.timeLimit(.minutes(1))) func aShellAnswersAndEndsWithItsCode() async throws {
        try await withContainer("sleep 1000") { engine, container in
            let exec = try await engine.createExec(container, ExecRequest(["sh"]))
            let connection = try await engine.startExec(exec, tty: true)
            try await engine.resizeExec(exec, width: 91, height: 33)
            try await connection.write(Array("echo $((6*7))-sum; stty size\n".utf8))
            let seen = try await read(connection, until: "33 91")
            #expect(seen.contains("42-sum"))
            #expect(try await engine.inspectExec(exec).isRunning)
            try await connection.write(Array("exit 7\n".utf8))
            _ = try await read(connection)
            let details = try await engine.inspectExec(exec)
            #expect(!details.isRunning)
            #expect(details.exitCode == 7)
        }
    }

    @Test(.timeLimit(.minutes(1))) func userDirectoryAndEnvironmentAreTaken() async throws {
        try await withContainer("sleep 1000") { engine, container in
            var request = ExecRequest(["sh", "-c", "id -u; pwd; echo $COLOUR; echo wrong >&2"])
            request.user = "1234"
            request.workingDirectory = "/tmp"
            request.environment = ["COLOUR=blue"]
            request.tty = false
            let connection = try await engine.startExec(try await engine.createExec(container, request), tty: false)
            var output = MultiplexedOutput()
            var bytes: [UInt8] = []
            while let next = try await connection.next() { bytes += try output.decode(next) }
            let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
            #expect(Set(lines) == ["1234", "/tmp", "blue", "wrong"])
        }
    }

    @Test(.timeLimit(.minutes(1))) func whatIsNotThereSaysSo() async throws {
        try await withContainer("sleep 1000") { engine, container in
            let exec = try await engine.createExec(container, ExecRequest(["no-such-program"]))
            do {
                let text = try await read(try await engine.startExec(exec, tty: true))
                #expect(text.contains("no-such-program"))
                #expect([126, 127].contains(try await engine.inspectExec(exec).exitCode))
            } catch let error as EngineError {
                // Newer Engines refuse before they give the connection over.
                #expect(error.message.contains("no-such-program"))
            }
        }
        try await withContainer("true", start: false) { engine, container in
            await #expect(throws: EngineError.self) {
                _ = try await engine.createExec(container, ExecRequest(["sh"]))
            }
        }
    }

    @Test(.timeLimit(.minutes(1))) func aLotOfOutputComesWhole() async throws {
        try await withContainer("sleep 1000") { engine, container in
            var request = ExecRequest(["sh", "-c", "seq 1 200000"])
            request.tty = false
            let connection = try await engine.startExec(try await engine.createExec(container, request), tty: false)
            var output = MultiplexedOutput()
            var lines = 0
            var last: [UInt8] = []
            while let next = try await connection.next() {
                let bytes = try output.decode(next)
                lines += bytes.count { $0 == UInt8(ascii: "\n") }
                if !bytes.isEmpty { last = bytes }
            }
            #expect(lines == 200_000)
            #expect(String(decoding: last, as: UTF8.self).hasSuffix("200000\n"))
        }
    }

    @Test(.timeLimit(.minutes(1))) func attachTypesToTheMainProcessAndLeavesItRunning() async throws {
        try await withContainer("while read line; do echo got $line; done", ["-i", "-t"]) { engine, container in
            let connection = try await engine.attach(container)
            try await connection.write(Array("one\n".utf8))
            #expect(try await read(connection, until: "got one").contains("got one"))
            connection.close()
            #expect(try await engine.inspect(container).value.state.state == .running)
            let again = try await engine.attach(container)
            try await again.write([4])
            _ = try await read(again)
            #expect(try await engine.inspect(container).value.state.state == .exited)
        }
    }

    @Test(.timeLimit(.minutes(1))) func theEndOfTheInputIsTold() async throws {
        try await withContainer("cat; echo end", ["-i"]) { engine, container in
            let connection = try await engine.attach(container)
            try await connection.write(Array("text\n".utf8))
            await connection.closeInput()
            var output = MultiplexedOutput()
            var bytes: [UInt8] = []
            while let next = try await connection.next() { bytes += try output.decode(next) }
            #expect(String(decoding: bytes, as: UTF8.self) == "text\nend\n")
        }
    }

    @Test(.timeLimit(.minutes(1))) func aCancelledReaderStopsWaiting() async throws {
        try await withContainer("sleep 1000") { engine, container in
            let exec = try await engine.createExec(container, ExecRequest(["sh"]))
            let connection = try await engine.startExec(exec, tty: true)
            _ = try await connection.next()
            let task = Task {
                while try await connection.next() != nil {}
            }
            task.cancel()
            await #expect(throws: EngineError.self) { try await task.value }
        }
    }

    @Test(.timeLimit(.minutes(1))) func aSampleComesByItself() async throws {
        try await withContainer("while :; do :; done") { engine, container in
            let first = try await engine.sample(container)
            let second = try await engine.sample(container)
            #expect(first.memoryUsage > 0)
            #expect(first.pids == 1)
            #expect(try #require(second.cpuPercent(since: first)) > 1)
            await #expect(throws: EngineError.self) { _ = try await engine.sample(ContainerID("nobody")) }
        }
    }
}
