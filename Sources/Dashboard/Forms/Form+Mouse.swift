import Terminal

extension State {
    /// A click on a row of a form's fields: the cursor goes there; a check is turned, of a choice one is taken, and a
    /// suggestion too.
    mutating func click(_ row: Int, _ part: Int, _ x: Int, in form: Form) {
        var form = form
        let suggestions = form.suggestions(self)
        let rows = FormLayer.rows(form, suggestions: suggestions)
        guard rows.indices.contains(row) else { return }
        switch rows[row] {
        case .error(let field), .note(let field): form.place(field)
        case .suggestion(let index): form.take(suggestions[index])
        case .value(let field, let line):
            let wasThere = form.focus == field && form.line == line
            form.place(field, line: line)
            switch form.fields[field].kind {
            case .check:
                form.isTouched = true
                form.fields[field].isOn.toggle()
            case .choice(let choices):
                if choices.indices.contains(part - 1) {
                    form.isTouched = true
                    form.fields[field].choice = part - 1
                }
            case .text, .lines:
                // Where the text was not being typed its beginning was shown.
                let area = FormLayer.Place(form, rows: rows.count, size).fields
                let width = max(1, area.width - FormLayer.labelWidth)
                if !wasThere { _ = form.fields[field].lines[line].handle(.home) }
                form.fields[field].lines[line].moveCursor(to: x - area.x - FormLayer.labelWidth, in: width)
            }
        }
        replace(form)
    }
}
