//! Tests of unknown.
