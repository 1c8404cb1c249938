//! Where reports go: stdout, or files; with colour, or without.

use crate::args::Color;
use anyhow::Context as _;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// A report format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Text,
    Json,
    Sarif,
    Html,
    Junit,
    Ocsf,
    Csv,
    Markdown,
    Github,
}

impl FromStr for Format {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        match word {
            "text" => Ok(Format::Text),
            "json" => Ok(Format::Json),
            "sarif" => Ok(Format::Sarif),
            "html" => Ok(Format::Html),
            "junit" => Ok(Format::Junit),
            "ocsf" => Ok(Format::Ocsf),
            "csv" => Ok(Format::Csv),
            "markdown" => Ok(Format::Markdown),
            "github" => Ok(Format::Github),
            _ => Err("expected text, json, sarif, html, junit, ocsf, csv, markdown or github".to_owned()),
        }
    }
}

/// `FORMAT` or `FORMAT=FILE`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Destination {
    pub(crate) format: Format,
    pub(crate) file: Option<PathBuf>,
}

pub(crate) fn destination(text: &str) -> Result<Destination, String> {
    let (format, file) = match text.split_once('=') {
        Some((format, file)) => (format, Some(PathBuf::from(file))),
        None => (text, None),
    };
    Ok(Destination {
        format: format.parse()?,
        file,
    })
}

/// What stdout and stderr are.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Terminal {
    pub(crate) color: bool,
    /// Progress may be drawn on stderr.
    pub(crate) progress: bool,
    pub(crate) quiet: bool,
    pub(crate) width: usize,
}

/// The width of a report that no terminal shows.
const PIPE_WIDTH: usize = 100;

impl Terminal {
    pub(crate) fn new(color: Color, quiet: bool) -> Self {
        let terminal = io::stdout().is_terminal();
        let color = match color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => {
                terminal
                    && !matches!(
                        anstream::AutoStream::choice(&io::stdout()),
                        anstream::ColorChoice::Never
                    )
            }
        };
        let columns = terminal_size::terminal_size().map_or(PIPE_WIDTH, |(width, _)| usize::from(width.0));
        let width = if terminal { columns.clamp(60, 140) } else { PIPE_WIDTH };
        Terminal {
            color,
            progress: !quiet && io::stderr().is_terminal(),
            quiet,
            width,
        }
    }

    /// A remark on stderr.
    pub(crate) fn remark(&self, words: &str) {
        if !self.quiet {
            anstream::eprintln!("maremma: {}", maremma_report::harmless(words));
        }
    }
}

/// A file, or stdout. A report of many findings is as large as its estate: it is never held as a whole.
pub(crate) fn open(file: Option<&Path>) -> anyhow::Result<BufWriter<Box<dyn Write>>> {
    let sink: Box<dyn Write> = match file {
        Some(path) => {
            let file = std::fs::File::create(path).with_context(|| format!("cannot write {}", path.display()))?;
            Box::new(file)
        }
        None => Box::new(io::stdout().lock()),
    };
    Ok(BufWriter::with_capacity(1 << 16, sink))
}

/// Writes what is there as a whole to a file, or to stdout.
pub(crate) fn write(file: Option<&Path>, report: &[u8]) -> anyhow::Result<()> {
    let mut sink = open(file)?;
    let written = sink.write_all(report).and_then(|()| sink.flush());
    named(file, written)
}

/// An error of writing, with the name of what was written to.
pub(crate) fn named(file: Option<&Path>, written: io::Result<()>) -> anyhow::Result<()> {
    match file {
        Some(path) => written.with_context(|| format!("cannot write {}", path.display())),
        None => Ok(written?),
    }
}

/// The reader of stdout went away, as `head` does: no fault.
pub(crate) fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause
            .downcast_ref::<io::Error>()
            .is_some_and(|e| e.kind() == io::ErrorKind::BrokenPipe)
    })
}

pub(crate) fn say_error(error: &anyhow::Error) {
    // Names of files and texts of strangers stand in it.
    let words = format!("{error:#}");
    anstream::eprintln!("maremma: {}", maremma_report::harmless(&words));
}
