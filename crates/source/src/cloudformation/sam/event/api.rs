//! stub
use super::super::Sam;
use super::super::source::Event;
use super::{Host, Needs};

pub(super) fn rest(_sam: &mut Sam<'_>, _host: &Host<'_>, _event: Event<'_>) -> Needs {
    Needs::default()
}

pub(super) fn http(_sam: &mut Sam<'_>, _host: &Host<'_>, _event: Event<'_>) -> Needs {
    Needs::default()
}
