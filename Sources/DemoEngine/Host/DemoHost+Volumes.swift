// Volumes: made, removed, their sizes.
extension DemoHost {
    static let volumesKept = 5_000

    static func badVolumeName(_ name: String) -> Refusal {
        .bad(
            "create \(name): \"\(name)\" includes invalid characters for a local volume name, only "
                + "\"[a-zA-Z0-9][a-zA-Z0-9_.-]\" are allowed. If you intended to pass a host directory, use absolute path"
        )
    }

    /// One that is there already is given back as it is.
    mutating func createVolume(_ request: JSON) throws(Refusal) -> Volume {
        let driver = request["Driver"]?.text ?? ""
        guard driver.isEmpty || driver == "local" else {
            throw .notFound("error looking up volume plugin \(driver): plugin \"\(driver)\" not found")
        }
        let wanted = request["Name"]?.text ?? ""
        if let known = volumes.first(where: { $0.name == wanted }) { return known }
        guard volumes.count < Self.volumesKept else {
            throw Refusal(status: 500, message: "no space left on device: the demo has \(volumes.count) volumes")
        }
        var labels = request["Labels"]?.textMap ?? [:]
        var name = wanted
        if name.isEmpty {
            var random = SplitMix(seed, 0x701, UInt64(nextHappening))
            name = random.hex(64)
            labels["com.docker.volume.anonymous"] = ""
        } else if name.utf8.count < 2 || !Self.isName(name) {
            throw Self.badVolumeName(name)
        }
        let volume = Volume(name: name, created: now, labels: labels, options: request["DriverOpts"]?.textMap ?? [:])
        volumes.append(volume)
        tell("volume", "create", actor: name, ["driver": "local"])
        return volume
    }

    mutating func removeVolume(_ name: String, force: Bool) throws(Refusal) {
        guard volumes.contains(where: { $0.name == name }) else {
            if force { return }
            throw .notFound("get \(name): no such volume")
        }
        let users = users(ofVolume: name)
        guard users.isEmpty else {
            throw .conflict("remove \(name): volume is in use - [\(users.map(\.id).joined(separator: ", "))]")
        }
        dropVolume(name)
        tell("volume", "destroy", actor: name, ["driver": "local"])
    }

    /// Takes it out, with what was written to it.
    mutating func dropVolume(_ name: String) {
        volumes.removeAll { $0.name == name }
        if let overlay = overlays.removeValue(forKey: Self.volumeKey(name)) { bytesWritten -= overlay.bytes }
    }

    func users(ofVolume name: String) -> [DemoContainer] {
        containers.compactMap { $0 }.filter { container in mounts(of: container).contains { $0.volume == name } }
    }

    /// How many containers use each volume that is used.
    var volumeUsers: [String: Int] {
        var users: [String: Int] = [:]
        for case let container? in containers {
            for mount in mounts(of: container) { users[mount.volume, default: 0] += 1 }
        }
        return users
    }

    /// Bytes in a volume: what chance gives to those of the beginning, what was put into new ones.
    func size(of volume: Volume) -> Int {
        let written = overlays[Self.volumeKey(volume.name)]?.size ?? 0
        guard volume.created < epoch else { return written + firstFiles(of: volume).values.reduce(0) { $0 + $1.size } }
        var random = SplitMix(seed, 0x517E, DemoImage.number(volume.name))
        return written + random.below(volume.labels["com.docker.volume.anonymous"] == nil ? 4_000_000_000 : 60_000_000)
    }
}
