import EngineAPI
import Testing

@testable import DemoEngine

/// Shells and commands in simulated containers, through Gantry's own client.
@Suite struct DemoExecTests {
    private static let db = ContainerID("shop-db-1")

    /// Reads until a text has come, or to the end.
    private func read(_ connection: UpgradedConnection, until text: String? = nil) async throws -> String {
        var bytes: [UInt8] = []
        while let next = try await connection.next() {
            bytes += next
            if let text, String(decoding: bytes, as: UTF8.self).contains(text) { break }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private func output(_ connection: UpgradedConnection) async throws -> String {
        var output = MultiplexedOutput()
        var bytes: [UInt8] = []
        while let next = try await connection.next() { bytes += try output.decode(next) }
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test func aShellAnswersAndEndsWithItsCode() async throws {
        try await withDemo { _, engine async throws in
            let exec = try await engine.createExec(Self.db, ExecRequest(["/bin/bash"]))
            let connection = try await engine.startExec(exec, tty: true)
            #expect(try await read(connection, until: "# ") == "/app # ")
            try await engine.resizeExec(exec, width: 91, height: 33)
            // What is typed is echoed, a word that was taken back is not run, arrows do no harm.
            try await connection.write(Array("echo 4\u{7F}six; stty size; pwd\u{1B}[C\u{1B}[1;5D\u{1B}OP\r".utf8))
            let seen = try await read(connection, until: "\r\n/app\r\n/app # ")
            #expect(seen.hasPrefix("echo 4") && seen.contains("\r\nsix\r\n33 91\r\n/app\r\n"))
            #expect(try await engine.inspectExec(exec).isRunning)
            // The line before comes with an arrow.
            try await connection.write(Array("\u{1B}[A\r".utf8))
            #expect(try await read(connection, until: "33 91\r\n/app\r\n").contains("six"))
            try await connection.write(Array("sleep 1000\r".utf8))
            _ = try await read(connection, until: "1000\r\n")
            try await connection.write([3])
            #expect(try await read(connection, until: "# ").contains("^C"))
            try await connection.write(Array("exit 7\r".utf8))
            _ = try await read(connection)
            let details = try await engine.inspectExec(exec)
            #expect(!details.isRunning && details.exitCode == 7)
        }
    }

    @Test func userDirectoryAndEnvironmentAreTaken() async throws {
        try await withDemo { _, engine async throws in
            var request = ExecRequest(["sh", "-c", "id -u; pwd; echo $COLOUR; echo wrong >&2; false || echo $?"])
            request.user = "1234"
            request.workingDirectory = "/tmp"
            request.environment = ["COLOUR=blue"]
            request.tty = false
            let exec = try await engine.createExec(Self.db, request)
            let text = try await output(try await engine.startExec(exec, tty: false))
            #expect(text.split(separator: "\n") == ["1234", "/tmp", "blue", "wrong", "1"])
            #expect(try await engine.inspectExec(exec).exitCode == 0)
        }
    }

    /// As the dashboard asks for one.
    @Test(arguments: ["shop-db-1", "shop-gateway-1"]) func aShellThatIsLookedForTakesTheFirstOnesPlace(name: String)
        async throws
    {
        try await withDemo { _, engine async throws in
            let script = "command -v bash >/dev/null 2>&1 && exec bash; exec sh"
            let exec = try await engine.createExec(ContainerID(name), ExecRequest(["sh", "-c", script]))
            let connection = try await engine.startExec(exec, tty: true)
            _ = try await read(connection, until: "# ")
            try await connection.write(Array("echo \"in\" it\r".utf8))
            #expect(try await read(connection, until: "\r\nin it\r\n").contains("in it"))
            try await connection.write([4])
            _ = try await read(connection)
            #expect(try await engine.inspectExec(exec).exitCode == 0)
        }
    }

    @Test func theEndOfTheInputIsTold() async throws {
        try await withDemo { _, engine async throws in
            var request = ExecRequest(["cat"])
            request.tty = false
            let exec = try await engine.createExec(Self.db, request)
            let connection = try await engine.startExec(exec, tty: false)
            try await connection.write(Array("one\ntwo".utf8))
            await connection.closeInput()
            #expect(try await output(connection) == "one\ntwo")
        }
    }

    @Test func whatCannotBeRunSaysWhy() async throws {
        try await withDemo { _, engine async throws in
            // A container of one program has no shell.
            let cart = ContainerID("shop-cart-1")
            let exec = try await engine.createExec(cart, ExecRequest(["sh"]))
            let text = try await read(try await engine.startExec(exec, tty: true))
            #expect(text.contains("exec: \"sh\": executable file not found in $PATH"))
            #expect(try await engine.inspectExec(exec).exitCode == 127)
            await #expect(throws: EngineError.notFound("No such exec instance: nothing")) {
                _ = try await engine.inspectExec(ExecID("nothing"))
            }
            try await engine.pause(Self.db)
            let paused = await #expect(throws: EngineError.self) {
                _ = try await engine.createExec(Self.db, ExecRequest(["sh"]))
            }
            guard case .conflict(let words)? = paused else {
                Issue.record("\(String(describing: paused))")
                return
            }
            #expect(words.contains("is paused, unpause the container before exec"))
        }
    }

    @Test func aShellEndsWithItsContainer() async throws {
        try await withDemo { _, engine async throws in
            let exec = try await engine.createExec(Self.db, ExecRequest(["sh"]))
            let connection = try await engine.startExec(exec, tty: true)
            _ = try await read(connection, until: "# ")
            try await engine.kill(Self.db)
            _ = try await read(connection)
            #expect(try await engine.inspectExec(exec).exitCode == 137)
        }
    }

    @Test func eventsTellOfIt() async throws {
        try await withDemo { _, engine async throws in
            let events = try await engine.events()
            var request = ExecRequest(["true"])
            request.tty = false
            _ = try await output(
                try await engine.startExec(try await engine.createExec(Self.db, request), tty: false))
            var told: [String] = []
            for try await batch in events {
                told += batch.filter { $0.attributes["name"] == "shop-db-1" }.map(\.action)
                if told.contains("exec_die") { break }
            }
            #expect(told.filter { $0.hasPrefix("exec") } == ["exec_create: true", "exec_start: true", "exec_die"])
        }
    }

    // MARK: The main process

    private func shell(_ engine: Engine, tty: Bool = true) async throws -> ContainerID {
        var creation = ContainerCreation()
        creation.configuration.image = "debian:12-slim"
        creation.configuration.command = ["bash"]
        creation.configuration.tty = tty
        creation.configuration.openStdin = true
        return try await engine.create(creation, name: "mine").id
    }

    @Test func attachTypesToTheMainProcess() async throws {
        try await withDemo { _, engine async throws in
            let id = try await shell(engine)
            let connection = try await engine.attach(id)
            try await engine.start(id)
            _ = try await read(connection, until: "# ")
            try await engine.resize(id, width: 70, height: 20)
            try await connection.write(Array("stty size\r".utf8))
            _ = try await read(connection, until: "20 70")
            // Left alone by the keys for it, it runs on.
            try await connection.write([0x10, 0x11])
            _ = try await read(connection)
            #expect(try await engine.inspect(id).value.state.state == .running)
            let again = try await engine.attach(id)
            try await again.write(Array("exit 5\r".utf8))
            _ = try await read(again)
            let state = try await engine.inspect(id).value.state
            #expect(state.state == .exited && state.exitCode == 5)
        }
    }

    @Test func attachShowsWhatIsWrittenFromNowOn() async throws {
        try await withDemo { _, engine async throws in
            let connection = try await engine.attach(ContainerID("shop-clickstream-1"))
            var output = MultiplexedOutput()
            var text = ""
            while text.count(where: { $0 == "\n" }) < 5, let next = try await connection.next() {
                text += String(decoding: try output.decode(next), as: UTF8.self)
            }
            #expect(text.split(separator: "\n").allSatisfy { $0.hasPrefix("{\"ts\"") })
            connection.close()
            // The Engine notices, and nothing of it is left open.
            let terminal = try await engine.attach(ContainerID("shop-cache-1"))
            try await engine.kill(ContainerID("shop-cache-1"))
            _ = try await read(terminal)
        }
    }

    @Test func aDroppedConnectionIsAFaultThatCanBeWished() async throws {
        let rules = DemoFaults([.init(.dropped(after: .milliseconds(100)), prefix: "/exec", times: 1)])
        try await withDemo(faults: rules) { _, engine async throws in
            let exec = try await engine.createExec(Self.db, ExecRequest(["sh"]))
            let connection = try await engine.startExec(exec, tty: true)
            do { _ = try await read(connection) } catch { #expect(error as? EngineError == .closed) }
        }
    }
}
