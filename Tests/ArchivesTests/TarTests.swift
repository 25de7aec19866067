import Testing

@testable import Archives

@Suite struct TarTests {
    static let entries: [TarEntry] = [
        TarEntry(name: Array("a".utf8), kind: .file, mode: 0o644, time: 1_700_000_000),
        TarEntry(name: Array("folder".utf8), kind: .folder, mode: 0o755),
        TarEntry(name: Array("folder/link".utf8), kind: .symbolicLink, mode: 0o777, target: Array("../a".utf8)),
        TarEntry(name: Array("other".utf8), kind: .hardLink, mode: 0o644, target: Array("a".utf8)),
        TarEntry(name: Array(String(repeating: "n", count: 101).utf8), kind: .file, mode: 0o4755),
        TarEntry(name: Array((String(repeating: "d/", count: 70) + "file").utf8), kind: .file, mode: 0o600),
        TarEntry(name: Array(String(repeating: "deep/", count: 100).utf8.dropLast()), kind: .folder, mode: 0o700),
        TarEntry(name: Array("Ünï/☺.txt".utf8), kind: .file, mode: 0o644),
        TarEntry(name: [0xFF, 0xFE, 0x61], kind: .file, mode: 0o644),
        TarEntry(
            name: Array("far".utf8), kind: .symbolicLink, mode: 0o777,
            target: Array(String(repeating: "x", count: 300).utf8)),
        TarEntry(name: Array("old".utf8), kind: .file, mode: 0o644, time: -86_400),
        TarEntry(name: Array("owned".utf8), kind: .file, mode: 0o644, owner: 3_000_000, group: 5_000_000),
        TarEntry(name: Array("future".utf8), kind: .file, mode: 0o644, time: 1 << 34),
    ]

    @Test(arguments: [1, 7, 511, 512, 513, 4096, .max])
    func whatIsWrittenIsReadWhereverTheBytesAreCut(_ piece: Int) throws {
        var tar: [UInt8] = []
        for entry in Self.entries { tar += TarHeader.bytes(of: entry) }
        #expect(tar.count % 512 == 0)
        let contents = try Contents(tar + Tar.end, piece: piece)
        #expect(contents.entries == Self.entries)
    }

    /// 8 GB and more have no room in the usual field.
    @Test func aSizeBeyondEightGigabytesIsCarried() throws {
        for size in [(1 << 33) - 1, 1 << 33, 1 << 40] {
            let entry = TarEntry(name: Array("big".utf8), kind: .file, mode: 0o644, size: size)
            var read: [TarEntry] = []
            var reader = TarReader()
            try TarHeader.bytes(of: entry).withUnsafeBytes { bytes in
                try reader.read(bytes) { if case .entry(let entry) = $0 { read.append(entry) } }
            }
            #expect(read == [entry])
            // The content has not come.
            #expect(throws: ArchiveError.self) { try reader.finish() }
        }
    }

    @Test func gnuTarReadsWhatIsWritten() async throws {
        let folder = try TestFolder()
        let long = String(repeating: "long-name-", count: 15)
        let deep = String(repeating: "a-folder/", count: 30)
        folder.sh(
            """
            mkdir -p tree/\(deep) && echo deep >tree/\(deep)/file && echo long >tree/\(long)
            echo ü >tree/ümlaut && ln -s ümlaut tree/link && chmod 4751 tree/\(long) && mkdir tree/empty
            ln tree/\(long) tree/second
            """)
        try folder.write("tree/big", noise(300_000))
        try folder.write("tar", try await TreeTar(of: folder.path + "/tree", as: "tree").bytes())
        #expect(folder.sh("mkdir out && tar -C out -xpf tar && diff -r tree out/tree && echo same") == "same\n")
        #expect(folder.sh("stat -c %a out/tree/\(long) && readlink out/tree/link") == "4751\nümlaut\n")
        #expect(folder.sh("tar -tvf tar | awk '{print $2}' | sort -u") == "0/0\n")
        #expect(folder.sh("[ out/tree/second -ef out/tree/\(long) ] && echo one") == "one\n")
    }

    @Test(arguments: ["gnu", "pax", "ustar", "v7", "oldgnu"])
    func whatGnuTarWritesIsRead(_ format: String) throws {
        let folder = try TestFolder()
        let long = format == "gnu" || format == "pax" || format == "oldgnu" ? String(repeating: "n", count: 180) : "n"
        folder.sh(
            """
            mkdir -p tree/sub && echo one >tree/sub/\(long) && ln -s \(long) tree/sub/link && echo two >tree/two
            ln tree/two tree/three && tar --format=\(format) -cf tar tree
            """)
        let contents = try Contents(Array(try #require(folder.read("tar")).utf8), piece: 100)
        #expect(
            Set(contents.names) == ["tree", "tree/sub", "tree/sub/\(long)", "tree/sub/link", "tree/two", "tree/three"])
        #expect(contents["tree"]?.kind == .folder)
        #expect(contents["tree/sub/link"].map { String(decoding: $0.target, as: UTF8.self) } == long)
        #expect(contents.content["tree/sub/\(long)"] == Array("one\n".utf8))
        #expect(contents.entries.count { $0.kind == .hardLink } == 1)
    }

    @Test(arguments: ["gnu", "pax", "oldgnu"]) func aFileWithHolesIsToldAndWhatFollowsIsRead(_ format: String) throws {
        let folder = try TestFolder()
        // So many pieces that the map of them needs headers of its own.
        folder.sh(
            """
            for i in $(seq 0 60); do printf x | dd of=holes bs=1 seek=$((i * 100000)) conv=notrunc status=none; done
            echo after >zafter; tar --format=\(format) --sparse -cf tar holes zafter
            """)
        // The content may be anything: the bytes matter, so it is read as they are.
        let contents = try Contents(folder.bytes("tar"), piece: 1000)
        #expect(contents.entries.first?.kind == .sparse)
        #expect(contents["zafter"]?.kind == .file)
        #expect(contents.content["zafter"] == Array("after\n".utf8))
    }

    @Test func whatIsNoTarSaysSo() throws {
        #expect { try Contents(noise(2048)) } throws: { "\($0)" == "not a tar" }
        #expect { try Contents(Array("{\"message\":\"no\"}".utf8)) } throws: { "\($0)".contains("ends in the middle") }
        var tar = TarHeader.bytes(of: TarEntry(name: Array("a".utf8), kind: .file, mode: 0o644, size: 3))
        tar += Array("abc".utf8) + [UInt8](repeating: 0, count: 509) + noise(512)
        #expect { try Contents(tar) } throws: { "\($0)".contains("damaged") }
        // A name that claims to be larger than anything.
        var name = TarHeader.bytes(of: TarEntry(name: Array("x".utf8), kind: .unknown(UInt8(ascii: "L")), mode: 0))
        name.replaceSubrange(124..<135, with: Array("77777777777".utf8))
        #expect { try Contents(name) } throws: { _ in true }
        #expect(try Contents([]).entries.isEmpty)
    }

    /// Whatever comes, it is read or refused; and nothing is held but a header.
    @Test func noBytesBringItDown() throws {
        let tar = Self.entries.flatMap { TarHeader.bytes(of: $0) } + Tar.end
        for seed in UInt64(1)...400 {
            var damaged = tar
            for byte in noise(6, seed: seed) { damaged[(Int(byte) * 7919 + Int(seed) * 104_729) % tar.count] = byte }
            var reader = TarReader()
            var held = 0
            var rest = damaged[...]
            do {
                while !rest.isEmpty {
                    let piece = Array(rest.prefix(Int(seed) % 700 + 1))
                    rest = rest.dropFirst(piece.count)
                    try piece.withUnsafeBytes { try reader.read($0) { _ in } }
                    held = max(held, reader.held)
                }
                try reader.finish()
            } catch { #expect(error is ArchiveError) }
            #expect(held <= TarReader.extraLimit + 512)
        }
    }

    /// Seals a header anew after it was changed, so that it is not the sum that is found wrong.
    @Test func noFieldsBringItDown() throws {
        for seed in UInt64(1)...2_000 {
            var header = TarHeader.bytes(of: Self.entries[Int(seed) % 4])
            let random = noise(24, seed: seed)
            for index in stride(from: 0, to: 24, by: 2) {
                header[100 + Int(random[index]) * 160 / 256] = random[index + 1]
            }
            var sum = header.enumerated().reduce(0) { $0 + ((148..<156).contains($1.offset) ? 32 : Int($1.element)) }
            for place in (148..<154).reversed() {
                header[place] = UInt8(ascii: "0") + UInt8(sum & 7)
                sum >>= 3
            }
            header[154] = 0
            header[155] = 32
            do { _ = try Contents(header + header + Tar.end, piece: 100) } catch { #expect(error is ArchiveError) }
        }
    }
}

extension TestFolder {
    func bytes(_ name: String) -> [UInt8] {
        run("od -An -v -tu1 '\(path)/\(name)'").split(whereSeparator: \.isWhitespace).compactMap { UInt8($0) }
    }
}
