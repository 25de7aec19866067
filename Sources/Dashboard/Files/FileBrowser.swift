import EngineAPI
import Terminal

/// What one sees of a container's files.
struct FileBrowser: Sendable {
    enum Content: Sendable {
        /// So many bytes have been read for it.
        case loading(Int)
        case listed(FileListing)
        case failed(String)
    }

    let engine: EngineID
    let container: ContainerID
    /// The container's name when it was opened.
    let name: String
    /// The volume whose content it is; nil for the whole container.
    var volume: BrowsedVolume?
    /// The container that was made for it, and its entry in the journal.
    var temporary: TemporaryContainer?
    var number = 0
    /// Whether there is a container yet.
    var isReady = true
    /// The volume that nothing can be copied into through this container.
    var copiesInThrough: String?
    var path = "/"
    var content = Content.loading(0)
    var index = 0
    /// The first row that is shown.
    var offset = 0
    /// What is selected when it is there: where one came from.
    var awaited: String?
    /// Counts what was asked for, so that an answer is known to be to the last question.
    var revision = 0
    /// Bytes of an archive that are read for a listing at most.
    var mostRead = FileLister.mostRead

    var files: [ContainerFile] { if case .listed(let listing) = content { listing.files } else { [] } }

    var selected: ContainerFile? { files.indices.contains(index) ? files[index] : nil }

    var selectedPath: String? { selected.map { ContainerPath.joined(path, $0.name) } }

    /// The path as a person reads it: in a volume, its own.
    var shownPath: String { volume?.path(path) ?? path }

    /// The folder that one does not leave.
    var root: String { volume?.root ?? "/" }

    /// Reads a folder; `awaited` is selected in it when it is there.
    mutating func go(to path: String, selecting awaited: String? = nil) {
        if path != self.path { mostRead = FileLister.mostRead }
        self.path = path
        self.awaited = awaited
        content = .loading(0)
        revision += 1
        index = 0
        offset = 0
    }

    /// Reads the same folder again.
    mutating func readAgain() { go(to: path, selecting: selected?.name) }

    mutating func take(_ result: Result<FileListing, EngineError>) {
        switch result {
        case .failure(let error): content = .failed(error.message)
        case .success(let listing):
            content = .listed(listing)
            if let awaited, let place = listing.files.firstIndex(where: { $0.name == awaited }) { index = place }
            index = min(index, max(0, listing.files.count - 1))
        }
        awaited = nil
    }

    mutating func move(_ step: Int, height: Int) {
        index = min(max(0, index + step), max(0, files.count - 1))
        keepVisible(height)
    }

    mutating func keepVisible(_ height: Int) {
        if index >= offset + height { offset = index - height + 1 }
        if index < offset { offset = index }
        offset = min(max(0, offset), max(0, files.count - height))
    }
}

extension FileBrowser {
    /// Where a link of a volume leads that leads out of it: what stands there is the container's, not the volume's.
    func wayOut(of file: ContainerFile) -> String? {
        guard let volume, file.kind == .link, !file.target.isEmpty else { return nil }
        let target = file.target.hasPrefix("/") ? file.target : ContainerPath.joined(path, file.target)
        return volume.holds(ContainerPath.clean(target)) ? nil : file.target
    }
}

extension State {
    /// The browser, whatever lies over it.
    var browser: FileBrowser? {
        for case .files(let browser) in layers { return browser }
        return nil
    }

    mutating func change(_ change: (inout FileBrowser) -> Void) {
        for index in layers.indices {
            if case .files(var browser) = layers[index] {
                change(&browser)
                browser.keepVisible(FilesLayer.height(size))
                layers[index] = .files(browser)
            }
        }
    }

    /// A folder has been read, or not.
    mutating func take(_ result: Result<FileListing, EngineError>, ofFiles revision: Int) {
        change { browser in if browser.revision == revision { browser.take(result) } }
    }

    /// Something was copied in.
    mutating func readAgain(after job: any Job) {
        if let job = job as? CopyInJob { change { if $0.container == job.container { $0.readAgain() } } }
        if let job = job as? CopyIntoVolumeJob {
            change { if $0.copiesInThrough == job.temporary.volume { $0.readAgain() } }
        }
    }

    /// Copies something into a volume, through a container that is made for that.
    fileprivate mutating func copyIn(_ source: String, to folder: String, of volume: String) -> [Effect] {
        let images = engine.images.items
        guard !images.isEmpty else {
            tell(.failure, "there is no image to make a container of that can write there: pull any one first")
            return []
        }
        let temporary = TemporaryContainer(
            volume: volume, tail: "\(runTail)\(nextAction)", images: images, isWritable: true)
        return start(CopyIntoVolumeJob(temporary: temporary, source: source, folder: folder))
    }

    /// Shows the files of a container.
    mutating func openFiles(of container: Container) {
        layers.append(
            .files(FileBrowser(engine: current, container: container.id, name: container.name)))
    }

    // MARK: Keys

    mutating func handle(_ key: Key, on browser: FileBrowser) -> [Effect] {
        var browser = browser
        let height = FilesLayer.height(size)
        switch key {
        case .escape, .character("q"), .character("F"):
            layers.removeLast()
            return []
        case .down, .character("j"): browser.move(1, height: height)
        case .up, .character("k"): browser.move(-1, height: height)
        case .pageDown, .ctrl("d"): browser.move(height, height: height)
        case .pageUp, .ctrl("u"): browser.move(-height, height: height)
        case .home, .character("g"): browser.move(-browser.files.count, height: height)
        case .end, .character("G"): browser.move(browser.files.count, height: height)
        case .backspace, .left, .character("h"):
            if browser.path != browser.root {
                browser.go(to: ContainerPath.parent(browser.path), selecting: ContainerPath.name(browser.path))
            }
        case .enter, .right, .character("l"):
            guard let file = browser.selected, let path = browser.selectedPath else { break }
            switch file.kind {
            // Where a link leads is the container's to say: if it is no folder, it says that.
            case .folder, .link:
                if let way = browser.wayOut(of: file) {
                    tell(.note, "\(file.name) leads out of the volume, to \(way)")
                    return []
                }
                browser.go(to: path)
            case .file, .special:
                if key == .enter { return askCopyOut(browser) }
            }
        case .character("r"), .ctrl("l"): if browser.isReady { browser.readAgain() }
        case .character("+"):
            if case .listed(let listing) = browser.content, listing.cut != nil, listing.way == .archive {
                browser.mostRead *= 4
                let (limit, path) = (browser.mostRead, browser.path)
                browser.go(to: path, selecting: browser.selected?.name)
                browser.mostRead = limit
            }
        case .character("o"), .character("c"): return askCopyOut(browser)
        case .character("i"), .character("p"): return askCopyIn(browser)
        case .character("/"), .character(":"):
            ask(
                Ask(
                    label: "go to ", hint: browser.volume == nil ? "a path in the container" : "a path in the volume",
                    verb: "go",
                    accept: { text, state in
                        state.change { $0.go(to: $0.volume?.inContainer(text) ?? ContainerPath.clean(text)) }
                        return []
                    }), text: browser.shownPath)
            return []
        default: break
        }
        layers[layers.count - 1] = .files(browser)
        return []
    }

    private mutating func askCopyOut(_ browser: FileBrowser) -> [Effect] {
        guard let file = browser.selected, let path = browser.selectedPath else {
            tell(.note, "nothing is selected")
            return []
        }
        if let way = browser.wayOut(of: file) {
            tell(.note, "\(file.name) leads out of the volume, to \(way)")
            return []
        }
        let label =
            browser.volume.map { "copy \($0.name):\($0.path(path)) to " } ?? "docker cp \(browser.name):\(path) "
        ask(
            Ask(
                label: Sanitiser.clean(label), hint: "a place on this machine; Tab completes",
                verb: "copy", completesPaths: true,
                accept: { text, state in
                    var job = CopyOutJob(
                        container: browser.container, name: browser.name, path: path, followsLink: file.kind == .link,
                        target: text)
                    job.volume = browser.volume
                    job.temporary = browser.temporary.map { ($0, browser.number) }
                    return state.start(job)
                }), text: "./" + (Sanitiser.clean(file.name) == file.name ? file.name : "copied"))
        return []
    }

    private mutating func askCopyIn(_ browser: FileBrowser) -> [Effect] {
        guard browser.isReady else { return [] }
        let folder = browser.path
        let label =
            browser.volume.map { "copy into \($0.name):\($0.path(folder)): " }
            ?? "docker cp … \(browser.name):\(folder): "
        ask(
            Ask(
                label: Sanitiser.clean(label),
                hint: "a file or folder of this machine; Tab completes", verb: "copy",
                check: { text, _ in
                    LocalPath.name(of: text) == nil ? "a name is missing at its end" : nil
                }, completesPaths: true,
                accept: { text, state in
                    if let volume = browser.copiesInThrough {
                        return state.copyIn(text, to: browser.shownPath, of: volume)
                    }
                    var job = CopyInJob(
                        container: browser.container, name: browser.name, source: text, folder: folder)
                    job.volume = browser.volume
                    return state.start(job)
                }))
        return []
    }
}
