import Dispatch
import Glibc

/// The person's browser, where there is a display for it.
enum Browser {
    /// Opens an address with `xdg-open`.
    /// - Returns: why that cannot be.
    static func open(_ address: String) async -> String? {
        let displays: [String] = ["DISPLAY", "WAYLAND_DISPLAY"]
        let hasDisplay = displays.contains { name in getenv(name).map { $0.pointee != 0 } ?? false }
        guard hasDisplay else { return "there is no display here for a browser: y copies \(address)" }
        // It may be as long about it as the browser runs.
        return await withCheckedContinuation { done in
            DispatchQueue.global().async { done.resume(returning: run(address)) }
        }
    }

    /// POSIX 2024 has it; the header that Swift sees does not yet.
    private static let newSession: Int32 = 0x80

    private static func run(_ address: String) -> String? {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        // The terminal is not its own.
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        var defaults = sigset_t()
        sigemptyset(&defaults)
        for signal in [SIGINT, SIGTERM, SIGHUP, SIGTSTP, SIGCONT, SIGWINCH, SIGPIPE] { sigaddset(&defaults, signal) }
        posix_spawnattr_setsigdefault(&attributes, &defaults)
        // In a session of its own: it outlives this program and hears none of its terminal's signals.
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | newSession))
        let words: [String] = ["xdg-open", address]
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var process = pid_t()
        let status = posix_spawnp(&process, "xdg-open", &actions, &attributes, &arguments, environ)
        guard status == 0 else { return "no xdg-open here to open it with: y copies \(address)" }
        var ended: Int32 = 0
        while waitpid(process, &ended, 0) == -1, errno == EINTR {}
        return ended == 0 ? nil : "xdg-open could not open \(address)"
    }
}
