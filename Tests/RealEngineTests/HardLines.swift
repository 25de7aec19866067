import FoundationEssentials
import Testing

@testable import EngineAPI

private let given = Comment("set GANTRY_TEST_ENGINE to the address of an Engine (Tests/engine.sh start DIR)")

/// Lines that are hard on whoever reads them: what `Engine.logs` gives is what was written, and where it is not, the
/// Engine itself has changed it.
@Suite(.enabled(if: TestEngine.isGiven, given), .timeLimit(.minutes(2)))
struct HardLines {
    private static let drivers = ["json-file", "local"]

    /// A line as it came, whole: its parts are put together.
    private struct Line: Equatable, CustomStringConvertible {
        var source = LogSource.stdout
        var bytes: [UInt8]
        var parts = 1

        var description: String { "\(source) \(bytes.count) \(String(decoding: bytes.prefix(80), as: UTF8.self))" }
    }

    private func lines(_ engine: Engine, _ id: ContainerID, tty: Bool = false, follow: Bool = false) async throws
        -> [Line]
    {
        let batches = try await within {
            var batches: [LogBatch] = []
            for try await batch in try await engine.logs(id, tty: tty, follow: follow) { batches.append(batch) }
            return batches
        }
        var lines: [Line] = []
        var open: [LogSource: Line] = [:]
        for batch in batches {
            for line in batch.lines {
                var whole = open.removeValue(forKey: line.source) ?? Line(source: line.source, bytes: [], parts: 0)
                whole.bytes += batch.text(of: line)
                whole.parts += 1
                if line.continued { open[line.source] = whole } else { lines.append(whole) }
            }
        }
        #expect(open.isEmpty)
        return lines
    }

    /// Has a container run a script to its end, and gives its log.
    private func log(_ script: String, _ options: [String] = []) async throws -> [Line] {
        let result = Mutexed<[Line]>([])
        try await withContainer(script, options) { engine, id in
            try await eventually("it ended") { try await engine.inspect(id).value.state.state == .exited }
            result.set(try await lines(engine, id, tty: options.contains("-t")))
        }
        return result.get()
    }

    /// Has a container write some bytes, and gives its log.
    private func log(writing bytes: [UInt8], _ options: [String] = []) async throws -> [Line] {
        try await log("echo \(Data(bytes).base64EncodedString()) | base64 -d", options)
    }

    /// Has a container write lines, each with a line end, and expects just them.
    private func expectKept(_ texts: [String], driver: String) async throws {
        let bytes = texts.flatMap { text -> [UInt8] in Array(text.utf8) + [10] }
        let lines = try await log(writing: bytes, ["--log-driver", driver])
        #expect(lines.map { String(decoding: $0.bytes, as: UTF8.self) } == texts)
        #expect(lines.map(\.bytes) == texts.map { Array($0.utf8) })
    }

    // MARK: Long lines

    // Engine 20.10 forgets the line end of a line that it cut when its log driver is `local`, and the docker client
    // shows the next line behind it; what `Engine.logs` gives is whole all the same.

    @Test(arguments: drivers) func aLineOfTenMegabytes(driver: String) async throws {
        // Numbers, so that nothing can be missing or double without being seen.
        let script = "seq 1 1500000 | tr '\\n' ,; echo; echo after; seq 1 1500000 | tr '\\n' , >&2; echo >&2"
        let lines = try await log(script, ["--log-driver", driver])
        var expected: [UInt8] = []
        for number in 1...1_500_000 { expected += Array("\(number),".utf8) }
        try #require(lines.count == 3)
        #expect(expected.count > 10 << 20)
        // The two streams are read at the same time: only within each there is an order.
        #expect(lines.filter { $0.source == .stdout }.map { $0.bytes.count } == [expected.count, 5])
        for line in lines where line.bytes.count > 5 {
            #expect(line.bytes == expected)
            // In parts of a megabyte, so that memory stays bounded.
            #expect(line.parts == (expected.count + (1 << 20) - 1) >> 20)
        }
    }

    @Test func aLongLineOfATerminal() async throws {
        let lines = try await log("seq 1 300000 | tr '\\n' ,; echo; echo after", ["-t"])
        var expected: [UInt8] = []
        for number in 1...300_000 { expected += Array("\(number),".utf8) }
        try #require(lines.count == 2)
        #expect(lines[0].bytes == expected)
        #expect(lines[1].bytes == Array("after".utf8))
    }

    /// The Engine cuts a line after every 16 KB, and the json-file driver makes U+FFFD of each byte of a letter that
    /// was cut in two. All else is as it was.
    @Test(arguments: [false, true]) func lettersAtTheEnginesCuts(tty: Bool) async throws {
        let script = "yes 猫 | head -n 12000 | tr -d '\\n'; echo; echo after"
        let lines = try await log(script, tty ? ["-t"] : [])
        try #require(lines.count == 2)
        let text = String(decoding: lines[0].bytes, as: UTF8.self)
        #expect(text.unicodeScalars.count { $0 == "猫" } == 11_998)
        #expect(text.unicodeScalars.count { $0 == "\u{FFFD}" } == 6)
        #expect(text.unicodeScalars.count == 11_998 + 6)
        #expect(lines[1].bytes == Array("after".utf8))
    }

    @Test func lettersAtTheCutsOfADriverThatKeepsBytes() async throws {
        let script = "yes 猫 | head -n 12000 | tr -d '\\n'; echo"
        let lines = try await log(script, ["--log-driver", "local"])
        #expect(lines.map { String(decoding: $0.bytes, as: UTF8.self) } == [String(repeating: "猫", count: 12_000)])
    }

    /// Lines of just as many bytes as the Engine cuts after, one less, one more.
    @Test(arguments: [[], ["-t"], ["--log-driver", "local"]]) func linesAsLongAsTheEnginesCuts(
        options: [String]
    ) async throws {
        let lengths = [16_382, 16_383, 16_384, 16_385, 16_386, 32_767, 32_768, 32_769, 65_536, 1 << 20, (1 << 20) + 1]
        let script = lengths.map { "head -c \($0) /dev/zero | tr '\\0' x; echo" }.joined(separator: "; ")
        let lines = try await log(script, options)
        #expect(lines.map(\.bytes.count) == lengths)
        #expect(lines.allSatisfy { $0.bytes.allSatisfy { $0 == UInt8(ascii: "x") } })
    }

    // MARK: Lines without an end

    @Test func aProgressBar() async throws {
        let script = "for i in $(seq 0 5 100); do printf '\\rdone %3d %%' $i; done; echo; echo ready"
        let bar = stride(from: 0, through: 100, by: 5).map { number in
            "\rdone " + String(repeating: " ", count: 3 - "\(number)".count) + "\(number) %"
        }
        for options in [[], ["-t"]] {
            let lines = try await log(script, options)
            #expect(lines.map { String(decoding: $0.bytes, as: UTF8.self) } == [bar.joined(), "ready"])
        }
    }

    @Test(arguments: [[], ["-t"], ["--log-driver", "local"]]) func aLastLineWithoutAnEnd(options: [String]) async throws
    {
        let lines = try await log("echo one; printf two; printf ' and a half'", options)
        #expect(lines.map(\.bytes) == [Array("one".utf8), Array("two and a half".utf8)])
    }

    /// What has no end is kept by the Engine until it has one, or 16 KB, or the container ends: nobody sees it before.
    @Test func aLineWithoutAnEndWhileTheContainerRuns() async throws {
        func wait(_ file: String) -> String { "until [ -e /tmp/\(file) ]; do sleep 0.05; done" }
        let script =
            "printf 'one\\nhalf'; \(wait("go")); printf ' and whole\\nno end'; \(wait("on")); "
            + "head -c 20000 /dev/zero | tr '\\0' x; sleep 1000"
        try await withContainer(script) { engine, id in
            let log = try await engine.logs(id, tty: false, follow: true)
            let reader = Task { try await log.texts(2) }
            try await eventually("the first line") {
                try await engine.logs(id, tty: false, follow: false).texts().map(\.1) == ["one"]
            }
            try docker(["exec", id.rawValue, "touch", "/tmp/go"])
            #expect(try await reader.value.map(\.1) == ["one", "half and whole"])
            try docker(["exec", id.rawValue, "touch", "/tmp/on"])
            // Its first 16 KB are there, unfinished; who does not follow is given what there is.
            let expected = Array(("no end" + String(repeating: "x", count: 20_000)).utf8)
            try await eventually("the first 16 KB") {
                try await lines(engine, id).last?.bytes == Array(expected.prefix(16_384))
            }
            try await engine.kill(id)
            try await eventually("it ended") { try await engine.inspect(id).value.state.state == .exited }
            #expect(try await lines(engine, id).map(\.bytes).last == expected)
        }
    }

    // MARK: Bytes

    /// The json-file driver makes U+FFFD of every byte that belongs to no letter; the rest of the line stays.
    @Test func bytesThatAreNoUTF8() async throws {
        let hard: [([UInt8], String)] = [
            ([0xFF], "\u{FFFD}"), ([0x80], "\u{FFFD}"), ([0xC3], "\u{FFFD}"),
            // Half of 猫, an overlong slash, a surrogate, what is beyond Unicode.
            ([0xE7, 0x8C], "\u{FFFD}\u{FFFD}"), ([0xC0, 0xAF], "\u{FFFD}\u{FFFD}"),
            ([0xED, 0xA0, 0x80], "\u{FFFD}\u{FFFD}\u{FFFD}"),
            ([0xF4, 0x90, 0x80, 0x80], "\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}"),
            ([0xFE, 0xFE, 0xFF], "\u{FFFD}\u{FFFD}\u{FFFD}"),
            // Latin-1: größer.
            ([0x67, 0x72, 0xF6, 0xDF, 0x65, 0x72], "gr\u{FFFD}\u{FFFD}er"),
        ]
        let bytes = hard.flatMap { Array("<".utf8) + $0.0 + Array(">\n".utf8) }
        let replaced = try await log(writing: bytes)
        #expect(replaced.map { String(decoding: $0.bytes, as: UTF8.self) } == hard.map { "<\($0.1)>" })
        let kept = try await log(writing: bytes, ["--log-driver", "local"])
        #expect(kept.map(\.bytes) == hard.map { Array("<".utf8) + $0.0 + Array(">".utf8) })
    }

    /// All bytes but the line end, each in a line of its own and all in one, as the local driver has them; the json-file
    /// driver keeps those that are letters of ASCII. A carriage return at the end of a line is part of the line's end.
    @Test(arguments: drivers) func everyByte(driver: String) async throws {
        let all = (0...255 as ClosedRange<UInt8>).filter { $0 != 10 }
        let bytes = all.flatMap { [$0, 10] } + all + [10]
        let lines = try await log(writing: bytes, ["--log-driver", driver])
        func kept(_ byte: UInt8) -> [UInt8] {
            byte < 0x80 || driver == "local" ? [byte] : Array("\u{FFFD}".utf8)
        }
        try #require(lines.count == 256)
        #expect(lines.dropLast().map(\.bytes) == all.map { $0 == 13 ? [] : kept($0) })
        #expect(lines[255].bytes == all.flatMap(kept))
    }

    @Test func manyNULs() async throws {
        let lines = try await log("head -c 40000 /dev/zero; echo; printf 'a\\0b\\0\\n'")
        #expect(lines.map(\.bytes) == [[UInt8](repeating: 0, count: 40_000), [97, 0, 98, 0]])
    }

    @Test(arguments: drivers) func escapeSequencesOfEveryKind(driver: String) async throws {
        let escape = "\u{1B}"
        try await expectKept(
            [
                "\(escape)[31mred\(escape)[0m \(escape)[1;38;5;208mindexed\(escape)[m \(escape)[48;2;1;2;3mtrue\(escape)[49m",
                "\(escape)[38:2::255:100:0mwith colons\(escape)[0m",
                "\(escape)[2J\(escape)[H\(escape)[10;20H\(escape)[?25l\(escape)[?1049h\(escape)[K\(escape)[3A",
                "\(escape)]0;a title\u{7}\(escape)]8;;https://example.com\(escape)\\link\(escape)]8;;\(escape)\\",
                "\(escape)]52;c;aGVsbG8=\u{7}\(escape)]11;?\(escape)\\",
                "\(escape)Pq#0;2;0;0;0~~\(escape)\\ \(escape)_app\(escape)\\ \(escape)^private\(escape)\\ \(escape)Xstring\(escape)\\",
                "\(escape)(0lqk\(escape)(B \(escape)7\(escape)8\(escape)c\(escape)= \(escape)#8 \(escape)%G",
                "\u{9B}31mC1\u{9B}0m \u{9D}0;title\u{9C} \u{90}dcs\u{9C} \u{85}\u{84}",
                "\u{8}\u{8}\u{7}\u{B}\u{C}\u{E}\u{F}\u{7F}", "\(escape)", "\(escape)[", "\(escape)]0;no end",
                "\(escape)[1;2;3",
            ], driver: driver)
    }

    @Test(arguments: drivers) func lettersOfEveryKind(driver: String) async throws {
        try await expectKept(
            [
                "größer, naïve, Ελληνικά, русский, 日本語, 한국어, ไทย, हिन्दी",
                "👩‍👩‍👧‍👦 🏳️‍🌈 👍🏽 🇩🇪🇫🇷 ❤️ 1️⃣ 🏴󠁧󠁢󠁥󠁮󠁧󠁿",
                "שלום עולם 123 abc مرحبا بالعالم ۱۲۳",
                "\u{202E}dlrow olleh\u{202C} \u{2067}אבג\u{2069} \u{200F}\u{200E}\u{61C}",
                "e\u{301}e\u{301} a" + String(repeating: "\u{334}", count: 60)
                    + " \u{FEFF}bom \u{AD}soft\u{200B}zero\u{2060}",
                "\u{2028}line separator\u{2029}paragraph\u{85}next\u{A0}space\u{3000}wide",
                "\u{FFFD}\u{FFFE}\u{E000}\u{10FFFF}\u{10000}",
                "\t\ttabs\tand  spaces  ", " ", "",
            ], driver: driver)
    }

    // MARK: Line ends

    /// A carriage return before the line end belongs to it; others are the line's own.
    @Test(arguments: [[], ["-t"], ["--log-driver", "local"]]) func lineEndsOfWindows(options: [String]) async throws {
        let text = "one\r\ntwo\r\n\r\nthree\rfour\r\nfive\n"
        let lines = try await log(writing: Array(text.utf8), options)
        // The terminal itself puts a carriage return before every line feed: one more belongs to the line.
        let own = options == ["-t"] ? "\r" : ""
        #expect(
            lines.map { String(decoding: $0.bytes, as: UTF8.self) }
                == ["one\(own)", "two\(own)", own, "three\rfour\(own)", "five"])
    }

    @Test func emptyLines() async throws {
        for options in [[], ["-t"], ["--log-driver", "local"]] {
            let lines = try await log("echo; echo; echo text; echo; echo >&2", options)
            #expect(lines.count == 5)
            #expect(lines.filter { !$0.bytes.isEmpty }.map(\.bytes) == [Array("text".utf8)])
        }
    }

    /// A terminal has one stream, and the container's own way with it: line feeds become Windows line ends, which are
    /// the log's line ends again.
    @Test func theStreamOfATerminal() async throws {
        let script =
            "echo out; echo err >&2; printf 'a\\tb\\033[32mgreen\\033[0m\\n'; [ -t 1 ] && echo terminal; "
            + "stty -onlcr; printf 'bare\\nline feed\\n'; printf '\\rover\\rwritten\\n'"
        let lines = try await log(script, ["-t"])
        #expect(lines.allSatisfy { $0.source == .stdout })
        #expect(
            lines.map { String(decoding: $0.bytes, as: UTF8.self) } == [
                "out", "err", "a\tb\u{1B}[32mgreen\u{1B}[0m", "terminal", "bare", "line feed", "\rover\rwritten",
            ])
    }

    // MARK: Both streams

    @Test(arguments: drivers) func bothStreamsInterleaved(driver: String) async throws {
        let script = "i=0; while [ $i -lt 2000 ]; do i=$((i+1)); echo out $i; echo err $i >&2; done"
        try await withContainer(script, ["--log-driver", driver]) { engine, id in
            try await eventually("it ended") { try await engine.inspect(id).value.state.state == .exited }
            let lines = try await lines(engine, id)
            // Each stream is in order; how they lie between each other is as the Engine got hold of them.
            for (source, name) in [(LogSource.stdout, "out"), (.stderr, "err")] {
                let own = lines.filter { $0.source == source }.map { String(decoding: $0.bytes, as: UTF8.self) }
                #expect(own == (1...2_000).map { "\(name) \($0)" })
            }
            #expect(lines.count == 4_000)
            // The same with a line's parts: asked for one stream, one gets it.
            let errors = try await within {
                try await engine.logs(id, tty: false, follow: false, stdout: false).texts()
            }
            #expect(errors.count == 2_000 && errors.allSatisfy { $0.0 == .stderr })
        }
    }

    /// Long lines of both streams at once: their parts come mixed.
    @Test(arguments: drivers) func longLinesOfBothStreamsAtOnce(driver: String) async throws {
        let write = { (name: String, to: String) in
            "for i in 1 2 3 4 5 6; do { printf '\(name) '; seq 1 20000 | tr '\\n' ' '; echo; } >&\(to); done"
        }
        let lines = try await log("(\(write("out", "1"))) & (\(write("err", "2"))); wait", ["--log-driver", driver])
        let numbers = (1...20_000).map { "\($0) " }.joined()
        for (source, name) in [(LogSource.stdout, "out"), (.stderr, "err")] {
            let own = lines.filter { $0.source == source }
            #expect(own.count == 6)
            #expect(own.allSatisfy { $0.bytes == Array("\(name) \(numbers)".utf8) })
        }
    }

    // MARK: What programs write

    @Test(arguments: drivers) func linesOfJSON(driver: String) async throws {
        try await expectKept(
            [
                #"{"level":"info","msg":"a \"quoted\" word, a \\ and a \u0041","n":1.5e-3,"t":null,"a":[{},[]]}"#,
                #"{"html":"<b>&amp;</b>","slash":"\/","nul":"\u0000","pair":"\ud83d\ude00"}"#,
                #"  {"indented" : true}  "#,
                #"{"log":"one\n","stream":"stdout","time":"2026-11-24T08:05:53.963806839Z"}"#,
                #"{"cut": "#, #"[1,2,3]"#, #""text""#,
                // A line that begins like what the Engine puts before each.
                "2026-11-24T08:05:53.963806839Z a line of a log in a log", "2026-11-24T08:05:53Z",
            ], driver: driver)
    }

    @Test(arguments: drivers) func stackTraces(driver: String) async throws {
        try await expectKept(
            [
                "Exception in thread \"main\" java.lang.IllegalStateException: a $1 \\d \u{2026}",
                "\tat com.example.Shop.<init>(Shop.java:17)", "\tat com.example.Shop$1.run(Shop.java:42) ~[shop.jar:?]",
                "Caused by: java.io.IOException: %s %n \\n", "\t... 12 more", "",
                "Traceback (most recent call last):", "  File \"<stdin>\", line 1, in <module>",
                "    1/0", "    ~^~", "ZeroDivisionError: division by zero",
                "goroutine 1 [running]:", "main.main()", "\t/go/src/main.go:5 +0x1d",
            ], driver: driver)
    }

    /// The same bytes whether one follows from the start or reads at the end.
    @Test func followedAndReadAreTheSame() async throws {
        let script =
            "i=0; while [ $i -lt 300 ]; do i=$((i+1)); printf 'line %d\\r\\n' $i; printf '\\033[3%dmred\\033[0m 猫\\n' $((i%8)); "
            + "head -c $((i*97)) /dev/zero | tr '\\0' z; echo; done; sleep 1000"
        try await withContainer(script) { engine, id in
            let followed = try await engine.logs(id, tty: false, follow: true).texts(900)
            let read = try await engine.logs(id, tty: false, follow: false).texts()
            #expect(followed.count == 900)
            #expect(followed.map(\.1) == read.map(\.1))
            let expected = (1...300).flatMap { number in
                [
                    "line \(number)", "\u{1B}[3\(number % 8)mred\u{1B}[0m 猫",
                    String(repeating: "z", count: number * 97),
                ]
            }
            #expect(read.map(\.1) == expected)
        }
    }
}
