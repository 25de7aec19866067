import Foundation
import Testing

/// The registries to test with, from `GANTRY_TEST_REGISTRIES` (Tests/registry.sh): one for all, one with a password.
private let registries = (ProcessInfo.processInfo.environment["GANTRY_TEST_REGISTRIES"] ?? "").split(separator: " ")
    .flatMap { $0.split(separator: "\n") }.map(String.init)

extension Session {
    /// Makes an image of a name, which goes with the story.
    @discardableResult
    func image(_ name: String, mark: String = "mark") throws -> String {
        planned(image: name)
        try docker(["tag", "demo/busybox:1.35", name])
        return name
    }

    /// Shows the images, and selects one.
    func showImage(_ name: String, at location: SourceLocation = #_sourceLocation) async throws {
        try await press("2")
        try await expectScreen(contains: "USED BY", at: location)
        try await press("/", "ctrl-u")
        try type(name)
        try await press("enter")
        try await expect("the image \(name)", at: location) { $0.text.contains("▌") && $0.text.contains(name) }
    }

    /// Chooses by the arrow until the question is about exactly this command.
    func choose(_ command: String, at location: SourceLocation = #_sourceLocation) async throws {
        try await expectQuestion(containing: "docker ", at: location)
        for _ in 0..<6 {
            guard let asked = try screen().asked, asked != command else { break }
            try await press("right")
            try await expect("another choice", at: location) { $0.asked != asked }
        }
        try await expect("the question \(command)", at: location) { $0.asked == command }
    }

    /// Types a line in the place of the one that is suggested.
    func answer(_ text: String) async throws {
        try await press("ctrl-u")
        try type(text)
        try await press("enter")
    }
}

extension Screen {
    /// The docker command of a question.
    fileprivate var asked: String? {
        lines.lazy.compactMap { line -> String? in
            guard let start = line.firstRange(of: "│ docker ") else { return nil }
            let rest = line[line.index(after: start.lowerBound)...].prefix { $0 != "│" }
            return rest.split(separator: " ").joined(separator: " ")
        }.first
    }
}

extension Stories {
    /// Images: from the registry and back.
    @Suite struct Images {
        @Test(
            "An image is tagged, pushed, removed, pulled back and run again",
            .enabled(if: registries.count == 2, "set GANTRY_TEST_REGISTRIES (Tests/registry.sh start DIR)"),
            arguments: Tmux.Size.both)
        func roundTrip(size: Tmux.Size) async throws {
            let session = Session()
            let name = "\(registries[0])/team/\(session.name("app")):1"
            let web = session.planned("web")
            session.planned(image: name)
            try await session.open(size)
            try await session.showImage("demo/busybox:1.35")
            try await session.press("t")
            try await session.answer(name)
            try await session.expectFlash(containing: "demo/busybox:1.35 is \(name) too")
            try await session.expectScreen(contains: ":1 +1 ")
            try await session.press("u")
            try await session.expectQuestion(containing: "Push ", "to ")
            // One name of several: the one that was just given.
            try await session.choose("docker push \(name)")
            try await session.press("y")
            try await session.expectFlash(containing: "pushed \(name) in")
            try await session.press("J")
            try await session.expectScreen(saying: "digest sha256:")
            try await session.press("esc", "d")
            try await session.choose("docker rmi \(name)")
            try await session.press("y")
            try await session.expectFlash(containing: "untagged \(name)")
            #expect(try session.docker(["images", "-q", name]).isEmpty)

            try await session.press("p")
            try await session.answer(name)
            try await session.expectFlash(containing: "pulled \(name) in")
            #expect(!(try session.docker(["images", "-q", name]).isEmpty))
            try await session.press("R")
            try await session.expectScreen(contains: "Run a container")
            try session.type(web)
            try await session.press("tab")
            try session.type("sleep 1000")
            try await session.press("ctrl-r")
            try await session.expectFlash(containing: "running \(web)")
        }

        @Test(
            "A registry with a password refuses who has not logged in, and says how; with a login it takes the image",
            .enabled(if: registries.count == 2, "set GANTRY_TEST_REGISTRIES (Tests/registry.sh start DIR)"))
        func login() async throws {
            let session = Session()
            let name = try session.image("\(registries[1])/team/\(session.name("app")):1")
            let folder = "/tmp/\(session.name("config"))"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(atPath: folder) }
            try await session.open(.small, [], ["DOCKER_CONFIG": folder])
            try await session.showImage(name)
            try await session.press("u", "right")
            try await session.choose("docker push \(name)")
            try await session.press("y")
            try await session.expectScreen(saying: "not logged in at \(registries[1]): docker login")
            try await session.press("esc")
            // As the docker client keeps it.
            let key = Data("gantry:open sesame".utf8).base64EncodedString()
            try Data(#"{"auths":{"\#(registries[1])":{"auth":"\#(key)"}}}"#.utf8).write(
                to: URL(filePath: folder + "/config.json"))
            try await session.press("u")
            try await session.choose("docker push \(name)")
            try await session.press("y")
            try await session.expectFlash(containing: "pushed \(name) in")
        }

        @Test("A pull is cancelled midway: the registry is asked for nothing more, and no image is left")
        func cancelPull() async throws {
            let session = Session()
            let registry = try FakeRegistry(.stalls)
            defer { registry.stop() }
            try await session.open()
            try await session.press("2", "p")
            try await session.answer(registry.image)
            try await session.expectScreen(contains: "Downloading")
            try await session.expectScreen(contains: "of 40.0M")
            // It goes on behind the panes.
            try await session.press("esc")
            try await session.expectFlash(containing: "goes on: W shows it")
            try await session.press("1", "W")
            try await session.expectScreen(contains: "0 of 1 layer")
            try await session.press("c")
            try await session.expectFlash(containing: "cancelled")
            try await session.press("esc", "J")
            try await session.expectScreen(contains: "docker pull \(registry.image)")
            #expect(try session.docker(["images", "-q", registry.image]).isEmpty)
            #expect(registry.layerRequests == 1)
        }

        @Test("A registry that vanishes midway, or refuses a layer, is said with the reason", arguments: [true, false])
        func vanishes(_ vanishes: Bool) async throws {
            let session = Session()
            let registry = try FakeRegistry(vanishes ? .vanishes : .refuses)
            defer { registry.stop() }
            try await session.open()
            try await session.press("2", "p")
            try await session.answer(registry.image)
            // The Engine tries again some times, with pauses.
            try await session.expect("the pull to have failed", within: .seconds(120)) {
                $0.text.contains("✕ failed after")
            }
            try await session.expectScreen(saying: vanishes ? "connection refused" : "this layer is not for you")
            #expect(try session.docker(["images", "-q", registry.image]).isEmpty)
        }

        @Test("Images are saved to a tar and loaded from it; a file that is there is replaced only after a question")
        func saveAndLoad() async throws {
            let session = Session()
            let name = try session.image("\(session.name("saved")):1")
            let path = "/tmp/\(session.name("saved")).tar"
            defer { unlink(path) }
            try await session.open()
            try await session.showImage(name)
            try await session.press("s")
            try await session.answer(path)
            try await session.expectFlash(containing: "to \(path) in")
            let listed = try run(["tar", "-tf", path]).output
            #expect(listed.contains("manifest.json"))
            let files = try FileManager.default.contentsOfDirectory(atPath: "/tmp")
            #expect(!files.contains { $0.hasPrefix(session.name("saved")) && $0.hasSuffix(".part") })
            try await session.press("s")
            try await session.answer(path)
            try await session.expectQuestion(containing: "Replace \(path)?", "is there already")
            try await session.press("n", "s")
            try await session.answer(path)
            try await session.expectQuestion(containing: "Replace \(path)?")
            try await session.press("y")
            try await session.expectFlash(containing: "saved ")
            try session.docker(["rmi", name])
            try await session.press("L")
            try await session.answer(path)
            try await session.expectFlash(containing: "loaded ")
            #expect(!(try session.docker(["images", "-q", name]).isEmpty))
            // What is none, and what cannot be written.
            try await session.press("L")
            try await session.answer("/etc/hostname")
            try await session.expectScreen(contains: "✕ failed after")
            try await session.press("esc", "L")
            try await session.answer("/nowhere.tar")
            try await session.expectScreen(saying: "/nowhere.tar")
            try await session.press("esc", "s")
            try await session.answer("/proc/x.tar")
            try await session.expectScreen(saying: "/proc/x.tar cannot be written")
        }

        @Test("A container that was exported is imported as an image, with what is changed in it")
        func importATar() async throws {
            let session = Session()
            let web = try session.container("web")
            let name = "\(session.name("base")):1"
            session.planned(image: name)
            let path = "/tmp/\(session.name("web")).tar"
            defer { unlink(path) }
            try session.docker(["export", "-o", path, web])
            try await session.open()
            try await session.press("2", "I")
            try await session.expectScreen(contains: "Import a tar of files")
            try session.type(path)
            try await session.press("tab")
            try session.type(name)
            try await session.press("tab", "tab")
            try session.type("CMD [\"echo\", \"imported\"]")
            try await session.press("ctrl-r")
            try await session.expectFlash(containing: "imported \(name)")
            #expect(try session.docker(["run", "--rm", "--network", "none", name]) == "imported")
        }

        @Test("An image in use is not removed without force, and who uses it is said before")
        func removal() async throws {
            let session = Session()
            let name = try session.image("\(session.name("used")):1")
            let web = session.planned("web")
            try session.docker(["create", "--name", web, name, "true"])
            // Its only name, and the container that uses it.
            try await session.open()
            try await session.showImage(name)
            try await session.expectScreen(contains: "1")
            try await session.press("d")
            try await session.expectQuestion(containing: "used by \(web)")
            try await session.choose("docker rmi \(name)")
            try await session.press("y")
            // The Engine has other names for it, so only the name goes.
            try await session.expectFlash(containing: "untagged \(name)")
            #expect(try session.engineSays("{{.State.Status}}", of: web) == "created")
        }

        @Test("An image in use that has no other name is refused, and goes with force", arguments: [true, false])
        func removalWithForce(isOffered: Bool) async throws {
            let session = Session()
            let base = session.planned("base")
            let web = session.planned("web")
            let name = "\(session.name("only")):1"
            session.planned(image: name)
            try session.docker(["create", "--name", base, "demo/busybox:1.35", "true"])
            try session.docker(["commit", base, name])
            try session.docker(["create", "--name", web, name, "true"])
            try await session.open()
            try await session.showImage(name)
            try await session.press("d")
            try await session.expectQuestion(containing: "used by \(web)")
            if isOffered {
                try await session.press("y")
                try await session.expectQuestion(containing: "docker rmi --force \(name)")
            } else {
                try await session.press("f")
                try await session.expectQuestion(containing: "docker rmi --force \(name)")
            }
            try await session.press("y")
            try await session.expectFlash(containing: "removed \(name)")
            #expect(try session.docker(["images", "-q", name]).isEmpty)
        }

        @Test("The layers of an image are shown with size, share and command")
        func layers() async throws {
            let session = Session()
            let name = "\(session.name("built")):1"
            session.planned(image: name)
            let folder = "/tmp/\(session.name("context"))"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(atPath: folder) }
            try Data("FROM demo/busybox:1.35\nRUN dd if=/dev/zero of=/big bs=1M count=3\nCMD [\"sleep\", \"9\"]\n".utf8)
                .write(to: URL(filePath: folder + "/Dockerfile"))
            _ = try run(
                [
                    "env", "DOCKER_BUILDKIT=0", "docker", "-H", TestEngine.address ?? "", "build", "-q", "-t", name,
                    folder,
                ])
            try await session.open()
            try await session.showImage(name)
            try await session.press("l")
            try await session.expectScreen(contains: "SHARE")
            try await session.expectScreen(contains: "3.00M")
            try await session.expectScreen(contains: "RUN dd if=/dev/zero")
            try await session.expectScreen(contains: "CMD [\"sleep\" \"9\"]")
        }

        @Test("A search that the registry does not answer says why; an image that is not there is offered to be pulled")
        func searchAndOffer() async throws {
            let session = Session()
            let name = "127.0.0.1:9/none:1"
            let web = session.planned("web")
            try await session.open()
            try await session.press("2", "f")
            try await session.answer("127.0.0.1:9/none")
            try await session.expectScreen(contains: "✕ failed after")
            try await session.press("esc", "1")
            try await session.openForm()
            try session.type(name)
            try await session.press("tab")
            try session.type(web)
            try await session.press("ctrl-r")
            try await session.expectQuestion(containing: "Pull \(name)?")
            try await session.press("y")
            try await session.expectScreen(saying: "connection refused")
            // What was typed is still there.
            try await session.press("esc")
            try await session.expectScreen(contains: "docker run -d --name \(web) \(name)")
        }
    }
}
