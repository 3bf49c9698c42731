//! The part of a text in a `user` record that a person typed: the text without the envelopes of the agent program, and commands as they
//! were typed.

use std::borrow::Cow;

use super::noise;

/// What was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Typed<'t> {
    Nothing,
    Text(Cow<'t, str>),
    /// A command that starts no turn, or was not a person's, as it would be typed.
    Aside(String),
}

/// The part of a text that a person typed.
pub(super) fn typed(text: &str) -> Typed<'_> {
    let rest = noise::without_envelopes(text);
    if rest.is_empty() {
        return Typed::Nothing;
    }
    match Command::read(rest) {
        Some(command) => command.typed(),
        None => Typed::Text(Cow::Borrowed(if rest.len() == text.trim().len() { text } else { rest })),
    }
}

/// The part of a text that a person typed, and what the agent program put around it; `None` if nothing of it was typed.
pub(crate) fn split_typed(text: &str) -> Option<(Cow<'_, str>, [&str; 2])> {
    match typed(text) {
        Typed::Text(part) if !part.trim().is_empty() => {
            let put_in = around(text, &part);
            Some((part, put_in))
        }
        _ => None,
    }
}

/// What the agent program put in front of what was typed, and after it; nothing if that only represents the text.
fn around<'t>(whole: &'t str, typed: &Cow<'t, str>) -> [&'t str; 2] {
    let Cow::Borrowed(part) = typed else { return ["", ""] };
    let start = part.as_ptr() as usize - whole.as_ptr() as usize;
    [whole[..start].trim(), whole[start + part.len()..].trim()]
}

/// Every form in which a text may have waited before it became this one of a `user` record.
pub(super) fn as_it_waited(text: &str) -> Vec<String> {
    let mut forms = vec![text.trim().to_owned()];
    let mut add = |form: &str| {
        let form = form.trim();
        if !form.is_empty() && !forms.iter().any(|known| known == form) {
            forms.push(form.to_owned());
        }
    };
    match typed(text) {
        Typed::Nothing => {}
        Typed::Text(text) => add(&text),
        Typed::Aside(command) => add(&command),
    }
    if let Some((input, _)) = noise::element(text.trim_start(), "bash-input") {
        add(input);
        add(&format!("!{input}"));
    }
    forms
}

/// A command, from the elements that represent it.
#[derive(Debug, Default)]
struct Command<'t> {
    name: &'t str,
    arguments: &'t str,
    /// Commands that start a turn say first how they run; those of the agent program itself say their name.
    starts_turn: bool,
    /// Loaded by the model.
    is_skill_of_model: bool,
    rest: &'t str,
}

impl<'t> Command<'t> {
    /// `None` if the text does not begin with a command.
    fn read(text: &'t str) -> Option<Command<'t>> {
        let starts_turn = text.starts_with("<command-message");
        if !starts_turn && !text.starts_with("<command-") {
            return None;
        }
        let mut command = Command { starts_turn, rest: text, ..Command::default() };
        let mut is_command = false;
        loop {
            let rest = command.rest.trim_start();
            if let Some((name, behind)) = noise::element(rest, "command-name") {
                (command.name, command.rest) = (name.trim(), behind);
            } else if let Some((arguments, behind)) = noise::element(rest, "command-args") {
                (command.arguments, command.rest) = (arguments.trim(), behind);
            } else if let Some((_, behind)) = noise::element(rest, "command-message") {
                command.rest = behind;
            } else if let Some((_, behind)) = noise::element(rest, "skill-format") {
                command.is_skill_of_model = true;
                command.rest = behind;
            } else {
                command.rest = rest;
                return is_command.then_some(command);
            }
            is_command = true;
        }
    }

    fn typed(&self) -> Typed<'t> {
        let slash = if self.name.starts_with('/') { "" } else { "/" };
        let parts = [self.name, self.arguments, self.rest.trim()];
        let text = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
        match self.name.trim_start_matches('/').is_empty() {
            true => Typed::Nothing,
            false if self.starts_turn && !self.is_skill_of_model => Typed::Text(Cow::Owned(format!("{slash}{text}"))),
            false => Typed::Aside(format!("{slash}{text}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Typed<'_> {
        Typed::Text(Cow::Borrowed(text))
    }

    #[test]
    fn envelopes_in_front_and_behind_are_not_typed() {
        let cases = [
            ("mend the leek", text("mend the leek")),
            (" mend\n", text(" mend\n")),
            ("<system-reminder>\nbe brief\n</system-reminder>\nmend the leek", text("mend the leek")),
            ("mend it\n\n<system-reminder>a</system-reminder><system-reminder>b</system-reminder>", text("mend it")),
            ("<ide_selection>x</ide_selection><ide_opened_file>y</ide_opened_file> why?", text("why?")),
            ("<user-prompt-submit-hook>note</user-prompt-submit-hook>go", text("go")),
            ("<teammate-message teammate_id=\"lead\" color=\"red\">go</teammate-message>", Typed::Nothing),
            ("<task-notification>\n<task-id>1</task-id>\n</task-notification>", Typed::Nothing),
            (
                "<task-notification>a</task-notification>\nRead the output file to retrieve the result: /tmp/a.output",
                Typed::Nothing,
            ),
            (
                "<task-notification>a</task-notification>\nFull transcript available at: /tmp/a\nmend it",
                text("mend it"),
            ),
            ("Full transcript available at: /tmp/a", text("Full transcript available at: /tmp/a")),
            ("<bash-stdout>a</bash-stdout><bash-stderr></bash-stderr>", Typed::Nothing),
            ("<system-reminder>never closed", Typed::Nothing),
            ("[Request interrupted by user for tool use]", Typed::Nothing),
            ("[Request interrupted by user] go on", text("go on")),
            ("This session is being continued from a previous conversation that ran out", Typed::Nothing),
            ("<local-command-stdout>done</local-command-stdout>", Typed::Nothing),
            // A person's own tags, and those of the agent program in the middle of a text.
            ("<leek>mend</leek>", text("<leek>mend</leek>")),
            ("what is <system-reminder> for?", text("what is <system-reminder> for?")),
            ("<ide_x is no tag", text("<ide_x is no tag")),
            ("see <bash-stdout>a</bash-stdout> here", text("see <bash-stdout>a</bash-stdout> here")),
            ("", Typed::Nothing),
            ("</system-reminder>", text("</system-reminder>")),
        ];
        for (given, expected) in cases {
            assert_eq!(typed(given), expected, "{given:?}");
        }
    }

    #[test]
    fn commands_are_as_they_were_typed() {
        let turn = |text: &str| Typed::Text(Cow::Owned(text.to_owned()));
        let aside = |text: &str| Typed::Aside(text.to_owned());
        let cases = [
            (
                "<command-message>mend</command-message>\n<command-name>/mend</command-name>\n\
                 <command-args>the leek\nplease</command-args>",
                turn("/mend the leek\nplease"),
            ),
            ("<command-message>init is running…</command-message>\n<command-name>/init</command-name>", turn("/init")),
            (
                "<system-reminder>x</system-reminder><command-message>a</command-message><command-name>a</command-name>",
                turn("/a"),
            ),
            (
                "<command-name>/model</command-name>\n  <command-message>model</command-message>\n  <command-args>small</command-args>",
                aside("/model small"),
            ),
            (
                "<command-message>x</command-message><command-name>x</command-name><skill-format>true</skill-format>",
                aside("/x"),
            ),
            ("<command-message>x</command-message>", Typed::Nothing),
            ("<command-name>", turn("<command-name>")),
        ];
        for (given, expected) in cases {
            assert_eq!(typed(given), expected, "{given:?}");
        }
    }

    #[test]
    fn what_waited_is_known_again() {
        let cases = [
            ("<system-reminder>x</system-reminder>go", vec!["<system-reminder>x</system-reminder>go", "go"]),
            ("<bash-input>ls</bash-input>", vec!["<bash-input>ls</bash-input>", "ls", "!ls"]),
            (" go ", vec!["go"]),
        ];
        for (given, expected) in cases {
            assert_eq!(as_it_waited(given), expected, "{given:?}");
        }
    }
}
