import EngineAPI
import Foundation
import Testing

@testable import Dashboard

@Suite struct BuildSpecTests {
    @Test func aDockerfilesStagesAndArgumentsAreFound() {
        let outline = DockerfileOutline(
            """
            # syntax=docker/dockerfile:1
            ARG BASE=busybox
            FROM --platform=linux/amd64 $BASE AS build
            ARG WHO=nobody MORE
            # FROM commented AS out
            RUN echo FROM nothing AS such && \\
                # a comment within
                FROM x AS y
            from build as Test
            RUN <<EOF
            FROM document AS no
            EOF
            FROM scratch
            ARG WHO
            """)
        #expect(outline.stages == ["build", "Test"])
        #expect(outline.stageCount == 3)
        #expect(outline.arguments == ["BASE", "WHO", "MORE"])
        #expect(outline.hasStage("test") && outline.hasStage("BUILD") && outline.hasStage("2"))
        #expect(!outline.hasStage("3") && !outline.hasStage("no") && !outline.hasStage("out"))
    }

    @Test func anotherEscapeAndWindowsLineEndsAreRead() {
        let outline = DockerfileOutline("# escape=`\r\nFROM a `\r\n  AS one\r\nRUN c:\\\r\nFROM b AS two\r\n")
        #expect(outline.stages == ["one", "two"])
        #expect(DockerfileOutline("").stageCount == 0)
        #expect(DockerfileOutline("FROM a AS last \\").stages == ["last"])
    }

    @Test func theDockerLineSaysTheSame() {
        var spec = BuildSpec(folder: "my app", tags: ["shop/web:1", "shop/web"])
        spec.dockerfile = "docker/Dockerfile"
        spec.target = "test"
        spec.arguments = ["A=b c", "HTTP_PROXY"]
        spec.noCache = true
        spec.pulls = true
        #expect(
            spec.line
                == "docker build -t shop/web:1 -t shop/web -f 'my app/docker/Dockerfile' --target test "
                + "--build-arg 'A=b c' --build-arg HTTP_PROXY --no-cache --pull 'my app'")
        spec = BuildSpec(folder: ".", dockerfile: "other", builder: .buildx)
        #expect(spec.line == "docker buildx build -f other .")
        #expect(spec.program == ["docker", "buildx", "build", "--progress=plain", "--load", "-f", "other", "."])
        spec = BuildSpec(folder: "/a", dockerfile: "/b/Dockerfile")
        #expect(spec.line == "docker build -f /b/Dockerfile /a")
    }

    @Test func theEngineIsToldWhatTheLineSays() {
        var spec = BuildSpec(folder: ".", tags: ["a:1"])
        spec.arguments = ["ONE=1", "TWO=a=b", "SET", "UNSET", "EMPTY="]
        spec.target = "test"
        let options = spec.options(dockerfile: "d", environment: ["SET": "here"])
        #expect(options.dockerfile == "d" && options.tags == ["a:1"] && options.target == "test")
        let expected: [String: String?] = ["ONE": "1", "TWO": "a=b", "SET": "here", "UNSET": nil, "EMPTY": ""]
        #expect(options.arguments == expected)
        #expect(!options.noCache && !options.pulls)
    }

    @Test func whatBuildxPrintsIsToldAsStepsWhereverItIsCut() {
        let output = """
            #1 [internal] load build definition from Dockerfile
            #1 DONE 0.0s
            #5 [build 1/2] FROM demo/busybox
            #6 [build 2/2] RUN make
            #6 [build 2/2] RUN make
            #7 [stage-1 2/3] RUN exit 7
            #6 0.2 making
            #7 ERROR: process "/bin/sh -c exit 7" did not complete successfully: exit code: 7
            ------
            ERROR: failed to solve: process "/bin/sh -c exit 7" did not complete successfully: exit code: 7
            """
        let expected = """
            #1 [internal] load build definition from Dockerfile
            #1 DONE 0.0s
            Step 1/2 : [build] FROM demo/busybox
            Step 2/2 : [build] RUN make

            Step 2/3 : [stage-1] RUN exit 7
            #6 0.2 making
            Step 2/3 : [stage-1] RUN exit 7
            ERROR: process "/bin/sh -c exit 7" did not complete successfully: exit code: 7
            ------
            ERROR: failed to solve: process "/bin/sh -c exit 7" did not complete successfully: exit code: 7

            """
        for piece in [1, 7, 10_000] {
            var lines = BuildxLines()
            var text = ""
            var rest = Array(output.utf8)[...]
            while !rest.isEmpty {
                text += lines.take(Array(rest.prefix(piece)))
                rest = rest.dropFirst(piece)
            }
            text += lines.finish()
            #expect(text == expected)
            #expect(lines.failure?.hasPrefix("failed to solve: process") == true)
        }
    }

    @Test func aLineWithoutEndIsNotHeldForEver() {
        var lines = BuildxLines()
        for _ in 0..<100 { _ = lines.take(Array(repeating: UInt8(ascii: "x"), count: 10_000)) }
        #expect(lines.finish().utf8.count <= 40_000)
    }
}

@Suite struct LocalPathTests {
    private func knowledge(_ folder: String, _ names: String...) -> LocalKnowledge {
        var local = LocalKnowledge()
        local.take(
            .entries(
                names.map { LocalEntry(name: $0.replacing("/", with: ""), isFolder: $0.hasSuffix("/")) }, isWhole: true),
            to: .folder(folder), at: Date(timeIntervalSince1970: 0))
        return local
    }

    @Test func aPathIsCompletedFromTheFolderItStandsIn() {
        let here = knowledge(".", "src/", "script", ".git/", "strange\u{1B}[1m")
        #expect(LocalPath.completions(of: "s", here) == ["src/", "script"])
        #expect(LocalPath.completions(of: "s", onlyFolders: true, here) == ["src/"])
        #expect(LocalPath.completions(of: "", here) == ["src/", "script"])
        #expect(LocalPath.completions(of: ".", here) == [".git/"])
        #expect(
            LocalPath.completions(of: "src/m", knowledge("src/", "main/", "more", "x")) == ["src/main/", "src/more"])
        #expect(LocalPath.completions(of: "/et", knowledge("/", "etc/")) == ["/etc/"])
        #expect(LocalPath.completions(of: "d", in: "app", knowledge("app", "docker/", "doc")) == ["docker/", "doc"])
        #expect(LocalPath.folder(completing: "docker/x", in: "app") == "app/docker/")
        #expect(LocalPath.folder(completing: "/x/y", in: "app") == "/x/")
        #expect(LocalPath.folder(completing: "x") == ".")
    }

    @Test func whatIsCommonIsTheBeginning() {
        #expect(LocalPath.commonBeginning(["src/main/", "src/more"]) == "src/m")
        #expect(LocalPath.commonBeginning(["one"]) == "one")
        #expect(LocalPath.commonBeginning(["a", "b"]) == "")
        #expect(LocalPath.commonBeginning([]) == "")
    }

    @Test func onlyWhatIsOldIsAskedAgainAndNotMuchIsKept() {
        var local = LocalKnowledge()
        let start = Date(timeIntervalSince1970: 1_000)
        for number in 0..<100 {
            local.take(.problem("no"), to: .folder("\(number)"), at: start.addingTimeInterval(Double(number)))
        }
        #expect((0..<100).count { local[.folder("\($0)")] != nil } == LocalKnowledge.bound)
        #expect(local.isKnown(.folder("99"), at: start.addingTimeInterval(100)))
        #expect(!local.isKnown(.folder("99"), at: start.addingTimeInterval(200)))
        local.take(.buildx(nil), to: .buildx, at: start.addingTimeInterval(200))
        #expect(local.isKnown(.buildx, at: start.addingTimeInterval(10_000)))
    }

    @Test func thisMachineIsRead() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "gantry-look-\(UUID().uuidString)").path()
        try FileManager.default.createDirectory(atPath: folder + "/sub", withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try "FROM a AS b\n".write(toFile: folder + "/Dockerfile", atomically: true, encoding: .utf8)
        try FileManager.default.createSymbolicLink(atPath: folder + "/link", withDestinationPath: "sub")
        guard case .entries(let entries, true) = await LocalLook.answer(.folder(folder)) else {
            Issue.record("no entries")
            return
        }
        #expect(entries.map(\.name) == ["Dockerfile", "link", "sub"])
        #expect(entries.map(\.isFolder) == [false, true, true])
        guard case .outline(let outline) = await LocalLook.answer(.dockerfile(folder + "/Dockerfile")) else {
            Issue.record("no outline")
            return
        }
        #expect(outline.stages == ["b"])
        guard case .problem(let reason) = await LocalLook.answer(.folder(folder + "/no")) else {
            Issue.record("a folder that is not there")
            return
        }
        #expect(reason == "no such file or directory")
        guard case .problem("it is not a file") = await LocalLook.answer(.dockerfile(folder)) else {
            Issue.record("a folder is no Dockerfile")
            return
        }
    }
}
