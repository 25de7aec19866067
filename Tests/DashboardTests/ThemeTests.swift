import Foundation
import Terminal
import Testing
import Yams

@testable import Dashboard

@Suite struct ThemeTests {
    @Test(arguments: ["dark", "mono"]) func everyRoleIsNamedExactlyOnce(_ name: String) throws {
        let text = try #require(
            Theme.builtIn.first { $0.name == name }.map { String(decoding: $0.text, as: UTF8.self) })
        let keys = text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { $0.prefix { $0 != ":" } }
        #expect(keys.map(String.init).sorted() == Role.allCases.map(\.stringValue).sorted())
    }

    /// Our reader takes a part of YAML only: what it reads must be what YAML says.
    @Test(arguments: ["dark", "mono"]) func aYAMLLibraryReadsTheSame(_ name: String) throws {
        let text = try #require(
            Theme.builtIn.first { $0.name == name }.map { String(decoding: $0.text, as: UTF8.self) })
        let theme = try #require(try Theme.named(name))
        let yaml = try #require(try Yams.compose(yaml: text)?.mapping)
        #expect(yaml.count == Role.allCases.count)
        for role in Role.allCases {
            let value = try #require(yaml[Node(role.stringValue)]?.string)
            #expect(theme[role] == Style(parsing: value), "\(role)")
        }
    }

    @Test func monoHasNoColour() throws {
        let theme = try #require(try Theme.named("mono"))
        for role in Role.allCases {
            #expect(theme[role].foreground == .standard)
            #expect(theme[role].background == .standard)
        }
    }

    @Test func whatMattersDiffersWithoutColourToo() throws {
        let theme = try #require(try Theme.named("mono"))
        #expect(theme[.selected] != theme[.text])
        #expect(theme[.choiceSelected] != theme[.choice])
        #expect(theme[.tabSelected] != theme[.tab])
        #expect(theme[.borderFocused] != theme[.border])
        #expect(theme[.stale] != theme[.text])
        #expect(theme[.endedBadly] != theme[.endedWell])
        #expect(theme[.stderr] != theme[.text])
    }

    @Test(
        arguments: [
            ("text: default\nnonsense: bold", 2, "unknown role “nonsense”"),
            ("# comment\n\ntext: default\ndim", 4, "expected “role: style”"),
            ("text: purpleish", 1, "“purpleish” is no style"),
            ("text: default\n  dim: dim", 2, "unknown role “  dim”"),
            ("text:", 1, "“” is no style"),
            ("\n\n\ntext: \"#12345\"", 4, "“#12345” is no style"),
        ])
    func errorsNameTheLine(_ text: String, _ line: Int, _ reason: String) throws {
        let error = try #require(throws: Theme.ParseError.self) { try Theme(name: "x", parsing: text) }
        #expect(error.line == line)
        #expect(error.description == "line \(line): \(reason)")
    }

    @Test func valuesMayBeQuoted() throws {
        let theme = try Theme(name: "x", parsing: "text: \"bold #ff0000 on #000000\"\n# c\n\ndim: dim\n")
        #expect(theme[.text] == Style(parsing: "bold #ff0000 on #000000"))
        #expect(theme[.dim] == Style(attributes: .dim))
        #expect(theme[.strong] == .plain)
    }

    @Test func anUnknownThemeIsNone() throws {
        #expect(try Theme.named("pink") == nil)
    }
}
