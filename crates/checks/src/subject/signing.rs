//! Which functions a code-signing configuration is for.

use crate::context::Context;
use maremma_model::noun::CodeSigningConfig;
use maremma_model::{Function, Id};

/// The functions that name a configuration.
pub(crate) fn signed_by(context: &Context<'_>, id: Id<CodeSigningConfig>) -> Vec<Id<Function>> {
    let functions = context.estate.functions.iter();
    functions
        .filter(|(_, row)| row.code_signing_config.possible().any(|link| link.here() == Some(id)))
        .map(|(function, _)| function)
        .collect()
}
