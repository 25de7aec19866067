import EngineAPI
import Foundation
import Terminal

@testable import Dashboard

/// What a person does in a log, and what there is to see of it.
extension Bench {
    /// One container's log with these lines, with the keyboard in it.
    static func inLog(_ lines: [String], width: Int = 80, height: Int = 24) -> Bench {
        var bench = Bench.connected([.make("web")], width: width, height: height)
        bench.log(lines, of: "web")
        bench.press("enter")
        return bench
    }

    /// Types a text, and has the log looked through after every letter.
    @discardableResult
    mutating func type(_ text: String) -> [Effect] {
        text.flatMap { character in
            let effects = send(.key(.character(character)))
            scan()
            return effects
        }
    }

    /// More lines of a container, the first at a given millisecond of the fixtures' time.
    mutating func lines(_ container: String, _ texts: [String], from millisecond: Int64) {
        logNews(container, .lines(.lines(texts, from: millisecond)))
    }

    /// Something that happens to a container, at a millisecond of the fixtures' time.
    mutating func event(
        _ action: String, _ container: String, _ attributes: [String: String] = [:], at millisecond: Int64
    ) {
        engine(.events([.container(action, container, attributes, at: millisecond)]))
    }

    /// The rows of the log on the screen, without those that are empty at the end.
    var body: [String] {
        let body = state.layout.body
        var rows = Array(lines[body.y..<body.maxY])
        while rows.last?.isEmpty == true { rows.removeLast() }
        return rows
    }

    /// The line that says where one is in the log.
    var note: String { lines[state.layout.tabs.y] }

    /// The log that is shown.
    var shown: FollowedLog? { state.engine.log }

    /// The texts of the held lines.
    var held: [String] {
        shown?.store.all.map { String(decoding: $0.text, as: UTF8.self) } ?? []
    }

    /// The text of a line.
    func text(_ number: Int?) -> String? {
        number.flatMap { shown?.store.line($0) }.map { String(decoding: $0.text, as: UTF8.self) }
    }

    var prompt: Prompt? {
        if case .prompt(let prompt)? = state.layers.last { return prompt }
        return nil
    }
}

extension EngineEvent {
    static func container(
        _ action: String, _ name: String, _ attributes: [String: String] = [:], at millisecond: Int64
    ) -> EngineEvent {
        var event = EngineEvent.container(action, name)
        event.attributes = attributes
        event.timeNano = Int64(Bench.start.timeIntervalSince1970) * 1_000_000_000 + millisecond * 1_000_000
        return event
    }
}
