/// Something to be typed in one line, and what is done with it.
struct Ask: Sendable {
    /// What stands in front of the text, as a docker command does: `docker tag web `.
    let label: String
    /// What may be typed.
    var hint = ""
    /// One word for what Enter does.
    let verb: String
    /// What is wrong with a text; nil when nothing is. An empty text is not looked at.
    var check: @Sendable (String, State) -> String? = { _, _ in nil }
    /// What Tab completes it with.
    var completes: Form.Completion?
    /// Carries it out, with a text that is not empty and nothing is wrong with.
    let accept: @Sendable (String, inout State) -> [Effect]
}
