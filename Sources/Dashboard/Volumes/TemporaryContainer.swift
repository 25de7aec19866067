import EngineAPI

/// A container that is made to look into a volume that no other one mounts. It is never started: the Engine gives and
/// takes the files of one that was only created, too.
///
/// Its name is known before it is made: what was made without our hearing of it can be removed all the same.
struct TemporaryContainer: Hashable, Sendable {
    /// The label that tells what it is: `gantry.temporary=volume-browser`.
    static let label = "gantry.temporary"
    static let kind = "volume-browser"
    /// The label that tells which Gantry made it.
    static let ownerLabel = "gantry.owner"
    /// The label that tells what it is for.
    static let volumeLabel = "gantry.volume"
    /// Where the volume is in it.
    static let place = "/volume"
    /// Images that are tried at most: one may be for another kind of machine.
    private static let mostImages = 3

    let volume: String
    let name: String
    /// Identities of images that it may be made of, the best first.
    let images: [String]
    /// What a person knows the first of them by.
    let imageName: String
    var isWritable = false

    /// - Parameter tail: what tells it from all others.
    init(volume: String, tail: String, images: [ImageSummary], isWritable: Bool = false) {
        self.volume = volume
        name = "gantry-volume-\(Self.nameable(volume))-\(tail)"
        // The smallest: nothing of it is run, but an Engine may have to unpack it.
        let smallest = images.sorted { ($0.size, $0.id) < ($1.size, $1.id) }.prefix(Self.mostImages)
        self.images = smallest.map(\.id)
        imageName = smallest.first.map { $0.tags.first ?? $0.shortID } ?? ""
        self.isWritable = isWritable
    }

    var id: ContainerID { ContainerID(name) }

    /// As much of a volume's name as a container's may have in it.
    private static func nameable(_ volume: String) -> String {
        let isAnonymous = VolumeSummary(name: volume).isAnonymous
        let characters = volume.prefix(isAnonymous ? 12 : 40).map { character -> Character in
            let isFine = character.isASCII && (character.isLetter || character.isNumber || "_.-".contains(character))
            return isFine ? character : "-"
        }
        return String(characters)
    }

    /// The docker command that makes it.
    var docker: String {
        let mount = "type=volume,source=\(volume),target=\(Self.place),volume-nocopy" + (isWritable ? "" : ",readonly")
        return ShellWords.joined([
            "docker", "create", "--name", name, "--label", "\(Self.label)=\(Self.kind)", "--network", "none",
            "--mount", mount, imageName, "true",
        ])
    }

    func creation(of image: String, owner: String) -> ContainerCreation {
        var creation = ContainerCreation()
        creation.configuration.image = image
        // One has to be said where the image has none. It is not run.
        creation.configuration.command = ["true"]
        creation.configuration.labels = [Self.label: Self.kind, Self.ownerLabel: owner, Self.volumeLabel: volume]
        creation.host.networkMode = "none"
        var mount = HostConfiguration.Mount(type: "volume", source: volume, target: Self.place)
        mount.readOnly = isWritable ? nil : true
        // An empty volume stays empty, whatever the image has there.
        mount.volume = .init(noCopy: true)
        creation.host.mounts = [mount]
        return creation
    }

    /// Makes it of the first of its images that will do.
    func make(on engine: Engine) async throws {
        // The Engine would make a volume that is not there.
        _ = try await engine.inspectVolume(volume)
        let owner = TemporaryOwner.own.label
        var failure = EngineError.notFound("there is no image to make a container of")
        for image in images {
            do {
                _ = try await engine.create(creation(of: image, owner: owner), name: name)
                return
            } catch {
                failure = EngineError(error)
                switch failure {
                case .notFound, .badRequest, .server: continue
                default: throw failure
                }
            }
        }
        throw failure
    }

    /// Removes it, with what its image has brought of volumes; one that is not there is gone.
    func remove(from engine: Engine) async throws {
        do { try await engine.remove(id, force: true, volumes: true) } catch EngineError.notFound {}
    }

    /// Lends it to somebody, and removes it whatever happens, also when the task is cancelled.
    func lend<Outcome: Sendable>(on engine: Engine, _ body: () async throws -> Outcome) async throws -> Outcome {
        let result: Result<Outcome, any Error>
        let failure = await makeForSure(on: engine)
        if let failure, !failure.isUnanswered { throw failure }
        do {
            if let failure { throw failure }
            try Task.checkCancellation()
            result = .success(try await body())
        } catch { result = .failure(error) }
        await removeAtLast(from: engine)
        return try result.get()
    }

    /// Makes it; what was asked for is waited for although the task is cancelled, because it is to be removed then.
    func makeForSure(on engine: Engine) async -> EngineError? {
        await Task.detached {
            do {
                try await make(on: engine)
                return nil
            } catch { return EngineError(error) }
        }.value
    }

    /// Removes it, however long the Engine cannot be asked, also when the task is cancelled.
    /// - Parameter tell: hears once that it could not be removed yet.
    func removeAtLast(
        from engine: Engine, _ tell: @escaping @Sendable (EngineError) async -> Void = { _ in }
    ) async {
        await Task.detached {
            var pause = 0.25
            while true {
                do {
                    try await remove(from: engine)
                    return
                } catch {
                    // As often as the Engine itself is tried.
                    if pause == 0.25 { await tell(EngineError(error)) }
                    pause = min(5, pause * 2)
                    try? await Task.sleep(for: .seconds(pause))
                }
            }
        }.value
    }
}

extension ContainerSummary {
    /// Whether a Gantry, this or another one, has made it to look into a volume.
    var isTemporary: Bool { labels[TemporaryContainer.label] != nil }
}
