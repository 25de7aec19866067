import Foundation
import Testing

extension Stories {
    /// The files of a container.
    @Suite struct Files {
        private static let script =
            "mkdir -p /data/sub; echo one >/data/one.txt; echo two >/data/sub/two.txt; ln -s /data/sub /data/link; touch /data/ready; sleep 1000"

        private func opened(_ session: Session, _ size: Tmux.Size = .small, _ options: [String] = []) async throws
            -> String
        {
            let web = try session.container("web", runs: Self.script, options)
            try await session.expectEngine("the files") {
                try session.docker(["exec", web, "ls", "/data/ready"], expecting: nil).contains("ready")
            }
            try await session.open(size)
            try await session.expect(selected: web)
            try await session.press("F")
            try await session.expectScreen(contains: "Files of \(web)")
            try await session.expectScreen(contains: "data/")
            return web
        }

        private func go(to path: String, _ session: Session) async throws {
            try await session.press("/", "ctrl-u")
            try session.type(path)
            try await session.press("enter")
        }

        @Test("A copy that is cancelled midway leaves nothing on this machine")
        func cancelCopyOut() async throws {
            let session = Session()
            let folder = try session.machineFolder("cancelled", "true")
            defer { _ = try? run(["rm", "-rf", folder], expecting: nil) }
            let web = try await opened(session)
            // Nothing but a length, so that it takes no room there, and its time to be read.
            try session.docker(["exec", web, "truncate", "-s", "64G", "/data/sub/big"])
            try await go(to: "/data/sub", session)
            try await session.expectScreen(contains: "big")
            try await session.press("o", "ctrl-u")
            try session.type("\(folder)/big")
            try await session.press("enter")
            try await session.expectScreen(contains: "of 64")
            try await session.press("c")
            try await session.expectFlash(containing: "cancelled")
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
            #expect(try session.docker(["exec", web, "ls", "/data/sub"]).contains("two.txt"))
        }

        @Test("One walks through folders and links, up and down, and copies a file out", arguments: Tmux.Size.both)
        func walkAndCopyOut(size: Tmux.Size) async throws {
            let session = Session()
            let folder = try session.machineFolder("out", "true")
            defer { _ = try? run(["rm", "-rf", folder], expecting: nil) }
            let web = try await opened(session, size)
            try await go(to: "data", session)
            try await session.expectScreen(contains: "one.txt")
            try await session.expectScreen(contains: "link@ → /data/sub")
            // Folders stand first: sub, then link.
            try await session.press("down", "enter")
            try await session.expectScreen(contains: "/data/link")
            try await session.expectScreen(contains: "two.txt")
            try await session.press("backspace")
            try await session.expectScreen(contains: "one.txt")
            try await session.press("down", "o", "ctrl-u")
            try await session.expectScreen(contains: "docker cp \(web):/data/one.txt")
            try session.type("\(folder)/copy.txt")
            try await session.press("enter")
            try await session.expectFlash(containing: "copied \(web):/data/one.txt to \(folder)/copy.txt (1 file")
            #expect(try String(contentsOfFile: "\(folder)/copy.txt", encoding: .utf8) == "one\n")
            // What is there already is asked about.
            try await session.press("o", "ctrl-u")
            try session.type("\(folder)/copy.txt")
            try await session.press("enter")
            try await session.expectQuestion(containing: "Replace \(folder)/copy.txt?")
            try run(["sh", "-c", "echo mine >\(folder)/copy.txt"])
            try await session.press("n")
            try await session.expectNoQuestion()
            #expect(try String(contentsOfFile: "\(folder)/copy.txt", encoding: .utf8) == "mine\n")
            // A folder with all that is in it.
            try await session.press("backspace")
            try await session.expectScreen(contains: "data/")
            try await session.press("o", "ctrl-u")
            try session.type("\(folder)/tree")
            try await session.press("enter")
            try await session.expectFlash(containing: "to \(folder)/tree (4 files")
            #expect(try run(["find", "\(folder)/tree", "-type", "f"]).output.split(separator: "\n").count == 3)
            try await session.press("esc", "J")
            try await session.expectScreen(contains: "docker cp \(web):/data/one.txt")
        }

        @Test("A file is copied in, is there at once, and is not overwritten unasked")
        func copyIn() async throws {
            let session = Session()
            let folder = try session.machineFolder("in", "echo new >fresh.txt && mkdir dir && echo deep >dir/deep.txt")
            defer { _ = try? run(["rm", "-rf", folder], expecting: nil) }
            let web = try await opened(session)
            try await go(to: "/data", session)
            try await session.expectScreen(contains: "one.txt")
            try await session.press("i")
            try session.type("\(folder)/fre")
            // The names have to be read before they complete anything.
            try await session.expect("the path to be completed") { _ in
                try session.terminal.send(keys: ["Tab"])
                return try session.screen().text.contains("fresh.txt")
            }
            try await session.press("enter")
            try await session.expectFlash(containing: "copied \(folder)/fresh.txt to \(web):/data/fresh.txt (1 file")
            try await session.expectScreen(contains: "fresh.txt")
            #expect(try session.docker(["exec", web, "cat", "/data/fresh.txt"]) == "new")
            try await session.press("i")
            try session.type("\(folder)/fresh.txt")
            try await session.press("enter")
            try await session.expectQuestion(containing: "Replace \(web):/data/fresh.txt?")
            try await session.press("y")
            try await session.expectFlash(containing: "copied \(folder)/fresh.txt")
            try await session.press("i")
            try session.type("\(folder)/dir")
            try await session.press("enter")
            try await session.expectScreen(contains: "dir/")
            #expect(try session.docker(["exec", web, "cat", "/data/dir/deep.txt"]) == "deep")
        }

        @Test("A container that is stopped, or never had a shell, shows its files all the same")
        func stopped() async throws {
            let session = Session()
            let old = try session.container("old", command: ["/nothing-of-the-kind"])
            try await session.open()
            try await session.expect(selected: old)
            try await session.press("F")
            try await session.expectScreen(contains: "read from the archive")
            try await session.expectScreen(contains: "etc/")
            try await go(to: "/etc", session)
            try await session.expectScreen(contains: "passwd")
            try await go(to: "/no/such", session)
            try await session.expectScreen(contains: "✕ ")
            try await session.press("left")
            try await session.expectScreen(contains: "/no")
        }

        @Test("What cannot be written says why: read-only, full, not there")
        func refusals() async throws {
            let session = Session()
            let folder = try session.machineFolder("refused", "echo x >file && head -c 1000000 /dev/zero >big")
            defer { _ = try? run(["rm", "-rf", folder], expecting: nil) }
            let small = session.plannedVolume("small")
            try session.docker([
                "volume", "create", "-o", "type=tmpfs", "-o", "device=tmpfs", "-o", "o=size=64k", small,
            ])
            let web = try await opened(session, .small, ["-v", "\(small):/small"])
            try await go(to: "/small", session)
            try await session.expectScreen(contains: "nothing is in it")
            try await session.press("i")
            try session.type("\(folder)/big")
            try await session.press("enter")
            try await session.expectScreen(contains: "no space left on device")
            try await session.press("esc")
            try await session.press("i")
            try session.type("\(folder)/nothing")
            try await session.press("enter")
            try await session.expectScreen(contains: "\(folder)/nothing: no such file or directory")
            try await session.press("esc")
            try await go(to: "/data", session)
            try await session.expectScreen(contains: "one.txt")
            try await session.press("G", "o", "ctrl-u")
            try session.type("/no/such/place")
            try await session.press("enter")
            try await session.expectScreen(contains: "there is no folder /no/such on this machine")
            try await session.press("esc", "esc")
            try await session.expect(selected: web)
        }

        @Test("A container's files are exported to a tar")
        func export() async throws {
            let session = Session()
            let folder = try session.machineFolder("export", "true")
            defer { _ = try? run(["rm", "-rf", folder], expecting: nil) }
            let web = try await opened(session)
            try await session.press("esc", "X")
            try await session.expectScreen(contains: "\(web).tar")
            try await session.press("ctrl-u")
            try session.type("\(folder)/web.tar")
            try await session.press("enter")
            try await session.expectFlash(containing: "exported \(web) to \(folder)/web.tar")
            #expect(try run(["tar", "-xOf", "\(folder)/web.tar", "data/sub/two.txt"]).output == "two\n")
            try await session.press("X", "ctrl-u")
            try session.type("\(folder)/web.tar")
            try await session.press("enter")
            try await session.expectQuestion(containing: "Replace \(folder)/web.tar?")
        }
    }
}
