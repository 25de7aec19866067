import EngineAPI
import Foundation
import Terminal
import Testing

@testable import Dashboard

@Suite struct FileBrowserTests {
    private func opened(_ names: [ContainerFile]? = nil) -> Bench {
        var bench = Bench.connected([.make("web", .running, "Up 3 hours")])
        bench.press("F")
        if let names { bench.answer(FileListing(names, way: .exec)) }
        return bench
    }

    private let root: [ContainerFile] = [
        .init(name: "bin", kind: .folder, mode: 0o755), .init(name: "etc", kind: .folder, mode: 0o755),
        .init(name: "lib", kind: .link, mode: 0o777, target: "usr/lib"),
        .init(name: "file", kind: .file, mode: 0o640, size: 2_000),
        .init(name: "bad\u{1B}[2J", kind: .file),
    ]

    @Test func oneGoesDownAndComesBackToWhereOneWas() {
        var bench = opened(root)
        #expect(bench.state.wantedFiles?.path == nil)
        #expect(bench.screen.contains("-rw-r-----") && bench.screen.contains("lib@ → usr/lib"))
        #expect(!bench.screen.contains("\u{1B}"))
        bench.press("down", "enter")
        #expect(bench.state.wantedFiles?.path == "/etc")
        #expect(bench.state.wantedFiles?.isRunning == true)
        bench.answer(FileListing([.init(name: "hosts", kind: .file)], way: .exec))
        bench.press("backspace")
        #expect(bench.state.wantedFiles?.path == "/")
        bench.answer(FileListing(root, way: .exec))
        #expect(bench.state.browser?.selected?.name == "etc")
        // There is nothing above.
        bench.press("left")
        #expect(bench.state.wantedFiles == nil)
        bench.press("esc")
        #expect(bench.state.layers.isEmpty)
    }

    @Test func anAnswerThatComesTooLateIsNotTaken() {
        var bench = opened(root)
        let before = bench.state.browser!.revision
        bench.press("enter")
        bench.engine(.files(before, .success(FileListing([.init(name: "wrong", kind: .file)], way: .exec))))
        guard case .loading? = bench.state.browser?.content else {
            Issue.record("an answer to another question was taken")
            return
        }
        bench.answer(.failure(.notFound("/bin: no such file")))
        #expect(bench.screen.contains("✕ /bin: no such file"))
        bench.press("left")
        #expect(bench.state.wantedFiles?.path == "/")
    }

    @Test func aStoppedContainerIsReadFromItsArchiveAndACutIsSaid() {
        var bench = Bench.connected([.make("old", .exited, "Exited (0)")])
        bench.press("F")
        #expect(bench.state.wantedFiles?.isRunning == false)
        bench.engine(.filesRead(bench.state.browser!.revision, 8 << 20))
        #expect(bench.screen.contains("reading 8.39M of its archive") || bench.screen.contains("of its archive …"))
        bench.answer(FileListing(root, way: .archive, cut: "there may be more: + reads on"))
        #expect(bench.screen.contains("there may be more: + reads on"))
        bench.press("+")
        #expect(bench.state.wantedFiles?.mostRead == 4 * FileLister.mostRead)
        bench.answer(FileListing(root, way: .archive))
        #expect(bench.screen.contains("5 names · read from the archive"))
        // Another folder begins anew.
        bench.press("enter")
        #expect(bench.state.wantedFiles?.mostRead == FileLister.mostRead)
    }

    @Test func aFileIsCopiedOutToWhereItIsWanted() throws {
        var bench = opened(root)
        bench.press("G", "up", "o")
        bench.press("ctrl-u")
        bench.send(.paste("/tmp/copy"))
        guard case .startJob(_, _, let job as CopyOutJob)? = bench.press("enter").first else {
            Issue.record("nothing was copied: \(bench.flash)")
            return
        }
        #expect(bench.state.browser != nil)
        #expect(job.target == "/tmp/copy" && !job.replaces)
        #expect(job.docker.hasPrefix("docker cp ") && job.docker.hasSuffix(" /tmp/copy"))
        #expect(bench.state.journal.entries.last?.docker == job.docker)
    }

    /// What is there already is asked about, over the browser.
    @Test func whatIsThereIsNotOverwrittenUnasked() {
        var bench = opened(root)
        let number = bench.state.nextAction
        bench.press("o", "enter")
        let job = CopyOutJob(container: .named("web"), name: "web", path: "/bin", target: "./bin", replaces: true)
        bench.engine(
            .jobEnded(
                number,
                .failure(
                    .failed(JobError("./bin is there already", offer: .init(verb: "replace", noun: "./bin", job: job))))
            ))
        #expect(bench.screen.contains("Replace ./bin?"))
        guard case .startJob(_, _, let again as CopyOutJob)? = bench.press("y").first else {
            Issue.record("nothing was done")
            return
        }
        #expect(again.replaces)
    }

    @Test func aFileIsCopiedInAndTheFolderIsReadAgain() {
        var bench = opened(root)
        bench.press("down", "enter")
        bench.answer(FileListing([], way: .exec))
        #expect(bench.screen.contains("nothing is in it"))
        let number = bench.state.nextAction
        bench.press("i")
        bench.send(.paste("/tmp/source.txt"))
        guard case .startJob(_, _, let job as CopyInJob)? = bench.press("enter").first else {
            Issue.record("nothing was copied: \(bench.flash)")
            return
        }
        #expect(job.folder == "/etc" && job.source == "/tmp/source.txt")
        #expect(job.docker == "docker cp -L /tmp/source.txt web:/etc")
        bench.engine(.jobEnded(number, .success(JobOutcome())))
        #expect(bench.state.wantedFiles?.path == "/etc")
    }

    @Test func oneGoesToATypedPath() {
        var bench = opened(root)
        bench.press("/", "ctrl-u")
        bench.send(.paste("usr//share/../lib/"))
        bench.press("enter")
        #expect(bench.state.wantedFiles?.path == "/usr/lib")
    }

    @Test func whatIsLeftOfACancelledCopyIsSaid() {
        var bench = opened(root)
        let number = bench.state.nextAction
        bench.press("o", "enter")
        bench.press("c")
        bench.engine(.jobEnded(number, .failure(.cancelledLeaving("3 files had been copied to ./bin"))))
        #expect(bench.flash.contains("cancelled; 3 files had been copied to ./bin"))
    }

    @Test func aContainerIsExported() {
        var bench = Bench.connected([.make("web", .running, "Up 3 hours")])
        bench.press("X")
        guard case .startJob(_, _, let job as ExportContainerJob)? = bench.press("enter").first else {
            Issue.record("nothing was exported: \(bench.flash)")
            return
        }
        #expect(job.docker == "docker export -o web.tar web")
    }

    @Test(arguments: [(40, 12), (80, 24), (200, 50)]) func thousandsOfNamesAreScrolledThrough(
        _ width: Int, _ height: Int
    ) {
        var bench = Bench.connected([.make("web", .running, "Up 3 hours")], width: width, height: height)
        bench.press("F")
        let names = (0..<5_000).map { ContainerFile(name: "name-\($0 + 10_000)", kind: .file, size: $0) }
        bench.answer(FileListing(names, way: .exec))
        bench.press("G")
        #expect(bench.screen.contains("name-14999"))
        bench.press("pgup")
        #expect(!bench.screen.contains("name-14999"))
        bench.press("g")
        #expect(bench.screen.contains("name-10000"))
        bench.send(.resized(Size(width: 40, height: 10)))
        bench.press("G")
        #expect(bench.screen.contains("name-14999"))
    }
}

extension State {
    /// What is being read for the browser.
    fileprivate var wantedFiles: (path: String, isRunning: Bool, mostRead: Int)? {
        for case .files(_, _, let path, let isRunning, let mostRead, _) in subscriptions {
            return (path, isRunning, mostRead)
        }
        return nil
    }
}

extension Bench {
    fileprivate mutating func answer(_ listing: FileListing) { answer(.success(listing)) }

    fileprivate mutating func answer(_ result: Result<FileListing, EngineError>) {
        engine(.files(state.browser?.revision ?? -1, result))
    }
}
