import EngineAPI
import Testing

@testable import Dashboard

/// Rename, update, commit, wait, diff, signals: what is asked for, and what is said before anything is sent.
@Suite struct ContainerJobTests {
    private func job<Kind: Job>(_ effects: [Effect], _ kind: Kind.Type = Kind.self) -> (Int, Kind)? {
        for case .startJob(_, let number, let job) in effects { if let job = job as? Kind { return (number, job) } }
        return nil
    }

    @Test func aNameIsCheckedWhileItIsTyped() throws {
        var bench = Bench.connected([.make("api"), .make("web")])
        bench.press("N")
        #expect(bench.screen.contains("docker rename api api"))
        bench.press("backspace", "backspace", "backspace", "w", "e", "b")
        #expect(bench.screen.contains("taken by web (shop/api:2.4, Up 3 hours)"))
        #expect(bench.press("enter").isEmpty)
        bench.press("/")
        #expect(bench.screen.contains("only letters, digits and _"))
        bench.press("backspace", "2")
        let (_, rename) = try #require(job(bench.press("enter"), RenameJob.self))
        #expect(rename.container == .named("api") && rename.newName == "web2")
        #expect(bench.state.journal.entries.last?.docker == "docker rename api web2")
        // One that has been renamed meanwhile is still the one that was meant; one that is gone is not.
        bench.press("N")
        bench.events(("destroy", "api"))
        bench.press("x")
        #expect(bench.press("enter").isEmpty)
        #expect(bench.flash.contains("is gone"))
    }

    private func details(_ change: (inout ContainerDetails) -> Void) -> Bench {
        var bench = Bench.connected([.make("web")])
        bench.engine(.details([.of(.make("web"), change)], missing: []))
        return bench
    }

    @Test func onlyWhatWasChangedIsSent() throws {
        var bench = details {
            $0.memoryLimit = 64 << 20
            $0.memorySwap = 128 << 20
            $0.nanoCPUs = 500_000_000
            $0.restartPolicy.name = "on-failure"
            $0.restartPolicy.maximumRetryCount = 3
        }
        bench.press("u")
        #expect(bench.screen.contains("Update web"))
        for value in ["64m", "0.5", "on-failure", "3"] { #expect(bench.screen.contains(value)) }
        #expect(bench.press("ctrl-r").isEmpty)
        #expect(bench.flash.contains("nothing was changed"))
        bench.press("ctrl-u", "9", "6", "m")
        #expect(bench.screen.contains("docker update --memory 96m --memory-swap 192m web"))
        let (number, update) = try #require(job(bench.press("ctrl-r"), UpdateContainerJob.self))
        #expect(update.update.memory == 96 << 20 && update.update.memorySwap == 192 << 20)
        #expect(update.update.nanoCPUs == nil && update.update.restartPolicy == nil)
        // The Engine's refusal stands in the form, with what was typed.
        bench.engine(.jobEnded(number, .failure(JobFailure(EngineError.badRequest("no swap here")))))
        #expect(bench.screen.contains("no swap here") && bench.screen.contains("96m"))
        let (again, _) = try #require(job(bench.press("ctrl-r"), UpdateContainerJob.self))
        bench.engine(.jobEnded(again, .success(JobOutcome())))
        #expect(bench.state.layers.isEmpty)
        #expect(bench.flash.hasPrefix("updated web in "))
    }

    @Test func theRestartPolicyIsSentAsAWhole() throws {
        var bench = details { $0.restartPolicy.name = "no" }
        bench.press("u", "tab", "tab", "right")
        #expect(bench.screen.contains("docker update --restart always web"))
        bench.press("right", "right", "tab", "5")
        #expect(bench.screen.contains("docker update --restart on-failure:5 web"))
        let (_, update) = try #require(job(bench.press("ctrl-r"), UpdateContainerJob.self))
        #expect(update.update.restartPolicy == .init(name: "on-failure", maximumRetryCount: 5))
    }

    @Test(
        arguments: [
            (["ctrl-u"], "a limit cannot be taken away"), (["ctrl-u", "5", "m"], "the Engine wants 6m at least"),
            (["x"], "is no size"), (["tab", "9"], "the Engine's host has 8"), (["tab", "-"], "is no number"),
            (["tab", "tab", "tab", "5"], "for on-failure only"),
            (["tab", "tab", "right"], "(--rm) cannot be restarted"),
        ]) func whatCannotBeIsSaidAtTheField(_ keys: [String], _ words: String)
    {
        var bench = details {
            $0.memoryLimit = 64 << 20
            $0.autoRemove = true
        }
        bench.press("u")
        for key in keys { bench.press(key) }
        #expect(bench.screen.contains(words))
        #expect(bench.press("ctrl-r").isEmpty)
        #expect(bench.flash.contains(words))
        #expect(bench.state.form != nil)
    }

    @Test func aCommitIsAForm() throws {
        var bench = Bench.connected([.make("web")])
        var image = ImageSummary(id: "sha256:0123456789abcdef")
        image.tags = ["shop/web:2"]
        bench.engine(.images([image]))
        bench.press("I")
        bench.state.handlePaste("Shop/web")
        #expect(bench.screen.contains("only small letters"))
        #expect(bench.press("ctrl-r").isEmpty)
        bench.press("ctrl-u")
        bench.state.handlePaste("shop/web:2")
        #expect(bench.screen.contains("it is 0123456789ab now, which loses the name"))
        bench.press("tab")
        bench.state.handlePaste("why & how")
        bench.press("tab", "m", "e", "tab", "space")
        #expect(bench.screen.contains("docker commit -m 'why & how' -a me --pause=false web shop/web:2"))
        let (number, commit) = try #require(job(bench.press("ctrl-r"), CommitJob.self))
        #expect(commit.container == .named("web") && !commit.options.pauses && commit.options.author == "me")
        bench.engine(.jobEnded(number, .success(JobOutcome(summary: "committed web as shop/web:2 (12)"))))
        #expect(bench.engine(.refreshDue, after: 1).labels(bench).contains("list images"))
        #expect(bench.state.layers.isEmpty)
    }

    @Test func aWaitIsAJobThatIsCancelled() throws {
        var bench = Bench.connected([.make("web"), .make("zed", .exited, "Exited (0)")])
        let (number, wait) = try #require(job(bench.press("w"), WaitJob.self))
        #expect(wait.docker == "docker wait web")
        #expect(bench.state.layers.isEmpty)
        bench.press("W")
        #expect(bench.screen.contains("wait for web"))
        let effects = bench.press("c")
        guard case .cancelJob(number)? = effects.first else {
            Issue.record("\(effects)")
            return
        }
        bench.engine(.jobEnded(number, .failure(.cancelled)))
        #expect(bench.flash == "wait for web: cancelled")
        bench.press("esc", "j")
        #expect(bench.press("w").isEmpty)
        #expect(bench.flash.contains("zed is not running"))
    }

    @Test func aProcessIsSelectedByItsNumberAndGetsASignalAfterAQuestion() throws {
        var bench = Bench.connected([.make("web")])
        bench.press("t")
        func list(_ pids: [Int]) -> EngineEventKind {
            let rows = pids.map { ["root", "\($0)", "1", "worker \($0)"] }
            return .processes(
                .named("web"), .success(ProcessList(titles: ["UID", "PID", "PPID", "CMD"], processes: rows)))
        }
        bench.engine(list([10, 20, 30]))
        bench.press("j")
        #expect(bench.lines.contains { $0.contains("▌root") && $0.contains("worker 20") })
        // The list changes: the selection stays on its process, then goes to the neighbour of one that has ended.
        bench.engine(list([5, 10, 20, 30]))
        #expect(bench.state.selectedProcess?.pid == 20)
        bench.engine(list([5, 10, 30]))
        #expect(bench.state.selectedProcess?.pid == 30)
        bench.press("K")
        #expect(bench.screen.contains("Send a signal to 30 in web?"))
        #expect(bench.screen.contains("worker 30"))
        #expect(bench.screen.contains("docker exec -u 0 web kill -TERM PID"))
        bench.engine(list([5, 10]))
        bench.press("left")
        let (_, signal) = try #require(job(bench.press("y"), SignalProcessJob.self))
        #expect(signal.pid == 30 && signal.signal == .kill)
        // What ps shows is chosen, or typed.
        bench.press("o", "down", "enter")
        #expect(
            bench.state.subscriptions.contains(
                .top(
                    bench.id, .named("web"), arguments: "-eo pid,ppid,user,stat,pcpu,pmem,rss,etime,args", every: 2)))
        bench.press("o", "up", "up", "enter", "ctrl-u")
        bench.state.handlePaste("-eo pid,comm")
        bench.press("enter")
        #expect(bench.state.psArguments == "-eo pid,comm")
    }

    @Test func changesAreATabWithMarksAndCanBeLookedThrough() {
        var changes = FileChanges()
        changes.kept = [
            FileChange(.deleted, "/tmp/old"), FileChange(.changed, "/etc"), FileChange(.added, "/etc/made\u{1B}[31m"),
        ]
        changes.total = 5
        var bench = Bench.connected([.make("web")])
        bench.press("=")
        #expect(
            bench.state.subscriptions.contains {
                if case .inspect(_, _, _, .changes) = $0 { true } else { false }
            })
        bench.engine(
            .inspected(.container(.named("web")), .success(ChangesDetail.lines(of: changes)), tab: .changes))
        let body = bench.state.layout.body
        let shown = bench.lines[body.y..<body.y + 5].map { String($0.dropFirst(body.x)) }
        #expect(shown[0] == "1 added  1 changed  1 deleted")
        #expect(shown[1] == "C /etc")
        #expect(shown[2].hasPrefix("A /etc/made"))
        #expect(shown[3] == "D /tmp/old")
        #expect(shown[4] == "… and 2 more")
        #expect(bench.frame.forbiddenScalars().isEmpty)
        bench.press("/", "E", "T", "C")
        #expect(bench.screen.contains("it is not in here"))
        bench.press("ctrl-u", "e", "t", "c", "enter")
        #expect(bench.screen.contains("hit 1 of 2"))
        bench.press("n")
        #expect(bench.screen.contains("hit 2 of 2"))
        bench.press("n", "N")
        #expect(bench.screen.contains("hit 2 of 2"))
        #expect(ChangesDetail.lines(of: FileChanges()).count == 1)
    }

    @Test func aLongTextIsScrolledToTheHit() {
        var changes = FileChanges()
        changes.kept = (0..<500).map { FileChange(.added, "/file-\(1_000 + $0)") }
        changes.total = 500
        var bench = Bench.connected([.make("web")])
        bench.press("=")
        bench.engine(
            .inspected(.container(.named("web")), .success(ChangesDetail.lines(of: changes)), tab: .changes))
        bench.press("/")
        bench.state.handlePaste("-1400")
        bench.press("enter")
        #expect(bench.screen.contains("A /file-1400"))
        // Another resource has nothing to be found.
        bench.press("i", "=")
        #expect(bench.state.engine.inspected?.find == nil)
    }

    @Test func addressesAreCopiedAndOpened() {
        var bench = Bench.connected([.make("web"), .make("zed", .exited, "Exited (0)")])
        bench.press("y")
        #expect(bench.screen.contains("localhost:8080") && bench.screen.contains("→ 80/tcp"))
        #expect(bench.press("enter").labels(bench) == ["copy localhost:8080"])
        #expect(bench.flash == "copied localhost:8080")
        bench.press("y", "down")
        #expect(bench.press("enter").labels(bench) == ["copy web"])
        #expect(bench.press("B").labels(bench) == ["open http://localhost:8080"])
        bench.press("j")
        #expect(bench.press("B").isEmpty)
        #expect(bench.flash.contains("zed is not running"))
    }

    @Test func secretsOfInspectAreShownByAKeyUntilAnotherIsInspected() {
        var bench = Bench.connected([.make("api"), .make("web")])
        bench.press("i")
        func inspect(_ name: String) {
            let json = Array(#"{"Env":["API_KEY=hunter2","A=b"]}"#.utf8)
            bench.engine(.inspected(.container(.named(name)), .success(InspectLine.lines(of: json))))
        }
        inspect("api")
        #expect(bench.screen.contains("API_KEY=******") && !bench.screen.contains("hunter2"))
        #expect(bench.screen.contains("v shows secrets"))
        // What is hidden is not found either.
        bench.press("/")
        bench.state.handlePaste("hunter2")
        #expect(bench.screen.contains("it is not in here"))
        bench.press("esc", "v")
        #expect(bench.screen.contains("API_KEY=hunter2") && bench.screen.contains("v hides secrets"))
        inspect("api")
        #expect(bench.screen.contains("hunter2"))
        bench.press("esc", "j", "enter")
        inspect("web")
        #expect(!bench.screen.contains("hunter2"))
        bench.press("v", "v")
        #expect(!bench.screen.contains("hunter2"))
    }
}
