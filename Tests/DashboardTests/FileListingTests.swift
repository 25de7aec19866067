import Archives
import EngineAPI
import Testing

@testable import Dashboard

@Suite struct FileListingTests {
    private static let output =
        "\u{1}41ed 4096 1700000000\u{2}/etc/\u{2}/etc/\u{3}\n"
        + "\u{1}81a4 174 1700000001\u{2}/etc/hosts\u{2}/etc/hosts\u{3}\n"
        + "find: /etc/secret: Permission denied\n"
        + "\u{1}a1ff 12 1700000002\u{2}/etc/mtab\u{2}'/etc/mtab' -> '/proc/mounts'\u{3}\n"
        + "\u{1}a1ff 12 1700000002\u{2}/etc/a -> b\u{2}/etc/a -> b -> c\u{3}\n"
        + "\u{1}41ed 4096 1700000003\u{2}/etc/two\nlines\u{2}/etc/two\nlines\u{3}\n"
        + "\u{1}1180 0 1700000004\u{2}/etc/fifo\u{2}/etc/fifo\u{3}\n"

    @Test func whatFindPrintsIsReadWhereverItIsCut() {
        for piece in [1, 5, 10_000] {
            var found = FoundFiles(in: "/etc/")
            var rest = Array(Self.output.utf8)[...]
            while !rest.isEmpty {
                found.take(Array(rest.prefix(piece)))
                rest = rest.dropFirst(piece)
            }
            #expect(found.hasFolder)
            #expect(found.files.map(\.name) == ["hosts", "mtab", "a -> b", "two\nlines", "fifo"])
            #expect(found.files.map(\.kind) == [.file, .link, .link, .folder, .special])
            #expect(found.files.map(\.target) == ["", "/proc/mounts", "c", "", ""])
            #expect(found.files[0].mode == 0o644 && found.files[0].size == 174)
            #expect(found.files[0].modified == 1_700_000_001)
            #expect(found.complaint.contains("find: /etc/secret: Permission denied"))
        }
    }

    @Test func whatIsNoRecordIsNone() {
        var found = FoundFiles(in: "/")
        found.take(Array("\u{1}zz 1 1\u{2}/a\u{2}/a\u{3}\u{1}81a4 1\u{2}/b\u{2}/b\u{3}\u{1}81a4 1 1\u{2}/c\u{3}".utf8))
        found.take(Array("\u{1}81a4 1 1\u{2}elsewhere\u{2}elsewhere\u{3}\u{3}\u{2}".utf8))
        found.take(Array(repeating: 1, count: 10) + Array(repeating: 120, count: 200_000))
        #expect(found.files.isEmpty && !found.hasFolder)
    }

    @Test func whatLiesDeeperInAnArchiveIsNotListed() throws {
        var tar: [UInt8] = []
        func add(_ name: String, _ kind: TarEntry.Kind, content: Int = 0, target: String = "") {
            tar += TarHeader.bytes(
                of: TarEntry(
                    name: Array(name.utf8), kind: kind, mode: 0o755, size: content, time: 5, target: Array(target.utf8))
            )
            tar += [UInt8](repeating: 0, count: (content + 511) / 512 * 512)
        }
        add("./", .folder)
        add("./a", .folder)
        add("./a/b", .folder)
        add("./a/b/c", .file, content: 3000)
        add("./file", .file, content: 10)
        add("./link", .symbolicLink, target: "a/b")
        add("./odd/deep", .file, content: 1)
        add("./null", .special)
        for piece in [1, 600, 100_000] {
            var found = ArchivedFiles()
            var rest = tar[...]
            while !rest.isEmpty {
                try found.take(Array(rest.prefix(piece)))
                rest = rest.dropFirst(piece)
            }
            #expect(found.files.map(\.name) == ["a", "file", "link", "odd", "null"])
            #expect(found.files.map(\.kind) == [.folder, .file, .link, .folder, .special])
            #expect(found.files[1].size == 10 && found.files[2].target == "a/b")
        }
    }

    @Test func foldersStandFirst() {
        let listing = FileListing(
            [.init(name: "b", kind: .file), .init(name: "z", kind: .folder), .init(name: "a", kind: .link)], way: .exec)
        #expect(listing.files.map(\.name) == ["z", "a", "b"])
    }

    @Test func pathsOfContainersAreCleaned() {
        #expect(ContainerPath.clean("") == "/")
        #expect(ContainerPath.clean("etc//x/./y/../z/") == "/etc/x/z")
        #expect(ContainerPath.clean("/../..") == "/")
        #expect(ContainerPath.parent("/a/b") == "/a" && ContainerPath.parent("/") == "/")
        #expect(ContainerPath.joined("/", "a") == "/a" && ContainerPath.joined("/a", "b") == "/a/b")
        #expect(ContainerPath.name("/a/b") == "b" && ContainerPath.name("/") == "/")
    }
}
