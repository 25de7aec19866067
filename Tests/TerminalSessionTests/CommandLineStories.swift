import Testing

extension Stories {
    /// The program without a screen.
    @Suite struct CommandLine {
        private func gantry(_ arguments: String..., environment: [String: String] = [:]) throws -> Outcome {
            let home = ["XDG_CONFIG_HOME": Session.home(), "XDG_STATE_HOME": Session.home()]
            return try run(
                [TestEngine.program ?? "gantry"] + arguments, environment: home.merging(environment) { $1 },
                expecting: nil)
        }

        @Test("--help and --version answer without an Engine and a terminal")
        func helpAndVersion() throws {
            let help = try gantry("--help", environment: ["DOCKER_HOST": "unix:///nowhere"])
            #expect(help.status == 0)
            #expect(help.output.contains("--host"))
            #expect(help.output.contains("DOCKER_HOST"))
            #expect(!help.output.contains("\u{1B}"))
            let version = try gantry("--version")
            #expect(version.status == 0)
            #expect(version.output.contains(/\d+\.\d+\.\d+/))
        }

        @Test("Not a terminal: an error, and not one escape sequence")
        func notATerminal() throws {
            let outcome = try gantry("-H", TestEngine.address ?? "")
            #expect(outcome.status != 0)
            #expect(outcome.errors.contains("not a terminal"))
            #expect(!(outcome.output + outcome.errors).contains("\u{1B}"))
        }

        @Test("Output to a file: the terminal on the other side stays as it is")
        func outputToFile() async throws {
            let session = Session()
            try await session.openShell()
            let file = "/tmp/\(session.name("gantry"))"
            try session.type("\(Session.line()) >\(file); echo \"status=$?\"; wc -c <\(file); rm \(file)", enter: true)
            try await session.expectScreen(contains: "standard output is not a terminal")
            try await session.expect("a status that is not 0, and nothing in the file") { screen in
                screen.lines.contains { $0.hasPrefix("status=") && $0 != "status=0" } && screen.lines.contains("0")
            }
            try await session.expectTerminalGivenBack()
        }

        @Test(
            "An address that is none, or not supported yet, is refused with a reason",
            arguments: [
                ("nonsense", "unix:///path"), ("unix://relative", "absolute"), ("tcp://host:port", "port"),
                ("ssh://me@there", "ssh"), ("gopher://there:70", "gopher"),
            ])
        func badHost(address: String, reason: String) throws {
            let outcome = try gantry("-H", address)
            #expect(outcome.status != 0)
            #expect(outcome.errors.contains(reason))
            #expect(outcome.errors.contains(address))
        }

        @Test("Unknown options and themes are refused")
        func badOptions() throws {
            #expect(try gantry("--no-such-option").status != 0)
            let theme = try gantry("--theme", "plaid")
            #expect(theme.status != 0)
            #expect(theme.errors.contains("dark, light, high-contrast, mono"))
            let context = try gantry("--context", "there")
            #expect(context.status != 0)
            #expect(context.errors.contains("not supported yet"))
        }
    }
}
