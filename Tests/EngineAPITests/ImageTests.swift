import FoundationEssentials
import Testing

@testable import EngineAPI

@Suite struct ImageReferences {
    @Test func namesAreTakenApartAsTheDockerClientDoes() {
        func parts(_ text: String) -> [String?] {
            let name = ImageReference(text)
            #expect(name.description == text)
            return [name.registry, name.repository, name.tag, name.digest]
        }
        #expect(parts("alpine") == [nil, "alpine", nil, nil])
        #expect(parts("alpine:3.20") == [nil, "alpine", "3.20", nil])
        #expect(parts("library/alpine") == [nil, "library/alpine", nil, nil])
        #expect(parts("localhost/a") == ["localhost", "a", nil, nil])
        #expect(parts("localhost:5000/team/app") == ["localhost:5000", "team/app", nil, nil])
        #expect(parts("ghcr.io/team/app:1@sha256:ab") == ["ghcr.io", "team/app", "1", "sha256:ab"])
        #expect(parts("[::1]:5000/a:1") == ["[::1]:5000", "a", "1", nil])
    }

    @Test func aPullWithoutTagIsNotOneOfAllTags() {
        #expect(ImageReference("a").wanted == "latest")
        #expect(ImageReference("a:1").wanted == "1")
        #expect(ImageReference("a:1@sha256:ab").wanted == "sha256:ab")
    }
}

@Suite(.timeLimit(.minutes(1)))
struct ImageRequests {
    /// What a call sends.
    private func request(
        _ answer: String = "{}", _ call: (Engine) async throws -> Void
    ) async throws -> FakeEngine.Request {
        var sent: FakeEngine.Request?
        try await FakeEngine.run { _ in
            .answer(answer)
        } _: { fake, engine in
            try await call(engine)
            sent = fake.requests.first
        }
        return try #require(sent)
    }

    private func decoded(_ header: String?) throws -> String {
        let text = try #require(header).replacing("-", with: "+").replacing("_", with: "/")
        return String(decoding: try #require(Data(base64Encoded: text)), as: UTF8.self)
    }

    @Test func aPullNamesTheTagAndTheCredentials() async throws {
        let auth = RegistryAuth(username: "ü?>", password: "ÿ~~>?")
        let sent = try await request {
            try await $0.pull(ImageReference("localhost:5000/team/app:1"), auth: auth).outcome()
        }
        #expect(sent.method == "POST")
        #expect(sent.uri == "/images/create?fromImage=localhost:5000%2Fteam%2Fapp&tag=1")
        #expect(sent["content-length"] == "0")
        let header = try #require(sent["x-registry-auth"])
        #expect(!header.contains("+") && !header.contains("/"))
        let again = try JSONDecoder().decode(RegistryAuth.self, from: Data(try decoded(header).utf8))
        #expect(again == auth)
    }

    @Test func aPushSendsCredentialsThoughThereAreNone() async throws {
        let sent = try await request { try await $0.push(ImageReference("localhost:5000/team/app")).outcome() }
        #expect(sent.uri == "/images/localhost:5000/team/app/push?tag=latest")
        #expect(try decoded(sent["x-registry-auth"]).hasPrefix("{"))
    }

    @Test func theOtherRequests() async throws {
        let tagged = try await request { try await $0.tag("a/b:1", as: ImageReference("c.d/e:2")) }
        #expect(tagged.uri == "/images/a/b:1/tag?repo=c.d%2Fe&tag=2")
        let removed = try await request("[]") { _ = try await $0.removeImage("a/b:1", force: true, keepsParents: true) }
        #expect(removed.method == "DELETE" && removed.uri == "/images/a/b:1?force=1&noprune=1")
        let saved = try await request { for try await _ in try await $0.save(["a/b:1", "sha256:c"]) {} }
        #expect(saved.uri == "/images/get?names=a%2Fb:1&names=sha256:c")
        let searched = try await request("[]") {
            _ = try await $0.searchImages("kettle", auth: RegistryAuth(username: "a", password: "b"))
        }
        #expect(searched.uri == "/images/search?term=kettle&limit=25")
        #expect(try decoded(searched["x-registry-auth"]).contains(#""username":"a""#))
        let exported = try await request { for try await _ in try await $0.export(ContainerID("abc")) {} }
        #expect(exported.uri == "/containers/abc/export")
    }

    @Test func aBuildSaysAllThatWasChosen() async throws {
        var options = BuildOptions()
        options.dockerfile = "docker/Prod"
        options.tags = ["a:1", "b:2"]
        options.target = "final"
        options.arguments = ["V": "1 2"]
        options.labels = ["x": "y"]
        options.noCache = true
        options.pulls = true
        options.network = "none"
        let auths = ["r.example": RegistryAuth(username: "a", password: "b")]
        let empty = Upload(AsyncStream<[UInt8]> { $0.finish() })
        let sent = try await request { [options] in try await $0.build(empty, options, auths: auths).outcome() }
        #expect(
            sent.uri == "/build?rm=1&forcerm=1&dockerfile=docker%2FProd&t=a:1&t=b:2&target=final"
                + "&buildargs=%7B%22V%22:%221%202%22%7D&labels=%7B%22x%22:%22y%22%7D&nocache=1&pull=1&networkmode=none")
        #expect(try decoded(sent["x-registry-config"]).contains(#""r.example""#))
        #expect(sent["x-registry-auth"] == nil)
    }

    @Test func whatWasRemovedAndWhatAnImageIsMadeOf() async throws {
        let removal = try Engine.decode(
            ImageRemoval.self,
            from: Array(#"[{"Untagged":"a:1"},{"Untagged":"a@sha256:b"},{"Deleted":"sha256:c"}]"#.utf8))
        #expect(removal.untagged == ["a:1", "a@sha256:b"] && removal.deleted == ["sha256:c"])
        let layers = try Engine.decode(
            [ImageLayer].self,
            from: Array(
                #"""
                [{"Id":"sha256:3db9","Created":1398108230,"CreatedBy":"/bin/sh -c #(nop) ADD","Tags":["u:l","u:1"],
                "Size":182964289,"Comment":""},{"Id":"<missing>","Created":0,"CreatedBy":"","Tags":null,"Size":0}]
                """#.utf8))
        #expect(layers.map(\.id) == ["sha256:3db9", nil])
        #expect(layers[0].tags == ["u:l", "u:1"] && layers[0].size == 182_964_289)
        #expect(layers[1].tags.isEmpty)
    }
}

@Suite struct Progress {
    /// All messages, whatever is thrown at the end.
    private func decode(_ json: String, cut: (Int) -> Int) -> (messages: [ProgressMessage], error: EngineError?) {
        var decoder = ProgressDecoder()
        var messages: [ProgressMessage] = []
        let bytes = Array(json.utf8)
        do {
            var start = 0
            while start < bytes.count {
                let end = min(bytes.count, start + max(1, cut(bytes.count - start)))
                messages += try bytes[start..<end].withUnsafeBytes { try decoder.decode($0) } ?? []
                start = end
            }
            messages += try decoder.finish() ?? []
        } catch {
            return (messages, error as? EngineError)
        }
        return (messages, nil)
    }

    private let pull = #"""
        {"status":"Pulling from team/app","id":"1"}
        {"status":"Downloading","progressDetail":{"current":100,"total":5000},"progress":"[> ] 100B/5kB","id":"ab12"}
        {"status":"Extracting","progressDetail":{"current":7,"total":-1},"id":"ab12"}
        {"status":"Pull complete","progressDetail":{},"id":"ab12"}
        {"progressDetail":{},"aux":{"Tag":"1","Digest":"sha256:cd","Size":528}}
        """#

    @Test func aPullTellsOfItsLayersHoweverTheBytesAreCut() {
        let whole = decode(pull) { $0 }
        #expect(whole.error == nil)
        #expect(whole.messages.map(\.layer) == ["1", "ab12", "ab12", "ab12", nil])
        #expect(whole.messages[1].amount == .init(current: 100, total: 5000))
        #expect(whole.messages[2].amount == .init(current: 7, total: nil))
        #expect(whole.messages[3].amount == nil && whole.messages[3].status == "Pull complete")
        #expect(whole.messages[4].outcome?.digest == "sha256:cd" && whole.messages[4].outcome?.size == 528)
        var random = Seeded(3)
        for _ in 0..<200 {
            let parts = decode(pull) { Int.random(in: 1...$0, using: &random) }
            #expect(parts.messages == whole.messages && parts.error == nil)
        }
    }

    @Test func anErrorComesAfterWhatWasSaidBefore() {
        let build = #"""
            {"stream":"Step 2/3 : RUN make test"}
            {"stream":"\n"}
            {"stream":"2 tests failed\n"}
            {"errorDetail":{"code":2,"message":"The command '/bin/sh -c make test' returned a non-zero code: 2"},"error":"The"}
            """#
        for size in [1, 7, 10_000] {
            let (messages, error) = decode(build) { min($0, size) }
            #expect(messages.map(\.output).joined() == "Step 2/3 : RUN make test\n2 tests failed\n")
            #expect(error == .failed("The command '/bin/sh -c make test' returned a non-zero code: 2", code: 2))
        }
    }

    @Test func stepsAreKnownByTheirFirstLine() throws {
        var message = ProgressMessage()
        message.output = "Step 12/30 : COPY a : /b\n"
        let step = try #require(message.step)
        #expect(step.number == 12 && step.of == 30 && step.instruction == "COPY a : /b")
        for output in ["Step by step : go\n", "Step /3 : x", "Step 1/ : x", " ---> 5", "Step 1 : x/2 : y"] {
            message.output = output
            #expect(message.step == nil, "\(output)")
        }
    }

    @Test func auxOfOthersIsNoOutcome() {
        let (messages, error) = decode(#"{"id":"moby.buildkit.trace","aux":"CgJh"}{"aux":{"ID":"sha256:9"}}"#) { $0 }
        #expect(error == nil)
        #expect(messages.map { $0.outcome?.id } == [nil, "sha256:9"])
    }
}
