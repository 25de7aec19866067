import Foundation
import Testing

extension Stories {
    /// Volumes: made, filled, looked into, removed.
    @Suite struct Volumes {
        private static let titles = ["NAME", "DRIVER", "SIZE", "USED"]

        /// The containers that Gantry has made to look into a volume.
        private func temporaries(of volume: String, _ session: Session) throws -> String {
            try session.docker([
                "ps", "-a", "--filter", "label=gantry.volume=\(volume)", "--format", "{{.Names}} {{.State}}",
            ])
        }

        private func expectNoTemporary(of volume: String, _ session: Session) async throws {
            try await session.expectEngine("no container to look into \(volume)") {
                try temporaries(of: volume, session).isEmpty
            }
        }

        /// Selects a volume by a filter that only it passes.
        private func select(_ volume: String, _ session: Session) async throws {
            try await session.press("3", "/")
            try session.type(volume)
            try await session.press("enter")
            try await session.expect(row: volume, under: Self.titles)
        }

        private func filled(_ name: String, _ session: Session) throws -> String {
            let volume = try session.volume(name)
            try session.docker([
                "run", "--rm", "-v", "\(volume):/d", "demo/busybox:1.35", "sh", "-c",
                "mkdir /d/sub; echo one >/d/one.txt; echo two >/d/sub/two.txt",
            ])
            return volume
        }

        @Test(
            "A volume's whole life: created, written to, looked into, refused its removal, removed",
            arguments: Tmux.Size.both)
        func life(size: Tmux.Size) async throws {
            let session = Session()
            let folder = try session.machineFolder("life", "echo new >fresh.txt")
            defer { _ = try? run(["rm", "-rf", folder], expecting: nil) }
            let data = session.plannedVolume("data")
            try await session.open(size)
            try await session.press("3", "n")
            try await session.expectScreen(contains: "Create a volume")
            try session.type(data)
            try await session.press("down", "down", "down")
            try session.type("team=web")
            try await session.expectScreen(saying: "docker volume create --label team=web \(data)")
            try await session.press("ctrl-r")
            try await session.expectFlash(containing: "created volume \(data)")
            try await session.expect(row: data, under: Self.titles, contains: "unused")
            #expect(try session.docker(["volume", "inspect", "-f", "{{.Labels.team}}", data]) == "web")
            try await session.expect("the new volume to be selected") { screen in
                screen.rows(Self.titles).first(where: \.isSelected)?.name == data
            }
            // One container writes into it.
            let web = try session.container(
                "web", runs: "mkdir /www/sub; echo hello >/www/index.html; echo deep >/www/sub/deep; sleep 1000",
                ["-v", "\(data):/www"])
            try await session.expect(row: data, under: Self.titles, contains: web)
            try await session.expectEngine("the file") {
                try session.docker(["exec", web, "ls", "/www/sub"], expecting: nil).contains("deep")
            }
            // It is seen through that one.
            try await session.press("F")
            try await session.expectScreen(contains: "What is in \(data)")
            try await session.expectScreen(contains: "index.html")
            try await session.expectScreen(contains: "through \(web), at /www")
            #expect(try temporaries(of: data, session).isEmpty)
            try await session.press("enter")
            try await session.expectScreen(contains: "deep")
            try await session.press("left")
            try await session.expectScreen(contains: "index.html")
            try await session.press("left", "i")
            try session.type("\(folder)/fresh.txt")
            try await session.press("enter")
            try await session.expectFlash(containing: "copied \(folder)/fresh.txt to \(data):/fresh.txt")
            #expect(try session.docker(["exec", web, "cat", "/www/fresh.txt"]) == "new")
            try await session.press("esc")
            // Who uses it, and where.
            try await session.press("]")
            try await session.expectScreen(contains: "1 container mounts it, 1 runs")
            try await session.expectScreen(contains: "/www (rw)")
            try await session.press("[", "d")
            try await session.expectQuestion(containing: "Remove \(data)?", "docker volume rm \(data)")
            try await session.expectScreen(saying: "used by \(web) (running): the Engine is going to refuse")
            try await session.press("y")
            try await session.expectFlash(containing: "it is in use by \(web) (running)")
            #expect(try session.docker(["volume", "ls", "-q"]).contains(data))
            // Stopped, it uses it still.
            try session.docker(["stop", web])
            try await session.expect(row: data, under: Self.titles, contains: "○ \(web)")
            try session.docker(["rm", web])
            try await session.expect(row: data, under: Self.titles, contains: "unused")
            try await session.press("d")
            try await session.expectQuestion(containing: "Remove \(data)?", "nobody uses it")
            try await session.press("y")
            try await session.expectFlash(containing: "removed volume \(data)")
            try await session.expectGone("○ \(data)")
            #expect(try !session.docker(["volume", "ls", "-q"]).contains(data))
            try await session.press("J")
            try await session.expectScreen(contains: "docker volume rm \(data)")
        }

        @Test(
            "What nobody mounts is looked into through a container of its own, which goes when it is closed",
            arguments: Tmux.Size.both)
        func nobodyMountsIt(size: Tmux.Size) async throws {
            let session = Session()
            let folder = try session.machineFolder("nobody", "echo new >fresh.txt")
            defer { _ = try? run(["rm", "-rf", folder], expecting: nil) }
            let data = try filled("data", session)
            try await session.open(size)
            try await select(data, session)
            try await session.press("F")
            try await session.expectScreen(contains: "one.txt")
            try await session.expectScreen(contains: "through a container made for this: gantry-")
            let made = try temporaries(of: data, session)
            #expect(made.hasPrefix("gantry-volume-\(data)-") && made.hasSuffix(" created"))
            try await session.press("enter")
            try await session.expectScreen(contains: "two.txt")
            try await session.press("left")
            try await session.expectScreen(contains: "one.txt")
            try await session.press("down", "o", "ctrl-u")
            try session.type("\(folder)/out.txt")
            try await session.press("enter")
            try await session.expectFlash(containing: "copied \(data):/one.txt to \(folder)/out.txt")
            #expect(try String(contentsOfFile: "\(folder)/out.txt", encoding: .utf8) == "one\n")
            try await session.press("i")
            try session.type("\(folder)/fresh.txt")
            try await session.press("enter")
            try await session.expectFlash(containing: "copied \(folder)/fresh.txt to \(data):/fresh.txt")
            try await session.expectScreen(contains: "fresh.txt")
            #expect(
                try session.docker(["run", "--rm", "-v", "\(data):/d", "demo/busybox:1.35", "cat", "/d/fresh.txt"])
                    == "new")
            // It is no user of the volume, and among the containers it is marked.
            try await session.press("esc")
            try await expectNoTemporary(of: data, session)
            try await session.expect(row: data, under: Self.titles, contains: "unused")
            try await session.press("J")
            try await session.expectScreen(contains: "docker create --name gantry-volume-")
            try await session.expectScreen(contains: "removed gantry-volume-\(data)-")
        }

        @Test("The container that was made goes with the program, however that ends", arguments: ["q", "TERM", "HUP"])
        func theEnd(how: String) async throws {
            let session = Session()
            let data = try filled("data", session)
            try await session.open()
            let process = try session.processID()
            try await select(data, session)
            try await session.press("F")
            try await session.expectScreen(contains: "one.txt")
            #expect(try !temporaries(of: data, session).isEmpty)
            switch how {
            case "q": try await session.press("ctrl-c")
            // The terminal is gone, as when its window is closed.
            case "HUP": session.terminal.close()
            default: try send(signal: how, to: process)
            }
            if how == "HUP" {
                try await session.expectEnded(process: process)
            } else {
                try await session.expectEnded(status: 0)
            }
            // It has ended: what was to go is gone by now.
            #expect(try temporaries(of: data, session).isEmpty)
        }

        @Test("What a Gantry left behind that was killed is told of and offered to be removed")
        func leftBehind() async throws {
            let session = Session()
            let data = try filled("data", session)
            try await session.open()
            try await select(data, session)
            try await session.press("F")
            try await session.expectScreen(contains: "one.txt")
            try send(signal: "KILL", to: try session.processID())
            try await session.expectEnded(signal: 9)
            session.terminal.close()
            #expect(try temporaries(of: data, session).contains("created"))
            // One that runs elsewhere, as far as can be known, is left alone.
            let other = session.planned("other")
            try session.docker([
                "create", "--name", other, "--label", "gantry.temporary=volume-browser", "--label",
                "gantry.owner=elsewhere boot pid:[1] 1 1", "demo/busybox:1.35", "true",
            ])
            let again = Session()
            try await again.open()
            try await again.expectQuestion(containing: "Remove gantry-volume-\(data)-", "left behind")
            try await again.press("y")
            try await expectNoTemporary(of: data, again)
            try await again.expect(row: other, contains: "temporary, Gantry's own")
        }

        @Test("The container goes as soon as an Engine is back that was away when it was closed")
        func engineAway() async throws {
            let session = Session()
            let data = try filled("data", session)
            try await session.open()
            try await select(data, session)
            try await session.press("F")
            try await session.expectScreen(contains: "one.txt")
            try TestEngine.stop()
            try await session.expectFlash(containing: "the Engine went away")
            try await session.press("esc")
            try TestEngine.start()
            try await expectNoTemporary(of: data, session)
            try await session.expect(row: data, under: Self.titles, contains: "unused")
        }

        @Test("What cannot be is said where it was typed, and nothing is sent")
        func badInput() async throws {
            let session = Session()
            let data = try session.volume("data")
            try await session.open()
            try await session.press("3")
            try await session.expect(row: data, under: Self.titles)
            try await session.press("n")
            try session.type("a/b")
            try await session.press("ctrl-r")
            try await session.expectScreen(contains: "name: only letters, digits, _ . and - can be in it")
            try await session.press("ctrl-u")
            try session.type(data)
            try await session.press("ctrl-r")
            try await session.expectScreen(contains: "there is a volume of that name already")
            let never = session.plannedVolume("never")
            try await session.press("ctrl-u")
            try session.type(never)
            try await session.press("down")
            try session.type("nobody")
            try await session.expectScreen(contains: "the Engine lists local only")
            try await session.press("ctrl-r")
            // The Engine looks for a plugin of that name for fifteen seconds.
            try await session.expect("the Engine's refusal in the form", within: .seconds(45)) { screen in
                screen.text.contains("Create a volume") && screen.text.contains("plugin \"nobody\"")
            }
            try await session.press("ctrl-u", "down")
            try session.type("speed=high")
            try await session.press("ctrl-r")
            try await session.expectScreen(contains: "the local driver has no option speed")
            try await session.press("ctrl-u")
            try session.type("type=tmpfs")
            try await session.press("ctrl-r")
            try await session.expectScreen(contains: "add device=…")
            try await session.press("ctrl-u", "down")
            try session.type("=x")
            try await session.press("ctrl-r")
            try await session.expectScreen(contains: "labels: a name is missing before the =")
            #expect(try !session.docker(["volume", "ls", "-q"]).contains(never))
            try await session.press("esc")
            try await session.expect(row: data, under: Self.titles)
        }

        @Test("Marked volumes go together, and who is in the way of which is said")
        func severalAtOnce() async throws {
            let session = Session()
            let (first, second) = (try session.volume("first"), try session.volume("second"))
            let old = try session.container("old", ["-v", "\(second):/d"], start: false)
            try await session.open(.init(width: 120, height: 40))
            try await session.press("3")
            try await session.expect(row: second, under: Self.titles, contains: "○ \(old)")
            try await session.press("/")
            // What only the two have in common.
            try session.type(String(first.split(separator: "-").last ?? ""))
            try await session.press("enter", "*", "d")
            try await session.expectQuestion(containing: "Remove 2 volumes?")
            try await session.expectScreen(saying: "\(second) is used by \(old) (stopped)")
            try await session.press("y")
            try await session.expectFlash(containing: "1 of 2 removed; \(second): it is in use by \(old) (created)")
            #expect(try !session.docker(["volume", "ls", "-q"]).contains(first))
            #expect(try session.docker(["volume", "ls", "-q"]).contains(second))
        }
    }
}
