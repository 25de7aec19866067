import Testing

@testable import Dashboard

/// Lines that are JSON objects, laid out for reading.
@Suite struct LogJSONTests {
    private func json(_ text: String) -> LogJSON? { LogJSON(Array(text.utf8)[...]) }
    private func summary(_ text: String) -> String? { json(text)?.line }
    private func folded(_ text: String) -> [String]? { json(text)?.folded.map { $0.map(\.text).joined() } }

    @Test(arguments: [
        (#""level":"info""#, LogLevel.info, "INFO"), (#""level":"warn""#, .warning, "WARN"),
        (#""LEVEL":"Error""#, .error, "ERROR"), (#""severity":"WARNING""#, .warning, "WARNING"),
        (#""lvl":"dbg""#, .debug, "DBG"), (#""log.level":"trace""#, .trace, "TRACE"),
        (#""loglevel":"crit""#, .error, "CRIT"),
        (#""level":10"#, .trace, "TRACE"), (#""level":20"#, .debug, "DEBUG"), (#""level":30"#, .info, "INFO"),
        (#""level":40"#, .warning, "WARN"), (#""level":50"#, .error, "ERROR"), (#""level":60"#, .error, "FATAL"),
        (#""level":"30""#, .info, "INFO"),
    ])
    func levels(field: String, level: LogLevel, word: String) {
        let json = json("{\(field),\"msg\":\"m\"}")
        #expect(json?.level?.level == level)
        #expect(json?.level?.word == word)
        // It is said once.
        #expect(json?.fields.isEmpty == true)
    }

    @Test(arguments: [
        #""level":35"#, #""level":"high""#, #""level":null"#, #""level":{"a":1}"#, #""level":[30]"#, #""level":true"#,
    ])
    func whatIsNoLevelIsAValueLikeOthers(field: String) {
        let json = json("{\(field),\"msg\":\"m\"}")
        #expect(json?.level == nil)
        #expect(json?.fields.map(\.key) == ["level"])
        #expect(json?.message == ["m"])
    }

    @Test func inOneRow() {
        #expect(
            summary(#"{"time":"2026","level":"info","msg":"up","port":80,"ok":true,"x":null,"s":"a b"}"#)
                == #"INFO  up  port=80  ok=true  x=null  s="a b""#)
        #expect(summary(#"{"level":"error","msg":"up"}"#) == "ERROR up")
        #expect(summary(#"{"a":1}"#) == "a=1")
        #expect(summary(#"{"level":"info","a":1}"#) == "INFO  a=1")
        #expect(summary(#"{"msg":"one\ntwo\nthree","a":1}"#) == "one (+2 lines)  a=1")
        #expect(summary(#"  {"msg":"m"} "#) == "m")
        #expect(summary(#"{"message":"m","ts":1,"@timestamp":2,"timestamp":3,"t":4,"datetime":5}"#) == "m")
        #expect(summary(#"{"event":"e","msg":"m"}"#) == #"e  msg="m""#)
        #expect(summary(#"{"body":"b","MSG":"m"}"#) == #"b  MSG="m""#)
        #expect(summary(#"{"a":{"b":[1,{"c":"d"}]},"e":{},"f":[]}"#) == #"a={"b": [1,{"c": "d"}]}  e={}  f=[]"#)
        #expect(summary("{\"msg\":\"a\u{1B}[2Jb\u{202E}c\"}") == "a␛[2Jbc")
    }

    @Test func foldedOut() {
        #expect(
            folded(#"{"level":"warn","msg":"slow","ms":12,"q":{"a":[1,2],"b":{}},"e":[]}"#)
                == [
                    "WARN  slow", "      ms: 12", "      q: {", #"        "a": ["#, "          1,", "          2",
                    "        ],",
                    #"        "b": {}"#, "      }", "      e: []",
                ])
        #expect(
            folded(#"{"msg":"one\ntwo\n","trace":"at a\n\tat b\r\n","n":"x"}"#)
                == [
                    "one", "      two", "      ", "      trace:", "        at a", "        \tat b", "        ",
                    #"      n: "x""#,
                ])
        #expect(folded(#"{"a":1,"b":"2"}"#) == ["", "      a: 1", #"      b: "2""#])
    }

    @Test(arguments: [
        "", "x", "{}", "{ }", "[1,2]", #"["a"]"#, "null", "{not json}", "{1}", #"{"a":1"#, #""a":1}"#, #"{"a":1} x"#,
        "{\"a\"", "{", "}", "{}{}", "12", #"x {"a":1}"#,
    ])
    func whatIsNoObject(text: String) {
        #expect(json(text) == nil)
    }

    @Test(arguments: [
        #"{"a":}"#, #"{"a":1,}"#, #"{"a" 1}"#, #"{"a":"b}"#, #"{"a":"b\"}"#, #"{"a":[1,2}"#, #"{"a":1}}"#, #"{{"a":1}"#,
        #"{"a":1}{"b":2}"#, "{\"\u{0}\":\"\u{1}\"}", #"{"":""}"#, #"{"a":--1e5}"#, #"{"\u00":"\u"}"#, #"{"a":1,"a":2}"#,
    ])
    func whatIsAlmostJSONDoesNoHarm(text: String) {
        guard let json = json(text) else { return }
        #expect(!json.folded.isEmpty)
        #expect(json.line.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F })
    }

    @Test func onlySoMuchIsLaidOut() {
        func object(_ size: Int) -> String { #"{"a":"\#(String(repeating: "x", count: size - 8))"}"# }
        #expect(object(64 << 10).utf8.count == 64 << 10)
        #expect(json(object(64 << 10)) != nil)
        #expect(json(object((64 << 10) + 1)) == nil)
        // Spaces in front are not counted.
        #expect(json("   " + object(64 << 10)) != nil)
        // As deep as it will go.
        let deep = String(repeating: #"{"a":"#, count: 9_000) + "1" + String(repeating: "}", count: 9_000)
        #expect(json(deep)?.fields.count == 1)
    }

    @Test func bytesThatAreNoUTF8() {
        let line = Array(#"{"msg":"a"#.utf8) + [0xFF, 0xFE] + Array(#"","b":"c"}"#.utf8)
        #expect(LogJSON(line[...])?.message == ["a\u{FFFD}\u{FFFD}"])
        #expect(LogJSON(line[...])?.fields.map(\.key) == ["b"])
        // And a slice of more.
        #expect(LogJSON((Array("xx".utf8) + line)[2...])?.fields.count == 1)
    }

    @Test(arguments: [
        (#""plain""#, "plain"), (#""""#, ""), ("12", "12"), ("true", "true"), (#""a\nb\tc\rd""#, "a\nb\tc\rd"),
        (#""\"q\" \\ \/""#, #""q" \ /"#), (#""\b\f""#, "  "), (#""\u0041\u00e9\u65E5""#, "Aé日"), (#""é日😀""#, "é日😀"),
        (#""\ud83d\ude00""#, "😀"), (#""\uD83D\uDE00!""#, "😀!"), (#""\ud83d\ud83d\ude00""#, "\u{FFFD}😀"),
        (#""\ud83d""#, "\u{FFFD}"), (#""\ud83dx\ude00""#, "\u{FFFD}x\u{FFFD}"), (#""\ud83d\n""#, "\u{FFFD}\n"),
        (#""\ude00""#, "\u{FFFD}"), (#""\ud83d\u0041""#, "\u{FFFD}A"), (#""\u12""#, "\u{12}"), (#""a\""#, #"a\"#),
        (#"""#, #"""#), ("", ""), ("\"\u{301}a\"", "\u{301}a"), ("\"a\u{301}\"", "a\u{301}"), (#""\x""#, "x"),
    ])
    func unquoted(text: String, shown: String) {
        #expect(LogJSON.unquoted(text) == shown)
    }
}
