import Foundation
import Testing

@testable import EngineAPI

@Suite(.timeLimit(.minutes(1))) struct ContainerChangeTests {
    private let container = ContainerID("abc")

    @Test func renameIsSentOnceWithItsName() async throws {
        try await FakeEngine.run { _ in
            .status("204 No Content")
        } _: { fake, engine in
            try await engine.rename(container, to: "a b")
            #expect(fake.requests.map(\.method) == ["POST"])
            #expect(fake.requests.map(\.uri) == ["/containers/abc/rename?name=a%20b"])
        }
    }

    @Test func anUpdateSendsOnlyWhatIsSaid() async throws {
        try await FakeEngine.run { request in
            .answer(request.body.isEmpty ? "" : #"{"Warnings":["no swap"]}"#)
        } _: { fake, engine in
            var update = ContainerUpdate()
            update.memory = 1 << 26
            update.restartPolicy = .init(name: "on-failure", maximumRetryCount: 3)
            #expect(try await engine.update(container, update) == ["no swap"])
            let request = try #require(fake.requests.first)
            #expect(request.method == "POST" && request.uri == "/containers/abc/update")
            let sent = try JSONSerialization.jsonObject(with: Data(request.body)) as? NSDictionary
            let expected: NSDictionary = [
                "Memory": 1 << 26, "RestartPolicy": ["Name": "on-failure", "MaximumRetryCount": 3] as NSDictionary,
            ]
            #expect(sent == expected)
        }
        try await FakeEngine.run { _ in
            .answer(#"{"Warnings":null}"#)
        } _: { fake, engine in
            let warnings = try await engine.update(container, ContainerUpdate())
            #expect(warnings.isEmpty)
            #expect(String(decoding: fake.requests[0].body, as: UTF8.self) == "{}")
        }
    }

    @Test func aCommitNamesItsImage() async throws {
        try await FakeEngine.run { _ in
            .status("201 Created", #"{"Id":"sha256:12"}"#)
        } _: { fake, engine in
            var options = CommitOptions()
            options.image = ImageReference("localhost:5000/team/app")
            options.message = "why & how"
            options.author = "me"
            options.pauses = false
            let named = try await engine.commit(container, options)
            let nameless = try await engine.commit(container)
            #expect(named == "sha256:12" && nameless == named)
            #expect(
                fake.requests.map(\.uri) == [
                    "/commit?container=abc&repo=localhost:5000%2Fteam%2Fapp&tag=latest&comment=why%20%26%20how"
                        + "&author=me&pause=0",
                    "/commit?container=abc&pause=1",
                ])
        }
    }

    @Test(arguments: [1, 3, 7, 1_000]) func changesAreKeptUpToALimitAndCountedBeyond(_ size: Int) async throws {
        let list = (0..<50).map { #"{"Path":"/a/\#($0) [x]","Kind":\#($0 % 3)}"# }.joined(separator: ",")
        let body = Array("[\(list)]\n".utf8)
        let parts = stride(from: 0, to: body.count, by: size).map {
            String(decoding: body[$0..<min(body.count, $0 + size)], as: UTF8.self)
        }
        try await FakeEngine.run { _ in
            .chunks(parts)
        } _: { fake, engine in
            let changes = try await engine.changes(of: container, limit: 20)
            #expect(changes.total == 50)
            #expect(changes.kept.count == 20)
            #expect(changes.kept.last == FileChange(.added, "/a/19 [x]"))
            #expect(fake.requests.map(\.uri) == ["/containers/abc/changes"])
        }
    }

    @Test(arguments: ["null", "null\n", "[]"]) func noChangesAreNone(_ body: String) async throws {
        try await FakeEngine.run { _ in
            .answer(body)
        } _: { _, engine in
            let changes = try await engine.changes(of: container)
            #expect(changes == FileChanges())
        }
    }

    @Test(arguments: [#"{"Path":"/a","Kind":1}"#, #"[{"Path":"/a","Kind":9}]"#, "[\"/a\"]", "{"])
    func whatIsNoListOfChangesIsSaid(_ body: String) async throws {
        try await FakeEngine.run { _ in
            .answer(body)
        } _: { _, engine in
            await #expect(throws: EngineError.self) { _ = try await engine.changes(of: container) }
        }
    }

    @Test func aWaitGivesTheCodeWhenItComes() async throws {
        try await FakeEngine.run { request in
            request.uri.hasSuffix("removed")
                ? .answer(#"{"Error":{"Message":"cannot tell"},"StatusCode":0}"#)
                : .slowly(
                    [
                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "1f\r\n{\"Error\":null,\"StatusCode\"",
                        ":137}\r\n", "0\r\n\r\n",
                    ].map {
                        Array($0.utf8)
                    }, pause: .milliseconds(5))
        } _: { fake, engine in
            let code = try await engine.wait(container, until: .nextExit)
            #expect(code == 137)
            #expect(fake.requests.map(\.uri) == ["/containers/abc/wait?condition=next-exit"])
            await #expect(throws: EngineError.failed("cannot tell", code: nil)) {
                _ = try await engine.wait(container, until: .removed)
            }
        }
    }

    @Test func aWaitThatBreaksOffIsNoEnd() async throws {
        try await FakeEngine.run { _ in
            .thenClose(Array("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".utf8))
        } _: { _, engine in
            await #expect(throws: EngineError.closed) { _ = try await engine.wait(container) }
        }
    }
}
