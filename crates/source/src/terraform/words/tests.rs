//! Bodies in, rows out.
