import Terminal
import Testing

@testable import Dashboard

/// What a pattern means, and which are none.
@Suite struct LogPatternTests {
    init() { TextWidth.prepareLocale("C.UTF-8") }

    private func matches(_ text: String, isRegex: Bool = true, _ line: [UInt8]) throws -> Bool {
        let matcher = try LogMatcher(LogPattern(text: text, isRegex: isRegex))
        return line.withUnsafeBufferPointer { matcher.matches($0) }
    }

    private func matches(_ text: String, isRegex: Bool = true, _ line: String) throws -> Bool {
        try matches(text, isRegex: isRegex, Array(line.utf8))
    }

    @Test(arguments: [
        ("(", "Unmatched ( or \\("), ("[a", "Unmatched [, [^, [:, [., or [="),
        ("a{2", "Unmatched \\{"), ("a{x}", "Invalid content of \\{\\}"), ("[z-a]", "Invalid range end"),
        ("*", "Invalid preceding regular expression"), ("a\\", "Trailing backslash"),
        ("[[:nope:]]", "Invalid character class name"),
        ("a{5001}", "Too many repetitions"), ("(a{100}){100}", "Too many repetitions"),
        ("((a{50}){50}){50}", "Too many repetitions"),
        ("a{1,9999}", "Too many repetitions"), ("a{99999999999999999999}", "Too many repetitions"),
        ("(a{70}b{70}){2}", "Too many repetitions"),
    ])
    func aWrongExpressionIsNamed(text: String, reason: String) {
        #expect(throws: LogPatternError(message: reason)) { _ = try LogMatcher(LogPattern(text: text, isRegex: true)) }
        // As a text it is fine.
        #expect(throws: Never.self) { _ = try LogMatcher(LogPattern(text: text)) }
    }

    @Test(arguments: [
        ("a{3}", "caaab", true), ("a{3}", "caab", false), ("a{2,3}b", "aab", true), ("(a{50}){50}", "a", false),
        ("a{5000}", "a", false), ("\\{9999}", "x{9999}", true),
        ("\\d+", "abc 42", true), ("\\d", "abc", false), ("^\\d{3}$", "404", true), ("^\\d{3}$", "4042", false),
        ("\\D", "42", false),
        ("\\D", "4x2", true), ("\\w+@\\w+", "mail a@b", true), ("a\\sb", "a b", true), ("a\\tb", "a\tb", true),
        ("a\\Sb", "a b", false), ("\\bcat\\b", "the cat sat", true), ("\\bcat\\b", "concat", false),
        ("^GET|POST$", "GET /", true), ("^GET|POST$", "a POST", true), ("^GET|POST$", "x GET POST x", false),
        ("a.c", "abc", true), ("a\\.c", "abc", false), ("a\\.c", "a.c", true), ("[[:digit:]]", "4", true),
        ("^$", "", true), ("", "x", true),
        ("(time|out)+", "timeout", true), ("日.語", "日本語", true), ("é", "é", true), ("\\\\d", "a\\d", true),
        ("\\\\d", "5", false),
    ])
    func anExpression(text: String, line: String, isMatch: Bool) throws {
        #expect(try matches(text, line) == isMatch)
    }

    @Test(arguments: [
        ("error", "an ERROR", true), ("Error", "an ERROR", false), ("Error", "an Error", true),
        ("ERROR", "an error", false),
        ("error 5", "ERROR 5", true), ("é", "É", false), ("É", "É", true), ("x1-_", "X1-_", true),
    ])
    func whoTypesACapitalLetterMeansIt(text: String, line: String, isMatch: Bool) throws {
        #expect(try matches(text, isRegex: false, line) == isMatch)
        #expect(LogPattern(text: text).ignoresCase == (text == text.lowercased()))
    }

    @Test(arguments: [
        ("err.r", "AN ERROR", true), ("Err.r", "an error", false), ("[a-f]+x", "ABCX", true), ("\\d+ms", "12MS", true),
        // The capital of a class of characters is none that was meant.
        ("\\Serror", "xERROR", true), ("\\Wok", "-OK", true), ("\\Bat", "CAT", true), ("\\Dx", "aX", true),
    ])
    func smartCaseOfAnExpression(text: String, line: String, isMatch: Bool) throws {
        #expect(try matches(text, line) == isMatch)
    }

    @Test func controlsAndBytesThatAreNoUTF8() throws {
        for isRegex in [false, true] {
            #expect(try matches("needle", isRegex: isRegex, [0, 0xFF, 0] + Array("a NEEDLE b".utf8) + [0, 0xC3]))
            #expect(try !matches("needle", isRegex: isRegex, Array("need".utf8) + [0] + Array("le".utf8)))
            #expect(try !matches("needle", isRegex: isRegex, []))
            #expect(try !matches("needle", isRegex: isRegex, [0xF0, 0x9F]))
            #expect(try matches("b", isRegex: isRegex, [0xE2, 0x62]))
        }
        // The end of the text is its end, not a NUL in it.
        #expect(try matches("a$", [0x61]))
        #expect(try !matches("a$", [0x61, 0, 0x62]))
        #expect(try matches("^b", [0x62, 0]))
        #expect(try !matches("^b", [0x61, 0, 0x62]))
    }

    @Test func nothingIsLookedForByNothing() throws {
        let matcher = try LogMatcher(LogPattern(text: ""))
        #expect(try !matches("", isRegex: false, "x"))
        #expect(Array("x".utf8).withUnsafeBufferPointer { matcher.ranges(in: $0) }.isEmpty)
        var places = 0
        Array("x".utf8).withUnsafeBufferPointer {
            matcher.forEachPlace(in: $0) { _ in
                places += 1; return 1
            }
        }
        #expect(places == 0)
    }

    @Test func rangesOfAnExpression() throws {
        func ranges(_ text: String, _ line: String) throws -> [Range<Int>] {
            let matcher = try LogMatcher(LogPattern(text: text, isRegex: true))
            return Array(line.utf8).withUnsafeBufferPointer { matcher.ranges(in: $0) }
        }
        #expect(try ranges("\\d+", "a12b3") == [1..<3, 4..<5])
        #expect(try ranges("a*", "baac") == [1..<3])
        #expect(try ranges("^a", "aaa") == [0..<1])
        #expect(try ranges("x", "") == [])
        #expect(try ranges("a$", "aa") == [1..<2])
        #expect(try ranges("日", "a日日") == [1..<4, 4..<7])
    }

    @Test func aMatcherMayBeUsedAgain() throws {
        let matcher = try LogMatcher(LogPattern(text: "ab"))
        for line in ["AB", String(repeating: "x", count: 10_000) + "Ab", "", "b", "ab"] {
            let isMatch = Array(line.utf8).withUnsafeBufferPointer { matcher.matches($0) }
            #expect(isMatch == line.lowercased().contains("ab"))
        }
        #expect(matcher.isLiteral)
        #expect(matcher.length == 2)
        #expect(try !LogMatcher(LogPattern(text: "ab", isRegex: true)).isLiteral)
    }
}
