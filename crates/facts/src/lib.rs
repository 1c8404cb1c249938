//! Facts about AWS with source, date and hash.
