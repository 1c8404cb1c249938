//! One instance of a resource: what the provider would be asked to make.

use maremma_model::{AnyId, Document, Existence, Place};
use std::sync::Arc;

/// An evaluated resource, whether it comes of a configuration, a plan or a state.
#[derive(Debug)]
pub(crate) struct Instance {
    /// The promised row.
    pub(crate) id: AnyId,
    /// `aws_lambda_function`.
    pub(crate) ty: Arc<str>,
    /// `module.api["x"].aws_lambda_function.orders[0]`.
    pub(crate) address: Arc<str>,
    pub(crate) at: Place,
    pub(crate) exists: Existence,
    /// Of its provider's configuration, where that is known.
    pub(crate) region: Option<Arc<str>>,
    /// Attributes by Terraform's names. Nested blocks are lists of maps, as in the JSON of a plan; what
    /// `jsonencode` encodes is the map that it encodes.
    pub(crate) body: Document,
}
