import Foundation
import Testing

extension Stories {
    /// What is changed of a container that is there, and what there is to know of it.
    @Suite struct Changes {
        @Test("N renames: a name that is taken is said while typing, with whose it is; so is the Engine's refusal")
        func rename() async throws {
            let session = Session()
            let web = try session.container("web")
            let other = try session.container("other")
            let renamed = session.planned("renamed")
            try await session.open()
            try await session.select(web)
            try await session.press("N", "ctrl-u")
            try session.type(other)
            try await session.expectScreen(contains: "taken by \(other)")
            try await session.press("ctrl-u")
            try session.type("no name")
            try await session.expectScreen(contains: "only letters, digits")
            try await session.press("ctrl-u")
            try session.type(renamed, enter: true)
            try await session.expectFlash(containing: "\(web) is \(renamed) now")
            try await session.expect(row: renamed, contains: "Up ")
            try await session.expect(selected: renamed)
            #expect(try session.engineSays("{{.Name}}", of: renamed) == "/\(renamed)")
            try await session.press("J")
            try await session.expectScreen(contains: "docker rename \(web) \(renamed)")
        }

        @Test("u changes limits and the restart policy of one that runs: only what was changed, in the form it was")
        func update() async throws {
            let session = Session()
            let web = try session.container("web", ["--memory", "64m", "--restart", "on-failure:3"])
            try await session.open(.large)
            try await session.expect(row: web, contains: "Up ")
            try await session.press("u")
            try await session.expect("the form with what it has now") { screen in
                ["Update \(web)", "64m", "on-failure", "3"].allSatisfy { screen.text.contains($0) }
            }
            try await session.press("ctrl-u")
            try session.type("1m")
            try await session.expectScreen(contains: "the Engine wants 6m at least")
            try await session.press("ctrl-u")
            try session.type("96m")
            try await session.press("tab")
            try session.type("0.5")
            try await session.expectScreen(contains: "docker update --memory 96m --memory-swap 192m --cpus 0.5 \(web)")
            try await session.press("ctrl-r")
            try await session.expectFlash(containing: "updated \(web)")
            let format =
                "{{.HostConfig.Memory}} {{.HostConfig.NanoCpus}} {{.HostConfig.RestartPolicy.Name}}"
                + " {{.HostConfig.RestartPolicy.MaximumRetryCount}} {{.State.Status}}"
            try await session.expectEngine(
                says: "\(96 << 20) 500000000 on-failure 3 running", for: format, of: web)
            // What the Engine refuses is said in the form, and what was typed stays.
            try await session.expect("the new limits in the form") { screen in
                if !screen.text.contains("Update \(web)") { try session.type("u") }
                return screen.text.contains("96m")
            }
            try session.docker(["kill", web])
            try session.docker(["rm", "-f", web])
            try await session.press("ctrl-u")
            try session.type("128m")
            try await session.press("ctrl-r")
            try await session.expectFlash(containing: "update \(web): ")
            try await session.expectScreen(contains: "128m")
        }

        @Test("I makes an image of a container; = shows what it has changed")
        func commitAndDiff() async throws {
            let session = Session()
            let image = session.name("made")
            let web = try session.container(
                "web",
                runs:
                    "mkdir /new; echo x >/new/file; rm -r /tmp; touch /etc/made; echo ready; while :; do sleep 1; done")
            defer { _ = try? session.docker(["rmi", "-f", "\(image):1"], expecting: nil) }
            try await session.open(.large)
            try await session.expect(line: "ready")
            try await session.press("=")
            try await session.expect("added, changed and deleted files") { screen in
                ["A /new/file", "C /etc", "D /tmp", "A /etc/made"].allSatisfy { screen.text.contains($0) }
            }
            try await session.press("/")
            try session.type("made", enter: true)
            try await session.expectScreen(contains: "hit 1 of 1")
            try await session.press("I")
            try await session.expectScreen(contains: "Commit \(web)")
            try session.type("Not-A-Name")
            try await session.expectScreen(contains: "only small letters")
            try await session.press("ctrl-u")
            try session.type("\(image):1")
            try await session.press("tab")
            try session.type("with a file")
            try await session.expectScreen(contains: "docker commit -m 'with a file' \(web) \(image):1")
            try await session.press("ctrl-r")
            try await session.expectFlash(containing: "committed \(web) as \(image):1")
            #expect(try session.docker(["run", "--rm", "\(image):1", "cat", "/new/file"]) == "x")
            #expect(try session.engineSays("{{.Comment}}", of: "\(image):1") == "with a file")
            try await session.press("2")
            try await session.expectScreen(contains: "\(image):1")
        }

        @Test("w waits for a container's end and says its exit code, while one does something else")
        func wait() async throws {
            let session = Session()
            let web = try session.container("web", runs: "trap 'exit 3' TERM; while :; do sleep 0.1; done")
            try await session.open()
            try await session.expect(row: web, contains: "Up ")
            try await session.press("w")
            try await session.expectFlash(containing: "waiting for \(web)")
            try await session.press("2", "1")
            try session.docker(["kill", "--signal", "TERM", web])
            try await session.expectFlash(containing: "\(web) ended with 3")
            // The list may hear of it later than who waited.
            try await session.expect(row: web, contains: "Exited (3)")
            try await session.press("w")
            try await session.expectFlash(containing: "\(web) is not running")
            try session.docker(["start", web])
            try await session.expect(row: web, contains: "Up ")
            try await session.press("w", "W")
            try await session.expectScreen(contains: "wait for \(web)")
            try await session.press("c")
            try await session.expectFlash(containing: "wait for \(web): cancelled")
        }

        @Test(
            "K in top sends a signal to the selected process, and to no other; the main one's is the Engine's to send")
        func processSignal() async throws {
            let session = Session()
            let web = try session.container(
                "web", runs: "sleep 1001 & sleep 1002 & trap 'echo main got it' USR1; while :; do sleep 0.2; done")
            try await session.open(.large)
            try await session.expect(row: web, contains: "Up ")
            try await session.press("t", "o", "down", "enter")
            try await session.expectScreen(contains: "sleep 1001")
            try await session.expect("the second sleep to be selected") { screen in
                if screen.lines.contains(where: { $0.contains("▌") && $0.contains("sleep 1002") }) { return true }
                try session.type(screen.lines.contains { $0.contains("▌") && $0.contains("sleep 0.2") } ? "k" : "j")
                return false
            }
            try await session.press("K")
            try await session.expectQuestion(containing: "Send a signal to", "in \(web)?", "sleep 1002", "TERM")
            try await session.press("y")
            try await session.expectFlash(containing: "sent TERM to sleep 1002")
            try await session.expect("no second sleep") { screen in
                !screen.lines.contains { $0.contains("root") && $0.contains("sleep 1002") }
            }
            #expect(try session.docker(["top", web]).contains("sleep 1001"))
            try await session.press("J")
            try await session.expectScreen(contains: "docker exec -u 0 \(web) kill -TERM")
            try await session.press("esc", "g", "K")
            try await session.expectQuestion(containing: "Send a signal to")
            for _ in 0..<4 { try await session.press("right") }
            try await session.expectQuestion(containing: "USR1")
            try await session.press("y")
            try await session.expectFlash(containing: "the main process")
            try await session.press("esc", "l")
            try await session.expectScreen(contains: "main got it")
        }

        @Test("A process in a container without a shell cannot be told, and that is said")
        func noSignal() async throws {
            let session = Session()
            let web = try session.container(
                "web", runs: "sleep 1001 & rm /bin/sh; while :; do sleep 1; done")
            try await session.open(.large)
            try await session.expect(row: web, contains: "Up ")
            try await session.press("t")
            try await session.expectScreen(contains: "00  sleep 1001")
            try await session.expect("the sleep to be selected") { screen in
                if screen.lines.contains(where: { $0.contains("▌") && $0.contains("00  sleep 1001") }) { return true }
                try session.type("j")
                return false
            }
            try await session.press("K", "y")
            try await session.expectFlash(containing: "no shell in the container can tell which process it is there")
            #expect(try session.docker(["top", web]).contains("sleep 1001"))
        }

        @Test("Secrets in inspect are hidden until v; those of a command are hidden in the journal")
        func secrets() async throws {
            let session = Session()
            let web = try session.container(
                "web", ["-e", "DB_PASSWORD=hunter2", "-e", "URL=postgres://me:hunter2@db/shop", "-e", "PLAIN=seen"])
            try await session.open(.large)
            try await session.expect(row: web, contains: "Up ")
            try await session.press("i", "/")
            try session.type("PASSWORD", enter: true)
            try await session.expectScreen(contains: "DB_PASSWORD=******")
            try await session.expectScreen(contains: "postgres://me:******@db/shop")
            try await session.expectScreen(contains: "PLAIN=seen")
            #expect(try !session.screen().text.contains("hunter2"))
            try await session.press("v")
            try await session.expectScreen(contains: "DB_PASSWORD=hunter2")
            try await session.press("v")
            try await session.expectGone("hunter2")
            try await session.press("E", "ctrl-u")
            try session.type("-e TOKEN=hunter3 true", enter: true)
            try await session.expectFlash(containing: "ended")
            try await session.press("J")
            try await session.expectScreen(contains: "TOKEN=******")
            #expect(try !session.screen().text.contains("hunter3"))
        }

        @Test("y copies an address; B opens it where there is a display, and says so where there is none")
        func addresses() async throws {
            let session = Session()
            let web = try session.container("web", ["-p", "127.0.0.1::80"])
            let port = try session.engineSays(
                #"{{(index (index .NetworkSettings.Ports "80/tcp") 0).HostPort}}"#, of: web)
            try await session.open(.small, [], ["DISPLAY": nil, "WAYLAND_DISPLAY": nil])
            try await session.expect(row: web, contains: "Up ")
            try await session.press("y")
            try await session.expectScreen(contains: "127.0.0.1:\(port)")
            try await session.press("enter")
            try await session.expectFlash(containing: "copied 127.0.0.1:\(port)")
            #expect(try session.terminal.clipboard() == "127.0.0.1:\(port)")
            try await session.press("B")
            try await session.expectScreen(contains: "http://127.0.0.1:\(port)")
            try await session.press("enter")
            try await session.expectFlash(containing: "there is no display here for a browser")

            let folder = "/tmp/\(session.name("gantry-open"))"
            try run(["mkdir", "-p", folder])
            defer { _ = try? run(["rm", "-rf", folder], expecting: nil) }
            try run(["sh", "-c", "printf '#!/bin/sh\\necho \"$1\" >\(folder)/opened\\n' >\(folder)/xdg-open"])
            try run(["chmod", "+x", "\(folder)/xdg-open"])
            let other = Session()
            let path = "\(folder):/usr/bin:/bin"
            try await other.open(.small, [], ["DISPLAY": ":9", "PATH": path])
            try await other.expect(row: web, contains: "Up ")
            try await other.press("B")
            try await other.expectScreen(contains: "http://127.0.0.1:\(port)")
            try await other.press("enter")
            try await other.expectEngine("the address to be opened") {
                (try? String(contentsOfFile: "\(folder)/opened", encoding: .utf8))?.contains(
                    "http://127.0.0.1:\(port)") == true
            }
        }
    }
}
