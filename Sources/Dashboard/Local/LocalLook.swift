import EngineAPI

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Finds out about this machine.
enum LocalLook {
    /// Names of a folder at most: nobody completes among more.
    static let mostNames = 10_000
    /// Bytes of a Dockerfile at most.
    private static let longest = 1 << 20

    static func answer(_ question: LocalQuestion) async -> LocalAnswer {
        switch question {
        case .folder(let path): return folder(path)
        case .dockerfile(let path): return dockerfile(path)
        case .buildx:
            var output: [UInt8] = []
            let status = try? await Program(["docker", "buildx", "version"]).run { bytes in
                if output.count < 1_000 { output += bytes }
            }
            guard status == 0 else { return .buildx(nil) }
            // github.com/docker/buildx v0.10.4 c513d34; Debian writes 0.13.1+ds1.
            let words = String(decoding: output, as: UTF8.self).split(whereSeparator: \.isWhitespace)
            return .buildx(words.dropFirst().first.map(String.init) ?? "")
        }
    }

    private static func folder(_ path: String) -> LocalAnswer {
        guard let folder = opendir(path) else { return .problem(FileWriting.reason(errno)) }
        defer { closedir(folder) }
        var entries: [LocalEntry] = []
        while let entry = readdir(folder) {
            let bytes = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
            guard let name = String(validating: bytes, as: UTF8.self), name != ".", name != ".." else { continue }
            guard entries.count < mostNames else {
                return .entries(entries.sorted { $0.name < $1.name }, isWhole: false)
            }
            var isFolder = Int32(entry.pointee.d_type) == Int32(DT_DIR)
            if Int32(entry.pointee.d_type) == Int32(DT_LNK) || Int32(entry.pointee.d_type) == Int32(DT_UNKNOWN) {
                var status = stat()
                isFolder = fstatat(dirfd(folder), name, &status, 0) == 0 && status.st_mode & S_IFMT == S_IFDIR
            }
            entries.append(LocalEntry(name: name, isFolder: isFolder))
        }
        return .entries(entries.sorted { $0.name < $1.name }, isWhole: true)
    }

    private static func dockerfile(_ path: String) -> LocalAnswer {
        // A fifo by that name would hold us up.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return .problem(FileWriting.reason(errno)) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return .problem(FileWriting.reason(errno)) }
        guard status.st_mode & S_IFMT == S_IFREG else { return .problem("it is not a file") }
        var text = [UInt8](repeating: 0, count: min(longest, Int(status.st_size)))
        var count = 0
        while count < text.count {
            let got = text.withUnsafeMutableBytes { read(descriptor, $0.baseAddress! + count, $0.count - count) }
            guard got > 0 else { break }
            count += got
        }
        return .outline(DockerfileOutline(String(decoding: text[..<count], as: UTF8.self)))
    }
}
