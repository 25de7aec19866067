import Foundation

/// The private Engine that the stories play on, from `GANTRY_TEST_ENGINE`; it has the image demo/busybox:1.35.
enum TestEngine {
    static let address = ProcessInfo.processInfo.environment["GANTRY_TEST_ENGINE"]
    /// The folder that `Tests/engine.sh` knows it by.
    static let folder = ProcessInfo.processInfo.environment["GANTRY_TEST_ENGINE_DIR"]
    /// The built program.
    static let program = ProcessInfo.processInfo.environment["GANTRY_BINARY"]

    static var isGiven: Bool { address != nil && folder != nil && program != nil }

    /// Runs the docker client and gives what it wrote.
    @discardableResult
    static func docker(_ words: [String], expecting status: Int32? = 0) throws -> String {
        try run(["docker", "-H", address ?? ""] + words, environment: ["DOCKER_HOST": ""], expecting: status)
            .output.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Ends the Engine; its data stays.
    static func stop() throws { try script("stop") }

    /// Starts the Engine over the same data, with more flags if there are any.
    static func start(flags: String = "") throws { try script("start", flags: flags) }

    private static func script(_ verb: String, flags: String = "") throws {
        let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        try run(
            ["bash", tests.appendingPathComponent("engine.sh").path, verb, folder ?? ""],
            environment: ["DOCKERD_FLAGS": flags])
    }
}
