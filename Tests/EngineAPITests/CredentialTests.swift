import Synchronization
import Testing

@testable import EngineAPI

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Where a person has logged in with the docker client.
@Suite(.timeLimit(.minutes(1)))
struct Credentials {
    private func credentials(
        _ config: String?,
        helper: @escaping @Sendable (String, String) -> (status: Int32, output: String) = { _, _ in (1, "not asked for")
        }
    ) throws -> RegistryCredentials {
        let folder = "/tmp/gantry-config-\(String(UInt64.random(in: 0 ... .max), radix: 36))"
        mkdir(folder, 0o700)
        let path = folder + "/config.json"
        defer {
            unlink(path)
            rmdir(folder)
        }
        if let config {
            let file = try #require(fopen(path, "w"))
            fputs(config, file)
            fclose(file)
        }
        return try RegistryCredentials(folder: folder) { helper($0, $1) }
    }

    @Test func nobodyHasLoggedInWithoutAFile() async throws {
        let none = try credentials(nil)
        #expect(try await none.auth(for: ImageReference("alpine")) == nil)
        #expect(await none.all().isEmpty)
    }

    @Test func aFileThatIsNoneIsSaid() {
        #expect { try credentials("{") } throws: {
            guard case EngineError.unreadable(let why) = $0 else { return false }
            return why.hasSuffix("/config.json: not as the docker client writes it")
        }
    }

    @Test func whereOneHasLoggedInIsToldWithoutHow() async throws {
        let file = try credentials(
            #"""
            {"auths":{"https://index.docker.io/v1/":{"auth":"Z2FudHJ5Om9wZW4gc2VzYW1l"},"empty.example":{},
            "token.example":{"identitytoken":"tok"}},"credHelpers":{"a.example":"good","b.example":"bad","c.example":"none"}}
            """#
        ) { program, input in
            switch program {
            case "docker-credential-good": (0, #"{"Username":"me","Secret":"hush"}"#)
            case "docker-credential-none": (1, "credentials not found in native keychain\n")
            default: (2, "the keychain is locked\n")
            }
        }
        let logins = await file.logins()
        #expect(
            logins.map(\.registry) == [
                RegistryCredentials.dockerHub, "a.example", "b.example", "c.example", "empty.example", "token.example",
            ])
        #expect(
            logins.map(\.outcome) == [
                .loggedIn(as: "gantry"), .loggedIn(as: "me"),
                .failed("docker-credential-bad: the keychain is locked"), .notLoggedIn, .notLoggedIn,
                .loggedIn(as: nil),
            ])
        #expect(logins.map(\.keeper).prefix(3) == ["config.json", "docker-credential-good", "docker-credential-bad"])
        for secret in ["hush", "sesame", "tok\""] { #expect(!"\(logins)".contains(secret)) }
        let none = try credentials(nil)
        #expect(await none.logins().map(\.outcome) == [.notLoggedIn])
    }

    @Test func theFileKnowsHubAndOthers() async throws {
        // gantry:open sesame · a:b:c · with zeros behind it as old clients wrote
        let file = try credentials(
            #"""
            {"auths":{"https://index.docker.io/v1/":{"auth":"Z2FudHJ5Om9wZW4gc2VzYW1l"},
            "localhost:5000":{"auth":"YTpiOmMAAA=="},"https://old.example/v1/":{"auth":"YTpiOmM=","identitytoken":"tok"},
            "empty.example":{}},"HttpHeaders":{"User-Agent":"x"}}
            """#)
        let hub = try #require(try await file.auth(for: ImageReference("team/app:1")))
        #expect(hub.username == "gantry" && hub.password == "open sesame")
        #expect(hub.serveraddress == RegistryCredentials.dockerHub)
        #expect("\(hub)" == "credentials of gantry")
        #expect(try await file.auth(registry: "docker.io") == hub)
        let local = try #require(try await file.auth(for: ImageReference("localhost:5000/a")))
        #expect(local.username == "a" && local.password == "b:c")
        #expect(try await file.auth(registry: "old.example")?.identitytoken == "tok")
        #expect(try await file.auth(registry: "empty.example") == nil)
        #expect(try await file.auth(registry: "other.example") == nil)
        #expect(
            await file.all().keys.sorted() == [
                "https://index.docker.io/v1/", "https://old.example/v1/", "localhost:5000",
            ])
    }

    @Test func aHelperIsAskedForWhatItKeeps() async throws {
        let asked = Mutex<[String]>([])
        let file = try credentials(
            #"{"auths":{"a.example":{}},"credsStore":"pass","credHelpers":{"gcr.example":"gcloud","b.example":"x"}}"#
        ) { program, registry in
            asked.withLock { $0.append("\(program) \(registry)") }
            switch registry {
            case "gcr.example": return (0, #"{"ServerURL":"gcr.example","Username":"<token>","Secret":"t0k"}"#)
            case "a.example": return (0, #"{"ServerURL":"a.example","Username":"u","Secret":"s"}"#)
            case "b.example": return (1, "credentials not found in native keychain\n")
            case "c.example": return (2, "the keychain is locked\nmore\n")
            default: return (0, "what?")
            }
        }
        #expect(try await file.auth(registry: "gcr.example")?.identitytoken == "t0k")
        let kept = try #require(try await file.auth(registry: "a.example"))
        #expect(kept.username == "u" && kept.password == "s" && kept.identitytoken == nil)
        #expect(try await file.auth(registry: "b.example") == nil)
        await #expect(throws: EngineError.unreadable("docker-credential-pass: the keychain is locked")) {
            try await file.auth(registry: "c.example")
        }
        await #expect(throws: EngineError.unreadable("docker-credential-pass: its answer makes no sense")) {
            try await file.auth(registry: nil)
        }
        #expect(
            asked.withLock { $0 } == [
                "docker-credential-gcloud gcr.example", "docker-credential-pass a.example",
                "docker-credential-x b.example", "docker-credential-pass c.example",
                "docker-credential-pass \(RegistryCredentials.dockerHub)",
            ])
    }

    @Test func aHelperIsAProgramOfThatNameOnly() async throws {
        let file = try credentials(#"{"credsStore":"../../tmp/x"}"#) { _, _ in (0, "{}") }
        await #expect(throws: EngineError.unreadable("docker-credential-../../tmp/x: no name of a helper program")) {
            try await file.auth(registry: nil)
        }
    }

    /// A script as the helper program.
    private func ask(_ script: String, _ input: String = "r.example") async throws -> (status: Int32, output: String) {
        let path = "/tmp/gantry-helper-\(String(UInt64.random(in: 0 ... .max), radix: 36))"
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o700)
        try #require(descriptor >= 0)
        let text = "#!/bin/sh\n\(script)\n"
        _ = text.withCString { write(descriptor, $0, strlen($0)) }
        close(descriptor)
        defer { unlink(path) }
        return try await HelperProgram.ask(path, input)
    }

    @Test func aProgramIsAskedAndAnswers() async throws {
        let (status, output) = try await ask(#"read name; echo "$1 $name"; echo no >&2; exit 3"#)
        #expect(status == 3 && output == "get r.example\n")
        // One that does not read what it is asked.
        #expect(try await ask("exit 0").status == 0)
        #expect(try await ask("kill -9 $$").status == 137)
    }

    @Test func aProgramThatIsNotThereIsSaid() async throws {
        await #expect(throws: EngineError.unreadable("docker-credential-nowhere: No such file or directory")) {
            try await HelperProgram.ask("docker-credential-nowhere", "")
        }
    }
}
