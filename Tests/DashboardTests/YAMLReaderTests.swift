import Foundation
import Terminal
import Testing
import Themes
import Yams

@testable import Dashboard

@Suite struct YAMLReaderTests {
    /// A text as a tree: what our reader and a whole YAML library are compared by.
    indirect enum Tree: Equatable {
        case text(String, TextPlace?)
        case list([Tree], TextPlace)
        case map([[Tree]], TextPlace)

        init(_ node: YAMLNode) {
            switch node.content {
            case .scalar(let text, let isQuoted): self = .text(text, text.isEmpty && !isQuoted ? nil : node.place)
            case .sequence(let elements): self = .list(elements.map { Tree($0) }, node.place)
            case .mapping(let entries):
                self = .map(entries.map { [.text($0.key, $0.place), Tree($0.value)] }, node.place)
            }
        }

        init?(_ node: Yams.Node) {
            guard let mark = node.mark else { return nil }
            let place = TextPlace(line: mark.line, column: mark.column)
            switch node {
            case .scalar(let scalar):
                self = .text(scalar.string, scalar.string.isEmpty && scalar.style == .plain ? nil : place)
            case .sequence(let elements): self = .list(elements.compactMap { Tree($0) }, place)
            case .mapping(let entries):
                self = .map(entries.map { [Tree($0.key), Tree($0.value)].compactMap { $0 } }, place)
            default: return nil
            }
        }
    }

    private func read(_ text: String) -> (root: YAMLNode?, problems: [TextProblem]) {
        YAMLReader.read(Array(text.utf8))
    }

    /// Whether our reader takes a text, and if so, that the library says the same of it.
    @discardableResult
    private func isRead(_ text: String) throws -> Bool {
        let (root, problems) = read(text)
        guard problems.isEmpty else { return false }
        let ours = try #require(root)
        let theirs: Yams.Node?
        do { theirs = try Yams.compose(yaml: text) } catch {
            Issue.record("read, but wrong: \(text.debugDescription): \(error)")
            return true
        }
        // Nothing but comments, or the beginning of a document without one, is no settings to us.
        if Tree(ours) == .map([], TextPlace(line: 1, column: 1)) {
            let isNothing = theirs.map { [.text("", nil), .map([], TextPlace(line: 1, column: 1))].contains(Tree($0)) }
            #expect(isNothing ?? true, "\(text.debugDescription)")
            return true
        }
        #expect(Tree(ours) == theirs.flatMap { Tree($0) }, "\(text.debugDescription)")
        return true
    }

    @Test(
        arguments: [
            "", "# nothing", "a: b", "a: b\n", "a: b\r\nc: d\r\n", "---\na: b", "--- # begins\na: b",
            "a:",
            "a:\n  b: c\n  d: e\nf: g", "a:\n\n  # c\n  b: c # behind\n\nd: e", "  a: b\n  c: d", "a : b", "a:    b   ",
            "\"a b\": 'c d'", "'it''s': \"\\t\\\"\\\\\\x41\\u00e9\\U0001F600\\/\\e\"", "a: b#c", "a: http://x:80/y",
            "a: -1", "a: -b", "a: b - c", "ä: ö ü", "日本: 😀 x", "a: [b, c, 'd e', \"f\"]", "a: []", "a: {}", "a: [b, ]",
            "a: [\n  b, # one\n  c\n  ]\nd: e", "a: {b: c, d: [e, {f: g}], h: }", "a:\n- b\n- c\nd: e",
            "a:\n  - b\n  - c",
            "- a\n- b", "- a: b\n  c: d\n- e: f", "- - a\n  - b\n- - c", "-\n  a: b\n-\n- c", "[a, b]", "{a: b}", "a",
            "'a'",
            "a: \"\"", "a: ''", "a: ~", "a: null", "a: true", "a: 1.5", "a: b c d", "a: b,c", "a: b]c", "a: x?y!z*",
            "<<: a", "a.b: c", "a:b: c", "? : a\n".replacingOccurrences(of: "? ", with: "x "), "a: # nothing\n  b: c",
            "a:\n  b:\n    c:\n      - d:\n          e: f", "\"\": a", "a: [[], [[]], {}]", "a: 'x' # y",
        ])
    func whatIsReadMeansWhatYAMLSays(_ text: String) throws {
        #expect(try isRead(text), "\(text.debugDescription): \(read(text).problems)")
    }

    @Test func themesAndThePrintedFileAreRead() throws {
        for name in Theme.builtIn { #expect(try isRead(#require(Theme.text(ofBuiltIn: name))), "\(name)") }
        #expect(try isRead(SettingsFile.defaults()))
    }

    @Test(
        arguments: [
            ("a: &b c", 1, 4, "anchor"), ("a: *b", 1, 4, "anchor"), ("a: !!int 3", 1, 4, "tag"),
            ("a: |\n  b", 1, 4, "several lines"),
            ("a: >-\n  b", 1, 4, "several lines"), ("a: b\n---\nc: d", 2, 1, "one document"), ("? a\n: b", 1, 1, "“?”"),
            ("a: \"b", 1, 4, "does not end"), ("a: 'b\n  c'", 1, 4, "does not end"), ("a: \"\\q\"", 1, 5, "backslash"),
            ("a: \"\\x4\"", 1, 5, "2 digits"), ("a: \"\\ud800\"", 1, 5, "4 digits"), ("a: [b", 1, 4, "not closed"),
            ("a: [b\nc: d", 1, 4, "not closed"), ("a: b: c", 1, 5, "second “:”"), ("a: [b: c]", 1, 6, "expected “,”"),
            ("a: {b}", 1, 5, "name: value"), ("a: {b: c, b: d}", 1, 11, "twice"), ("a: b\na: c", 2, 1, "twice"),
            ("a: b\n   c: d", 2, 4, "deeper"), ("a: b\n c", 2, 2, "deeper"), ("a", 0, 0, ""),
            ("a: b\nc", 2, 1, "name: value"),
            ("a:\n\tb: c", 2, 1, "tab"), ("a:\tb", 1, 3, "tab"), ("a: b\tc", 1, 5, "tab"), ("a: @b", 1, 4, "“@”"),
            ("a: `b", 1, 4, "“`”"), ("a: %b", 1, 4, "“%”"), ("a: - b", 1, 4, "line of its own"), ("a: ,b", 1, 4, "“,”"),
            ("a: \"b\" c", 1, 8, "behind the value"), ("a: \"b\"#c", 1, 7, "behind the value"),
            ("a: \u{1B}[m", 1, 4, "no text has"),
            ("ö: \u{85}", 1, 4, "no text has"), ("[a]: b", 1, 4, "second “:”"),
            ("  a: b\nc: d", 2, 1, "does not belong"),
            ("a: b\n- c", 2, 1, "makes a list"), ("- a\nb: c", 2, 1, "does not belong"),
            ("%YAML 1.2\n---\na: b", 1, 1, "“%”"),
            ("a: [b, - c]", 1, 8, "makes a list"), ("a: [b:,c]", 1, 6, "space behind"),
            ("\"a\"b: c", 1, 4, "behind the value"),
        ])
    func whatIsWrongHasAPlace(_ text: String, _ line: Int, _ column: Int, _ reason: String) throws {
        let problems = read(text).problems
        guard line > 0 else { return #expect(problems.isEmpty) }
        let first = try #require(problems.first, "\(text.debugDescription)")
        #expect(first.place == TextPlace(line: line, column: column), "\(text.debugDescription): \(first)")
        #expect(first.reason.contains(reason), "\(text.debugDescription): \(first)")
    }

    @Test func aMistakeCostsItsEntryOnly() throws {
        let text = """
            a: 1
            b: "open
            c:
              d: [x
              e: 2
              f: &g 3
                h: 4
            i:
            - &j
            - k
            l: 5
            m: \u{7}
            n: 6
            """
        let (root, problems) = read(text)
        #expect(problems.map(\.place.line) == [2, 4, 6, 9, 12])
        let expected = "a: 1\nc:\n  e: 2\nl: 5\nn: 6"
        let theirs = try #require(try Yams.compose(yaml: expected))
        func words(_ tree: Tree?) -> [String] {
            switch tree {
            case .text(let text, _): [text]
            case .list(let elements, _): elements.flatMap { words($0) }
            case .map(let entries, _): entries.flatMap { $0.flatMap { words($0) } }
            case nil: []
            }
        }
        #expect(words(root.map { Tree($0) }) == words(Tree(theirs)))
    }

    /// Windows' editors put one there; nobody sees it, nor is it counted.
    @Test func aByteOrderMarkIsNothing() {
        let (root, problems) = read("\u{FEFF}a: b\u{FEFF}")
        #expect(problems.map(\.place) == [TextPlace(line: 1, column: 5)] && root.map { Tree($0) } != nil)
        #expect(read("\u{FEFF}a: b").root.map { Tree($0) } == read("a: b").root.map { Tree($0) })
    }

    @Test func whatIsNotUTF8IsNamed() {
        let (_, problems) = YAMLReader.read(Array("a: b\nö: ".utf8) + [0xC3, 0x28])
        #expect(problems.map(\.place) == [TextPlace(line: 2, column: 4)])
    }

    @Test func depthHasABound() {
        let deep = 200
        for text in [
            "a: " + String(repeating: "[", count: deep) + String(repeating: "]", count: deep),
            (0..<deep).map { String(repeating: " ", count: $0) + "a:\n" }.joined(),
            String(repeating: "- ", count: deep) + "a", String(repeating: "{a: ", count: deep),
        ] {
            #expect(read(text).problems.contains { $0.reason.contains("levels") }, "\(text.prefix(20))")
        }
    }

    @Test func sizesHaveBounds() {
        for text in ["a: " + String(repeating: "x", count: 10_000), String(repeating: "k", count: 2_000) + ": b"] {
            #expect(read(text + "\nb: c").problems.map(\.place) == [TextPlace(line: 1, column: 1)])
        }
        let many =
            "a: [" + (0..<20_000).map { "\n  x\($0)," }.joined() + "]\n"
            + (0..<4_000).map { "k\($0): {a: b}\n" }.joined()
        #expect(read(many).problems.isEmpty)
    }

    /// Texts of such pieces: nothing of it ends the program, has a place outside of the text, or is read as something else
    /// than YAML says.
    @Test func randomTextsAreReadAsYAMLSaysOrRefused() throws {
        let pieces = [
            "a", "b", "c1", "é", "😀", "-", "- ", ": ", ":", " ", "  ", "\n", "\n", "\n  ", "\n ", "\n- ", "#", " #",
            "\"", "'", "[", "]",
            "{", "}", ", ", ",", "&", "*", "!", "|", ">", "%", "@", "?", "? ", "\t", "\\", "\\n", "''", "---", "...",
            "\r\n", "~", "true", "0x1",
            "a: b", "\na: ", "\nb:", "\nc:\n  ", "[a, b]", "{a: b}", "\"x\"", "'y'", "<<",
        ]
        var random = SplitMix(seed: 8)
        var read = 0
        for _ in 0..<30_000 {
            let text = (0..<(1 + random.below(14))).map { _ in pieces[random.below(pieces.count)] }.joined()
            if try isRead(text) { read += 1 }
            let lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).count
            for problem in self.read(text).problems {
                #expect(
                    (1...max(1, lines)).contains(problem.place.line) && problem.place.column > 0,
                    "\(text.debugDescription)")
            }
        }
        // Enough of them are YAML for the comparison to mean something.
        #expect(read > 1_000)
    }

    /// The printed file with a piece changed: most of it holds.
    @Test func aDamagedFileIsStillRead() {
        let whole = Array(SettingsFile.defaults().utf8)
        var random = SplitMix(seed: 80)
        for _ in 0..<2_000 {
            var bytes = whole
            for _ in 0..<(1 + random.below(2)) {
                let index = random.below(bytes.count)
                switch random.below(3) {
                case 0: bytes[index] = UInt8(random.below(256))
                case 1: bytes.remove(at: index)
                default: bytes.insert(Array("\"'[{:-#&\n\t ".utf8)[random.below(11)], at: index)
                }
            }
            let file = SettingsFile(bytes)
            #expect(file.places.count >= Setting.all.count / 3, "\(file.problems)")
        }
    }

    @Test(arguments: [
        "a", "", " ", "a b", "true", "No", "1", "-", "#", "a: b", "é", "\"", "\\", "\u{1B}[m", "\n", "*", "a-b.c",
        "ctrl-k",
    ])
    func whatIsWrittenIsReadBack(_ text: String) throws {
        let yaml = "a: \(YAMLNode.written(text))"
        #expect(try isRead(yaml))
        guard case .mapping(let entries)? = read(yaml).root?.content else { Issue.record("no mapping"); return }
        guard case .scalar(text, _) = entries[0].value.content else { Issue.record("\(yaml)"); return }
    }
}
