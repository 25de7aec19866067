import EngineAPI
import Terminal

/// The way to what is in a volume.
enum VolumeRoute: Sendable {
    /// Through a container that mounts all of it.
    case container(Container, at: String, isWritable: Bool)
    /// Nobody does: through one that is made for it.
    case temporary
}

extension EngineState {
    /// How one gets at what is in a volume.
    func route(to volume: VolumeSummary) -> VolumeRoute {
        var best: (rank: Int, route: VolumeRoute)?
        for id in use(ofVolume: volume.name).all {
            guard let container = containers[id], ![.dead, .removing].contains(container.state) else { continue }
            for mount in container.summary.mounts where mount.name == volume.name {
                guard showsAll(of: volume, mount, in: container) else { continue }
                // One that runs tells what is in a folder at the price of a folder.
                let rank = (container.state == .running ? 0 : 2) + (mount.writable ? 0 : 1)
                guard rank < best?.rank ?? .max else { continue }
                best = (rank, .container(container, at: mount.destination, isWritable: mount.writable))
            }
        }
        return best?.route ?? .temporary
    }

    /// Whether one sees there what is in the volume, and nothing else.
    private func showsAll(of volume: VolumeSummary, _ mount: ContainerMount, in container: Container) -> Bool {
        // A folder of it may be mounted instead of the whole.
        if !mount.source.isEmpty, !volume.mountpoint.isEmpty, mount.source != volume.mountpoint { return false }
        let place = ContainerPath.clean(mount.destination)
        return !container.summary.mounts.contains {
            ContainerPath.clean($0.destination).hasPrefix(place == "/" ? "/" : place + "/") && $0 != mount
        }
    }
}

/// The volume that a browser shows, or a copy is about.
struct BrowsedVolume: Hashable, Sendable {
    /// What a person calls it.
    let name: String
    /// Where it is in the container.
    let root: String

    /// A path of the container as one of the volume.
    func path(_ path: String) -> String { path == root ? "/" : String(path.dropFirst(root == "/" ? 0 : root.count)) }

    /// The other way round.
    func inContainer(_ path: String) -> String {
        let path = ContainerPath.clean(path)
        return root == "/" ? path : path == "/" ? root : root + path
    }

    /// Whether a path of the container is in it.
    func holds(_ path: String) -> Bool { path == root || path.hasPrefix(root == "/" ? "/" : root + "/") }
}

extension State {
    /// Shows what is in a volume.
    mutating func openFiles(of volume: VolumeSummary) {
        let name = volume.shownName
        switch engine.route(to: volume) {
        case .container(let container, let place, let isWritable):
            var browser = FileBrowser(engine: current, container: container.id, name: container.name)
            browser.volume = BrowsedVolume(name: name, root: ContainerPath.clean(place))
            browser.path = ContainerPath.clean(place)
            if !isWritable { browser.copiesInThrough = volume.name }
            layers.append(.files(browser))
        case .temporary:
            guard engine.images.loaded else {
                return tell(.note, "the images are not listed yet: try again in a moment")
            }
            let images = engine.images.items
            guard !images.isEmpty else {
                return tell(
                    .failure,
                    "no container mounts \(name), and there is no image to make one of that does: pull any one first")
            }
            let number = nextAction
            nextAction += 1
            let temporary = TemporaryContainer(volume: volume.name, tail: "\(runTail)\(number)", images: images)
            var browser = FileBrowser(engine: current, container: temporary.id, name: temporary.name)
            browser.volume = BrowsedVolume(name: name, root: TemporaryContainer.place)
            browser.path = TemporaryContainer.place
            browser.temporary = temporary
            browser.number = number
            browser.isReady = false
            browser.copiesInThrough = volume.name
            journal.append(
                Journal.Entry(
                    id: number, at: now, engine: current, title: "look into \(name)",
                    done: "made \(temporary.name)", docker: temporary.docker, outcome: .running))
            layers.append(.files(browser))
        }
    }

    // MARK: Temporary containers

    /// What became of the container that was made to look into a volume.
    mutating func take(_ news: TemporaryNews, number: Int, of id: EngineID) {
        guard let entry = journal.entries.last(where: { $0.id == number }) else { return }
        switch news {
        case .made:
            journal.finish(number, .done(now.timeIntervalSince(entry.at)))
            change(number: number) {
                $0.isReady = true
                $0.readAgain()
            }
        case .failed(let error):
            journal.finish(number, .failed(error.message))
            change(number: number) {
                $0.content = .failed("a container to look through could not be made: \(error.message)")
            }
        case .removed(let name): journal.note(number, ["removed \(name)"])
        case .lingers(let name, let error):
            journal.note(number, ["\(name) could not be removed yet: \(error.message)"])
            tell(.note, "\(name) is still there: it is removed as soon as the Engine can (\(error.message))")
        }
    }

    private mutating func change(number: Int, _ body: (inout FileBrowser) -> Void) {
        change { if $0.number == number { body(&$0) } }
    }

    /// Asks whether what a Gantry that has ended left behind is to be removed.
    mutating func offer(leftBehind ids: [ContainerID], of id: EngineID) {
        let containers = ids.compactMap { engines[id]?.containers[$0] }
        guard let first = containers.first else { return }
        guard layers.isEmpty, id == current else {
            let more = containers.count > 1 ? " and \(containers.count - 1) more" : ""
            return tell(
                .note,
                "\(first.name)\(more) was left behind by a Gantry that has ended: \(key(of: "container.remove")) removes it"
            )
        }
        let volumes = Set(containers.compactMap { $0.summary.labels[TemporaryContainer.volumeLabel] }).sorted()
        let about = volumes.prefix(3).map { VolumeSummary(name: $0).shownName }.joined(separator: ", ")
        layers.append(
            .question(
                Question(
                    engine: id,
                    targets: containers.map { Question.Target(id: .container($0.id), name: $0.name) }, verb: "remove",
                    noun: "containers that Gantry left behind",
                    notes: [
                        "made by a Gantry to look into \(about.isEmpty ? "a volume" : about), and left behind when that ended;"
                            + " nothing of the volume is in \(containers.count == 1 ? "it" : "them")"
                    ],
                    docker: { question in
                        let names = ContainersJob.names(question.targets.map(\.name))
                        return ContainerAction.remove(force: true, volumes: true).docker(Sanitiser.clean(names))
                    },
                    yes: { question, state in
                        state.perform(.remove(force: true, volumes: true), on: question.targets, of: question.engine)
                    })))
    }
}

/// What becomes of a temporary container.
enum TemporaryNews: Sendable {
    case made
    case failed(EngineError)
    case removed(String)
    /// It could not be removed yet.
    case lingers(String, EngineError)
}

/// A container that some Gantry has made, to be asked whether that still runs.
struct TemporaryFound: Hashable, Sendable {
    let id: ContainerID
    let owner: String
    let created: Double
}
