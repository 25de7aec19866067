import DemoEngine
import Foundation
import Testing

extension Stories {
    /// The system: what takes room, and cleaning up.
    @Suite struct System {
        /// What a story fills the Engine with: all of it has the story's label, so that nothing else is listed.
        private struct Filled {
            let label: String
            let web, old, done: String
            let dangling: [String]
            let image, used, free, kept, spare, anonymous: String
        }

        private func fill(_ session: Session) throws -> Filled {
            let label = session.name("story")
            let labels = ["--label", label]
            let (used, free) = (session.name("used"), session.name("free"))
            let (kept, spare) = (session.name("kept"), session.name("spare"))
            session.planned(removal: ["network", "rm", used])
            session.planned(removal: ["network", "rm", free])
            for name in [used, free] { try session.docker(["network", "create"] + labels + [name]) }
            session.planned(removal: ["volume", "rm", kept])
            session.planned(removal: ["volume", "rm", spare])
            for name in [kept, spare] { try session.docker(["volume", "create"] + labels + [name]) }
            let anonymous = try session.docker(["volume", "create"] + labels)
            session.planned(removal: ["volume", "rm", anonymous])
            let web = try session.container("web", labels + ["--network", used, "-v", "\(kept):/kept"])
            let old = try session.container("old", labels, start: false)
            let done = try session.container("done", runs: "head -c 50000 /dev/zero >/f", labels)
            try session.docker(["wait", done])
            // What is committed without a name is dangling.
            let dangling = try ["one", "two"].map { word in
                let id = try session.docker(["commit", "--change", "LABEL \(label)=", "-m", word, web])
                session.planned(image: id)
                return String(id.split(separator: ":")[1].prefix(12))
            }
            let image = session.name("image") + ":1"
            session.planned(image: image)
            try session.docker(["commit", "--change", "LABEL \(label)=", web, image])
            return Filled(
                label: label, web: web, old: old, done: done, dangling: dangling, image: image, used: used, free: free,
                kept: kept, spare: spare, anonymous: anonymous)
        }

        /// The question, with only the kinds of these keys chosen, and only what has the label.
        private func ask(_ session: Session, _ filled: Filled, _ kinds: String...) async throws {
            try await session.press("6", "C")
            try await session.expectQuestion(containing: "Clean up")
            // What is suggested there is not wanted.
            try await session.press("1", "2", "4", "7")
            try await session.expectQuestion(containing: "nothing goes")
            try await session.press("l")
            try session.type(filled.label)
            try await session.press("enter")
            for kind in kinds {
                try await session.press(kind)
                try await session.expectScreen(contains: "[x] \(kind)")
            }
        }

        private func answered(_ session: Session, _ sum: String) async throws {
            try await session.expectQuestion(containing: sum)
            try await session.expectGone("asked for")
            try await session.press("y")
            try await session.expectFlash(containing: "removed \(sum)")
            // What the Engine says was freed comes a little later.
            try await session.expectFlash(containing: "df: ")
        }

        @Test("Each kind is pruned by itself: what was listed goes, and nothing else", arguments: Tmux.Size.both)
        func eachKind(size: Tmux.Size) async throws {
            let session = Session()
            let filled = try fill(session)
            func left(_ words: String...) throws -> [String] {
                try session.docker(words + ["--filter", "label=\(filled.label)"]).split(separator: "\n").map(
                    String.init
                )
                .sorted()
            }
            try await session.open(size)
            try await session.press("6")
            try await session.expectScreen(contains: "RECLAIMABLE")

            try await ask(session, filled, "1")
            try await session.expectQuestion(containing: filled.old, filled.done, "docker container prune --filter")
            try await answered(session, "2 containers")
            #expect(try left("ps", "-a", "--format", "{{.Names}}") == [filled.web])

            try await ask(session, filled, "2")
            try await session.expectQuestion(
                containing: filled.dangling[0], filled.dangling[1], "docker image prune --filter")
            try await answered(session, "2 images")
            #expect(try left("images", "--format", "{{.Repository}}:{{.Tag}}") == [filled.image])

            try await ask(session, filled, "3")
            try await session.expectQuestion(containing: filled.image, "docker image prune --all --filter")
            try await answered(session, "1 image")
            #expect(try left("images", "-q").isEmpty)

            try await ask(session, filled, "4")
            try await session.expectQuestion(containing: filled.free, "docker network prune --filter")
            try await answered(session, "1 network")
            #expect(try left("network", "ls", "--format", "{{.Name}}") == [filled.used])

            try await ask(session, filled, "5")
            try await session.expectQuestion(containing: String(filled.anonymous.prefix(12)), "docker volume rm")
            try await answered(session, "1 volume")
            #expect(try left("volume", "ls", "-q") == [filled.kept, filled.spare])

            try await ask(session, filled, "6")
            try await session.expectQuestion(containing: filled.spare, "named volumes are among them")
            try await answered(session, "1 volume")
            #expect(try left("volume", "ls", "-q") == [filled.kept])
            #expect(try session.engineSays("{{.State.Running}}", of: filled.web) == "true")
            // Each is in the journal, with what was listed and what became of it.
            try await session.press("J")
            try await session.expectScreen(saying: "removed volume \(filled.spare)")
            try await session.expectScreen(saying: "freed, as docker system df counts")
        }

        @Test("All is pruned at once, but no volume that has a name", arguments: Tmux.Size.both)
        func allAtOnce(size: Tmux.Size) async throws {
            let session = Session()
            let filled = try fill(session)
            try await session.open(size)
            try await session.press("C")
            try await session.expectQuestion(containing: "Clean up", "stopped containers")
            try await session.press("l")
            try session.type(filled.label)
            try await session.press("enter", "a", "g")
            let sum = "2 containers, 3 images, 1 network, 1 volume"
            try await session.expectQuestion(containing: sum, filled.old, filled.done)
            // The list is longer than a small screen: all of it can be read.
            for name in filled.dangling + [filled.image, filled.free, String(filled.anonymous.prefix(12))] {
                // From the top, step by step, each when the one before is on the screen.
                try await session.press("g")
                for _ in 0..<40 {
                    let before = try session.screen().text
                    guard !before.contains(name) else { break }
                    try await session.press("j")
                    try await session.expect("the list to move") { $0.text != before }
                }
                try await session.expectQuestion(containing: name)
            }
            try await session.press("y")
            try await session.expectFlash(containing: "removed \(sum)")
            #expect(
                try session.docker(["volume", "ls", "-q", "--filter", "label=\(filled.label)"]).split(separator: "\n")
                    .map(String.init).sorted() == [filled.kept, filled.spare])
            #expect(try session.docker(["images", "-q", "--filter", "label=\(filled.label)"]).isEmpty)
            try await session.expectNoRow(filled.old)
            try await session.expect(row: filled.web, contains: "Up ")
        }

        @Test("What comes into use between the list and the answer stays, and one is told by whom")
        func comesIntoUse() async throws {
            let session = Session()
            let filled = try fill(session)
            try await session.open(.large)
            try await ask(session, filled, "1", "4", "6")
            try await session.expectQuestion(containing: "2 containers, 1 network, 1 volume go")
            let late = try session.container("late", ["--network", filled.free, "-v", "\(filled.spare):/spare"])
            try session.docker(["start", filled.old])
            try session.docker(["rm", filled.done])
            try await session.press("y")
            try await session.expectFlash(containing: "removed 0 of 4")
            try await session.expectFlash(containing: "3 came into use")
            try await session.expectScreen(contains: "1 was gone already")
            try await session.press("esc", "J")
            try await session.expectScreen(saying: "left, came into use: network \(filled.free): used by \(late)")
            try await session.expectScreen(saying: "left, came into use: volume \(filled.spare): used by \(late)")
            try await session.expectScreen(saying: "gone already: container \(filled.done)")
            #expect(try session.engineSays("{{.State.Running}}", of: filled.old) == "true")
            #expect(try session.engineSays("{{.State.Running}}", of: late) == "true")
        }

        @Test("With 500 images and 200 volumes no key waits for the disk use")
        func manyThings() async throws {
            let session = Session()
            let prefix = session.name("big")
            let docker = "docker -H \(TestEngine.address ?? "")"
            // Images of a file each: quick to make, and each of its own.
            let make = """
                d=$(mktemp -d); echo {} >$d/{}; tar -C $d -c . | \(docker) import - \(prefix):{} >/dev/null; rm -r $d
                """
            defer {
                _ = try? run(
                    ["sh", "-c", "seq 500 | sed 's/^/\(prefix):/' | xargs -n 100 \(docker) rmi"], expecting: nil)
                _ = try? run(
                    ["sh", "-c", "seq 200 | sed 's/^/\(prefix)-/' | xargs -n 100 \(docker) volume rm"], expecting: nil)
            }
            for range in ["1 125", "126 250", "251 375", "376 500"] {
                try run(["sh", "-c", "seq \(range) | xargs -P 4 -I {} sh -c '\(make)'"])
            }
            try run(["sh", "-c", "seq 200 | xargs -P 4 -I {} \(docker) volume create \(prefix)-{}"])
            try await session.open(.large)
            try await session.press("6")
            try await session.expectScreen(contains: "RECLAIMABLE")
            for _ in 0..<3 {
                try await session.press("r", "j", "j", "1")
                try await session.expectScreen(contains: "No containers.")
                try await session.press("2")
                try await session.expectScreen(contains: "USED BY")
                try await session.press("6", "g")
                try await session.expectScreen(contains: "RECLAIMABLE")
            }
            let names = try session.docker(["volume", "ls", "-q"]).split(separator: "\n")
            let (volumes, named) = (names.count, names.count { $0.count != 64 })
            let images = try session.docker(["images", "-q"]).split(separator: "\n").count
            try await session.expect("as many as the Engine has", within: .seconds(60)) { screen in
                let rows = screen.rows(["PART", "TOTAL"])
                return rows.contains { $0.name == "Volumes" && $0.text.contains(" \(volumes) ") }
                    && rows.contains { $0.name == "Images" && $0.text.contains(" \(images) ") }
            }
            // And all of them in one question.
            try await session.press("j", "C")
            try await session.expectQuestion(containing: "Clean up")
            try await session.press("6", "G")
            try await session.expectQuestion(containing: "\(named) volumes go")
            try await session.press("n")
            try await session.expectFlash(containing: "nothing was removed")
        }

        @Test("While an Engine takes its time for the disk use, everything else goes on", arguments: Tmux.Size.both)
        func slowDiskUse(size: Tmux.Size) async throws {
            let demo = try DemoEngine(DemoOptions())
            defer { demo.removeFolder() }
            try await demo.set(DemoFaults([.init(.slow(.seconds(10)), prefix: "/system/df")]))
            let session = Session()
            try session.launch(size, ["-H", demo.address.description])
            try await session.expect(row: "shop-db-1", contains: "Up ")
            try await session.press("6")
            try await session.expectScreen(contains: "asked for")
            try await session.press("C")
            // The list is there at once; the sizes come when they come.
            try await session.expectQuestion(containing: "sizes are asked for", "container")
            try await session.press("n", "1")
            try await session.expect(row: "shop-db-1")
            try await session.press("6")
            try await session.expectScreen(contains: "asked for")
            try await session.press("r")
            try await session.expectFlash(containing: "is being asked for the disk use already")
            try await session.expect("the figures", within: .seconds(60)) { screen in
                screen.rows(["PART", "TOTAL"]).contains { $0.name == "Images" && $0.text.contains("%") }
            }
            await demo.stop()
        }

        @Test("The logins are shown, and no secret is", arguments: Tmux.Size.both)
        func logins(size: Tmux.Size) async throws {
            let session = Session()
            let folder = "/tmp/\(session.name("config"))"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(atPath: folder) }
            let key = Data("gantry:open sesame".utf8).base64EncodedString()
            let config = #"{"auths":{"r.example:5000":{"auth":"\#(key)"}},"credHelpers":{"h.example":"gantry-none"}}"#
            try Data(config.utf8).write(to: URL(fileURLWithPath: folder + "/config.json"))
            try await session.open(size, [], ["DOCKER_CONFIG": folder])
            try await session.press("6", "G")
            try await session.expectScreen(contains: "logged in as gantry")
            try await session.expectScreen(contains: "helper docker-credential-gantry-none fails")
            let text = try session.screen().text
            #expect(!text.contains("sesame") && !text.contains(key))
            #expect(text.contains("https://index.docker.io/v1/") && text.contains("not logged in"))
        }

        @Test("A container's removal names the volumes that go with it")
        func volumesOfAContainer() async throws {
            let session = Session()
            let box = try session.container("box", ["-v", "/scratch"], start: false)
            let volume = try session.engineSays("{{(index .Mounts 0).Name}}", of: box)
            try await session.open()
            try await session.select(box)
            try await session.press("d", "v")
            try await session.expectQuestion(
                containing: "1 anonymous volume goes too: \(volume.prefix(12))", "(/scratch)")
            try await session.press("y")
            try await session.expectNoRow(box)
            #expect(try !session.docker(["volume", "ls", "-q"]).contains(volume))
        }
    }
}
