//! Progress on stderr, only on a terminal.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::path::Path;
use std::time::Duration;

/// A line that says what is being read.
pub(crate) struct Progress(ProgressBar);

impl Progress {
    pub(crate) fn new(shown: bool) -> Self {
        let bar = ProgressBar::new_spinner();
        bar.set_draw_target(if shown {
            ProgressDrawTarget::stderr_with_hz(10)
        } else {
            ProgressDrawTarget::hidden()
        });
        if let Ok(style) = ProgressStyle::with_template("{spinner} reading {wide_msg}") {
            bar.set_style(style);
        }
        if shown {
            bar.enable_steady_tick(Duration::from_millis(200));
        }
        Progress(bar)
    }

    pub(crate) fn file(&self, path: &Path) {
        if !self.0.is_hidden() {
            let path = path.display().to_string();
            self.0.set_message(maremma_report::harmless(&path).replace('\n', " "));
        }
    }

    pub(crate) fn finish(&self) {
        self.0.finish_and_clear();
    }
}
