import EngineAPI
import Foundation
import Testing

@testable import DemoEngine

/// The real docker client against the simulated Engine: what changes something.
@Suite struct DockerChangesTests {
    /// A folder of a test's own, removed with it.
    private final class Folder: Sendable {
        let path = NSTemporaryDirectory() + "gantry-" + UUID().uuidString
        init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }
        deinit { try? FileManager.default.removeItem(atPath: path) }
        func write(_ name: String, _ text: String) throws {
            try text.write(toFile: path + "/" + name, atomically: true, encoding: .utf8)
        }
        func read(_ name: String) throws -> String { try String(contentsOfFile: path + "/" + name, encoding: .utf8) }
    }

    private func lines(_ text: String) -> [Substring] { text.split(separator: "\n") }

    @Test func aContainerIsRunRenamedUpdatedCommittedAndWaitedFor() async throws {
        try await withDemo { demo, engine async throws in
            let id = try await docker(
                "run", "-d", "--name", "web", "-p", "18080:80", "-l", "team=shop", "-v", "web-data:/data", "-e",
                "COLOUR=blue", "--restart", "on-failure:3", "nginx:1.27-alpine", at: demo)
            #expect(id.count == 65)
            let ps = try await docker("ps", "--format", "{{.Names}} {{.Ports}}", "-f", "label=team", at: demo)
            #expect(ps.hasPrefix("web ") && ps.contains("0.0.0.0:18080->80/tcp"))
            try await docker("rename", "web", "front", at: demo)
            try await docker("update", "--memory", "64m", "--memory-swap", "64m", "--cpus", "1.5", "front", at: demo)
            let limits =
                "{{.HostConfig.Memory}} {{.HostConfig.NanoCpus}} {{.HostConfig.RestartPolicy.MaximumRetryCount}}"
            #expect(try await docker("inspect", "-f", limits, "front", at: demo) == "67108864 1500000000 3\n")
            let committed = try await docker("commit", "-m", "as it was", "front", "my/front:1", at: demo)
            #expect(committed.hasPrefix("sha256:"))
            let history = try await docker("history", "--format", "{{.Comment}}", "my/front:1", at: demo)
            #expect(history.hasPrefix("as it was\n"))
            #expect(try await docker("port", "front", at: demo).contains("80/tcp -> 0.0.0.0:18080"))
            let waiting = try DockerClient(["wait", "front"], at: demo.address)
            // Whether the wait or the stop comes first: it has ended well.
            try await docker("stop", "front", at: demo)
            let (status, text) = waiting.finish()
            #expect(status == 0 && text == "0\n")
            try await docker("rm", "front", at: demo)
            #expect(try await engine.containers().count == 15)
            #expect(try await docker("volume", "ls", "-q", at: demo).contains("web-data"))
        }
    }

    @Test func whatARunPrintsIsShownAndItsCodeIsTheClients() async throws {
        try await withDemo { demo, engine async throws in
            let text = try await docker(
                "run", "--rm", "alpine:3.20", "sh", "-c", "echo hello; echo wrong >&2; exit 3", at: demo, expecting: 3)
            #expect(text.contains("Downloaded newer image for alpine:3.20"))
            #expect(text.contains("hello\n"))
            #expect(try await engine.containers().count == 15)
            let missing = try await docker("run", "--rm", "alpine:3.20", "frobnicate", at: demo, expecting: 127)
            #expect(missing.contains("exec: \"frobnicate\": executable file not found in $PATH"))
            let unknown = try await docker("run", "nobody/here", at: demo, expecting: 125)
            #expect(unknown.contains("pull access denied for nobody/here"))
            let taken = try await docker("create", "--name", "shop-db-1", "alpine:3.20", at: demo, expecting: 1)
            #expect(taken.contains("is already in use by container"))
        }
    }

    @Test func commandsRunInContainers() async throws {
        try await withDemo { demo, _ async throws in
            #expect(try await docker("exec", "shop-db-1", "cat", "/etc/os-release", at: demo).contains("bookworm"))
            let code = try await docker(
                "exec", "-t", "shop-db-1", "sh", "-c", "echo out; exit 4", at: demo, expecting: 4)
            #expect(code == "out\r\n")
            try await docker("exec", "-d", "shop-db-1", "touch", "/tmp/mark", at: demo)
            #expect(try await docker("exec", "-w", "/tmp", "-e", "A=b", "shop-db-1", "ls", at: demo) == "mark\n")
            #expect(try await docker("diff", "shop-db-1", at: demo).contains("A /tmp/mark"))
            let bare = try await docker("exec", "shop-cart-1", "sh", at: demo, expecting: 127)
            #expect(bare.contains("executable file not found"))
            let ended = try await docker("exec", "shop-migrate-1", "ls", at: demo, expecting: 1)
            #expect(ended.contains("is not running"))
        }
    }

    @Test func anAttachedClientSeesTheLog() async throws {
        try await withDemo { demo, _ async throws in
            let seen = try await docker("attach", "--no-stdin", "shop-clickstream-1", at: demo, lines: 3)
            #expect(lines(seen).allSatisfy { $0.hasPrefix("{\"ts\"") })
        }
    }

    @Test func imagesArePulledTaggedPushedAndRemoved() async throws {
        try await withDemo { demo, _ async throws in
            let pulled = try await docker("pull", "busybox:1.36", at: demo)
            #expect(pulled.contains("Pull complete") && pulled.contains("Digest: sha256:"))
            #expect(try await docker("pull", "busybox:1.36", at: demo).contains("Image is up to date"))
            #expect(try await docker("pull", "busybox:frob", at: demo, expecting: 1).contains("manifest unknown"))
            #expect(try await docker("pull", "nowhere.example.org/x", at: demo, expecting: 1).contains("no such host"))
            try await docker("tag", "busybox:1.36", "registry.example.com/shop/box:1", at: demo)
            let pushed = try await docker("push", "registry.example.com/shop/box:1", at: demo)
            #expect(pushed.contains("Pushed") && pushed.contains("1: digest: sha256:"))
            #expect(try await docker("push", "busybox:1.36", at: demo, expecting: 1).contains("denied"))
            let removed = try await docker("rmi", "registry.example.com/shop/box:1", at: demo)
            #expect(removed.contains("Untagged: registry.example.com/shop/box:1") && !removed.contains("Deleted"))
            #expect(try await docker("rmi", "busybox:1.36", at: demo).contains("Deleted: sha256:"))
            let used = try await docker("rmi", "postgres:16.4", at: demo, expecting: 1)
            #expect(used.contains("unable to remove repository reference \"postgres:16.4\" (must force)"))
            #expect(try await docker("search", "--limit", "3", "redis", at: demo).contains("redis"))
            #expect(lines(try await docker("history", "-q", "postgres:16.4", at: demo)).count > 4)
        }
    }

    @Test func anImageIsBuiltFromADockerfile() async throws {
        try await withDemo { demo, _ async throws in
            let folder = try Folder()
            try folder.write(
                "Dockerfile",
                """
                # A comment
                FROM debian:12-slim
                ARG WHO=world
                ENV GREETING="hello $WHO"
                COPY page.html \\
                     /srv/
                RUN echo $GREETING
                EXPOSE 8080
                CMD ["sleep", "1000"]

                """)
            try folder.write("page.html", "<p>")
            let classic = ["DOCKER_BUILDKIT=0"]
            let built = try await docker(
                "build", "-t", "my/page:1", "--build-arg", "WHO=shop", folder.path, at: demo, with: classic)
            #expect(built.contains("Step 5/7 : RUN echo $GREETING") && built.contains("\nhello shop\n"))
            #expect(built.contains("Successfully tagged my/page:1"))
            let again = try await docker("build", "-t", "my/page:2", folder.path, at: demo, with: classic)
            #expect(again.contains(" ---> Using cache"))
            #expect(try await docker("run", "-d", "--name", "page", "my/page:1", at: demo).count == 65)
            #expect(
                try await docker("inspect", "-f", "{{.State.Status}} {{.Path}}", "page", at: demo) == "running sleep\n")
            try folder.write("Dockerfile", "FROM debian:12-slim\nRUN echo before; exit 9\nRUN echo never\n")
            let failed = try await docker("build", folder.path, at: demo, expecting: 9, with: classic)
            #expect(
                failed.contains("before") && failed.contains("returned a non-zero code: 9")
                    && !failed.contains("never\n "))
            try folder.write("Dockerfile", "FROM debian:12-slim\nCOPY nothing /\n")
            #expect(
                try await docker("build", folder.path, at: demo, expecting: 1, with: classic).contains("COPY failed"))
            try folder.write("Dockerfile", "FROM debian:12-slim\nFROB x\n")
            let wrong = try await docker("build", folder.path, at: demo, expecting: 1, with: classic)
            #expect(wrong.contains("unknown instruction: FROB"))
        }
    }

    @Test func filesAreCopiedBothWays() async throws {
        try await withDemo { demo, _ async throws in
            let folder = try Folder()
            try await docker("cp", "shop-gateway-1:/etc/nginx/nginx.conf", folder.path + "/conf", at: demo)
            #expect(try folder.read("conf").contains("worker_processes"))
            try folder.write("note", "remember\n")
            try await docker("cp", folder.path + "/note", "shop-gateway-1:/etc/nginx/", at: demo)
            #expect(try await docker("exec", "shop-gateway-1", "cat", "/etc/nginx/note", at: demo) == "remember\n")
            try await docker("cp", "shop-gateway-1:/etc/nginx", folder.path + "/all", at: demo)
            #expect(try folder.read("all/note") == "remember\n")
            #expect(try await docker("diff", "shop-gateway-1", at: demo).contains("A /etc/nginx/note"))
            let missing = try await docker("cp", "shop-gateway-1:/nowhere", folder.path, at: demo, expecting: 1)
            #expect(missing.contains("Could not find the file /nowhere"))
        }
    }

    @Test func imagesAndContainersAreSavedAndTakenBack() async throws {
        try await withDemo { demo, _ async throws in
            let folder = try Folder()
            let image = "registry.example.com/shop/catalog:4.1.0"
            let before = try await docker("image", "inspect", "-f", "{{.Id}} {{.Size}}", image, at: demo)
            try await docker("save", "-o", folder.path + "/image.tar", image, at: demo)
            try await docker("rmi", image, at: demo)
            #expect(
                try await docker("load", "-i", folder.path + "/image.tar", at: demo).contains("Loaded image: \(image)"))
            #expect(try await docker("image", "inspect", "-f", "{{.Id}} {{.Size}}", image, at: demo) == before)
            try await docker("export", "-o", folder.path + "/files.tar", "shop-gateway-1", at: demo)
            let imported = try await docker(
                "import", "-c", "CMD [\"nginx\"]", "-m", "taken in", folder.path + "/files.tar", "my/files:1", at: demo)
            #expect(imported.contains("sha256:"))
            #expect(
                try await docker("image", "inspect", "-f", "{{.Config.Cmd}}", "my/files:1", at: demo) == "[nginx]\n")
            let wrong = try await docker("load", "-i", folder.path + "/files.tar", at: demo, expecting: 1)
            #expect(wrong.contains("no such file or directory"))
        }
    }

    @Test func volumesAndNetworksAreMadeJoinedAndRemoved() async throws {
        try await withDemo { demo, _ async throws in
            #expect(try await docker("volume", "create", "--label", "a=b", "notes", at: demo) == "notes\n")
            #expect(try await docker("volume", "rm", "notes", at: demo) == "notes\n")
            #expect(
                try await docker("volume", "rm", "shop_db-data", at: demo, expecting: 1).contains("volume is in use"))
            try await docker("network", "create", "--subnet", "10.77.0.0/16", "lab", at: demo)
            try await docker("network", "connect", "--alias", "store", "lab", "shop-db-1", at: demo)
            let inspected = try await docker(
                "network", "inspect", "-f", "{{range .Containers}}{{.Name}}{{end}}", "lab", at: demo)
            #expect(inspected == "shop-db-1\n")
            #expect(try await docker("network", "rm", "lab", at: demo, expecting: 1).contains("active endpoints"))
            try await docker("network", "disconnect", "lab", "shop-db-1", at: demo)
            #expect(try await docker("network", "rm", "lab", at: demo) == "lab\n")
            #expect(try await docker("network", "rm", "bridge", at: demo, expecting: 1).contains("pre-defined"))
            #expect(
                try await docker("network", "create", "shop_back", at: demo, expecting: 1).contains("already exists"))
        }
    }

    @Test func theDisksUseIsShownAndWhatIsNotUsedGoes() async throws {
        try await withDemo { demo, engine async throws in
            let use = try await docker("system", "df", "--format", "{{.Type}} {{.TotalCount}} {{.Active}}", at: demo)
            #expect(use.contains("Images \(Shop.images.count) ") && use.contains("Containers 15 13"))
            #expect(use.contains("Local Volumes \(Shop.volumes.count + 1) "))
            let details = try await docker("system", "df", "-v", at: demo)
            #expect(details.contains("shop_db-data"))
            let pruned = try await docker("system", "prune", "-f", "--volumes", at: demo)
            #expect(pruned.contains("Total reclaimed space"))
            let left = try await engine.containers()
            #expect(left.count == 13 && left.allSatisfy { $0.state.isAlive })
            #expect(try await engine.images().allSatisfy { !$0.dangling })
            let all = try await docker("image", "prune", "-a", "-f", at: demo)
            #expect(all.contains("untagged: debian:12-slim"))
            #expect(try await docker("info", "--format", "{{.ContainersStopped}}", at: demo) == "0\n")
        }
    }

    @Test func theClientLogsIn() async throws {
        try await withDemo { demo, _ async throws in
            let folder = try Folder()
            let words = ["--config", folder.path, "login", "-u", "me", "registry.example.com"]
            let good = try await docker(
                words[0], words[1], words[2], words[3], words[4], "-p", "secret", words[5], at: demo)
            #expect(good.contains("Login Succeeded"))
            let bad = try await docker(
                words[0], words[1], words[2], words[3], words[4], "-p", "wrong", words[5], at: demo, expecting: 1)
            #expect(bad.contains("unauthorized"))
        }
    }
}
