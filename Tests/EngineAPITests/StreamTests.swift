import NIOCore
import Testing

@testable import EngineAPI

private let container = ContainerID("abc")
private let event =
    #"{"Type":"container","Action":"die","Actor":{"ID":"abc","Attributes":{"a":"}\"{"}},"time":5,"timeNano":5000000001}"#

@Suite(.timeLimit(.minutes(1)))
struct Streams {
    @Test func eventsComeInBatches() async throws {
        try await FakeEngine.run { _ in
            .chunks(["\(event)\n\(event)\n", "\u{1E}" + event + event])
        } _: { fake, engine in
            let events = try await within {
                var events: [EngineEvent] = []
                for try await batch in try await engine.events() { events += batch }
                return events
            }
            #expect(events.count == 4)
            #expect(events[0].attributes == ["a": "}\"{"])
            #expect(events[0].timeNano == 5_000_000_001)
            #expect(await eventually { fake.openConnections == 0 })
        }
    }

    /// What was missed is asked for from behind the last that is known, to the nanosecond.
    @Test func whatWasMissedAndWhatIsRememberedAreAskedFor() async throws {
        try await FakeEngine.run { request in
            .chunks(request.uri.contains("until") ? [event, event] : [event])
        } _: { fake, engine in
            _ = try await within { try await engine.events(after: nil) }
            let missed = try await within {
                var events: [EngineEvent] = []
                for try await batch in try await engine.events(after: LogTime(nanoseconds: 5_000_000_999)) {
                    events += batch
                }
                return events
            }
            #expect(missed.map(\.timeNano) == [5_000_000_001])
            let until = LogTime(nanoseconds: 7_000_000_001)
            let remembered = try await within { try await engine.rememberedEvents(until: until) }
            #expect(remembered.count == 2)
            let asked = fake.requests.map(\.uri).filter { $0.contains("/events") }
            #expect(asked.count == 3 && !asked[0].contains("since"))
            #expect(asked[1].hasSuffix("/events?since=5.000001000"))
            #expect(asked[2].hasSuffix("/events?since=1&until=7.000000001"))
        }
    }

    @Test func aMemoryThatIsNoneOrNonsenseIsAnError() async throws {
        for (reply, isMalformed) in [
            (FakeEngine.Reply.answer("nonsense"), true),
            (.bytes(Array("HTTP/1.1 500 Oh\r\nContent-Length: 15\r\n\r\n{\"message\":\"x\"}".utf8)), false),
        ] {
            try await FakeEngine.run { _ in
                reply
            } _: { _, engine in
                let error = await #expect(throws: EngineError.self) {
                    try await within { try await engine.rememberedEvents(until: LogTime(nanoseconds: 1)) }
                }
                switch error {
                case .malformed?: #expect(isMalformed)
                case .server(500, _)?: #expect(!isMalformed)
                default: Issue.record("\(error.map { "\($0)" } ?? "none")")
                }
            }
        }
    }

    @Test func aStreamThatBreaksGivesWhatItHadThenFails() async throws {
        let head = Array("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".utf8)
        let chunk = Array("\(String(event.utf8.count, radix: 16))\r\n\(event)\r\n".utf8)
        try await FakeEngine.run { _ in
            .thenClose(head + chunk)
        } _: { _, engine in
            let stream = try await engine.events()
            let reader = Task {
                var count = 0
                do { for try await batch in stream { count += batch.count } } catch {
                    return (count, error as? EngineError)
                }
                return (count, nil)
            }
            let (count, error) = try await within { await reader.value }
            #expect(count == 1)
            #expect(error == .closed)
        }
    }

    @Test func whatIsNoJSONIsMalformed() async throws {
        for text in ["nonsense", "{]", "}", #""text""#, #"{"a":nonsense}"#] {
            try await FakeEngine.run { _ in
                .answer(text)
            } _: { _, engine in
                let error = await #expect(throws: EngineError.self) {
                    try await within { for try await _ in try await engine.events() {} }
                }
                // An object that is not closed is no event, and no reason to complain.
                guard case .malformed? = error else {
                    Issue.record("\(text)")
                    return
                }
            }
        }
    }

    @Test func errorsOfStreams() async throws {
        try await FakeEngine.run { _ in
            .status("404 Not Found", #"{"message":"No such container: abc"}"#)
        } _: {
            fake, engine in
            await #expect(throws: EngineError.notFound("No such container: abc")) {
                try await within { try await engine.stats(container) }
            }
            #expect(engine.pool.load == (0, 0, 0, 0, 0))
        }
    }

    @Test func aSlowReaderHoldsTheEngineBack() async throws {
        let message = Array("2026-11-24T12:00:00.000000001Z a line of a log\n".utf8)
        let frame: [UInt8] = [1, 0, 0, 0, 0, 0, 0, UInt8(message.count)] + message
        let block = [UInt8](repeatElement(frame, count: 1000).joined())
        try await FakeEngine.run { _ in
            .endless(FakeEngine.Reply.streamHead, block: block)
        } _: { fake, engine in
            let stream = try await engine.logs(container, tty: false, follow: true)
            var iterator = stream.makeAsyncIterator()
            // Nobody reads: what is written fills the socket and no more.
            var before = -1
            while fake.written != before {
                before = fake.written
                try await Task.sleep(for: .milliseconds(100))
            }
            #expect(before < 4 << 20)
            // A reader gets all of it, in order, and the Engine writes on.
            var lines = 0
            while lines < 100_000 { lines += try await iterator.next()?.lines.count ?? 100_000 }
            #expect(await eventually { fake.written > before })
            #expect(fake.written < before + 100_000 * (message.count + 8) + 8 << 20)
            stream.close()
            #expect(await eventually { fake.openConnections == 0 })
        }
    }

    @Test func endingAnIterationClosesTheConnection() async throws {
        let script: @Sendable (FakeEngine.Request) -> FakeEngine.Reply = { _ in
            .slowly(
                [FakeEngine.Reply.streamHead] + Array(repeating: Array(event.utf8), count: 1000),
                pause: .milliseconds(2))
        }
        try await FakeEngine.run(script) { fake, engine in
            let stream = try await engine.events()
            for try await _ in stream { break }
            #expect(await eventually { fake.openConnections == 0 })
            #expect(engine.pool.load.streams == 0)
            // A second iteration finds nothing, and says so.
            await #expect(throws: EngineError.closed) { for try await _ in stream {} }
        }
        // One that nobody ever iterates over.
        try await FakeEngine.run(script) { fake, engine in
            do { _ = try await engine.events() }
            #expect(await eventually { fake.openConnections == 0 && engine.pool.load.streams == 0 })
        }
    }

    @Test func cancellationEndsAnIteration() async throws {
        try await FakeEngine.run { _ in
            .bytes(FakeEngine.Reply.streamHead)
        } _: { fake, engine in
            let stream = try await engine.events()
            let reader = Task { for try await _ in stream {} }
            try await Task.sleep(for: .milliseconds(20))
            reader.cancel()
            await #expect(throws: EngineError.cancelled) { try await within { try await reader.value } }
            #expect(await eventually { fake.openConnections == 0 && engine.pool.load.streams == 0 })
        }
    }

    @Test func streamsAreBounded() async throws {
        var options = EngineOptions()
        options.maxStreams = 2
        try await FakeEngine.run(options: options) { _ in
            .bytes(FakeEngine.Reply.streamHead)
        } _: { fake, engine in
            let first = try await engine.events()
            let second = try await engine.events()
            let third = Task { try await engine.events() }
            let fourth = Task { try await engine.events() }
            #expect(await eventually { engine.pool.load.waitingStreams == 2 })
            #expect(fake.connections == 2)
            third.cancel()
            await #expect(throws: EngineError.cancelled) { try await within { try await third.value } }
            first.close()
            _ = try await within { try await fourth.value }
            second.close()
        }
    }

    @Test func ofSeveralSamplesTheNewestCounts() throws {
        var decoder = StatsDecoder()
        let text = (1...3).map { #"{"read":"2026-11-24T12:00:00Z","cpu_stats":{"cpu_usage":{"total_usage":\#($0)}}}"# }
        let sample = try Array((text.joined(separator: "\n") + "{").utf8).withUnsafeBytes { try decoder.decode($0) }
        #expect(sample?.cpuTotal == 3)
    }

    @Test func objectsInAllSplits() throws {
        let objects = [event, "{}", #"{"a":[1,{"b":"\\"}],"c":"\\\""}"#, "[{}]"]
        for separator in ["\n", "", "\r\n", " \u{1E}"] {
            let bytes = Array(objects.joined(separator: separator).utf8)
            for size in 1...bytes.count {
                var splitter = JSONSplitter()
                var found: [String] = []
                var position = 0
                while position < bytes.count {
                    let end = min(position + size, bytes.count)
                    try bytes[position..<end].withUnsafeBytes { part in
                        try splitter.split(part) { found.append(String(decoding: $0, as: UTF8.self)) }
                    }
                    position = end
                }
                #expect(found == objects)
            }
        }
        for list in ["[" + objects.joined(separator: ", ") + "]", "null", "[]\n"] {
            let bytes = Array(list.utf8)
            for size in 1...bytes.count {
                var splitter = JSONSplitter(isList: true)
                var found: [String] = []
                for position in stride(from: 0, to: bytes.count, by: size) {
                    try bytes[position..<min(position + size, bytes.count)].withUnsafeBytes { part in
                        try splitter.split(part) { found.append(String(decoding: $0, as: UTF8.self)) }
                    }
                }
                #expect(found == (list.hasPrefix("[{") ? objects : []))
            }
        }
        var splitter = JSONSplitter()
        splitter.limit = 1000
        #expect(throws: EngineError.self) {
            for _ in 0..<100 {
                try Array("{\"aaaaaaaaaaaaaaaaaaa\":".utf8).withUnsafeBytes { try splitter.split($0) { _ in } }
            }
        }
    }
}
