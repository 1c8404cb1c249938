//! Answers of AWS, as the AWS CLI prints them, to resources in CloudFormation's words.
//!
//! [`answer`] is a call with what came of it, wherever it was kept; the mapping knows no files. [`layout`] and
//! [`recognise`] say which call a file answers. [`table`] lists the operations that are read, each once; [`reading`]
//! makes resources of their answers, and [`coverage`] says what follows from what was asked.

mod answer;
mod coverage;
mod errors;
mod file;
mod identity;
mod layout;
mod operation;
mod reading;
mod recognise;
mod select;
mod sensitive;
mod table;
mod unasked;

#[cfg(test)]
mod tests;

pub(crate) use file::{Kept, MAX_RESPONSES, MAX_TOTAL, is_of_layout, is_read, is_response, looks_like_response};

/// How the units that answers make are called.
pub(crate) const FORMAT: &str = "responses";

use crate::resources::Resources;
use crate::rows::Rows;
use crate::site::Deployment;
use maremma_model::Estate;

/// Takes in the answers of a run, and promises every resource its row.
pub(crate) fn declare(kept: Vec<Kept>, deployment: &Deployment, rows: &mut Rows, estate: &mut Estate) -> Resources {
    let mut answers = Vec::new();
    for one in kept {
        estate.sensitive.extend(sensitive::places(&one.root));
        answers.extend(file::answer(one, deployment, estate));
    }
    reading::read(answers, rows, estate)
}
