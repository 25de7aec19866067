import Testing

@testable import Archives

@Suite struct IgnoreRulesTests {
    /// A pattern, a name, and whether the name is left out: itself, or because of a folder that it is in.
    static let single: [(String, String, Bool)] = [
        ("**", "file", true), ("**/", "file", true), ("**", "dir/file", true), ("**/", "dir/file", true),
        ("**/**", "dir/file", true), ("dir/**", "dir/file", true), ("dir/**", "dir/dir2/file", true),
        ("**/dir", "dir", true), ("**/dir", "dir/file", true), ("**/dir2/*", "dir/dir2/file", true),
        ("**/dir2/**", "dir/dir2/dir3/file", true), ("**file", "file", true), ("**file", "dir/file", true),
        ("**file", "dir/dir/my-file", true), ("**/file", "dir/file", true), ("**/file", "dir/my-file", false),
        ("**/file*", "dir/dir/file.txt", true), ("**/file*txt", "dir/dir/file.txt", true),
        ("**/file*.txt*", "dir/dir/file.txt", true), ("**/**/*.txt", "dir/dir/file.txt", true),
        ("**/**/*.txt2", "dir/dir/file.txt", false), ("**/*.txt", "file.txt", true),
        ("a**/*.txt", "a/file.txt", true), ("a**/*.txt", "a/dir/dir/file.txt", true),
        ("a/*.txt", "a/dir/file.txt", false), ("a/*.txt", "a/file.txt", true), ("a/*.txt**", "a/file.txt", true),
        ("a[b-d]e", "ae", false), ("a[b-d]e", "ace", true), ("a[b-d]e", "aae", false), ("a[^b-d]e", "aze", true),
        (".*", ".foo", true), (".*", "foo", false), ("abc.def", "abcdef", false), ("abc.def", "abc.def", true),
        ("abc.def", "abcZdef", false), ("abc?def", "abcZdef", true), ("abc?def", "abcdef", false),
        ("a\\\\", "a\\", true), ("a\\*b", "a*b", true), ("a\\*b", "ab", false),
        ("**/foo/bar", "foo/bar", true), ("**/foo/bar", "dir/dir2/foo/bar", true), ("abc/**", "abc", false),
        ("abc/**", "abc/def/ghi", true), ("**/.foo", ".foo", true), ("**/.foo", "bar.foo", false),
        ("a(b)c/def", "a(b)c/def", true), ("a(b)c/def", "a(b)c/xyz", false), ("a.|)$(}+{bc", "a.|)$(}+{bc", true),
        ("dist/*.whl", "dist/proxy.py-2.4.0rc3.dev36+g08acad9-py3-none-any.whl", true),
        ("a*/b", "abc/b", true), ("a*/b", "a/c/b", false), ("a*b*c*d*e*/f", "axbxcxdxexxx/f", true),
        ("a*b*c*d*e*/f", "axbxcxdxexxx/fff", false), ("a*b?c*x", "abxbbxdbxebxczzx", true),
        ("a*b?c*x", "abxbbxdbxebxczzy", false), ("a?b", "a☺b", true), ("a[^a]b", "a☺b", true), ("a???b", "a☺b", false),
        ("[a-ζ]*", "α", true), ("*[a-ζ]", "A", false), ("a?b", "a/b", false), ("a*b", "a/b", false),
        ("[\\]a]", "]", true), ("[\\-]", "-", true), ("[x\\-]", "x", true), ("[x\\-]", "z", false),
        ("[\\-x]", "a", false), ("*x", "xxx", true), ("a*", "ab/c", true), ("*", "a/b/c", true),
        // What the Dockerfile reference says.
        ("*/temp*", "somedir/temporary.txt", true), ("*/temp*", "somedir/temp", true), ("*/temp*", "temp", false),
        ("*/temp*", "a/b/temp", false), ("*/*/temp*", "somedir/subdir/temporary.txt", true), ("temp?", "tempa", true),
        ("temp?", "temp", false), ("**/*.go", "a/b/c.go", true), ("**/*.go", "c.go", true),
        ("/foo/bar", "foo/bar", true),
        ("foo/bar/", "foo/bar", true), ("foo//bar", "foo/bar", true), ("./foo", "foo", true), ("a/../foo", "foo", true),
        ("../foo", "foo", false), (".", "foo", false), ("/", "foo", false), ("foo", "bar/foo", false),
        ("foo", "foobar", false),
    ]

    @Test(arguments: single) func aPatternIsAboutWhatDockerSaysItIsAbout(
        _ pattern: String, _ name: String, _ ignored: Bool
    ) throws {
        #expect(try IgnoreRules(pattern).ignores(name) == ignored)
    }

    static let several: [(String, String, Bool)] = [
        ("docs\n!docs/README.md", "docs/README.md", false), ("docs\n!docs/README.md", "docs/other.md", true),
        ("docs/\n!docs/README.md", "docs/README.md", false), ("docs/*\n!docs/README.md", "docs/README.md", false),
        ("*.go\n!main.go", "main.go", false), ("!main.go\n*.go", "main.go", true),
        ("**\n!util/docker/web", "util/docker/web/foo", false),
        ("**\n!util/docker/web\nutil/docker/web/foo", "util/docker/web/foo", true),
        ("**\n!dist/*.whl", "dist/proxy.py-2.4.0rc3.dev36+g08acad9-py3-none-any.whl", false),
        // The examples of the Dockerfile reference: the last line that is about a file decides.
        ("*.md\n!README.md", "README.md", false), ("*.md\n!README.md", "HISTORY.md", true),
        ("*.md\n!README*.md\nREADME-secret.md", "README-secret.md", true),
        ("*.md\n!README*.md\nREADME-secret.md", "README-more.md", false),
        ("*.md\nREADME-secret.md\n!README*.md", "README-secret.md", false),
        ("a/b\n!a", "a/b", false),
        // Comments, blanks, marks of the encoding, Windows line ends.
        ("# a comment\nfoo", "foo", true), ("# a comment", "# a comment", false), ("  foo  ", "foo", true),
        ("\u{FEFF}foo", "foo", true), ("foo\r\nbar\r\n", "bar", true), ("\n\n", "foo", false),
        ("foo\n! /foo/kept", "foo/kept", false), (" # no comment", "# no comment", true),
    ]

    @Test(arguments: several) func theLastLineThatIsAboutAFileDecides(
        _ lines: String, _ name: String, _ ignored: Bool
    ) throws {
        #expect(try IgnoreRules(lines).ignores(name) == ignored)
    }

    @Test(arguments: [
        "!", "! ", "[", "[]a]", "[-]", "[x-]", "[-x]", "\\", "[a-b-c]", "[^", "[^bc", "a[", "[z-a]", "a\n[",
    ])
    func whatMakesNoSenseIsNamedWithItsLine(_ lines: String) {
        #expect {
            try IgnoreRules(lines)
        } throws: { error in
            guard let error = error as? ArchiveError else { return false }
            return error.message.hasPrefix("line \(lines.hasPrefix("a\n") ? 2 : 1): ")
        }
    }

    /// A regular expression of this pattern takes longer than anybody waits.
    @Test func aPatternOfManyStarsIsNoTrap() throws {
        let rules = try IgnoreRules(String(repeating: "**/*a", count: 60) + "b")
        #expect(!rules.ignores(String(repeating: "a/", count: 200) + "aaaa"))
    }

    @Test func aFolderIsPassedByWhenNothingInItCanBeKept() throws {
        func mayKeep(_ lines: String, _ folder: String) throws -> Bool {
            try IgnoreRules(lines).mayKeepSomething(in: Array(folder.utf8))
        }
        #expect(try !mayKeep("*", "a"))
        #expect(try mayKeep("*\n!a/b/c", "a"))
        #expect(try mayKeep("*\n!a/b/c", "a/b"))
        #expect(try !mayKeep("*\n!a/b/c", "ab"))
        #expect(try !mayKeep("*\n!a/b/c", "a/b/c"))
        #expect(try mayKeep("*\n!**/README.md", "a/b"))
        #expect(try !mayKeep("*\n!*.md", "node_modules"))
        #expect(try mayKeep("*\n!docs/*.md", "docs"))
        #expect(try !mayKeep("*\n!docs/*.md", "src"))
        #expect(try mayKeep("*\n!a/**", "a/b"))
    }
}
