import Testing

@testable import Dashboard
@testable import Terminal

/// Which word of a line says how serious it is.
@Suite struct LogLevelTests {
    private func find(_ text: String) -> (level: LogLevel, word: String)? {
        let bytes = Array(text.utf8)
        return LogLevel.find(in: bytes).map { ($0.level, String(decoding: bytes[$0.range], as: UTF8.self)) }
    }

    @Test(arguments: [
        ("ERROR no connection", LogLevel.error, "ERROR"), ("no connection: ERROR", .error, "ERROR"),
        ("[error] no connection", .error, "error"), ("[Error] no connection", .error, "Error"),
        ("<warn> slow", .warning, "warn"), ("warn: slow", .warning, "warn"), ("Warning: slow", .warning, "Warning"),
        ("level=warn msg=slow", .warning, "warn"), (#"time=1 level="info" msg=x"#, .info, "info"),
        (#"{"level":"debug","msg":"x"}"#, .debug, "debug"), ("2026-01-01 12:00:00 INFO started", .info, "INFO"),
        ("2026/01/01 12:00:00 [notice] 1#1: start", .info, "notice"), ("|trace| in", .trace, "trace"),
        ("INF ready", .info, "INF"), ("WRN slow", .warning, "WRN"), ("DBG x", .debug, "DBG"), ("TRC x", .trace, "TRC"),
        ("FATAL: role", .error, "FATAL"), ("panic: runtime error", .error, "panic"),
        ("CRITICAL disk", .error, "CRITICAL"),
        ("crit: disk", .error, "crit"), ("app|WARN|slow", .warning, "WARN"), ("severity=SEVERE", .error, "SEVERE"),
        ("INFO", .info, "INFO"), ("info:", .info, "info"), ("[INFO][main] up", .info, "INFO"),
        ("Exception: bad", .error, "Exception"), ("java.lang.Exception: bad", .error, "Exception"),
        ("INFORMATION x", .info, "INFORMATION"), ("x ALERT x", .error, "ALERT"), ("EMERGENCY", .error, "EMERGENCY"),
        // The first one counts.
        ("INFO no ERROR here", .info, "INFO"), ("\tERROR x", .error, "ERROR"), ("日本 ERROR x", .error, "ERROR"),
    ])
    func aLevel(text: String, level: LogLevel, word: String) {
        #expect(find(text)?.level == level)
        #expect(find(text)?.word == word)
    }

    @Test(arguments: [
        "", " ", "information about the error", "an error occurred", "no warning was given", "for your info",
        "debug mode is on", "it is fatal", "to panic", "notice the difference", "an alert came", "critical mass",
        "errors: 5", "ERRORS 5", "TERROR", "ERRORE", "WARNINGS", "INFOS", "informational", "GET /error HTTP/1.1",
        "/var/log/error.log", "error_log", "no-error-here", "Error handling", "Info about", "mirror", "IN FO", "E",
        "EE",
        "EXCEPTIONALLY", "x=errors", "[errors]",
    ])
    func whatIsNoLevel(text: String) {
        #expect(find(text) == nil)
    }

    @Test func onlyTheBeginningIsLookedAt() {
        let far = String(repeating: ".", count: 160)
        #expect(find(far + "ERROR") == nil)
        #expect(find(far.dropLast(6) + " ERROR x")?.level == .error)
    }

    @Test func aWordThatIsCutThereIsNone() {
        // What stands behind the end of what is looked at is part of the word all the same.
        #expect(find(String(repeating: ".", count: 155) + "ERRORS of the day") == nil)
        #expect(find(String(repeating: ".", count: 155) + "ERROR of the day")?.level == .error)
        #expect(find(String(repeating: ".", count: 155) + "ERROR")?.level == .error)
    }

    @Test func placesAreThoseOfASlice() {
        let bytes = Array("xxxx WARN y".utf8)
        #expect(LogLevel.find(in: bytes[3...])?.range == 2..<6)
    }

    @Test(arguments: [
        ("warn", LogLevel.warning), ("WARNING", .warning), ("Error", .error), ("fatal", .error), ("Information", .info),
        ("trace", .trace), ("DEBUG", .debug),
    ])
    func aLevelAsAValue(word: String, level: LogLevel) {
        #expect(LogLevel(word: word.utf8) == level)
    }

    @Test(arguments: ["", "30", "w", "warn ", "high", "日"])
    func whatIsNoLevelAsAValue(word: String) {
        #expect(LogLevel(word: word.utf8) == nil)
    }

    @Test func theWordIsColouredWhereItStandsSidewaysToo() {
        var bench = Bench.connected([.make("web")])
        bench.log(["0123456789 ERROR it broke"], of: "web")
        bench.press("enter")
        func coloured() -> String {
            let theme = bench.state.theme
            let style = theme[LogLevel.error.role, over: theme[.text]]
            let cells = bench.frame.cells(row: bench.state.layout.body.y).filter { $0.style == style }
            return String(String.UnicodeScalarView(cells.map(\.scalar)))
        }
        #expect(coloured() == "ERROR")
        bench.press("right")
        #expect(bench.state.engine.log?.column == 8 && coloured() == "ERROR")
        bench.press("right")
        // It is out of sight, and nothing else has its colour.
        #expect(bench.state.engine.log?.column == 16 && coloured().isEmpty)
    }
}
