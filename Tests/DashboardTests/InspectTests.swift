import EngineAPI
import Foundation
import Terminal
import Testing

@testable import Dashboard

@Suite struct InspectTests {
    private func texts(_ json: String) -> [String] {
        InspectLine.lines(of: Array(json.utf8)).map {
            String(repeating: " ", count: $0.indent) + $0.spans.map(\.text).joined()
        }
    }

    @Test func jsonIsLaidOutOneValueALine() {
        let json =
            #"{"Id":"abc","State":{"Running":true,"Pid":1234,"Error":null},"Args":["a","b"],"Empty":{},"None":[ ]}"#
        #expect(
            texts(json) == [
                "{", #"  "Id": "abc","#, #"  "State": {"#, #"    "Running": true,"#, #"    "Pid": 1234,"#,
                #"    "Error": null"#, "  },", #"  "Args": ["#, #"    "a","#, #"    "b""#, "  ],", #"  "Empty": {},"#,
                #"  "None": []"#, "}",
            ])
    }

    @Test func theOrderIsTheEngines() {
        #expect(texts(#"{"b":1,"a":2}"#) == ["{", #"  "b": 1,"#, #"  "a": 2"#, "}"])
    }

    @Test func layoutDoesNotDependOnWhiteSpace() {
        let tight = #"{"a":[1,{"b":"c"}],"d":{}}"#
        let wide = "{ \"a\" :\n\t[ 1 , { \"b\" : \"c\" } ] ,\r\n \"d\" : { } }\n"
        #expect(texts(tight) == texts(wide))
    }

    @Test func keysStringsNumbersAndWordsAreTold() {
        let roles = InspectLine.lines(of: Array(#"{"k":"s","n":-1.5e3,"w":false,"l":["x"]}"#.utf8))
            .flatMap(\.spans).filter { $0.role != .dim }.map { ($0.text, $0.role) }
        let expected: [(String, Role)] = [
            (#""k""#, .jsonKey), (#""s""#, .jsonString), (#""n""#, .jsonKey), ("-1.5e3", .jsonNumber),
            (#""w""#, .jsonKey), ("false", .jsonWord), (#""l""#, .jsonKey), (#""x""#, .jsonString),
        ]
        #expect(roles.elementsEqual(expected, by: ==))
    }

    @Test func escapesDoNotEndAString() {
        #expect(texts(#"["a\"b\\","c"]"#) == ["[", #"  "a\"b\\","#, #"  "c""#, "]"])
    }

    @Test func whatIsTruncatedComesOutAsFarAsItGoes() {
        let json = Array(#"{"Id":"abc","State":{"Pid":12,"X":[1,2,{"y":"\u00e9"}]}}"#.utf8)
        for count in 0...json.count {
            let lines = InspectLine.lines(of: Array(json[..<count]))
            #expect(lines.count <= count)
        }
    }

    @Test func anyBytesComeOutAsSomething() {
        var random = SplitMix(seed: 77)
        for _ in 0..<20 {
            let bytes = (0..<5_000).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            #expect(InspectLine.lines(of: bytes).count <= InspectLine.maximumLines + 1)
        }
        // Mostly JSON's own characters, where the layout has most to do.
        let alphabet = Array(#"{}[]",:\ 1a"#.utf8)
        let bytes = (0..<100_000).map { _ in alphabet[random.below(alphabet.count)] }
        let lines = InspectLine.lines(of: bytes)
        #expect(lines.count <= InspectLine.maximumLines + 1)
        #expect(lines.allSatisfy { $0.indent <= InspectLine.maximumDepth * 2 })
    }

    @Test(arguments: ["[", "{", "]", "}", ",", ":", "\"", "\\", "[{", "{\"a\":["])
    func deepNestingStaysBounded(_ unit: String) {
        let bytes = Array(String(repeating: unit, count: 100_000).utf8)
        let lines = InspectLine.lines(of: bytes)
        #expect(lines.count <= InspectLine.maximumLines + 1)
        #expect(lines.allSatisfy { $0.indent <= InspectLine.maximumDepth * 2 })
    }

    @Test func whatIsLeftOutIsTold() {
        let bytes = Array(String(repeating: "[", count: 100_000).utf8)
        let lines = InspectLine.lines(of: bytes)
        #expect(lines.last?.spans.first?.text == "… the rest is left out: 50000 bytes")
    }

    @Test func theTabScrollsWithinItsText() {
        var bench = Bench.connected([.make("web")])
        bench.press("i")
        #expect(bench.screen.contains("Inspecting …"))
        let json = "[" + (0..<200).map(String.init).joined(separator: ",") + "]"
        bench.engine(.inspected(.container(.named("web")), .success(InspectLine.lines(of: Array(json.utf8)))))
        let height = bench.state.layout.body.height
        #expect(bench.screen.contains("1–\(height) of 202"))
        bench.press("G")
        #expect(bench.screen.contains("of 202"))
        #expect(bench.lines[bench.state.layout.body.maxY - 1].hasPrefix("]"))
        bench.press("j", "pgdn")
        #expect(bench.state.inspectScroll.row == 202 - height)
        bench.press("g", "right")
        // Not beyond the longest line on the screen, `  99,`.
        #expect(bench.state.inspectScroll == Scroll(row: 0, column: 4))
        _ = bench.frame
    }

    @Test func aFailedInspectionSaysWhy() {
        var bench = Bench.connected([.make("web")])
        bench.press("i")
        bench.engine(.inspected(.container(.named("web")), .failure(.notFound("No such\u{1B}[31m container"))))
        #expect(bench.screen.contains("It could not be inspected: No such"))
        #expect(bench.frame.forbiddenScalars().isEmpty)
    }
}

@Suite struct TopTests {
    private func bench(_ list: ProcessList, width: Int = 80, height: Int = 24) -> Bench {
        var bench = Bench.connected([.make("web")], width: width, height: height)
        bench.press("t")
        bench.engine(.processes(.named("web"), .success(list)))
        return bench
    }

    @Test func processesAreATable() {
        var bench = bench(
            ProcessList(
                titles: ["UID", "PID", "CMD"],
                processes: [["root", "1", "nginx: master"], ["www-data", "4711", "nginx"]]))
        let body = bench.state.layout.body
        #expect(bench.lines[body.y] == " UID       PID   CMD")
        #expect(bench.lines[body.y + 1] == "▌root      1     nginx: master")
        #expect(bench.lines[body.y + 2] == " www-data  4711  nginx")
        #expect(bench.screen.contains("2 processes"))
        bench.engine(.processes(.named("web"), .failure(.conflict("is not running"))))
        #expect(bench.screen.contains("could not be listed: is not running"))
    }

    @Test func theTableScrolls() {
        var bench = bench(ProcessList(titles: ["PID"], processes: (0..<100).map { ["\($0)"] }))
        bench.press("G")
        #expect(bench.lines[bench.state.layout.body.maxY - 1] == "▌99")
        #expect(bench.lines[bench.state.layout.body.y] == " PID")
        bench.press("g")
        #expect(bench.lines[bench.state.layout.body.y + 1] == "▌0")
    }

    @Test func aListThatShrinksUnderTheScrollIsDrawn() {
        var bench = bench(ProcessList(titles: ["PID"], processes: (0..<100).map { ["\($0)"] }))
        bench.press("G")
        bench.engine(.processes(.named("web"), .success(ProcessList(titles: ["PID"], processes: [["7"]]))))
        #expect(bench.lines[bench.state.layout.body.y + 1] == "▌7")
    }

    @Test func rowsShorterThanTheTitlesAreDrawn() {
        let bench = bench(ProcessList(titles: ["UID", "PID"], processes: [["a"], []]))
        #expect(bench.screen.contains("UID"))
    }

    @Test func rowsLongerThanTheTitlesDoNotCrash() async {
        await #expect(processExitsWith: .success) {
            var bench = Bench.connected([.make("web")])
            bench.press("t")
            let list = ProcessList(titles: ["PID"], processes: [["1", "more", "and more"]])
            bench.engine(.processes(.named("web"), .success(list)))
            _ = bench.frame
        }
    }
}
