//! Output of the program in documents: what stands there is what the command prints.

use crate::paths;
use anyhow::{Context, Result, bail, ensure};
use std::process::Command;

const DOCUMENTS: &[&str] = &["README.md"];
/// Before a block of output; the command follows, up to the end of the comment.
const BEGIN: &str = "<!-- output of: maremma ";
const END: &str = "<!-- end of output -->";
/// The day on which the outputs are made, so that they do not change by themselves.
const AS_OF: &str = "2026-11-24";

/// Writes the outputs anew.
pub(crate) fn write() -> Result<()> {
    for document in DOCUMENTS {
        let path = paths::root().join(document);
        let text = std::fs::read_to_string(&path)?;
        let new = renewed(&text, &run)?;
        if new != text {
            std::fs::write(&path, new)?;
            println!("Written: {document}");
        }
    }
    Ok(())
}

/// Fails where a document shows what the program no longer prints.
pub(crate) fn check() -> Result<()> {
    for document in DOCUMENTS {
        let text = std::fs::read_to_string(paths::root().join(document))?;
        if renewed(&text, &run)? != text {
            bail!("{document} shows an output that has changed; run `cargo xtask generate` and commit");
        }
    }
    Ok(())
}

fn renewed(text: &str, run: &dyn Fn(&str) -> Result<String>) -> Result<String> {
    let mut result = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(BEGIN) {
        let (command, after) = after.split_once(" -->").context("a comment that does not end")?;
        let (_, after) = after
            .split_once(END)
            .with_context(|| format!("no {END} after `{command}`"))?;
        result.push_str(&format!(
            "{before}{BEGIN}{command} -->\n```text\n$ maremma {command}\n{}\n```\n{END}",
            run(command)?.trim_end()
        ));
        rest = after;
    }
    result.push_str(rest);
    Ok(result)
}

/// What the command prints, but for the last line, which tells how long it took.
fn run(command: &str) -> Result<String> {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(["run", "--quiet", "--locked", "--package", "maremma", "--"]);
    cargo
        .args(command.split_whitespace())
        .args(["--as-of", AS_OF])
        .current_dir(paths::root());
    let output = cargo
        .output()
        .with_context(|| format!("cannot run `maremma {command}`"))?;
    ensure!(
        output.status.code().is_some_and(|code| code < 2),
        "`maremma {command}` failed: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    let text = String::from_utf8(output.stdout)?;
    let kept = text.trim_end().rsplit_once('\n').map_or("", |(kept, _)| kept);
    Ok(kept.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outputs_are_put_between_their_marks() {
        let text = "a\n<!-- output of: maremma scan x -->\nold\n<!-- end of output -->\nb\n";
        let new = renewed(text, &|command| Ok(format!("{command}!\n"))).unwrap();
        let expected = "a\n<!-- output of: maremma scan x -->\n```text\n$ maremma scan x\nscan x!\n```\n<!-- end of output -->\nb\n";
        assert_eq!(new, expected);
        assert_eq!(renewed(&new, &|command| Ok(format!("{command}!"))).unwrap(), expected);
    }
}
