import EngineAPI
import FoundationEssentials
import Glibc
import Terminal
import Testing

@testable import Dashboard
@testable import DemoEngine

/// A dashboard without a screen: its state, and the runner that carries out what that asks for.
@MainActor
private final class Client {
    private(set) var state: State
    private var runner: Runner?

    init(_ engine: Engine) throws {
        let theme = try #require(Theme.named("dark"))
        state = State(address: engine.address, size: Size(width: 80, height: 24), now: Date(), theme: theme)
        let id = EngineID(engine.address)
        runner = Runner(
            engines: [id: engine], send: { [weak self] in self?.send($0) },
            heldLog: { [weak self] in self?.heldLog($0, $1) },
            lastEvent: { [weak self] in self?.state.engines[$0]?.events.last }, terminalBytes: { 0 })
        runner?.reconcile(state.subscriptions)
    }

    private func heldLog(_ engine: EngineID, _ id: Int) -> FollowedLog? {
        guard let log = state.engines[engine]?.log, log.id == id else { return nil }
        return log
    }

    func send(_ event: Event) {
        for effect in update(&state, event, now: Date()) { runner?.run(effect) }
        runner?.reconcile(state.subscriptions)
    }

    func stop() { _ = runner?.stop() }

    var isListed: Bool { state.engine.containersLoaded }
    func state(of id: ContainerID) -> ContainerState? { state.engine.containers[id]?.state }
}

@Suite struct StormTests {
    @Test func fiftyEventsASecondGiveFiveListsASecondAtMost() async throws {
        try await withDemo(containers: 400) { demo, engine async throws in
            let client = try await Client(engine)
            try await eventually("the list has come") { await client.isListed }
            let actor = Engine(address: demo.address)
            try await actor.negotiate()
            let running = try await actor.containers().filter { $0.state == .running }.map(\.id)
            let before = try await demo.listsAsked
            let began = ContinuousClock.now
            let count = 150
            for number in 0..<count {
                let id = running[number / 2 % running.count]
                if number.isMultiple(of: 2) { try await actor.pause(id) } else { try await actor.unpause(id) }
                await client.send(.key(.character(number % 20 < 10 ? "j" : "k")))
                try await Task.sleep(until: began + .milliseconds(20 * (number + 1)))
            }
            let last = running[count / 2]
            try await actor.pause(last)
            try await eventually("the last change is seen") { await client.state(of: last) == .paused }
            let lists = try await demo.listsAsked - before
            let seconds = (ContinuousClock.now - began) / .seconds(1)
            // One more for the beginning of the first second.
            #expect(Double(lists) <= 5 * seconds + 1, "\(lists) lists in \(seconds) s")
            #expect(lists > 0)
            await client.stop()
            await actor.shutdown()
        }
    }
}

@Suite struct FolderTests {
    @Test func foldersOfProcessesThatAreGoneAreRemovedAndNoOthers() throws {
        var template = Array("/tmp/gantry-folders.XXXXXX".utf8) + [0]
        let made = template.withUnsafeMutableBytes { mkdtemp($0.bindMemory(to: CChar.self).baseAddress!) != nil }
        try #require(made)
        let parent = String(decoding: template.dropLast(), as: UTF8.self)
        // No process has a number above the kernel's limit of four million.
        let gone = ["gantry-demo.4999999.abcdef", "gantry-demo.1.init00"]
        let others = [
            "gantry-demo.\(getpid()).abcdef", "gantry-demo.abcdef", "gantry-demo.x.abcdef", "gantry-demo.-1.abcdef",
            "other.4999999.abcdef", "gantry-demo.4999998.abc.def",
        ]
        for name in gone + others {
            mkdir("\(parent)/\(name)", 0o700)
            close(open("\(parent)/\(name)/docker.sock", O_CREAT | O_WRONLY, 0o600))
        }
        // A demo of a program by another name: process 1 is no test.
        let heard = "gantry-demo.1.heard0"
        mkdir("\(parent)/\(heard)", 0o700)
        let listening = try #require(listen(at: "\(parent)/\(heard)/docker.sock"))
        defer { close(listening) }
        DemoFolder.removeLeftOvers(in: parent)
        func exists(_ name: String) -> Bool { access("\(parent)/\(name)", F_OK) == 0 }
        for name in gone { #expect(!exists(name), "\(name)") }
        for name in others + [heard] {
            #expect(exists(name), "\(name)")
            DemoFolder.remove("\(parent)/\(name)")
        }
        rmdir(parent)
    }

    private func listen(at path: String) -> Int32? {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { place in
            path.utf8CString.withUnsafeBytes { place.copyMemory(from: $0) }
        }
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        let bound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard bound == 0, Glibc.listen(descriptor, 1) == 0 else {
            close(descriptor)
            return nil
        }
        return descriptor
    }
}
