import EngineAPI

// What happens by itself, and what is told of it.
extension DemoHost {
    /// When something is going to happen next; nil when nothing is.
    var next: Nanoseconds? { plans.min?.time }

    /// Lets everything happen that was to happen up to a moment. Time does not go back.
    mutating func advance(to moment: Nanoseconds) {
        while let plan = plans.min, plan.time <= moment {
            plans.removeMin()
            if case .storm = plan.step {
                now = max(now, plan.time)
                storm()
                continue
            }
            guard let container = containers[plan.container], container.generation == plan.generation else { continue }
            now = max(now, plan.time)
            carryOut(plan.step, plan.container)
        }
        now = max(now, moment)
    }

    mutating func schedule(_ step: Step, _ index: Int, at time: Nanoseconds) {
        guard let container = containers[index] else { return }
        nextPlan += 1
        plans.insert(
            Plan(time: time, number: nextPlan, container: index, generation: container.generation, step: step))
    }

    /// Plans what a container that was just started is going to do by itself.
    mutating func plan(ahead index: Int, from start: Nanoseconds) {
        guard let spec = containers[index]?.spec else { return }
        containers[index]?.health = spec.health == .none ? .none : .starting
        for (after, status) in DemoContainer.healthChanges(spec.health) {
            if start + after <= now {
                containers[index]?.health = status
            } else {
                schedule(.health(status), index, at: start + after)
            }
        }
        if case .ends(let after, let code, let outOfMemory) = spec.fate {
            let end = max(start + after, now + 1)
            change(index) { $0.runs[$0.runs.count - 1].fate = end }
            schedule(.die(code: code, outOfMemory: outOfMemory), index, at: end)
        }
    }

    private mutating func carryOut(_ step: Step, _ index: Int) {
        switch step {
        case .health(let status):
            containers[index]?.health = status
            let word = status == .healthy ? "healthy" : "unhealthy"
            tell("health_status: \(word)", index)
        case .force:
            tell("kill", index, ["signal": "9"])
            die(index, code: 137)
        case .die(let code, let outOfMemory):
            if outOfMemory { tell("oom", index) }
            die(index, code: code, outOfMemory: outOfMemory)
        case .startAgain:
            begin(index)
        case .storm: break
        }
    }

    mutating func change(_ index: Int, _ body: (inout DemoContainer) -> Void) {
        guard var container = containers[index] else { return }
        containers[index] = nil
        body(&container)
        containers[index] = container
    }

    mutating func tell(_ action: String, _ index: Int, _ more: [String: String] = [:]) {
        guard let container = containers[index] else { return }
        var attributes = container.labels
        attributes["name"] = container.name
        attributes["image"] = imageName(of: container)
        attributes.merge(more) { $1 }
        tell("container", action, actor: container.id, attributes)
    }

    mutating func tell(_ type: String, _ action: String, actor: String, _ attributes: [String: String]) {
        happenings.append(
            Happening(
                number: nextHappening, time: now, type: type, action: action, actor: actor, attributes: attributes))
        nextHappening += 1
        if happenings.count > Self.happeningsKept { happenings.removeFirst() }
    }

    private mutating func tellNetworks(_ action: String, _ index: Int) {
        guard let container = containers[index] else { return }
        for name in container.networks {
            guard let network = networks.first(where: { $0.name == name }) else { continue }
            tell(
                "network", action, actor: network.id,
                ["container": container.id, "name": name, "type": network.driver])
        }
    }

    mutating func begin(_ index: Int) {
        guard let container = containers[index] else { return }
        let start = max(now, (container.finishedAt ?? .min) + .millisecond)
        change(index) { container in
            container.generation += 1
            container.state = .running
            container.starts += 1
            container.heldDown = false
            container.stopping = nil
            container.runs.append(.init(start: start))
            if container.runs.count > DemoContainer.runsKept { container.runs.removeFirst() }
        }
        if container.own?.isShell == true { shells[container.id] = DemoProcess(mainOf: container, at: start) }
        plan(ahead: index, from: start)
        joinNetworks(index)
        tellNetworks("connect", index)
        tell("start", index)
    }

    mutating func die(_ index: Int, code: Int, outOfMemory: Bool = false) {
        guard let container = containers[index], container.isRunning else { return }
        thaw(index)
        let stopping = container.stopping
        let retries = container.own?.retries ?? 0
        let mayAgain = retries == 0 || container.restartCount < retries
        let again = stopping == nil && !container.heldDown && mayAgain && container.spec.startsAgain(after: code)
        let now = now
        change(index) { container in
            container.generation += 1
            container.stopping = nil
            container.exitCode = code
            container.ends += 1
            container.outOfMemory = outOfMemory
            container.runs[container.runs.count - 1].end = now
            container.state = again ? .restarting : .exited
            if again { container.restartCount += 1 }
        }
        shells[container.id] = nil
        let lasted = (now - (container.startedAt ?? now)) / .second
        tell("die", index, ["exitCode": String(code), "execDuration": String(lasted)])
        tellNetworks("disconnect", index)
        leaveNetworks(index)
        if let stopping {
            tell("stop", index)
            if stopping.startsAgain {
                begin(index)
                tell("restart", index)
            }
        } else if again {
            schedule(.startAgain, index, at: now + Self.pause)
        }
        if container.own?.removesItself == true, stopping?.startsAgain != true, !again {
            forget(index, withVolumes: true)
        }
    }

    mutating func thaw(_ index: Int) {
        guard containers[index]?.state == .paused else { return }
        let now = now
        change(index) { container in
            container.state = .running
            let run = container.runs.count - 1
            let pause = container.runs[run].pauses.count - 1
            guard pause >= 0 else { return }
            container.runs[run].pauses[pause].until = now
            guard container.runs[run].pauses.count > DemoContainer.pausesKept else { return }
            let oldest = container.runs[run].pauses.removeFirst()
            container.runs[run].forgotten += oldest.until - oldest.from
        }
    }

    /// Tells of a list of processes, as Engines do.
    mutating func tellTop(_ container: DemoContainer) { tell("top", container.index) }
}
