import EngineAPI
import Foundation
import Terminal
import Testing

@testable import Dashboard

@Suite struct BuildFormTests {
    /// What the runner would find out: a folder with a Dockerfile of two stages.
    private func answer(_ bench: inout Bench, buildx: String? = nil) {
        for _ in 0..<3 {
            for case .look(let question) in bench.state.subscriptions {
                switch question {
                case .folder("."):
                    bench.found(
                        question,
                        .entries(
                            [.init(name: "Dockerfile", isFolder: false), .init(name: "app", isFolder: true)],
                            isWhole: true))
                case .folder("app"), .folder("app/"):
                    bench.found(question, .entries([.init(name: "other.Dockerfile", isFolder: false)], isWhole: true))
                case .folder: bench.found(question, .problem("no such file or directory"))
                case .dockerfile("Dockerfile"), .dockerfile("app/other.Dockerfile"):
                    bench.found(
                        question, .outline(DockerfileOutline("ARG WHO\nFROM a AS build\nFROM build AS test\nFROM c")))
                case .dockerfile: bench.found(question, .problem("no such file or directory"))
                case .buildx: bench.found(question, .buildx(buildx))
                }
            }
        }
    }

    private func opened(buildx: String? = nil) -> Bench {
        var bench = RunFormTests.shop()
        bench.press("b")
        answer(&bench, buildx: buildx)
        return bench
    }

    private func type(_ text: String, at field: String, _ bench: inout Bench) {
        var form = bench.state.form!
        form[field] = []
        form.move(to: field)
        bench.state.replace(form)
        bench.send(.paste(text))
        answer(&bench)
    }

    private func problem(_ bench: Bench, _ field: String) -> String? {
        bench.state.form?.fields.first { $0.id == field }?.error?.message
    }

    private func note(_ bench: Bench, _ field: String) -> String? {
        bench.state.form?.fields.first { $0.id == field }?.note
    }

    @Test func theLineGrowsAndWhatItSaysIsBuilt() throws {
        var bench = opened()
        type("shop/web:1", at: "tags", &bench)
        type("test", at: "target", &bench)
        type("WHO=me", at: "arguments", &bench)
        #expect(bench.screen.contains("docker build -t shop/web:1 --target test --build-arg WHO=me ."))
        let effects = bench.press("ctrl-r")
        guard case .startJob(_, let number, let job as BuildJob)? = effects.first else {
            Issue.record("nothing was built: \(bench.flash)")
            return
        }
        #expect(job.spec == BuildSpec(folder: ".", tags: ["shop/web:1"], target: "test", arguments: ["WHO=me"]))
        #expect(bench.state.journal.entries.last?.docker == job.spec.line)
        // It is watched over the form.
        guard case .job(number)? = bench.state.layers.last, bench.state.layers.count == 2 else {
            Issue.record("\(bench.state.layers)")
            return
        }
    }

    @Test func whatCannotBeIsNamedAtItsFieldAndNothingIsSent() {
        for (field, text, words) in [
            ("folder", "nowhere", "nowhere: no such file or directory"),
            ("folder", "app", "there is no Dockerfile in app: another one?"),
            ("dockerfile", "missing", "missing: no such file or directory"),
            ("tags", "Shop/Web", "only small letters"),
            ("tags", "a@sha256:" + String(repeating: "a", count: 64), "a digest cannot be given"),
            ("target", "deploy", "the Dockerfile has no stage “deploy”: build, test"),
            ("arguments", "=value", "a name is missing before the ="),
            ("arguments", "A B=1", "“A B” cannot be a name"),
        ] {
            var bench = opened()
            type(text, at: field, &bench)
            let place = field == "folder" && text == "app" ? "dockerfile" : field
            #expect(problem(bench, place)?.contains(words) == true, "\(field) \(text): \(problem(bench, place) ?? "")")
            #expect(bench.press("ctrl-r").isEmpty)
            #expect(bench.state.journal.entries.isEmpty)
            #expect(bench.state.form?[field] == [text])
        }
    }

    @Test func withoutAFolderNothingIsBuilt() {
        var bench = opened()
        type("", at: "folder", &bench)
        #expect(bench.press("ctrl-r").isEmpty)
        #expect(bench.flash == "folder: which folder?")
    }

    @Test func anArgumentThatTheDockerfileDoesNotHaveHindersNothing() {
        var bench = opened()
        type("WHAT=1", at: "arguments", &bench)
        #expect(note(bench, "arguments") == "the Dockerfile has no ARG WHAT")
        type("HTTP_PROXY=1", at: "arguments", &bench)
        #expect(note(bench, "arguments") == nil)
        #expect(bench.press("ctrl-r").count == 1)
    }

    @Test func tabCompletesPathsAndStagesAndThenGoesOn() {
        var bench = opened()
        type("ap", at: "folder", &bench)
        bench.press("tab")
        #expect(bench.state.form?["folder"] == ["app/"])
        #expect(bench.state.form?.focused?.id == "folder")
        answer(&bench)
        bench.press("tab")
        #expect(bench.state.form?.focused?.id == "dockerfile")
        answer(&bench)
        bench.press("o", "tab")
        #expect(bench.state.form?["dockerfile"] == ["other.Dockerfile"])
        answer(&bench)
        #expect(bench.screen.contains("docker build -f app/other.Dockerfile app/"))
        type("t", at: "target", &bench)
        bench.press("tab")
        #expect(bench.state.form?["target"] == ["test"])
    }

    @Test func theBuilderIsSaidAndMayBeChosenWhereThereAreTwo() {
        var bench = opened()
        #expect(note(bench, "builder") == "docker buildx is not installed on this machine")
        #expect(bench.state.form?["builder"] == ["classic (Engine API)"])
        bench = opened(buildx: "v0.10.4")
        #expect(note(bench, "builder") == "docker buildx v0.10.4 is installed")
        var form = bench.state.form!
        form.move(to: "builder")
        bench.state.replace(form)
        bench.press("right")
        #expect(bench.state.form?["builder"] == ["buildx"])
        guard case .startJob(_, _, let job as BuildJob)? = bench.press("ctrl-r").first else {
            Issue.record("nothing was built")
            return
        }
        #expect(job.spec.builder == .buildx && job.docker == "docker buildx build .")
    }

    @Test func aBuildThatFailedKeepsTheFormAndSaysWhy() {
        var bench = opened()
        type("shop/web:1", at: "tags", &bench)
        let number = bench.state.nextAction
        bench.press("ctrl-r")
        bench.engine(.jobNews(number, .print("Step 1/2 : FROM a\nStep 2/2 : RUN exit 7\n")))
        bench.engine(.jobEnded(number, .failure(.failed(JobError("step 2 of 2, RUN exit 7: code 7")))))
        #expect(bench.screen.contains("✕ Step 2/2 : RUN exit 7"))
        bench.press("esc")
        #expect(bench.state.form?["tags"] == ["shop/web:1"])
        #expect(bench.state.form?.working == nil)
        #expect(bench.state.form?.message == "step 2 of 2, RUN exit 7: code 7")
        // And it can be built again.
        #expect(bench.press("ctrl-r").count == 1)
    }

    @Test func theNewImageIsSelectedAndTheFormIsGone() {
        var bench = opened()
        type("shop/fresh:1", at: "tags", &bench)
        let number = bench.state.nextAction
        bench.press("ctrl-r")
        bench.engine(.jobNews(number, .print("Step 1/1 : FROM a\n")))
        bench.engine(.jobEnded(number, .success(JobOutcome(shows: .resource(.image("sha256:fresh"))))))
        #expect(bench.state.form == nil)
        var images = bench.state.engine.images.items
        var image = images[0]
        image.id = "sha256:fresh"
        image.tags = ["shop/fresh:1"]
        images.append(image)
        bench.engine(.images(images))
        #expect(bench.state.pane == .images)
        #expect(bench.state.selected == .image("sha256:fresh"))
        // What it printed can be read until somebody has.
        #expect(bench.screen.contains("Step 1/1 : FROM a"))
        // The next time it is the same again.
        bench.press("esc", "b")
        #expect(bench.state.form?["tags"] == ["shop/fresh:1"])
    }

    @Test func nothingIsLookedForUnlessSomebodyTypes() {
        var bench = opened()
        #expect(bench.state.localQuestions.isEmpty)
        _ = bench.tick(10)
        #expect(!bench.state.localQuestions.isEmpty)
        bench.press("esc")
        #expect(bench.state.localQuestions.isEmpty)
    }
}

extension Bench {
    mutating func found(_ question: LocalQuestion, _ answer: LocalAnswer) { send(.found(question, answer)) }
}
