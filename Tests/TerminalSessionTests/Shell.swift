import Foundation

/// What a command wrote, and how it ended.
struct Outcome: Sendable {
    let status: Int32
    /// Standard output.
    let output: String
    /// Standard error.
    let errors: String

    var lines: [String] { output.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) }
}

/// A command of a test's own doing that did not work: nothing that Gantry did wrong.
struct CommandFailed: Error, CustomStringConvertible {
    let command: [String]
    let outcome: Outcome

    var description: String {
        "\(command.joined(separator: " ")): status \(outcome.status)\n\(outcome.output)\(outcome.errors)"
    }
}

/// Runs a command to its end and gives what came of it. No command runs for longer than a minute.
@discardableResult
func run(_ words: [String], environment: [String: String] = [:], expecting status: Int32? = 0) throws -> Outcome {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["timeout", "60"] + words
    process.environment = ProcessInfo.processInfo.environment
        .filter { $0.key != "TMUX" && $0.key != "TMUX_PANE" }
        .merging(["LANG": "C.UTF-8"]) { $1 }
        .merging(environment) { $1 }
    process.standardInput = FileHandle.nullDevice
    // Files, not pipes: a server that the command leaves behind would hold a pipe open.
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("gantry-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    func file(_ name: String) throws -> (URL, FileHandle) {
        let url = folder.appendingPathComponent(name)
        try Data().write(to: url)
        return (url, try FileHandle(forWritingTo: url))
    }
    let (output, outputHandle) = try file("output")
    let (errors, errorsHandle) = try file("errors")
    process.standardOutput = outputHandle
    process.standardError = errorsHandle
    try process.run()
    process.waitUntilExit()
    let outcome = Outcome(
        status: process.terminationReason == .exit ? process.terminationStatus : 128 + process.terminationStatus,
        output: String(decoding: try Data(contentsOf: output), as: UTF8.self),
        errors: String(decoding: try Data(contentsOf: errors), as: UTF8.self))
    if let status, outcome.status != status { throw CommandFailed(command: words, outcome: outcome) }
    return outcome
}

extension String {
    /// Three letters or digits, so that names of one test are not those of another and still short.
    static func suffix() -> String {
        String((0..<3).map { _ in "abcdefghijklmnopqrstuvwxyz0123456789".randomElement() ?? "x" })
    }

    /// The text as one word of a shell.
    var quoted: String { "'" + replacingOccurrences(of: "'", with: "'\\''") + "'" }
}
