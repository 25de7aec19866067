import Foundation
import Testing

extension Stories {
    /// An Engine that is not there, goes away, comes back.
    @Suite struct Engines {
        @Test("The Engine is stopped and started: stale while it is away, true by itself when it is back")
        func stopAndStart() async throws {
            let session = Session()
            let kept = try session.container("kept", ["--restart", "always"])
            let lost = try session.container("lost")
            try await session.open()
            try await session.expect(row: kept, contains: "Up ")
            try await session.expect(row: lost, contains: "Up ")
            try await session.select(lost)
            try TestEngine.stop()
            defer { try? TestEngine.start() }
            try await session.expectScreen(contains: "STALE")
            try await session.expect(row: lost)
            try await session.expect(row: kept)
            // What cannot be done is not sent, and not sent later.
            try await session.press("r")
            try await session.expectFlash(containing: "nothing was sent")
            try TestEngine.start()
            try await session.expectGone("STALE")
            try await session.expect(row: lost, contains: "Exited")
            try await session.expect(row: kept, contains: "Up ")
            try await session.expect(selected: lost)
            try await session.press("J")
            try await session.expectScreen(contains: "Nothing was asked of the Engine yet")
        }

        @Test("Over an Engine's restart with its containers alive the log has every line, and none twice")
        func logOverRestart() async throws {
            try TestEngine.stop()
            try TestEngine.start(flags: "--live-restore")
            defer {
                try? TestEngine.stop()
                try? TestEngine.start()
            }
            let session = Session()
            let loud = try session.container(
                "loud", runs: "i=0; while :; do i=$((i+1)); echo line-$i-; sleep 0.05; done")
            try await session.open(.large)
            try await session.expectScreen(contains: "line-20-")
            try TestEngine.stop()
            try await session.expectScreen(contains: "STALE")
            try TestEngine.start(flags: "--live-restore")
            try await session.expectGone("STALE")
            // It goes on after what was written while nobody listened.
            let count = try session.docker(["logs", loud]).split(separator: "\n").count
            try await session.expectScreen(contains: "line-\(count + 20)-")
            // As far back as the screen goes: every number once, and the same again at the top of the log.
            try await session.press("l", "z")
            try await session.expect("a zoomed log") { $0.containers.isEmpty }
            var seen: [Int] = []
            try await session.press("g")
            try await session.expectScreen(contains: "line-1-")
            for _ in 0..<60 {
                let numbers = try session.screen().numbers
                seen += numbers.filter { $0 > (seen.last ?? 0) }
                #expect(numbers == Array((numbers.first ?? 0)..<(numbers.first ?? 0) + numbers.count))
                guard (seen.last ?? 0) < count + 20 else { break }
                try await session.press("pgdn")
                try await session.expect("more lines") { ($0.numbers.last ?? 0) > (seen.last ?? 0) }
            }
            #expect(seen == Array(1...max(1, seen.count)))
            #expect(seen.count >= count + 20)
            try await session.expectGone("lines are missing")
        }

        @Test("No Engine at all: the screen says what was tried and why, and comes up by itself when there is one")
        func noEngine() async throws {
            let session = Session()
            let web = try session.container("web", ["--restart", "always"])
            try TestEngine.stop()
            defer { try? TestEngine.start() }
            try session.launch(.small, ["-H", TestEngine.address ?? ""])
            try await session.expectScreen(contains: "No Engine")
            try await session.expectScreen(saying: TestEngine.address ?? "")
            try await session.expect("a second attempt") { $0.text.contains(/attempt [2-9]/) }
            try TestEngine.start()
            try await session.expect(row: web, contains: "Up ")
        }

        @Test(
            "Reasons that a person can do something about",
            arguments: [
                (["-H", "unix:///nowhere/docker.sock"], "there is no such socket"),
                (["-H", "tcp://127.0.0.1:1"], "nobody listens there"),
                (["-H", "tcp://no-such-host.invalid:2375"], "no-such-host.invalid"),
            ])
        func reasons(arguments: [String], reason: String) async throws {
            let session = Session()
            try session.launch(.small, arguments)
            try await session.expectScreen(saying: reason)
            try await session.expectScreen(contains: arguments[1])
            try await session.press("q")
            try await session.expectEnded(status: 0)
        }

        @Test("A socket without permission: the group is named")
        func noPermission() async throws {
            let session = Session()
            let folder = "/tmp/\(session.name("gantry-nobody"))"
            try run(["mkdir", "-p", folder])
            defer { _ = try? run(["rm", "-rf", folder], expecting: nil) }
            let socket = (TestEngine.address ?? "").replacingOccurrences(of: "unix://", with: "")
            try run(["chmod", "755", folder])
            // The Engine's folder is closed to others, so the program gets a way to the socket that only the
            // socket's own mode ends, and a copy of itself.
            try run(["install", "-m", "755", TestEngine.program ?? "", "\(folder)/gantry"])
            try run(["ln", socket, "\(folder)/docker.sock"])
            try run(["chmod", "660", socket])
            try session.terminal.open(
                .small,
                [
                    "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "env", "LANG=C.UTF-8",
                    "\(folder)/gantry", "-H", "unix://\(folder)/docker.sock",
                ])
            try await session.expectScreen(saying: "no permission")
            try await session.expectScreen(saying: "add yourself to the group docker")
        }

        @Test("DOCKER_HOST names the Engine, and -H overrules it")
        func dockerHost() async throws {
            let session = Session()
            let web = try session.container("web")
            try session.launch(.small, [], ["DOCKER_HOST": TestEngine.address])
            try await session.expect(row: web, contains: "Up ")
            let other = Session()
            try await other.open(.small, [], ["DOCKER_HOST": "unix:///nowhere/docker.sock"])
            try await other.expect(row: web, contains: "Up ")
        }
    }
}

extension Screen {
    /// The numbers of `line-7-` on the screen, from top to bottom.
    fileprivate var numbers: [Int] { text.matches(of: /line-(\d+)-/).compactMap { Int($0.output.1) } }
}
