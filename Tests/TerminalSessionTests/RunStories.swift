import Foundation
import Testing

extension Session {
    /// Opens the form and waits until it is there.
    func openForm(at location: SourceLocation = #_sourceLocation) async throws {
        try await press("R")
        try await expectScreen(contains: "Run a container", at: location)
    }

    /// Moves from the image's field so many fields on.
    func tab(_ count: Int) async throws {
        for _ in 0..<count { try await press("tab") }
    }

    /// What a person at the same host gets from an address.
    func expectFetch(_ address: String, gives text: String, at location: SourceLocation = #_sourceLocation) async throws
    {
        try await expectEngine("\(text) from \(address)", at: location) {
            try run(["curl", "-s", "-m", "2", address], expecting: nil).output.contains(text)
        }
    }
}

extension Stories {
    /// From image to running container: the form of a run.
    @Suite struct Running {
        /// Places of fields behind the image's.
        enum Field: Int {
            case line = -1
            case image, name, command, ports, publishAll, mounts, environment, files, network, aliases, restart, retries
            case memory, cpus
        }

        @Test(
            "A container with a published port and a named volume is run from the form, and answers",
            arguments: Tmux.Size.both)
        func runFromForm(size: Tmux.Size) async throws {
            let session = Session()
            let (web, volume) = (session.planned("web"), session.plannedVolume("data"))
            let port = Int.random(in: 20_000..<30_000)
            try await session.open(size)
            try await session.openForm()
            try session.type("demo/busy")
            // What there is completes it.
            try await session.expectScreen(contains: "demo/busybox:1.35")
            try await session.press("right", "tab")
            try session.type(web)
            try await session.press("tab")
            try session.type("sh -c 'echo \"it answers\" > /www/index.html; exec httpd -f -p 80 -h /www'")
            try await session.press("tab")
            try session.type("127.0.0.1:\(port):80")
            try await session.tab(2)
            try session.type("\(volume):/www")
            try await session.expectScreen(contains: "docker run -d --name \(web) -p 127.0.0.1:\(port):80 -v")
            try await session.press("ctrl-r")
            try await session.expectFlash(containing: "running \(web) after")
            try await session.expect(selected: web)
            try await session.expect(row: web, contains: "Up ", mark: "●")
            try await session.expectFetch("http://127.0.0.1:\(port)/", gives: "it answers")
            #expect(try session.engineSays("{{(index .Mounts 0).Name}}", of: web) == volume)
            try await session.press("J")
            try await session.expectScreen(contains: "docker run -d --name \(web)")
            try await session.expectScreen(contains: "done in")
        }

        @Test("Run attached: the terminal is on it from its first word, and the dashboard is back when it has ended")
        func runAttached() async throws {
            let session = Session()
            let web = session.planned("web")
            try await session.open()
            try await session.openForm()
            try session.terminal.paste(
                "docker run -it --name \(web) demo/busybox:1.35 sh -c 'echo first; read x; echo got $x; exit 3'")
            try await session.expectScreen(contains: "docker run -d --name \(web) -it")
            try await session.press("ctrl-t")
            try await session.expectLent()
            try await session.expectScreen(contains: "first")
            try session.type("word", enter: true)
            try await session.expectScreen(contains: "1 Containers")
            try await session.expectFlash(containing: "run \(web): ended with 3")
            #expect(try session.docker(["logs", web]).contains("got word"))
        }

        @Test("A docker run line that is pasted fills the form, and is run as it says")
        func pasteALine() async throws {
            let session = Session()
            let web = session.planned("web")
            try await session.open()
            try await session.openForm()
            try session.terminal.paste(
                """
                docker run -it --name \(web) \\
                  -e GREETING='good day' -m 64m --cpus 0.5 --restart on-failure:3 -l team=shop \\
                  -h inside -w /tmp --stop-signal KILL demo/busybox:1.35 sh -c 'echo $GREETING from $PWD; sleep 1000'

                """)
            try await session.expect("the form to be filled") { $0.text.contains("sh -c 'echo $GREETING") }
            try await session.press("ctrl-r")
            try await session.expectFlash(containing: "running \(web) after")
            try await session.expectScreen(contains: "good day from /tmp")
            let says = try session.engineSays(
                "{{.Config.Tty}} {{.Config.OpenStdin}} {{.HostConfig.Memory}} {{.HostConfig.NanoCpus}} "
                    + "{{.HostConfig.RestartPolicy.Name}} {{.HostConfig.RestartPolicy.MaximumRetryCount}} "
                    + "{{.Config.Labels.team}} {{.Config.Hostname}}", of: web)
            #expect(says == "true true 67108864 500000000 on-failure 3 shop inside")
        }

        @Test("A line with a flag that nobody knows is named with its place, and can be mended")
        func unknownFlag() async throws {
            let session = Session()
            let web = session.planned("web")
            try await session.open()
            try await session.openForm()
            try session.terminal.paste("docker run --frobnicate --name \(web) demo/busybox:1.35 sleep 1000")
            try await session.expectScreen(contains: "✕ unknown flag --frobnicate (word 3)")
            try await session.press("ctrl-r")
            try await session.expectFlash(containing: "from a line: unknown flag --frobnicate")
            try await session.press("esc")
            #expect(try session.docker(["ps", "-aq"]).isEmpty)
            // It is still there.
            try await session.openForm()
            try await session.expectScreen(contains: "✕ unknown flag --frobnicate")
            try await session.press("home")
            for _ in 0..<"docker run ".count { try await session.press("right") }
            for _ in 0..<"--frobnicate ".count { try await session.press("ctrl-d") }
            try await session.expectScreen(contains: "Enter fills the form with it")
            try await session.press("enter", "ctrl-o")
            try await session.expectFlash(containing: "created \(web) after")
            try await session.expect(row: web, contains: "Created", mark: "◌")
        }

        @Test(
            "What cannot be right is named at its field, nothing is sent, and what was typed stays",
            arguments: [
                (Field.ports, "99999:80", "host port “99999” is no port"),
                (.ports, "1.2.3.400:80:80", "“1.2.3.400” is no address"),
                (.mounts, "data:relative", "“relative” is no absolute path in the container"),
                (.memory, "lots", "“lots” is no size"), (.name, "-web", "it begins with a letter or a digit"),
                (.network, "nowhere", "there is no network nowhere"), (.cpus, "4000", "the Engine's host has"),
                (.files, "/does/not/exist", "cannot be read on this machine"),
            ])
        func badInput(field: Field, text: String, message: String) async throws {
            let session = Session()
            try await session.open()
            try await session.openForm()
            try session.type("demo/busybox:1.35")
            try await session.tab(2)
            try session.type("sleep 1000")
            try await session.press("shift-tab", "shift-tab")
            try await session.tab(field.rawValue)
            try session.type(text)
            if field != .files { try await session.expectScreen(contains: "✕ \(message)") }
            try await session.press("ctrl-r")
            try await session.expectFlash(containing: field == .files ? "run demo/busybox" : message)
            try await session.expectScreen(contains: message)
            #expect(try session.docker(["ps", "-aq"]).isEmpty)
            try await session.press("esc")
            try await session.openForm()
            try await session.expectScreen(contains: text)
        }

        @Test("A name that is taken is said with whose it is, before anything is sent")
        func nameTaken() async throws {
            let session = Session()
            let web = try session.container("web")
            try await session.open()
            try await session.openForm()
            try session.type("demo/busybox:1.35")
            try await session.press("tab")
            try session.type(web)
            try await session.expectScreen(contains: "✕ \(web) is taken: \(web) (demo/busybox:1.35, Up")
            try await session.press("ctrl-r")
            try await session.expectFlash(containing: "name: \(web) is taken")
            #expect(try session.docker(["ps", "-aq"]).split(separator: "\n").count == 1)
        }

        @Test("A port in use is said with who has it; created all the same, the start says it again")
        func portInUse() async throws {
            let session = Session()
            let port = Int.random(in: 20_000..<30_000)
            let holder = try session.container("holder", ["-p", "127.0.0.1:\(port):80"])
            let late = session.planned("late")
            try await session.open()
            try await session.expect(row: holder, contains: "Up ")
            try await session.openForm()
            try session.terminal.paste("docker run --name \(late) -p \(port):80 demo/busybox:1.35 sleep 1000")
            try await session.expectScreen(contains: "· \(port) is published by \(holder)")
            try await session.press("ctrl-r")
            try await session.expectScreen(contains: "✕ \(port) is in use: \(holder)")
            try await session.press("ctrl-o")
            try await session.expectFlash(containing: "created \(late) after")
            try await session.expect(selected: late)
            try await session.press("S")
            try await session.expectFlash(containing: "start \(late): port \(port) is in use by \(holder)")
            // The Engine's own words stand in the journal.
            try await session.press("J")
            try await session.expectScreen(saying: "driver failed programming external connectivity")
        }

        @Test("What was created and could not be started is named, selected, and removed with one key")
        func leftBehind() async throws {
            let session = Session()
            let web = session.planned("web")
            try await session.open(.large)
            try await session.openForm()
            try session.terminal.paste("docker run --name \(web) demo/busybox:1.35 /does-not-exist")
            try await session.press("ctrl-r")
            try await session.expectFlash(containing: "\(web) was created but not started: ")
            try await session.expectGone("Run a container")
            try await session.expect(selected: web)
            try await session.expect(row: web, contains: "Created", mark: "◌")
            try await session.press("J")
            try await session.expectScreen(saying: "no such file or directory")
            try await session.press("esc", "d")
            try await session.expectQuestion(containing: "Remove \(web)?")
            try await session.press("y")
            try await session.expectNoRow(web)
            // What was typed is there for the next attempt.
            try await session.openForm()
            try await session.expectScreen(contains: "/does-not-exist")
        }

        @Test("No docker client is needed: without one, and without a PATH, containers are run, entered and killed")
        func withoutClient() async throws {
            let session = Session()
            let web = session.planned("web")
            try await session.open(.small, [], ["PATH": "/nonexistent"])
            try await session.openForm()
            try session.terminal.paste("docker run -d --name \(web) demo/busybox:1.35 sleep 1000")
            try await session.press("ctrl-r")
            try await session.expectFlash(containing: "running \(web) after")
            try await session.expect(selected: web)
            try await session.expect(row: web, contains: "Up ")
            try await session.press("e")
            try await session.expectLent()
            try session.type("echo $((6*7))-in", enter: true)
            try await session.expectScreen(contains: "42-in")
            try session.type("exit", enter: true)
            try await session.expectFlash(containing: "shell in \(web): ended")
            try await session.press("K")
            try await session.expectQuestion(containing: "docker kill")
            try await session.press("y")
            try await session.expect(row: web, contains: "Exited (137)")
        }

        @Test("An image that is not there is said, with the command that gets it")
        func imageMissing() async throws {
            let session = Session()
            try await session.open()
            try await session.openForm()
            try session.type("nobody/here:1")
            try await session.expectScreen(contains: "it is not there: docker pull nobody/here:1 gets it")
            try await session.press("ctrl-r")
            try await session.expectScreen(contains: "✕ it is not there: docker pull nobody/here:1 gets it")
            try await session.expectFlash(containing: "run nobody/here:1: it is not there")
        }

        @Test("Another one like this: only what its image does not give, under a free name")
        func runAgain() async throws {
            let session = Session()
            let volume = session.plannedVolume("data")
            let web = try session.container(
                "web",
                [
                    "-v", "\(volume):/data:ro", "-e", "A=1", "-l", "team=shop", "--memory", "64m", "--cap-add",
                    "NET_ADMIN",
                ])
            let second = session.planned("web", "-2")
            try await session.open(.large)
            try await session.expect(selected: web)
            try await session.press("A")
            try await session.expectScreen(contains: "Run again like \(web)")
            try await session.expectScreen(contains: "docker run -d --name \(second) -v \(volume):/data:ro -e A=1")
            try await session.press("ctrl-r")
            try await session.expectFlash(containing: "running \(second) after")
            try await session.expect(selected: second)
            let format =
                "{{.HostConfig.Binds}} {{.Config.Env}} {{.Config.Labels}} {{.HostConfig.Memory}} {{.HostConfig.CapAdd}} "
                + "{{.Config.Cmd}} {{.Config.Entrypoint}} {{.Config.StopSignal}} {{.HostConfig.NetworkMode}}"
            #expect(try session.engineSays(format, of: second) == session.engineSays(format, of: web))
        }

        @Test("From the images the selected one is filled in; with --rm it is gone when it has ended")
        func fromTheImages() async throws {
            let session = Session()
            try await session.open()
            try await session.press("2")
            try await session.expectScreen(contains: "demo/busybox")
            try await session.openForm()
            try await session.expect("the image in its field") { screen in
                screen.lines.contains { $0.contains("image") && $0.contains("demo/busybox:1.35") }
            }
            try await session.press("tab")
            try session.type("sh -c 'echo once; sleep 2'")
            try await session.expectScreen(contains: "docker run -d demo/busybox:1.35 sh -c")
            try await session.tab(Field.restart.rawValue - Field.command.rawValue + 9)
            try await session.press("space")
            try await session.expectScreen(contains: "docker run -d --rm demo/busybox:1.35")
            try await session.press("ctrl-r")
            try await session.expectFlash(containing: "running ")
            try await session.expectScreen(contains: "No containers.")
            #expect(try session.docker(["ps", "-aq"]).isEmpty)
        }
    }
}
