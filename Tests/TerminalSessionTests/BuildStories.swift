import Foundation
import Testing

extension Session {
    /// A folder of this machine that goes with the story.
    func machineFolder(_ name: String, _ script: String) throws -> String {
        let path = "/tmp/" + self.name("gantry-\(name)")
        try run(["sh", "-c", "mkdir -p '\(path)' && cd '\(path)' && \(script)"])
        return path
    }

    /// The name of an image that is going to be built.
    func plannedImage(_ name: String) -> String {
        let name = self.name(name)
        planned(image: name)
        return name
    }

    /// Fills in a field of the form of a build, and goes to the next.
    fileprivate func fill(_ text: String) async throws {
        try await press("ctrl-u")
        try type(text)
        try await press("down")
    }

    /// Goes to a field by its place in the form of a build.
    fileprivate func field(_ place: Int) async throws {
        try await press("pgup")
        for _ in 0..<place { try await press("down") }
    }
}

extension Stories {
    /// From a folder to an image.
    @Suite struct Building {
        private static let dockerfile = """
            FROM demo/busybox:1.35 AS build
            ARG WHO=nobody
            COPY . /c
            RUN echo "made for $WHO" >/made && ls /c
            FROM demo/busybox:1.35 AS last
            COPY --from=build /made /made
            CMD ["cat", "/made"]
            """

        private func folder(_ session: Session, _ dockerfile: String = Self.dockerfile) throws -> String {
            try session.machineFolder(
                "context",
                "cat >Dockerfile <<'END'\n\(dockerfile)\nEND\necho secret >secret.txt; echo kept >kept; echo '*.txt' >.dockerignore"
            )
        }

        private func gone(_ folder: String) { _ = try? run(["rm", "-rf", folder], expecting: nil) }

        @Test(
            "A multi-stage image is built from the form, its ignored files stay at home, and it is run",
            arguments: Tmux.Size.both)
        func build(size: Tmux.Size) async throws {
            let session = Session()
            let (image, folder) = (session.plannedImage("built"), try folder(session))
            defer { gone(folder) }
            try await session.open(size)
            try await session.press("b")
            try await session.expectScreen(contains: "Build an image")
            // Tab completes from this machine's files, as in a shell.
            try await session.press("ctrl-u")
            try session.type(String(folder.dropLast(2)))
            try await session.expectScreen(contains: folder + "/")
            try await session.press("tab")
            try await session.expectScreen(contains: "docker build \(folder)/")
            try await session.press("tab", "tab")
            try session.type(image)
            try await session.press("tab")
            // Stages come from the Dockerfile.
            try session.type("bui")
            try await session.press("tab")
            try await session.expectScreen(contains: "--target build")
            try await session.press("ctrl-u", "tab")
            try session.type("WHO=us")
            try await session.expectScreen(saying: "docker build -t \(image) --build-arg WHO=us \(folder)/")
            try await session.expectScreen(contains: "docker buildx is not installed")
            try await session.press("ctrl-r")
            try await session.expectScreen(contains: "✓ built \(image)")
            try await session.press("home")
            try await session.expectScreen(contains: "builder: classic (Engine API)")
            try await session.expectScreen(contains: "context sent: 3 files")
            try await session.press("pgdn")
            try await session.press("end")
            try await session.expectScreen(contains: "Successfully built")
            try await session.press("esc")
            // The new image is the selected one.
            try await session.expect("\(image) to be selected among the images") { screen in
                screen.text.contains("2 Images") && screen.lines.contains { $0.contains("▌") && $0.contains(image) }
            }
            #expect(try session.docker(["run", "--rm", "--network", "none", image]) == "made for us")
            let files = try session.docker(["run", "--rm", "--network", "none", image, "ls", "/"])
            #expect(!files.contains("secret.txt"))
            try await session.press("J")
            try await session.expectScreen(contains: "docker build -t \(image)")
        }

        @Test("A step that fails is marked, the reason is said, and the form is still there to build again")
        func failingStep() async throws {
            let session = Session()
            let image = session.plannedImage("failing")
            let folder = try folder(
                session, "FROM demo/busybox:1.35\nRUN echo before the end && exit 7\nRUN echo never")
            defer { gone(folder) }
            try await session.open()
            try await session.press("b")
            try await session.fill(folder)
            try await session.press("down")
            try session.type(image)
            try await session.press("ctrl-r")
            try await session.expectScreen(contains: "✕ Step 2/3 : RUN echo before the end")
            try await session.expectScreen(contains: "before the end")
            try await session.expectScreen(saying: "step 2 of 3, RUN echo before the end")
            try await session.press("esc")
            try await session.expectScreen(contains: "docker build -t \(image) \(folder)")
            try await session.expectScreen(saying: "returned a non-zero code: 7")
            // What is mended is built from the same form.
            try run(["sh", "-c", "printf 'FROM demo/busybox:1.35\\nRUN echo mended\\n' >\(folder)/Dockerfile"])
            try await session.press("ctrl-r")
            try await session.expectScreen(contains: "✓ built \(image)")
        }

        @Test("A build that is cancelled midway stops at the Engine and leaves no container")
        func cancel() async throws {
            let session = Session()
            let image = session.plannedImage("cancelled")
            let folder = try folder(session, "FROM demo/busybox:1.35\nRUN echo begun && sleep 600\nRUN echo never")
            defer { gone(folder) }
            try await session.open()
            try await session.press("b")
            try await session.fill(folder)
            try await session.press("down")
            try session.type(image)
            try await session.press("ctrl-r")
            try await session.expectScreen(contains: "step 2 of 3")
            try await session.expectEngine("the step's container") { try !session.docker(["ps", "-q"]).isEmpty }
            try await session.press("c")
            try await session.expectScreen(contains: "cancelled after")
            try await session.expectEngine("no container of the build") { try session.docker(["ps", "-aq"]).isEmpty }
            #expect(try session.docker(["images", "-q", image]).isEmpty)
            try await session.press("esc")
            try await session.expectScreen(contains: "docker build -t \(image) \(folder)")
        }

        @Test("What cannot be built is named at its field, and nothing is sent")
        func badInput() async throws {
            let session = Session()
            let folder = try folder(session)
            defer { gone(folder) }
            try await session.open()
            try await session.press("b")
            try await session.fill("/no/such/folder")
            try await session.expectScreen(contains: "✕ /no/such/folder: no such file or directory")
            try await session.press("ctrl-r")
            try await session.expectFlash(containing: "folder: /no/such/folder: no such file or directory")
            // What was typed is there again the next time.
            try await session.press("esc", "b")
            try await session.expectScreen(contains: "✕ /no/such/folder")
            try await session.field(0)
            try await session.fill("/proc/self/fd")
            try await session.expectScreen(contains: "there is no Dockerfile in /proc/self/fd")
            try await session.field(0)
            try await session.fill(folder)
            try await session.fill("missing")
            try await session.expectScreen(contains: "/missing: no such file or directory")
            try await session.field(1)
            try await session.fill("")
            try await session.fill("No/Capitals")
            try await session.expectScreen(contains: "only small letters")
            try await session.field(2)
            try await session.fill("")
            try await session.fill("nowhere")
            try await session.expectScreen(contains: "the Dockerfile has no stage “nowhere”: build, last")
            try await session.field(3)
            try await session.fill("")
            try await session.fill("=value")
            try await session.expectScreen(contains: "a name is missing before the =")
            try await session.press("ctrl-r")
            try await session.expectFlash(containing: "arguments: a name is missing")
            #expect(try session.docker(["ps", "-aq"]).isEmpty)
        }

        /// A client that says what it was asked, in the place of one that could.
        @Test("Where buildx is installed the build can go through it, and the screen says so")
        func buildx() async throws {
            let session = Session()
            let image = session.plannedImage("kit")
            let folder = try folder(session)
            defer { gone(folder) }
            try run([
                "sh", "-c",
                """
                mkdir \(folder)/bin && cat >\(folder)/bin/docker <<'END'
                #!/bin/sh
                if [ "$2" = version ]; then echo "github.com/docker/buildx v0.99.1 abc"; exit; fi
                echo "$DOCKER_HOST $*" >\(folder)/asked
                echo "#5 [build 1/2] FROM demo/busybox:1.35"
                echo "#6 [build 2/2] RUN make"
                echo "#6 0.1 made with a kit"
                if [ -e \(folder)/fails ]; then echo "#6 ERROR: exit code: 9"; echo "ERROR: failed to solve: exit code: 9"; exit 1; fi
                PATH=${PATH#*:} DOCKER_HOST=$DOCKER_HOST docker tag demo/busybox:1.35 \(image)
                END
                chmod +x \(folder)/bin/docker
                """,
            ])
            let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
            try await session.open(.small, [], ["PATH": "\(folder)/bin:\(path)"])
            try await session.press("b")
            try await session.fill(folder)
            try await session.press("down")
            try session.type(image)
            try await session.expectScreen(contains: "docker buildx v0.99.1 is installed")
            try await session.press("pgdn", "up", "right")
            try await session.expectScreen(saying: "docker buildx build -t \(image) \(folder)")
            try run(["touch", "\(folder)/fails"])
            try await session.press("ctrl-r")
            try await session.expectScreen(contains: "builder: buildx")
            try await session.expectScreen(contains: "made with a kit")
            try await session.expectScreen(contains: "✕ Step 2/2 : [build] RUN make")
            try await session.expectScreen(contains: "failed to solve: exit code: 9")
            try run(["rm", "\(folder)/fails"])
            try await session.press("esc", "ctrl-r")
            try await session.expectScreen(contains: "✓ built \(image) with buildx")
            let asked = try String(contentsOfFile: "\(folder)/asked", encoding: .utf8)
                .trimmingCharacters(in: .whitespacesAndNewlines)
            #expect(
                asked == "\(TestEngine.address ?? "") buildx build --progress=plain --load -t \(image) \(folder)")
        }

        @Test("5,000 files of 300 MB are sent, and 300 MB exported, in less than 40 MB of memory")
        func memory() async throws {
            let session = Session()
            let image = session.plannedImage("large")
            let folder = try session.machineFolder(
                "large",
                """
                printf 'FROM demo/busybox:1.35\\nCOPY . /c\\n' >Dockerfile && mkdir files && cd files &&
                python3 - <<'END'
                import os
                for i in range(4999):
                    with open('f%d' % i, 'wb') as f: f.write(os.urandom(60400))
                END
                """)
            defer { gone(folder) }
            try await session.open()
            try await session.press("b")
            try await session.fill(folder)
            try await session.press("down")
            try session.type(image)
            try await session.press("ctrl-r")
            try await session.expect("the image to be built", within: .seconds(120)) {
                $0.text.contains("✓ built \(image) (2 steps, context 5,000 files")
            }
            let afterBuild = try session.peakMegabytes()
            let container = session.planned("large")
            try session.docker(["create", "--name", container, image, "true"])
            try await session.press("esc", "1")
            try await session.select(container)
            try await session.press("X", "ctrl-u")
            try session.type("\(folder)/out.tar")
            try await session.press("enter")
            try await session.expect("the container to be exported", within: .seconds(120)) {
                $0.flash.contains("exported \(container) to \(folder)/out.tar")
            }
            let size = try #require(
                FileManager.default.attributesOfItem(atPath: "\(folder)/out.tar")[.size] as? Int)
            #expect(size > 300_000_000)
            let afterExport = try session.peakMegabytes()
            print("peak resident memory: \(afterBuild) MB after the build, \(afterExport) MB after the export")
            #expect(afterExport < 40)
        }
    }
}

extension Session {
    /// The most memory that Gantry has had resident.
    fileprivate func peakMegabytes() throws -> Double {
        let status = try String(contentsOfFile: "/proc/\(try processID())/status", encoding: .utf8)
        let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") })
        let kilobytes = try #require(line.split(separator: " ").compactMap { Double($0) }.first)
        return kilobytes / 1000
    }
}
