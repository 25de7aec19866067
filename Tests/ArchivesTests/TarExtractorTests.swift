import Testing

@testable import Archives

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

@Suite struct TarExtractorTests {
    private func tar(_ files: [(TarEntry.Kind, String, String)]) -> [UInt8] {
        var tar: [UInt8] = []
        for (kind, name, content) in files {
            let isFile = kind == .file || kind == .sparse
            let entry = TarEntry(
                name: Array(name.utf8), kind: kind, mode: kind == .folder ? 0o755 : 0o640,
                size: kind == .file ? content.utf8.count : 0, time: 1_600_000_000,
                target: isFile ? [] : Array(content.utf8))
            tar += TarHeader.bytes(of: entry)
            if kind == .file {
                tar += Array(content.utf8) + [UInt8](repeating: 0, count: Tar.padding(content.utf8.count))
            }
        }
        return tar + Tar.end
    }

    @discardableResult
    private func unpack(
        _ bytes: [UInt8], into folder: TestFolder, as name: String? = nil, stripping: Int = 0, replaces: Bool = true,
        piece: Int = 1000
    ) throws -> TransferCount.Figures {
        folder.sh("mkdir -p out")
        let extractor = try TarExtractor(
            into: folder.path + "/out", as: name, stripping: stripping, replaces: replaces)
        for start in stride(from: 0, to: bytes.count, by: piece) {
            try extractor.take(Array(bytes[start..<min(start + piece, bytes.count)]))
        }
        try extractor.finish()
        return extractor.count.figures
    }

    @Test func whatWasPackedIsUnpackedTheSame() async throws {
        let folder = try TestFolder()
        folder.sh(
            """
            mkdir -p tree/a/b tree/ro && echo 1 >tree/a/b/c && ln -s /nowhere tree/link && ln tree/a/b/c tree/second
            echo 2 >tree/ro/file && chmod 640 tree/a/b/c && touch -d @1500000000 tree/ro tree/a && chmod 555 tree/ro
            """)
        try folder.write("tree/big", noise(500_000))
        let figures = try unpack(
            try await TreeTar(of: folder.path + "/tree", as: "tree").bytes(), into: folder, piece: 777)
        #expect(folder.sh("diff -r --no-dereference tree out/tree && echo same") == "same\n")
        #expect(
            folder.sh("cd out/tree && stat -c '%a %Y' ro a && stat -c %a a/b/c")
                == "555 1500000000\n755 1500000000\n640\n")
        #expect(folder.sh("[ out/tree/second -ef out/tree/a/b/c ] && echo one") == "one\n")
        #expect(figures.files == 5 && figures.skipped.isEmpty)
    }

    @Test func aFileGoesWhereItIsWanted() throws {
        let folder = try TestFolder()
        try unpack(tar([(.file, "hosts", "x")]), into: folder, as: "other", stripping: 1)
        #expect(folder.read("out/other") == "x")
        try unpack(tar([(.folder, "etc", ""), (.file, "etc/a", "1")]), into: folder, as: "conf", stripping: 1)
        #expect(folder.read("out/conf/a") == "1")
    }

    @Test func nothingLeavesTheFolder() throws {
        let folder = try TestFolder()
        folder.sh("mkdir -p out outside && ln -s ../outside out/already")
        let figures = try unpack(
            tar([
                (.file, "../escaped", "x"), (.file, "a/../../escaped", "x"), (.file, "/absolute", "x"),
                (.symbolicLink, "link", "../outside"), (.file, "link/file", "x"), (.folder, "link", ""),
                (.file, "link/again", "x"), (.file, "already/file", "x"), (.symbolicLink, "up", ".."),
                (.file, "up/file", "x"), (.hardLink, "hard", "../outside"), (.hardLink, "hard2", "link/x"),
                (.hardLink, "hard3", "nothing"), (.file, "link2/../../x", "x"), (.symbolicLink, "self", "self"),
                (.file, "self/x", "x"), (.file, "fine", "x"),
            ]), into: folder)
        #expect(folder.sh("ls -A outside; ls -A") == "out\noutside\n")
        // An absolute name is one below the folder.
        #expect(folder.sh("ls -A out") == "absolute\nalready\nfine\nlink\nself\nup\n")
        #expect(figures.skippedCount == 12 && figures.skipped.count == 12)
        #expect(figures.skipped.first == "../escaped: its name leads elsewhere")
    }

    /// A file in the place of a link is written in its place, not through it.
    @Test func aLinkGivesWayToAFile() throws {
        let folder = try TestFolder()
        folder.sh("mkdir out && echo safe >outside && ln -s ../outside out/file")
        try unpack(tar([(.file, "file", "new")]), into: folder)
        #expect(folder.read("outside") == "safe\n" && folder.read("out/file") == "new")
        #expect(folder.sh("[ -L out/file ] || echo file") == "file\n")
    }

    @Test func devicesAndFilesWithHolesArePassedOverByName() throws {
        let folder = try TestFolder()
        let figures = try unpack(
            tar([
                (.special, "null", ""), (.sparse, "holes", ""), (.unknown(UInt8(ascii: "Z")), "odd", ""),
                (.file, "a", "1"),
            ]),
            into: folder)
        #expect(figures.skipped == ["null: a device or fifo", "holes: a file with holes", "odd: of kind Z"])
        #expect(folder.read("out/a") == "1")
    }

    @Test func whatIsInTheWayIsNamed() throws {
        let folder = try TestFolder()
        folder.sh("mkdir -p out/folder && echo old >out/file")
        func message(_ files: [(TarEntry.Kind, String, String)], replaces: Bool = true) -> String {
            do { try unpack(tar(files), into: folder, replaces: replaces) } catch { return "\(error)" }
            return ""
        }
        let out = folder.path + "/out"
        #expect(message([(.file, "folder", "x")]) == "\(out)/folder: there already, and a folder")
        #expect(message([(.folder, "file", "")]) == "\(out)/file: there already, and not a folder")
        #expect(message([(.file, "file/a", "x")]) == "\(out)/file: there already, and not a folder")
        #expect(message([(.file, "file", "x")], replaces: false) == "\(out)/file: there already")
        #expect(folder.read("out/file") == "old\n")
        #expect(message([(.file, "file", "new")]) == "")
        #expect(folder.read("out/file") == "new")
    }

    /// Given up in the middle, what was there is there still, and nothing half-made is.
    @Test func whatIsNotWholeIsNotThere() throws {
        let folder = try TestFolder()
        folder.sh("mkdir out && echo old >out/file")
        let bytes = tar([(.file, "first", "1"), (.file, "file", String(repeating: "new ", count: 1000))])
        do {
            let extractor = try TarExtractor(into: folder.path + "/out")
            try extractor.take(Array(bytes[..<3000]))
            #expect(folder.sh("ls -A out | wc -l") == "3\n")
            #expect(throws: ArchiveError.self) { try extractor.finish() }
        }
        #expect(folder.sh("ls -A out && cat out/file") == "file\nfirst\nold\n")
    }

    @Test(.enabled(if: getuid() == 0, "only root mounts")) func aFullDiskIsSaidAndLeavesNothingHalf() throws {
        let folder = try TestFolder()
        try #require(folder.sh("mkdir out && mount -t tmpfs -o size=64k tmpfs out && echo mounted") == "mounted\n")
        defer { folder.sh("umount out") }
        let extractor = try TarExtractor(into: folder.path + "/out")
        let entry = TarEntry(name: Array("big".utf8), kind: .file, mode: 0o644, size: 200_000)
        #expect {
            try extractor.take(TarHeader.bytes(of: entry) + noise(200_000))
        } throws: { "\($0)" == "\(folder.path)/out/big: No space left on device" }
        #expect(folder.sh("ls -A out") == "")
    }
}
