import Testing

extension Stories {
    /// The logs of several containers as one, and of several containers of one name as one.
    @Suite struct MergedLogs {
        private static let quiet = "while :; do sleep 1; done"

        @Test("The logs of marked containers are one, in the order of time, each line with its container's name")
        func marked() async throws {
            let session = Session()
            let api = try session.container("api", runs: Self.quiet)
            let database = try session.container("database", runs: Self.quiet)
            let other = try session.container("other", runs: "echo not me; while :; do sleep 1; done")
            // Written in turns before anybody looks, and more while somebody does.
            for number in 1...3 {
                try session.write("question \(number)", in: api)
                try session.write("answer \(number)", in: database)
            }
            try await session.open(.large)
            try await session.select(api)
            try await session.press("space")
            try await session.expect("a mark at \(api), and the next one selected") { screen in
                screen.containers.first { $0.name == api }?.isMarked == true
                    && screen.containers.first(where: \.isSelected)?.name == database
            }
            try await session.press("space", "m")
            try await session.expectFlash(containing: "one log of 2 containers")
            let before = (1...3).flatMap { ["\(api) question \($0)", "\(database) answer \($0)"] }
            try await session.expect("both logs as one") { $0.merged == before }
            try session.write("answer 4", in: database)
            try session.write("question 4", in: api)
            let after = before + ["\(database) answer 4", "\(api) question 4"]
            try await session.expect("what is written goes on below") { $0.merged == after }
            // The selection moves no log now.
            try await session.press("esc")
            try await session.select(other)
            try await session.expect("still both logs") { $0.merged == after }
            try await session.press("m")
            try await session.expect(line: "not me")
            // All that are listed, and none.
            try await session.press("*")
            try await session.expectFlash(containing: "3 marked")
            try await session.press("*")
            try await session.expectFlash(containing: "nothing is marked")
        }

        @Test(
            "A compose project is one log; a container of it that is started later joins in", arguments: Tmux.Size.both)
        func project(size: Tmux.Size) async throws {
            let session = Session()
            let shop = session.name("shop")
            let label = ["--label", "com.docker.compose.project=\(shop)"]
            let front = try session.container("front", runs: "echo front is up; \(Self.quiet)", label)
            let back = try session.container("back", runs: "echo back is up; \(Self.quiet)", label)
            try session.container("alone", runs: "echo not of it; \(Self.quiet)")
            try await session.open(size)
            try await session.select(front)
            try await session.press("m")
            try await session.expectFlash(containing: "one log of project \(shop)")
            try await session.expectScreen(contains: "project \(shop)")
            try await session.expect("the lines of both") {
                $0.merged == ["\(front) front is up", "\(back) back is up"]
            }
            let late = try session.container("late", runs: "echo late is up; \(Self.quiet)", label)
            try await session.expect("the one that joined") { screen in
                screen.merged == ["\(front) front is up", "\(back) back is up", "\(late) late is up"]
                    && screen.logEvents.contains("\(late) started")
            }
            try session.write("and later still", in: front)
            try await session.expect("it goes on for all") { $0.merged.last == "\(front) and later still" }
            // One that goes takes none of its lines along.
            try session.docker(["rm", "-f", late])
            try await session.expect("its end, and its lines") { screen in
                screen.logEvents.contains("\(late) removed") && screen.merged.contains("\(late) late is up")
            }
            // One that comes while others of it are gone: the label decides.
            let last = try session.container("last", runs: "echo last is up; \(Self.quiet)", label)
            try await session.expect("the last one") { $0.merged.last == "\(last) last is up" }
        }

        @Test("Where a container has several labels, one chooses which of them makes the log")
        func labels() async throws {
            let session = Session()
            let team = session.name("team")
            let one = try session.container(
                "one", runs: "echo 1 is up; \(Self.quiet)", ["-l", "team=\(team)", "-l", "a=b"])
            let two = try session.container("two", runs: "echo 2 is up; \(Self.quiet)", ["-l", "team=\(team)"])
            try await session.open()
            try await session.select(one)
            try await session.press("m")
            try await session.expectScreen(contains: "a=b")
            try await session.expectScreen(contains: "team=\(team)")
            try await session.expectScreen(contains: "2 containers")
            try await session.press("down", "enter")
            try await session.expect("the lines of both") { Set($0.merged) == ["\(one) 1 is up", "\(two) 2 is up"] }
        }

        @Test("Of many lines of several containers none is lost and all are in order")
        func inOrder() async throws {
            let session = Session()
            // A number for each tenth of a second, from both.
            let script = "i=0; while [ $i -lt 30 ]; do i=$((i+1)); date +%s.$i; sleep 0.1; done; \(Self.quiet)"
            let names = try ["a", "b", "c"].map { try session.container($0, runs: script) }
            try await session.open(.init(width: 120, height: 130))
            try await session.press("*", "m")
            try await session.expect("90 lines") { $0.merged.count == 90 }
            let lines = try session.screen().mergedLog
            for name in names {
                let own = lines.filter { $0.name == name }.compactMap { $0.text.split(separator: ".").last }
                #expect(own == (1...30).map { "\($0)" })
            }
            let seconds = lines.compactMap { $0.text.split(separator: ".").first.flatMap { Int($0) } }
            #expect(seconds.count == 90)
            // `date` is asked a moment before the Engine stamps the line.
            #expect(zip(seconds, seconds.dropFirst()).allSatisfy { $0 <= $1 + 1 })
        }

        @Test("A log that cannot be read does not keep the others from being shown")
        func oneIsUnreadable() async throws {
            let session = Session()
            let mute = try session.container("a-mute", runs: "echo unheard; \(Self.quiet)", ["--log-driver", "none"])
            let loud = try session.container("loud", runs: "echo heard; \(Self.quiet)")
            try await session.open()
            try await session.select(mute)
            try await session.press("space", "space", "m")
            try await session.expect("the one that can be read") { $0.merged == ["\(loud) heard"] }
            try session.write("heard again", in: loud)
            try await session.expect("it follows") { $0.merged == ["\(loud) heard", "\(loud) heard again"] }
        }

        @Test("A container that is made anew and writes thousands of lines at once: none is missing")
        func madeAnewAndLoud() async throws {
            let session = Session()
            let web = try session.container("web", runs: "seq 1 5; \(Self.quiet)")
            try await session.open(.large)
            try await session.select(web)
            try await session.press("enter")
            try await session.expect(line: "5")
            try session.docker(["rm", "-f", web])
            try session.container("web", runs: "seq 6 4000; \(Self.quiet)")
            try await session.expect(line: "4000")
            try await session.scrollToStart()
            let file = session.file("both")
            try await session.save(to: file)
            try await session.expectFlash(containing: "lines saved to")
            #expect(try file.lines() == (1...4_000).map { "\($0)" })
        }

        @Test(
            "A container that is made anew under its name goes on in the same log, and a line says so",
            arguments: [false, true], [false, true])
        func madeAnew(merged: Bool, focused: Bool) async throws {
            let session = Session()
            let web = try session.container("web", runs: "echo first life; \(Self.quiet)")
            let other = try session.container("other", runs: "echo other life; \(Self.quiet)")
            func texts(_ screen: Screen) -> [String] {
                merged ? screen.mergedLog.filter { $0.name == web }.map(\.text) : screen.logTexts
            }
            func events(_ screen: Screen) -> [String] {
                let name = merged ? web + " " : ""
                return screen.logEvents.filter { $0.hasPrefix(name) }.map { String($0.dropFirst(name.count)) }
            }
            try await session.open()
            if merged {
                try await session.press("*", "m")
                try await session.expect("both logs") {
                    Set($0.merged) == ["\(web) first life", "\(other) other life"]
                }
            } else {
                try await session.select(web)
                try await session.press("enter")
            }
            if !focused { try await session.press("esc") }
            if !merged || !focused { try await session.select(web) }
            try await session.expect("its first life") { texts($0) == ["first life"] }

            try session.docker(["rm", "-f", web])
            try await session.expectNoRow(web)
            if !merged, focused {
                try await session.expectScreen(saying: "\(web) was removed; one of its name would go on here")
            } else if !merged {
                try await session.expect("the neighbour's log") { texts($0) == ["other life"] }
            }
            try session.container("web", runs: "echo second life; \(Self.quiet)")
            try await session.expect("both lives") { texts($0) == ["first life", "second life"] }
            try await session.expect("the line that says so") { screen in
                events(screen).contains { $0.hasPrefix("made anew: another container of this name goes on here") }
            }
            // What happened stands between what was written, in its order.
            let happened = try events(session.screen()).filter { !$0.hasPrefix("made anew") && !$0.hasPrefix("SIG") }
            let all = ["started", "exited (137: SIGKILL)", "removed", "started"]
            #expect(happened == all)
            let log = try session.screen().log
            let ends = try #require(log.firstIndex { $0.contains("removed") })
            let begins = try #require(log.firstIndex { $0.contains("made anew") })
            #expect(try #require(log.firstIndex { $0.hasSuffix("first life") }) < ends)
            #expect(ends < begins)
            #expect(begins < (try #require(log.firstIndex { $0.hasSuffix("second life") })))
            // It is the one that is selected, and its log is followed.
            if !merged { try await session.expect(selected: web) }
            try session.write("and it lives", in: web)
            try await session.expect("it goes on") { texts($0).last == "and it lives" }
        }
    }
}

extension Screen {
    /// The rows of a merged log as `name text`.
    fileprivate var merged: [String] { mergedLog.map { "\($0.name) \($0.text)" } }

    /// What containers wrote.
    fileprivate var logTexts: [String] { log.filter { !$0.isEmpty && !$0.hasPrefix("──") } }
}
