import EngineAPI
import Terminal

extension Command {
    static let imageCommands: [Command] = [
        Command(
            id: "image.pull", title: "pull an image from its registry", hint: "pull", keys: .named("p"),
            scope: .images, kind: .changes, applies: isReachable,
            run: { state in
                let name = state.aimedImages.first?.tags.first ?? ""
                state.ask(
                    Ask(
                        label: "docker pull ", hint: "nginx:1.27 · registry.example:5000/team/app", verb: "pull",
                        check: { text, _ in ImageReference(text).problem }, completes: .images,
                        accept: { text, state in state.start(PullJob(image: ImageReference(text))) }), text: name)
                return []
            }),
        Command(
            id: "image.push", title: "push the image to its registry", hint: "push", keys: .named("u"),
            scope: .images, kind: .changes, takesSeveral: true, applies: { $0.appliesToImages(needsName: true) },
            run: { $0.askPush() }),
        Command(
            id: "image.tag", title: "give the image another name (tag)", hint: "tag", keys: .named("t"),
            scope: .images, kind: .changes, applies: { $0.appliesToImages() },
            run: { state in
                guard let image = state.aimedImages.first else { return [] }
                let known = Sanitiser.clean(image.tags.first ?? image.shortID)
                state.ask(
                    Ask(
                        label: "docker tag \(known) ", hint: "name:tag, with its registry to be pushed there",
                        verb: "tag", check: { text, state in state.problem(withTag: text) }, completes: .images,
                        accept: { text, state in
                            state.start(TagJob(image: image.id, known: known, name: ImageReference(text)))
                        }), text: image.tags.first ?? "")
                return []
            }),
        Command(
            id: "image.remove", title: "remove the image, or one of its names", hint: "remove",
            keys: .named("d", "delete"), scope: .images, kind: .destroys, takesSeveral: true,
            applies: { $0.appliesToImages() },
            run: { $0.askImageRemoval() }),
        Command(
            id: "image.layers", title: "the layers of the image (history)", hint: "layers", keys: .named("l"),
            scope: .images,
            applies: { state in
                state.focus == .detail ? .no("") : state.selected == nil ? .no("no image is selected") : .yes
            },
            docker: { $0.dockerLine("history", of: .images) },
            run: { $0.show(.history) }),
        Command(
            id: "image.save", title: "save the image, or the marked ones, to a tar", hint: "save", keys: .named("s"),
            scope: .images, kind: .reads, takesSeveral: true, applies: { $0.appliesToImages() },
            run: { state in
                let images = state.aimedImages
                let names = images.flatMap { $0.tags.isEmpty ? [$0.shortID] : $0.tags }
                let file =
                    images.count == 1
                    ? Sanitiser.clean(names[0]).replacing("/", with: "_").replacing(":", with: "-") : "images"
                state.ask(
                    Ask(
                        label: "docker save -o ", hint: "a file on this machine", verb: "save", completes: nil,
                        accept: { text, state in state.start(SaveImagesJob(names: names, path: text)) }),
                    text: "\(file).tar")
                return []
            }),
        Command(
            id: "image.load", title: "load images from a tar", keys: .named("L"), scope: .images, kind: .changes,
            applies: isReachable,
            run: { state in
                state.ask(
                    Ask(
                        label: "docker load -i ", hint: "a tar on this machine that docker save made", verb: "load",
                        accept: { text, state in state.start(LoadImagesJob(path: text)) }))
                return []
            }),
        Command(
            id: "image.import", title: "import a tar of files as an image", keys: .named("I"), scope: .images,
            kind: .changes, applies: isReachable,
            run: { state in
                state.open(state.keptForms[ImportForm.id] ?? ImportForm.make())
                return []
            }),
        Command(
            id: "image.search", title: "search for images on the registry", hint: "search", keys: .named("f"),
            scope: .images, kind: .reads, applies: isReachable,
            run: { state in
                state.ask(
                    Ask(
                        label: "docker search ", hint: "nginx · registry.example:5000/nginx", verb: "search",
                        accept: { text, state in state.start(SearchJob(term: text)) }))
                return []
            }),
    ]
}

extension State {
    /// The images that a command is about: the marked ones that are listed, or the selected one.
    var aimedImages: [ImageSummary] {
        guard pane == .images else { return [] }
        let marked = markedRows(.images).compactMap { engine.image($0) }
        return marked.isEmpty ? selected.flatMap { engine.image($0) }.map { [$0] } ?? [] : marked
    }

    fileprivate func appliesToImages(needsName: Bool = false) -> Command.Applicability {
        let images = aimedImages
        guard !images.isEmpty else { return .no("no image is selected") }
        guard engine.isConnected else { return .no("the Engine is not reachable: nothing was sent") }
        if needsName, !images.contains(where: { !$0.tags.isEmpty }) {
            return .no("the image has no name to be pushed under: \(key(of: "image.tag")) gives it one")
        }
        return .yes
    }

    /// What is wrong with a new name of an image.
    fileprivate func problem(withTag text: String) -> String? {
        let name = ImageReference(text)
        if let problem = name.problem { return problem }
        return name.digest == nil ? nil : "a digest cannot be given: it is what the image is"
    }

    fileprivate mutating func askPush() -> [Effect] {
        let images = aimedImages.filter { !$0.tags.isEmpty }
        let names = images.flatMap(\.tags)
        let choices = ["all"] + names
        var question = Question(
            engine: current, targets: images.map { .init(id: .image($0.id), name: $0.tags[0]) }, verb: "push",
            noun: "images",
            docker: { question in
                Self.chosenNames(question, names).map { "docker push \($0)" }.joined(separator: "; ")
            },
            yes: { question, state in
                for target in question.targets { state.marked.remove(target.id) }
                return Self.chosenNames(question, names).flatMap {
                    state.start(PushJob(image: ImageReference($0)))
                }
            })
        if names.count > 1 { question.options = [.init(id: "name", value: .choice(choices, index: 1))] }
        let registries = Set(names.map { ImageReference($0).registry ?? "Docker Hub" })
        question.notes = ["to \(registries.sorted().joined(separator: ", "))"]
        layers.append(.question(question))
        return []
    }

    private static func chosenNames(_ question: Question, _ names: [String]) -> [String] {
        let chosen = question.chosen("name")
        return chosen == 0 ? names : [names[chosen - 1]]
    }

    fileprivate mutating func askImageRemoval() -> [Effect] {
        let images = aimedImages
        // By name, so that only these go; what has none, by identity.
        let names = images.flatMap { $0.tags.isEmpty ? [$0.shortID] : $0.tags }
        var question = Question(
            engine: current,
            targets: images.map { .init(id: .image($0.id), name: $0.tags.first ?? $0.shortID) }, verb: "remove",
            noun: "images",
            options: [
                .init(
                    id: "force", title: "force: also when stopped containers use it",
                    value: .check(key: "f", isOn: false))
            ],
            docker: { question in
                RemoveImagesJob(names: Self.removed(question, names), force: question.isOn("force")).docker
            },
            yes: { question, state in
                for target in question.targets { state.marked.remove(target.id) }
                let names = Self.removed(question, names)
                return state.start(RemoveImagesJob(names: names, force: question.isOn("force")))
            })
        if images.count == 1, names.count > 1 {
            question.options.insert(.init(id: "name", value: .choice(["all"] + names, index: 1)), at: 0)
        }
        let ids = Set(images.map(\.id))
        let users = engine.order.compactMap { engine.containers[$0] }.filter { ids.contains($0.summary.imageID) }
        if !users.isEmpty {
            let shown = users.prefix(6).map { described($0) }.joined(separator: ", ")
            question.notes = ["used by \(shown)" + (users.count > 6 ? " and \(users.count - 6) more" : "")]
        }
        layers.append(.question(question))
        return []
    }

    /// The names that a removal means, of those whose images are still there.
    private static func removed(_ question: Question, _ names: [String]) -> [String] {
        question.options.contains { $0.id == "name" } ? chosenNames(question, names) : names
    }
}
