//! Answers of AWS, as files hold them.

use super::{Reading, start_of};
use crate::files::Candidate;
use crate::responses;
use crate::tree::{self, Syntax};
use maremma_model::{FileId, GapKind, Place, Span};
use std::sync::Arc;

impl Reading {
    /// Takes in a file that holds an answer of AWS; `false` where it is something else.
    pub(super) fn response(&mut self, candidate: &Candidate, told: &Arc<str>, text: &str) -> bool {
        let path = &candidate.path;
        let of_layout = responses::is_of_layout(path);
        let file = FileId(u32::try_from(self.estate.files.len()).unwrap_or(u32::MAX));
        // The CLI prints nothing where AWS answers nothing.
        let parsed = match text.trim().is_empty() {
            true => tree::parse("{}", file, Syntax::Json),
            false => tree::parse(text, file, Syntax::Json),
        };
        let keep = |reading: &mut Self| {
            let text = responses::is_read(path).then(|| Arc::from(text));
            reading.add_file(told, text);
        };
        match parsed {
            Ok(parsed) if responses::is_response(&parsed.root, path) => {
                keep(self);
                self.answered = self.answered.saturating_add(text.len());
                if self.responses.len() >= responses::MAX_RESPONSES || self.answered > responses::MAX_TOTAL {
                    let reason = "too many answers, or too large: scan fewer regions or accounts at once".to_owned();
                    self.gap(Some(start_of(file)), GapKind::Bounds, reason);
                    return true;
                }
                for problem in parsed.problems {
                    self.estate.sensitive.extend(problem.dropped);
                    self.gap(Some(problem.place), GapKind::Unparsed, problem.reason);
                }
                let (path, root) = (path.clone(), parsed.root);
                self.responses.push(responses::Kept { path, root });
                true
            }
            Err(error) if of_layout => {
                keep(self);
                let span = Span {
                    start: error.at,
                    end: error.at,
                };
                let kind = if error.bounds {
                    GapKind::Bounds
                } else {
                    GapKind::Unparsed
                };
                let reason = format!("no answer of the AWS CLI: {}: collect it again", error.what);
                self.gap(Some(Place { file, span }), kind, reason);
                true
            }
            Ok(_) | Err(_) => false,
        }
    }
}
