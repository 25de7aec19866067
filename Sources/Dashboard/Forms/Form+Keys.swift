import Terminal

extension Form {
    enum Outcome: Hashable {
        case stays
        case closes
        case pressed(String)
    }

    /// A key while the form is on the screen.
    mutating func handle(_ key: Key, suggestions: [String]) -> Outcome {
        if key == .escape { return .closes }
        if let button = buttons.first(where: { $0.key == key }) { return working == nil ? .pressed(button.id) : .stays }
        switch key {
        case .tab: step(1)
        case .backTab: step(-1)
        case .down: stepLine(1)
        case .up: stepLine(-1)
        case .pageDown: place(fields.count)
        case .pageUp: place(0)
        case .ctrl("x") where working == nil:
            empty()
            isTouched = true
        case .ctrl("n"), .ctrl("p"):
            guard !suggestions.isEmpty else { break }
            let count = suggestions.count
            let start = key == .ctrl("n") ? -1 : count
            suggestion = ((suggestion ?? start) + (key == .ctrl("n") ? 1 : -1) + count) % count
        case .enter:
            if focus == fields.count { return working == nil ? .pressed(buttons[button].id) : .stays }
            enter(suggestions)
        default: edit(key, suggestions)
        }
        return .stays
    }

    mutating func place(_ index: Int, line: Int = 0) {
        focus = min(max(0, index), fields.count)
        self.line = focus < fields.count ? min(line, fields[focus].lines.count - 1) : 0
        suggestion = nil
    }

    /// To the next field, or the one before; around at the ends.
    private mutating func step(_ step: Int) {
        let count = fields.count + 1
        place((focus + step + count) % count)
    }

    private mutating func stepLine(_ step: Int) {
        let count = focused?.lines.count ?? 1
        if (0..<count).contains(line + step) {
            line += step
            suggestion = nil
        } else if (0...fields.count).contains(focus + step) {
            place(focus + step, line: step < 0 ? .max : 0)
        }
    }

    private mutating func enter(_ suggestions: [String]) {
        if let suggestion, suggestion < suggestions.count { return take(suggestions[suggestion]) }
        if behaviour.takesEnter(&self) { return }
        switch fields[focus].kind {
        case .lines where !fields[focus].lines[line].isEmpty:
            fields[focus].lines.insert(TextLine(), at: line + 1)
            line += 1
        case .check: fields[focus].isOn.toggle()
        default: step(1)
        }
    }

    mutating func take(_ suggestion: String) {
        isTouched = true
        fields[focus].lines[line] = TextLine(suggestion)
        self.suggestion = nil
    }

    private mutating func edit(_ key: Key, _ suggestions: [String]) {
        guard focus < fields.count else {
            switch key {
            case .left, .right: button = (button + (key == .left ? buttons.count - 1 : 1)) % buttons.count
            default: break
            }
            return
        }
        isTouched = true
        switch fields[focus].kind {
        case .check:
            if key == .character(" ") || key == .left || key == .right { fields[focus].isOn.toggle() }
        case .choice(let choices):
            switch key {
            case .right, .character(" "): fields[focus].choice = (fields[focus].choice + 1) % choices.count
            case .left: fields[focus].choice = (fields[focus].choice + choices.count - 1) % choices.count
            default: break
            }
        case .text, .lines:
            let current = fields[focus].lines[line]
            if key == .right || key == .end, current.isAtEnd, let first = suggestions.first,
                suggestion != nil || !current.isEmpty
            {
                return take(suggestion.map { suggestions[min($0, suggestions.count - 1)] } ?? first)
            }
            if key == .backspace, current.isEmpty, fields[focus].lines.count > 1 {
                fields[focus].lines.remove(at: line)
                line = max(0, line - 1)
                return
            }
            _ = fields[focus].lines[line].handle(key)
            suggestion = nil
        }
    }

    /// Values in one field, and characters that can be pasted at once: nobody means a book.
    static let mostLines = 500
    static let longestPaste = 1 << 16

    /// Text that was pasted: several lines become several values where there may be several.
    mutating func paste(_ text: String) {
        isTouched = true
        let text = String(text.prefix(Self.longestPaste))
        if behaviour.takesPaste(text, &self) { return }
        guard let field = focused, field.kind == .text || field.kind == .lines else { return }
        suggestion = nil
        guard field.kind == .lines else {
            let words = text.split(whereSeparator: \.isNewline).joined(separator: " ")
            fields[focus].lines[line].insert(words.replacing("\t", with: " "))
            return
        }
        for (index, part) in text.split(whereSeparator: \.isNewline).enumerated() {
            guard index == 0 || fields[focus].lines.count < Self.mostLines else { return }
            if index > 0 {
                fields[focus].lines.insert(TextLine(), at: line + 1)
                line += 1
            }
            fields[focus].lines[line].insert(String(part).replacing("\t", with: " "))
        }
    }
}

extension State {
    /// Shows a form, or what was typed into it the last time.
    mutating func open(_ form: Form) {
        var form = form
        form.behaviour.check(&form, self)
        form.keepVisible(self)
        layers.append(.form(form))
    }

    /// A key while a form is the topmost layer.
    mutating func handle(_ key: Key, in form: Form) -> [Effect] {
        var form = form
        if key == .tab, form.completeByTab(self) {
            replace(form)
            return []
        }
        let outcome = form.handle(key, suggestions: form.suggestions(self))
        replace(form)
        switch outcome {
        case .stays: return []
        case .closes:
            layers.removeLast()
            // What was typed is there again the next time; nobody is asked whether he is sure.
            if form.working != nil { tell(.note, "it goes on: what comes of it is told here") }
            form.message = nil
            form.working = nil
            // But what was only looked at does not take the place of what was typed.
            if form.isTouched || keptForms[form.id] == nil { keptForms[form.id] = form }
            return []
        case .pressed(let button): return form.behaviour.press(button, &self)
        }
    }

    mutating func paste(_ text: String, into form: Form) {
        var form = form
        form.paste(text)
        replace(form)
    }

    /// The form on the screen, if there is one.
    var form: Form? {
        if case .form(let form)? = layers.last { return form }
        return nil
    }

    /// Puts a changed form in its place, looked at anew.
    mutating func replace(_ form: Form) {
        guard
            let index = layers.lastIndex(where: { if case .form(let other) = $0 { other.id == form.id } else { false } }
            )
        else { return }
        var form = form
        form.behaviour.check(&form, self)
        form.keepVisible(self)
        layers[index] = .form(form)
    }

    /// Closes the form that waits for an action, which has ended well.
    mutating func closeForm(waitingFor number: Int) {
        layers.removeAll { if case .form(let form) = $0 { form.working == number } else { false } }
    }

    /// The form that waits for an action is nobody's to wait for any more: it failed, and what was typed stays.
    mutating func release(formWaitingFor number: Int, _ change: (inout Form) -> Void) {
        for case .form(var form) in layers where form.working == number {
            form.working = nil
            replace(form)
            // What the Engine said comes after what the fields say by themselves. What it did may be shown over it.
            guard
                let index = layers.lastIndex(where: {
                    if case .form(let other) = $0 { other.id == form.id } else { false }
                }),
                case .form(var form) = layers[index]
            else { continue }
            change(&form)
            form.keepVisible(self)
            layers[index] = .form(form)
        }
    }
}
