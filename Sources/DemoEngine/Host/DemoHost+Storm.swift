// Events without end, for those who want to see what a client makes of them.
extension DemoHost {
    mutating func scheduleStorm() {
        guard stormRate > 0 else { return }
        nextPlan += 1
        let time = epoch + Nanoseconds(stormStep) * .second / Nanoseconds(stormRate)
        plans.insert(Plan(time: max(now, time), number: nextPlan, container: 0, generation: 0, step: .storm))
    }

    /// Freezes a container or lets it go on, one after the other.
    mutating func storm() {
        stormStep += 1
        defer { scheduleStorm() }
        guard !containers.isEmpty else { return }
        for offset in 0..<containers.count {
            let index = ((stormStep - 1) / 2 + offset) % containers.count
            guard let container = containers[index], container.isRunning, container.spec.fate.isEndless else {
                continue
            }
            if container.state == .paused { try? unpause(container.id) } else { try? pause(container.id) }
            return
        }
    }
}

extension Spec.Fate {
    var isEndless: Bool { if case .runs = self { true } else { false } }
}
