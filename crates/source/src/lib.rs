//! Offline readers: files to an estate.
