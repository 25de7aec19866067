import Foundation
import Testing

extension Stories {
    /// The simulated Engine, with the dashboard's own keys: what can be done at all can be done there.
    @Suite struct Demo {
        private func open() async throws -> Session {
            let session = Session()
            try session.launch(.large, ["--demo"], ["DOCKER_HOST": "unix:///nowhere/docker.sock"])
            try await session.expect(row: "shop-db-1", contains: "Up ")
            return session
        }

        @Test("A shell in a container of the demo answers, and its files can be looked at")
        func shell() async throws {
            let session = try await open()
            try await session.select("shop-db-1")
            try await session.press("e")
            try await session.expectScreen(contains: "/app #")
            try session.type("echo \"hello\" \"there\" > /tmp/note; cat /tmp/note /etc/debian_version", enter: true)
            try await session.expectScreen(contains: "hello there")
            try await session.expectScreen(contains: "12.8")
            try session.type("exit", enter: true)
            try await session.expect(row: "shop-db-1", contains: "Up ")
            try await session.press("F")
            try await session.expectScreen(contains: "etc")
            try await session.press("esc")
            // One of a single program has no shell, and says so.
            try await session.select("shop-cart-1")
            try await session.press("e")
            try await session.expectFlash(containing: "no shell in it")
        }

        @Test("A volume of the demo is looked into: one that is mounted, and one that nobody mounts")
        func volumes() async throws {
            let session = Session()
            try session.launch(.large, ["--demo"])
            try await session.expectScreen(contains: "shop-gateway-1")
            try await session.press("3")
            try await session.expectScreen(contains: "shop_backups")
            try await session.press("/")
            try session.type("db-data")
            try await session.press("enter")
            try await session.press("g", "F")
            try await session.expectScreen(contains: "PG_VERSION")
            try await session.expectScreen(contains: "through shop-db-1, at /var/lib/postgresql/data")
            try await session.press("esc", "j", "F")
            try await session.expectScreen(contains: "What is in shop_db-data-old")
            try await session.expectScreen(contains: "PG_VERSION")
            try await session.expectScreen(contains: "through a container made for this")
            try await session.press("esc", "esc", "J")
            try await session.expectScreen(contains: "removed gantry-volume-shop_db-data-old-")
        }

        @Test("What is found on the registry is pulled from the menu")
        func searchAndPull() async throws {
            let session = try await open()
            try await session.press("2", "f")
            try await session.answer("nginx")
            try await session.expectScreen(contains: "Pull one of")
            try await session.expectScreen(contains: "▸ nginx")
            try await session.press("enter")
            try await session.expectFlash(containing: "pulled nginx")
        }

        @Test("An image of the demo is pulled layer by layer, and a container is run from it")
        func pullAndRun() async throws {
            let session = try await open()
            try await session.press("2", "p")
            try await session.answer("alpine:3.20")
            try await session.expectScreen(contains: "Downloading")
            try await session.expectFlash(containing: "pulled alpine:3.20 in")
            try await session.press("esc", "1")
            try await session.openForm()
            try session.terminal.paste(
                "docker run --name greeter alpine:3.20 sh -c 'echo hello from the demo; sleep 1000'")
            try await session.expect("the form to be filled") { $0.text.contains("greeter") }
            try await session.press("ctrl-r")
            try await session.expect(row: "greeter", contains: "Up ")
            try await session.select("greeter")
            try await session.expectScreen(contains: "hello from the demo")
            try await session.press("s")
            try await session.expectQuestion(containing: "docker stop greeter")
            try await session.press("y")
            try await session.expect(row: "greeter", contains: "Exited (")
        }
    }
}
