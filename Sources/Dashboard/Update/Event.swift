import EngineAPI
import FoundationEssentials
import Terminal

/// Something that happened: the only way state changes.
enum Event: Sendable {
    case key(Key)
    case paste(String)
    case mouse(Mouse)
    case resized(Size)
    /// The terminal's window has the person's attention, or has lost it.
    case looked(Bool)
    case cost(OwnCost)
    /// What was to be found out about this machine.
    case found(LocalQuestion, LocalAnswer)
    /// Where the person has logged in.
    case registries(Result<[RegistryLoginState], EngineError>)
    /// The themes in the person's folder.
    case themes([LoadedTheme])
    /// A second has passed.
    case tick
    /// Something to tell the user that no key asked for.
    case notice(String)
    /// The flash line's turn is over, the refresh timer fired …
    case engine(EngineID, EngineEventKind)
    /// The program was told to end.
    case quit
}

/// What an Engine, or a task that talks to it, has to say.
enum EngineEventKind: Sendable {
    /// The Engine answers and its events are subscribed to.
    case connected
    case version(EngineVersion)
    case described(SystemInfo, roundTrip: Double)
    case lost(EngineError, retryIn: Double, attempt: Int)
    case events([EngineEvent])
    /// What the Engine remembers of what happened before.
    case remembered(Result<[EngineEvent], EngineError>)
    /// Containers as listed; `ids` says which were asked for, nil means all.
    case containers([ContainerSummary], asked: Set<ContainerID>?)
    case images([ImageSummary])
    case volumes([VolumeSummary])
    case networks([NetworkSummary])
    case listFailed(PaneKind, EngineError)
    case diskUse(Result<DiskUse, EngineError>)
    /// What there is to be cleaned up, for the asking of a number.
    case cleanup(Int, Result<CleanupListing, EngineError>)
    /// Details as read, of those that were asked for; the missing ones are no longer there.
    case details([ContainerDetails], asked: [ContainerID], missing: Set<ContainerID>)
    case refreshDue
    /// A ping was answered, or not.
    case answered
    case silent(EngineError)
    case stats(ContainerID, StatsSample)
    /// A sample that was asked for does not come.
    case sampleFailed(ContainerID)
    /// Which way of asking for figures is the lighter one.
    case measuredSampling(Sampling.Way)
    /// What a task has read of a container's log, for the log of a number.
    case log(Int, ContainerID, LogNews)
    case olderLog(Int, Result<OlderPage, EngineError>)
    /// Lines from a time on, too many to be held together with the newest.
    case pastLog(Int, LogLines, FollowedLog.Jump)
    case scannedLog(Int, ScannedLog)
    /// Lines that a container wrote to its log in the last moment, and those of the standard error among them.
    case logLines(ContainerID, Int, errors: Int = 0)
    /// The lines that a container writes cannot be counted.
    case logUncounted(ContainerID)
    case logWritten(LogWriting.Outcome)
    case inspected(ResourceID, Result<[InspectLine], EngineError>, tab: DetailTab = .inspect)
    case processes(ContainerID, Result<ProcessList, EngineError>)
    /// Who is in a network.
    case members(String, Result<NetworkMembers, EngineError>)
    /// The terminal was handed over to something in a container, and is ours again.
    case handedBack(Int, Handover.Outcome)
    case actionFinished(Int, ContainerID, EngineError?)
    /// What the job of a number says while it lasts, and how it ended.
    case jobNews(Int, JobNews)
    case jobEnded(Int, Result<JobOutcome, JobFailure>)
    /// What is in a folder of a container, and how many bytes have been read for it, of a browser's revision.
    case files(Int, Result<FileListing, EngineError>)
    case filesRead(Int, Int)
    /// What becomes of the container that was made under a number, to look into a volume.
    case temporary(Int, TemporaryNews)
    /// The containers of that kind whose Gantry has ended.
    case leftBehind([ContainerID])
    /// What came of the run of a number.
    case ran(Int, RunOrder.Outcome)
    /// What a container was made of.
    case recalled(ContainerID, Result<RecalledRun, EngineError>)
}

/// What happens to a container's log that is read.
enum LogNews: Sendable {
    /// The log can be read: the log driver.
    case opened(driver: String)
    /// The last lines, when it is opened; `isStart` when they are all there are. And what happened to the container.
    case tail(LogBatch, isStart: Bool, history: [(time: Int64, text: String)])
    case lines(LogBatch)
    /// Lines may be missing before the next ones: the Engine no longer has what was last seen.
    case gap
    /// The container stopped and its log is complete.
    case ended
    /// The log cannot be read; tried again when `retrying`.
    case failed(EngineError, retrying: Bool)
}

/// Something to be done outside; its outcome comes back as an event.
enum Effect: Sendable {
    case list(EngineID, PaneKind)
    case listContainers(EngineID, Set<ContainerID>)
    /// Asks what the Engine and its host are.
    case describe(EngineID)
    /// Finds out whether an Engine that has been silent still answers.
    case ping(EngineID)
    case details(EngineID, [ContainerID])
    /// Sends `.refreshDue` after so many seconds.
    case refreshLater(EngineID, after: Double)
    /// Finds out whether a single sample comes at once.
    case measureSampling(EngineID, ContainerID)
    /// Asks for a sample of each.
    case sample(EngineID, [ContainerID], atOnce: Bool)
    case act(EngineID, id: Int, ContainerID, ContainerAction)
    /// Makes a container, and starts it or not.
    case run(EngineID, id: Int, RunOrder)
    /// Starts a job, and cancels one.
    case startJob(EngineID, id: Int, any Job)
    case cancelJob(Int)
    /// Finds out what a container was made of.
    case recall(EngineID, ContainerID)
    /// Finds out which temporary containers nobody is going to remove.
    case findOwners(EngineID, [TemporaryFound])
    /// Writes lines of a log to a file.
    case save(EngineID, LogWriting, path: String)
    /// Writes lines of a log to a file of its own and shows that in the person's pager.
    case page(EngineID, LogWriting)
    case openPager(path: String)
    /// Hands the terminal over to something in a container; the journal's entry has the number.
    case handOver(EngineID, Int, ContainerID, Handover.Target, title: String)
    /// Opens an address in the person's browser.
    case open(String)
    /// Puts text into the clipboard of the person's terminal.
    case copy(String)
    case setMouse(Bool)
    case suspend
    /// Draws every cell again: something else wrote on the terminal.
    case redraw
    /// Tries the Engine again now instead of waiting.
    case reconnect(EngineID)
}

/// A change asked of a container.
enum ContainerAction: Sendable, Hashable {
    case start, stop, restart, pause, unpause
    case kill(Signal)
    case remove(force: Bool, volumes: Bool)
}
