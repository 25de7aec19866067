import FoundationEssentials

// Files of containers: looked at, taken out, put in.
extension Router {
    /// `HEAD`, `GET` and `PUT /containers/{id}/archive`.
    static func archive(_ reference: String, _ request: DemoRequest, _ host: inout DemoHost) throws -> DemoReply {
        let container = try host.find(reference)
        guard let text = request["path"], !text.isEmpty else {
            throw DemoHost.Refusal.bad("bad parameter: path cannot be empty")
        }
        let files = host.files(of: container)
        let plain = DemoHost.plain(text)
        // A link is itself, unless what it leads to is asked for.
        let follows = text.hasSuffix("/") || text.hasSuffix("/.")
        let path = follows || request.method == "PUT" ? DemoHost.resolved(plain, in: files) : plain
        guard let file = files[path] else {
            throw DemoHost.Refusal.notFound("Could not find the file \(text) in container \(reference)")
        }
        switch request.method {
        case "PUT":
            guard file.isFolder else { throw DemoHost.Refusal.bad("extraction point is not a directory") }
            return try putIn(path, container, request, &host)
        case "HEAD": return .head(200, stat(path, file, files))
        default:
            // What is in a folder, and not the folder, is asked for with a dot, and named from there.
            let name = text.hasSuffix("/.") ? "." : path.split(separator: "/").last.map(String.init) ?? "."
            let inside = files.keys.filter { $0.hasPrefix(path + "/") && $0 != path }.sorted()
            let entries = [(name, file)] + inside.map { (name + $0.dropFirst(path.count), files[$0]!) }
            host.tell("archive-path", container.index)
            return .file(TarStream(entries), type: "application/x-tar", headers: stat(path, file, files))
        }
    }

    /// What stands in the head of the answer: base64 of JSON, with the bits of modes as Go has them.
    private static func stat(
        _ path: String, _ file: DemoFile, _ files: [String: DemoFile]
    ) -> [(String, String)] {
        let folder = 1 << 31
        let link = 1 << 27
        let (bits, target): (Int, String) =
            switch file.kind {
            case .file: (0, "")
            case .folder: (folder, "")
            case .link: (link, DemoHost.resolved(path, in: files))
            }
        let json: JSON = [
            "name": .string(path.split(separator: "/").last.map(String.init) ?? "/"), "size": .int(file.size),
            "mode": .int(bits | file.mode & 0o777), "mtime": .string(file.time.rfc3339), "linkTarget": .string(target),
        ]
        return [("X-Docker-Container-Path-Stat", Data(json.bytes).base64EncodedString())]
    }

    private static func putIn(
        _ folder: String, _ container: DemoContainer, _ request: DemoRequest, _ host: inout DemoHost
    ) throws -> DemoReply {
        guard let tar = request.tar, tar.isTar, !tar.isCompressed || tar.total > 0 else {
            throw DemoHost.Refusal.bad("the body is no tar")
        }
        if host.isReadOnly(folder, in: container) {
            throw DemoHost.Refusal(status: 403, message: "mounted volume is marked read-only")
        }
        let files = host.files(of: container)
        for entry in tar.entries where !entry.name.split(separator: "/").contains("..") {
            let path = folder + (entry.name.isEmpty ? "" : "/" + entry.name)
            if request.flag("noOverwriteDirNonDir"), let known = files[path] {
                let isFolder = if case .folder = entry.kind { true } else { false }
                guard known.isFolder == isFolder else {
                    throw DemoHost.Refusal.bad(
                        "cannot overwrite \(known.isFolder ? "directory" : "non-directory") \(path)")
                }
            }
            switch entry.kind {
            case .folder:
                if files[path] == nil { host.write(.folder(host.now, mode: entry.mode), to: path, of: container) }
            case .link(let target): host.write(.link(target, host.now), to: path, of: container)
            case .file:
                var file = entry.data.map { DemoFile($0, time: host.now) } ?? DemoFile(size: entry.size, time: host.now)
                file.mode = entry.mode
                host.write(file, to: path, of: container)
            }
        }
        host.tell("extract-to-dir", container.index)
        return .status(200)
    }
}
