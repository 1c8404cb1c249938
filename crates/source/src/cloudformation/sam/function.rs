//! stub
use super::Sam;
use super::source::Source;

pub(super) fn expand(_sam: &mut Sam<'_>, _source: Source<'_>) {}
