import EngineAPI
import FoundationEssentials

/// Removes exactly what was listed, each by a request of its own and without force: docker's prunes, but of nothing that
/// nobody has seen.
struct CleanupJob: Job {
    let items: [CleanupItem]
    let docker: String
    /// What everything took when it was listed, to be compared afterwards; nil where that was not known.
    let before: Int?

    var title: String { "clean up \(CleanupSum(items).words)" }
    var done: String { "removed \(CleanupSum(items).words)" }
    var isWatched: Bool { true }
    var changes: [PaneKind] { PaneKind.listed.filter { pane in items.contains { $0.kind.pane == pane } } }

    func run(on engine: Engine, tell: @escaping JobTeller) async throws -> JobOutcome {
        let run = CleanupRun(items, engine, tell)
        await run.all()
        return try await run.outcome()
    }
}

/// A cleaning under way.
private actor CleanupRun {
    /// What became of one thing.
    enum End: Sendable {
        /// With what else there is to say of it.
        case removed(note: String? = nil)
        /// Somebody else was faster.
        case gone
        /// It came into use.
        case used(by: [String], String)
        /// The Engine does not want to, or it is not what it was.
        case refused(String)
        /// Nobody answered; it may be gone.
        case unanswered(String)
    }

    private static let width = 4
    private let items: [CleanupItem]
    private let engine: Engine
    private let tell: JobTeller
    private var ends: [Int: End] = [:]
    /// Why nothing more is tried.
    private var stopped: EngineError?
    /// Records of the cache that went although nobody had listed them.
    private var unlisted: [String] = []

    init(_ items: [CleanupItem], _ engine: Engine, _ tell: @escaping JobTeller) {
        self.items = items
        self.engine = engine
        self.tell = tell
    }

    // MARK: One phase after the other

    func all() async {
        await remove(indices(.containers)) { item, engine in
            try await engine.remove(ContainerID(item.id))
            return .removed()
        }
        let others = indices(.networks, .anonymousVolumes, .namedVolumes, .danglingImages, .images)
        // What came into use meanwhile is left alone, also where the Engine would not mind: it asks of networks only
        // whether a container in them runs.
        var users = CleanupUsers([])
        if !others.isEmpty, !hasToStop {
            do { users = CleanupUsers(try await engine.containers()) } catch { stopped = EngineError(error) }
        }
        let known = users
        await remove(indices(.networks)) { item, engine in
            if let end = End(known, item) { return end }
            try await engine.removeNetwork(item.id)
            return .removed()
        }
        await remove(indices(.anonymousVolumes, .namedVolumes)) { item, engine in
            if let end = End(known, item) { return end }
            try await engine.removeVolume(item.id)
            return .removed()
        }
        // Children before what they are built on; what was in another's way all the same has its turn again.
        var images = indices(.danglingImages, .images).sorted {
            (items[$0].created ?? .distantPast, $0) > (items[$1].created ?? .distantPast, $1)
        }
        while !images.isEmpty {
            await remove(images) { item, engine in
                if let end = End(known, item) { return end }
                return try await Self.remove(image: item, engine)
            }
            let again = images.filter { index in
                if case .refused(let why)? = ends[index] { why.contains("dependent child") } else { false }
            }
            // As long as that helps.
            guard again.count < images.count, !hasToStop else { break }
            for index in again { ends[index] = nil }
            images = again
        }
        await removeCache()
    }

    private func indices(_ kinds: CleanupKind...) -> [Int] {
        items.indices.filter { kinds.contains(items[$0].kind) }
    }

    private var hasToStop: Bool { stopped != nil || Task.isCancelled }

    /// Some at once. What has been sent is waited for, cancelled or not: what it did is to be told.
    private func remove(
        _ indices: [Int], _ body: @escaping @Sendable (CleanupItem, Engine) async throws -> End
    ) async {
        await withTaskGroup(of: (Int, End).self) { group in
            var waiting = indices.makeIterator()
            func begin() {
                guard !hasToStop, let index = waiting.next() else { return }
                let (item, engine) = (items[index], engine)
                group.addTask {
                    let work = Task.detached { await Self.end(of: item, engine, body) }
                    return (index, await work.value)
                }
            }
            for _ in 0..<Self.width { begin() }
            while let (index, end) = await group.next() {
                await note(end, of: index)
                begin()
            }
        }
    }

    private func note(_ end: End, of index: Int) async {
        ends[index] = end
        if case .unanswered = end, stopped == nil { stopped = .closed }
        let removed = ends.filter { if case .removed = $0.value { true } else { false } }.keys.map { items[$0] }
        await tell(.status(Units.bytes(Double(CleanupSum(removed).bytes))))
        await tell(.count(done: ends.count, of: items.count))
    }

    private static func end(
        of item: CleanupItem, _ engine: Engine, _ body: @Sendable (CleanupItem, Engine) async throws -> End
    ) async -> End {
        do { return try await body(item, engine) } catch {
            let error = EngineError(error)
            switch error {
            case .notFound: return .gone
            case .unreachable, .closed, .timedOut, .malformed, .cancelled: return .unanswered(error.message)
            case .conflict(let why) where why.contains("already in progress"): return .gone
            default: break
            }
            guard item.kind != .containers else {
                return error.message.contains("running") || error.message.contains("paused")
                    ? .used(by: [], "it runs") : .refused(error.message)
            }
            // The Engine names who uses it by numbers, if at all.
            let users = (try? await engine.containers()).map { CleanupUsers($0) }
            return users.flatMap { End($0, item) } ?? .refused(error.message)
        }
    }

    // MARK: Images

    private static func remove(image item: CleanupItem, _ engine: Engine) async throws -> End {
        // Somebody may have given it another name meanwhile, or given its name to another image.
        let names = try await engine.names(ofImage: item.id)
        guard Set(names.tags) == Set(item.names) else {
            return .refused(
                names.tags.isEmpty ? "it lost its name" : "its names changed: \(names.tags.joined(separator: " "))")
        }
        var deleted: [String] = []
        do {
            for name in item.names.isEmpty ? [item.id] : item.names {
                deleted += try await engine.removeImage(name).deleted
            }
        } catch EngineError.conflict(let why) where item.names.isEmpty && why.contains("multiple repositories") {
            for name in names.digests { deleted += try await engine.removeImage(name).deleted }
        }
        return .removed(note: deleted.isEmpty ? "its layers stay: other images are built on them" : nil)
    }

    // MARK: The builder's cache

    /// A record goes only after those that are built on it, so they are gone through until nothing goes any more.
    private func removeCache() async {
        var left = indices(.buildCache)
        let parents = Set(left.flatMap { items[$0].parents })
        left.sort { (parents.contains(items[$0].id) ? 1 : 0, $0) < (parents.contains(items[$1].id) ? 1 : 0, $1) }
        var went = true
        while went, !left.isEmpty, !hasToStop {
            went = false
            for index in left where ends[index] == nil && !hasToStop {
                let (id, engine) = (items[index].id, engine)
                let answer = await Task.detached {
                    await Result<BuildCacheRemoval, EngineError>.of { try await engine.pruneBuildCache(id: id) }
                }.value
                switch answer {
                case .success(let removal):
                    for gone in removal.ids { await noteCache(gone, &went) }
                case .failure(let error) where error.message.lowercased().contains("filter"):
                    return await removeWholeCache()
                case .failure(let error): await note(.refused(error.message), of: index)
                }
            }
            left.removeAll { ends[$0] != nil }
        }
        guard !hasToStop else { return }
        // What is no longer listed went with another, or by somebody else's hand.
        let use = left.isEmpty ? nil : try? await engine.diskUse()
        for index in left {
            let record = use?.buildCache.first { $0.id == items[index].id }
            await note(
                record.map { $0.isInUse ? .used(by: [], "a build uses it") : .refused("the Engine keeps it") }
                    ?? (use == nil ? .refused("the Engine did not remove it") : .gone), of: index)
        }
    }

    private func noteCache(_ id: String, _ went: inout Bool) async {
        guard let index = items.firstIndex(where: { $0.kind == .buildCache && $0.id == id }) else {
            return unlisted.append(id)
        }
        went = true
        await note(.removed(), of: index)
    }

    /// Some Engines cannot remove a single record.
    private func removeWholeCache() async {
        var went = false
        do {
            for gone in try await engine.pruneBuildCache().ids { await noteCache(gone, &went) }
            for index in indices(.buildCache) where ends[index] == nil { await note(.gone, of: index) }
        } catch {
            for index in indices(.buildCache) where ends[index] == nil {
                await note(.refused(EngineError(error).message), of: index)
            }
        }
    }

    // MARK: What came of it

    /// - Throws: `JobError` when something that was listed is still there.
    func outcome() throws -> JobOutcome {
        let removed = items.indices.filter { if case .removed? = ends[$0] { true } else { false } }
        let gone = items.indices.filter { if case .gone? = ends[$0] { true } else { false } }
        let sum = CleanupSum(removed.map { items[$0] })
        let size = sum.count > 0 && !sum.size.isEmpty ? ", \(sum.size)" : ""
        let all = items.count == removed.count
        var text = all ? "removed \(sum.words)\(size)" : "removed \(removed.count) of \(items.count)\(size)"
        let differences = differences(gone.count)
        if !differences.isEmpty { text += ": \(differences.joined(separator: "; "))" }
        let notes = notes
        if Task.isCancelled {
            throw JobError("cancelled", notes: notes, left: "\(removed.count) of \(items.count) were removed\(size)")
        }
        guard removed.count + gone.count == items.count else { throw JobError(text, notes: notes) }
        return JobOutcome(summary: text, notes: notes)
    }

    /// What is other than it was listed, each in a few words.
    private func differences(_ gone: Int) -> [String] {
        var used: [(CleanupItem, [String], String)] = []
        var refused: [(CleanupItem, String)] = []
        var unanswered: [String] = []
        for index in items.indices {
            switch ends[index] {
            case .used(let names, let how): used.append((items[index], names, how))
            case .refused(let why): refused.append((items[index], why))
            case .unanswered(let why): unanswered.append(why)
            default: break
            }
        }
        var words: [String] = []
        if let (item, names, how) = used.first {
            let who = names.isEmpty ? how : "used by \(names.prefix(3).joined(separator: ", "))"
            words.append(
                used.count == 1
                    ? "\(item.name) came into use (\(who))"
                    : "\(used.count) came into use, \(item.name) (\(who)) and others")
        }
        if let (item, why) = refused.first {
            words.append(refused.count == 1 ? "\(item.name): \(why)" : "\(refused.count) refused, \(item.name): \(why)")
        }
        if gone > 0 { words.append("\(gone) \(gone == 1 ? "was" : "were") gone already") }
        if let why = unanswered.first { words.append("\(unanswered.count) without an answer: \(why)") }
        let untried = items.count - ends.count
        if untried > 0, !Task.isCancelled {
            words.append("\(untried) not tried" + (unanswered.isEmpty ? stopped.map { ": \($0.message)" } ?? "" : ""))
        }
        if !unlisted.isEmpty { words.append("\(unlisted.count) more of the build cache went than listed") }
        return words
    }

    /// What was listed, and what became of each.
    private var notes: [String] {
        let sum = CleanupSum(items)
        return ["listed: \(sum.words)\(sum.size.isEmpty ? "" : ", \(sum.size)")"]
            + items.indices.map { index in
                let size = items[index].size.flatMap { $0 > 0 ? " (\(Units.bytes(Double($0))))" : nil } ?? ""
                let what = items[index].described + size
                switch ends[index] {
                case .removed(let note): return "removed \(what)" + (note.map { ": \($0)" } ?? "")
                case .gone: return "gone already: \(what)"
                case .used(let names, let how):
                    let who = names.isEmpty ? how : "used by \(names.joined(separator: ", "))"
                    return "left, came into use: \(what): \(who)"
                case .refused(let why): return "left: \(what): \(why)"
                case .unanswered(let why): return "not known: \(what): \(why); it may have been done all the same"
                case nil: return "not tried: \(what)"
                }
            } + unlisted.map { "removed though it was not listed: cache record \($0)" }
    }
}

extension CleanupRun.End {
    /// What keeps a thing from going; nil when nobody uses it.
    fileprivate init?(_ users: CleanupUsers, _ item: CleanupItem) {
        let names = users.names(of: item)
        guard !names.isEmpty else { return nil }
        self = .used(by: names.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }, "")
    }
}
