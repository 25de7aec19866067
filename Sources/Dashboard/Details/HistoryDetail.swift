import EngineAPI
import FoundationEssentials
import Terminal

/// The layers of an image, the newest first: what each adds, and the command that made it.
enum HistoryDetail {
    static func lines(of layers: [ImageLayer]) -> [InspectLine] {
        let total = layers.reduce(0) { $0 + $1.size }
        let empty = layers.count { $0.size == 0 }
        var lines = [
            InspectLine(
                indent: 0,
                spans: [
                    .init(
                        text:
                            "\(layers.count - empty) layer\(layers.count - empty == 1 ? "" : "s"), \(Units.bytes(Double(total))); \(empty) without content",
                        role: .dim)
                ]),
            InspectLine(indent: 0, spans: [.init(text: "   SIZE  SHARE  CREATED     COMMAND", role: .column)]),
        ]
        for layer in layers.prefix(InspectLine.maximumLines - 2) {
            let share = total > 0 ? Double(layer.size) / Double(total) : 0
            let when = Units.day(layer.created)
            let names = layer.tags.isEmpty ? "" : "  ← " + layer.tags.map(Sanitiser.clean).joined(separator: ", ")
            lines.append(
                InspectLine(
                    indent: 0,
                    spans: [
                        .init(
                            text: Units.bytes(Double(layer.size)).leftPadded(7), role: layer.size == 0 ? .dim : .strong),
                        .init(
                            text: layer.size == 0 ? "       " : "\(Units.fixed(share * 100, 0)) %".leftPadded(7),
                            role: .graphLow),
                        .init(text: "  \(when)  ", role: .dim),
                        .init(text: command(layer), role: layer.size == 0 ? .dim : .text),
                        .init(text: names, role: .headerStrong),
                    ]))
        }
        return lines
    }

    /// As it stood in the Dockerfile: the classic builder writes `#(nop)` before what runs nothing.
    private static func command(_ layer: ImageLayer) -> String {
        var text = Sanitiser.clean(layer.createdBy)[...]
        for shell in ["/bin/sh -c #(nop) ", "/bin/sh -c #(nop)"] where text.hasPrefix(shell) {
            text = text.dropFirst(shell.count)
            return text.trimmingSpaces
        }
        if text.hasPrefix("/bin/sh -c ") { text = "RUN " + text.dropFirst(11) }
        // An image that was made of a container has no command, but perhaps a word on why.
        if text.isEmpty { return layer.comment.isEmpty ? "–" : Sanitiser.clean(layer.comment) }
        return text.trimmingSpaces
    }
}

extension Substring {
    fileprivate var trimmingSpaces: String {
        split(separator: " ").joined(separator: " ")
    }
}
