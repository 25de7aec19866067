import Dispatch
import EngineAPI
import Glibc

/// The person's browser, where there is a display for it.
enum Browser {
    /// Opens an address with `xdg-open`.
    /// - Returns: why that cannot be.
    static func open(_ address: String) async -> String? {
        let displays: [String] = ["DISPLAY", "WAYLAND_DISPLAY"]
        let hasDisplay = displays.contains { name in getenv(name).map { $0.pointee != 0 } ?? false }
        guard hasDisplay else { return "there is no display here for a browser: \(address)" }
        // It may be as long about it as the browser runs.
        return await withCheckedContinuation { done in
            DispatchQueue.global().async { done.resume(returning: run(address)) }
        }
    }

    private static func run(_ address: String) -> String? {
        do throws(ChildProcess.Failure) {
            // The terminal is not its own; it outlives this program and hears none of its terminal's signals.
            let process = try ChildProcess.spawn(
                ["xdg-open", address], input: .nothing, output: .nothing, error: .nothing, group: .session)
            return ChildProcess.wait(process) == 0 ? nil : "xdg-open could not open \(address)"
        } catch { return "no xdg-open here to open it with: \(address)" }
    }
}
