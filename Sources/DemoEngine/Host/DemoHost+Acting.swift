import EngineAPI

// What a person asks of it.
extension DemoHost {
    /// Something that has to happen before a request is answered.
    struct Wait: Sendable {
        let index: Int
        let starts: Int
        let forStart: Bool
    }

    func isOver(_ wait: Wait) -> Bool {
        guard let container = containers[wait.index] else { return true }
        if container.starts > wait.starts { return true }
        // A restart that another stop turned into a mere stop is over as well.
        return !container.isRunning && !(wait.forStart && container.stopping != nil)
    }

    /// Starts a container; false when it runs already.
    mutating func start(_ reference: String) throws(Refusal) -> Bool {
        let container = try find(reference)
        if container.state == .paused {
            throw .conflict("cannot start a paused container, try unpause instead")
        }
        guard !container.state.isAlive else { return false }
        if let failure = container.own?.failure {
            change(container.index) { container in
                container.error = failure
                container.exitCode = 127
            }
            // One that removes itself at its end does so as well when it had no beginning: clients wait for it.
            if container.own?.removesItself == true { forget(container.index, withVolumes: true) }
            throw .bad(failure)
        }
        if let gone = container.networks.first(where: { network($0) == nil }) {
            throw .notFound("network \(gone) not found")
        }
        if let conflict = portConflict(of: container) { throw conflict }
        change(container.index) { $0.restartCount = 0 }
        begin(container.index)
        return true
    }

    /// Stops a container, or restarts it.
    /// - Returns: What to wait for; nil when nothing had to be done.
    mutating func stop(_ reference: String, timeout: Int?, startsAgain: Bool) throws(Refusal) -> Wait? {
        let container = try find(reference)
        let index = container.index
        if container.state == .restarting {
            change(index) { container in
                container.generation += 1
                container.heldDown = true
                container.state = .exited
            }
            if !startsAgain {
                tell("stop", index)
                return Wait(index: index, starts: container.starts, forStart: false)
            }
        }
        guard container.isRunning else {
            guard startsAgain else { return nil }
            begin(index)
            tell("restart", index)
            return Wait(index: index, starts: container.starts, forStart: true)
        }
        thaw(index)
        let isStopping = container.stopping != nil
        change(index) { container in
            container.stopping = .init(startsAgain: startsAgain)
            container.heldDown = true
        }
        // One that is being killed already does not live longer for it.
        if !isStopping, container.runs.last?.isEnding == false {
            askToEnd(index, goodbye: container.spec.goodbye, code: container.spec.goodbyeCode)
        }
        tell("kill", index, ["signal": "15"])
        let patience = timeout ?? 10
        if patience >= 0 { schedule(.force, index, at: now + Nanoseconds(min(patience, 86400)) * .second) }
        return Wait(index: index, starts: container.starts, forStart: startsAgain)
    }

    /// The main process has been asked to end, and does when it listens.
    private mutating func askToEnd(_ index: Int, goodbye: Nanoseconds?, code: Int) {
        let now = now
        change(index) { container in
            container.generation += 1
            guard goodbye != nil else { return }
            let run = container.runs.count - 1
            container.runs[run].fate = nil
            if container.runs[run].askedToEnd == nil { container.runs[run].askedToEnd = now }
        }
        if let goodbye {
            schedule(.die(code: code, outOfMemory: false), index, at: now + goodbye)
        } else if let fate = containers[index]?.runs.last?.fate,
            case .ends(_, let code, let outOfMemory)? = containers[index]?.spec.fate
        {
            schedule(.die(code: code, outOfMemory: outOfMemory), index, at: max(now, fate))
        }
    }

    private static let signals: [String: Int] = [
        "HUP": 1, "INT": 2, "QUIT": 3, "ILL": 4, "TRAP": 5, "ABRT": 6, "BUS": 7, "FPE": 8, "KILL": 9, "USR1": 10,
        "SEGV": 11, "USR2": 12, "PIPE": 13, "ALRM": 14, "TERM": 15, "STKFLT": 16, "CHLD": 17, "CONT": 18, "STOP": 19,
        "TSTP": 20, "TTIN": 21, "TTOU": 22, "URG": 23, "XCPU": 24, "XFSZ": 25, "VTALRM": 26, "PROF": 27, "WINCH": 28,
        "IO": 29, "PWR": 30, "SYS": 31,
    ]

    /// Sends a signal to a container's main process. What it brings about comes later.
    mutating func kill(_ reference: String, signal: String) throws(Refusal) {
        let container = try find(reference)
        let index = container.index
        let bare = signal.uppercased().hasPrefix("SIG") ? String(signal.dropFirst(3)) : signal
        let number = signal.isEmpty ? 9 : Int(bare) ?? Self.signals[bare.uppercased()]
        guard let number, (1...64).contains(number) else { throw .bad("Invalid signal: \(signal)") }
        if container.state == .restarting {
            change(index) { container in
                container.generation += 1
                container.heldDown = true
                container.state = .exited
            }
            return
        }
        guard container.isRunning else {
            throw .conflict("Cannot kill container: \(reference): Container \(container.id) is not running")
        }
        tell("kill", index, ["signal": String(number)])
        let now = now
        switch number {
        case 9, 4, 6, 7, 8, 11:
            // One that is frozen dies of these all the same.
            thaw(index)
            change(index) { container in
                container.heldDown = number == 9
                container.generation += 1
                container.runs[container.runs.count - 1].fate = nil
                container.runs[container.runs.count - 1].doomed = now
            }
            schedule(.die(code: 128 + number, outOfMemory: false), index, at: now + 20 * .millisecond)
        case 15, 2, 3:
            thaw(index)
            guard let goodbye = container.spec.goodbye, container.runs.last?.isEnding == false else { return }
            change(index) { $0.heldDown = true }
            let code = container.spec.goodbyeCode == 0 ? 0 : 128 + number
            askToEnd(index, goodbye: goodbye, code: code)
        default:
            return
        }
    }

    mutating func pause(_ reference: String) throws(Refusal) {
        let container = try find(reference)
        switch container.state {
        case .running: break
        case .paused: throw .conflict("Container \(container.id) is already paused")
        case .restarting:
            throw .conflict("Container \(container.id) is restarting, wait until the container is running")
        default: throw .conflict("Container \(container.id) is not running")
        }
        guard container.stopping == nil, container.runs.last?.isEnding == false else {
            throw .conflict("Container \(container.id) is being stopped")
        }
        let now = now
        change(container.index) { container in
            container.state = .paused
            container.generation += 1
            container.runs[container.runs.count - 1].fate = nil
            container.runs[container.runs.count - 1].pauses.append(.init(from: now))
        }
        tell("pause", container.index)
    }

    mutating func unpause(_ reference: String) throws(Refusal) {
        let container = try find(reference)
        guard container.isRunning else { throw .conflict("Container \(container.id) is not running") }
        guard container.state == .paused else { throw .conflict("Container \(container.id) is not paused") }
        thaw(container.index)
        change(container.index) { $0.generation += 1 }
        // What it was going to do by itself begins anew: its clock stood still.
        replan(container.index)
        tell("unpause", container.index)
    }

    private mutating func replan(_ index: Int) {
        guard let container = containers[index], let start = container.startedAt else { return }
        for (after, status) in DemoContainer.healthChanges(container.spec.health) where start + after > now {
            schedule(.health(status), index, at: start + after)
        }
        if case .ends(let after, let code, let outOfMemory) = container.spec.fate {
            let end = now + after
            change(index) { $0.runs[$0.runs.count - 1].fate = end }
            schedule(.die(code: code, outOfMemory: outOfMemory), index, at: end)
        }
    }

    mutating func remove(_ reference: String, force: Bool, volumes withVolumes: Bool) throws(Refusal) {
        let container = try find(reference)
        let index = container.index
        if container.state.isAlive, !force {
            let way =
                container.state == .paused
                ? "Unpause and then stop the container before attempting removal or force remove"
                : "Stop the container before attempting removal or force remove"
            throw .conflict("You cannot remove a \(container.state.name) container \(container.id). \(way)")
        }
        if container.isRunning {
            tell("kill", index, ["signal": "9"])
            change(index) { container in
                container.heldDown = true
                container.stopping = nil
                container.runs[container.runs.count - 1].fate = nil
            }
            die(index, code: 137)
        }
        // One that removes itself at its end is gone by now.
        guard containers[index] != nil else { return }
        forget(index, withVolumes: withVolumes)
    }

    static let goneKept = 64

    /// A container of a whole identity, also when it is gone since a moment ago.
    func lately(_ id: String) -> DemoContainer? { byID[id].flatMap { containers[$0] } ?? gone.last { $0.id == id } }

    /// Removes all there is of a container that does not run.
    mutating func forget(_ index: Int, withVolumes: Bool) {
        guard let container = containers[index] else { return }
        tell("destroy", index)
        gone.append(container)
        if gone.count > Self.goneKept { gone.removeFirst() }
        containers[index] = nil
        byID[container.id] = nil
        byName[container.name] = nil
        if let overlay = overlays.removeValue(forKey: container.id) { bytesWritten -= overlay.bytes }
        if withVolumes, let volume = container.anonymousVolume {
            dropVolume(volume)
            tell("volume", "destroy", actor: volume, ["driver": "local"])
        }
    }
}
