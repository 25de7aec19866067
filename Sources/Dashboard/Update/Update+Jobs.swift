import EngineAPI
import FoundationEssentials
import Terminal

extension State {
    // MARK: Beginning

    /// Starts a job.
    /// - Parameter form: the form that waits for it, and stays when it fails.
    mutating func start(_ job: any Job, form: Form? = nil) -> [Effect] {
        guard engine.isConnected else {
            tell(.failure, "the Engine is not reachable: nothing was sent")
            return []
        }
        let number = nextAction
        nextAction += 1
        journal.append(
            Journal.Entry(
                id: number, at: now, engine: current, title: job.title, done: job.done, docker: job.docker,
                outcome: .running))
        jobs.append(RunningJob(id: number, engine: current, job: job, since: now))
        if let form {
            var form = form
            form.working = number
            form.message = nil
            replace(form)
        } else if job.isWatched {
            layers.append(.job(number))
        }
        return [.startJob(current, id: number, job)]
    }

    // MARK: What it says

    mutating func take(_ news: JobNews, ofJob number: Int) {
        guard let index = jobs.lastIndex(where: { $0.id == number }) else { return }
        jobs[index].progress.take(news)
        if let job = jobs[index].job as? ContainersJob {
            take(news, of: job, number: number, on: jobs[index].engine)
        }
    }

    /// Says how a job went, on the screen and in the journal.
    mutating func finish(job number: Int, _ result: Result<JobOutcome, JobFailure>, of id: EngineID) -> [Effect] {
        guard let index = jobs.lastIndex(where: { $0.id == number }) else { return [] }
        jobs[index].ended = now
        let job = jobs[index].job
        if let job = job as? ContainersJob { for target in job.targets { release(target.id, number, on: id) } }
        let seconds = now.timeIntervalSince(jobs[index].since)
        switch result {
        case .success(let outcome):
            let text = "\(outcome.summary ?? job.done) in \(Units.fixed(seconds, 1)) s"
            jobs[index].phase = .done(text)
            journal.note(number, outcome.notes)
            journal.finish(number, .done(seconds))
            tell(.success, text, docker: job.docker)
            closeForm(waitingFor: number)
            let wasWatched = closeLayer(ofJob: number)
            if let menu = outcome.menu, layers.isEmpty { layers.append(.menu(menu)) }
            if let shown = outcome.shows, !isBusyElsewhere, wasWatched || shown.pane == pane { awaitedRow = shown }
            if let button = outcome.presses, let form, form.working == nil {
                return askAnew(job.changes, of: id) + form.behaviour.press(button, &self)
            }
        case .failure(.cancelled), .failure(.cancelledLeaving):
            jobs[index].phase = .cancelled
            var message = "cancelled"
            if case .failure(.cancelledLeaving(let left, let notes)) = result {
                message += "; \(left)"
                journal.note(number, notes)
            }
            journal.finish(number, .failed(message))
            tell(.note, "\(job.title): \(message)", docker: job.docker)
            release(formWaitingFor: number) { $0.message = "cancelled" }
        case .failure(.failed(let error)):
            let message = error.message
            jobs[index].phase = .failed(message)
            // Where it stood when it failed is worth more than the reason alone.
            journal.note(number, error.notes + jobs[index].progress.output.suffix(8))
            journal.finish(number, .failed(message))
            tell(.failure, "\(job.title): \(message)", docker: job.docker)
            release(formWaitingFor: number) { $0.message = message }
            if let offer = error.offer { ask(offer, because: message, on: id, insteadOf: number) }
        }
        let ended = jobs.indices.filter { !jobs[$0].isRunning }
        if ended.count > RunningJob.bound, let oldest = ended.first, !isShown(job: jobs[oldest].id) {
            jobs.remove(at: oldest)
        }
        readAgain(after: job)
        if let cleaning = job as? CleanupJob {
            engines[id]?.disk.ask(afterCleaning: number, before: cleaning.before, now)
        }
        if quitsWhenDone, !jobs.contains(where: \.isRunning) { quitting = true }
        return askAnew(job.changes, of: id)
    }

    private mutating func askAnew(_ changes: [PaneKind], of id: EngineID) -> [Effect] {
        engines[id]?.refresh.panes.formUnion(changes)
        return flushRefresh(id)
    }

    /// Asks whether what would help is to be done. Whoever has gone on to something else finds it in the journal.
    private mutating func ask(
        _ offer: JobError.Offer, because reason: String, on id: EngineID, insteadOf number: Int
    ) {
        layers.removeAll { if case .job(number) = $0 { true } else { false } }
        guard !isBusyElsewhere, id == current else { return }
        flash = nil
        layers.append(
            .question(
                Question(
                    engine: id, verb: offer.verb, noun: offer.noun, notes: [reason],
                    docker: { _ in offer.job.docker }, yes: { _, state in state.start(offer.job) })))
    }

    /// Whether a person does something that is not to be interrupted: nobody does in what is only looked at.
    private var isBusyElsewhere: Bool {
        !layers.allSatisfy { layer in
            switch layer {
            case .job, .files: true
            default: false
            }
        }
    }

    private func isShown(job number: Int) -> Bool {
        layers.contains { if case .job(number) = $0 { true } else { false } }
    }

    /// Takes away the layer of a job that has ended well, unless there is something to read in it.
    /// - Returns: whether there was one.
    private mutating func closeLayer(ofJob number: Int) -> Bool {
        guard isShown(job: number) else { return false }
        if jobs.last(where: { $0.id == number })?.progress.output.isEmpty ?? true {
            layers.removeAll { if case .job(number) = $0 { true } else { false } }
        }
        return true
    }

    /// Selects what a job has brought, once the list has it.
    mutating func showAwaited() {
        guard let awaited = awaitedRow else { return }
        let row: ResourceID?
        switch awaited {
        case .resource(let id): row = id
        case .image(let name): row = engine.image(named: name).map { .image($0.id) }
        }
        guard let row, Pane.of(awaited.pane).rows(engine).contains(row) else { return }
        awaitedRow = nil
        pane = awaited.pane
        self[list: awaited.pane].selected = row
        self[list: awaited.pane].awaited = nil
        settleRows()
        guard !rows(awaited.pane).contains(row) else { return }
        self[list: awaited.pane].filter = ""
        self[list: awaited.pane].relation = nil
        self[list: awaited.pane].onlyTrouble = false
        settleRows()
    }

    // MARK: Keys

    /// A key while a job is watched.
    mutating func handle(_ key: Key, onJob number: Int) -> [Effect] {
        guard let index = jobs.lastIndex(where: { $0.id == number }) else {
            layers.removeLast()
            return []
        }
        switch key {
        case .escape, .enter, .character("q"):
            layers.removeLast()
            if jobs[index].isRunning {
                tell(.note, "\(jobs[index].job.title) goes on: \(self.key(of: "jobs.show")) shows it")
            }
        case .character("c"): return cancel(job: number)
        default: jobs[index].scroll = JobLayer.scrolled(jobs[index], key, self)
        }
        return []
    }

    mutating func cancel(job number: Int) -> [Effect] {
        guard let index = jobs.lastIndex(where: { $0.id == number }), jobs[index].isRunning else { return [] }
        jobs[index].phase = .cancelling
        return [.cancelJob(number)]
    }

    /// Shows the job that runs, or lets one choose.
    mutating func showJobs() {
        let running = jobs.filter(\.isRunning)
        if let only = running.first, running.count == 1 { return layers.append(.job(only.id)) }
        if let only = jobs.first, jobs.count == 1 { return layers.append(.job(only.id)) }
        guard !jobs.isEmpty else {
            return tell(.note, "nothing is under way; \(key(of: "view.journal")) lists what was done")
        }
        let items = jobs.reversed().map { job in
            Menu.Item(title: job.job.title, note: job.phase.note(job.progress), choice: .job(job.id))
        }
        layers.append(.menu(Menu(title: "Jobs", items: Array(items))))
    }

    // MARK: Quitting

    /// Ends the program; while jobs run, after a question.
    mutating func quit() -> [Effect] {
        let running = jobs.filter(\.isRunning)
        guard !running.isEmpty else {
            quitting = true
            return []
        }
        if case .question(let question)? = layers.last, question.targets.isEmpty { return quitCancelling() }
        layers.append(
            .question(
                Question(
                    engine: current, verb: "quit", noun: "gantry",
                    notes: ["this is cancelled: " + running.map(\.job.title).joined(separator: ", ")],
                    yes: { _, state in state.quitCancelling() })))
        return []
    }

    /// Cancels what runs and ends the program when it has ended, so that nothing half-made is left behind.
    mutating func quitCancelling() -> [Effect] {
        let running = jobs.filter(\.isRunning).map(\.id)
        guard !running.isEmpty, !quitsWhenDone else {
            quitting = true
            return []
        }
        quitsWhenDone = true
        quitAt = now
        return running.flatMap { cancel(job: $0) }
    }
}

/// How a job went wrong.
enum JobFailure: Error, Sendable {
    case cancelled
    /// With what is there of it all the same.
    case cancelledLeaving(String, notes: [String] = [])
    case failed(JobError)

    init(_ error: any Error) {
        if let error = error as? JobError {
            self = .failed(error)
        } else if case .cancelled = EngineError(error) {
            self = .cancelled
        } else {
            let error = EngineError(error)
            let doubt = error.isUnanswered ? "; it may have been done all the same" : ""
            self = .failed(JobError(error.message + doubt))
        }
    }
}

extension JobOutcome.Shown {
    /// The pane that lists it.
    var pane: PaneKind {
        switch self {
        case .resource(let id): id.pane
        case .image: .images
        }
    }
}

extension RunningJob.Phase {
    /// How it stands, in a few words.
    func note(_ progress: JobProgress) -> String {
        switch self {
        case .running: progress.summary
        case .cancelling: "cancelling …"
        case .done: "done"
        case .failed: "failed"
        case .cancelled: "cancelled"
        }
    }
}
