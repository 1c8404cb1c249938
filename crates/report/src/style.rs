//! Colours, declared once; without colour every style is empty.

use anstyle::{AnsiColor, Style};
use maremma_model::Severity;
use maremma_model::change::Turn;

#[derive(Clone, Copy, Debug)]
pub(crate) struct Palette {
    color: bool,
}

impl Palette {
    pub(crate) fn new(color: bool) -> Self {
        Palette { color }
    }

    pub(crate) fn color(self) -> bool {
        self.color
    }

    pub(crate) fn severity(self, severity: Severity, text: &str) -> String {
        self.paint(severity_style(severity), text)
    }

    pub(crate) fn strong(self, text: &str) -> String {
        self.paint(Style::new().bold(), text)
    }

    pub(crate) fn faint(self, text: &str) -> String {
        self.paint(Style::new().dimmed(), text)
    }

    pub(crate) fn caution(self, text: &str) -> String {
        self.paint(AnsiColor::Yellow.on_default().bold(), text)
    }

    pub(crate) fn good(self, text: &str) -> String {
        self.paint(AnsiColor::Green.on_default(), text)
    }

    /// What begins with the sign of a change.
    pub(crate) fn turn(self, turn: Turn, text: &str) -> String {
        let color = match turn {
            Turn::Added => AnsiColor::Green,
            Turn::Removed => AnsiColor::Red,
            Turn::Changed => AnsiColor::Yellow,
            Turn::Unknown => return self.faint(text),
        };
        self.paint(color.on_default(), text)
    }

    fn paint(self, style: Style, text: &str) -> String {
        if self.color {
            format!("{style}{text}{style:#}")
        } else {
            text.to_owned()
        }
    }
}

pub(crate) fn severity_style(severity: Severity) -> Style {
    match severity {
        Severity::Critical => AnsiColor::BrightRed.on_default().bold().invert(),
        Severity::High => AnsiColor::BrightRed.on_default().bold(),
        Severity::Medium => AnsiColor::Yellow.on_default().bold(),
        Severity::Low => AnsiColor::Cyan.on_default().bold(),
        Severity::Info => Style::new().bold(),
    }
}
