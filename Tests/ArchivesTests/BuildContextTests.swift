import Testing

@testable import Archives

@Suite struct BuildContextTests {
    private func names(_ context: BuildContext) async throws -> [String] {
        try Contents(try await context.tar.bytes()).names
    }

    @Test func aFolderBecomesATarWithItsLinksBitsAndTimes() async throws {
        let folder = try TestFolder()
        folder.sh(
            """
            mkdir -p src/deep && echo FROM x >Dockerfile && printf body >src/file && chmod 4750 src/file
            touch -d @1600000000 src/file && ln -s ../file src/deep/link && ln -s /etc/passwd out && mkfifo fifo
            chmod 1777 src/deep && ln src/file src/same
            """)
        let count = TransferCount()
        let context = try BuildContext(folder: folder.path, count: count)
        let contents = try Contents(try await context.tar.bytes())
        #expect(contents.names == ["Dockerfile", "out", "src", "src/deep", "src/deep/link", "src/file", "src/same"])
        let file = try #require(contents["src/file"])
        #expect(file.mode == 0o4750 && file.time == 1_600_000_000 && file.size == 4)
        #expect(contents.content["src/file"] == Array("body".utf8))
        #expect(contents["src/deep"]?.mode == 0o1777)
        #expect(contents["out"]?.kind == .symbolicLink && contents["out"]?.target == Array("/etc/passwd".utf8))
        #expect(contents["src/same"]?.kind == .hardLink && contents["src/same"]?.target == Array("src/file".utf8))
        #expect(contents.entries.allSatisfy { $0.owner == 0 && $0.group == 0 })
        #expect(context.dockerfile == "Dockerfile")
        #expect(count.figures.files == 5 && count.figures.bytes == 11)
        #expect(count.figures.skipped == ["fifo: a fifo"])
    }

    @Test func whatIsIgnoredIsNotSentButTheBuilderGetsItsOwnFiles() async throws {
        let folder = try TestFolder()
        folder.sh(
            """
            mkdir -p a/b node_modules/x docs && echo FROM x >Dockerfile && echo 1 >a/b/kept && echo 2 >a/gone
            echo 3 >node_modules/x/y && echo 4 >docs/README.md && echo 5 >docs/other
            printf '*\\n!a/b/kept\\n!**/README.md\\n' >.dockerignore
            """)
        // Folders come along in which something is kept.
        #expect(
            try await names(BuildContext(folder: folder.path)) == [
                ".dockerignore", "Dockerfile", "a", "a/b", "a/b/kept", "docs", "docs/README.md",
            ])
    }

    @Test func theDockerfilesOwnIgnoreFileWins() async throws {
        let folder = try TestFolder()
        folder.sh(
            """
            mkdir build && echo FROM x >build/app.Dockerfile && echo 1 >one && echo 2 >two
            echo one >.dockerignore && echo two >build/app.Dockerfile.dockerignore
            """)
        let context = try BuildContext(folder: folder.path, dockerfile: "build/app.Dockerfile")
        #expect(context.dockerfile == "build/app.Dockerfile")
        #expect(context.ignoreFile == folder.path + "/build/app.Dockerfile.dockerignore")
        #expect(
            try await names(context) == [
                ".dockerignore", "build", "build/app.Dockerfile", "build/app.Dockerfile.dockerignore", "one",
            ])
    }

    /// The Engine would not take it out of the context: it knows only the file that all have.
    @Test func aDockerfileThatItsOwnIgnoreFileLeavesOutGoesByAnotherName() async throws {
        let folder = try TestFolder()
        folder.sh("echo FROM x >Dockerfile && echo 'Dockerfile*' >Dockerfile.dockerignore && echo 1 >one")
        let context = try BuildContext(folder: folder.path)
        let contents = try Contents(try await context.tar.bytes())
        #expect(context.dockerfile.hasPrefix(".dockerfile."))
        #expect(Set(contents.names) == [".dockerignore", context.dockerfile, "one"])
        #expect(contents.content[context.dockerfile] == Array("FROM x\n".utf8))
        #expect(contents.content[".dockerignore"] == Array(".dockerignore\n\(context.dockerfile)\n".utf8))
    }

    @Test func aDockerfileOfElsewhereIsSentUnderANameThatIsIgnored() async throws {
        let folder = try TestFolder()
        folder.sh(
            "mkdir context && echo FROM y >elsewhere && echo 1 >context/one && echo '*.log' >context/.dockerignore")
        for path in [folder.path + "/elsewhere", "../elsewhere"] {
            let context = try BuildContext(folder: folder.path + "/context", dockerfile: path)
            let contents = try Contents(try await context.tar.bytes())
            #expect(context.dockerfile.hasPrefix(".dockerfile."))
            #expect(Set(contents.names) == [".dockerignore", context.dockerfile, "one"])
            #expect(contents.content[context.dockerfile] == Array("FROM y\n".utf8))
            #expect(contents.content[".dockerignore"] == Array("*.log\n\n\(context.dockerfile)\n".utf8))
        }
    }

    @Test func aFolderBehindALinkIsTheSameFolder() async throws {
        let folder = try TestFolder()
        folder.sh("mkdir real && echo FROM x >real/Dockerfile && ln -s real link && ln -s Dockerfile real/other")
        #expect(try BuildContext(folder: folder.path + "/link").dockerfile == "Dockerfile")
        #expect(
            try BuildContext(folder: folder.path + "/real", dockerfile: folder.path + "/link/Dockerfile").dockerfile
                == "Dockerfile")
        // A link within stays what it is: the Engine follows it.
        #expect(try BuildContext(folder: folder.path + "/real", dockerfile: "other").dockerfile == "other")
    }

    @Test func aDockerfileInSmallLettersCountsWhereThereIsNoOther() throws {
        let folder = try TestFolder()
        folder.sh("echo FROM x >dockerfile")
        #expect(try BuildContext(folder: folder.path).dockerfile == "dockerfile")
    }

    @Test func whatIsNotThereIsNamed() throws {
        let folder = try TestFolder()
        folder.sh("mkdir d && mkdir d/Dockerfile && echo '[' >Dockerfile.dockerignore && echo FROM x >Dockerfile")
        func message(_ folder: String, _ dockerfile: String? = nil) -> String {
            do { _ = try BuildContext(folder: folder, dockerfile: dockerfile) } catch { return "\(error)" }
            return ""
        }
        #expect(message(folder.path + "/no") == folder.path + "/no: No such file or directory")
        #expect(message(folder.path + "/Dockerfile") == folder.path + "/Dockerfile: not a folder")
        #expect(message(folder.path, "other") == folder.path + "/other: No such file or directory")
        #expect(message(folder.path + "/d") == folder.path + "/d/Dockerfile: a folder, not a Dockerfile")
        #expect(message(folder.path).hasPrefix(folder.path + "/Dockerfile.dockerignore: line 1: ["))
    }

    /// What no permission would hinder root from reading, the length of a path does.
    @Test func aFileThatCannotBeReadIsNamed() async throws {
        let folder = try TestFolder()
        folder.sh(
            "echo FROM x >Dockerfile; n=$(printf 'd%.0s' $(seq 250)); for i in $(seq 17); do mkdir $n && cd $n; done")
        let context = try BuildContext(folder: folder.path)
        await #expect {
            _ = try await context.tar.bytes()
        } throws: { "\($0)".hasPrefix(folder.path + "/ddd") && "\($0)".hasSuffix("d: File name too long") }
    }

    @Test func aFileThatGrowsIsCutAndOneThatShrinksIsNamed() throws {
        let folder = try TestFolder()
        try folder.write("file", noise(400_000))
        let grows = TarMaker(.init(path: Array((folder.path + "/file").utf8), name: Array("file".utf8)), count: .init())
        var tar = try #require(try grows.next())
        folder.sh("echo more >>file")
        while let part = try grows.next() { tar += part }
        let contents = try Contents(tar)
        #expect(contents["file"]?.size == 400_000 && contents.content["file"] == noise(400_000))

        let shrinks = TarMaker(
            .init(path: Array((folder.path + "/file").utf8), name: Array("file".utf8)), count: .init())
        _ = try shrinks.next()
        folder.sh(": >file")
        #expect { while try shrinks.next() != nil {} } throws: {
            "\($0)" == "\(folder.path)/file: became shorter while it was read"
        }
    }

    @Test func whatGoesWhileTheFolderIsReadWasNeverThere() throws {
        let folder = try TestFolder()
        folder.sh("echo 1 >a && echo 2 >b && mkdir c && echo 3 >c/d")
        var walk = try FolderWalk(Array(folder.path.utf8))
        #expect(try walk.next()?.name == Array("a".utf8))
        folder.sh("rm -r b c")
        #expect(try walk.next() == nil)
    }

    /// However large the files are and how many, a part is a part.
    @Test func noMoreThanAPartIsHeld() throws {
        let folder = try TestFolder()
        folder.sh("head -c 3000000 /dev/zero >big; mkdir many; for i in $(seq 2000); do echo $i >many/$i; done")
        let maker = TarMaker(.init(path: Array(folder.path.utf8)), count: TransferCount())
        var bytes = 0
        while let part = try maker.next() { bytes += part.count }
        #expect(bytes > 3_000_000 + 2_000 * 1024)
        #expect(maker.mostHeld <= TreeTar.partSize + 8192)
    }
}
