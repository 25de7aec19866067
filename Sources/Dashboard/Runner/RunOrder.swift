import EngineAPI
import FoundationEssentials

/// What another container was made of.
struct RecalledRun: Sendable {
    var spec: RunSpec
    /// What no field here can hold.
    var leftOut: [String] = []
}

/// A container that is to be made, and started or not.
struct RunOrder: Sendable {
    let spec: RunSpec
    let starts: Bool
    /// Whether it is to be started with the terminal on it, afterwards.
    var attaches = false

    /// What came of it.
    struct Outcome: Sendable {
        /// The new container, if there is one now.
        var container: ContainerSummary?
        /// What the Engine could not do as it was asked.
        var warnings: [String] = []
        /// Whether it waits to be started with the terminal on it.
        var attaches = false
        var failure: Failure?
    }

    enum Failure: Sendable, Hashable {
        /// A file on this machine.
        case file(String)
        case creating(EngineError)
        /// It was made before that; whether it is still there, the container tells.
        case starting(EngineError)
    }

    /// Makes the container and starts it, once.
    func carryOut(_ engine: Engine) async -> Outcome {
        var outcome = Outcome(attaches: attaches)
        let variables: [String]
        do { variables = try environment(of: ProcessInfo.processInfo.environment, read: Self.read) } catch {
            outcome.failure = .file(error.message)
            return outcome
        }
        let id: ContainerID
        do {
            let created = try await engine.create(
                spec.creation(environment: variables), name: spec.name.isEmpty ? nil : spec.name)
            id = created.id
            outcome.warnings = created.warnings
        } catch {
            outcome.failure = .creating(EngineError(error))
            return outcome
        }
        if starts {
            do { try await engine.start(id) } catch { outcome.failure = .starting(EngineError(error)) }
        }
        outcome.container = try? await engine.containers(ids: [id]).first
        return outcome
    }

    /// The variables with their values: files first, as the docker client has it.
    func environment(
        of machine: [String: String], read: (String) throws(RunTextError) -> String
    ) throws(RunTextError) -> [String] {
        var variables: [String] = []
        for path in spec.environmentFiles {
            let text = try read(path)
            for (number, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated()
            {
                let line = line.drop { $0 == " " || $0 == "\t" || $0 == "\u{FEFF}" }
                guard !line.isEmpty, !line.hasPrefix("#") else { continue }
                let name = line.prefix { $0 != "=" }
                guard !name.isEmpty, !name.contains(where: \.isWhitespace) else {
                    throw RunTextError("\(path), line \(number + 1): “\(name.prefix(40))” is no variable's name")
                }
                variables.append(String(line))
            }
        }
        return (variables + spec.environment).compactMap { variable in
            // One that is not set on this machine is not set in the container.
            variable.contains("=") ? variable : machine[variable].map { "\(variable)=\($0)" }
        }
    }

    private static func read(_ path: String) throws(RunTextError) -> String {
        do {
            return String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
        } catch { throw RunTextError("\(path) cannot be read on this machine") }
    }
}
