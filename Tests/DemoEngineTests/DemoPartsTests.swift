import EngineAPI
import Foundation
import Testing

@testable import DemoEngine

/// The parts of the demo that read what comes from outside: nothing ends them, and nothing makes them grow.
@Suite struct DemoPartsTests {
    // MARK: Tars

    private func scanned(
        _ tar: [UInt8], _ size: Int = .max, wants: @escaping @Sendable (String) -> Bool = { _ in true }
    ) -> TarScanner {
        var scanner = TarScanner(wants: wants)
        var rest = tar[...]
        while !rest.isEmpty {
            let part = rest.prefix(size)
            scanner.take(part)
            rest = rest.dropFirst(part.count)
        }
        return scanner
    }

    @Test(arguments: [1, 7, 511, 512, 513, 4096]) func aTarIsReadTheSameHoweverItComes(size: Int) {
        let long = "a/" + String(repeating: "long-", count: 40) + "name"
        let tar =
            DemoTar.header("folder", .folder(0)) + DemoTar.entry("./folder/one", "1".utf8, at: 0)
            + DemoTar.entry(long, "22".utf8, at: 0)
            + DemoTar.header("link", .link("folder/one", 0)) + DemoTar.entry("empty", "".utf8, at: 0) + DemoTar.end
        let scanner = scanned(tar, size)
        #expect(scanner.entries.map(\.name) == ["folder", "folder/one", long, "link", "empty"])
        #expect(scanner.entry(long)?.data == Array("22".utf8) && scanner.entry("empty")?.data == [])
        #expect(scanner.isTar && scanner.contents == 3 && scanner.total == tar.count)
    }

    @Test func ofALargeTarNextToNothingIsKept() {
        var scanner = TarScanner { _ in true }
        let file = DemoFile(size: 1 << 20, time: 0)
        let zeros = [UInt8](repeating: 0, count: 64 << 10)
        for number in 0..<40 {
            scanner.take(DemoTar.header("large-\(number)", file))
            for _ in 0..<16 { scanner.take(zeros) }
        }
        for number in 0..<6_000 {
            scanner.take(DemoTar.entry("small-\(number)", String(repeating: "x", count: 300).utf8, at: 0))
        }
        #expect(scanner.entries.count == TarScanner.entriesKept && scanner.isCut)
        #expect(scanner.entries.reduce(0) { $0 + ($1.data?.count ?? 0) } <= TarScanner.bytesKept)
        #expect(scanner.contents == 40 << 20 + 1_800_000)
    }

    @Test func whatIsNoTarIsReadToItsEnd() {
        var random = SplitMix(0x7A2)
        let good =
            DemoTar.entry("one", String(repeating: "1", count: 600).utf8, at: 0) + DemoTar.entry("two", "2".utf8, at: 0)
            + DemoTar.end
        for round in 0..<400 {
            var bytes =
                round % 2 == 0 ? good : (0..<random.below(3000)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            for _ in 0..<random.below(6) where !bytes.isEmpty {
                bytes[random.below(bytes.count)] = UInt8(truncatingIfNeeded: random.next())
            }
            let scanner = scanned(bytes, random.below(700) + 1)
            #expect(scanner.total == bytes.count && scanner.entries.count <= 3)
        }
        #expect(scanned([0x1F, 0x8B, 8, 0]).isCompressed)
    }

    // MARK: The shell

    private func run(_ line: String, in container: String = "shop-db-1", _ host: inout DemoHost) throws -> (
        text: String, code: Int
    ) {
        var shell = DemoShell(container: try host.find(container), folder: "/tmp", hasTerminal: false)
        let outcome = shell.run(line, &host)
        return (String(decoding: outcome.pieces.flatMap(\.text), as: UTF8.self), outcome.exit ?? shell.code)
    }

    @Test(
        arguments: [
            ("echo a  'b  c' \"$HOME\"", "a b  c /root\n", 0), ("A=1; echo $A${A}x", "11x\n", 0),
            ("false && echo no; echo $?", "1\n", 0),
            ("false || echo yes", "yes\n", 0), ("echo one > f; echo two >> f; cat f", "one\ntwo\n", 0),
            ("echo x | cat | wc -c", "2\n", 0), ("printf 'a\\nb\\n' | tail -n 1", "b\n", 0),
            ("ls /nowhere", "ls: /nowhere: No such file or directory\n", 1),
            ("frobnicate", "sh: frobnicate: not found\n", 127),
            ("echo 'open", "sh: syntax error: unterminated quoted string\n", 2),
            ("exit 4; echo never", "", 4), ("ls nothing 2>/dev/null; echo $?", "1\n", 0), ("echo a # b", "a\n", 0),
            ("cd /etc && pwd", "/etc\n", 0),
            ("mkdir d && touch d/x && ls d && rm -r d && ls", "x\n", 0),
            ("&& x", "sh: syntax error: unexpected \"&&\"\n", 2),
            ("sh -c 'echo in; exit 6'", "in\n", 6), ("echo hi >&2", "hi\n", 0), ("echo x 2>&1", "x\n", 0),
            ("exec echo e", "e\n", 0),
            ("echo gone >/dev/null 2>&1; echo $?", "0\n", 0),
        ] as [(String, String, Int)])
    func aLineOfTheShell(line: String, text: String, code: Int) throws {
        var host = DemoHost.shop()
        let outcome = try run(line, &host)
        #expect(outcome.text == text)
        #expect(outcome.code == code)
    }

    @Test func whateverIsTypedDoesNoHarm() throws {
        var random = SplitMix(0x5E11)
        var host = DemoHost.shop()
        let words: [[UInt8]] = [
            "ls", "echo", "cat", "\r", "\n", "\u{1B}[A", "\u{1B}[", "\u{1B}", "'", "\"", "$", "${", "\\", ";", "&&",
            "|", ">", "<", "2>&1", "/etc/passwd", " ", "é", "\u{7F}", "\u{3}", "\u{15}", "\u{C}", "exec ", "rm -rf /",
            "sleep 0.01",
        ].map { Array($0.utf8) }
        for hasTerminal in [true, false] {
            for _ in 0..<12 {
                let container = try host.find("shop-db-1")
                var process = DemoProcess(
                    ["sh"], shell: DemoShell(container: container, hasTerminal: hasTerminal), hasTerminal: hasTerminal,
                    at: host.now)
                process.begin(&host)
                for _ in 0..<40 {
                    let bytes =
                        random.often(200)
                        ? (0..<random.below(40)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
                        : random.pick(words)
                    process.take(bytes, &host)
                    host.advance(by: 5 * .millisecond)
                    _ = process.output(&host)
                }
                process.endInput(&host)
                host.advance(by: .day)
                _ = process.output(&host)
                #expect(process.hasEnded(at: host.now))
            }
        }
        #expect(host.overlays.values.allSatisfy { $0.files.count <= DemoOverlay.filesKept })
        #expect(host.bytesWritten == host.overlays.values.reduce(0) { $0 + $1.bytes })
    }

    @Test func whatIsWrittenButNotReadIsBounded() throws {
        var host = DemoHost.shop()
        let container = try host.find("shop-db-1")
        var process = DemoProcess(["sh"], shell: DemoShell(container: container), hasTerminal: false, at: host.now)
        process.begin(&host)
        for _ in 0..<200 { process.take(Array("seq 1 20000\n".utf8), &host) }
        #expect(process.isTooFull)
        #expect(
            process.output(&host).reduce(0) { $0 + $1.bytes.count } <= DemoProcess.outputKept + DemoShell.outputLimit)
    }

    // MARK: Names, Dockerfiles

    @Test(arguments: [
        ("nginx", "nginx:latest", "docker.io"), ("library/nginx:1", "nginx:1", "docker.io"),
        ("docker.io/a/b", "a/b:latest", "docker.io"),
        ("registry.example.com:5000/a/b:2", "registry.example.com:5000/a/b:2", "registry.example.com:5000"),
        ("localhost/x", "localhost/x:latest", "localhost"),
    ])
    func aNameOfAnImage(text: String, name: String, registry: String) {
        #expect(
            DemoReference(text).name == name && DemoReference(text).registry == registry && DemoReference(text).isValid)
    }

    @Test(arguments: ["", "A/b", "a//b", "a b", "a:", "-a", "a:b c", "ä", "/"]) func whatIsNoNameOfAnImage(text: String)
    {
        let reference = DemoReference(text)
        #expect(!reference.isValid || text == "a:")
    }

    @Test func aDockerfileIsReadLineByLine() throws {
        let file = try Dockerfile(
            "# c\n\nFROM a AS b\r\nRUN one \\\n  # between\n  && two\nCMD [\"x\"]", name: "Dockerfile")
        #expect(file.instructions.map(\.text) == ["FROM a AS b", "RUN one && two", "CMD [\"x\"]"])
        #expect(file.instructions.map(\.line) == [3, 4, 7])
        #expect(throws: DemoHost.Refusal.bad("dockerfile parse error on line 2: unknown instruction: FROB")) {
            try Dockerfile("FROM a\nFROB b", name: "Dockerfile")
        }
    }

    @Test func aDateIsReadAsItWasWritten() {
        for time in [0, 951_782_400, 1_795_487_400, 4_102_444_799].map({ Nanoseconds($0) * .second }) {
            #expect(Nanoseconds(rfc3339: time.rfc3339) == time)
        }
        #expect(Nanoseconds(rfc3339: "yesterday") == nil && Nanoseconds(rfc3339: "2026-13-01T00:00:00Z") == nil)
    }
}
