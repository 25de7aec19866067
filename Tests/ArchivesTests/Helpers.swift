import Testing

@testable import Archives

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A folder of its own for a test, gone afterwards.
final class TestFolder: Sendable {
    let path: String

    init() throws {
        var name = Array("/tmp/gantry-archives-XXXXXX".utf8CString)
        _ = try #require(mkdtemp(&name))
        path = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit { run("chmod -R u+rwX '\(path)'; rm -rf '\(path)'") }

    /// Runs a script in it.
    @discardableResult
    func sh(_ script: String) -> String { run("cd '\(path)' && { \(script)\n}") }

    func write(_ name: String, _ content: [UInt8]) throws {
        let file = try #require(fopen(path + "/" + name, "w"))
        fwrite(content, 1, content.count, file)
        fclose(file)
    }

    func read(_ name: String) -> String? {
        guard let file = fopen(path + "/" + name, "r") else { return nil }
        defer { fclose(file) }
        var content: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while case let count = fread(&buffer, 1, buffer.count, file), count > 0 { content += buffer[..<count] }
        return String(decoding: content, as: UTF8.self)
    }
}

/// Runs a shell script, and gives what it printed.
@discardableResult
func run(_ script: String) -> String {
    guard let pipe = popen("{ \(script)\n} 2>&1", "re") else { return "no shell" }
    defer { pclose(pipe) }
    var output: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while case let count = fread(&buffer, 1, buffer.count, pipe), count > 0 { output += buffer[..<count] }
    return String(decoding: output, as: UTF8.self)
}

extension TreeTar {
    /// All of it, for small ones.
    func bytes() async throws -> [UInt8] {
        var bytes: [UInt8] = []
        for try await part in self { bytes += part }
        return bytes
    }
}

/// What a tar holds, read in pieces of a given length.
struct Contents {
    var entries: [TarEntry] = []
    var content: [String: [UInt8]] = [:]

    init(_ tar: [UInt8], piece: Int = .max) throws {
        var reader = TarReader()
        var name = ""
        var rest = tar[...]
        while !rest.isEmpty {
            let some = Array(rest.prefix(piece))
            rest = rest.dropFirst(some.count)
            try some.withUnsafeBytes { bytes in
                try reader.read(bytes) { part in
                    switch part {
                    case .entry(let entry):
                        entries.append(entry)
                        name = entry.text
                    case .content(let bytes): content[name, default: []] += Array(bytes)
                    case .entryEnd: break
                    }
                }
            }
        }
        try reader.finish()
    }

    var names: [String] { entries.map(\.text) }

    subscript(name: String) -> TarEntry? { entries.first { $0.text == name } }
}

/// Bytes that look like nothing, the same every time.
func noise(_ count: Int, seed: UInt64 = 1) -> [UInt8] {
    var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
    return (0..<count).map { _ in
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return UInt8(truncatingIfNeeded: state >> 24)
    }
}
