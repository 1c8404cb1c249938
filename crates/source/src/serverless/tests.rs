//! Services in, rows out.
