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
    /// Whether it is a path of this machine, which Tab completes.
    var completesPaths = false
    /// Whether nothing is an answer too.
    var takesNothing = false
    /// Carries it out, with a text that is not empty and nothing is wrong with.
    let accept: @Sendable (String, inout State) -> [Effect]

    /// What has to be found out about this machine for what is typed.
    func looks(_ text: String) -> [LocalQuestion] {
        completesPaths ? [.folder(LocalPath.folder(completing: text))] : []
    }

    /// What Tab makes of a text; nil when there is nothing to complete.
    func completed(_ text: String, _ state: State) -> String? {
        guard completesPaths else {
            // The next one that begins with what was typed.
            return completes?.candidates(state).first { $0.hasPrefix(text) && $0 != text }
        }
        let common = LocalPath.commonBeginning(LocalPath.completions(of: text, state.local))
        return common.count > text.count ? common : nil
    }
}
