// The files of its containers: those of their images, what every container gets, and what was changed.
extension DemoHost {
    /// All files of a container, by their paths; the root is the empty one.
    func files(of container: DemoContainer) -> [String: DemoFile] {
        var files = DemoTree.files(of: container.spec.image, made: image(of: container)?.created ?? container.created)
        let started = container.startedAt ?? container.created
        func put(_ path: String, _ text: String) { files[path] = DemoFile(Array(text.utf8), time: started) }
        put("/etc/hostname", container.hostname + "\n")
        let addresses = container.networks.compactMap { name in
            networks.first { $0.name == name }.flatMap { address(of: container, in: $0) }
        }
        put(
            "/etc/hosts",
            "127.0.0.1\tlocalhost\n"
                + addresses.map { "\($0)\t\(container.hostname)\n" }.joined())
        put("/etc/resolv.conf", "nameserver 127.0.0.11\noptions ndots:0\n")
        for name in ["null", "random", "tty", "zero"] {
            files["/dev/" + name] = DemoFile(size: 0, time: started, mode: 0o666)
        }
        for mount in mounts(of: container).map(\.destination) + container.binds.map(\.destination) {
            var path = ""
            for part in mount.split(separator: "/") {
                path += "/" + part
                if files[path] == nil { files[path] = .folder(started) }
            }
        }
        Self.lay(overlays[container.id], over: &files)
        // What a volume holds hides what the image has there.
        for mount in mounts(of: container) {
            guard let volume = volumes.first(where: { $0.name == mount.volume }) else { continue }
            let place = Self.plain(mount.destination)
            for hidden in files.keys where hidden.hasPrefix(place + "/") { files[hidden] = nil }
            for (path, file) in self.files(of: volume) { files[place + path] = file }
        }
        return files
    }

    private static func lay(_ overlay: DemoOverlay?, over files: inout [String: DemoFile]) {
        for (path, file) in overlay?.files ?? [:] {
            if let file {
                files[path] = file
            } else {
                for gone in files.keys where gone == path || gone.hasPrefix(path + "/") {
                    if (overlay?.files[gone] ?? nil) == nil { files[gone] = nil }
                }
            }
        }
    }

    // MARK: Volumes

    /// What the changes of a volume's files are kept under.
    static func volumeKey(_ name: String) -> String { "volume \(name)" }

    /// What was put into a volume when it was first mounted, by paths in it.
    func firstFiles(of volume: Volume) -> [String: DemoFile] {
        guard let first = volume.first else { return [:] }
        let place = Self.plain(first.place) + "/"
        var files: [String: DemoFile] = [:]
        for (path, file) in DemoTree.files(of: first.image, made: volume.created) where path.hasPrefix(place) {
            files[String(path.dropFirst(place.count - 1))] = file
        }
        return files
    }

    /// All files of a volume, by paths in it.
    func files(of volume: Volume) -> [String: DemoFile] {
        var files = firstFiles(of: volume)
        Self.lay(overlays[Self.volumeKey(volume.name)], over: &files)
        return files
    }

    func isEmpty(_ volume: Volume) -> Bool { volume.created >= epoch && files(of: volume).isEmpty }

    /// Whose a path of a container is: the key that its changes are kept under, and the path there.
    private func owner(of path: String, in container: DemoContainer) -> (key: String, path: String, isReadOnly: Bool) {
        var longest = 0
        var owner = (key: container.id, path: path, isReadOnly: false)
        for mount in mounts(of: container) {
            let place = Self.plain(mount.destination)
            guard path == place || path.hasPrefix(place + "/"), place.count > longest else { continue }
            longest = place.count
            owner = (Self.volumeKey(mount.volume), String(path.dropFirst(place.count)), mount.isReadOnly)
        }
        return owner
    }

    func isReadOnly(_ path: String, in container: DemoContainer) -> Bool {
        owner(of: path, in: container).isReadOnly
    }

    /// `/a/./b/../c/` is `/a/c`; the root is empty.
    static func plain(_ path: String) -> String {
        var parts: [Substring] = []
        for part in path.split(separator: "/") where part != "." {
            if part == ".." { _ = parts.popLast() } else { parts.append(part) }
        }
        return parts.map { "/" + $0 }.joined()
    }

    /// What a path means when its links are followed, a few times at most.
    static func resolved(_ path: String, in files: [String: DemoFile]) -> String {
        var path = plain(path)
        for _ in 0..<8 {
            guard case .link(let target)? = files[path]?.kind else { break }
            let folder = path.split(separator: "/").dropLast().map { "/" + $0 }.joined()
            path = plain(target.hasPrefix("/") ? target : folder + "/" + target)
        }
        return path
    }

    /// The names in a folder, sorted.
    static func names(in folder: String, of files: [String: DemoFile]) -> [String] {
        let prefix = folder + "/"
        return files.keys.compactMap { path in
            guard path.hasPrefix(prefix), path != folder else { return nil }
            let name = path.dropFirst(prefix.count)
            return name.isEmpty || name.contains("/") ? nil : String(name)
        }.sorted()
    }

    /// Notes a file that was written, or with nil one that was removed.
    mutating func write(_ file: DemoFile?, to path: String, of container: DemoContainer) {
        let owner = owner(of: path, in: container)
        // The place itself stays what it is.
        guard !owner.isReadOnly, !owner.path.isEmpty else { return }
        var overlay = overlays[owner.key] ?? DemoOverlay()
        bytesWritten += overlay.set(owner.path, file, room: DemoOverlay.bytesKept - bytesWritten)
        overlays[owner.key] = overlay
    }

    /// Removes a file, or a folder with all that is in it.
    mutating func removeFile(_ path: String, of container: DemoContainer) {
        let owner = owner(of: path, in: container)
        guard !owner.isReadOnly, !owner.path.isEmpty else { return }
        let path = owner.path
        let volume = volumes.first { Self.volumeKey($0.name) == owner.key }
        let first = volume.map { firstFiles(of: $0) } ?? DemoTree.files(of: container.spec.image, made: 0)
        var overlay = overlays[owner.key] ?? DemoOverlay()
        for known in overlay.files.keys where known == path || known.hasPrefix(path + "/") {
            bytesWritten += overlay.forget(known)
        }
        if first[path] != nil {
            bytesWritten += overlay.set(path, nil, room: 0)
        }
        overlays[owner.key] = overlay
    }

    /// What differs from the image: paths and kinds (0 changed, 1 added, 2 removed), sorted.
    func changes(of container: DemoContainer) -> [(path: String, kind: Int)] {
        let inImage = DemoTree.files(of: container.spec.image, made: 0)
        var kinds: [String: Int] = [:]
        for (path, file) in overlays[container.id]?.files ?? [:] {
            kinds[path] = file == nil ? 2 : inImage[path] == nil ? 1 : 0
        }
        // What every program leaves behind that ever ran.
        if container.starts > 0, container.own == nil { kinds["/run/\(container.spec.service).pid"] = 1 }
        for path in kinds.keys {
            var parent = path.split(separator: "/").dropLast()
            while !parent.isEmpty {
                let name = parent.map { "/" + $0 }.joined()
                if kinds[name] == nil { kinds[name] = 0 }
                parent.removeLast()
            }
        }
        // A volume's files are not the container's.
        let mounted = mounts(of: container).map(\.destination) + container.binds.map(\.destination)
        return kinds.filter { path, _ in !mounted.contains { path.hasPrefix($0 + "/") } }
            .map { ($0.key, $0.value) }.sorted { $0.path < $1.path }
    }

    /// Bytes that a container has written to its own layer.
    func sizeWritten(by container: DemoContainer) -> Int {
        guard container.starts > 0 else { return overlays[container.id]?.size ?? 0 }
        var random = SplitMix(container.seed, 0x512E)
        return (container.own == nil ? random.below(2_000_000) : 0) + (overlays[container.id]?.size ?? 0)
    }
}
