import Foundation
import Glibc

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
///
/// Not Foundation's `Process`: it waits for whatever the command leaves behind too, a terminal's server for one.
@discardableResult
func run(_ words: [String], environment: [String: String] = [:], expecting status: Int32? = 0) throws -> Outcome {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("gantry-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let output = folder.appendingPathComponent("output")
    let errors = folder.appendingPathComponent("errors")

    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, output.path, O_WRONLY | O_CREAT, 0o600)
    posix_spawn_file_actions_addopen(&actions, 2, errors.path, O_WRONLY | O_CREAT, 0o600)

    // Swift's threads have signals blocked, and a child would inherit that: a terminal that no SIGTERM ends.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))

    let variables = environment.merging(["LANG": "C.UTF-8"]) { given, _ in given }.map { "\($0)=\($1)" }
    let command = ["env", "-u", "TMUX", "-u", "TMUX_PANE"] + variables + ["timeout", "60"] + words
    var arguments: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    var process = pid_t()
    let spawned = posix_spawnp(&process, "env", &actions, &attributes, &arguments, environ)
    guard spawned == 0 else {
        throw CommandFailed(
            command: command, outcome: Outcome(status: spawned, output: "", errors: String(cString: strerror(spawned))))
    }
    var ended: Int32 = 0
    while waitpid(process, &ended, 0) == -1, errno == EINTR {}

    let signal = ended & 0x7F
    let outcome = Outcome(
        status: signal == 0 ? (ended >> 8) & 0xFF : 128 + signal,
        output: String(decoding: try Data(contentsOf: output), as: UTF8.self),
        errors: String(decoding: try Data(contentsOf: errors), as: UTF8.self))
    if let status, outcome.status != status { throw CommandFailed(command: words, outcome: outcome) }
    return outcome
}

/// Sends a process a signal by its name, `TERM` for example.
func send(signal: String, to process: String) throws {
    try run(["sh", "-c", "kill -\(signal) \(process)"])
}

extension String {
    /// Three letters or digits, so that names of one test are not those of another and still short; never a number, which
    /// would be counted on from.
    static func suffix() -> String {
        "\("bcfghjkmnpqrstvxz".randomElement() ?? "x")"
            + String((0..<2).map { _ in "bcfghjkmnpqrstvxz0123456789".randomElement() ?? "x" })
    }

    /// The text as one word of a shell.
    var quoted: String { "'" + replacingOccurrences(of: "'", with: "'\\''") + "'" }
}
